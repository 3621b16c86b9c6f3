"""A mapping read from its TOML file; every problem is told at once, each with its key."""

import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection

from django.utils.translation import gettext_lazy as _

from consent.purposes import FOR_A_CALL, RULES, Purpose
from kernel.countries import CODES as COUNTRY_CODES
from kernel.errors import Sentence
from kernel.languages import LANGUAGES
from tracker.exchange.identifying import names_an_identity
from tracker.exchange.mapping import (
    CONSENT_MODES,
    NUMBER_OWNERS,
    PROFILE_CODES,
    AgreedWording,
    Attestation,
    CaseMapping,
    ConsentColumn,
    ConsentTerms,
    NumberColumn,
    ValueSource,
    folded,
)
from tracker.exchange.problems import MappingRefused, Problem
from tracker.exchange.tables import Table, unknown_word
from tracker.stages import Stage

Check = Callable[[str], Sentence]
"""What is wrong with a code, or "" when it is known."""


def read_mapping(text: str) -> CaseMapping:
    """The mapping in a TOML text; raises MappingRefused with every problem found."""
    try:
        content = tomllib.loads(unicodedata.normalize("NFC", text))
    except tomllib.TOMLDecodeError as broken:
        sentence = _("The file is not TOML: %(why)s.") % {"why": broken}
        raise MappingRefused([Problem("mapping", sentence)]) from None
    problems: list[Problem] = []
    mapping = _mapping(Table(content, "", problems))
    problems.extend(_clashes(mapping))
    if problems:
        raise MappingRefused(problems)
    return mapping


def _mapping(top: Table) -> CaseMapping:
    consent = top.table("consent")
    mapping = CaseMapping(
        source=top.text("source"),
        team=top.text("team", optional=True),
        default_region=top.one_of("default_region", COUNTRY_CODES, optional=True),
        case_id=_case_id(top.table("case_id")),
        numbers=tuple(_number(table) for table in top.tables("numbers")),
        language=_source(top.table("language"), _among(LANGUAGES)),
        stage=_source(top.table("stage"), _among([stage.value for stage in Stage])),
        country=_optional_source(top, "country", _among(COUNTRY_CODES)),
        profile=_profile(top.table("profile", optional=True)),
        terms=_terms(consent.table("terms")),
        consent=_consent(consent),
        dropped=_dropped(top),
    )
    top.refuse_the_rest()
    return mapping


def _case_id(table: Table) -> str:
    column = table.text("column")
    table.refuse_the_rest()
    return column


def _number(table: Table) -> NumberColumn:
    number = NumberColumn(
        column=table.text("column"),
        whose=table.one_of("whose", NUMBER_OWNERS),
    )
    table.refuse_the_rest()
    return number


def _optional_source(top: Table, key: str, check: Check) -> ValueSource:
    if not top.has(key):
        return ValueSource()
    return _source(top.table(key), check)


def _source(table: Table, check: Check) -> ValueSource:
    """A constant `value`, or a `column` with the `values` its cells mean; without `values` its cells are codes."""
    if table.has("value") == table.has("column"):
        table.refuse("", _("Name either one value for every row, or a column: one of the two, and not both."))
    constant = table.text("value", optional=True)
    column = table.text("column", optional=True)
    meanings = table.words("values")
    table.refuse_the_rest()
    for code in filter(None, (constant, *meanings.values())):
        if problem := check(code):
            table.refuse("", problem)
    if column and not meanings:
        table.refuse("values", _("Say what each value of the column means."))
    return ValueSource(constant, column, {folded(cell): code for cell, code in meanings.items()})


def _profile(table: Table) -> dict[str, ValueSource]:
    found = {
        key: _source(table.table(key), _among(codes))
        for key, codes in PROFILE_CODES.items()
        if table.has(key)
    }
    table.refuse_the_rest()
    return found


def _among(known: Collection[str]) -> Check:
    return lambda code: "" if code in known else unknown_word(code, known)


def _terms(table: Table) -> ConsentTerms:
    """What was agreed to; `language` is left out when everybody was asked in their own."""
    wordings = table.table("wordings")
    agreed = tuple(
        AgreedWording(purpose, wordings.whole_number(purpose)) for purpose in Purpose if wordings.has(purpose)
    )
    wordings.refuse_the_rest()
    _refuse_missing_purposes(wordings, [wording.purpose for wording in agreed])
    terms = ConsentTerms(
        wordings=agreed,
        language=table.one_of("language", LANGUAGES, optional=True),
        mode=table.one_of("mode", CONSENT_MODES),
    )
    table.refuse_the_rest()
    return terms


def _refuse_missing_purposes(table: Table, agreed: list[Purpose]) -> None:
    needed = {*FOR_A_CALL, *(need for purpose in agreed for need in RULES[purpose].needs)}
    for purpose in sorted(needed - set(agreed)):
        table.refuse(
            purpose, _("Consent to this purpose is needed before anybody in the list may be called.")
        )


def _consent(table: Table) -> ConsentColumn | Attestation:
    if table.has("column") == table.has("attestation"):
        table.refuse("", _("Name either a column that holds the consent, or an attestation."))
    consent = _attestation(table.table("attestation")) if table.has("attestation") else _consent_column(table)
    table.refuse_the_rest()
    return consent


def _consent_column(table: Table) -> ConsentColumn:
    consent = ConsentColumn(
        column=table.text("column"),
        granted=frozenset(folded(value) for value in table.texts("granted")),
        refused=frozenset(folded(value) for value in table.texts("refused")),
        date_column=table.text("date_column"),
        date_format=table.text("date_format", optional=True) or "%Y-%m-%d",
    )
    if consent.granted & consent.refused:
        table.refuse("granted", _("A value means either that consent was granted or that it was refused."))
    if "" in consent.granted:
        table.refuse("granted", _("An empty cell cannot mean consent."))
    return consent


def _attestation(table: Table) -> Attestation:
    """Between two dates, or on one."""
    first, last = ("on", "on") if table.has("on") else ("from", "until")
    attestation = Attestation(table.text("attested_by"), table.day(first), table.day(last))
    if attestation.given_until < attestation.given_from:
        table.refuse("until", _("The last day is before the first."))
    table.refuse_the_rest()
    return attestation


def _dropped(top: Table) -> dict[str, str]:
    dropped = top.words("dropped")
    for column, reason in dropped.items():
        if not reason.strip():
            top.refuse(f"dropped.{column}", _("Say in a few words why this column is dropped."))
    return dropped


def _clashes(mapping: CaseMapping) -> list[Problem]:
    """Columns read for two things, or read and dropped, or named like something that identifies a person."""
    uses = Counter([mapping.case_id, *(number.column for number in mapping.numbers)])
    kept = mapping.kept_columns()
    twice = [
        Problem(column, _("This column is mapped twice."))
        for column, count in uses.items()
        if column and count > 1
    ]
    both = [
        Problem(column, _("This column is both mapped and dropped."))
        for column in kept
        if column in mapping.dropped
    ]
    return twice + both + [Problem(column, _NAMES_IDENTITY) for column in kept if names_an_identity(column)]


_NAMES_IDENTITY = _(
    "By its title this column holds a name, an address or a document. Such things are never kept: move it to [dropped]."
)
