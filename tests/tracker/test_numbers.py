import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import DomainError
from tracker import numbers
from tracker.numbers import Standing


@pytest.mark.parametrize(
    ("raw", "region", "e164"),
    [
        ("+1 202-555-0123", "", "+12025550123"),
        ("(202) 555-0123", "US", "+12025550123"),
        ("07700 900123", "GB", "+447700900123"),
        ("٠٧٧٠٠٩٠٠١٢٣", "GB", "+447700900123"),
        ("۰۷۷۰۰۹۰۰۱۲۳", "GB", "+447700900123"),
        ("\u202a+44 7700 900123\u202c", "", "+447700900123"),
        ("0044 7700 900123", "GB", "+447700900123"),
        ("0044 7700 900123", "US", "+447700900123"),
        ("٠٠٤٤ ٧٧٠٠ ٩٠٠١٢٣", "", "+447700900123"),
    ],
)
def test_a_number_is_read_as_people_write_it(raw, region, e164):
    assert numbers.parse(raw, region).e164 == e164


def test_a_number_the_plan_knows_is_valid():
    assert numbers.parse("+12025550123").status is Standing.VALID


def test_a_number_of_possible_length_that_no_plan_knows_is_accepted_as_possible():
    assert numbers.parse("+447700900123").status is Standing.POSSIBLE


def test_an_extension_is_dropped_and_noted():
    parsed = numbers.parse("+44 7700 900123 ext. 12")
    assert (parsed.e164, parsed.extension_dropped) == ("+447700900123", True)


def test_a_number_without_extension_is_not_noted():
    assert numbers.parse("+44 7700 900123").extension_dropped is False


@pytest.mark.parametrize(
    ("raw", "region", "why"),
    [
        ("555-0123", "US", "area code"),
        ("12", "US", "too few"),
        ("+1 202 555 01234567", "", "too many"),
        ("07700900123", "", "country code"),
        ("0532 123 45 67", "SY", "too many"),
        ("2.025550123E+09", "US", "spreadsheet"),
        ("2025550123.0", "US", "spreadsheet"),
        ("Amina 2025550123", "US", "letters"),
        ("2025550123 / 2025550124", "US", "two phone numbers"),
        ("+12025550123 +12025550124", "US", "two phone numbers"),
        ("", "US", "not a phone number"),
        ("n/a", "US", "letters"),
    ],
)
def test_an_impossible_number_is_refused_with_the_reason_and_without_the_number(raw, region, why):
    with pytest.raises(DomainError) as refused:
        numbers.parse(raw, region)
    assert refused.value.code == "impossible_number"
    assert why in str(refused.value)
    assert not any(digit in str(refused.value) for digit in "0123456789")


def test_the_number_never_shows_in_what_python_prints_of_it():
    assert "2025550123" not in repr(numbers.parse("+12025550123"))


def test_a_number_of_one_zone_has_that_zone():
    assert numbers.parse("+254 712 123456").zones == ("Africa/Nairobi",)


def test_a_mobile_number_of_a_wide_country_has_all_its_zones():
    assert {"Europe/Moscow", "Asia/Vladivostok"} <= set(numbers.parse("+7 916 123 45 67").zones)


def test_zones_bear_the_names_they_have_today():
    assert numbers.parse("+2917123456").zones == ("Africa/Asmara",)


def test_a_number_no_plan_knows_has_the_zones_of_the_country_it_was_written_for():
    assert numbers.parse("07700 900123", "GB").zones == ("Europe/London",)


def test_a_number_no_plan_knows_has_the_zones_of_every_country_with_its_calling_code():
    assert numbers.parse("+447700900123").zones == (
        "Europe/Guernsey",
        "Europe/Isle_of_Man",
        "Europe/Jersey",
        "Europe/London",
    )


def test_a_satellite_number_has_no_zone_and_no_region():
    parsed = numbers.parse("+870 773111632")
    assert (parsed.zones, parsed.region) == ((), "")


@given(st.text(max_size=25), st.sampled_from(["", "US", "KE", "SY", "GB"]))
def test_whatever_is_typed_gives_a_number_in_e164_or_a_refusal(raw, region):
    try:
        e164 = numbers.parse(raw, region).e164
    except DomainError as refused:
        assert refused.code == "impossible_number"
    else:
        assert e164.startswith("+")
        assert e164[1:].isdigit()
        assert len(e164) <= 18


def test_reading_numbers_never_loads_the_data_that_names_their_places():
    loaded = "import sys, tracker.numbers; sys.exit('phonenumbers.geocoder' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], check=False).returncode == 0
