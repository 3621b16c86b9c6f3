"""What the background worker does about keys, each minute: mostly nothing."""

from kernel import clock
from kernel.budgets import WORK_SECONDS, for_seconds
from kernel.errors import Conflict
from vault import rotating
from vault.errors import Locked
from vault.rotating import Run

NOTHING = "nothing"
"""What a change of keys that is through waits for."""


def change_keys() -> dict[str, str]:
    """Called by name and without arguments: begin a change of keys when one is due, and go on with one that was begun.

    At most 20 seconds of wrapping a time; the next minute goes on. Does nothing while the vault is locked, where keys
    are changed by hand, and while somebody else changes them.
    """
    keep = for_seconds(WORK_SECONDS)
    try:
        was_begun = rotating.is_under_way()
        if not (was_begun or rotating.is_due(clock.now())) or rotating.are_changed_by_hand():
            return {}
        run = Run(clock.now, keep=keep)
        done = rotating.rotate(run, wants_new=not was_begun)
    except Locked:
        return {}
    except Conflict:
        return {"waits_for": "somebody else"}
    return {"waits_for": str(done.waits_for or NOTHING)}
