"""Ticks that are killed, come twice or find the clock elsewhere, and plans that are made twice: nothing breaks."""

import contextlib
import itertools
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.actions import Action
from audit.models import AuditEvent
from casework import moving
from followups import planning
from followups.models import Claim, FollowUp
from followups.models.follow_ups import LIVE, State
from followups.ticking import mending, tasks
from followups.ticking.passes import PASSES
from followups.ticking.tick import IN_DOUBT, tick
from kernel import clock
from kernel.errors import DomainError
from tests.followups.histories import DAY, histories, live
from tests.followups.making import (
    ENROLLED,
    MORNING,
    OPENS,
    World,
    call,
    claim,
    dial,
    make_ready,
    owed_to,
    ring,
)
from tests.followups.standing import standing, standing_after, taken_back
from tracker.models import Enrolment
from tracker.stages import Stage

pytestmark = pytest.mark.django_db

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MONTH = timedelta(days=30)
few = settings(
    deadline=None,
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


# --- Planning twice ---------------------------------------------------------------------------------------------------

stages = st.sampled_from([Stage.IN_TRANSIT, Stage.STRANDED, Stage.SETTLED, Stage.DETAINED, Stage.UNKNOWN])


def move(person, stage, world, now):
    moving.move_stage(
        respondent=person,
        stage=stage,
        country="TN",
        zone="Africa/Tunis",
        at=now,
        by=world.coordinator,
        now=now,
    )


@few
@given(st.lists(st.tuples(stages, st.integers(0, 40 * 24)), max_size=4), st.integers(0, 90))
def test_planning_a_second_time_changes_nothing_whatever_happened_before(db, moves, days):
    world, now = World(), ENROLLED
    person = world.person(stage="arrived")
    for stage, hours in moves:
        now += hours * HOUR + HOUR
        move(person, stage, world, now)
        tick(now)
    now += days * DAY
    enrolment = Enrolment.objects.select_related("study", "respondent").get(respondent=person)
    planning.plan_next(enrolment=enrolment, now=now)
    before = standing()

    planning.plan_next(enrolment=enrolment, now=now)

    assert standing() == before


@few
@given(stages, st.integers(0, 60))
def test_planning_again_after_a_move_changes_nothing_the_second_time(db, stage, days):
    world, now = World(), ENROLLED + days * DAY
    person = world.person(stage="arrived")
    tick(now)
    move(person, stage, world, now)
    before = standing()

    planning.replan(respondent=person, now=now)

    assert standing() == before


# --- Twice, and killed ------------------------------------------------------------------------------------------------


@few
@given(histories)
def test_a_tick_that_runs_twice_at_one_moment_does_nothing_the_second_time(db, history):
    life = live(history)
    tick(life.now)
    before = standing()

    tick(life.now)

    assert standing() == before


class Killed(BaseException):
    """The process is gone: nothing after this statement is done, and nobody catches it."""


@contextlib.contextmanager
def killed_at(statement):
    """Let everything after so many statements to the database be as if the process had been killed."""
    seen = itertools.count()

    def counted(execute, sql, params, many, context):
        if next(seen) == statement:
            raise Killed
        return execute(sql, params, many, context)

    with connection.execute_wrapper(counted), contextlib.suppress(Killed):
        yield seen


def busy_moment(world):
    """A moment at which a window opens, one closes, a lease has run out, an order is old, and others are to look at."""
    closing = world.person()
    tick(OPENS)
    now = owed_to(closing).closes_at
    opening = world.person(now=now - 23 * DAY)
    called, ordered = (world.person(now=now - 30 * DAY) for _ in range(2))
    tick(now - 2 * DAY)
    at = now - 14 * HOUR
    for one in (called, ordered):
        make_ready(one, at)
    claim(world.enumerator, at)
    Claim.objects.update(expires_at=now - MINUTE)
    make_ready(ordered, now - MINUTE)
    FollowUp.objects.live().exclude(respondent=closing).update(look_at=now)
    assert owed_to(opening).state == State.PLANNED
    return now


def test_a_tick_killed_at_any_statement_is_made_good_by_the_next(world):
    now = busy_moment(world)
    unkilled = standing_after(lambda: tick(now))
    with killed_at(-1) as seen:
        standing_after(lambda: tick(now))
    statements = next(seen)

    def killed_and_again(place):
        def die():
            with killed_at(place):
                tick(now)

        return standing_after(die, lambda: tick(now))

    assert statements > 20
    for place in range(statements):
        assert killed_and_again(place) == unkilled, f"killed at statement {place} of {statements}"


def test_the_busy_moment_has_something_for_the_passes_to_do(world):
    now = busy_moment(world)

    moved = tick(now)

    assert {name for name in ("claims_released", "opened", "closed", "looked_at") if not moved[name]} == set()


# --- A clock that leaps -----------------------------------------------------------------------------------------------


def tick_at(moment):
    with time_machine.travel(moment, tick=False):
        assert clock.now() == moment
        return tasks.tick()


def ticks(start, end, every=HOUR):
    at = start
    while at <= end:
        tick_at(at)
        at += every


@pytest.fixture
def people(world):
    """One window open, one about to open, one about to close, on a clock that has gone well for a while."""
    made = [
        world.person(),
        world.person(stage="in_transit"),
        world.person(stage="stranded", now=ENROLLED - 20 * DAY),
    ]
    ticks(OPENS, MORNING)
    return made


OWED = ("enrolment_id", "round_number", "opens_at", "due_at", "closes_at", "issued_at", "ended", "closed_at")


def owed():
    """What every follow-up owes, apart from which hour the tick found for it last."""
    return sorted(
        (*(str(row[name]) for name in OWED), "live" if row["state"] in LIVE else row["state"])
        for row in FollowUp.objects.values("state", *OWED)
    )


def owed_after(*verbs):
    found = []
    standing_after(*verbs, lambda: found.extend(owed()))
    return found


def after_a_leap(leap, lasting):
    """What is owed when a clock was wrong for a while, and what would be owed without."""
    right_again = MORNING + lasting, MORNING + lasting + 2 * HOUR
    unharmed = owed_after(lambda: ticks(MORNING, right_again[1]))
    ticks(MORNING + leap, MORNING + leap + lasting)
    ticks(*right_again)
    return owed(), unharmed


@pytest.mark.parametrize("leap", [DAY, MONTH, 200 * DAY, -DAY, -MONTH])
@pytest.mark.parametrize("lasting", [MINUTE, 3 * HOUR])
def test_a_clock_that_was_wrong_for_some_hours_leaves_nothing_behind(people, leap, lasting):
    found, unharmed = after_a_leap(leap, lasting)

    assert found == unharmed
    assert not FollowUp.objects.live().filter(look_at__gt=MORNING + 10 * DAY).exists()


@pytest.mark.parametrize("leap", [DAY, MONTH])
def test_windows_that_a_wrong_clock_opened_and_closed_for_days_are_as_they_were(people, leap):
    """Long enough for the doubt to be over: then the wrong clock is believed, and mended when it comes back."""
    found, unharmed = after_a_leap(leap, 30 * HOUR)

    assert found == unharmed


def test_what_a_clock_months_ahead_closed_is_told_open_again_and_the_trail_says_so(people):
    ticks(MORNING + 60 * DAY, MORNING + 63 * DAY, every=6 * HOUR - MINUTE)
    assert FollowUp.objects.filter(state=State.MISSED).count() >= 3

    tick_at(MORNING + HOUR)

    assert not FollowUp.objects.filter(state=State.MISSED).exists()
    mended = AuditEvent.objects.get(action=Action.TICKED, reason="clock_came_back")
    assert mended.detail["windows_closed_early"] >= 3


def test_a_leap_of_a_month_is_told_once_and_one_over_night_is_not(people):
    def told():
        return AuditEvent.objects.filter(
            action=Action.TICKED, outcome="refused", reason="clock_leapt"
        ).count()

    ticks(MORNING + 14 * HOUR, MORNING + 16 * HOUR)
    assert told() == 0
    ticks(MORNING + MONTH, MORNING + MONTH + 2 * HOUR)
    assert told() == 1


def test_after_a_long_time_away_windows_close_a_day_later_and_nothing_else_waits(people):
    back = MORNING + MONTH
    tick_at(back)
    waiting = FollowUp.objects.live().filter(closes_at__lte=back).count()
    assert waiting

    ticks(back, back + DAY - MINUTE)
    assert FollowUp.objects.live().filter(closes_at__lte=back).count() == waiting
    tick_at(back + DAY)

    assert not FollowUp.objects.live().filter(closes_at__lte=back).exists()


def test_a_server_that_is_switched_off_at_night_opens_and_closes_windows_every_morning(people):
    for day in range(1, 40):
        morning = MORNING + day * DAY
        ticks(morning, morning + 8 * HOUR)
        late = FollowUp.objects.filter(state=State.PLANNED, opens_at__lte=morning)
        assert not late.exists()
        assert not FollowUp.objects.live().filter(closes_at__lte=morning).exists()


def test_whatever_is_doubted_some_passes_always_run():
    assert {name for name, _run in PASSES} >= IN_DOUBT


def test_a_lease_given_while_the_clock_was_ahead_holds_nobody_for_longer_than_usual(world):
    person = world.person_ready_at(MORNING)
    tick_at(MORNING)
    ahead = MORNING + 10 * DAY
    tick_at(ahead)
    make_ready(person, ahead)
    claimed = claim(world.enumerator, ahead)
    ring(dial(claimed, ahead).dial, ahead)

    tick_at(MORNING + HOUR)
    claimed.refresh_from_db()
    assert claimed.expires_at == MORNING + HOUR + mending.LEASE
    tick_at(MORNING + 2 * HOUR)

    claimed.refresh_from_db()
    assert claimed.ended == "expired"


def test_a_call_made_while_the_clock_was_ahead_counts_once_it_has_come_back(world):
    person = world.person_ready_at(MORNING)
    tick_at(MORNING)
    ahead = MORNING + DAY
    tick_at(ahead)
    make_ready(person, ahead)
    call(world.enumerator, "no_answer", ahead)

    tick_at(MORNING + HOUR)
    make_ready(person, MORNING + HOUR)

    assert claim(world.enumerator, MORNING + HOUR) is None
    row = owed_to(person)
    assert row.waiting_for == "spacing"
    tick_at(MORNING + 5 * HOUR)
    assert owed_to(person).waiting_for != "spacing"


# Leaps of up to a month either way, each for some hours, then the right time again.
leapings = st.lists(
    st.tuples(
        st.sampled_from([-MONTH, -DAY, -2 * HOUR, DAY, 5 * DAY, MONTH]), st.integers(1, 14), st.booleans()
    ),
    min_size=1,
    max_size=3,
)


@settings(few, max_examples=6)
@given(leapings)
def test_whatever_the_clock_did_afterwards_nobody_is_lost_held_or_called_at_the_wrong_hour(db, leapings):
    with taken_back():
        world = World()
        person = world.person()
        world.person(stage="stranded")
        ticks(OPENS, MORNING)

        now = after_leaps(world, person, leapings)
        calls = called_for_days(world, now)

        assert all(8 <= (at + HOUR).hour < 20 for at in calls)
        assert_nobody_is_lost(now + 3 * DAY)


def after_leaps(world, person, leapings):
    """Live through them, each followed by an hour of the right time; when that is over."""
    now = MORNING
    for leap, hours, calls in leapings:
        for _hour in range(hours):
            now += HOUR
            tick_at(now + leap)
            if calls:
                force_a_call(world, person, now + leap)
        now += HOUR
        tick_at(now)
    return now


def force_a_call(world, person, at):
    """Put them into the queue whatever the tick found: only the rules asked at the moment stand in the way."""
    live = FollowUp.objects.filter(respondent=person, state__in=LIVE)
    live.update(state=State.READY, ready_from=at, ready_until=at + HOUR)
    with contextlib.suppress(DomainError):
        claimed = claim(world.enumerator, at)
        ordered = dial(claimed, at) if claimed else None
        if ordered and ordered.dial:
            ring(ordered.dial, at)


def called_for_days(world, now):
    """Take whatever the queue offers, every other hour for three days; when each call was made."""
    made = []
    for hour in range(0, 3 * 24, 2):
        at = now + hour * HOUR
        tick_at(at)
        claimed = claim(world.enumerator, at)
        # What a wrong clock stamped is a limit to the database all the same, at the hour of the stamp.
        with contextlib.suppress(DomainError):
            ordered = dial(claimed, at) if claimed else None
            if ordered and ordered.dial:
                ring(ordered.dial, at)
                made.append(at)
    return made


def assert_nobody_is_lost(now):
    """Each has one interview owed; whatever is live is looked at before long; no lease lasts."""
    for enrolment in Enrolment.objects.all():
        owed = FollowUp.objects.filter(enrolment=enrolment).unfinished().get()
        assert owed.state == State.PLANNED or owed.look_at <= now + 8 * DAY
        assert owed.opens_at <= now + 90 * DAY
    assert not Claim.objects.filter(ended_at=None, expires_at__gt=now + 12 * HOUR).exists()
    assert not FollowUp.objects.filter(state=State.MISSED, ended="").exists()
