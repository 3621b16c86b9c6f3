"""The weekly review: what waits for it, what it covers, and that it is written down."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import Q

from audit import reviewing, trail
from audit.actions import Action
from audit.models import AuditEvent, Review
from kernel.errors import DomainError
from tests.audit.making import SOMEBODY

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
"""A Wednesday."""
WEEK = timedelta(days=7)
THIS_WEEK, LAST_WEEK = date(2026, 3, 9), date(2026, 3, 2)


class Officer:
    pk = SOMEBODY


def happened(action=Action.UNSAFE_PRESSED, at=NOW, **about):
    return trail.record(action, by=None, at=at, **about)


def reviewed(week=THIS_WEEK, *, up_to=None, now=NOW, note=""):
    newest = AuditEvent.objects.first()
    return reviewing.review(
        week=week, up_to=newest.pk if up_to is None else up_to, note=note, by=Officer(), now=now
    )


def waiting(now=NOW):
    kinds = {"unsafe": Q(action=Action.UNSAFE_PRESSED), "alert": Q(action=Action.VAULT_ALERT, outcome="done")}
    actions = (Action.UNSAFE_PRESSED, Action.VAULT_ALERT)
    return [tuple(one) for one in reviewing.waiting(kinds, actions, now)]


def test_a_week_begins_on_monday_in_utc():
    assert reviewing.week_of(datetime(2026, 3, 8, 23, 59, tzinfo=UTC)) == LAST_WEEK
    assert reviewing.week_of(datetime(2026, 3, 9, 0, 0, tzinfo=UTC)) == THIS_WEEK


def test_a_look_of_which_one_is_too_many_waits_until_it_was_reviewed():
    happened()
    assert waiting() == [("unsafe", 1, THIS_WEEK)]
    reviewed()
    assert waiting() == []


def test_it_goes_on_waiting_after_a_day():
    happened()
    assert waiting(NOW + timedelta(days=20)) == [("unsafe", 1, THIS_WEEK)]


def test_what_happened_after_the_page_was_read_still_waits():
    seen = happened()
    happened()
    reviewed(up_to=seen.pk)
    assert waiting() == [("unsafe", 1, THIS_WEEK)]


def test_the_review_of_one_week_covers_no_other():
    happened(at=NOW - WEEK)
    reviewed(THIS_WEEK)
    assert waiting() == [("unsafe", 1, LAST_WEEK)]


def test_looks_are_counted_by_kind_with_the_week_of_the_oldest():
    happened(at=NOW - WEEK), happened(), happened(Action.VAULT_ALERT)
    assert sorted(waiting()) == [("alert", 1, THIS_WEEK), ("unsafe", 2, LAST_WEEK)]


def test_what_a_kind_does_not_mean_does_not_wait():
    happened(Action.VAULT_ALERT, outcome="refused")
    assert waiting() == []


def test_a_review_cannot_cover_events_that_are_still_to_come():
    happened()
    reviewed(up_to=2**62)
    happened()
    assert waiting() == [("unsafe", 1, THIS_WEEK)]


def test_a_week_waits_once_it_is_over_and_until_it_was_reviewed_after_its_end():
    happened(at=NOW - WEEK)
    assert reviewing.weeks_due(NOW) == (LAST_WEEK,)
    reviewed(LAST_WEEK, now=NOW)
    assert reviewing.weeks_due(NOW) == ()


def test_a_review_of_a_week_that_goes_on_does_not_settle_the_week():
    happened()
    reviewed(THIS_WEEK, now=NOW)
    assert reviewing.weeks_due(NOW + WEEK) == (THIS_WEEK,)


def test_weeks_before_the_trail_began_do_not_wait():
    assert reviewing.weeks_due(NOW) == ()
    happened()
    assert reviewing.weeks_due(NOW) == ()


def test_weeks_are_asked_for_eight_weeks_long():
    happened(at=NOW - 20 * WEEK)
    assert len(reviewing.weeks_due(NOW)) == 8
    assert reviewing.weeks_due(NOW)[0] == THIS_WEEK - 8 * WEEK


def test_a_review_is_in_the_trail_and_keeps_its_note_to_itself():
    happened()
    reviewed(note="asked both, all explained")
    event = AuditEvent.objects.first()
    assert (event.action, event.actor_id, event.detail) == (
        "audit.trail_reviewed",
        SOMEBODY,
        {"week": "2026-03-09"},
    )
    assert Review.objects.get().note == "asked both, all explained"


@pytest.mark.parametrize("week", [THIS_WEEK + WEEK, THIS_WEEK - 9 * WEEK, date(2026, 3, 10)])
def test_a_week_nobody_asks_for_cannot_be_reviewed(week):
    happened()
    with pytest.raises(DomainError) as refused:
        reviewed(week)
    assert refused.value.code == "no_such_week"


def test_a_note_with_a_number_is_refused():
    happened()
    with pytest.raises(DomainError) as refused:
        reviewed(note="call +44 7700 900123")
    assert refused.value.code == "number_in_note"
    assert not Review.objects.exists()


def test_what_waits_takes_two_queries_however_much_it_is(django_assert_num_queries):
    for n in range(50):
        happened(at=NOW - (50 - n) * timedelta(hours=12))
    with django_assert_num_queries(2):
        waiting()
    with django_assert_num_queries(2):
        reviewing.weeks_due(NOW)
