"""Making and changing teams."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Team, User
from accounts.permissions import Permission
from audit import trail
from audit.actions import Action
from kernel import countries
from kernel.errors import Conflict, Forbidden


@dataclass(frozen=True, slots=True)
class TeamDetails:
    """What is known of a team; `country` by its ISO 3166 code."""

    code: str
    title: str
    country: str


@transaction.atomic
def create_team(*, details: TeamDetails, by: User, now: datetime) -> Team:
    """A new team. Raises `not_yours`, `beyond_own_countries`, `team_code_taken`, `unknown_country`."""
    _check(details, by, None)
    team = Team(**asdict(details))
    team.save(force_insert=True)
    _record(team, by, now)
    return team


@transaction.atomic
def change_team(*, team: Team, details: TeamDetails, by: User, now: datetime) -> Team:
    """Change a team's code, title or country; who belongs to it is set on their own pages."""
    _check(details, by, team)
    Team.objects.filter(pk=team.pk).update(**asdict(details))
    team.refresh_from_db()
    _record(team, by, now)
    return team


def _check(details: TeamDetails, by: User, team: Team | None) -> None:
    if not by.may(Permission.ADMINISTER_STAFF):
        raise Forbidden("not_yours", _("Only an administrator may do this."))
    countries.country(details.country)
    if by.country_codes and details.country not in by.country_codes:
        raise Forbidden(
            "beyond_own_countries",
            _("You work for some countries only, and this is not one of them."),
            kept=_("Nothing was changed."),
            next_step=_("Ask an administrator who is not limited to countries."),
        )
    others = Team.objects.exclude(pk=team.pk) if team else Team.objects.all()
    if others.filter(code=details.code).exists():
        raise Conflict(
            "team_code_taken",
            _("Another team has the code “%(code)s”.") % {"code": details.code},
            next_step=_("Choose another code."),
        )


def _record(team: Team, by: User, now: datetime) -> None:
    trail.record(Action.TEAM_CHANGED, by=by, at=now, object_type="team", object_id=team.pk)
