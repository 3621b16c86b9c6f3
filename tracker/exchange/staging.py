"""The rows of a call list made into cases ready to enrol, rows that are only counted, and rows refused."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime

from kernel.errors import DomainError
from tracker import numbers
from tracker.exchange.mapping import CaseMapping, ConsentColumn, ValueSource, folded
from tracker.exchange.problems import Reason, RowError, ValueKind
from tracker.exchange.reading import Row
from tracker.exchange.staged import (
    CountedCase,
    Staged,
    StagedCase,
    StagedConsent,
    StagedNumber,
    StagedProfile,
)
from tracker.numbers import ParsedNumber
from tracker.profile import AgeBand, NationalityGroup, Route, Sex
from tracker.stages import Stage


def stage(rows: Sequence[Row], mapping: CaseMapping, *, today: date | None = None) -> Staged:
    """Every row as a case, a count or errors; with `today`, consent dated later is an error.

    A row with one bad number among good ones is refused whole: enrolled with the rest, the bad one could never be
    brought in later, since its case would count as imported. Of rows that share a case id none is taken.
    """
    seen = Counter(row.cells[mapping.case_id] for row in rows)
    cases: list[StagedCase] = []
    counted: list[CountedCase] = []
    errors: list[RowError] = []
    for row in rows:
        reader = _RowReader(row, mapping, today)
        found = reader.read(is_repeated=seen[row.cells[mapping.case_id]] > 1)
        errors.extend(reader.errors)
        if isinstance(found, StagedCase):
            cases.append(found)
        elif found is not None:
            counted.append(found)
    return Staged(len(rows), tuple(cases), tuple(counted), tuple(errors))


class _RowReader:
    """One row under a mapping; what is wrong gathers in `errors`, without the cell it is about."""

    def __init__(self, row: Row, mapping: CaseMapping, today: date | None) -> None:
        self._row = row
        self._mapping = mapping
        self._today = today
        self.errors: list[RowError] = []

    def read(self, *, is_repeated: bool) -> StagedCase | CountedCase | None:
        case_id = self._case_id(is_repeated)
        consent = self._consent()
        if self.errors:
            return None
        if consent is None:
            # Before any number is looked at: without consent not even its shape is learned.
            return CountedCase(self._row.line, case_id)
        case = self._case(case_id, consent)
        return None if self.errors else case

    def _case(self, case_id: str, consent: StagedConsent) -> StagedCase:
        mapping = self._mapping
        return StagedCase(
            row=self._row.line,
            case_id=case_id,
            numbers=self._numbers(),
            language=self._code(mapping.language, ValueKind.LANGUAGE),
            stage=Stage(self._code(mapping.stage, ValueKind.STAGE) or Stage.UNKNOWN),
            country=self._code(mapping.country, ValueKind.COUNTRY, blank=""),
            profile=self._profile(),
            consent=consent,
        )

    def _case_id(self, is_repeated: bool) -> str:
        case_id = self._row.cells[self._mapping.case_id]
        if not case_id:
            self._refuse(self._mapping.case_id, ValueKind.CASE_ID, Reason.MISSING)
        elif is_repeated:
            self._refuse(self._mapping.case_id, ValueKind.CASE_ID, Reason.REPEATED)
        return case_id

    def _numbers(self) -> tuple[StagedNumber, ...]:
        """Each number once, in the order of the mapping; the same number in two columns counts as the first."""
        found: dict[str, StagedNumber] = {}
        for each in self._mapping.numbers:
            parsed = self._number(each.column)
            if parsed is not None:
                found.setdefault(parsed.e164, StagedNumber(parsed, each.whose))
        if not found and not self.errors:
            self._refuse(self._mapping.numbers[0].column, ValueKind.NUMBER, Reason.NO_NUMBER)
        return tuple(found.values())

    def _number(self, column: str) -> ParsedNumber | None:
        cell = self._row.cells[column]
        if not cell:
            return None
        try:
            return numbers.parse(cell, self._mapping.default_region)
        except DomainError:
            self._refuse(column, ValueKind.NUMBER, Reason.IMPOSSIBLE)
            return None

    def _profile(self) -> StagedProfile:
        code = {
            key: self._code(source, ValueKind.PROFILE, blank="not_said")
            for key, source in self._mapping.profile.items()
        }
        return StagedProfile(
            age_band=AgeBand(code.get("age_band") or AgeBand.NOT_SAID),
            sex=Sex(code.get("sex") or Sex.NOT_SAID),
            nationality_group=NationalityGroup(code.get("nationality_group") or NationalityGroup.NOT_SAID),
            route=Route(code.get("route") or Route.NOT_SAID),
        )

    def _code(self, source: ValueSource, kind: ValueKind, *, blank: str | None = None) -> str:
        """What the row's cell means, `blank` for an empty cell the mapping is silent on, or "" and an error."""
        cell = self._row.cells[source.column] if source.column else ""
        code = source.meaning_of(cell)
        if code is None and not cell:
            code = blank
        if code is None:
            self._refuse(source.column, kind, Reason.UNKNOWN_VALUE if cell else Reason.MISSING)
        return code or ""

    def _consent(self) -> StagedConsent | None:
        stated = self._mapping.consent
        if isinstance(stated, ConsentColumn):
            return self._stated_consent(stated)
        return StagedConsent(self._mapping.terms, stated.given_from, stated.given_until, stated.attested_by)

    def _stated_consent(self, stated: ConsentColumn) -> StagedConsent | None:
        """None when the cell says no or says nothing."""
        answer = folded(self._row.cells[stated.column])
        if not answer or answer in stated.refused:
            return None
        if answer not in stated.granted:
            self._refuse(stated.column, ValueKind.CONSENT, Reason.UNKNOWN_VALUE)
            return None
        given_on = self._date(stated)
        return StagedConsent(self._mapping.terms, given_on, given_on) if given_on else None

    def _date(self, stated: ConsentColumn) -> date | None:
        cell = self._row.cells[stated.date_column]
        given_on = _read_date(cell, stated.date_format)
        if not cell:
            self._refuse(stated.date_column, ValueKind.CONSENT_DATE, Reason.MISSING)
        elif given_on is None:
            self._refuse(stated.date_column, ValueKind.CONSENT_DATE, Reason.NOT_A_DATE)
        elif self._today and given_on > self._today:
            self._refuse(stated.date_column, ValueKind.CONSENT_DATE, Reason.IN_THE_FUTURE)
        return given_on

    def _refuse(self, column: str, kind: ValueKind, reason: Reason) -> None:
        self.errors.append(RowError(self._row.line, column, kind, reason))


def _read_date(cell: str, date_format: str) -> date | None:
    try:
        return datetime.strptime(cell, date_format).replace(tzinfo=UTC).date()
    except ValueError:
        return None
