from zoneinfo import available_timezones

import pytest

from kernel import countries
from kernel.errors import DomainError


@pytest.mark.parametrize(
    ("code", "reader", "name"),
    [
        ("ET", "en", "Ethiopia"),
        ("et", "fr", "Éthiopie"),
        ("SY", "ar", "سوريا"),
        ("LY", "xx", "Libya"),
        ("LY", "", "Libya"),
    ],
)
def test_a_country_is_named_in_the_readers_language_or_else_in_english(code, reader, name):
    assert countries.country_name(code, reader) == name


@pytest.mark.parametrize(
    ("code", "zones"),
    [
        ("ET", ("Africa/Addis_Ababa",)),
        ("ER", ("Africa/Asmara",)),
        ("CD", ("Africa/Kinshasa", "Africa/Lubumbashi")),
        ("PS", ("Asia/Gaza", "Asia/Hebron")),
        ("MM", ("Asia/Yangon",)),
        ("XK", ("Europe/Belgrade",)),
        ("BV", ()),
    ],
)
def test_a_country_has_the_zones_inside_it(code, zones):
    assert countries.zones_of(code) == zones


def test_every_zone_of_every_country_is_one_python_knows():
    assert {zone for code in countries.CODES for zone in countries.zones_of(code)} <= available_timezones()


@pytest.mark.parametrize("code", ["", "ZZ", "EU", "XA", "419", "USA", "Ethiopia"])
def test_what_is_no_country_is_refused(code):
    with pytest.raises(DomainError) as refused:
        countries.zones_of(code)
    assert refused.value.code == "unknown_country"


def test_a_zone_under_its_old_name_gets_the_one_it_has_today():
    assert countries.current_zone_name("Asia/Rangoon") == "Asia/Yangon"
    assert countries.current_zone_name("Africa/Tripoli") == "Africa/Tripoli"


def test_a_form_offers_every_country_in_the_readers_order():
    offered = countries.choices("en")
    assert offered[0] == ("AF", "Afghanistan")
    assert {code for code, _name in offered} == countries.CODES


@pytest.mark.parametrize(
    ("code", "days"),
    [
        ("TN", {5, 6}),
        ("LY", {4, 5}),
        ("AF", {3, 4}),
        ("IR", {4}),
        ("IN", {6}),
        ("DE", {5, 6}),
        ("AQ", {5, 6}),
    ],
)
def test_a_country_has_its_usual_days_of_rest(code, days):
    assert countries.weekend_of(code) == days


@pytest.mark.parametrize(
    ("zone", "code"),
    [
        ("Africa/Tripoli", "LY"),
        ("Africa/Asmara", "ER"),
        ("Asia/Calcutta", "IN"),
        ("UTC", ""),
        ("Etc/GMT-3", ""),
    ],
)
def test_a_zone_lies_in_its_country_or_in_none(zone, code):
    assert countries.country_of_zone(zone) == code
