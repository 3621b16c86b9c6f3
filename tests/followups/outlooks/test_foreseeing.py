"""Everybody's outlook, from the attempts there are."""

from datetime import timedelta

import pytest

from followups.contact_model.choosing import LEAST, LEAST_OF_MOVED, LEAST_OF_STATED
from followups.models import Attempt, ContactModel, Outlook, SlotChoice
from followups.outlooks.foreseeing import choose_all
from followups.outlooks.packing import unpacked
from followups.ticking.tick import tick
from tests.followups.making import MORNING, OPENS, call, owed_to
from tracker.models import Respondent

pytestmark = pytest.mark.django_db


def test_the_first_night_works_with_nobody_tried(world):
    person = world.person()
    tick(OPENS)

    done = choose_all(MORNING, processes=1)

    assert done.people == 1
    outlook = Outlook.objects.get(follow_up=owed_to(person))
    assert len(bytes(outlook.chances)) == 17
    assert outlook.alive > 200
    assert ContactModel.objects.get().version == 1


def test_what_a_dial_has_to_promise_is_less_of_who_moved_and_more_of_who_said_when(world):
    people = [world.person() for _each in range(3)]
    tick(OPENS)
    Respondent.objects.filter(pk=people[1].pk).update(best_slot="evening_work")
    Respondent.objects.filter(pk=people[2].pk).update(stage_since=OPENS + timedelta(hours=1))

    choose_all(MORNING, processes=1)

    rows = [Outlook.objects.get(follow_up=owed_to(one)) for one in people]
    assert [round(unpacked(row.chances).least, 3) for row in rows] == [
        LEAST, LEAST_OF_STATED, LEAST_OF_MOVED
    ]  # fmt: skip


def test_silence_makes_a_slot_less_likely(world):
    world.person_ready_at(MORNING)
    world.person_ready_at(MORNING)
    call(world.enumerator, "no_answer", MORNING)
    tried = Attempt.objects.get()

    choose_all(MORNING + timedelta(hours=1), processes=1)

    rows = {one.follow_up.respondent_id: one for one in Outlook.objects.select_related("follow_up")}
    mine = rows.pop(tried.respondent_id)
    [theirs] = rows.values()
    assert tried.slot == "morning_work"
    assert bytes(mine.chances)[0] < bytes(theirs.chances)[0]
    assert mine.alive < theirs.alive


def test_a_choice_is_logged_and_found_by_the_attempt(world):
    world.person()
    choose_all(OPENS - timedelta(hours=1), processes=1)
    tick(OPENS)

    choice = SlotChoice.objects.get()

    assert choice.model_id == 1
    assert choice.attempt_number == 1
    assert 0 < choice.chance < 1
