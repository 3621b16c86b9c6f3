from dataclasses import asdict
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracker.exchange.lists import ADAM, HANA, HEADER, SALMA, attested_mapping, mapping, sheet
from tracker.exchange.problems import Reason, RowError, ValueKind
from tracker.exchange.reading import Row
from tracker.exchange.staged import CountedCase, StagedProfile
from tracker.exchange.staging import stage
from tracker.numbers import Standing
from tracker.profile import Sex
from tracker.stages import Stage


def staged(*lines, today=None):
    return stage(sheet(*lines).rows, mapping(), today=today)


def test_a_row_with_consent_becomes_a_case():
    (case,) = staged(ADAM).cases
    assert (case.row, case.case_id, case.language, case.stage, case.country) == (
        2,
        "A-1",
        "ti",
        Stage.IN_TRANSIT,
        "SD",
    )
    assert [(each.number.e164, each.whose) for each in case.numbers] == [("+447700900101", "own")]
    assert case.profile == StagedProfile(sex=Sex.MAN)
    assert (case.consent.given_from, case.consent.given_until) == (date(2026, 1, 15), date(2026, 1, 15))


def test_a_case_has_all_its_numbers_and_what_is_not_said_stays_unsaid():
    (case,) = staged(HANA).cases
    assert [(each.number.e164, each.number.status) for each in case.numbers] == [
        ("+447700900102", Standing.POSSIBLE),
        ("+12025550123", Standing.VALID),
    ]
    assert (case.stage, case.country, case.profile) == (Stage.UNKNOWN, "", StagedProfile())


def test_the_same_number_in_two_columns_counts_once():
    (case,) = staged(ADAM.replace("900101,,", "900101,+447700900101,")).cases
    assert [each.whose for each in case.numbers] == ["own"]


def test_one_number_in_two_rows_is_a_shared_phone_and_no_error():
    result = staged(ADAM, HANA.replace("900102", "900101"))
    assert (len(result.cases), result.errors) == (2, ())


@pytest.mark.parametrize("answer", ["no", "NO", ""])
def test_a_row_without_consent_is_only_counted_and_its_number_goes_no_further(answer):
    result = staged(SALMA.replace(",no,", f",{answer},"))
    assert result.counted_only == (CountedCase(2, "A-3"),)
    assert "900103" not in str(asdict(result))


def test_a_row_without_consent_is_counted_even_if_its_number_is_impossible():
    result = staged(SALMA.replace("07700 900103", "12"))
    assert (result.counted_only, result.errors) == ((CountedCase(2, "A-3"),), ())


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("A-1", "", RowError(2, "case", ValueKind.CASE_ID, Reason.MISSING)),
        ("07700 900101", "12", RowError(2, "tel_1", ValueKind.NUMBER, Reason.IMPOSSIBLE)),
        ("07700 900101", "", RowError(2, "tel_1", ValueKind.NUMBER, Reason.NO_NUMBER)),
        ("Tigrinya", "Klingon", RowError(2, "lang", ValueKind.LANGUAGE, Reason.UNKNOWN_VALUE)),
        ("Tigrinya", "", RowError(2, "lang", ValueKind.LANGUAGE, Reason.MISSING)),
        ("moving", "flying", RowError(2, "where", ValueKind.STAGE, Reason.UNKNOWN_VALUE)),
        ("Sudan", "Atlantis", RowError(2, "country", ValueKind.COUNTRY, Reason.UNKNOWN_VALUE)),
        (",M,", ",X,", RowError(2, "sex", ValueKind.PROFILE, Reason.UNKNOWN_VALUE)),
        (",yes,", ",perhaps,", RowError(2, "agreed", ValueKind.CONSENT, Reason.UNKNOWN_VALUE)),
        ("2026-01-15", "", RowError(2, "agreed_on", ValueKind.CONSENT_DATE, Reason.MISSING)),
        ("2026-01-15", "15/01/2026", RowError(2, "agreed_on", ValueKind.CONSENT_DATE, Reason.NOT_A_DATE)),
    ],
)
def test_a_wrong_cell_refuses_the_row_by_line_column_kind_and_reason(old, new, error):
    result = staged(ADAM.replace(old, new))
    assert (result.errors, result.cases, result.counted_only) == ((error,), (), ())


def test_every_wrong_cell_of_a_row_is_told_at_once():
    result = staged(ADAM.replace("Tigrinya", "Klingon").replace("moving", "flying"))
    assert [error.column for error in result.errors] == ["lang", "where"]


def test_a_row_with_one_bad_number_among_good_ones_is_refused_whole():
    result = staged(HANA.replace("+1 202-555-0123", "12"))
    assert result.cases == ()
    assert result.errors == (RowError(2, "tel_2", ValueKind.NUMBER, Reason.IMPOSSIBLE),)


def test_of_rows_that_share_a_case_id_none_is_taken():
    result = staged(ADAM, HANA.replace("A-2", "A-1"), SALMA.replace("A-3", "A-1"))
    assert (result.cases, result.counted_only) == ((), ())
    assert [(error.row, error.reason) for error in result.errors] == [
        (row, Reason.REPEATED) for row in (2, 3, 4)
    ]


def test_consent_of_tomorrow_is_refused_where_today_is_given():
    assert staged(ADAM, today=date(2026, 1, 15)).errors == ()
    assert staged(ADAM, today=date(2026, 1, 14)).errors == (
        RowError(2, "agreed_on", ValueKind.CONSENT_DATE, Reason.IN_THE_FUTURE),
    )


def test_an_attested_list_gives_every_row_the_consent_of_the_attestation():
    (case,) = stage(sheet(SALMA).rows, attested_mapping()).cases
    assert (case.consent.attested_by, case.consent.given_from) == ("coordinator", date(2026, 1, 20))


messy = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["yes", "no", "Tigrinya", "07700 900101", ""]
)


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(HEADER.split(","), messy)), max_size=4))
def test_every_row_ends_in_exactly_one_place_whatever_it_holds(records):
    rows = [Row(line, cells) for line, cells in enumerate(records, 2)]
    result = stage(rows, mapping())
    places = [
        {case.row for case in result.cases},
        {case.row for case in result.counted_only},
        {error.row for error in result.errors},
    ]
    assert sorted(row for place in places for row in place) == [row.line for row in rows]
