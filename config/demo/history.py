"""Months of fieldwork lived through the real use cases: tick, claim, dial, outcome, with a past `now` at each step."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from accounts.models import User
from config.demo.people import chance
from config.demo.setting_up import World
from followups.calling import claiming, delivering, dialling, recording, revealing
from followups.calling.heard import CallBack, Heard, Journey
from followups.models import Attempt, Claim, Dial, FollowUp
from followups.models.follow_ups import LIVE, State
from followups.scheduling.situation import AppointmentKind
from followups.ticking.tick import tick
from kernel.errors import DomainError
from tracker.stages import Stage

SITTING = timedelta(minutes=12)
STEP = timedelta(hours=5)
"""No divisor of a day, so that every hour of everyone's day is met sooner or later."""
OUTCOMES = (
    ("completed", 44), ("no_answer", 22), ("switched_off", 9), ("other_answered", 6), ("not_now", 4),
    ("callback_firm", 3), ("callback_soft", 2), ("busy", 2), ("soft_refusal", 2), ("partial", 2), ("wrong_number", 1),
    ("disconnected", 1), ("hard_refusal", 1), ("unsafe", 1),
)  # fmt: skip
NEXT_STAGE = {
    Stage.ORIGIN: Stage.IN_TRANSIT,
    Stage.IN_TRANSIT: Stage.ARRIVED,
    Stage.STRANDED: Stage.IN_TRANSIT,
    Stage.ONWARD: Stage.ARRIVED,
    Stage.ARRIVED: Stage.SETTLED,
    Stage.RETURNED: Stage.ONWARD,
}
MOVES = 0.22
DAYS_WITHOUT_CALLS = 5
"""Every so many days nobody calls, as happens: some windows close on what was not tried."""


def live_through(world: World, seed: int, since: datetime, until: datetime) -> None:
    """Fieldwork in `[since, until)`, a step at a time; does nothing in steps in which nothing is due."""
    for at in _steps(since, until):
        if _is_tick_due(at):
            tick(at)
        if at.toordinal() % DAYS_WITHOUT_CALLS:
            call_all(world.enumerators, seed, at)


def call_all(enumerators: list[User], seed: int, at: datetime, most: int = 3) -> int:
    """Each enumerator makes up to `most` calls that are offered to them, one after the other; how many were made."""
    ready = set(FollowUp.objects.ready_at(at).values_list("team", "language"))
    return sum(_calls_of(user, seed, at, most) for user in enumerators if _speaks_to_any(user, ready))


def _steps(since: datetime, until: datetime) -> Iterator[datetime]:
    at = since
    while at < until:
        yield at
        at += STEP


def _is_tick_due(at: datetime) -> bool:
    work = FollowUp.objects
    return (
        work.due_to_open(at).exists()
        or work.due_a_look(at).exists()
        or work.due_to_close(at).exists()
        or Claim.objects.run_out(at).exists()
    )


def _speaks_to_any(user: User, ready: set[tuple[UUID, str]]) -> bool:
    return any(team in user.team_ids and language in user.language_codes for team, language in ready)


def _calls_of(user: User, seed: int, at: datetime, most: int) -> int:
    """How many calls somebody made, one every 25 minutes, until nobody was offered to them."""
    for made in range(most):
        if not _one_call(user, seed, at + timedelta(minutes=25 * made)):
            return made
    return most


def _one_call(user: User, seed: int, at: datetime) -> bool:
    """One sitting from claim to outcome; False when nobody is to be called by this enumerator now."""
    claim = claiming.next_call(by=user, now=at)
    if claim is None:
        return False
    return dial_and_record(claim, user, seed, at + timedelta(minutes=1))


def dial_and_record(claim: Claim, by: User, seed: int, at: datetime, wanted: Sequence[Heard] = ()) -> bool:
    """Dial the first number of a claim and record what came of it, drawn by chance where nothing is wanted."""
    dial = dialling.order(claim_id=claim.pk, by=by, now=at).dial
    if dial is None:
        return False
    _ring(dial, by, at)
    random = chance(seed, claim.respondent_id, claim.follow_up.round_number, dial.attempt.number)
    _record(dial.attempt, wanted or (_heard(_draw(random), claim, random, at),), by, at + SITTING)
    return True


def called_back_at(starts_at: datetime, minutes: int = 15) -> Heard:
    """They asked to be called then."""
    until = starts_at + timedelta(minutes=minutes)
    return Heard("callback_firm", call_back=CallBack(AppointmentKind.FIRM, starts_at, until))


def _ring(dial: Dial, by: User, at: datetime) -> None:
    """By whichever gateway is set: with a plain phone the number is shown once, to nobody here."""
    if dialling.reveals(dial):
        revealing.reveal(dial=dial, by=by, now=at)
    else:
        delivering.deliver(dial_id=dial.pk, now=at)


def _draw(random: Random) -> str:
    return random.choices([code for code, _share in OUTCOMES], [share for _code, share in OUTCOMES])[0]


def _heard(code: str, claim: Claim, random: Random, at: datetime) -> Heard:
    if code in ("completed", "partial"):
        return Heard(code, interview=True, recontact=True, journey=_journey(claim, random))
    if code == "callback_firm":
        return called_back_at(at + timedelta(hours=random.choice((3, 22, 24, 26))))
    if code == "callback_soft":
        starts_at = at + timedelta(hours=22)
        return Heard(
            code, call_back=CallBack(AppointmentKind.SOFT, starts_at, starts_at + timedelta(hours=3))
        )
    return Heard(code)


def _journey(claim: Claim, random: Random) -> Journey | None:
    """Now and then somebody has moved on."""
    stage = NEXT_STAGE.get(Stage(claim.respondent.stage))
    return Journey(stage) if stage and random.random() < MOVES else None


def _record(attempt: Attempt, heard: Sequence[Heard], by: User, at: datetime) -> None:
    """The first that the use case takes: a call-back at an hour that is not safe is not promised."""
    for one in (*heard, Heard("not_now")):
        try:
            recording.record(attempt_id=attempt.pk, heard=one, by=by, now=at)
        except DomainError:
            continue
        return


def owed() -> int:
    """How many interviews are issued and still owed."""
    return FollowUp.objects.filter(state__in=LIVE).count()


def ready(now: datetime) -> int:
    """How many can be called now."""
    return FollowUp.objects.ready_at(now).filter(state=State.READY).count()
