"""Changing the index key: a new one comes, every row of the phone index is placed anew under it, the old one goes.

Codes of refused numbers stay where they are: nobody holds those numbers. So an old index key stays with the provider
as long as a refusal is known under it, for refusals alone.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from audit import trail
from audit.actions import Action
from kernel import clock
from kernel.errors import DomainError
from vault import contents as keys
from vault import index_keys, processes, reindexing
from vault.contents import Contents
from vault.models import KekStatus
from vault.providers import provider
from vault.rotation.alone import alone
from vault.rotation.steps import Run, Wait, is_safe_elsewhere, wait_for_all

OBJECT = "index_key"


@dataclass(frozen=True, slots=True)
class Changed:
    """Rows placed anew, what the run waits for, and the old keys that stay for refused numbers."""

    moved: int
    waits_for: Wait | None
    kept_for_refusals: tuple[int, ...]


def change(run: Run, *, wants_new: bool = True) -> Changed:
    """Finish what was begun; then, when `wants_new`, make a new index key and place everything under it.

    May be killed at any line: the next run goes on. One at a time, or Conflict. Raises Locked and DomainError.
    """
    with alone():
        moved, waits_for = _settle(run)
        if wants_new and waits_for is None:
            _add(run)
            more, waits_for = _settle(run)
            moved += more
        kept = [number for number in _those(KekStatus.DECRYPT_ONLY) if index_keys.refusals_under(number)]
        return Changed(moved, waits_for, tuple(kept))


def _settle(run: Run) -> tuple[int, Wait | None]:
    """Bring every key that is coming or going as far as it can be brought."""
    for number in _those(KekStatus.COMING):
        if waits_for := _take_on(number, run):
            return 0, waits_for
    moved = 0
    for number in _those(KekStatus.DECRYPT_ONLY):
        moved += reindexing.work_through(run.keep, limit=run.batch)
        if not run.keep():
            return moved, Wait.TIME
        if waits_for := _let_go(number, run):
            return moved, waits_for
    return moved, _drop_what_came_back(run)


def _add(run: Run) -> None:
    """A new key, told of before it is there; until it is promoted nothing stands under it."""
    contents = provider().contents()
    if not _those(KekStatus.CURRENT):
        index_keys.keep(contents.index_key_id, KekStatus.CURRENT, now=run.present())
    grown = keys.with_index_key(contents)
    index_keys.keep(grown.index_key_id, KekStatus.COMING, now=run.present())
    provider().replace(grown)


def _take_on(number: int, run: Run) -> Wait | None:
    """Wait until every live process looks under the new key too, then let new rows stand under it."""
    contents = provider().contents()
    if number not in contents.index:
        index_keys.forget(number)
        return None
    if not wait_for_all(lambda: processes.without_index_key(number, now=clock.wall()), run):
        return Wait.PROCESSES
    if not is_safe_elsewhere(contents, run):
        return Wait.RECOVERY
    _record(Action.INDEX_KEY_CHANGED, number, run)
    index_keys.promote(number)
    return None


def _let_go(number: int, run: Run) -> Wait | None:
    """Take an old key away when nothing stands under it; it stays for refusals."""
    if index_keys.refusals_under(number):
        return None
    if stuck := index_keys.rows_under(number):
        raise _stuck(stuck)
    if not index_keys.retire(number):
        return Wait.TIME
    return _drop(number, run)


def _drop_what_came_back(run: Run) -> Wait | None:
    """A key that went is there still or again: its removal was broken off, or an older key file came back."""
    for number in _those(KekStatus.DESTROYED):
        if number in provider().contents().index and (waits_for := _drop(number, run)):
            return waits_for
    return None


def _drop(number: int, run: Run) -> Wait | None:
    contents: Contents = keys.without_index_key(provider().contents(), number)
    if not is_safe_elsewhere(contents, run):
        return Wait.RECOVERY
    provider().replace(contents)
    _record(Action.KEY_DESTROYED, number, run)
    return None


def _those(state: KekStatus) -> list[int]:
    return sorted(number for number, found in index_keys.states().items() if found == state)


def _record(action: Action, number: int, run: Run) -> None:
    trail.record(action, by=None, at=run.present(), object_type=OBJECT, detail={"index_key": number})


def _stuck(how_many: int) -> DomainError:
    return DomainError(
        "vault_integrity",
        _("%(n)d rows of the phone index could not be placed anew: their numbers do not open.")
        % {"n": how_many},
        kept=_("The old index key is kept, and lookups go on as before."),
        next_step=_(
            "Look for alerts of the vault in the trail, then run manage.py vault_rotate_index again."
        ),
    )
