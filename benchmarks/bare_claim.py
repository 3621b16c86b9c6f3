"""The bare claim: the same choice, and the same two rows written, by one statement and one commit of the driver alone.

It asks what a row of the queue says of itself and no rule, and opens nothing. SQLite writes one table a statement, so
there the row of the trail is a second one in the same transaction.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import psycopg
from django.db import connections

from accounts.models import User
from audit.actions import Action
from benchmarks.drivers import Driver
from followups.calling.claiming import LEASE
from followups.dispositions import SOFT_REFUSALS

TRIES = 50
HEAD = """
SELECT * FROM (
  SELECT f.id, f.respondent_id, f.priority, f.closes_at, {rank} AS is_others FROM followups_followup f
  WHERE f.state = 'ready' AND f.has_begun AND f.team_id = {team} AND f.language = {language}{own}
    AND f.ready_from <= {now} AND f.ready_until > {now} AND f.caller_gender = {gender}
    AND NOT EXISTS (SELECT 1 FROM followups_barredenumerator b
      WHERE b.respondent_id = f.respondent_id AND b.enumerator_id = {caller})
    AND NOT EXISTS (SELECT 1 FROM followups_attempt a
      WHERE a.follow_up_id = f.id AND a.enumerator_id = {caller} AND a.disposition IN ({refusals}))
    AND NOT EXISTS (SELECT 1 FROM followups_claim c
      WHERE c.respondent_id = f.respondent_id AND c.ended_at IS NULL AND c.expires_at > {now})
  ORDER BY f.priority, f.closes_at, f.id LIMIT 1{lock}) AS head{number}
"""
CHOSEN = (
    "SELECT id, respondent_id FROM ({heads}) AS heads ORDER BY priority, is_others, closes_at, id LIMIT 1"
)
CLAIM = (
    "INSERT INTO followups_claim (id, follow_up_id, respondent_id, enumerator_id, claimed_at, expires_at, ended)"
    " SELECT {claim}, id, respondent_id, {caller}, {now}, {until}, '' FROM ({chosen}) AS chosen"
    " RETURNING id, follow_up_id, respondent_id"
)
EVENT = (
    "INSERT INTO audit_auditevent (at, actor_id, session_h, action, object_type, object_id, audit_ref, reason, outcome,"
    " request_id, detail) "
)
WHOLE = (
    "WITH claimed AS ({claim}) "
    + EVENT
    + "SELECT {now}, {caller}, '', '{action}', 'claim', c.id, r.audit_ref, '', 'done', '',"
    " jsonb_build_object('follow_up', c.follow_up_id, 'lease_until', {until}::text)"
    " FROM claimed c JOIN tracker_respondent r ON r.id = c.respondent_id RETURNING object_id"
)
SECOND = (
    EVENT + "SELECT {now}, {caller}, '', '{action}', 'claim', ?, audit_ref, '', 'done', '', ?"
    " FROM tracker_respondent WHERE id = ?"
)


@dataclass(frozen=True, slots=True)
class BareClaim:
    """Takes claims through one connection of the driver."""

    driver: Driver

    def take(self, by: User, now: datetime) -> bool:
        """Whether there was anybody to claim."""
        if connections["default"].vendor == "sqlite":
            return self._in_sqlite(by, now)
        return self._in_postgres(by, now)

    def _in_postgres(self, by: User, now: datetime) -> bool:
        """Again where another caller took the row between the look and the lock: the constraint says so."""
        for _try in range(TRIES):
            try:
                cursor = self.driver.execute(_whole(len(by.language_codes)), _values(by, now))
            except psycopg.errors.UniqueViolation:
                self.driver.rollback()
                continue
            is_taken = cursor.fetchone() is not None
            self.driver.commit()
            return is_taken
        return False

    def _in_sqlite(self, by: User, now: datetime) -> bool:
        values = {name: _in_text(value) for name, value in _values(by, now).items()}
        self.driver.execute("BEGIN IMMEDIATE")
        row = self.driver.execute(_claim(len(by.language_codes), ":{}", ""), values).fetchone()
        if row:
            claim, follow_up, respondent = row
            detail = json.dumps({"follow_up": follow_up, "lease_until": values["until"]})
            statement = SECOND.format(now="?", caller="?", action=Action.CLAIMED.value)
            self.driver.execute(statement, (values["now"], values["caller"], claim, detail, respondent))
        self.driver.execute("COMMIT")
        return row is not None


def _values(by: User, now: datetime) -> dict[str, Any]:
    [team] = by.team_ids
    said = {f"language{number}": code for number, code in enumerate(by.language_codes)}
    return {
        "team": team, "now": now, "until": now + LEASE, "gender": by.gender, "caller": by.pk, "claim": uuid4(), **said
    }  # fmt: skip


def _in_text(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return value.hex if hasattr(value, "hex") else value


def _whole(languages: int) -> str:
    claim = _claim(languages, "%({})s", " FOR NO KEY UPDATE OF f SKIP LOCKED")
    names = {name: f"%({name})s" for name in ("now", "caller", "until")}
    return WHOLE.format(claim=claim, action=Action.CLAIMED.value, **names)


def _claim(languages: int, place: str, lock: str) -> str:
    names = {name: place.format(name) for name in ("team", "now", "until", "gender", "caller", "claim")}
    names |= {"lock": lock, "refusals": ", ".join(f"'{code}'" for code in sorted(SOFT_REFUSALS))}
    whose = ((0, f" AND f.usual_enumerator_id = {names['caller']}"), (1, ""))
    heads = " UNION ALL ".join(
        HEAD.format(
            language=place.format(f"language{number}"), rank=rank, own=own, number=2 * number + rank, **names
        )
        for number in range(languages)
        for rank, own in whose
    )
    return CLAIM.format(chosen=CHOSEN.format(heads=heads), **names)
