"""Asking the ledger, at the moment of use; its answer is never copied into another table."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from consent.folding import Decision, Entry, Folded, Standing, fold
from consent.models import LedgerEntry
from consent.purposes import RULES, Purpose
from kernel.statements import statement

NEVER = Folded(Standing.NEVER_ASKED)


@dataclass(frozen=True, slots=True)
class Consents:
    """Where every standing purpose of one respondent is at a moment."""

    by_purpose: dict[Purpose, Folded]

    def of(self, purpose: Purpose) -> Folded:
        """Where one purpose stands; never asked where nothing was said."""
        return self.by_purpose.get(purpose, NEVER)

    def permits(self, purpose: Purpose) -> bool:
        """Whether the purpose and all that it needs are granted, unexpired and not withdrawn."""
        wanted = (purpose, *RULES[purpose].needs)
        return all(self.of(one).standing is Standing.GRANTED for one in wanted)


def consents_of(respondent_ids: Iterable[UUID], *, now: datetime) -> dict[UUID, Consents]:
    """Where every respondent's standing purposes are, in one query; each id asked for gets an answer."""
    entries: dict[UUID, dict[Purpose, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    ids = list(respondent_ids)
    for respondent_id, purpose, decision, *when in _standing_lines(ids):
        entries[respondent_id][Purpose(purpose)].append(Entry(Decision(decision), *when))
    return {
        one: Consents({purpose: fold(said, now) for purpose, said in entries[one].items()}) for one in ids
    }


@statement
def _standing_lines(respondent_ids: Collection[UUID]) -> QuerySet[LedgerEntry, Any]:
    """Every line about no particular thing, in order of arrival."""
    lines = LedgerEntry.objects.of(list(respondent_ids)).concerning(None).order_by("id")
    return lines.values_list("respondent_id", "purpose", "decision", "at", "arrived_at", "expires_at")


def consents(respondent_id: UUID, *, now: datetime) -> Consents:
    """Where one respondent's standing purposes are."""
    return consents_of([respondent_id], now=now)[respondent_id]


def permits(respondent_id: UUID, purpose: Purpose, *, now: datetime, concerning: UUID | None = None) -> bool:
    """Whether the respondent permits `purpose` at `now`; `concerning` names the request an orientation is about."""
    if concerning is None:
        return consents(respondent_id, now=now).permits(purpose)
    lines = (
        LedgerEntry.objects.of([respondent_id]).concerning(concerning).filter(purpose=purpose).order_by("id")
    )
    return fold((line.as_entry() for line in lines), now).standing is Standing.GRANTED
