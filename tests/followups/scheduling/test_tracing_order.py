"""Looking for somebody: the order of the routes, which are open, and how often each may be tried."""

from datetime import timedelta

import pytest

from followups.scheduling.hard_filters import refusals
from followups.scheduling.number_rules import dialable, usable_numbers
from followups.scheduling.reasons import Reason
from followups.scheduling.situation import Hold, HoldKind
from followups.scheduling.tracing_order import Closed, Route, Tried, in_order, is_silent, steps
from tests.followups.scheduling.people import FOURTH, NOON, NUMBER, SECOND, THIRD, firm, number, person, tried
from tracker.number_status import NumberStatus
from tracker.stages import Stage

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DEAD = number(status=NumberStatus.DISCONNECTED)


def friend(id=THIRD, **changes):
    """Somebody they trust, with words to say; changed as told."""
    return number(id, **{"is_trusted": True, "has_words": True, **changes})


def sought(*numbers, **changes):
    return person(numbers=numbers, is_tracing=True, search_since=NOON - 10 * DAY, **changes)


def ids(found):
    return [one.id for one in found]


def told(situation, may_message=False):
    return [(step.route, step.closed) for step in steps(situation, may_message=may_message)]


# --- Which numbers may be dialled -----------------------------------------------------------------------------


def test_a_trusted_person_is_never_dialled_outside_a_search():
    assert dialable(person(numbers=(DEAD, friend()))) == ()
    assert ids(dialable(person(numbers=(number(), friend())))) == [NUMBER]


def test_in_a_search_a_trusted_person_comes_after_every_number_of_their_own():
    assert ids(dialable(sought(number(), friend()))) == [NUMBER]
    assert ids(dialable(sought(DEAD, number(SECOND), friend()))) == [SECOND]
    assert ids(dialable(sought(DEAD, friend(), friend(FOURTH)))) == [THIRD, FOURTH]


@pytest.mark.parametrize(
    "own",
    [
        {"is_barred": True},
        {"status": NumberStatus.UNSAFE},
        {"tried": (NOON - DAY, NOON - 2 * DAY)},
        {"is_silent": True},
    ],
)
def test_a_number_of_their_own_that_gives_nothing_more_lets_a_trusted_person_be_called(own):
    assert ids(dialable(sought(number(**own), friend()))) == [THIRD]


@pytest.mark.parametrize(
    "closed",
    [
        {"may_call": False},
        {"has_words": False},
        {"is_barred": True},
        {"status": NumberStatus.WRONG_PERSON},
        {"tried": (NOON - DAY, NOON - 2 * DAY)},
    ],
)
def test_a_trusted_person_is_not_called_without_consent_without_words_or_a_third_time(closed):
    found = refusals(sought(DEAD, friend(**closed)), NOON)

    assert [one.reason for one in found] == [Reason.NO_DIALABLE_NUMBER]


def test_a_trusted_person_is_called_a_second_time():
    assert ids(dialable(sought(DEAD, friend(tried=(NOON - DAY,))))) == [THIRD]


def test_one_sitting_is_with_their_own_numbers_or_with_trusted_people_and_never_with_both():
    own = sought(DEAD, friend(), dialled=frozenset({NUMBER}), sitting_is_to_trusted=False)
    others = sought(number(SECOND), friend(), dialled=frozenset({THIRD}), sitting_is_to_trusted=True)

    assert usable_numbers(own, NOON) == ()
    assert usable_numbers(others, NOON) == ()


def test_the_dial_of_this_sitting_does_not_make_its_own_number_disappear():
    second_try = sought(
        number(tried=(NOON - DAY, NOON)), dialled=frozenset({NUMBER}), sitting_is_to_trusted=False
    )

    assert [one.reason for one in refusals(second_try, NOON)] == [Reason.SITTING_OVER]


def test_every_other_rule_stands_in_a_search():
    for held in ({"holds": (Hold(HoldKind.SAFETY, None),)}, {"stage": Stage.DETAINED}):
        assert refusals(sought(DEAD, friend(), **held), NOON)
    evening = NOON + 9 * HOUR
    assert Reason.OUTSIDE_SAFE_TIMES in [one.reason for one in refusals(sought(DEAD, friend()), evening)]
    tired = friend(dials=(NOON - HOUR, NOON - 2 * HOUR))
    assert Reason.NUMBER_BURDEN in [one.reason for one in refusals(sought(DEAD, tired), NOON)]


# --- How often ------------------------------------------------------------------------------------------------


def test_three_tries_in_thirty_days_are_all_until_one_of_them_is_thirty_days_old():
    made = tuple(tried(NOON - n * DAY, this_round=False) for n in (9, 8, 2))

    [found] = refusals(sought(DEAD, friend(), attempts=made), NOON)

    assert (found.reason, found.until) == (Reason.TRACING_CAP, NOON + 21 * DAY)


def test_tries_from_before_the_search_or_before_a_new_number_do_not_count_in_it():
    made = tuple(tried(NOON - n * DAY, this_round=False) for n in (9, 8, 2))
    anew = person(numbers=(number(SECOND),), is_tracing=True, search_since=NOON - DAY, attempts=made)

    assert refusals(anew, NOON) == ()


def test_a_call_the_person_asked_for_is_no_try_of_a_search():
    made = tuple(tried(NOON - n * DAY, this_round=False) for n in (9, 8, 2))
    asked = sought(number(), attempts=made, appointment=firm(NOON, asked_at=NOON - HOUR))

    assert refusals(asked, NOON) == ()


@pytest.mark.parametrize(
    ("dials", "silent"),
    [
        ([(0, False), (1, False), (2, False)], True),
        ([(0, False), (0, False), (0, False)], False),
        ([(0, False), (1, False)], False),
        ([(0, True), (1, False), (2, False)], False),
        ([(0, False), (1, False), (2, False), (3, True)], False),
    ],
)
def test_a_number_is_silent_after_three_dials_on_two_days_since_they_last_answered(dials, silent):
    assert is_silent([Tried(NOON + days * DAY, reached) for days, reached in dials]) is silent


# --- The order ------------------------------------------------------------------------------------------------


def test_their_own_numbers_come_newest_first_and_then_trusted_people_as_they_were_given():
    given = [
        (friend(), NOON),
        (number(NUMBER), NOON - 2 * DAY),
        (number(SECOND), NOON - DAY),
        (friend(FOURTH), NOON + DAY),
    ]

    assert ids(in_order(given)) == [SECOND, NUMBER, THIRD, FOURTH]


def test_every_step_says_whether_it_is_open_and_why_not():
    assert told(sought(DEAD, number(SECOND), friend())) == [
        (Route.OWN_NUMBER, Closed.NOT_IN_USE),
        (Route.OWN_NUMBER, None),
        (Route.MESSAGE, Closed.NOT_AGREED),
        (Route.TRUSTED_PERSON, Closed.OWN_FIRST),
        (Route.INBOUND, None),
        (Route.PARTNER, Closed.CALLS_FIRST),
    ]


def test_when_every_call_is_made_the_partner_is_asked():
    spent = sought(DEAD, friend(tried=(NOON - DAY, NOON - 2 * DAY)))

    assert told(spent)[-3:] == [
        (Route.TRUSTED_PERSON, Closed.TRIED),
        (Route.INBOUND, None),
        (Route.PARTNER, None),
    ]


def test_a_message_is_named_only_where_it_was_agreed_and_skipped_where_nothing_can_send_it():
    with_account = number(status=NumberStatus.DISCONNECTED, may_message=True)

    assert (Route.MESSAGE, Closed.NO_GATEWAY) in told(sought(with_account), may_message=True)
    assert (Route.MESSAGE, Closed.NOT_AGREED) in told(sought(with_account), may_message=False)
    assert (Route.MESSAGE, Closed.NOT_AGREED) in told(sought(DEAD), may_message=True)
