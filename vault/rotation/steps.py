"""Doing each step of a change of keys."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from audit import trail
from audit.actions import Action
from kernel import clock
from kernel.budgets import Keep
from vault import contents as keys
from vault import copies, epochs, processes, recovery
from vault.contents import Contents
from vault.primitives import fresh_key
from vault.providers import provider
from vault.rotation import rewrapping
from vault.rotation.refusals import broken, lost, not_all_have_it
from vault.rotation.standing import Step

POLL_SECONDS = 1.0


class Wait(StrEnum):
    """What a step waits for; nothing is wrong, and the next run goes on."""

    TIME = "time"
    PROCESSES = "processes"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class Progress:
    """A step, and how far it has come: `done` of `of`, with how many a second."""

    step: Step
    done: int = 0
    of: int = 0
    per_second: float = 0


@dataclass(frozen=True, slots=True)
class Run:
    """How one run goes: what time it is, whether there is time left, how long it waits for processes, whom it tells."""

    present: Callable[[], datetime]
    keep: Keep = lambda: True
    patience_seconds: float = 0
    say: Callable[[Progress], None] = lambda progress: None
    batch: int = rewrapping.BATCH


def do(step: Step, kek_id: bytes, run: Run) -> Wait | None:
    """Do it; what it waits for when it is not through. Raises DomainError when it cannot be done."""
    run.say(Progress(step))
    return DOING[step](kek_id, run)


def _announce(kek_id: bytes, run: Run) -> Wait | None:
    epochs.announce(kek_id, now=run.present())
    return None


def _add(_none: bytes, run: Run) -> Wait | None:
    """A new key, told of before it is there: one that was told of and never came is forgotten."""
    contents = provider().contents()
    kek = fresh_key()
    grown = keys.with_kek(contents, kek)
    [new] = grown.keks.keys() - contents.keks.keys()
    epochs.announce(new, now=run.present())
    provider().replace(grown)
    return None


def _withdraw(kek_id: bytes, run: Run) -> Wait | None:
    if not epochs.withdraw(kek_id):
        raise lost(kek_id)
    return None


def _switch(kek_id: bytes, run: Run) -> Wait | None:
    """Wait until every live process has the key, then let it wrap."""
    if not wait_for_all(lambda: processes.without_kek(kek_id, now=clock.wall()), run):
        return Wait.PROCESSES
    contents = keys.promoted(provider().contents(), kek_id)
    if not is_safe_elsewhere(contents, run):
        return Wait.RECOVERY
    provider().replace(contents)
    return _promote(kek_id, run)


def wait_for_all(missing_now: Callable[[], int], run: Run) -> bool:
    """Wait, as long as this run waits, until no process lacks a key any more; False when some still do.

    Raises DomainError where a person waits for it and it took too long.
    """
    until = time.monotonic() + run.patience_seconds
    while missing := missing_now():
        run.say(Progress(Step.SWITCH, done=0, of=missing))
        if time.monotonic() >= until:
            if run.patience_seconds:
                raise not_all_have_it(missing)
            return False
        time.sleep(POLL_SECONDS)
    return True


def _promote(kek_id: bytes, run: Run) -> Wait | None:
    trail.record(
        Action.KEYS_CHANGED,
        by=None,
        at=run.present(),
        object_type="epoch_key",
        detail={"key": keys.shown(kek_id)},
    )
    epochs.promote(kek_id)
    return None


def _put_back(kek_id: bytes, run: Run) -> Wait | None:
    """The provider wraps under a key that the vault has retired: an older key file was put in its place."""
    provider().replace(keys.promoted(provider().contents(), kek_id))
    return None


def _drop(kek_id: bytes, run: Run) -> Wait | None:
    """A destroyed key is there again, so what was final is not: destroy it once more."""
    if not _take_away(kek_id, run):
        return Wait.RECOVERY
    _record_destroyed(kek_id, run, reason="came_back")
    return None


def _rewrap(kek_id: bytes, run: Run) -> Wait | None:
    """Wrap everything anew that is under a retired key."""
    started, of, done, after, stuck = time.monotonic(), epochs.rows_under(kek_id), 0, rewrapping.START, 0
    while run.keep():
        page = rewrapping.rewrap(run.batch, after=after)
        done, stuck = done + page.renewed, stuck + page.stuck
        run.say(Progress(Step.REWRAP, done, of, done / max(time.monotonic() - started, 1e-6)))
        if page.after is None:
            if stuck:
                raise broken(stuck)
            return None
        after = page.after
    return Wait.TIME


def _finish(kek_id: bytes, run: Run) -> Wait | None:
    """Prove that nothing needs the key any more, then destroy it."""
    if kek_id in provider().keyring(fresh=True).kek_ids:
        proven = copies.make_and_prove(current=provider().keyring().current, leaving=kek_id)
        run.say(Progress(Step.FINISH, done=proven, of=proven))
        if not _take_away(kek_id, run):
            return Wait.RECOVERY
    _record_destroyed(kek_id, run)
    if not epochs.retire(kek_id, now=run.present()):
        raise lost(kek_id)
    copies.remove_of(kek_id)
    return None


def _take_away(kek_id: bytes, run: Run) -> bool:
    left = keys.without_kek(provider().contents(), kek_id)
    if not is_safe_elsewhere(left, run):
        return False
    provider().replace(left)
    return True


def is_safe_elsewhere(contents: Contents, run: Run) -> bool:
    """Nothing is wrapped under a new key, and no key destroyed, before the recovery copies are there that fit it."""
    if recovery.is_set_up():
        recovery.write(contents, run.present())
    return recovery.may_go_on(contents)


def _record_destroyed(kek_id: bytes, run: Run, *, reason: str = "") -> None:
    trail.record(
        Action.KEY_DESTROYED,
        by=None,
        at=run.present(),
        object_type="epoch_key",
        reason=reason,
        detail={"key": keys.shown(kek_id)},
    )


def _refuse(kek_id: bytes, run: Run) -> Wait | None:
    raise lost(kek_id)


def _rest(kek_id: bytes, run: Run) -> Wait | None:
    return None


DOING: MappingProxyType[Step, Callable[[bytes, Run], Wait | None]] = MappingProxyType(
    {
        Step.ANNOUNCE: _announce,
        Step.PUT_BACK: _put_back,
        Step.PROMOTE: _promote,
        Step.DROP: _drop,
        Step.REWRAP: _rewrap,
        Step.FINISH: _finish,
        Step.WITHDRAW: _withdraw,
        Step.SWITCH: _switch,
        Step.ADD: _add,
        Step.REFUSE: _refuse,
        Step.REST: _rest,
    }
)
