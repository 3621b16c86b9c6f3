"""A small panel lived through the real use cases and tables: two studies, shared numbers, moves, holds; and its judge.

The judge reads the dials and claims that came of it, and a diary of what was said and told; it asks no rule.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from casework import moving
from consent.folding import Decision
from consent.purposes import Purpose
from followups.models import Attempt, Dial, FollowUp
from followups.models.follow_ups import LIVE, State
from followups.ticking.tick import tick
from kernel.errors import DomainError
from tests.factories import make_study, synthetic_number
from tests.followups import histories as seen
from tests.followups.histories import DAY, OUTCOMES, PLACES, WEEK, Life
from tests.followups.making import ENROLLED, World, claim, dial, enrol_again, ring, tell
from tracker import reaching
from tracker.models import Respondent, Study
from tracker.stages import Stage

HOUR = timedelta(hours=1)
EXPECTED = ("callback_firm", "technical")
"""Outcomes after which the person may be called without the usual rest."""


@dataclass
class Panel(Life):
    """Eight people on five telephones in two studies, and three callers; `decisions` counts claims and dials asked."""

    rng: Random = field(default_factory=Random)
    decisions: int = 0
    places: dict[UUID, list[tuple[datetime, str]]] = field(default_factory=dict)
    line_of: dict[UUID, str] = field(default_factory=dict)
    refused_at: dict[str, datetime] = field(default_factory=dict)

    def some(self) -> int:
        return self.rng.randrange(len(self.people))

    def live(self, decisions: int) -> None:
        """Let things happen until so many claims and dials were asked for."""
        happenings = (
            (self.ring_round,) * 6 + (self.pass_time,) * 3 + (self.speak, self.rest, self.go, self.refuse)
        )
        while self.decisions < decisions:
            with suppress(DomainError):
                self.rng.choice(happenings)()
            self.now += timedelta(minutes=self.rng.randrange(1, 40))

    # --- What happens -------------------------------------------------------------------------------------------------

    def ring_round(self) -> None:
        """Every row is put into the queue by force: only the rules asked at the moment stand in the way."""
        FollowUp.objects.filter(respondent__in=self.people, state__in=LIVE).update(
            state=State.READY, ready_from=self.now, ready_until=self.now + HOUR, has_begun=True
        )
        self.decisions += 1
        claimed = claim(self.rng.choice(self.callers), self.now)
        last = None
        while claimed is not None:
            self.decisions += 1
            ordered = dial(claimed, self.now, after=last, gave="no_answer" if last else "")
            if ordered.dial is None:
                break
            last = ring(ordered.dial, self.now)
            self.now += timedelta(minutes=2)
            if self.rng.random() < 0.7:
                break
        outcome = self.rng.choice(OUTCOMES)
        if last is not None and outcome:
            tell(last.attempt, self._heard(outcome), self.now)
            self._note(last, outcome)

    def _note(self, last: Dial, outcome: str) -> None:
        if outcome in ("unsafe_number", "wrong_number"):
            self._refuse_line(last.contact_point_id)

    def pass_time(self) -> None:
        self.wait(self.rng.choice((60, 300, 900, 2000)))

    def speak(self) -> None:
        decision = self.rng.choice((Decision.GRANTED, Decision.GRANTED, Decision.WITHDRAWN))
        purpose = self.rng.choice((Purpose.RECONTACT, Purpose.KEEP_NUMBER))
        self.say(self.some(), purpose, decision, self.rng.randrange(600))

    def rest(self) -> None:
        self.rng.choice(
            (lambda: self.hold(self.some(), self.rng.choice((1, 3))), lambda: self.lift(self.some()))
        )()

    def go(self) -> None:
        """Somebody tells us that they are elsewhere, or at which hours never to call."""
        place = self.some()
        if self.rng.random() < 0.3:
            self.unsafe_hours(place, self.rng.randrange(8, 18))
            return
        country, zone = self.rng.choice(PLACES)
        person = Respondent.objects.get(pk=self.people[place].pk)
        moving.move_stage(
            respondent=person, stage=self.rng.choice((Stage.ARRIVED, Stage.IN_TRANSIT)), country=country,
            zone=zone, at=self.now, by=self.world.coordinator, now=self.now,
        )  # fmt: skip
        self.places[person.pk].append((self.now, zone))

    def refuse(self) -> None:
        if self.rng.random() < 0.15:
            point = self.people[self.some()].contact_points.first()
            reaching.bar_number(contact_point=point, by=None, now=self.now)
            self._refuse_line(point.pk)

    def _refuse_line(self, point_id: UUID) -> None:
        self.refused_at.setdefault(self.line_of[point_id], self.now)


def panel(seed: int) -> Panel:
    """Made anew, as its windows open."""
    rng, world = Random(seed), World()
    made = Panel(world, [], ENROLLED, rng=rng)
    numbers = [synthetic_number() for _ in range(5)]
    studies = (world.study, make_study(team=world.team, by=world.coordinator, now=ENROLLED))
    for place in range(8):
        made.people.append(_somebody(made, numbers, studies[place % 2]))
    for one in made.people[::3]:
        enrol_again(one, next(study for study in studies if not one.enrolments.filter(study=study).exists()))
    owed = FollowUp.objects.filter(respondent__in=made.people)
    made.now = max(owed.values_list("opens_at", flat=True)) + 9 * HOUR
    made.callers = [world.enumerator, world.caller(), world.caller()]
    tick(made.now)
    return made


def _somebody(made: Panel, numbers: list[str], study: Study) -> Respondent:
    """Enrolled with one or two of these numbers."""
    country, zone = made.rng.choice(PLACES)
    mine = tuple(made.rng.sample(numbers, made.rng.choice((1, 1, 2))))
    stage = made.rng.choice(("arrived", "in_transit"))
    one = made.world.person(stage=stage, country=country, zone=zone, numbers=mine, study=study)
    made.places[one.pk] = [(ENROLLED, zone)]
    points = one.contact_points.order_by("position").values_list("pk", flat=True)
    made.line_of.update(zip(points, mine, strict=True))
    return one


# --- The judge --------------------------------------------------------------------------------------------------------


def broken(made: Panel) -> list[str]:
    """Every rule that some dial or claim broke, told by the tables and the diary."""
    dials = seen.dials_of(made)
    found = [f"{what} at {one.ordered_at}" for one in dials for what in _broken_by(made, one)]
    found += [
        f"too many dials of a line at {at}"
        for line in set(made.line_of.values())
        for at in _rung(made, dials, line)
    ]
    for person in made.people:
        found += [f"too many calls at {at}" for at in _crowded(seen.sittings_of(made, person))]
        found += [f"no rest before {at}" for at in _unrested(made, person)]
    return found + (["two claims at once"] if seen.claims_overlap(made) else [])


def _broken_by(made: Panel, dialled: Dial) -> list[str]:
    person, at = dialled.attempt.respondent_id, dialled.ordered_at
    refused_at = made.refused_at.get(made.line_of[dialled.contact_point_id])
    hour = _hour_there(made, person, at)
    rules = {
        "no consent": not seen.permits(made, person, Purpose.RECONTACT, at),
        "no consent to keep the number": not seen.permits(made, person, Purpose.KEEP_NUMBER, at),
        "outside the hours": not 8 <= hour < 20,
        "in unsafe hours": _is_unsafe(made, person, at, hour),
        "a number that was refused": refused_at is not None and refused_at < at,
        "held": seen.was_held(dialled),
    }
    return [name for name, is_broken in rules.items() if is_broken]


def _hour_there(made: Panel, person: UUID, at: datetime) -> float:
    """On the clock of where they last said they are."""
    zone = [name for since, name in made.places[person] if since <= at][-1]
    there = at.astimezone(ZoneInfo(zone))
    return there.hour + there.minute / 60 + there.second / 3600


def _is_unsafe(made: Panel, person: UUID, at: datetime, hour: float) -> bool:
    told = [one[2] for one in made.heard if one[0] == person and one[1] == "unsafe_hours" and one[4] <= at]
    return bool(told) and told[-1] <= hour < told[-1] + 2


def _rung(made: Panel, dials: list[Dial], line: str) -> list[datetime]:
    rings = [
        one.ordered_at for one in dials if one.counts_as_burden and made.line_of[one.contact_point_id] == line
    ]
    return _crowded(rings)


def _crowded(moments: list[datetime]) -> list[datetime]:
    """Those that are the third in a day or the sixth in a week."""
    limits = ((DAY, 2), (WEEK, 5))
    return [
        at
        for at in moments
        if any(sum(at - period < one <= at for one in moments) > most for period, most in limits)
    ]


def _unrested(made: Panel, person: Respondent) -> list[datetime]:
    """Less than three hours after the one before, and not expected after it."""
    tries = Attempt.objects.filter(respondent=person, counts_as_burden=True, dials__in=seen.dials_of(made))
    made_then = sorted(set(tries.values_list("started_at", "disposition")))
    pairs = zip(made_then, made_then[1:], strict=False)
    return [at for (before, gave), (at, _gave) in pairs if at - before < 3 * HOUR and gave not in EXPECTED]
