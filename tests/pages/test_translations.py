"""Promises of the catalogues: whole, faithful to what they translate, and complete where enumerators read them."""

import gettext
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
CATALOGUES = sorted(ROOT.glob("locale/*/LC_MESSAGES/django.po"))

ENUMERATORS_MEET = [
    "templates/base.html",
    "templates/_partials/**/*.html",
    "templates/errors/**/*.html",
    "templates/followups/**/*.html",
    "templates/accounts/sign_in*.html",
    "templates/accounts/_tour*.html",
    "templates/accounts/tour.html",
    "templates/accounts/step_up.html",
    "templates/casework/*slip.html",
    "config/context.py",
    "accounts/sign_in.py",
    "accounts/stepping_up.py",
    "accounts/step_up_forms.py",
    "accounts/tour.py",
    "casework/slips.py",
    "casework/slip_forms.py",
    "followups/scheduling/explanations.py",
    "followups/dispositions.py",
    "followups/forms.py",
    "followups/outcome_form.py",
    "followups/calling/*.py",
    "followups/gateways/simulated/voices.py",
    "tracker/labels.py",
]
COORDINATORS_MEET = re.compile(r"templates/followups/_?plan\w*\.html")

KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
TO_KEEP = re.compile(r"%\(\w+\)[a-z]|%[sd%]|\{\w+\}|</?\w[^>]*>")

every_catalogue = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, abort_invalid=True)


def messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def originals(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def translations(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


# --- Whole --------------------------------------------------------------------------------------------------


def test_the_catalogues_are_those_of_the_languages_offered():
    offered = {code for code, _name in settings.LANGUAGES} - {"en"}
    assert {path.parent.parent.name for path in CATALOGUES} == offered


@every_catalogue
def test_a_catalogue_compiles_and_reads_back(path):
    compiled = BytesIO()
    write_mo(compiled, read(path))
    compiled.seek(0)
    assert gettext.GNUTranslations(compiled).gettext("Sign in") not in ("", "Sign in")


@every_catalogue
def test_a_translation_has_every_plural_its_language_knows(path):
    catalogue = read(path)
    plurals = [message for message in messages(catalogue) if message.pluralizable]
    lacking = [
        m.id for m in plurals if any(m.string) and len(list(filter(None, m.string))) != catalogue.num_plurals
    ]
    assert lacking == []


@every_catalogue
def test_no_translation_is_a_guess_of_the_tools(path):
    assert [message.id for message in messages(read(path)) if message.fuzzy] == []


# --- Faithful -----------------------------------------------------------------------------------------------


def kept(text: str) -> Counter[str]:
    return Counter(TO_KEEP.findall(text))


def plurals_of_one_number(catalogue: Catalog) -> set[int]:
    """The plural forms that stand for a single number, such as the Arabic dual: they may say it in words."""
    rule = gettext.c2py(catalogue.plural_expr)
    used = Counter(rule(number) for number in range(1000))
    return {form for form, times in used.items() if times == 1}


def unfaithful(message: Message, spoken: Iterable[int] = ()) -> list[str]:
    """The translations that lost or gained a placeholder or a tag."""
    wanted = kept(originals(message)[-1])
    wrong = []
    for form, text in enumerate(translations(message)):
        lost, gained = wanted - kept(text), kept(text) - wanted
        in_words = (
            message.pluralizable and form in spoken and lost.total() == 1 and next(iter(lost))[0] == "%"
        )
        if text and (gained or (lost and not in_words)):
            wrong.append(text)
    return wrong


@every_catalogue
def test_a_translation_keeps_every_placeholder_and_tag(path):
    catalogue = read(path)
    spoken = plurals_of_one_number(catalogue)
    assert [text for message in messages(catalogue) for text in unfaithful(message, spoken)] == []


@pytest.mark.parametrize(
    ("original", "translated"),
    [
        ("Plan of %(code)s", "Plan de (code)s"),
        ("at %s", "à"),
        ("holds {pseudonym}", "contient {pseudonyme}"),
        ("<b>%(how_many)s</b> now", "<b>%(how_many)s maintenant"),
        (("%(n)s day", "%(n)s days"), ("%(n)s jour", "des jours")),
    ],
)
def test_a_lost_placeholder_or_tag_is_noticed(original, translated):
    assert len(unfaithful(Message(original, translated))) == 1


def test_a_plural_of_one_number_may_say_it_in_words():
    days = Message(("%(n)s day", "%(n)s days"), ("no day", "one day", "%(n)s days"))
    assert unfaithful(days, spoken={0, 1}) == []


# --- Complete where enumerators read ------------------------------------------------------------------------


def sources() -> list[Path]:
    found = sorted({path for pattern in ENUMERATORS_MEET for path in ROOT.glob(pattern)})
    return [path for path in found if not COORDINATORS_MEET.fullmatch(path.relative_to(ROOT).as_posix())]


def sentences_in(path: Path) -> Iterator[tuple[str | None, str]]:
    """What a source file says to people: the context, and the sentence in its singular."""
    text = path.read_text()
    if path.suffix == ".html":
        # Templates are indented as they please; Python, which this is turned into, is not.
        text = "\n".join(line.lstrip() for line in templatize(text).splitlines())
    for _line, found, _comments, context in extract("python", BytesIO(text.encode()), keywords=KEYWORDS):
        yield context, found if isinstance(found, str) else found[0]


def test_every_place_named_has_sentences():
    silent = [
        pattern
        for pattern in ENUMERATORS_MEET
        if not any(sentence for path in ROOT.glob(pattern) for sentence in sentences_in(path))
    ]
    assert silent == []


def test_the_sentences_of_pages_and_of_code_are_both_found():
    found = {sentence for path in sources() for _context, sentence in sentences_in(path)}
    assert {"Next call", "No call is planned for them.", "%(minutes)s minute left", "Sign in"} <= found


def test_sentences_translated_when_they_are_shown_are_found():
    slips = {sentence for _context, sentence in sentences_in(ROOT / "casework/slips.py")}
    voices = {
        sentence for _context, sentence in sentences_in(ROOT / "followups/gateways/simulated/voices.py")
    }
    assert "the code, and how to stop" in slips
    assert "The line is busy." in voices


@every_catalogue
def test_what_enumerators_meet_is_translated(path):
    catalogue = read(path)
    lacking = []
    for source in sources():
        for context, sentence in sentences_in(source):
            message = catalogue.get(sentence, context)
            if message is None or not all(translations(message)):
                lacking.append(f"{source.relative_to(ROOT)}: {sentence}")
    assert lacking == []
