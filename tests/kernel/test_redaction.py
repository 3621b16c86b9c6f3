"""No number reaches a log, whichever way it came."""

import logging

import pytest

from kernel.redaction import NumbersRedacted


def logged(message, *args):
    record = logging.LogRecord("x", logging.INFO, "f", 1, message, args, None)
    NumbersRedacted().filter(record)
    return record.getMessage()


@pytest.mark.parametrize("number", ["+12025550123", "%2B12025550123", "12025550123", "447700900123"])
def test_a_number_in_a_message_or_its_arguments_is_blanked(number):
    assert logged(f"calling {number} now") == "calling [number] now"
    assert logged("calling %s now", number) == "calling [number] now"


def test_codes_and_dates_are_left_alone():
    assert logged("K7Q2-9M4S on 2026-03-01 took 15 ms") == "K7Q2-9M4S on 2026-03-01 took 15 ms"
