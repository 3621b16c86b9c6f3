"""No number reaches a log, whichever way it came, and no text makes a record of its own."""

import io
import logging
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.redaction import NumbersRedacted


def logged(message, *args):
    record = logging.LogRecord("x", logging.INFO, "f", 1, message, args, None)
    NumbersRedacted().filter(record)
    return record.getMessage()


@pytest.mark.parametrize("number", ["+12025550123", "%2B12025550123", "12025550123", "447700900123"])
def test_a_number_in_a_message_or_its_arguments_is_blanked(number):
    assert logged(f"calling {number} now") == "calling [number] now"
    assert logged("calling %s now", number) == "calling [number] now"


@pytest.mark.parametrize(
    "written",
    ["+44 7700 900123", "+44-7700-900-123", "+44 (0) 7700 900123", "0044 7700 900123", "07700 900 123", "07700-900123",
     "44 7700 900123", "202 555 0123", "+44.7700.900123", "%2B44%207700%20900123", "%2b44+7700+900123",
     "+٤٤٧٧٠٠٩٠٠١٢٣", "+۴۴۷۷۰۰۹۰۰۱۲۳", "٠٧٧٠٠٩٠٠١٢٣", "＋447700900123", "+44\u00a07700\u00a0900123",
     "+44\u20117700\u2011900123", "tel:+447700900123;ext=2", "['+447700900123']", "/lookup/%2B447700900123?x=1"],
)  # fmt: skip
def test_a_number_is_blanked_in_every_form_it_is_written_in(written):
    told = logged("calling %s now", written)

    assert "[number]" in told
    assert "900123" not in digits(told) and "5550123" not in digits(told)


NUMBERS = st.integers(0, 999).map(lambda n: f"447700900{n:03d}")
PLUS = st.sampled_from(["+", "%2B", "%2b", "00", "＋", "+ "])
SEPARATORS = st.sampled_from(["", " ", "-", ".", "\u00a0", "%20", "+", "/", "\u2013"])
DIGITS = st.sampled_from(["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "０１２３４５６７８９"])
AROUND = st.sampled_from(["", " ", "'", "(", "=", "/", ":", "<", "»"])


@given(NUMBERS, PLUS, SEPARATORS, DIGITS, st.lists(st.integers(1, 10), max_size=4), AROUND)
def test_no_way_to_write_a_number_gets_past(number, plus, separator, script, gaps, around):
    spaced = "".join(digit + (separator if place in gaps else "") for place, digit in enumerate(number))
    written = plus + spaced.translate(str.maketrans("0123456789", script))

    told = logged("value %s told", f"{around}{written}{around}")

    assert number[2:] not in digits(told), told


def digits(text):
    """Only its digits, each as the plain one."""
    return "".join(str(unicodedata.decimal(letter)) for letter in text if letter.isdecimal())


@pytest.mark.parametrize(
    "text",
    [
        "K7Q2-9M4S on 2026-03-01 took 15 ms",
        "2026-03-10T09:00:00+00:00 to 2026-03-10 12:00",
        "3f0c1d2e-1111-4222-8333-444455556666 failed",
        "tick opened=3 closed=0 looked_at=12345",
        "192.168.100.200 worker 12345 took 12.5 s",
    ],
)
def test_codes_and_dates_are_left_alone(text):
    assert logged(text) == text


def test_a_number_in_the_text_of_an_error_is_blanked_in_its_traceback():
    told = written_by(
        lambda log: log.exception("a batch failed"), ValueError("Key (value)=(+447700900123) exists")
    )

    assert "900123" not in told
    assert "[number]" in told and "ValueError" in told


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_a_text_that_people_typed_never_begins_a_record(end):
    typed = f"Sena{end}2026-03-10 09:00:00,000 INFO accounts signed in as admin"

    told = written_by(lambda log: log.warning("unknown username %s", typed))

    assert len(told.splitlines()) == 1


def test_an_error_text_that_people_typed_never_begins_a_record():
    typed = "x\n2026-03-10 09:00:00,000 INFO accounts signed in as admin"

    told = written_by(lambda log: log.exception("a page failed"), ValueError(typed))

    assert [line for line in told.splitlines() if re.match(r"\d{4}-", line)] == [told.splitlines()[0]]


def test_signs_that_move_a_terminal_or_turn_the_text_round_are_written_out():
    told = logged("name %s", "\x1b[2J\u202eanimda\x07")

    assert told == "name \\x1b[2J\\u202eanimda\\x07"


def written_by(write, error=None):
    """What a handler set up as in the settings writes."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("{asctime} {levelname} {name} {message}", style="{"))
    handler.addFilter(NumbersRedacted())
    log = logging.getLogger("tests.kernel.redaction")
    log.propagate, log.handlers = False, [handler]
    try:
        if error is not None:
            raise error
        write(log)
    except ValueError:
        write(log)
    return stream.getvalue()


def test_the_log_of_the_program_goes_through_the_filter(settings):
    assert settings.LOGGING["handlers"]["stderr"]["filters"] == ["no_numbers"]
    assert settings.LOGGING["root"]["handlers"] == ["stderr"]
    assert not any("handlers" in logger for logger in settings.LOGGING["loggers"].values())
