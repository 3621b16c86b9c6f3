from datetime import timedelta

import pytest

from followups.scheduling.priority import PriorityClass, Urgency, priority_of
from tests.followups.scheduling.people import NOON, firm, soft

ASKED = NOON - timedelta(hours=5)
MINUTES = timedelta(minutes=1)


def urgency(appointment=None, last=None, is_tracing=False, attempts=3, days_left=14):
    return Urgency(appointment, last, is_tracing, attempts, NOON + timedelta(days=days_left))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (urgency(firm(NOON + 10 * MINUTES, ASKED)), PriorityClass.FIRM_APPOINTMENT_DUE),
        (urgency(firm(NOON - 15 * MINUTES, ASKED)), PriorityClass.MISSED_APPOINTMENT),
        (urgency(soft(ASKED, NOON, ASKED)), PriorityClass.MISSED_APPOINTMENT),
        (urgency(last=PriorityClass.PARTIAL_TO_RESUME), PriorityClass.PARTIAL_TO_RESUME),
        (urgency(soft(ASKED, NOON + MINUTES, ASKED), PriorityClass.NO_ANSWER), PriorityClass.REACHED_BEFORE),
        (urgency(last=PriorityClass.BUSY), PriorityClass.BUSY),
        (urgency(last=PriorityClass.OTHER_PERSON_ANSWERED), PriorityClass.OTHER_PERSON_ANSWERED),
        (urgency(last=PriorityClass.NO_ANSWER), PriorityClass.NO_ANSWER),
        (urgency(), PriorityClass.NOT_YET_TRIED),
        (urgency(last=PriorityClass.SWITCHED_OFF), PriorityClass.SWITCHED_OFF),
        (urgency(last=PriorityClass.NO_ANSWER, is_tracing=True), PriorityClass.TRACING),
    ],
)
def test_the_classes_of_the_queue_are_those_of_the_method(facts, expected):
    assert priority_of(facts, NOON) is expected


def test_a_window_that_closes_within_a_week_after_fewer_than_three_attempts_moves_up_one_class():
    assert priority_of(urgency(attempts=2, days_left=7), NOON) is PriorityClass.NO_ANSWER
    assert priority_of(urgency(attempts=3, days_left=7), NOON) is PriorityClass.NOT_YET_TRIED
    assert priority_of(urgency(attempts=2, days_left=8), NOON) is PriorityClass.NOT_YET_TRIED


def test_nothing_is_moved_up_among_the_firm_appointments():
    missed = urgency(firm(NOON - timedelta(hours=1), ASKED), attempts=0, days_left=1)

    assert priority_of(missed, NOON) is PriorityClass.MISSED_APPOINTMENT
