"""The retention job: what has been kept for long enough goes, in slices, all day long; and what is due or overdue."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from audit import trail
from audit.actions import Action
from casework.retaining import lived_days, panels, passing, records, staff, wishes
from casework.retaining.slices import Worked
from casework.retaining.terms import OVERDUE_DAYS
from kernel import clock
from kernel.budgets import WORK_SECONDS, Keep, for_seconds
from kernel.holdings import Retention


@dataclass(frozen=True, slots=True)
class Pass:
    """One kind of thing that goes: its class, how many are due at a moment, and the work."""

    name: str
    retention: Retention
    due: Callable[[datetime], int]
    work: Callable[[datetime, Keep], Worked]
    is_by_wall: bool = False

    @property
    def is_final(self) -> bool:
        """Whether what goes cannot come back: what is transient is made anew."""
        return self.retention is not Retention.TRANSIENT


@dataclass(frozen=True, slots=True)
class Item:
    """What one pass found and did. `overdue` were due two days ago: the job should have taken them."""

    name: str
    retention: str
    due: int
    overdue: int
    done: int = 0
    failed: int = 0

    @property
    def is_well(self) -> bool:
        return not self.overdue and not self.failed


PASSES = (
    Pass("erasure_wishes", Retention.ERASURE, lambda now: wishes.wishes_due(now).count(), wishes.carry_out),
    Pass("people_of_ended_studies", Retention.PANEL, panels.count_people, panels.forget_people),
    Pass("studies_off_record", Retention.STUDY, records.count_studies, records.take_off_record),
    Pass(
        "closed_accounts", Retention.STAFF, lambda now: staff.accounts_due(now).count(), staff.forget_accounts
    ),
    # These rows tell real time, also in a demo whose clock runs faster.
    Pass("transient_rows", Retention.TRANSIENT, passing.count, passing.sweep, is_by_wall=True),
)


def retention() -> dict[str, int]:
    """What the background worker calls, by name and without arguments."""
    return {one.name: worked.done for one, worked in _work_if_lived(clock.now(), clock.wall(), WORK_SECONDS)}


def run_if_lived(now: datetime, *, wall: datetime, work_seconds: float = WORK_SECONDS) -> list[Item]:
    """One pass as the server's clock has it: nothing final goes before the trail shows that its days were lived.

    A clock that leaps months ahead, or a server that was away for weeks, makes everything wait for five days, and the
    trail says so each day.
    """
    return [_item(one, now, wall, worked) for one, worked in _work_if_lived(now, wall, work_seconds)]


def run(
    now: datetime, *, wall: datetime, work_seconds: float = WORK_SECONDS, with_final: bool = True
) -> list[Item]:
    """One pass over every class, at most `work_seconds` long. Safe to repeat, and to kill at any line.

    Works with the vault locked: to destroy a key takes none. Without the final ones only what is transient goes.
    """
    return [_item(one, now, wall, worked) for one, worked in _work(now, wall, work_seconds, with_final)]


def _work_if_lived(now: datetime, wall: datetime, work_seconds: float) -> list[tuple[Pass, Worked]]:
    waits = any(one.due(_moment(one, now, wall)) for one in PASSES if one.is_final)
    is_lived = not waits or lived_days.is_enough(now)
    if not is_lived:
        lived_days.say_so(now)
    return _work(now, wall, work_seconds, is_lived)


def _work(now: datetime, wall: datetime, work_seconds: float, with_final: bool) -> list[tuple[Pass, Worked]]:
    """The work alone: every five minutes nobody reads how much is due and overdue."""
    keep = for_seconds(work_seconds)
    done = [
        (one, one.work(_moment(one, now, wall), keep) if with_final or not one.is_final else Worked())
        for one in PASSES
    ]
    for one, worked in done:
        if worked.done:
            trail.record(
                Action.RETENTION_APPLIED,
                by=None,
                at=now,
                object_type="retention",
                detail={"what": one.name, "rows": worked.done},
            )
    return done


def due(now: datetime, *, wall: datetime) -> list[Item]:
    """What is due and overdue, without touching anything."""
    return [_item(one, now, wall, Worked()) for one in PASSES]


def overdue(now: datetime, *, wall: datetime) -> int:
    """How many things should have gone days ago, and are still there."""
    return sum(_overdue(one, now, wall) for one in PASSES)


def _item(one: Pass, now: datetime, wall: datetime, worked: Worked) -> Item:
    return Item(
        name=one.name,
        retention=one.retention.value,
        due=one.due(_moment(one, now, wall)),
        overdue=_overdue(one, now, wall),
        done=worked.done,
        failed=worked.failed,
    )


def _overdue(one: Pass, now: datetime, wall: datetime) -> int:
    return one.due(_moment(one, now, wall) - timedelta(days=OVERDUE_DAYS))


def _moment(one: Pass, now: datetime, wall: datetime) -> datetime:
    return wall if one.is_by_wall else now
