"""What a mapping says of a call list: which columns mean what, which are dropped, and where the consent comes from."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from consent.purposes import Purpose
from tracker.profile import AgeBand, NationalityGroup, Route, Sex

# The coded parts of a profile; all else about a person stays in the survey tool.
PROFILE_CODES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "age_band": tuple(AgeBand.values),
        "sex": tuple(Sex.values),
        "nationality_group": tuple(NationalityGroup.values),
        "route": tuple(Route.values),
    }
)

# The values of `Mode` and `Whose`, repeated because a pure module cannot import a model; a test compares them.
CONSENT_MODES = ("in_person", "phone", "message", "writing", "attested")
NUMBER_OWNERS = ("own", "shared", "trusted")


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """A column of phone numbers, and whose phone they belong to."""

    column: str
    whose: str


@dataclass(frozen=True, slots=True)
class ValueSource:
    """Where a coded value comes from: the same `constant` for every row, or a column and what its cells mean.

    `meanings` is keyed by `folded` cells; the key "" says what an empty cell means.
    """

    constant: str = ""
    column: str = ""
    meanings: Mapping[str, str] | None = None

    def meaning_of(self, cell: str) -> str | None:
        """The code for a cell, or None when the mapping does not say."""
        if not self.column:
            return self.constant
        return (self.meanings or {}).get(folded(cell))


@dataclass(frozen=True, slots=True)
class AgreedWording:
    """The text that was agreed to: with the language it names one row of `consent`'s wordings."""

    purpose: Purpose
    version: int


@dataclass(frozen=True, slots=True)
class ConsentTerms:
    """What was agreed to and how it was asked. `language` is "" when each person was asked in their own."""

    wordings: tuple[AgreedWording, ...]
    language: str
    mode: str


@dataclass(frozen=True, slots=True)
class ConsentColumn:
    """Consent stands in the file: one column for yes or no, one for the date it was given."""

    column: str
    granted: frozenset[str]
    refused: frozenset[str]
    date_column: str
    date_format: str


@dataclass(frozen=True, slots=True)
class Attestation:
    """A named person answers for it that everybody in the file gave consent between two dates, both included."""

    attested_by: str
    given_from: date
    given_until: date


@dataclass(frozen=True, slots=True)
class CaseMapping:
    """A whole mapping, checked: nothing in it is unknown and nothing in it keeps a name or an address."""

    source: str
    team: str
    default_region: str
    case_id: str
    numbers: tuple[NumberColumn, ...]
    language: ValueSource
    stage: ValueSource
    country: ValueSource
    profile: Mapping[str, ValueSource]
    terms: ConsentTerms
    consent: ConsentColumn | Attestation
    dropped: Mapping[str, str]

    def kept_columns(self) -> tuple[str, ...]:
        """Every column that is read, once each, in the order the mapping is written."""
        sources = (self.language, self.stage, self.country, *self.profile.values())
        consent = self.consent
        stated = (consent.column, consent.date_column) if isinstance(consent, ConsentColumn) else ()
        columns = (
            self.case_id,
            *(number.column for number in self.numbers),
            *(source.column for source in sources),
        )
        return tuple(dict.fromkeys(column for column in (*columns, *stated) if column))


def folded(cell: str) -> str:
    """A cell as it is compared: composed, trimmed, without case."""
    return unicodedata.normalize("NFC", cell).strip().casefold()
