"""What the background worker calls, by name and without arguments."""

from audit import trail
from audit.actions import Action
from followups import leaps
from followups.leaps import Pace
from followups.ticking import mending
from followups.ticking.tick import tick as _tick
from kernel import clock


def tick() -> dict[str, int]:
    """The tick at this moment, as careful as the server's clock asks for."""
    now, wall = clock.now(), clock.wall()
    pace = leaps.onward(leaps.kept(), wall)
    if pace.came_back(wall):
        mending.mend(now, was_ahead=pace.leapt_from is not None)
    if pace.leapt_far_at(wall):
        _say_so(pace)
    # Kept once what it asks for is done: a tick killed before that finds the same leap again.
    leaps.keep(pace)
    return _tick(now, is_doubted=pace.is_doubted(wall))


def _say_so(pace: Pace) -> None:
    moments = {"from": pace.leapt_from, "to": pace.seen_at, "until": pace.doubted_until}
    trail.record(
        Action.TICKED,
        by=None,
        at=clock.now(),
        outcome="refused",
        reason="clock_leapt",
        detail={name: moment.isoformat() for name, moment in moments.items() if moment},
    )
