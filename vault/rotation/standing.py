"""Where a change of keys stands, read from the provider and the vault, and the step that comes next (asks nobody)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from vault.models import KekStatus


class Step(StrEnum):
    """One thing to do; each may be broken off anywhere and done again."""

    ANNOUNCE = "announce"
    PUT_BACK = "put_back"
    PROMOTE = "promote"
    DROP = "drop"
    REWRAP = "rewrap"
    FINISH = "finish"
    WITHDRAW = "withdraw"
    SWITCH = "switch"
    ADD = "add"
    REFUSE = "refuse"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Standing:
    """The epoch keys of the provider, what the vault says of each it ever had, and how many keys lie under which."""

    provided: frozenset[bytes]
    wraps: bytes
    states: Mapping[bytes, KekStatus]
    rows: Mapping[bytes, int]

    def those(self, state: KekStatus) -> list[bytes]:
        return sorted(kek_id for kek_id, found in self.states.items() if found == state)


@dataclass(frozen=True, slots=True)
class Todo:
    """A step, and the epoch key it is about."""

    step: Step
    kek_id: bytes = b""


def next_step(standing: Standing, *, wants_new: bool) -> Todo:
    """What to do now. Whatever was begun is finished before another key is made.

    Keys of the provider that this vault never heard of are left alone: they may be somebody else's.
    """
    found = _unsettled(standing) or _retired(standing) or _coming(standing)
    return found or Todo(Step.ADD if wants_new else Step.REST)


def _unsettled(standing: Standing) -> Todo | None:
    """What the provider wraps with is not what the vault calls the current key."""
    current = next(iter(standing.those(KekStatus.CURRENT)), None)
    state = standing.states.get(standing.wraps)
    if state is None:
        return Todo(Step.ANNOUNCE, standing.wraps)
    if state == KekStatus.COMING:
        return Todo(Step.PROMOTE, standing.wraps)
    if current is not None and current not in standing.provided:
        return Todo(Step.REFUSE, current)
    if current is not None and current != standing.wraps:
        return Todo(Step.PUT_BACK, current)
    return None


def _retired(standing: Standing) -> Todo | None:
    """Keys that have to go, and one that came back with an old key file."""
    for kek_id in standing.those(KekStatus.DESTROYED):
        if kek_id in standing.provided:
            return Todo(Step.DROP, kek_id)
    for kek_id in standing.those(KekStatus.DECRYPT_ONLY):
        if not standing.rows.get(kek_id):
            return Todo(Step.FINISH, kek_id)
        return Todo(Step.REWRAP if kek_id in standing.provided else Step.REFUSE, kek_id)
    return None


def _coming(standing: Standing) -> Todo | None:
    for kek_id in standing.those(KekStatus.COMING):
        return Todo(Step.SWITCH if kek_id in standing.provided else Step.WITHDRAW, kek_id)
    return None
