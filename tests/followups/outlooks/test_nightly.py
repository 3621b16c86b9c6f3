"""Learning while few are called: once a night, in slices, from where it stopped."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from audit.models import AuditEvent
from casework import erasing
from casework.receipts import Grade
from followups.contact_model.parameters import Parameters
from followups.models import ContactModel, FollowUp, Outlook
from followups.outlooks import nightly, stretches, writing
from followups.outlooks.foreseeing import choose_all
from followups.outlooks.making import parameters_of
from followups.ticking.tick import tick
from tests.followups.making import MORNING, OPENS, call, owed_to

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 4, 3, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def outlooks():
    return dict(Outlook.objects.values_list("follow_up", "model"))


def test_a_night_makes_one_model_and_everybodys_outlook_and_the_next_run_does_nothing(world):
    for _person in range(3):
        world.person()
    tick(OPENS)

    first = nightly.run(NIGHT)
    second = nightly.run(NIGHT + timedelta(minutes=5))

    assert first == {"models": 1, "outlooks": 3}
    assert second == {"models": 0, "outlooks": 0}
    assert set(outlooks().values()) == {1}
    event = AuditEvent.objects.get(action="followups.contact_model_made")
    assert event.detail == {"version": 1, "people": 0, "dials": 0}


def test_a_new_model_is_made_in_the_quiet_hours_of_the_next_night_only(world):
    nightly.run(NIGHT)

    by_day = nightly.run(NIGHT + timedelta(hours=20))
    at_night = nightly.run(NIGHT + timedelta(hours=24))

    assert (by_day["models"], at_night["models"]) == (0, 1)


def test_a_worker_that_was_away_at_night_makes_it_by_day(world):
    nightly.run(NIGHT)

    assert nightly.run(NIGHT + timedelta(hours=37))["models"] == 1


def test_a_run_killed_half_way_is_gone_on_with_from_its_cursor(world, monkeypatch):
    for _person in range(12):
        world.person()
    tick(OPENS)
    monkeypatch.setattr(nightly, "AT_ONCE", 3)
    slices = iter([None, None, RuntimeError("killed")])

    def until_killed(rows, **rest):
        if (fault := next(slices, None)) is not None:
            raise fault
        writing.write(rows, **rest)

    monkeypatch.setattr(nightly, "write", until_killed)
    with pytest.raises(RuntimeError):
        nightly.run(NIGHT)
    before, cursor = len(outlooks()), ContactModel.objects.get().done_up_to
    monkeypatch.setattr(nightly, "write", writing.write)

    gone_on = nightly.run(NIGHT + timedelta(minutes=5))

    assert 0 < before < 12
    assert stretches.FIRST < cursor < stretches.LAST
    assert gone_on == {"models": 0, "outlooks": 12 - before}
    assert len(outlooks()) == 12
    assert ContactModel.objects.get().finished_at is not None


def test_a_run_without_time_makes_the_model_and_leaves_the_rest_to_the_next(world):
    world.person()
    tick(OPENS)

    assert nightly.run(NIGHT, work_seconds=0) == {"models": 1, "outlooks": 0}
    assert nightly.run(NIGHT) == {"models": 0, "outlooks": 1}


def test_a_slice_that_another_worker_did_is_not_done_twice(world, monkeypatch):
    world.person()
    tick(OPENS)
    nightly.run(NIGHT, work_seconds=0)
    foresee = nightly.foresee

    def while_another_does_it(*asked):
        ContactModel.objects.update(done_up_to=UUID(int=5))
        return foresee(*asked)

    monkeypatch.setattr(nightly, "foresee", while_another_does_it)

    assert nightly.run(NIGHT)["outlooks"] == 0
    assert ContactModel.objects.get().done_up_to == UUID(int=5)


def test_switched_off_nothing_is_learned(world, settings):
    settings.CONTACT_MODEL = False

    assert nightly.run(NIGHT) == {}
    with pytest.raises(CommandError, match="switched off"):
        call_command("learn")


def test_the_next_model_starts_from_the_one_before_and_keeps_its_seed(world):
    world.person_ready_at(MORNING)
    choose_all(MORNING, processes=1)
    call(world.enumerator, "no_answer", MORNING)
    choose_all(MORNING + DAY, processes=1)

    second, first = ContactModel.objects.newest_first()

    assert second.seed == first.seed
    assert (second.people, second.dials) == (1, 1)
    assert second.parameters["level"] < first.parameters["level"]


def test_a_model_kept_by_another_version_of_the_program_is_read_as_far_as_it_goes():
    kept = {"level": -1.5, "by_segment": {}, "of_another_time": 3}

    parameters = parameters_of(ContactModel(version=1, parameters=kept))

    assert (parameters.level, parameters.dies) == (-1.5, Parameters().dies)


def test_a_small_segment_leaves_no_chances_of_its_own(world):
    world.person_ready_at(MORNING)
    call(world.enumerator, "no_answer", MORNING)

    choose_all(MORNING + DAY, processes=1)

    assert set(ContactModel.objects.get().parameters["by_segment"]) <= {""}


def test_follow_ups_that_are_over_lose_their_outlook(world):
    person = world.person()
    tick(OPENS)
    choose_all(OPENS, processes=1)
    FollowUp.objects.of(person).update(state="missed", ended="window_closed")

    choose_all(OPENS + DAY, processes=1)

    assert not Outlook.objects.exists()


def test_what_is_planned_for_later_has_none_yet(world):
    world.person()

    assert choose_all(OPENS - 3 * DAY, processes=1).people == 0
    assert choose_all(OPENS - DAY, processes=1).people == 1


def test_an_erased_persons_outlook_and_best_time_go(world):
    person = world.person()
    type(person).objects.filter(pk=person.pk).update(best_slot="evening_rest")
    tick(OPENS)
    choose_all(OPENS, processes=1)
    assert Outlook.objects.filter(follow_up=owed_to(person)).exists()

    erasing.erase(respondent=person, grade=Grade.ERASE_ALL, by=world.coordinator, now=OPENS + DAY)

    person.refresh_from_db()
    assert not Outlook.objects.exists()
    assert person.best_slot == ""


def test_the_command_says_what_it_did(world, capsys):
    import json

    world.person()
    tick(OPENS)

    call_command("learn", "--json", "--processes", "1")

    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"people", "seconds", "peak_bytes"}


def test_stretches_cover_all_ids_once():
    parts = list(stretches.stretches(stretches.FIRST, stretches.LAST, stretches.width_for(1, 7)))

    assert parts[0][0] == stretches.FIRST
    assert parts[-1][1] == stretches.LAST
    assert all(one[1].int + 1 == other[0].int for one, other in zip(parts, parts[1:], strict=False))
    assert [one.int for part in stretches.around(stretches.IDS - 2, 4) for one in part] == [
        stretches.IDS - 2, stretches.IDS - 1, 0, 1,
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_processes_write_the_same_as_one(world):
    for _person in range(6):
        world.person()
    tick(OPENS)
    choose_all(OPENS, processes=1)
    by_one = {one.pk: (bytes(one.chances), one.alive) for one in Outlook.objects.all()}
    Outlook.objects.all().delete()

    done = choose_all(OPENS, processes=2)

    assert done.people == 6
    by_two = {one.pk: (bytes(one.chances), one.alive) for one in Outlook.objects.all()}
    assert by_two == by_one
