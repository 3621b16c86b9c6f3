"""Calendars of countries: what is written into them, and what it does to calls."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from audit.actions import Action
from audit.models import AuditEvent
from followups import calendar_keeping, facts
from followups.calendar_keeping import Days, Hours
from followups.calendars import calendars_of, countries_of
from followups.models import CalendarEntry
from followups.scheduling.hard_filters import refusals
from followups.scheduling.next_look import obstacles_to, ready_span
from followups.scheduling.reasons import Reason
from followups.scheduling.safe_times import ClockHours
from followups.scheduling.situation import Appointment, AppointmentKind
from followups.ticking.tick import tick
from tests.followups.making import ENROLLED, MORNING, OPENS, claim, make_ready, owed_to, reasons, refused

pytestmark = pytest.mark.django_db

USUAL = ClockHours(time(8), time(20))
THE_DAY = date(2026, 4, 2)  # that of MORNING in Tunis
HOUR = timedelta(hours=1)


def holiday(world, on=THE_DAY, last_on=None, country="TN", name="Feast"):
    days = Days(name, on, last_on or on)
    return calendar_keeping.add_holiday(country=country, days=days, by=world.coordinator, now=ENROLLED)


def ramadan(world, *, country="TN", hours=Hours(time(10), time(15), ((time(12), time(13)),))):  # noqa: B008
    return calendar_keeping.add_season(
        country=country,
        days=Days("Ramadan", date(2026, 3, 30), date(2026, 4, 20)),
        hours=hours,
        by=world.coordinator,
        now=ENROLLED,
    )


def situation(person, now=MORNING):
    row = facts.follow_up(owed_to(person).pk)
    return facts.situation_of(row, now=now)


def calendar_for(person, now=ENROLLED):
    return calendars_of([person], now).hours(USUAL, countries_of(person))


# --- What they do to calls ------------------------------------------------------------------------------------


def test_nobody_is_called_on_a_holiday_of_their_country_and_the_morning_after_they_are(world):
    person = world.person_ready_at(MORNING)
    holiday(world)

    found = refusals(situation(person), MORNING)

    assert reasons(found) == [Reason.HOLIDAY, Reason.OUTSIDE_SAFE_TIMES]
    assert [one.until for one in found] == [
        datetime(2026, 4, 2, 23, tzinfo=UTC),
        datetime(2026, 4, 3, 7, tzinfo=UTC),
    ]


def test_a_holiday_entered_after_the_queue_was_made_still_stops_the_claim(world):
    world.person_ready_at(MORNING)
    holiday(world)

    assert claim(world.enumerator, MORNING) is None


def test_a_holiday_of_another_country_stops_nobody_here(world):
    person = world.person_ready_at(MORNING)
    holiday(world, country="LY")

    assert refusals(situation(person), MORNING) == ()


def test_a_season_holds_the_hours_and_pauses_of_its_days(world):
    person = world.person_ready_at(MORNING)
    ramadan(world)

    at = {hour: not refusals(situation(person), MORNING.replace(hour=hour)) for hour in range(7, 19)}

    # Tunis is an hour later: ten to three, without the hour from noon.
    assert [hour + 1 for hour, may in at.items() if may] == [10, 11, 13, 14]


def test_a_promised_call_on_a_day_that_became_a_holiday_is_told_of(world):
    person = world.person_ready_at(MORNING)
    holiday(world, date(2026, 4, 3))
    tomorrow = MORNING + timedelta(days=1)

    found = obstacles_to(
        situation(person),
        Appointment(AppointmentKind.FIRM, tomorrow, tomorrow + HOUR, asked_at=MORNING),
        MORNING,
    )

    assert [one.reason for one in found] == [Reason.HOLIDAY, Reason.OUTSIDE_SAFE_TIMES]


def test_where_the_country_is_not_known_what_any_possible_one_forbids_is_forbidden(world):
    person = world.person(country="", zone="")
    type(person).objects.filter(pk=person.pk).update(zones=["Africa/Tunis", "Africa/Tripoli"], country="")
    person.refresh_from_db()
    holiday(world, date(2026, 4, 2), country="TN")
    holiday(world, date(2026, 4, 5), country="LY")

    assert countries_of(person) == ("LY", "TN")
    assert calendar_for(person).closed_on == {date(2026, 4, 2), date(2026, 4, 5)}
    # Friday and Saturday in Libya, Saturday and Sunday in Tunisia.
    assert calendars_of([person], ENROLLED).rest_days(countries_of(person)) == {4, 5, 6}


def test_the_days_of_rest_are_those_of_the_country_and_decide_the_slot(world):
    libyan = world.person(country="LY", zone="Africa/Tripoli")
    tunisian = world.person()

    assert situation(libyan, ENROLLED).rest_days == {4, 5}
    assert situation(tunisian, ENROLLED).rest_days == {5, 6}


def test_days_of_rest_that_somebody_wrote_down_go_before_the_usual_ones(world):
    person = world.person()

    calendar_keeping.set_rest_days(country="TN", days={6}, by=world.coordinator, now=ENROLLED)

    assert situation(person, ENROLLED).rest_days == {6}


def test_a_batch_of_people_in_many_countries_is_asked_for_in_one_question(world, django_assert_num_queries):
    people = [world.person(), world.person(country="LY", zone=""), world.person(country="US", zone="")]
    holiday(world)

    with django_assert_num_queries(1):
        found = calendars_of(people, ENROLLED)

    assert [len(found.hours(USUAL, countries_of(one)).closed_on) for one in people] == [1, 0, 0]


def test_what_is_over_is_not_read_any_more(world):
    person = world.person()
    holiday(world, date(2026, 3, 20))

    assert calendar_for(person, datetime(2026, 3, 21, 11, tzinfo=UTC)).closed_on == {date(2026, 3, 20)}
    assert calendar_for(person, datetime(2026, 3, 21, 12, tzinfo=UTC)).closed_on == frozenset()


def test_the_tick_puts_nobody_into_the_queue_for_a_holiday(world):
    person = world.person()
    holiday(world, date(2026, 4, 2), date(2026, 4, 10))

    tick(OPENS)
    tick(OPENS + timedelta(minutes=1))

    row = owed_to(person)
    assert row.ready_from is None or row.ready_from >= datetime(2026, 4, 11, 7, tzinfo=UTC)


def test_a_clock_change_inside_a_window_moves_no_call_out_of_its_hours(world):
    person = world.person(country="DE", zone="Europe/Berlin")
    type(owed_to(person)).objects.filter(pk=owed_to(person).pk).update(
        state="open", opens_at=datetime(2026, 3, 20, tzinfo=UTC), due_at=datetime(2026, 3, 27, tzinfo=UTC)
    )

    before, after = datetime(2026, 3, 28, 6, 30, tzinfo=UTC), datetime(2026, 3, 29, 6, 30, tzinfo=UTC)

    # Half past seven on Saturday, half past eight on Sunday: in the night between, the clocks went forward.
    assert reasons(refusals(situation(person, before), before)) == [Reason.OUTSIDE_SAFE_TIMES]
    assert refusals(situation(person, after), after) == ()


def test_windows_open_and_close_at_midnight_of_the_person_across_a_clock_change(world):
    person = world.person(country="DE", zone="Europe/Berlin")

    row = owed_to(person)

    # Planned in winter time for a window in summer time.
    assert row.opens_at == datetime(2026, 4, 1, 22, tzinfo=UTC)
    assert row.closes_at == datetime(2026, 4, 30, 22, tzinfo=UTC)


# --- Keeping them ---------------------------------------------------------------------------------------------


def test_a_change_of_a_calendar_is_in_the_trail(world):
    entry = holiday(world)
    calendar_keeping.remove(entry=entry, by=world.coordinator, now=ENROLLED)

    added, removed = AuditEvent.objects.filter(action=Action.CALENDAR_CHANGED).order_by("pk")
    assert (added.actor_id, added.detail["change"], added.detail["country"]) == (
        world.coordinator.pk,
        "added",
        "TN",
    )
    assert removed.detail["change"] == "removed"


def test_removing_a_line_twice_changes_nothing_the_second_time(world):
    entry = holiday(world)
    same = CalendarEntry.objects.get()
    calendar_keeping.remove(entry=entry, by=world.coordinator, now=ENROLLED)

    calendar_keeping.remove(entry=same, by=world.coordinator, now=ENROLLED)

    assert AuditEvent.objects.filter(action=Action.CALENDAR_CHANGED).count() == 2


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (date(2026, 4, 3), date(2026, 4, 2), "days_in_order"),
        (date(2025, 4, 2), date(2025, 4, 2), "days_over"),
        (date(2062, 4, 2), date(2062, 4, 2), "days_far_ahead"),
        (date(2026, 4, 2), date(2026, 4, 16), "days_too_many"),
    ],
)
def test_a_holiday_that_a_slip_of_the_finger_makes_is_refused(world, first, last, code):
    with refused(code):
        holiday(world, first, last)

    assert not CalendarEntry.objects.exists()


def test_two_holidays_do_not_begin_on_the_same_day(world):
    holiday(world)

    with refused("calendar_taken"):
        holiday(world, name="Another feast")


@pytest.mark.parametrize(
    ("hours", "code"),
    [
        (Hours(time(16), time(10)), "season_hours"),
        (Hours(time(10), time(16), ((time(13), time(12)),)), "season_pauses"),
        (Hours(time(10), time(16), ((time(9), time(11)),)), "season_pauses"),
    ],
)
def test_a_season_whose_hours_cannot_be_is_refused(world, hours, code):
    with refused(code):
        ramadan(world, hours=hours)


def test_a_week_without_a_working_day_is_refused(world):
    with refused("no_working_day"):
        calendar_keeping.set_rest_days(country="TN", days=range(7), by=world.coordinator, now=ENROLLED)


def test_days_of_rest_are_kept_once_a_country(world):
    for days in ({4}, {5}):
        calendar_keeping.set_rest_days(country="TN", days=days, by=world.coordinator, now=ENROLLED)

    assert [one.rest_days for one in CalendarEntry.objects.all()] == [[5]]


# --- How sure a clock is --------------------------------------------------------------------------------------


def test_of_clocks_without_a_shared_hour_nobody_is_called_and_the_reason_has_a_name(world):
    person = world.person_ready_at(MORNING)
    type(person).objects.filter(pk=person.pk).update(zones=["Asia/Dhaka", "America/Costa_Rica"])

    found = refusals(situation(person), MORNING)
    tick(MORNING + timedelta(days=3))

    assert reasons(found)[0] == Reason.NO_SHARED_HOUR
    assert found[0].until is None
    assert owed_to(person).waiting_for == Reason.NO_SHARED_HOUR


def test_clocks_with_a_shared_hour_are_called_in_it_only(world):
    person = world.person_ready_at(MORNING)
    make_ready(person, MORNING)
    wide = replace(situation(person), zones=("Africa/Tunis", "Asia/Kathmandu"))

    span = ready_span(wide, MORNING, MORNING + timedelta(days=1))

    # From eight in Tunis to eight in the evening in Kathmandu, which is 4:45 ahead of it.
    assert span.ends_at <= datetime(2026, 4, 2, 14, 15, tzinfo=UTC)
