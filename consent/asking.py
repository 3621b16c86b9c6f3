"""Asking the ledger, at the moment of use; its answer is never copied into another table."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consent.folding import Folded, Standing, fold
from consent.models import LedgerEntry
from consent.purposes import RULES, Purpose

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
    entries: dict[UUID, dict[Purpose, list[LedgerEntry]]] = defaultdict(lambda: defaultdict(list))
    ids = list(respondent_ids)
    for line in LedgerEntry.objects.of(ids).concerning(None).order_by("id"):
        entries[line.respondent_id][Purpose(line.purpose)].append(line)
    return {
        one: Consents(
            {
                purpose: fold((line.as_entry() for line in lines), now)
                for purpose, lines in entries[one].items()
            }
        )
        for one in ids
    }


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
