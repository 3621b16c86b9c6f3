"""The observer of the promises sees a broken rule: each rule taken away, a fixed history, and the fault it leads to."""

import pytest

from audit.actions import Action
from audit.models import AuditEvent
from followups.scheduling.reasons import Reason
from tests.followups import histories as seen
from tests.followups.broken_rules import HOLD_BOTH, RULES_OF_REST, TRY, TUNIS, WITHDRAW_BOTH, take_away
from tests.followups.histories import DAY, live

pytestmark = pytest.mark.django_db


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
def test_the_observer_sees_the_rule_that_is_missing(monkeypatch, reasons, events, fault):
    assert not fault(lived(*events))

    take_away(monkeypatch, *reasons)

    assert fault(lived(*events))


def test_without_the_rules_of_rest_the_database_still_lets_nobody_be_tried_too_often(monkeypatch):
    take_away(monkeypatch, *RULES_OF_REST, guards_stay=True)

    assert not was_tried_too_often(lived(*(TRY,) * 6))


def test_without_the_rules_of_consent_the_permit_still_opens_nothing(monkeypatch):
    take_away(monkeypatch, Reason.RECONTACT_NOT_PERMITTED, Reason.KEEP_NUMBER_NOT_PERMITTED, Reason.WITHDRAWN)

    life = lived(*WITHDRAW_BOTH, TRY, TRY)

    opened = AuditEvent.objects.filter(action=Action.IDENTITY_OPENED, outcome="done")
    assert not opened.filter(audit_ref__in=[one.audit_ref for one in life.people]).exists()
