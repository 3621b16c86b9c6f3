"""A call list as values: people to enrol, rows only counted, and rows refused."""

from dataclasses import dataclass
from datetime import date

from tracker.exchange.mapping import ConsentTerms
from tracker.exchange.problems import RowError
from tracker.numbers import ParsedNumber
from tracker.profile import AgeBand, NationalityGroup, Route, Sex
from tracker.stages import Stage


@dataclass(frozen=True, slots=True)
class StagedNumber:
    """A phone number of a case, and whose phone it is."""

    number: ParsedNumber
    whose: str


@dataclass(frozen=True, slots=True)
class StagedProfile:
    """What the list says of a person, in codes."""

    age_band: AgeBand = AgeBand.NOT_SAID
    sex: Sex = Sex.NOT_SAID
    nationality_group: NationalityGroup = NationalityGroup.NOT_SAID
    route: Route = Route.NOT_SAID


@dataclass(frozen=True, slots=True)
class StagedConsent:
    """Consent to every wording in `terms`, given between two dates, both included; the same date when it is known.

    `attested_by` is the username that answers for it, "" when the file itself holds the consent.
    """

    terms: ConsentTerms
    given_from: date
    given_until: date
    attested_by: str = ""


@dataclass(frozen=True, slots=True)
class StagedCase:
    """A person to enrol; always with consent and at least one number. `country` is "" when the list does not say."""

    row: int
    case_id: str
    numbers: tuple[StagedNumber, ...]
    language: str
    stage: Stage
    country: str
    profile: StagedProfile
    consent: StagedConsent


@dataclass(frozen=True, slots=True)
class CountedCase:
    """A row without consent: nothing of it is kept but that it was there."""

    row: int
    case_id: str


@dataclass(frozen=True, slots=True)
class Staged:
    """A whole file, every row in exactly one of three places. A row may have several errors."""

    rows_read: int
    cases: tuple[StagedCase, ...]
    counted_only: tuple[CountedCase, ...]
    errors: tuple[RowError, ...]
