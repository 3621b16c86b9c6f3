"""On which clocks a person may be, and how sure that is after each kind of move."""

from datetime import UTC, datetime

import pytest

from tracker.stages import Stage
from tracker.whereabouts import Move, Whereabouts, clocks, clocks_after, possible_countries

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
TUNIS = (("Africa/Tunis",), "stated")


def after(stage, *, country="", zone="", known=TUNIS, was=Stage.STRANDED, is_reported=False, at=AT):
    move = Move(stage, Whereabouts(country, zone), at, is_reported)
    return clocks_after(move, stage=was, known=known)


def test_a_clock_they_name_is_sure():
    assert after(Stage.ARRIVED, country="DE", zone="Europe/Berlin") == (("Europe/Berlin",), "stated")


def test_a_new_country_without_a_clock_gives_all_clocks_of_that_country():
    zones, source = after(Stage.ARRIVED, country="CD")

    assert (zones, source) == (("Africa/Kinshasa", "Africa/Lubumbashi"), "country")


def test_who_moved_on_without_a_word_is_called_two_hours_either_side_of_the_last_clock():
    assert after(Stage.IN_TRANSIT) == (("Africa/Tunis", "Etc/GMT+1", "Etc/GMT-3"), "moved")


def test_who_moves_on_again_without_a_word_gets_no_more_clocks():
    once = after(Stage.IN_TRANSIT)

    assert after(Stage.ONWARD, known=once, was=Stage.IN_TRANSIT) == once


def test_half_an_hour_more_is_rounded_away_from_the_last_clock():
    zones, _source = after(Stage.ONWARD, known=(("Asia/Kathmandu",), "stated"))

    # UTC+5:45: from +3:45, which becomes +3, to +7:45, which becomes +8.
    assert zones == ("Asia/Kathmandu", "Etc/GMT-3", "Etc/GMT-8")


def test_at_the_edge_of_the_world_the_clocks_end():
    zones, _source = after(Stage.ONWARD, known=(("Pacific/Kiritimati",), "stated"))

    assert zones == ("Pacific/Kiritimati", "Etc/GMT-12", "Etc/GMT-14")


@pytest.mark.parametrize(
    "stage", [Stage.STRANDED, Stage.SETTLED, Stage.DETAINED, Stage.ORIGIN, Stage.UNKNOWN]
)
def test_a_stage_that_is_no_move_leaves_the_clock_as_sure_as_it_was(stage):
    assert after(stage) == TUNIS


def test_arriving_is_a_move_and_saying_again_that_one_has_arrived_is_none():
    assert after(Stage.ARRIVED, was=Stage.IN_TRANSIT)[1] == "moved"
    assert after(Stage.ARRIVED, was=Stage.ARRIVED) == TUNIS


def test_what_somebody_else_says_takes_no_clock_away():
    zones, source = after(Stage.ARRIVED, country="DE", is_reported=True)

    assert (set(zones), source) == ({"Europe/Berlin", "Europe/Busingen", "Africa/Tunis"}, "reported")


def test_what_somebody_else_says_of_the_same_country_makes_nothing_less_sure():
    assert after(Stage.ARRIVED, country="TN", is_reported=True) == (("Africa/Tunis",), "country")


def test_their_own_word_makes_it_sure_again():
    unsure = after(Stage.ARRIVED, country="DE", is_reported=True)

    assert after(Stage.ARRIVED, country="ET", known=unsure) == (("Africa/Addis_Ababa",), "country")


def test_who_has_no_clock_gets_none_by_moving_on():
    assert after(Stage.IN_TRANSIT, known=((), "number")) == ((), "number")


def test_nothing_known_is_no_clock():
    assert clocks(Whereabouts()) == ((), "number")


@pytest.mark.parametrize(
    ("stated", "zones", "found"),
    [
        ("TN", ("Africa/Tunis",), ("TN",)),
        ("TN", ("Africa/Tunis", "Etc/GMT+1", "Etc/GMT-3"), ("TN",)),
        ("DE", ("Europe/Berlin", "Africa/Tunis"), ("DE", "TN")),
        ("", ("Europe/London",), ("GB",)),
        ("XK", ("Europe/Belgrade",), ("XK",)),
        ("ER", ("Africa/Asmara",), ("ER",)),
        ("", ("UTC",), ()),
        ("", (), ()),
    ],
)
def test_the_countries_in_which_somebody_may_be(stated, zones, found):
    assert possible_countries(stated, zones) == found
