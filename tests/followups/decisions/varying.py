"""One thing about a person made otherwise, at the very moment a call was allowed: each side of every edge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tests.followups.decisions.facts import Caller, Line, Number, Person, Season, Sitting
from tests.followups.decisions.inventing import TEAMS, ZONES

TICK = timedelta(microseconds=1)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)

Varied = tuple[Person, Caller]
Variation = Callable[[Person, Caller, datetime, Random], Varied]


def edge(rng: Random) -> timedelta:
    """Just over, just at, just under an edge, or well away from it."""
    return rng.choice((-TICK, timedelta(0), TICK, TICK, timedelta(seconds=1), HOUR, 9 * DAY))


def gone(one: Person, by: Caller, at: datetime, rng: Random) -> Varied:
    return one.but(status=rng.choice(("withdrawn", "deceased", "erased"))), by


def unsaid(one: Person, by: Caller, at: datetime, rng: Random) -> Varied:
    standing = rng.choice(("refused", "never_asked", "withdrawn", "expired", "granted", "granted", "granted"))
    until = at + edge(rng) if standing == "granted" else None
    return one.but(said={**one.said, rng.choice(("recontact", "keep_number")): (standing, until)}), by


def over(one: Person, by: Caller, at: datetime, rng: Random) -> Varied:
    return one.but(state=rng.choice(("done", "missed", "cancelled", "planned", "ready", "resting"))), by


def moved(one: Person, by: Caller, at: datetime, rng: Random) -> Varied:
    stage = rng.choice(("crossing", "detained", "unknown", "unknown"))
    return one.but(stage=stage, is_tracing=rng.random() < 0.4), by


def held(one: Person, by: Caller, at: datetime, rng: Random) -> Varied:
    until = rng.choice((None, at + edge(rng), at + edge(rng)))
    kind = rng.choice(("refusal", "safety", "detention", "pause", "review"))
    return one.but(holds=(*one.holds, (kind, until))), by


def window(one: Person, by: Caller, at: datetime, rng: Random) -> Varied:
    return rng.choice(
        (
            one.but(opens_at=None, closes_at=None),
            one.but(opens_at=at + edge(rng), closes_at=at + 20 * DAY),
            one.but(opens_at=at - 20 * DAY, closes_at=at + edge(rng)),
        )
    ), by


def numbers(one: Person, by: Caller, at: datetime, rng: Random) -> Varied:
    """Every number barred, dead, somebody else's to hear of, or refused by another who shares it."""
    status = rng.choice(("disconnected", "non_working", "changed", "wrong_person", "unsafe", "withdrawn"))
    changes = rng.choice(({"is_barred": True}, {"status": status}, {"whose": "trusted"}, None))
    return one.but(numbers=[_changed(number, changes) for number in one.numbers]), by


def _changed(number: Number, changes: dict | None) -> Number:
    if changes is None:
        return replace(number, line=replace(number.line, is_refused=True))
    return replace(number, **changes)


def searched(one: Person, by: Caller, at: datetime, rng: Random) -> Varied:
    """Looked for, with tries made: of the search, of each number, of their own only, or in the sitting now."""
    numbers = [_sought(number, at, rng) for number in one.numbers]
    if rng.random() < 0.5:
        numbers.append(replace(rng.choice(one.numbers), id=TEAMS[1], line=Line(9), whose="trusted"))
    made = rng.choice((0, 1, 2, 3))
    first = at - 30 * DAY + edge(rng)
    past = tuple(Sitting(min(first + n * 9 * DAY, at - 8 * HOUR), True, None) for n in range(made))
    dialled = rng.choice((None, None, False, True))
    kept = [number.line.name for number in numbers if (number.whose == "trusted") is dialled][:1]
    return one.but(
        is_tracing=rng.random() < 0.9,
        search_since=rng.choice((first, at - 40 * DAY, at - DAY)),
        asks_trusted=rng.random() < 0.8,
        numbers=numbers,
        sittings=past,
        to_trusted=dialled if kept else None,
        dialled=frozenset(kept),
        call_back=rng.choice((None, None, ("firm", at, at, at - HOUR))),
    ), by


def _sought(number: Number, at: datetime, rng: Random) -> Number:
    tried = tuple(at - n * DAY for n in range(1, 1 + rng.choice((0, 0, 1, 2, 2))))
    return replace(number, tried=tried, is_silent=rng.random() < 0.2, has_words=rng.random() < 0.8)


def fasting(one: Person, by: Caller, at: datetime, rng: Random) -> Varied:
    """Other hours today, or until yesterday, or from tomorrow on, on one of their clocks."""
    there = at.astimezone(ZoneInfo(rng.choice(one.zones))) if one.zones else at
    hour, later, on = time(there.hour), time((there.hour + 1) % 24), there.date()
    from_on, until_on = rng.choice(
        ((on, on + DAY), (on - DAY, on), (on + DAY, on + 2 * DAY), (on - DAY, on + DAY))
    )
    season = rng.choice(
        (Season(from_on, until_on, (later, hour)), Season(from_on, until_on, pauses=((hour, later),)))
    )
    return one.but(study=replace(one.study, seasons=(*one.study.seasons, season))), by


def dialled(one: Person, by: Caller, at: datetime, rng: Random) -> Varied:
    lines = [number.line.name for number in one.numbers]
    kept = rng.choice((lines, lines[:1], [-1, -2, -3], [-1, -2]))
    return one.but(dialled=frozenset(kept)), by


def whole_round(one: Person, by: Caller, at: datetime, rng: Random) -> Varied:
    """As many attempts as the round allows, long ago; sometimes the last of them brought a call-back."""
    made = one.study.cap + rng.choice((-1, 0, 0, 1))
    first = at - 9 * DAY - made * DAY
    past = tuple(Sitting(first + n * DAY, True, one.round) for n in range(made))
    asked = past[-1].at + rng.choice((-HOUR, timedelta(0), HOUR)) if past else at - HOUR
    back = rng.choice((None, ("firm", at, at, asked), ("soft", at - HOUR, at + HOUR, asked)))
    return one.but(sittings=past, call_back=back), by


def tired(one: Person, by: Caller, at: datetime, rng: Random) -> Varied:
    """As many rings as a day or a week allows, the first of them about to be too long ago to count."""
    many, period = rng.choice(((one.study.a_day, DAY), (one.study.a_week, WEEK)))
    many += rng.choice((-1, 0, 0, 0))
    apart = max(DAY if period == WEEK else 4 * HOUR, timedelta(minutes=one.study.spacing_minutes))
    first = at - period + edge(rng)
    past = tuple(Sitting(min(first + n * apart, at - apart), True, None) for n in range(many))
    return one.but(sittings=past), by


def spaced(one: Person, by: Caller, at: datetime, rng: Random) -> Varied:
    """Rung just now or just long enough ago, elsewhere; sometimes they expect a call all the same."""
    ago = timedelta(minutes=rng.choice((one.study.spacing_minutes, one.study.spacing_minutes, 10)))
    rang_at = at - ago + edge(rng) * rng.choice((0, 1)) if ago > 2 * HOUR else at - ago
    rang_at = min(rang_at, at)
    asked = rang_at + TICK
    changes = rng.choice(
        (
            {},
            {},
            {"call_back": ("firm", at + rng.choice((-16, -15, 0, 15)) * timedelta(minutes=1), at, asked)},
            {"reconnect": (asked, at + edge(rng))},
        )
    )
    return one.but(sittings=(Sitting(rang_at, rng.random() < 0.9, None),), **changes), by


def resting(one: Person, by: Caller, at: datetime, rng: Random) -> Varied:
    expects = rng.choice((None, None, None, ("firm", at, at, at - HOUR)))
    return one.but(rest_until=at + edge(rng), call_back=expects, reconnect=None), by


def awaited(one: Person, by: Caller, at: datetime, rng: Random) -> Varied:
    """A call-back asked for: later, a quarter of an hour from now, now, or missed."""
    starts = at + rng.choice((timedelta(minutes=15), timedelta(minutes=15), timedelta(0), -DAY)) + edge(rng)
    back = rng.choice(
        (("firm", starts, starts, at - 2 * HOUR), ("soft", starts, starts + HOUR, at - 2 * HOUR))
    )
    return one.but(call_back=back, reconnect=None), by


def rung_elsewhere(one: Person, by: Caller, at: datetime, rng: Random) -> Varied:
    """Every number rang for others who share it, as often as a day or a week allows."""
    many, period = rng.choice(((one.study.a_day, DAY), (one.study.a_week, WEEK)))
    first = at - period + edge(rng)
    rings = [min(first + n * (period / (many + 1)), at) for n in range(many)]
    return one.but(
        numbers=[replace(number, line=Line(number.line.name, list(rings))) for number in one.numbers]
    ), by


def unsafe_hour(one: Person, by: Caller, at: datetime, rng: Random) -> Varied:
    """This hour, or this weekday, is no longer safe on any number; or begins or ends to be so at this minute."""
    there = at.astimezone(ZoneInfo(rng.choice(one.zones))) if one.zones else at
    here, hour, later = time(there.hour, there.minute), time(there.hour), time((there.hour + 1) % 24)
    changes = rng.choice(
        (
            {"unsafe": ((hour, later),)},
            {"unsafe": ((later, here),)},
            {"unsafe": ((here, later),)},
            {"days": frozenset(range(7)) - {there.weekday()}},
            {"hours": ((later, hour),)},
            {"hours": ()},
            {"hours": ((here, here),), "days": frozenset({there.weekday()})},
        )
    )
    return one.but(numbers=[replace(number, **changes) for number in one.numbers]), by


def closed_day(one: Person, by: Caller, at: datetime, rng: Random) -> Varied:
    """A holiday, a pause or other calling hours, on one of the clocks they may go by."""
    there = at.astimezone(ZoneInfo(rng.choice(one.zones))) if one.zones else at
    hour, later = time(there.hour), time((there.hour + 1) % 24)
    changes = rng.choice(
        (
            {"closed_on": frozenset({there.date() + rng.choice((0, 0, -1, 1)) * DAY})},
            {"pauses": ((hour, later),)},
            {"hours": (later, hour)},
        )
    )
    return one.but(study=replace(one.study, **changes)), by


def elsewhere(one: Person, by: Caller, at: datetime, rng: Random) -> Varied:
    """Gone to another country, or to one of several zones; once in a while nobody knows where."""
    added = (*one.zones, rng.choice(ZONES))
    return one.but(zones=rng.choice((added, added, added[-1:], ()))), by


def claimed(one: Person, by: Caller, at: datetime, rng: Random) -> Varied:
    holder = rng.choice((by.id, TEAMS[0], TEAMS[0]))
    return one.but(claim=(holder, at + edge(rng))), by


def another_caller(one: Person, by: Caller, at: datetime, rng: Random) -> Varied:
    return rng.choice(
        (
            (one.but(barred_callers=frozenset({by.id})), by),
            (one.but(language="fa"), by),
            (one.but(wants_gender="male" if by.gender == "female" else "female"), by),
            (one, replace(by, gender=None)),
            (one.but(team=TEAMS[0]), replace(by, teams=frozenset({TEAMS[1]}))),
            (one.but(refused_to=frozenset({by.id})), by),
            (one, replace(by, calling=TEAMS[0])),
            (one, replace(by, calling=one.id)),
        )
    )


VARIATIONS: tuple[Variation, ...] = (
    gone, unsaid, over, moved, held, window, numbers, dialled, whole_round, tired, spaced, resting, awaited,
    rung_elsewhere, unsafe_hour, closed_day, elsewhere, claimed, another_caller, another_caller,
    searched, searched, fasting,
)  # fmt: skip
