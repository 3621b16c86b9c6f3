"""Invents studies, telephones, people and callers, in weeks around which clocks change somewhere."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import cache
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.followups.decisions.facts import ALL_DAY, EVERY_DAY, Caller, Line, Number, Person, Season, Study

DAY = timedelta(days=1)
# Half and quarter hours, half-hour changes, a change for Ramadan, changes at midnight, and clocks that never change.
ZONES = (
    "Africa/Tunis", "Africa/Tripoli", "Africa/Cairo", "Africa/Casablanca", "Africa/Khartoum", "Africa/Addis_Ababa",
    "Africa/Niamey", "Europe/Berlin", "Europe/Rome", "Europe/Athens", "Europe/London", "Asia/Beirut", "Asia/Gaza",
    "Asia/Kabul", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Tehran", "Australia/Lord_Howe", "America/St_Johns",
    "America/Bogota", "America/Tijuana", "Pacific/Chatham", "Pacific/Apia", "Antarctica/Troll",
)  # fmt: skip
OLD_TURNS = (
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
    ("Asia/Tehran", datetime(2021, 9, 21, 19, tzinfo=UTC)),
)
FROM, UNTIL = datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
TEAMS = (UUID(int=71), UUID(int=72))


@cache
def turns() -> tuple[tuple[str, datetime], ...]:
    """Every clock change of two years, to the day, and two that are famous."""
    found = list(OLD_TURNS)
    for name in ZONES:
        zone = ZoneInfo(name)
        days = [FROM + DAY * n for n in range((UNTIL - FROM).days)]
        found += [
            (name, at)
            for at in days
            if at.astimezone(zone).utcoffset() != (at + DAY).astimezone(zone).utcoffset()
        ]
    return tuple(found)


def minutes(rng: Random, most: float) -> timedelta:
    """A while, mostly of whole minutes, sometimes to the microsecond."""
    whole = timedelta(minutes=rng.randrange(int(most)))
    return whole + timedelta(microseconds=rng.randrange(60_000_000)) if rng.random() < 0.2 else whole


def moment_of_start(rng: Random) -> tuple[str, datetime]:
    """A zone and the day a history begins: some days before the zone changes its clocks, or any day."""
    if rng.random() < 0.75:
        zone, turn = rng.choice(turns())
        return zone, turn - minutes(rng, 5 * 1440)
    return rng.choice(ZONES), FROM + minutes(rng, 700 * 1440)


def study(rng: Random, start: datetime) -> Study:
    if rng.random() < 0.4:
        return Study(cap=rng.choice((3, 5, 6, 8)))
    closed = {(start + DAY * rng.randrange(20)).date() for _ in range(rng.choice((0, 1, 2)))}
    return Study(
        hours=rng.choice(((time(8), time(20)), (time(9, 30), time(17, 15)), (time(18), time(3)), ALL_DAY)),
        pauses=rng.choice(((), (), ((time(12), time(13, 30)),), ((time(23, 30), time(0, 15)),))),
        closed_on=frozenset(closed),
        seasons=tuple(season(rng, start) for _ in range(rng.choice((0, 0, 1, 2)))),
        rest_days=rng.choice((frozenset({5, 6}), frozenset({4, 5}), frozenset({6}))),
        a_day=rng.choice((1, 2, 2, 3)),
        a_week=rng.choice((4, 5, 5)),
        spacing_minutes=rng.choice((60, 180, 180, 240)),
        cap=rng.choice((2, 3, 5, 6, 8)),
    )


def season(rng: Random, start: datetime) -> Season:
    """A month or a few days of other hours, with a pause or without."""
    from_on = (start + DAY * rng.randrange(-20, 12)).date()
    return Season(
        from_on,
        from_on + DAY * rng.choice((2, 5, 30)),
        rng.choice((ALL_DAY, (time(9), time(15)), (time(20), time(1)), (time(10), time(18)))),
        rng.choice(((), ((time(11, 30), time(12, 15)),), ((time(18), time(19, 30)),))),
    )


def outlook(rng: Random) -> tuple[tuple[float, ...], float] | None:
    """What a model might say of somebody; sometimes that it is not worth it, often nothing."""
    if rng.random() < 0.5:
        return None
    most = rng.choice((0.9, 0.5, 0.5, 0.1))
    return tuple(0.02 + most * rng.random() for _ in range(8)), rng.choice((0.95, 0.7, 0.3, 0.1))


def zones(rng: Random, likeliest: str) -> tuple[str, ...]:
    """The zones somebody may be in: mostly one; two or three while it is not sure which."""
    others = rng.choices((0, 1, 2), (6, 3, 1))[0]
    return (likeliest, *(name for name in rng.sample(ZONES, others) if name != likeliest))


def clock_time(rng: Random) -> time:
    return time(rng.randrange(24), rng.choice((0, 0, 15, 30, 45)))


def safe_hours(rng: Random) -> tuple[tuple[time, time], ...]:
    """Mostly any hour, or an afternoon, or an evening past midnight; seldom none at all."""
    usual = (((time(9), time(18)),), ((time(17), time(1)),), ((time(8), time(11)), (time(16), time(21))))
    return rng.choice((*usual, ((clock_time(rng), clock_time(rng)),), (ALL_DAY,), (ALL_DAY,)))


def number(rng: Random, line: Line) -> Number:
    made = Number(UUID(int=rng.getrandbits(64)), line)
    made.status = rng.choice(("active", "active", "unverified", "temporarily_off", "no_answer_streak"))
    if rng.random() < 0.15:
        made.whose, made.has_words = "trusted", rng.random() < 0.8
    if rng.random() < 0.5:
        return made
    made.days = rng.choice((EVERY_DAY, frozenset({0, 1, 2, 3, 4}), frozenset({5, 6, 0, 1})))
    made.hours = safe_hours(rng)
    made.unsafe = ((clock_time(rng), clock_time(rng)),) if rng.random() < 0.3 else ()
    return made


def person(rng: Random, of: Study, zone: str, lines: list[Line], now: datetime) -> Person:
    """Somebody whose window is open or about to be."""
    opens_at = now + timedelta(days=rng.choice((-9, -3, -1, 0, 1)), minutes=rng.randrange(-300, 300))
    made = Person(
        id=UUID(int=rng.getrandbits(64)),
        study=of,
        zones=zones(rng, zone),
        numbers=[number(rng, line) for line in rng.sample(lines, rng.choice((1, 1, 2, 3)))],
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=rng.randrange(8, 30), minutes=rng.randrange(1440)),
        stage=rng.choice(("in_transit", "stranded", "arrived", "settled")),
        language=rng.choice(("ti", "ar")),
        offset=rng.randrange(8),
    )
    made.outlook = outlook(rng)
    made.team = rng.choice((None, TEAMS[0]))
    made.wants_gender = rng.choice((None, None, "female"))
    return made


def callers(rng: Random) -> list[Caller]:
    """Two who suit most, and one who seldom does."""
    ids = [UUID(int=rng.getrandbits(64)) for _ in range(3)]
    usual = [Caller(one, teams=frozenset(TEAMS)) for one in ids[:2]]
    return [*usual, Caller(ids[2], frozenset({"ti"}), "male", frozenset({TEAMS[1]}))]
