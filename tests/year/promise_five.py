"""Safety is a filter: hours on the person's own clock, holds, stages, barred callers, burden, and numbers set aside."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.year.answer_key import AnswerKey, Line, Person
from tests.year.history import Dialled, History, Moment, Story
from tests.year.violation import Violation

DAY, WEEK = timedelta(hours=24), timedelta(days=7)
NEVER_CALLED = frozenset({"crossing", "detained"})
HARMS = {"wrong_number": "wrong", "unsafe_number": "unsafe"}
"""What somebody who answered said of the number, as the outcome was written down."""
OUT_OF_USE = frozenset({"disconnected", "non_working", "changed", "withdrawn"})
"""What a line may be, by the method (2.1), that is not to be dialled by anybody who plans."""

Placed = tuple[Story, Person | None, Dialled]


def every_dial_is_at_a_safe_hour(history: History, key: AnswerKey) -> Iterator[Violation]:
    """Within the study's hours and what the person said of the line, on every clock they may be on."""
    for story, person, dialled in _placed(history, key):
        line = _line(person, dialled)
        if person is None or line is None:
            told = f"dial {dialled.id} on a line that the answer key does not know"
            yield Violation("P5 unknown line", told, dialled.moment[0], story.ref)
            continue
        for moment in dialled.moments:
            for told in _unsafe(person, line, moment[0], key):
                yield Violation("P5 hours", f"dial {dialled.id} {told}", moment[0], story.ref)


def _unsafe(person: Person, line: Line, at: datetime, key: AnswerKey) -> Iterator[str]:
    zones, times = person.zones_at(at), line.times_at(at)
    if not zones:
        yield "while nobody knew on which clock they were"
    for name in zones:
        there = at.astimezone(_zone(name))
        clock = f"at {there:%a %H:%M} on the clock of {name}"
        if not key.study.calling.cover(there.time()):
            yield f"outside the study's hours, {clock}"
        if times.safe is not None and not times.safe.cover(there.time()):
            yield f"outside the hours they called safe, {clock}"
        if times.unsafe is not None and times.unsafe.cover(there.time()):
            yield f"in the hours they called unsafe, {clock}"
        if times.days is not None and there.weekday() not in times.days:
            yield f"on a day they did not call safe, {clock}"


@lru_cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def nobody_is_dialled_under_a_hold(history: History, key: AnswerKey) -> Iterator[Violation]:
    for story, _person, dialled in _placed(history, key):
        for moment in dialled.moments:
            for hold in story.holds:
                if hold.stands_at(moment):
                    told = f"dial {dialled.id} under a hold ({hold.kind}, placed {hold.moment[0]:%Y-%m-%d %H:%M})"
                    yield Violation("P5 hold", told, moment[0], story.ref)


def nobody_is_dialled_in_danger(history: History, key: AnswerKey) -> Iterator[Violation]:
    """Not while crossing or with smugglers, and not while detained."""
    for story, _person, dialled in _placed(history, key):
        for moment in dialled.moments:
            stage = _stage(story, moment)
            if stage in NEVER_CALLED:
                yield Violation("P5 stage", f"dial {dialled.id} while {stage}", moment[0], story.ref)


def _stage(story: Story, moment: Moment) -> str:
    told = [stage for since, stage in story.stages if since < moment]
    return told[-1] if told else ""


def nobody_is_dialled_by_whom_they_barred(history: History, key: AnswerKey) -> Iterator[Violation]:
    """Barred in the trail, or by the answer key."""
    for story, person, dialled in _placed(history, key):
        barred = list(story.barred)
        barred += [((since, 0), who) for since, who in (person.barred if person else ())]
        if any(who == dialled.actor and since < dialled.moment for since, who in barred):
            told = f"dial {dialled.id} by somebody the person barred"
            yield Violation("P5 barred caller", told, dialled.moment[0], story.ref)


def nobody_is_tried_too_often(history: History, key: AnswerKey) -> Iterator[Violation]:
    """Sittings that may have rung: in any 24 hours, and in any seven days."""
    for story in history.people.values():
        tries = sorted(sitting.rang[0] for sitting in story.sittings if sitting.may_have_rung)
        yield from _too_often(tries, key, "P5 person", "sittings of one person", story.ref)


def no_number_rings_too_often(history: History, key: AnswerKey) -> Iterator[Violation]:
    """The same for each number, whoever of those who share it was called."""
    rings: dict[str, list[datetime]] = defaultdict(list)
    for _story, person, dialled in _placed(history, key):
        line = _line(person, dialled)
        if line is not None and dialled.may_have_rung:
            rings[line.number].append(dialled.moment[0])
    for number, at in rings.items():
        yield from _too_often(sorted(at), key, "P5 number", f"rings of one number (key {number})", None)


def _too_often(
    moments: Sequence[datetime], key: AnswerKey, check: str, what: str, ref: UUID | None
) -> Iterator[Violation]:
    for period, most in ((DAY, key.study.sittings_a_day), (WEEK, key.study.sittings_a_week)):
        for last, at in enumerate(moments):
            within = last + 1 - bisect_left(moments, at - period + timedelta(microseconds=1))
            if within > most:
                yield Violation(check, f"{within} {what} within {period}", at, ref)


def each_sitting_dials_each_number_once(history: History, key: AnswerKey) -> Iterator[Violation]:
    """Three numbers at most, and none twice."""
    for story in history.people.values():
        person = key.people.get(story.ref)
        for sitting in story.sittings:
            placed = [dialled for dialled in sitting.dials if dialled.was_placed]
            lines = [line for dialled in placed if (line := _line(person, dialled))]
            if len(placed) > key.study.dials_a_sitting:
                told = f"{len(placed)} numbers dialled in one sitting ({sitting.attempt})"
                yield Violation("P5 sitting", told, sitting.begins[0], story.ref)
            if len({line.number for line in lines}) < len(lines):
                told = f"a number dialled twice in one sitting ({sitting.attempt})"
                yield Violation("P5 sitting", told, sitting.begins[0], story.ref)


def no_harmed_number_is_dialled(history: History, key: AnswerKey) -> Iterator[Violation]:
    """A number that is wrong, unsafe or barred is so for everyone who shares it, from the moment it was said."""
    harmed = _harmed(history, key)
    for story, person, dialled in _placed(history, key):
        line = _line(person, dialled)
        since, how = harmed.get(line.number if line else "", (None, ""))
        if since is not None and dialled.moments[-1] > since:
            told = f"dial {dialled.id} on a number known as {how} since {since[0]:%Y-%m-%d %H:%M:%S}"
            yield Violation("P5 harmed number", told, dialled.moments[-1][0], story.ref)


def no_number_out_of_use_is_dialled(history: History, key: AnswerKey) -> Iterator[Violation]:
    """A line that is dead, or that they gave up, rests until it is known to work again; one given up, for good."""
    for story, _person, dialled in _placed(history, key):
        told = history.statuses.get(dialled.row.point, []) if dialled.row else []
        before = [what for moment, what in told if moment < dialled.moment]
        if before and ("retired" in before or before[-1] in OUT_OF_USE):
            told_as = "retired" if "retired" in before else before[-1]
            violation = f"dial {dialled.id} on a line known as {told_as}"
            yield Violation("P5 line out of use", violation, dialled.moment[0], story.ref)


def _harmed(history: History, key: AnswerKey) -> dict[str, tuple[Moment, str]]:
    """Since when each number is not to be rung: as it was marked, or as an outcome says of the number dialled last."""
    numbers = {point: line.number for person in key.people.values() for point, line in person.lines.items()}
    found = [(moment, point, how) for moment, point, how in history.harmed]
    for sitting in history.sittings.values():
        last = next((one for one in reversed(sitting.dials) if one.was_placed and one.row), None)
        for outcome in sitting.outcomes:
            if outcome.code in HARMS and last is not None and last.row is not None:
                found.append((outcome.moment, last.row.point, HARMS[outcome.code]))
    since: dict[str, tuple[Moment, str]] = {}
    for moment, point, how in sorted(found, reverse=True):
        if point in numbers:
            since[numbers[point]] = (moment, how)
    return since


def _placed(history: History, key: AnswerKey) -> Iterator[Placed]:
    for story in history.people.values():
        for sitting in story.sittings:
            for dialled in sitting.dials:
                if dialled.was_placed:
                    yield story, key.people.get(story.ref), dialled


def _line(person: Person | None, dialled: Dialled) -> Line | None:
    return person.lines.get(dialled.row.point) if person and dialled.row else None
