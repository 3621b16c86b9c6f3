import pytest

from kernel import languages
from kernel.errors import DomainError
from kernel.languages import LANGUAGES


def test_the_panel_has_its_nineteen_languages_and_more():
    panel = [
        "ar",
        "fa",
        "prs",
        "ps",
        "ti",
        "am",
        "so",
        "om",
        "fr",
        "en",
        "es",
        "ht",
        "pt",
        "ur",
        "bn",
        "my",
        "rhg",
        "ku",
        "ckb",
        "tr",
        "sw",
        "ha",
    ]
    assert set(panel) <= set(LANGUAGES)


def test_languages_of_arabic_script_are_written_right_to_left_and_no_others():
    assert {code for code, each in LANGUAGES.items() if each.is_rtl} == {"ar", "fa", "prs", "ps", "ur", "ckb"}


@pytest.mark.parametrize(
    ("code", "reader", "name"),
    [
        ("ti", "en", "Tigrinya"),
        ("ti", "fr", "tigrigna"),
        ("prs", "en", "Dari"),
        ("prs", "fr", "dari"),
        ("ar", "ar", "العربية"),
        ("sw", "pt-br", "suaíli"),
        ("rhg", "xx", "Rohingya"),
    ],
)
def test_a_language_is_named_in_the_readers_language_or_else_in_english(code, reader, name):
    assert languages.names(code, reader) == name


def test_a_code_is_found_whatever_its_case():
    assert languages.language(" TI ").own_name == "ትግርኛ"


def test_an_unknown_language_is_refused():
    with pytest.raises(DomainError) as refused:
        languages.language("tlh")
    assert refused.value.code == "unknown_language"


def test_a_form_offers_each_language_once_under_its_own_name():
    offered = dict(languages.choices("en"))
    assert offered["am"] == "አማርኛ · Amharic"
    assert offered["en"] == "English"
    assert list(offered) == list(LANGUAGES)
