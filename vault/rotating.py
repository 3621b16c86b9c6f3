"""Changing the epoch keys, and what that makes final: the verbs that commands, schedule and pages use."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from audit import trail
from audit.actions import Action
from audit.models import AuditEvent
from kernel import clock
from kernel.errors import Conflict, DomainError
from vault import epochs, processes, providers
from vault.models import KekState, KekStatus
from vault.rotation import dates
from vault.rotation.alone import alone
from vault.rotation.dates import Life, overdue_before
from vault.rotation.rewrapping import Rewrapped, rewrap
from vault.rotation.standing import Standing, Step, Todo, next_step
from vault.rotation.steps import Progress, Run, Wait, do

__all__ = [
    "Finality", "Life", "Progress", "Rewrapped", "Rotated", "Run", "Step", "Wait", "overdue_before", "rewrap",
]  # fmt: skip

READ_ONLY = "keys_read_only"
SAY_AGAIN_AFTER = timedelta(hours=1)
A_DAY = timedelta(days=1)

logger = logging.getLogger("recontact.vault")


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a run did: the steps it took, and what it waits for; None when everything is done."""

    steps: tuple[Step, ...]
    waits_for: Wait | None

    @property
    def is_through(self) -> bool:
        return self.waits_for is None


@dataclass(frozen=True, slots=True)
class Finality:
    """Since when an erasure is final, or by when it should be; None and None where keys are changed by hand."""

    since: datetime | None
    expected_by: datetime | None


def rotate(run: Run, *, wants_new: bool = True) -> Rotated:
    """Finish what was begun; then, when `wants_new`, make a new epoch key, wrap everything under it, destroy the old.

    May be killed at any line: the next run goes on. One at a time, or Conflict. Whatever fails keeps the old key, is
    told to the trail as KEY_CHANGE_FAILED and raised as DomainError.
    """
    try:
        with alone():
            return _rotate(run, wants_new)
    except Conflict as refusal:
        if refusal.code != "rotation_running":
            _tell_of(refusal.code, run.present())
        raise
    except DomainError as refusal:
        _tell_of(refusal.code, run.present())
        raise
    except (DatabaseError, OSError) as fault:
        logger.exception("The keys could not be changed")
        _tell_of("rotation_stopped", run.present())
        raise _stopped() from fault


def is_under_way() -> bool:
    """Whether a change of keys was begun and is not finished, or an older key file lies in the provider's place."""
    return _todo(wants_new=False).step != Step.REST


def is_due(now: datetime) -> bool:
    """Whether the current key is from before the last moment when it should have been changed.

    One from the days to come is due as well: a clock that was wrong for a night must not stop changes for years.
    """
    since = KekState.objects.filter(state=KekStatus.CURRENT).values_list("created", flat=True).first()
    return since is not None and not dates.last_change_due(now) <= since < now + A_DAY


def final_since(erased_at: datetime) -> datetime | None:
    """Since when an erasure of that moment is final; None until then."""
    return dates.final_since(erased_at, _lives())


def expected_by(erased_at: datetime) -> datetime | None:
    """By when an erasure of that moment should be final; None where keys are changed by hand."""
    return None if are_changed_by_hand() else dates.expected_by(erased_at)


def are_changed_by_hand() -> bool:
    """Whether the provider lets nobody change its keys: an environment, a credential, a service."""
    try:
        providers.provider().contents()
    except DomainError as refusal:
        return refusal.code == READ_ONLY
    return False


def finality_of(erased_at: datetime) -> Finality:
    """Since when an erasure is final, and by when it was to be."""
    return Finality(final_since(erased_at), expected_by(erased_at))


def oldest_not_destroyed() -> datetime | None:
    """From when on the oldest epoch key that is left may have wrapped: an erasure since then is not final."""
    left = KekState.objects.exclude(state=KekStatus.DESTROYED).order_by("created")
    return left.values_list("created", flat=True).first()


def _rotate(run: Run, wants_new: bool) -> Rotated:
    processes.forget_the_dead(now=clock.wall())
    steps: list[Step] = []
    while (todo := _todo(wants_new)).step != Step.REST:
        steps.append(todo.step)
        if waits_for := do(todo.step, todo.kek_id, run):
            return Rotated(tuple(steps), waits_for)
        wants_new = wants_new and todo.step != Step.ADD
    return Rotated(tuple(steps), None)


def _todo(wants_new: bool) -> Todo:
    return next_step(_standing(), wants_new=wants_new)


def _standing() -> Standing:
    ring, states = providers.keyring(fresh=True), epochs.states()
    retired = [kek_id for kek_id, state in states.items() if state == KekStatus.DECRYPT_ONLY]
    return Standing(
        ring.kek_ids, ring.current, states, {kek_id: epochs.rows_under(kek_id) for kek_id in retired}
    )


def _lives() -> list[Life]:
    return [Life(*life) for life in KekState.objects.values_list("created", "destroyed")]


def _tell_of(reason: str, now: datetime) -> None:
    """Once an hour is enough for what fails each minute in the same way."""
    try:
        failed = AuditEvent.objects.filter(action=Action.KEY_CHANGE_FAILED, reason=reason)
        if not failed.filter(at__gt=now - SAY_AGAIN_AFTER).exists():
            trail.record(Action.KEY_CHANGE_FAILED, by=None, at=now, reason=reason, outcome="failed")
    except DatabaseError:
        logger.critical("The keys could not be changed, and the trail could not be told: %s", reason)


def _stopped() -> DomainError:
    return DomainError(
        "rotation_stopped",
        _("The change of keys was broken off: a database or the disk does not answer."),
        kept=_("The old key is kept, and nothing is lost."),
        next_step=_("Look into the log, then run manage.py vault_rotate again; it goes on where it stopped."),
    )
