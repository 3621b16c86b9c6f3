import pytest

from tests.tracker.exchange.lists import ADAM, HANA, HEADER, attested_mapping, mapping, sheet
from tracker.exchange import checking
from tracker.exchange.identifying import looks_like_a_name, looks_like_an_address
from tracker.exchange.problems import MappingRefused


def problems_of(found_mapping, found_sheet):
    with pytest.raises(MappingRefused) as refused:
        checking.check(found_mapping, found_sheet)
    return {problem.key: str(problem.sentence) for problem in refused.value.problems}


def test_a_file_the_mapping_fits_is_taken():
    assert checking.check(mapping(), sheet(ADAM, HANA)) is None


def test_a_column_the_mapping_does_not_speak_of_is_refused_by_name():
    found = problems_of(mapping(), sheet(ADAM + ",12", header=HEADER + ",village"))
    assert list(found) == ["village"]
    assert "[dropped]" in found["village"]


def test_a_mapped_column_missing_from_the_file_is_refused_by_name():
    found = problems_of(mapping('column = "tel_2"', 'column = "tel_3"'), sheet(ADAM))
    assert found["tel_3"] == "The file has no such column."
    assert "tel_2" in found


def test_a_dropped_column_may_be_absent_from_the_file():
    without_name = HEADER.replace("respondent_name,", "")
    assert checking.check(mapping(), sheet(ADAM.replace("Adam Example,", ""), header=without_name)) is None


def test_a_file_without_first_line_is_refused_and_the_person_in_its_place_is_not_repeated():
    found = problems_of(mapping(), sheet(ADAM, header=HANA.replace(",,,,", ",x,y,z,")))
    assert list(found) == ["columns"]
    assert "Hana" not in str(found)
    assert "900102" not in str(found)


@pytest.mark.parametrize(
    "case_id", ["Erasmo\u00a0Van\u00a0Veen", "Amina", "አሚና ተስፋዬ", "آمنة", "12 Main Street", "a@example.org"]
)
def test_case_ids_that_look_like_names_or_addresses_are_refused_without_repeating_them(case_id):
    found = problems_of(mapping(), sheet(ADAM.replace("A-1", case_id), HANA))
    assert list(found) == ["case"]
    assert case_id not in str(found)


@pytest.mark.parametrize("case_id", ["07700900101", "7700900101", "+447700900199"])
def test_case_ids_that_are_phone_numbers_are_refused(case_id):
    assert "dialled" in problems_of(mapping(), sheet(ADAM.replace("A-1", case_id), HANA))["case"]


@pytest.mark.parametrize(
    "case_id", ["101", "KE/0042", "HH-77-B", "uuid:5f0c1a2b-77aa-4bd0", "2026-01-15-3", "ab", "TZX"]
)
def test_case_ids_as_survey_tools_make_them_are_taken(case_id):
    assert checking.check(attested_mapping(), sheet(ADAM.replace("A-1", case_id), HANA)) is None


def test_a_column_for_codes_that_holds_names_is_refused():
    found = problems_of(mapping(), sheet(ADAM.replace("Sudan", "Adam Example")))
    assert list(found) == ["country"]


def test_a_language_of_two_words_that_has_a_meaning_is_not_taken_for_a_name():
    assert checking.check(mapping(), sheet(HANA, HANA.replace("A-2", "A-9"))) is None


@pytest.mark.parametrize(
    "cell", ["René Milošević", "O'Brien", "Anne-Marie", "MARIA LOPEZ", "maria lopez", "মরিয়ম"]
)
def test_names_of_many_scripts_look_like_names(cell):
    assert looks_like_a_name(cell)


@pytest.mark.parametrize("cell", ["15 rue de la Paix", "4 Example Rd", "13.5127, 2.1126"])
def test_addresses_and_positions_look_like_addresses(cell):
    assert looks_like_an_address(cell)
