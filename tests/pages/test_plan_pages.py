"""The pages on which a plan is looked at before it is saved and moved to, and those of the calendars of countries."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from casework.moving import move_stage
from followups.models import CalendarEntry, Plan, Replanning
from followups.plan_forms import PlanForm
from followups.plans import rules_of
from followups.ticking.tick import tick
from tests.followups.making import ENROLLED, MORNING, World, claim, owed_to
from tests.signing_in import signed_in
from tracker.stages import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]


@pytest.fixture
def _now():
    with time_machine.travel(ENROLLED + timedelta(hours=2), tick=False):
        yield


@pytest.fixture
def world():
    return World()


@pytest.fixture
def cora(client, world):
    signed_in(client, world.coordinator)
    return world.coordinator


def text(response):
    return response.content.decode()


def typed(study, **changes):
    """The plan's form as a browser sends it, with these changes."""
    newest = Plan.objects.current(study)
    form = PlanForm(rules=rules_of(newest), version=newest.version)
    data = {"replaces": str(newest.version)}
    for stage in form.stages:
        for name in stage.fields:
            value = stage[name].value()
            if value is not None and value is not False:
                data[f"{stage.prefix}-{name}"] = "on" if value is True else str(value)
    return data | {name.replace("__", "-"): value for name, value in changes.items()}


def edit(client, study, **changes):
    return client.post(reverse("followups:plan_edit", args=[study.pk]), typed(study, **changes))


def test_a_look_shows_who_would_move_where_and_saves_nothing(client, cora, world):
    person = world.person()

    page = text(edit(client, world.study, arrived__interval_days="60", look="1"))

    assert person.spoken_code in page
    assert "from 9 Apr to 9 May" in page
    assert "Worked out for every follow-up that is planned" in page
    assert 'value="60"' in page
    assert Plan.objects.count() == 1


def test_a_look_at_a_plan_that_is_wrong_says_what_is_wrong(client, cora, world):
    response = edit(client, world.study, arrived__interval_days="soon", look="1")

    assert response.status_code == 400
    assert "What this would move" not in text(response)


def test_saving_moves_what_is_planned_only_when_that_is_chosen(client, cora, world):
    world.person()

    edit(client, world.study, arrived__interval_days="60")
    assert not Replanning.objects.exists()
    edit(client, world.study, arrived__interval_days="70", moves_planned="on")

    assert Replanning.objects.get().plan.version == 3


def test_a_version_saved_earlier_can_be_moved_to_afterwards_and_the_page_tells_how_far_it_is(
    client, cora, world
):
    person = world.person()
    edit(client, world.study, arrived__interval_days="60")
    page = reverse("followups:plan", args=[world.study.pk])
    assert "Move what is planned to this version" in text(client.get(page))

    client.post(reverse("followups:plan_apply", args=[world.study.pk, 2]))
    under_way = text(client.get(page))
    tick(ENROLLED + timedelta(hours=3))
    done = text(client.get(page))

    assert "is being moved to this version" in under_way
    assert "1 planned follow-up moved to this version." in done
    assert "Move what is planned to this version" not in done
    assert (owed_to(person).due_at - ENROLLED).days == 59


def test_the_first_plan_of_a_study_has_nothing_to_move(client, cora, world):
    Plan.objects.all().delete()

    page = text(client.get(reverse("followups:plan_edit", args=[world.study.pk])))

    assert "See what this would move" not in page
    assert "moves_planned" not in page


# --- Calendars ------------------------------------------------------------------------------------------------


def calendar(client, what="", data=None):
    page = reverse(f"followups:calendar{what}", args=["TN"])
    return client.post(page, data, follow=True) if data else client.get(page)


def test_a_holiday_typed_on_its_page_stands_in_the_calendar_and_can_be_removed(client, cora):
    page = text(
        calendar(client, "_holiday", {"name": "Aïd", "from_on": "2026-03-20", "last_on": "2026-03-22"})
    )
    entry = CalendarEntry.objects.get()
    listed = text(client.get(reverse("followups:calendars")))
    client.post(reverse("followups:calendar_remove", args=[entry.pk]))

    assert "Aïd" in page
    assert "20 March 2026 to 22 March 2026" in page
    assert "Tunisia" in listed
    assert entry.until_on == date(2026, 3, 23)
    assert "None is ahead." in text(calendar(client))


def test_a_season_typed_on_its_page_shows_its_hours_and_pauses(client, cora):
    page = text(
        calendar(
            client,
            "_season",
            {
                "name": "Ramadan",
                "from_on": "2026-03-20",
                "last_on": "2026-04-10",
                "calling_from": "10:00",
                "calling_until": "15:30",
                "pauses": "12:15-13:00",
            },
        )
    )

    assert "from 10:00 to 15:30" in page
    assert "not from 12:15 to 13:00" in page


@pytest.mark.parametrize("pauses", ["noon", "12:15", "13:00-12:00", "12:15-13:00-14:00", "25:00-26:00"])
def test_pauses_that_are_no_pairs_of_times_get_a_sentence(client, cora, pauses):
    response = calendar(
        client,
        "_season",
        {
            "name": "Ramadan",
            "from_on": "2026-03-20",
            "last_on": "2026-04-10",
            "calling_from": "10:00",
            "calling_until": "15:30",
            "pauses": pauses,
        },
    )

    assert response.status_code == 400
    assert pauses in text(response)
    assert not CalendarEntry.objects.exists()


def test_days_of_rest_begin_with_the_usual_ones_and_can_be_changed_and_given_back(client, cora):
    assert "Saturday, Sunday" in text(calendar(client))

    changed = text(calendar(client, "_rest_days", {"days": ["4", "5"]}))
    client.post(reverse("followups:calendar_remove", args=[CalendarEntry.objects.get().pk]))

    assert "Friday, Saturday" in changed
    assert "Saturday, Sunday" in text(calendar(client))


def test_a_country_is_opened_by_choosing_it(client, cora):
    response = client.get(reverse("followups:calendars"), {"country": "LY"})

    assert response["Location"] == reverse("followups:calendar", args=["LY"])


@pytest.mark.parametrize("place", ["ZZ", "Tunisia", "tn"])
def test_what_is_no_country_has_no_calendar(client, cora, place):
    for name in ("calendar", "calendar_rest_days", "calendar_holiday", "calendar_season"):
        assert client.get(reverse(f"followups:{name}", args=[place])).status_code == 404


@pytest.mark.parametrize("what", ["", "_holiday", "_season", "_rest_days"])
def test_the_calendar_turns_to_right_to_left(client, cora, what):
    client.cookies["django_language"] = "ar"

    page = text(calendar(client, what))

    translation.deactivate()
    assert 'dir="rtl"' in page
    assert "style=" not in page


def test_a_calendar_takes_as_many_queries_for_many_lines_as_for_few(
    client, cora, django_assert_max_num_queries
):
    calendar(client, "_holiday", {"name": "One", "from_on": "2026-03-20", "last_on": "2026-03-20"})
    with django_assert_max_num_queries(20) as few:
        calendar(client)
        before = len(few)
    for day in range(21, 28):
        calendar(
            client, "_holiday", {"name": "More", "from_on": f"2026-03-{day}", "last_on": f"2026-03-{day}"}
        )

    with django_assert_max_num_queries(before):
        calendar(client)


# --- How sure a clock is, where it is needed -------------------------------------------------------------------


def test_the_page_of_a_person_who_moved_on_says_that_their_clock_is_not_sure(client, cora, world):
    person = world.person()
    sure = text(client.get(reverse("casework:respondent", args=[person.pk])))
    now = ENROLLED + timedelta(hours=1)
    move_stage(
        respondent=person, stage=Stage.IN_TRANSIT, country="", zone="", at=now, by=world.enumerator, now=now
    )

    page = text(client.get(reverse("casework:respondent", args=[person.pk])))

    assert "Sure: it is the only one of their country." in sure
    assert "they moved on and did not say where to" in page
    assert "Etc/GMT" not in page


def card_of(client, world, at):
    claimed = claim(world.enumerator, at)
    with time_machine.travel(at, tick=False):
        signed_in(client, world.enumerator)
        return text(client.get(reverse("followups:card", args=[claimed.pk])))


def test_the_call_card_says_between_which_hours_and_on_the_callers_own_clock(client, world):
    person = world.person_ready_at(MORNING + timedelta(hours=2))
    type(person).objects.filter(pk=person.pk).update(
        zones=["Africa/Tunis", "Etc/GMT+1", "Etc/GMT-3"], zone_source="moved"
    )

    card = card_of(client, world, MORNING + timedelta(hours=2))

    # The caller's clock is UTC: from eight an hour west of it until eight in the evening three hours east of it.
    assert "call only between 09:00 and 17:00 your time" in card


def test_the_call_card_of_a_sure_clock_says_nothing_of_it(client, world):
    person = world.person_ready_at(MORNING)

    card = card_of(client, world, MORNING)

    assert person.spoken_code in card
    assert "not sure of their clock" not in card
