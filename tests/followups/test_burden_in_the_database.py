"""The outer limits of contact burden, refused by the database to whatever code begins an attempt or places a dial."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction

from followups import burden_guards
from followups.calling.heard import CallBack, Heard
from followups.calling.outer_limits import outer_limits
from followups.models import Appointment, Attempt, Claim, Dial, Rule
from followups.models.attempts import DialState
from followups.models.restraints import AppointmentKind
from followups.scheduling.situation import AppointmentKind as Kind
from tests.factories import make_study
from tests.followups.making import MORNING, claim, dial, enrol_again, make_ready, refused, tell
from tracker.models import ContactPoint

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def person(world):
    return world.person_ready_at(MORNING)


@pytest.fixture
def begin(world, person):
    """Begins a sitting past every use case, under a claim of its own that is over."""

    def begin(at, **said):
        row = said.pop("follow_up", None) or person.follow_ups.order_by("opens_at").first()
        held = Claim.objects.create(
            follow_up=row, respondent=person, enumerator=world.enumerator,
            claimed_at=at, expires_at=at + HOUR, ended_at=at, ended="expired",
        )  # fmt: skip
        return Attempt.objects.create(
            claim=held,
            follow_up=row,
            respondent=person,
            enumerator=world.enumerator,
            number=1,
            started_at=at,
            **said,
        )

    return begin


def over(limit, begin, at, **said):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        begin(at, **said)
    assert burden_guards.limit_in(refusal.value) == limit


def test_an_attempt_within_three_hours_of_another_is_refused_and_one_at_three_hours_is_not(begin):
    begin(MORNING)

    over(burden_guards.SPACING, begin, MORNING + 3 * HOUR - timedelta(seconds=1))
    assert begin(MORNING + 3 * HOUR)


def test_a_third_attempt_within_a_day_is_refused_and_one_after_it_is_not(begin):
    begin(MORNING)
    begin(MORNING + 4 * HOUR)

    over(burden_guards.DAY, begin, MORNING + DAY - timedelta(seconds=1))
    assert begin(MORNING + DAY)


def test_a_sixth_attempt_within_seven_days_is_refused_whatever_the_rule_says_of_the_round(begin):
    Rule.objects.update(attempt_cap=8)
    for day in range(5):
        begin(MORNING + day * DAY)

    over(burden_guards.WEEK, begin, MORNING + 6 * DAY)
    assert begin(MORNING + 7 * DAY)


def test_attempts_of_another_study_count_too(world, person, begin):
    enrol_again(person, make_study(team=world.team, by=world.coordinator))
    here, there = person.follow_ups.order_by("enrolment__at", "pk")
    begin(MORNING, follow_up=here)
    begin(MORNING + 4 * HOUR, follow_up=there)

    over(burden_guards.SPACING, begin, MORNING + HOUR, follow_up=there)
    over(burden_guards.DAY, begin, MORNING + 8 * HOUR, follow_up=here)


def test_what_cannot_have_rung_counts_for_nothing(begin):
    begin(MORNING, counts_as_burden=False)
    begin(MORNING + HOUR, counts_as_burden=False)
    begin(MORNING + 2 * HOUR, counts_as_burden=False)

    assert begin(MORNING + 2 * HOUR + timedelta(minutes=1))


def test_an_attempt_beyond_the_cap_of_the_round_is_refused(begin):
    Rule.objects.update(attempt_cap=2)
    begin(MORNING)
    begin(MORNING + 2 * DAY)

    over(burden_guards.ROUND, begin, MORNING + 4 * DAY)


def promise(person, begun, at):
    return Appointment.objects.create(
        follow_up=begun.follow_up, respondent=person, kind=AppointmentKind.FIRM,
        starts_at=at, until=at + timedelta(minutes=15), made_at=begun.started_at,
    )  # fmt: skip


def test_the_last_attempt_may_produce_one_more_by_a_call_back(person, begin):
    Rule.objects.update(attempt_cap=1)
    promise(person, begin(MORNING), MORNING + 2 * DAY)

    assert begin(MORNING + 2 * DAY)
    over(burden_guards.ROUND, begin, MORNING + 4 * DAY)


def test_a_call_back_needs_no_rest_but_counts_for_the_day(person, begin):
    promise(person, begin(MORNING), MORNING + HOUR)

    assert begin(MORNING + HOUR, exempt="asked")
    over(burden_guards.DAY, begin, MORNING + HOUR + timedelta(minutes=10), exempt="asked")


def test_nobody_is_exempt_who_asked_for_another_time_or_for_none(person, begin):
    promise(person, begin(MORNING), MORNING + 2 * HOUR)

    over(burden_guards.EXEMPT, begin, MORNING + HOUR, exempt="asked")
    over(burden_guards.EXEMPT, begin, MORNING + HOUR, exempt="reconnection")


def test_a_call_cut_off_may_be_taken_up_where_that_was_agreed(person, begin):
    begun = begin(MORNING)
    Attempt.objects.filter(pk=begun.pk).update(disposition="technical", recorded_at=MORNING)
    soon = MORNING + timedelta(minutes=10)
    over(burden_guards.EXEMPT, begin, soon, exempt="reconnection")

    person.contact_points.update(may_call_back_if_cut=True)

    assert begin(soon, exempt="reconnection")


def test_an_attempt_cannot_be_moved_to_a_moment_at_which_it_could_not_begin(begin):
    begin(MORNING)
    later = begin(MORNING + 4 * HOUR)

    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.filter(pk=later.pk).update(started_at=MORNING + HOUR)


def test_an_outcome_is_taken_for_an_attempt_that_should_never_have_begun(begin):
    begun = begin(MORNING, counts_as_burden=False)
    begin(MORNING + HOUR)

    Attempt.objects.filter(pk=begun.pk).update(
        counts_as_burden=True, recorded_at=MORNING, disposition="no_answer"
    )

    begun.refresh_from_db()
    assert begun.disposition == "no_answer"


def ring(begun, point, at, **said):
    return Dial.objects.create(
        attempt=begun, contact_point_id=point.pk, gateway="simulator", ordered_at=at, **said
    )


def test_a_third_dial_of_a_number_in_a_day_is_refused_and_a_cancelled_one_counts_for_nothing(person, begin):
    point = ContactPoint.objects.get(respondent=person)
    sittings = [begin(MORNING + hour * HOUR, counts_as_burden=False) for hour in range(4)]
    first, _second = (ring(one, point, one.started_at) for one in sittings[:2])

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        ring(sittings[2], point, MORNING + 2 * HOUR)
    assert burden_guards.limit_in(refusal.value) == burden_guards.NUMBER_DAY

    Dial.objects.filter(pk=first.pk).update(state=DialState.CANCELLED)
    assert ring(sittings[3], point, MORNING + 3 * HOUR)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dial.objects.filter(pk=first.pk).update(state=DialState.PLACED)


def test_a_sixth_dial_of_a_number_in_seven_days_is_refused(person, begin):
    Rule.objects.update(attempt_cap=8)
    point = ContactPoint.objects.get(respondent=person)
    sittings = [begin(MORNING + day * DAY, counts_as_burden=False) for day in range(6)]
    for day in range(5):
        ring(sittings[day], point, MORNING + day * DAY)

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        ring(sittings[5], point, MORNING + 5 * DAY)

    assert burden_guards.limit_in(refusal.value) == burden_guards.NUMBER_WEEK


def test_without_the_guards_the_same_attempt_goes_through(begin):
    begin(MORNING)
    with transaction.atomic():
        burden_guards.remove(connections["default"])

        assert begin(MORNING + HOUR)

        burden_guards.install(connections["default"])


def test_what_the_database_refuses_is_said_in_words(begin):
    begin(MORNING)

    with refused("contact_burden"), outer_limits(), transaction.atomic():
        begin(MORNING + HOUR)

    assert Attempt.objects.count() == 1


def test_a_sitting_is_marked_as_what_the_person_asked_for_and_any_other_is_not(world, person):
    begun = dial(claim(world.enumerator, MORNING), MORNING).dial.attempt
    in_an_hour = CallBack(Kind.FIRM, MORNING + HOUR, MORNING + HOUR + timedelta(minutes=15))
    tell(begun, Heard("callback_firm", call_back=in_an_hour), MORNING + timedelta(minutes=5))
    make_ready(person, MORNING + HOUR)

    asked = dial(claim(world.enumerator, MORNING + HOUR), MORNING + HOUR).dial.attempt

    assert (begun.exempt, asked.exempt) == ("", "asked")


def test_the_guards_stand_on_both_tables_after_all_migrations():
    with connections["default"].cursor() as cursor:
        if connections["default"].vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%burden%'")
        else:
            cursor.execute("SELECT DISTINCT tgname FROM pg_trigger WHERE tgname LIKE '%burden%'")
        found = {name for (name,) in cursor.fetchall()}

    assert found == {
        "followups_attempt_burden_insert", "followups_attempt_burden_update",
        "followups_dial_burden_insert", "followups_dial_burden_update",
    }  # fmt: skip
