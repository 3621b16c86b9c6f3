"""A simulated study lived through, and what the people in it told, as the answer key of the observer."""

from datetime import UTC, datetime, time, timedelta

from config.demo.diary import Told
from config.demo.loading import live_through
from config.demo.setting_up import World
from config.demo.sketches import Sketch
from followups.gateways.simulated.numbers import holder_of
from tests.year.answer_key import BEGINNING, AnswerKey, Hours, Imported, Line, Person, SafeTimes
from tracker.keeping import EVERY_DAY, SafeContact


def a_study(*, respondents: int, seed: int, days: int, now: datetime) -> World:
    """So many people for so many days up to `now`, through the use cases."""
    return live_through(respondents=respondents, seed=seed, began=now - timedelta(days=days), now=now)


def key_of(world: World) -> AnswerKey:
    """What only the inventor knows: clocks, lines and their safe hours, whom somebody never wants, stopped numbers."""
    told = world.diary.people.values()
    return AnswerKey(
        people={one.audit_ref: _person(one) for one in told},
        stops={_opaque(number): at for number, at in world.diary.numbers_stopped.items()},
    )


def _person(told: Told) -> Person:
    joined_at = told.clocks[0][0]
    return Person(
        audit_ref=told.audit_ref,
        clocks=tuple((BEGINNING if at == joined_at else at, zone) for at, zone in told.clocks),
        lines={point: _line(number, safe) for point, (number, safe) in told.lines.items()},
        barred=tuple(told.barred),
        imported=_imported(told.listed, joined_at) if told.listed else None,
    )


def _imported(sketch: Sketch, at: datetime) -> Imported:
    """A list tells the day of a yes and not the hour."""
    said_at = datetime.combine(sketch.enrolled_at.date(), time(), tzinfo=UTC)
    return Imported(at, said_at, sketch.stage.value)


def _line(number: str, safe: SafeContact) -> Line:
    hours = Hours(safe.safe_from, safe.safe_until) if safe.safe_from and safe.safe_until else None
    never = Hours(safe.unsafe_from, safe.unsafe_until) if safe.unsafe_from and safe.unsafe_until else None
    days = frozenset(safe.safe_days) if tuple(safe.safe_days) != EVERY_DAY else None
    times = SafeTimes(safe=hours, unsafe=never, days=days)
    return Line(_opaque(number), times, may_call_back_if_cut=safe.may_call_back_if_cut)


def _opaque(number: str) -> str:
    """Equal for lines that share a number, and no number."""
    return "line {} of person {}".format(*reversed(holder_of(number)))
