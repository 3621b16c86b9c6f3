"""A day at the desks: a coordinator's reviews, the partners' requests, the data protection officer's erasures."""

from datetime import datetime, timedelta

from casework.moving import move_stage
from casework.withdrawing import withdraw
from config.demo.setting_up import World
from consent.models import Mode
from followups import resuming
from followups.gateways.simulated.chances import chance
from followups.gateways.simulated.journeys import episode_at
from followups.models import Hold
from followups.models.restraints import HoldKind, LiftReason
from kernel.errors import DomainError
from orientation import handling, partners
from orientation.models import OrientationRequest, Service
from orientation.vocabulary import DeclineReason, Outcome, State
from tracker.stages import NEVER_CALLED

DAY = timedelta(days=1)
LEFT_FOR_VISITORS = timedelta(days=6)
"""What came in since then the simulated desks leave alone, so that whoever signs in finds work."""
HARBOUR_READER, LANTERN_READER = "focal", "focal-lantern"


def do_the_days_work(world: World, at: datetime, until: datetime) -> None:
    """Everything the desks do on one morning, of what came in before `until`."""
    _review_holds(world, at, until)
    _verify_services(world, at)
    _answer_requests(world, at, until)
    _erase(world, at, until)


def _review_holds(world: World, at: datetime, until: datetime) -> None:
    """Two days after an unsafe call, and when word comes of somebody who was held or at sea."""
    due = Hold.objects.due_for_review(at).filter(placed_at__lt=min(at - 2 * DAY, until))
    for hold in due.select_related("respondent"):
        try:
            _review(world, hold, at)
        except DomainError as refusal:
            world.diary.refused[refusal.code] += 1


def _review(world: World, hold: Hold, at: datetime) -> None:
    by, person = world.staff["second"], hold.respondent
    who = world.behind(person.pk)
    now = episode_at(who, at) if who is not None else None
    if hold.kind == HoldKind.SAFETY and chance("review", hold.respondent_id, hold.placed_at).random() < 0.25:
        return  # not sure enough: the hold stays
    if now and now.stage in NEVER_CALLED:
        return
    if now and now.stage.value != person.stage and now.since > person.stage_since:
        move_stage(
            respondent=person, stage=now.stage, country=now.place.country, zone=now.place.zone, at=now.since, by=by,
            now=at,
        )  # fmt: skip
        world.diary.hears_clock(person, now.place.zone, at)
    if Hold.objects.standing(at).filter(pk=hold.pk).exists():
        resuming.resume(hold=hold, why=LiftReason.TALKED, by=by, now=at)


def _verify_services(world: World, at: datetime) -> None:
    """Before the 90 days are over; the hotline's 30 nobody has thought of."""
    stale = Service.objects.filter(is_hotline=False, verified_on__lt=(at - 60 * DAY).date())
    for service in stale:
        partners.verify(service=service, by=world.staff["second"], now=at)


def _answer_requests(world: World, at: datetime, until: datetime) -> None:
    for partner, username in (("HARBOUR", HARBOUR_READER), ("LANTERN", LANTERN_READER)):
        if username not in world.staff:
            continue
        waiting = OrientationRequest.objects.open().filter(
            partner__code=partner, requested_at__lt=min(at - DAY, until)
        )
        for request in waiting:
            _answer(request, world, username, at)


def _answer(request: OrientationRequest, world: World, username: str, at: datetime) -> None:
    by, random = world.staff[username], chance("answer", request.respondent_id, request.requested_at)
    if request.state == State.REQUESTED and random.random() < 0.1:
        handling.decline(request_id=request.pk, reason=DeclineReason.NO_CAPACITY, by=by, now=at)
    elif request.state == State.REQUESTED:
        handling.acknowledge(request_id=request.pk, by=by, now=at)
    elif request.state == State.ACKNOWLEDGED:
        handling.act(request_id=request.pk, by=by, now=at)
    else:
        outcome = Outcome.HELPED if random.random() < 0.7 else Outcome.NOT_REACHED
        handling.close(request_id=request.pk, outcome=outcome, by=by, now=at)


def _erase(world: World, at: datetime, until: datetime) -> None:
    """Complete what was asked at least a day ago."""
    if "dpo" not in world.staff:
        return
    due = [one for one in world.erasures_asked if one[0] < min(at - DAY, until)]
    for asked in due:
        _asked_at, person, grade = asked
        person.refresh_from_db()
        world.diary.withdrawals += 1
        world.diary.erasures += 1
        withdraw(respondent=person, grade=grade, mode=Mode.MESSAGE, by=world.staff["dpo"], now=at)
        world.erasures_asked.remove(asked)
