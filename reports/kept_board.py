"""The board of a large panel is counted now and then and kept meanwhile; that of a small one is counted each time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.core.cache import cache

from kernel.budgets import for_seconds
from reports.board import Board, board_of
from reports.wanted import Wanted

QUICK_SECONDS = 1
"""Whoever waits no longer than this for a count gets a fresh one."""
KEPT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class KeptBoard:
    """A board, and when its figures were counted."""

    board: Board
    counted_at: datetime


def kept_board(wanted: Wanted, locale: str, losses_by: str = "") -> KeptBoard:
    """The board of these filters for these teams: counted now, or up to a quarter of an hour ago where it takes long.

    What is kept holds figures and no person, and is given to those alone who may know of exactly the same teams.
    """
    key = _key(wanted, locale, losses_by)
    kept: KeptBoard | None = cache.get(key)
    if kept is not None and timedelta(0) <= wanted.now - kept.counted_at < KEPT:
        return kept
    is_quick = for_seconds(QUICK_SECONDS)
    counted = KeptBoard(board_of(wanted, locale, losses_by), wanted.now)
    if not is_quick():
        cache.set(key, counted, KEPT.total_seconds())
    return counted


def _key(wanted: Wanted, locale: str, losses_by: str) -> str:
    reader = wanted.reader
    teams = "all" if reader.sees_all_teams else sorted(str(team) for team in reader.team_ids)
    narrowed = (
        wanted.study and wanted.study.pk,
        wanted.round_number,
        wanted.month,
        wanted.team and wanted.team.pk,
    )
    said = (teams, *narrowed, wanted.language, wanted.stage, reader.time_zone, locale, losses_by)
    return f"board:{sha256(repr(said).encode()).hexdigest()}"
