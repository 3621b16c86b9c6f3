"""What a look of the tick makes of what was learned: which outlook it goes by, and what it writes down."""

from datetime import timedelta
from itertools import count

import numpy as np
import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from casework.received import Way, Word, record_contact_received
from followups import explaining
from followups.calling.heard import Heard
from followups.contact_model.choosing import choose
from followups.models import Attempt, ContactModel, FollowUp, Outlook, SlotChoice
from followups.models.follow_ups import State
from followups.outlooks.at_a_look import KEY
from followups.outlooks.foreseeing import choose_all
from followups.scheduling.reasons import Reason
from followups.ticking.tick import tick
from tests.followups.making import MORNING, OPENS, call, make_ready, owed_to

pytestmark = pytest.mark.django_db
BEFORE, HOUR, DAY = OPENS - timedelta(hours=1), timedelta(hours=1), timedelta(days=1)


def foreseen(person, *, chances=bytes([50] * 8), alive=240, at=BEFORE):
    """An outlook as a night might have left it, so that a test says what is foreseen and not how it came about."""
    row = owed_to(person)
    Outlook.objects.filter(pk=row.pk).delete()
    return Outlook.objects.create(
        follow_up=row,
        model=ContactModel.objects.get(),
        chances=chances + bytes([10] * 8),
        alive=alive,
        made_at=at,
    )


def a_seed_without_chance(row):
    """One by which the first choice for this follow-up is the model's: of all seeds, one in twenty has it drawn."""
    key, flat = np.array([row.pk.int & KEY], np.uint64), np.full((1, 8), 0.5, np.float32)
    drawn = (choose(flat, flat, flat > 0, key, np.zeros(1, int), seed=seed).is_random[0] for seed in count(3))
    return 3 + next(place for place, is_random in enumerate(drawn) if not is_random)


def look_now(person, at):
    FollowUp.objects.of(person).update(look_at=at)
    tick(at)
    return owed_to(person)


def test_a_row_is_ready_in_the_slot_in_which_the_person_answers_most(world):
    person = world.person()
    choose_all(BEFORE, processes=1)
    seed = a_seed_without_chance(owed_to(person))
    ContactModel.objects.update(seed=seed)
    foreseen(person, chances=bytes([20, 20, 20, 230, 20, 20, 20, 20]))

    tick(OPENS)

    row, choice = owed_to(person), SlotChoice.objects.get()
    assert (row.state, row.ready_from.hour) == (State.READY, 16)
    assert (choice.slot, choice.is_random, choice.seed) == ("evening_work", False, seed)
    assert round(choice.chance, 2) == 0.9


def test_a_second_look_at_the_same_moment_chooses_the_same(world):
    person = world.person()
    choose_all(BEFORE, processes=1)
    tick(OPENS)
    before = (owed_to(person).ready_from, SlotChoice.objects.values("slot", "chance", "propensity").get())

    look_now(person, OPENS)

    assert (
        owed_to(person).ready_from,
        SlotChoice.objects.values("slot", "chance", "propensity").get(),
    ) == before


def test_with_the_model_switched_off_slots_go_in_turn_and_are_logged_as_such(world, settings):
    person = world.person()
    choose_all(BEFORE, processes=1)
    foreseen(person, chances=bytes([20, 20, 20, 230, 20, 20, 20, 20]))
    settings.CONTACT_MODEL = False

    tick(OPENS)

    choice = SlotChoice.objects.get()
    assert (choice.model, choice.chance, choice.propensity) == (None, None, 1)


def test_every_attempt_whose_span_came_from_a_choice_has_it_in_the_log(world):
    world.person(numbers=("+447700900111",))
    choose_all(BEFORE, processes=1)
    at = OPENS
    for _hour in range(24 * 20):
        tick(at)
        if FollowUp.objects.ready_at(at).exists():
            call(world.enumerator, "no_answer", at)
        at += HOUR

    attempts = Attempt.objects.order_by("number")

    assert len(attempts) >= 4
    logged = {one.attempt_number: one.slot for one in SlotChoice.objects.all()}
    assert [logged[one.number] for one in attempts] == [one.slot for one in attempts]


def test_after_a_call_the_outlook_is_made_afresh_and_not_written(world):
    person = world.person()
    choose_all(BEFORE, processes=1)
    foreseen(person, chances=bytes([20, 20, 20, 230, 20, 20, 20, 20]), at=MORNING)
    tick(OPENS)
    make_ready(person, MORNING + HOUR)
    call(world.enumerator, "no_answer", MORNING + HOUR)

    look_now(person, MORNING + 10 * HOUR)

    second = SlotChoice.objects.get(attempt_number=2)
    assert second.chance < 0.6
    assert Outlook.objects.get().made_at == MORNING


def test_a_promised_time_leaves_no_choice_behind(world):
    person = world.person()
    choose_all(BEFORE, processes=1)
    tick(OPENS)
    make_ready(person, MORNING)
    promise = {"call_back_at": MORNING + 2 * DAY}
    heard = Heard("callback_firm", call_back=a_call_back(promise["call_back_at"]))
    call(world.enumerator, heard, MORNING)
    SlotChoice.objects.create(
        follow_up=owed_to(person), attempt_number=2, slot="midday_rest", propensity=1, made_at=MORNING
    )

    look_now(person, MORNING + HOUR)

    assert not SlotChoice.objects.filter(attempt_number=2).exists()


def a_call_back(at):
    from followups.calling.heard import CallBack
    from followups.scheduling.situation import AppointmentKind

    return CallBack(AppointmentKind.FIRM, at, at + timedelta(minutes=15))


def test_a_round_that_is_not_worth_more_calls_rests_says_so_and_stays_owed(world):
    person = world.person()
    choose_all(BEFORE, processes=1)
    tick(OPENS)
    make_ready(person, MORNING)
    call(world.enumerator, "no_answer", MORNING)
    foreseen(person, chances=bytes([5] * 8), alive=250, at=MORNING + HOUR)

    row = look_now(person, MORNING + 10 * HOUR)

    assert (row.state, row.waiting_for) == (State.RESTING, Reason.RESTING_THIS_ROUND)
    assert row.look_at == MORNING + 10 * HOUR + DAY
    [told] = explaining.why_not(person, MORNING + 11 * HOUR)
    assert not told.is_callable
    assert any("hardly ever answer" in sentence for sentence in told.sentences)


def test_a_number_that_looks_dead_after_three_calls_on_two_days_is_handed_to_tracing(world):
    person = world.person()
    choose_all(BEFORE, processes=1)
    tick(OPENS)
    for at in (MORNING, MORNING + 4 * HOUR, MORNING + DAY):
        make_ready(person, at)
        call(world.enumerator, "no_answer", at)
    foreseen(person, alive=10, at=MORNING + DAY + HOUR)

    row = look_now(person, MORNING + 2 * DAY)

    assert row.tracing_since == MORNING + 2 * DAY
    assert row.tracing_why == "model"


def test_two_calls_are_too_few_to_trace(world):
    person = world.person()
    choose_all(BEFORE, processes=1)
    tick(OPENS)
    for at in (MORNING, MORNING + DAY):
        make_ready(person, at)
        call(world.enumerator, "no_answer", at)
    foreseen(person, alive=10, at=MORNING + DAY + HOUR)

    row = look_now(person, MORNING + 2 * DAY)

    assert (row.tracing_since, row.waiting_for) == (None, Reason.RESTING_THIS_ROUND)


def test_a_look_at_many_takes_the_same_statements_as_a_look_at_few(world):
    from followups import queueing

    for _person in range(3):
        world.person()
    tick(OPENS)
    choose_all(OPENS, processes=1)
    rows = list(FollowUp.objects.with_facts())
    queueing.look(rows[:1], now=OPENS)
    with CaptureQueriesContext(connections["default"]) as few:
        queueing.look(rows[:1], now=OPENS)

    with CaptureQueriesContext(connections["default"]) as many:
        queueing.look(rows, now=OPENS)

    selects = [[one for one in seen if one["sql"].startswith("SELECT")] for seen in (few, many)]
    assert len(selects[0]) == len(selects[1])


def test_who_contacts_us_while_their_round_rests_is_called_once_more(world):
    person = world.person()
    choose_all(BEFORE, processes=1)
    tick(OPENS)
    make_ready(person, MORNING)
    call(world.enumerator, "no_answer", MORNING)
    foreseen(person, chances=bytes([60] * 8), alive=5, at=MORNING + HOUR)
    assert look_now(person, MORNING + 10 * HOUR).waiting_for == Reason.RESTING_THIS_ROUND

    record_contact_received(
        respondent=person, word=Word(Way.MISSED_CALL), by=world.coordinator, now=MORNING + DAY
    )
    tick(MORNING + DAY)

    assert owed_to(person).state == State.READY
