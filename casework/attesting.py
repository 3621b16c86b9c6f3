"""Whether an import may take place at all: by whom, for which team, in which approved words, on whose word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Team, User
from accounts.permissions import Permission
from consent.models import Wording
from consent.purposes import Purpose
from kernel.errors import DomainError, Forbidden
from tracker.exchange.mapping import Attestation, CaseMapping
from tracker.exchange.staged import StagedCase
from tracker.models import Study
from tracker.models.contact_points import Whose

Words = Mapping[tuple[Purpose, str], Wording]
"""The approved wording of each purpose in each language that the list needs."""


@dataclass(frozen=True, slots=True)
class Ground:
    """On what an import stands."""

    team: Team
    words: Words


def ground(mapping: CaseMapping, cases: Sequence[StagedCase], study: Study, by: User) -> Ground:
    """The team and the wordings of an import; raises a DomainError, and nothing is imported, when something lacks."""
    if not by.may(Permission.IMPORT_CASES):
        raise Forbidden("not_yours", _("Importing a list takes a coordinator."), kept=_kept())
    _check_attestation(mapping)
    _check_trusted(mapping)
    return Ground(_team(mapping, study, by), _words(mapping, cases))


def _check_attestation(mapping: CaseMapping) -> None:
    """Whoever answers for the consent is a member of staff with an open account."""
    consent = mapping.consent
    if isinstance(consent, Attestation):
        known = User.objects.working().filter(username=consent.attested_by)
        if not known.exists():
            raise _refused(
                "attestation_by_unknown",
                _(
                    "The mapping says that “%(username)s” answers for the consent, and nobody here has that username."
                )
                % {"username": consent.attested_by},
                _("Name a member of staff who does answer for it."),
            )


def _check_trusted(mapping: CaseMapping) -> None:
    purposes = {wording.purpose for wording in mapping.terms.wordings}
    if (
        any(one.whose == Whose.TRUSTED for one in mapping.numbers)
        and Purpose.TRUSTED_CONTACTS not in purposes
    ):
        raise _refused(
            "trusted_without_consent",
            _("The list has numbers of people whom respondents trust, and no consent to keep those."),
            _("Add the wording for trusted_contacts to the mapping if it was agreed to, or drop the column."),
        )


def _team(mapping: CaseMapping, study: Study, by: User) -> Team:
    """The team the mapping names, or the only one there can be."""
    teams = study.teams.all() if by.sees_all_teams else study.teams.filter(pk__in=by.team_ids)
    found = list(teams.filter(code=mapping.team) if mapping.team else teams)
    if study.closed_at:
        raise _refused("study_not_open", _("This study is closed."), _("Choose a study that is open."))
    if len(found) != 1:
        codes = ", ".join(team.code for team in teams)
        raise _refused(
            "team_unclear",
            _("It is not clear which team will call these people. Your teams in this study: %(codes)s.")
            % {"codes": codes or _("none")},
            _('Write team = "CODE" into the mapping, with one of these codes.'),
        )
    return found[0]


def _words(mapping: CaseMapping, cases: Sequence[StagedCase]) -> Words:
    languages = {mapping.terms.language} if mapping.terms.language else {case.language for case in cases}
    wanted = {
        (one.purpose, language): one.version for one in mapping.terms.wordings for language in languages
    }
    approved = Wording.objects.approved().filter(language__in=languages)
    by_version = {(Purpose(one.purpose), one.language, one.version): one for one in approved}
    missing = [(*key, version) for key, version in wanted.items() if (*key, version) not in by_version]
    if missing:
        listed = ", ".join(
            f"{purpose.value} {language} v{version}" for purpose, language, version in sorted(missing)
        )
        raise _refused(
            "wording_not_approved",
            _("These wordings are not approved, so nobody can have agreed to them: %(listed)s.")
            % {"listed": listed},
            _("Have them approved, or name the version and language that were read out."),
        )
    return {key: by_version[(*key, version)] for key, version in wanted.items()}


def _refused(code: str, sentence: str, next_step: str) -> DomainError:
    return DomainError(code, sentence, kept=_kept(), next_step=next_step)


def _kept() -> str:
    return _("Nothing was imported.")
