"""The background pass: what time alone moves, once, whatever interrupts it."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followups.models import Appointment, Claim, Dial, FollowUp, WaitingCount
from followups.models.claims import ClaimEnd
from followups.models.follow_ups import Ended, State
from followups.models.restraints import AppointmentState
from followups.ticking import batches, passes
from followups.ticking.tick import tick
from tests.followups.making import ENROLLED, MORNING, OPENS, call, claim, dial, make_ready, owed_to, ring

pytestmark = pytest.mark.django_db

MOVES = (
    "claims_released",
    "orders_cancelled",
    "opened",
    "closed",
    "planned",
    "looked_at",
    "requests_expired",
)


def moved(counts):
    return {name: counts[name] for name in MOVES if counts[name]}


def test_a_window_opens_at_its_moment_and_not_before(world):
    person = world.person()

    tick(OPENS - timedelta(seconds=1))
    assert owed_to(person).state == State.PLANNED
    tick(OPENS)

    row = owed_to(person)
    assert row.state in (State.READY, State.RESTING)
    assert row.issued_at == OPENS


def test_the_moment_of_issue_never_changes(world):
    person = world.person()
    tick(OPENS)

    tick(OPENS + timedelta(days=2))

    assert owed_to(person).issued_at == OPENS


def test_a_second_run_at_the_same_moment_moves_nothing(world):
    world.person()
    world.person(stage="in_transit")
    for at in (ENROLLED, OPENS, MORNING, MORNING + timedelta(days=60)):
        tick(at)

        assert moved(tick(at)) == {}


def test_a_row_is_ready_only_in_hours_that_are_safe_for_the_person(world):
    person = world.person(safe=safe_from_two_to_four())
    tick(OPENS)

    row = owed_to(person)

    assert row.state == State.READY
    assert 13 <= row.ready_from.hour < 15
    assert row.ready_until.hour <= 15


def safe_from_two_to_four():
    from datetime import time

    from tracker.keeping import SafeContact

    return SafeContact(safe_from=time(14), safe_until=time(16))


def test_a_lease_that_ran_out_is_ended(world):
    world.person_ready_at(MORNING)
    claimed = claim(world.enumerator, MORNING)

    tick(MORNING + timedelta(minutes=31))

    claimed.refresh_from_db()
    assert claimed.ended == ClaimEnd.EXPIRED


def test_a_window_is_not_closed_over_a_live_call(world):
    person = world.person_ready_at(MORNING)
    closes_at = owed_to(person).closes_at
    at = closes_at - timedelta(hours=6)
    make_ready(person, at)
    claimed = claim(world.enumerator, at)
    ring(dial(claimed, at).dial, at)
    Claim.objects.update(expires_at=closes_at + timedelta(minutes=20))

    tick(closes_at + timedelta(minutes=1))
    assert owed_to(person).round_number == 1
    tick(closes_at + timedelta(minutes=21))

    assert FollowUp.objects.get(round_number=1).state == State.MISSED


@pytest.mark.parametrize(
    ("outcome", "state", "ended"),
    [
        ("no_answer", State.MISSED, Ended.WINDOW_CLOSED),
        ("soft_refusal", State.MISSED, Ended.REFUSED),
    ],
)
def test_what_closes_says_why(world, outcome, state, ended):
    person = world.person_ready_at(MORNING)
    call(world.enumerator, outcome, MORNING)

    tick(owed_to(person).closes_at)

    row = FollowUp.objects.get(round_number=1)
    assert (row.state, row.ended) == (state, ended)


def test_most_of_an_interview_counts_as_done_when_the_window_closes(world):
    from followups.calling.heard import Heard

    person = world.person_ready_at(MORNING)
    call(world.enumerator, Heard("partial", interview=True), MORNING)

    tick(owed_to(person).closes_at)

    row = FollowUp.objects.get(round_number=1)
    assert (row.state, row.letter, row.ended) == (State.DONE, "P", "")


def test_a_promise_that_nobody_kept_is_missed_with_its_window(world):
    person = world.person_ready_at(MORNING)
    row = owed_to(person)
    Appointment.objects.create(
        follow_up=row, respondent=person, kind="firm", starts_at=MORNING, made_at=MORNING,
        until=MORNING + timedelta(minutes=15),
    )  # fmt: skip

    tick(row.closes_at)

    assert Appointment.objects.get().state == AppointmentState.MISSED


def test_an_order_nobody_placed_in_time_is_cancelled(world):
    world.person_ready_at(MORNING)
    dial(claim(world.enumerator, MORNING), MORNING)

    tick(MORNING + timedelta(seconds=31))

    dialled = Dial.objects.get()
    assert (dialled.state, dialled.counts_as_burden) == ("cancelled", False)


def test_what_is_waited_for_is_counted_by_team_and_language(world):
    for _person in range(2):
        world.person().contact_points.update(is_barred=True)
    tick(OPENS)

    [count] = WaitingCount.objects.all()
    assert (count.team, count.language, count.reason, count.how_many) == (
        world.team,
        "en",
        "no_dialable_number",
        2,
    )


def test_killed_between_two_batches_it_goes_on_where_it_stopped(world, monkeypatch):
    for _person in range(5):
        world.person()
    monkeypatch.setattr(batches, "BATCH", 2)
    times = iter([True, False])

    passes.open_windows(OPENS, lambda: next(times))
    assert FollowUp.objects.live().count() == 2
    tick(OPENS)

    assert FollowUp.objects.live().count() == 5


def test_killed_in_the_middle_of_a_batch_nothing_of_it_is_half_done(world):
    class Killed(BaseException):
        pass

    rows = [owed_to(world.person()) for _person in range(3)]

    def die_halfway(taken):
        FollowUp.objects.filter(pk=taken[0].pk).update(state=State.OPEN)
        raise Killed

    with pytest.raises(Killed):
        batches.in_batches(passes.TO_OPEN, OPENS, lambda: True, die_halfway)

    assert {FollowUp.objects.get(pk=row.pk).state for row in rows} == {State.PLANNED}
    assert tick(OPENS)["opened"] == 3


def test_one_bad_row_is_logged_and_does_not_stop_the_others(world, caplog):
    rows = [owed_to(world.person()) for _person in range(3)]
    bad = rows[1].pk

    def work(taken):
        if any(row.pk == bad for row in taken):
            raise ValueError("a fault in one row")
        FollowUp.objects.filter(pk__in=[row.pk for row in taken]).update(state=State.OPEN)

    done = batches.in_batches(passes.TO_OPEN, OPENS, lambda: True, work)

    assert done == 2
    assert FollowUp.objects.get(pk=bad).state == State.PLANNED
    assert str(bad) in caplog.text


def test_a_tick_without_time_left_does_nothing_and_loses_nothing(world):
    person = world.person()

    tick(OPENS, work_seconds=0)
    assert owed_to(person).state == State.PLANNED
    tick(OPENS)

    assert owed_to(person).issued_at == OPENS


def test_a_look_takes_the_same_number_of_queries_for_many_as_for_one(world):
    def queries_of_a_look():
        FollowUp.objects.live().update(look_at=MORNING)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            passes.look(MORNING, lambda: True)
        return len(seen)

    world.person_ready_at(MORNING)
    one = queries_of_a_look()
    for _person in range(6):
        world.person_ready_at(MORNING)
    caller = world.caller()
    ring(dial(claim(world.enumerator, MORNING), MORNING).dial, MORNING)
    ring(dial(claim(caller, MORNING), MORNING).dial, MORNING)
    queries_of_a_look()

    # One more for the sittings in progress, and one because some became ready and some rest.
    assert queries_of_a_look() <= one + 2


def test_the_command_takes_a_moment_with_a_zone(world, capsys):
    world.person()

    call_command("tick", at=OPENS)

    assert "opened=1" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["tomorrow", "2026-04-01T23:00:00"])
def test_the_command_refuses_what_is_no_moment(text):
    from django.core.management.base import CommandError

    with pytest.raises(CommandError) as refusal:
        call_command("tick", "--at", text)

    assert "is not a moment with a zone" in str(refusal.value)
