"""Reading a call list in: every row checked, those that can be taken committed together, each case once for good."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from uuid import UUID, uuid4

from django.db import IntegrityError
from django.utils.translation import gettext as _

from accounts.models import Team, User
from audit import trail
from audit.actions import Action
from casework.attesting import Ground, ground
from consent import recording
from consent.folding import Decision
from consent.models import LedgerEntry, Mode
from consent.purposes import valid_days_in
from consent.recording import Said
from followups import planning
from kernel.errors import Conflict
from tracker.exchange.checking import check
from tracker.exchange.mapping import Attestation, CaseMapping
from tracker.exchange.mapping_files import read_mapping
from tracker.exchange.reading import read
from tracker.exchange.report import ImportReport
from tracker.exchange.staged import CountedCase, Staged, StagedCase
from tracker.exchange.staging import stage
from tracker.keeping import Given, NewNumber, fresh_keys, safely_kept, write_many
from tracker.models import Enrolment, Respondent, SourceCase, Study
from tracker.models.contact_points import Whose
from tracker.profile import AgeBand
from tracker.registering import Person, Profile, register_many
from tracker.whereabouts import Whereabouts
from vault.keyed import case_key

BATCH = 500


@dataclass(frozen=True, slots=True)
class Joiner:
    """A case about to be enrolled, with the id its key is made for and the key of the case itself."""

    case: StagedCase
    key: bytes
    id: UUID


@dataclass(frozen=True, slots=True)
class Sorted:
    """What is to be done with the rows of a list."""

    joiners: tuple[Joiner, ...]
    counted: tuple[bytes, ...]
    known: int


def import_cases(
    *, content: bytes, mapping_text: str, study: Study, by: User, now: datetime, is_dry_run: bool = False
) -> ImportReport:
    """Enrol the people of a call list. Rows that are refused do not hold back the others; of those, all or none.

    A case known by its source and id is never taken again, whatever became of it: somebody who was only counted, or
    erased, stays so. A dry run writes nothing and never consults the phone index. Raises DomainErrors for a file or
    mapping that cannot be used, `import_at_once` for two imports of one list at the same time, and Locked.
    """
    mapping = read_mapping(mapping_text)
    sheet = read(content)
    check(mapping, sheet)
    staged = stage(sheet.rows, mapping, today=now.date())
    stands_on = ground(mapping, staged.cases, study, by)
    rows = _sorted(staged, mapping)
    report = ImportReport(staged.rows_read, len(rows.joiners), len(rows.counted), rows.known, staged.errors)
    if not is_dry_run:
        _commit(rows, mapping, study, stands_on, report, by, now)
    return report


def _sorted(staged: Staged, mapping: CaseMapping) -> Sorted:
    """New cases to enrol and to count, without those known already. A minor is counted: they are not called."""
    rows: list[StagedCase | CountedCase] = [*staged.cases, *staged.counted_only]
    keys = {case.row: case_key(mapping.source, case.case_id) for case in rows}
    known = _known(mapping.source, list(keys.values()))
    new = [case for case in staged.cases if keys[case.row] not in known]
    adults = [case for case in new if not _is_minor(case)]
    only_counted: list[StagedCase | CountedCase] = [case for case in new if _is_minor(case)]
    only_counted += [case for case in staged.counted_only if keys[case.row] not in known]
    return Sorted(
        joiners=tuple(Joiner(case, keys[case.row], uuid4()) for case in adults),
        counted=tuple(keys[case.row] for case in only_counted),
        known=sum(key in known for key in keys.values()),
    )


def _is_minor(case: StagedCase) -> bool:
    return case.profile.age_band == AgeBand.UNDER_18


def _known(source: str, keys: Sequence[bytes]) -> set[bytes]:
    known: set[bytes] = set()
    for start in range(0, len(keys), BATCH):
        rows = SourceCase.objects.filter(source=source, case_key__in=keys[start : start + BATCH])
        known |= {bytes(key) for key in rows.values_list("case_key", flat=True)}
    return known


def _commit(
    rows: Sorted,
    mapping: CaseMapping,
    study: Study,
    stands_on: Ground,
    report: ImportReport,
    by: User,
    now: datetime,
) -> None:
    numbers = [one.number.e164 for joiner in rows.joiners for one in joiner.case.numbers]
    try:
        with fresh_keys([joiner.id for joiner in rows.joiners], now=now), safely_kept(numbers):
            people = [_person(joiner.case, joiner.id, stands_on.team) for joiner in rows.joiners]
            respondents = register_many(people=people, by=by, now=now)
            _remember_cases(rows, mapping.source, study, now)
            _write_consents(rows.joiners, study, stands_on, by, now)
            write_many(given=[given for joiner in rows.joiners for given in _given(joiner)], now=now)
            planning.plan_many(enrolments=_place_in_study(respondents, study, by, now), now=now)
            _leave_trace(mapping, study, report, by, now)
    except IntegrityError:
        # Anything else that breaks a constraint is a fault and must be seen as one.
        if not _known(mapping.source, [joiner.key for joiner in rows.joiners] + list(rows.counted)):
            raise
        raise _at_once() from None


def _person(case: StagedCase, respondent_id: UUID, team: Team) -> Person:
    profile = case.profile
    number_zones = tuple(zone for one in case.numbers for zone in one.number.zones)
    return Person(
        id=respondent_id,
        team=team,
        language=case.language,
        stage=case.stage,
        where=Whereabouts(case.country, "", number_zones),
        profile=Profile(
            profile.age_band, profile.sex, profile.nationality_group, profile.route, case.country
        ),
    )


def _remember_cases(rows: Sorted, source: str, study: Study, now: datetime) -> None:
    """Enrolled and counted alike, by keyed code: the next time the list comes, they are known."""
    enrolled = [(joiner.key, joiner.id) for joiner in rows.joiners]
    counted: list[tuple[bytes, UUID | None]] = [(key, None) for key in rows.counted]
    SourceCase.objects.bulk_create(
        [
            SourceCase(source=source, case_key=key, study=study, respondent_id=respondent_id, at=now)
            for key, respondent_id in (*enrolled, *counted)
        ],
        batch_size=BATCH,
    )


def _write_consents(
    joiners: Sequence[Joiner], study: Study, stands_on: Ground, by: User, now: datetime
) -> None:
    lines = [
        recording.line_for(joiner.id, said, by, now)
        for joiner in joiners
        for said in _said(joiner.case, study, stands_on)
    ]
    LedgerEntry.objects.bulk_create(lines, batch_size=BATCH)


def _said(case: StagedCase, study: Study, stands_on: Ground) -> list[Said]:
    """One yes for each purpose; of several days on which it may have been given the first, so that it ends soonest."""
    terms = case.consent.terms
    language = terms.language or case.language
    at = datetime.combine(case.consent.given_from, time(), tzinfo=UTC)
    return [
        Said(
            one.purpose,
            Decision.GRANTED,
            Mode(terms.mode),
            language,
            at=at,
            wording=stands_on.words[one.purpose, language],
            valid_days=valid_days_in(one.purpose, study.consent_valid_days),
        )
        for one in terms.wordings
    ]


def _given(joiner: Joiner) -> list[Given]:
    return [
        Given(joiner.id, NewNumber(one.number, Whose(one.whose), position=place))
        for place, one in enumerate(joiner.case.numbers)
    ]


def _place_in_study(
    respondents: Sequence[Respondent], study: Study, by: User, now: datetime
) -> list[Enrolment]:
    enrolments = [Enrolment(respondent=one, study=study, at=now, by=by) for one in respondents]
    return Enrolment.objects.bulk_create(enrolments, batch_size=BATCH)


def _leave_trace(mapping: CaseMapping, study: Study, report: ImportReport, by: User, now: datetime) -> None:
    consent = mapping.consent
    trail.record(
        Action.CASES_IMPORTED,
        by=by,
        at=now,
        object_type="study",
        object_id=study.pk,
        detail={
            "source": mapping.source,
            "rows_read": report.rows_read,
            "enrolled": report.enrolled,
            "counted_only": report.counted_only,
            "already_imported": report.already_imported,
            "refused": report.rows_refused,
            "attested_by": consent.attested_by if isinstance(consent, Attestation) else "",
        },
    )


def _at_once() -> Conflict:
    return Conflict(
        "import_at_once",
        _("The same list is being imported by somebody else at this moment."),
        kept=_("Nothing of yours was imported."),
        next_step=_("Wait until that import has ended and run yours again; nobody is enrolled twice."),
    )
