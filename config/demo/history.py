"""Months of fieldwork lived through the real use cases: tick, claim, dial, outcome, with a past `now` at each step."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.db.models import Min, Q

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
SHORTEST_STEP, LONGEST_STEP = timedelta(hours=3), timedelta(hours=12)
"""The shortest is as long as a daypart, so that no slot is passed over."""
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
DAYS_WITHOUT_CALLS = 6
"""Every so many days nobody calls, as happens: some windows close on what was not tried."""


def live_through(world: World, seed: int, since: datetime, until: datetime) -> None:
    """Fieldwork in `[since, until)`, from one moment at which something is due to the next."""
    at = since
    while at < until:
        if _is_tick_due(at):
            tick(at)
        if (at - world.began).days % DAYS_WITHOUT_CALLS:
            call_all(_in_turn(world.enumerators, at), seed, at)
        at = _next_moment(at)


def _in_turn(enumerators: list[User], at: datetime) -> list[User]:
    """Another one first at each step: with work for all, no one takes everything."""
    first = int(at.timestamp() // 3600) % len(enumerators)
    return [*enumerators[first:], *enumerators[:first]]


def _next_moment(at: datetime) -> datetime:
    """When something is due next: a window, a look, a span in which to call."""
    moments = FollowUp.objects.aggregate(
        opens=Min("opens_at", filter=Q(state=State.PLANNED, opens_at__gt=at)),
        look=Min("look_at", filter=Q(state__in=LIVE, look_at__gt=at)),
        ready=Min("ready_from", filter=Q(state=State.READY, ready_from__gt=at)),
    )
    soonest = min((one for one in moments.values() if one), default=at + LONGEST_STEP)
    return min(max(soonest, at + SHORTEST_STEP), at + LONGEST_STEP)


def call_all(enumerators: list[User], seed: int, at: datetime, most: int = 3) -> None:
    """Each enumerator makes up to `most` calls that are offered to them, one after the other."""
    ready = Counter(FollowUp.objects.ready_at(at).values_list("team", "language"))
    for user in enumerators:
        _call(user, ready, seed, at, most)


def _is_tick_due(at: datetime) -> bool:
    work = FollowUp.objects
    return (
        work.due_to_open(at).exists()
        or work.due_a_look(at).exists()
        or work.due_to_close(at).exists()
        or Claim.objects.run_out(at).exists()
    )


def _call(user: User, ready: Counter[tuple[UUID, str]], seed: int, at: datetime, most: int) -> None:
    """One call every 25 minutes, until nobody is left whom this enumerator could be offered. Counts `ready` down."""
    for turn in range(most):
        moment = at + timedelta(minutes=25 * turn)
        claim = claiming.next_call(by=user, now=moment) if _is_anyone_left(user, ready) else None
        if claim is None:
            return
        ready[claim.respondent.team_id, claim.respondent.language] -= 1
        dial_and_record(claim, user, seed, moment + timedelta(minutes=1))


def _is_anyone_left(user: User, ready: Counter[tuple[UUID, str]]) -> bool:
    return any(ready[team, language] > 0 for team in user.team_ids for language in user.language_codes)


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
