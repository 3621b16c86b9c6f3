"""Promises 1, 3 and 5 over generated histories, against the use cases and judged by an observer of its own."""

import pytest
from hypothesis import HealthCheck, given, settings

from audit.actions import Action
from audit.models import AuditEvent
from consent.purposes import Purpose
from tests.followups import histories as seen
from tests.followups.histories import DAY, WEEK, live

pytestmark = pytest.mark.django_db

generated = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@generated
@given(seen.histories)
def test_nobody_is_claimed_dialled_or_shown_without_consent_whatever_arrives_in_whatever_order(db, history):
    life = live(history)

    for dialled in seen.dials_of(life):
        person = dialled.attempt.respondent_id
        assert seen.permits(life, person, Purpose.RECONTACT, dialled.ordered_at)
        assert seen.permits(life, person, Purpose.KEEP_NUMBER, dialled.ordered_at)
    for look in AuditEvent.objects.filter(
        action=Action.NUMBER_REVEALED, audit_ref__in=[one.audit_ref for one in life.people]
    ):
        [person] = [one for one in life.people if one.audit_ref == look.audit_ref]
        assert seen.permits(life, person.pk, Purpose.RECONTACT, look.at)


@generated
@given(seen.histories)
def test_no_two_claims_on_a_person_or_by_a_caller_are_ever_live_at_once(db, history):
    life = live(history)

    assert not seen.claims_overlap(life)


@generated
@given(seen.histories)
def test_nobody_is_ever_dialled_out_of_safe_hours_too_often_on_a_barred_number_or_under_a_hold(db, history):
    life = live(history)

    for dialled in seen.dials_of(life):
        assert 8 <= seen.local_hour(life, dialled) < 20
        assert not seen.in_unsafe_hours(life, dialled)
        assert not any(at < dialled.ordered_at for at in life.barred_at)
        assert not seen.was_held(dialled)
    for person in life.people:
        sittings = seen.sittings_of(life, person)
        assert seen.most_within(sittings, DAY) <= 2
        assert seen.most_within(sittings, WEEK) <= 5
    assert seen.most_within(seen.rings_of(life), DAY) <= 2
