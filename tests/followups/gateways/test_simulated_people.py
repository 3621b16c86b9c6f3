"""The invented people of practice calls: seeded, whole, and meeting everything an enumerator may meet."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import phonenumbers
import pytest

from followups.dispositions import DISPOSITIONS, offered
from followups.gateways.simulated import journeys, lines, numbers
from followups.gateways.simulated.answers import SILENT, answer
from followups.gateways.simulated.habits import habits_of, names_as_best
from followups.gateways.simulated.voices import VOICES
from tracker.profile import Route
from tracker.stages import NEVER_CALLED, Stage

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
SOME = range(0, numbers.PEOPLE, 53)


def dials(days=400, every=4):
    """Many people dialled on the line they have now, at changing hours of a year."""
    for person in SOME:
        for day in range(0, days, every):
            at = NOON + timedelta(days=day, hours=(person + day) % 9 - 4)
            yield person, at, answer(numbers.number_of(person, lines.lines_at(person, at)[0]), at)


def test_every_number_belongs_to_one_line_of_one_person():
    everyone = {
        numbers.number_of(person, line): (person, line)
        for person in range(numbers.PEOPLE)
        for line in range(numbers.LINES_EACH)
    }

    assert len(everyone) == numbers.KEPT_FOR_FICTION
    assert all(numbers.holder_of(number) == holder for number, holder in everyone.items())
    assert all(phonenumbers.is_possible_number(phonenumbers.parse(number)) for number in list(everyone)[::50])


@pytest.mark.parametrize("beyond", [(numbers.PEOPLE, 0), (-1, 0), (0, numbers.LINES_EACH), (0, -1)])
def test_there_is_no_number_beyond_those_kept_for_fiction(beyond):
    with pytest.raises(ValueError, match="there is no line"):
        numbers.number_of(*beyond)


def test_a_number_from_elsewhere_is_a_person_of_its_own_and_always_the_same():
    person, line = numbers.holder_of("+12025550143")

    assert (person, line) == numbers.holder_of("+12025550143")
    assert person >= numbers.PEOPLE > 0 == line
    assert answer("+12025550143", NOON).outcome in DISPOSITIONS


def test_a_journey_has_no_gaps_and_goes_along_the_places_of_its_route():
    for person in SOME:
        journey = journeys.journey_of(person)
        route, places = journeys.route_of(person)
        assert Route(route) in Route
        assert journey[0].since == journeys.BEGAN and journey[-1].until >= journeys.ENDS
        assert all(one.until == following.since for one, following in pairwise(journey))
        assert {one.place for one in journey} <= set(places)


def test_people_are_met_at_every_stage_a_person_can_be_at():
    days = [NOON + timedelta(days=60 * n) for n in range(5)]
    met = {journeys.episode_at(person, day).stage for person in SOME for day in days}

    assert met == set(Stage) - {Stage.UNKNOWN}


def test_numbers_die_faster_on_the_road_than_where_people_have_settled():
    month = timedelta(days=30)

    def lost(stages):
        there = [
            one for one in range(0, numbers.PEOPLE, 11) if journeys.episode_at(one, NOON).stage in stages
        ]
        gone = [one for one in there if lines.card_at(one, NOON) != lines.card_at(one, NOON + month)]
        return len(gone) / len(there)

    assert 0.05 < lost({Stage.IN_TRANSIT, Stage.ONWARD}) < 0.20
    assert lost({Stage.SETTLED}) < 0.03


def test_a_dial_gives_the_same_whenever_it_is_asked_and_not_the_same_at_every_minute():
    number = numbers.number_of(7, lines.lines_at(7, NOON)[0])

    told = [answer(number, NOON + timedelta(minutes=15 * n)).outcome for n in range(40)]

    assert told == [answer(number, NOON + timedelta(minutes=15 * n)).outcome for n in range(40)]
    assert len(set(told)) > 3


def test_with_some_patience_an_enumerator_meets_everything_there_is_a_disposition_for():
    met = Counter(one.outcome for _person, _at, one in dials())
    gone = Counter(
        answer(numbers.number_of(person, line), NOON).outcome
        for person in SOME
        for line in range(numbers.LINES_EACH)
        if line not in lines.lines_at(person, NOON)
    )

    assert met.keys() | gone.keys() == {one.code for one in offered(to_trusted=False)}
    assert 0.25 < met["completed"] / met.total() < 0.55
    assert gone.keys() == {"switched_off", "not_working", "disconnected", "wrong_number", "number_changed"}


def test_nobody_who_is_held_or_at_sea_answers_as_if_nothing_were_the_matter():
    for _person, _at, one in dials(every=9):
        if one.episode.stage in NEVER_CALLED:
            assert one.outcome in {"switched_off", "no_answer", "other_answered", "detained", "unsafe"}


def test_every_outcome_has_a_voice_and_a_silent_one_is_of_the_network():
    assert VOICES.keys() == {one.code for one in offered(to_trusted=False)}
    assert {code for code, one in DISPOSITIONS.items() if not one.counts_as_burden} == SILENT


def test_asked_for_the_best_time_people_name_one_that_is_right_more_often_than_by_chance():
    named = {person: names_as_best(person) for person in range(2000)}
    said = [(person, slot) for person, slot in named.items() if slot is not None]

    right = sum(habits_of(person).slots[slot] == max(habits_of(person).slots) for person, slot in said)

    assert 1400 <= len(said) <= 1600
    assert 0.5 <= right / len(said) <= 0.63
