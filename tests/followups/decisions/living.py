"""Lives through weeks with a few people who share telephones: looks, claims, dials, outcomes, and what is between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tests.followups.decisions import inventing
from tests.followups.decisions.asking import Asked
from tests.followups.decisions.facts import Caller, Line, Person, Sitting
from tests.followups.decisions.inventing import DAY, minutes
from tests.followups.decisions.tallying import Tally
from tests.followups.decisions.varying import VARIATIONS

LEASE = timedelta(minutes=30)
STEPS = 30
OUTCOMES = (
    "nobody",
    "nobody",
    "nobody",
    "off",
    "refused",
    "firm",
    "soft",
    "dropped",
    "wrong",
    "rest",
    "done",
)


@dataclass
class Cell:
    """Four people with five telephones between them (0 and 1 held by several), three callers, some weeks."""

    rng: Random
    asked: Asked
    now: datetime
    people: list[Person]
    lines: list[Line]
    callers: list[Caller]

    def live(self, steps: int = STEPS) -> None:
        for _ in range(steps):
            place = self.rng.randrange(len(self.people))
            if self.rng.random() < 0.3:
                self.happen(place)
            self.try_to_call(place)
            self.now += minutes(self.rng, self.rng.choice((30, 240, 1440)))

    # --- A call -------------------------------------------------------------------------------------------------------

    def try_to_call(self, place: int) -> None:
        person = self.in_time(place)
        span = self.asked.look(person, self.now)
        if span is None:
            self.claim_anyway(person)
            return
        self.now = max(self.now, self.some_instant(span.starts_at, span.ends_at))
        caller = self.rng.choice(self.callers)
        if not self.asked.claim(person, caller, self.now):
            return
        self.vary(person, caller)
        person = self.put(place, person.but(claim=(caller.id, self.now + LEASE)))
        if self.rng.random() < 0.2:
            person = self.happen(place)
        self.sit(place, person, caller)

    def in_time(self, place: int) -> Person:
        """The person, in their next round once the window has closed or the interview is made."""
        person = self.people[place]
        is_over = person.closes_at is not None and person.closes_at <= self.now
        if person.status != "active" or (is_over and self.rng.random() < 0.5):
            return self.put(place, self.somebody_new())
        if not is_over and person.state != "done":
            return person
        opens_at = self.now + minutes(self.rng, 2 * 1440)
        fresh = {"state": "open", "round": person.round + 1, "rest_until": None, "call_back": None}
        window = {"opens_at": opens_at, "closes_at": opens_at + timedelta(days=self.rng.randrange(5, 25))}
        return self.put(place, person.but(**fresh, **window, refused_to=frozenset()))

    def somebody_new(self) -> Person:
        model = self.people[0]
        return inventing.person(self.rng, model.study, self.rng.choice(inventing.ZONES), self.lines, self.now)

    def some_instant(self, starts: datetime, ends: datetime) -> datetime:
        return self.rng.choice(
            (starts, ends - timedelta(microseconds=1), starts + self.rng.random() * (ends - starts))
        )

    def claim_anyway(self, person: Person) -> None:
        """Asked at once and a little later although nothing was ready: as when the queue is old."""
        for at in (self.now, self.now + minutes(self.rng, 300)):
            self.asked.claim(person, self.rng.choice(self.callers), at)

    def vary(self, person: Person, caller: Caller) -> None:
        """At a moment when a call is allowed: ask again with one thing otherwise."""
        for variation in self.rng.sample(VARIATIONS, 5):
            other, by = variation(person, caller, self.now, self.rng)
            self.asked.claim(other, by, self.now, kind="varied")

    def sit(self, place: int, person: Person, caller: Caller) -> None:
        """Dial while numbers are left and nobody answers; each dial asks again."""
        began, rang = self.now, False
        outcome = self.rng.choice(OUTCOMES)
        for _ in range(4):
            chosen = self.asked.numbers(person, caller, self.now)
            if not chosen:
                break
            line = next(line for line in self.lines if line.name == chosen[0])
            if outcome != "off":
                line.rings.append(self.now)
                rang = True
            number = next(one for one in person.numbers if one.line is line)
            number.tried = (*number.tried, self.now) if person.is_tracing else number.tried
            sitting_to = {"dialled": person.dialled | {line.name}, "to_trusted": number.whose == "trusted"}
            person = self.put(place, person.but(**sitting_to))
            self.now += timedelta(seconds=self.rng.randrange(20, 400))
            if outcome not in ("nobody", "off"):
                break
        if not person.dialled:
            self.put(place, person.but(claim=None))
            return
        sitting = Sitting(began, rang, person.round)
        person = person.but(claim=None, dialled=frozenset(), to_trusted=None, reconnect=None)
        person = person.but(sittings=(*person.sittings, sitting))
        self.put(place, self.after(person, outcome, caller))

    def after(self, person: Person, outcome: str, caller: Caller) -> Person:
        """What the outcome makes true."""
        later = self.now + minutes(self.rng, self.rng.choice((90, 600, 3000)))
        changes: dict[str, dict[str, object]] = {
            "refused": {"holds": (("refusal", self.now + 7 * DAY),), "refused_to": frozenset({caller.id})},
            "firm": {"call_back": ("firm", later, later, self.now)},
            "soft": {"call_back": ("soft", later, later + minutes(self.rng, 1440), self.now)},
            "dropped": {"reconnect": (self.now, self.now + timedelta(minutes=30))},
            "rest": {"rest_until": later},
            "done": {"state": "done"},
        }
        if outcome == "wrong":
            number = self.rng.choice(person.numbers)
            number.line.is_refused = self.rng.random() < 0.5
            number.status = "wrong_person"
        return person.but(**changes.get(outcome, {}))

    # --- What comes between -------------------------------------------------------------------------------------------

    def happen(self, place: int) -> Person:
        """Something that changes what may be done: said, held, moved, barred, rung in another study."""
        person, rng = self.people[place], self.rng
        until = self.now + minutes(rng, 4 * 1440)
        changes: tuple[dict[str, object], ...] = (
            {"holds": ((rng.choice(("pause", "safety", "review")), rng.choice((None, until, until))),)},
            {"holds": ()},
            {"holds": ()},
            {"said": {**person.said, "recontact": ("granted", until)}},
            {"said": {**person.said, "keep_number": ("withdrawn", None)}},
            {"said": {"recontact": ("granted", None), "keep_number": ("granted", None)}},
            {"zones": inventing.zones(rng, rng.choice(inventing.ZONES))},
            {"zones": person.zones[:1]},
            {"stage": rng.choice(("in_transit", "arrived", "detained", "crossing", "unknown", "arrived"))},
            {"is_tracing": not person.is_tracing, "search_since": self.now - minutes(rng, 9 * 1440)},
            {"outlook": inventing.outlook(rng)},
            {"asks_trusted": rng.random() < 0.7},
            {"status": rng.choice(("withdrawn", "active", "active", "deceased"))},
            {"barred_callers": frozenset({rng.choice(self.callers).id})},
            {"sittings": (*person.sittings, Sitting(self.now, rng.random() < 0.8, None))},
            {"claim": (rng.choice(self.callers).id, until)},
            {"claim": None},
            {"numbers": [inventing.number(rng, line) for line in rng.sample(self.lines, 2)]},
        )
        if rng.random() < 0.2:
            rng.choice(self.lines).is_refused = rng.random() < 0.3
        return self.put(place, person.but(**rng.choice(changes)))

    def put(self, place: int, person: Person) -> Person:
        self.people[place] = person
        return person


def cell(rng: Random, tally: Tally, asked: type[Asked] = Asked) -> Cell:
    zone, start = inventing.moment_of_start(rng)
    lines = [Line(name) for name in range(5)]
    study = inventing.study(rng, start)
    places = (zone, zone, rng.choice(inventing.ZONES), rng.choice(inventing.ZONES))
    people = [inventing.person(rng, study, place, lines, start) for place in places]
    return Cell(rng, asked(rng, tally, _turn(zone, start)), start, people, lines, inventing.callers(rng))


def _turn(zone: str, start: datetime) -> datetime:
    """The next clock change of the zone; far away when it has none."""
    ahead = [at for name, at in inventing.turns() if name == zone and at + DAY > start]
    return min(ahead, default=start + 9999 * DAY) + DAY / 2


def decide(decisions: int, seed: int | str) -> Tally:
    """Live through as many histories as it takes for so many decisions; the same seed, the same decisions."""
    tally, number = Tally(), 0
    while tally.decisions < decisions:
        cell(Random(f"{seed}-{number}"), tally).live()
        number += 1
    return tally
