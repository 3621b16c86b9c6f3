"""Who can call: languages with open follow-ups against the enumerators on shift who speak them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from accounts.models import Shift, StaffLanguage, Team, User
from followups.models.follow_ups import LIVE, State
from kernel import languages
from reports.wanted import Wanted


@dataclass(frozen=True, slots=True)
class Capacity:
    """One language in one team: what is open, and who could take it."""

    team: Team
    language: str
    open: int
    ready: int
    on_shift: int
    speakers: int

    @property
    def is_short(self) -> bool:
        """Owed in a language that nobody on shift now speaks."""
        return self.open > 0 and self.on_shift == 0


def capacity(wanted: Wanted, locale: str) -> tuple[Capacity, ...]:
    """Shortages first, then by how many are open."""
    owed = _open_by_language(wanted)
    teams = Team.objects.in_bulk({team_id for team_id, _ in owed})
    speakers, here = _speakers(set(teams)), _on_shift(set(teams), wanted.now)
    rows = [
        Capacity(
            team=teams[team_id],
            language=languages.names(language, locale),
            open=counts[0],
            ready=counts[1],
            on_shift=len(speakers[team_id, language] & here),
            speakers=len(speakers[team_id, language]),
        )
        for (team_id, language), counts in owed.items()
    ]
    return tuple(sorted(rows, key=lambda row: (not row.is_short, -row.open, row.language, row.team.code)))


def _open_by_language(wanted: Wanted) -> dict[tuple[UUID, str], tuple[int, int]]:
    now = wanted.now
    ready = Q(state=State.READY, ready_from__lte=now, ready_until__gt=now)
    counted = (
        wanted.follow_ups()
        .filter(state__in=[state.value for state in LIVE])
        .order_by()
        .values_list("team", "language")
        .annotate(open=Count("pk"), ready=Count("pk", filter=ready))
    )
    return {(team, language): (many, ready_now) for team, language, many, ready_now in counted}


def _enumerators(team_ids: set[UUID]) -> Q:
    return Q(user__in=User.objects.working().enumerators().filter(teams__in=team_ids).values("pk"))


def _speakers(team_ids: set[UUID]) -> defaultdict[tuple[UUID, str], set[UUID]]:
    """Who speaks what in which team: rows of staff, never of the panel."""
    said = StaffLanguage.objects.filter(_enumerators(team_ids))
    found: defaultdict[tuple[UUID, str], set[UUID]] = defaultdict(set)
    for user_id, team_id, language in said.values_list("user", "user__teams", "language"):
        found[team_id, language].add(user_id)
    return found


def _on_shift(team_ids: set[UUID], now: datetime) -> set[UUID]:
    """Whose shift covers `now` on their own clock, which may be on the day before or after ours."""
    days = {(now + timedelta(days=days)).weekday() for days in (-1, 0, 1)}
    shifts = Shift.objects.filter(_enumerators(team_ids), weekday__in=days).select_related("user")
    return {shift.user_id for shift in shifts if shift.covers(now)}
