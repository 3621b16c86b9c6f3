from datetime import UTC, date, datetime

import pytest

from orientation import deadlines, references
from orientation.vocabulary import Urgency
from tracker import spoken_codes

ASKED = datetime(2026, 1, 31, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("urgency", "by"),
    [
        ("emergency", datetime(2026, 2, 1, 22, 30, tzinfo=UTC)),
        ("urgent", datetime(2026, 2, 3, 22, 30, tzinfo=UTC)),
        ("normal", datetime(2026, 2, 14, 22, 30, tzinfo=UTC)),
    ],
)
def test_a_request_has_the_deadline_of_its_urgency(urgency, by):
    assert deadlines.deadline(urgency, ASKED) == by


def test_every_urgency_has_a_deadline():
    assert set(deadlines.URGENCY_HOURS) == set(Urgency.values)


def test_a_service_is_verified_for_ninety_days():
    assert deadlines.verified_until(date(2026, 1, 1), is_hotline=False) == date(2026, 4, 1)


def test_a_hotline_is_verified_for_thirty_days():
    assert deadlines.verified_until(date(2026, 1, 1), is_hotline=True) == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("wished", "agreement_ends_on", "days"),
    [
        (30, date(2027, 1, 1), 30),
        (400, date(2027, 1, 1), 90),
        (30, date(2026, 3, 15), 5),
        (30, date(2026, 3, 10), 0),
        (30, date(2026, 1, 1), 0),
    ],
)
def test_a_request_stands_no_longer_than_wished_the_limit_and_the_agreement(wished, agreement_ends_on, days):
    left = deadlines.days_left(date(2026, 3, 10), wished_days=wished, agreement_ends_on=agreement_ends_on)
    assert left == days


def test_a_reference_is_never_a_spoken_code():
    body = [9, 22, 17, 3, 30, 0, 11]
    check = spoken_codes.check_symbol("".join(spoken_codes.ALPHABET[value] for value in body))
    spoken = [*body, spoken_codes.ALPHABET.index(check)]
    drawn = iter([*spoken, *[1, 2, 3, 4, 5, 6, 7, 8]])

    reference = references.draw(lambda _limit: next(drawn))

    assert reference == "12345678"
    assert not spoken_codes.is_code(reference)


def test_a_reference_is_grouped_otherwise_than_a_spoken_code():
    assert references.display("K7Q29M4X") == "K7-Q29-M4X"
