"""Promise 3 under real concurrency: threads with their own connections, on files and on PostgreSQL."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections, transaction

from casework.receipts import Grade
from casework.withdrawing import withdraw
from consent.models import Mode
from followups import locking
from followups.calling.heard import Heard
from followups.models import Attempt, BarredEnumerator, Claim, Dial, FollowUp, WaitingCount
from followups.models.follow_ups import State
from followups.ticking.tick import tick
from followups.ticking.waiting_counts import count_waiting
from kernel.errors import DomainError
from tests.factories import make_study
from tests.followups.making import MORNING, OPENS, World, claim, dial, enrol_again, make_ready, tell

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 4
LIMIT_SECONDS = 60


def race(*verbs):
    """Run each verb in a thread of its own, all let go at once; what each returned or refused with."""
    start = threading.Barrier(len(verbs), timeout=LIMIT_SECONDS)

    def run(verb):
        try:
            start.wait()
            return verb()
        except DomainError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return [done.result(timeout=LIMIT_SECONDS) for done in [pool.submit(run, verb) for verb in verbs]]


def live_claims():
    return list(Claim.objects.filter(ended_at=None))


@pytest.fixture
def world(transactional_db):
    return World()


@pytest.fixture
def callers(world):
    return [world.caller() for _caller in range(RACERS)]


def test_many_enumerators_racing_for_one_person_make_one_claim(world, callers):
    world.person_ready_at(MORNING)

    claims = race(*[lambda user=user: claim(user, MORNING) for user in callers])

    assert sum(one is not None for one in claims) == 1
    assert len(live_claims()) == 1


def test_one_enumerator_who_presses_many_times_has_one_claim_and_pushes_nobody_away(world):
    for _person in range(RACERS):
        world.person_ready_at(MORNING)

    claims = race(*[lambda: claim(world.enumerator, MORNING) for _press in range(RACERS)])

    assert len(set(claims)) == 1
    assert len(live_claims()) == 1
    assert FollowUp.objects.filter(state=State.READY).count() == RACERS


def test_one_person_in_two_studies_has_one_claim(world, callers):
    other = make_study(team=world.team, by=world.coordinator)
    person = world.person()
    enrol_again(person, other)
    tick(OPENS)
    make_ready(person, MORNING)

    claims = race(*[lambda user=user: claim(user, MORNING) for user in callers])

    assert FollowUp.objects.of(person).count() == 2
    assert sum(one is not None for one in claims) == 1
    assert len(live_claims()) == 1


def test_as_many_people_as_enumerators_are_shared_out_with_no_two_on_one(world, callers):
    for _person in range(RACERS * 2):
        world.person_ready_at(MORNING)

    claims = race(*[lambda user=user: claim(user, MORNING) for user in callers])

    assert len({one.respondent_id for one in claims}) == RACERS


def test_a_lease_that_ran_out_is_taken_over_by_one(world, callers):
    world.person_ready_at(MORNING)
    claim(world.enumerator, MORNING)
    later = MORNING + timedelta(minutes=31)

    claims = race(*[lambda user=user: claim(user, later) for user in callers])

    assert sum(one is not None for one in claims) == 1
    assert len(live_claims()) == 1


def test_pressing_call_many_times_orders_one_dial(world):
    world.person_ready_at(MORNING, numbers=("+447700900111", "+447700900222"))
    claimed = claim(world.enumerator, MORNING)

    race(*[lambda: dial(claimed, MORNING) for _press in range(RACERS)])

    assert Dial.objects.count() == 1


def test_an_outcome_sent_many_times_at_once_is_taken_once(world):
    person = world.person_ready_at(MORNING)
    attempt = dial(claim(world.enumerator, MORNING), MORNING).dial.attempt
    soon = MORNING + timedelta(minutes=5)

    taken = race(
        *[lambda: tell(attempt, Heard("completed", interview=True), soon) for _press in range(RACERS)]
    )

    assert sorted(one.was_known for one in taken) == [False] + [True] * (RACERS - 1)
    assert FollowUp.objects.of(person).count() == 2


def test_a_withdrawal_and_a_dial_at_once_end_with_nothing_callable_and_no_deadlock(world):
    for _round in range(5):
        person = world.person_ready_at(MORNING)
        claimed = claim(world.enumerator, MORNING)

        def stop(person=person):
            return withdraw(
                respondent=person, grade=Grade.STOP, mode=Mode.PHONE, by=world.coordinator, now=MORNING
            )

        outcomes = race(stop, lambda claimed=claimed: dial(claimed, MORNING), lambda: tick(MORNING))

        assert not isinstance(outcomes[0], DomainError)
        assert not FollowUp.objects.of(person).unfinished().exists()
        assert live_claims() == []


def test_an_outcome_a_withdrawal_a_tick_and_a_colleague_at_once_lose_nothing_and_never_deadlock(world):
    colleague = world.caller()
    for _round in range(5):
        person = world.person_ready_at(MORNING)
        attempt = dial(claim(world.enumerator, MORNING), MORNING).dial.attempt
        soon = MORNING + timedelta(minutes=1)

        race(
            lambda attempt=attempt, soon=soon: tell(attempt, "no_answer", soon),
            lambda person=person: withdraw(
                respondent=person, grade=Grade.STOP, mode=Mode.PHONE, by=world.coordinator, now=MORNING
            ),
            lambda soon=soon: tick(soon),
            lambda soon=soon: claim(colleague, soon),
        )

        attempt.refresh_from_db()
        assert attempt.disposition == "no_answer"
        assert not FollowUp.objects.of(person).unfinished().exists()
        assert not Claim.objects.filter(respondent=person, ended_at=None).exists()
    assert Attempt.objects.count() == 5


@pytest.mark.postgres
def test_on_postgres_enumerators_do_not_wait_for_each_other_and_two_ticks_share_the_work(world, callers):
    people = [world.person() for _person in range(8)]

    counts = race(lambda: tick(OPENS), lambda: tick(OPENS))

    assert sum(one["opened"] for one in counts) == len(people)
    for person in people:
        make_ready(person, MORNING)
    claims = race(*[lambda user=user: claim(user, MORNING) for user in callers])
    assert len({one.respondent_id for one in claims}) == RACERS


def test_callers_who_each_take_what_the_other_left_do_not_wait_for_one_another(world, callers):
    people, pair = [world.person_ready_at(MORNING) for _two in range(2)], callers[:2]

    for turn in range(8):
        now = MORNING + turn * timedelta(minutes=31)
        make_ready(people[0], MORNING)
        make_ready(people[1], MORNING)
        BarredEnumerator.objects.all().delete()
        for place, user in enumerate(pair):
            BarredEnumerator.objects.create(respondent=people[(turn + place) % 2], enumerator=user, at=now)

        claims = race(*[lambda user=user, at=now: claim(user, at) for user in pair])

        assert [one.respondent for one in claims] == [people[(turn + 1) % 2], people[turn % 2]]


def test_two_ticks_that_count_who_waits_at_the_same_moment_leave_one_count(world):
    world.person(by=world.enumerator)
    tick(OPENS)
    later = OPENS + timedelta(minutes=1)

    for waiting_for in ("on_hold", "no_number", "vault_locked"):
        FollowUp.objects.update(waiting_for=waiting_for)
        race(*[lambda: count_waiting(later, lambda: True)] * RACERS)

        assert list(WaitingCount.objects.values_list("reason", "how_many")) == [(waiting_for, 1)]


@pytest.mark.either
def test_on_sqlite_threads_of_a_process_wait_for_one_another_and_nobody_for_themselves():
    inside, order = threading.Event(), []

    def first():
        with locking.one_of_this_process(), transaction.atomic(), locking.one_of_this_process():
            inside.set()
            order.append("first begins")
            threading.Event().wait(0.2)
            order.append("first ends")

    def second():
        inside.wait(LIMIT_SECONDS)
        with locking.one_of_this_process():
            order.append("second")

    race(first, second)

    assert order == ["first begins", "first ends", "second"]
