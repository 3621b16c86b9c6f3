"""The observer of the promises sees a broken rule: each rule taken away, a fixed history, and the fault it leads to."""

import pytest

from audit.actions import Action
from audit.models import AuditEvent
from consent.folding import Decision
from consent.purposes import Purpose
from followups.scheduling import hard_filters, number_rules
from followups.scheduling.reasons import Reason
from tests.followups import histories as seen
from tests.followups.histories import DAY, live

pytestmark = pytest.mark.django_db

TUNIS = ("TN", "Africa/Tunis")
TRY = ("call", 0, "no_answer")
HOLD_BOTH = (("hold", 0, None), ("hold", 1, None))
WITHDRAW_BOTH = tuple(("say", one, Purpose.RECONTACT, Decision.WITHDRAWN, 0) for one in (0, 1))
RULES_OF_REST = {Reason.DAY_CAP, Reason.WEEK_CAP, Reason.SPACING, Reason.RESTING, Reason.NUMBER_BURDEN}


@pytest.fixture
def without(monkeypatch):
    def take_away(reasons):
        left = tuple(rule for rule in hard_filters.RULES if rule.reason not in reasons)
        assert len(left) == len(hard_filters.RULES) - len(reasons)
        monkeypatch.setattr(hard_filters, "RULES", left)
        # The choice of the number asks again whether it is tired and the hour safe: a second wall, taken away too.
        if Reason.NUMBER_BURDEN in reasons:
            monkeypatch.setattr(number_rules, "_tired", lambda number, situation: ())
        if Reason.OUTSIDE_SAFE_TIMES in reasons:
            monkeypatch.setattr(number_rules, "is_safe_at", lambda *of: True)

    return take_away


def lived(*events):
    return live((TUNIS, TUNIS, "arrived", list(events)))


def was_called_while_held(life):
    return any(seen.was_held(dialled) for dialled in seen.dials_of(life))


def was_called_at_night(life):
    return any(not 8 <= seen.local_hour(life, dialled) < 20 for dialled in seen.dials_of(life))


def was_tried_too_often(life):
    return any(seen.most_within(seen.sittings_of(life, person), DAY) > 2 for person in life.people)


def rang_too_often(life):
    return seen.most_within(seen.rings_of(life), DAY) > 2


@pytest.mark.parametrize(
    ("reasons", "events", "fault"),
    [
        ({Reason.ON_HOLD}, (*HOLD_BOTH, TRY), was_called_while_held),
        ({Reason.OUTSIDE_SAFE_TIMES}, (("wait", 14 * 60), TRY), was_called_at_night),
        (RULES_OF_REST, (TRY,) * 6, was_tried_too_often),
        ({Reason.NUMBER_BURDEN}, (TRY, TRY, ("wait", 240), TRY), rang_too_often),
    ],
)
def test_the_observer_sees_the_rule_that_is_missing(without, reasons, events, fault):
    assert not fault(lived(*events))

    without(reasons)

    assert fault(lived(*events))


def test_without_the_rules_of_consent_the_permit_still_opens_nothing(without):
    without({Reason.RECONTACT_NOT_PERMITTED, Reason.KEEP_NUMBER_NOT_PERMITTED, Reason.WITHDRAWN})

    life = lived(*WITHDRAW_BOTH, TRY, TRY)

    opened = AuditEvent.objects.filter(action=Action.IDENTITY_OPENED, outcome="done")
    assert not opened.filter(audit_ref__in=[one.audit_ref for one in life.people]).exists()
