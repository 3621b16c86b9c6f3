from datetime import date

import pytest

from consent.models import Mode
from consent.purposes import Purpose
from tests.tracker.exchange.lists import MAPPING, attested_mapping, mapping
from tracker.exchange.mapping import CONSENT_MODES, NUMBER_OWNERS, AgreedWording, Attestation
from tracker.exchange.mapping_files import read_mapping
from tracker.exchange.problems import MappingRefused
from tracker.models.contact_points import Whose


def problems_of(text):
    with pytest.raises(MappingRefused) as refused:
        read_mapping(text)
    return {problem.key: str(problem.sentence) for problem in refused.value.problems}


def test_a_whole_mapping_is_read():
    read = mapping()
    assert (read.source, read.team, read.default_region, read.case_id) == (
        "field-survey",
        "north",
        "GB",
        "case",
    )
    assert [(number.column, number.whose) for number in read.numbers] == [
        ("tel_1", "own"),
        ("tel_2", "shared"),
    ]
    assert read.language.meaning_of("TIGRINYA ") == "ti"
    assert read.terms.wordings == (AgreedWording(Purpose.KEEP_NUMBER, 2), AgreedWording(Purpose.RECONTACT, 3))
    assert read.dropped == {"respondent_name": "a name; names are never kept"}


def test_an_attestation_names_who_answers_for_it_and_when():
    assert attested_mapping().consent == Attestation("coordinator", date(2026, 1, 20), date(2026, 1, 20))


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('[case_id]\ncolumn = "case"', "", "case_id"),
        ('source = "field-survey"', "", "source"),
        ('team = "north"', "team = 7", "team"),
        ('default_region = "GB"', 'default_region = "UK"', "default_region"),
        ('whose = "shared"', 'whose = "cousin"', "numbers[2].whose"),
        ('Tigrinya = "ti"', 'Tigrinya = "tlh"', "language"),
        ('moving = "in_transit"', 'moving = "walking"', "stage"),
        ('Sudan = "SD"', 'Sudan = "Sudan"', "country"),
        ('F = "woman"', 'F = "female"', "profile.sex"),
        ("[profile.sex]", "[profile.religion]", "profile.religion"),
        ('column = "lang"', 'column = "lang"\nvalue = "ti"', "language"),
        ('values = { F = "woman", M = "man" }', "", "profile.sex.values"),
        ("keep_number = 2", "keep_number = 2\nmarketing = 1", "consent.terms.wordings.marketing"),
        ("recontact = 3", "", "consent.terms.wordings.recontact"),
        ("keep_number = 2", "message = 1", "consent.terms.wordings.keep_number"),
        ("recontact = 3", 'recontact = "3"', "consent.terms.wordings.recontact"),
        ('mode = "in_person"', 'mode = "telepathy"', "consent.terms.mode"),
        ('mode = "in_person"', 'mode = "phone"\nlanguage = "tlh"', "consent.terms.language"),
        ('granted = ["yes"]', "granted = []", "consent.granted"),
        ('granted = ["yes"]', 'granted = ["yes", "No"]', "consent.granted"),
        ('granted = ["yes"]', 'granted = ["yes", ""]', "consent.granted"),
        ('date_column = "agreed_on"', "", "consent.date_column"),
        ('"a name; names are never kept"', '""', "dropped.respondent_name"),
        ('column = "tel_2"', 'column = "tel_1"', "tel_1"),
        ("[dropped]", '[dropped]\ntel_2 = "not needed"', "tel_2"),
        ('source = "field-survey"', 'source = "field-survey"\nsauce = "x"', "sauce"),
    ],
)
def test_what_is_wrong_is_told_under_its_key(old, new, key):
    assert old in MAPPING
    assert key in problems_of(MAPPING.replace(old, new))


def test_every_problem_is_told_at_once():
    wrong = MAPPING.replace('"SD"', '"Sudan"').replace('"ti"', '"tlh"').replace('"in_transit"', '"walking"')
    assert set(problems_of(wrong)) == {"country", "language", "stage"}


@pytest.mark.parametrize(
    "title",
    ["name", "Respondent Name", "lastName", "Prénom", "home_address", "GPS", "اسم", "National ID", "e-mail"],
)
def test_a_mapping_that_keeps_a_column_titled_like_a_name_or_an_address_is_refused(title):
    assert "never kept" in problems_of(MAPPING.replace('column = "case"', f'column = "{title}"'))[title]


@pytest.mark.parametrize("title", ["language_name", "CountryName", "case_latest", "hhid", "addendum"])
def test_titles_that_name_no_person_are_taken(title):
    assert read_mapping(MAPPING.replace('column = "case"', f'column = "{title}"')).case_id == title


def test_an_attestation_that_ends_before_it_begins_is_refused():
    text = MAPPING[: MAPPING.index("[consent]")] + (
        '[consent.terms]\nmode = "attested"\nwordings = { keep_number = 1, recontact = 1 }\n'
        '[consent.attestation]\nattested_by = "coordinator"\nfrom = 2026-02-01\nuntil = 2026-01-01\n'
    )
    assert list(problems_of(text)) == ["consent.attestation.until"]


def test_consent_is_a_column_or_an_attestation_and_never_both():
    both = MAPPING + '\n[consent.attestation]\nattested_by = "coordinator"\non = 2026-01-20\n'
    assert "consent" in problems_of(both)


def test_a_mapping_without_consent_is_refused():
    text = MAPPING[: MAPPING.index("[consent]")]
    assert list(problems_of(text)) == ["consent"]


@pytest.mark.parametrize(
    "text", ["", "source = ", "[", "source = 1\nnumbers = 2\ncase_id = 3\nconsent = 4\ndropped = 5"]
)
def test_a_text_that_is_no_mapping_is_refused(text):
    assert problems_of(text)


def test_the_words_repeated_here_are_those_of_the_models():
    assert set(CONSENT_MODES) == set(Mode.values)
    assert set(NUMBER_OWNERS) == set(Whose.values)
