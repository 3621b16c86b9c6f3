"""What happens in the synthetic study beside calls: moves, holds, withdrawals, stops, requests to partners."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from accounts.permissions import Permission
from casework.moving import move_stage
from casework.receipts import Grade
from casework.withdrawing import withdraw
from config.demo import asking, due_now, numbers, sitting
from config.demo.setting_up import World
from consent.models import Mode
from followups import holding
from followups.calling import claiming
from followups.models import FollowUp, Hold
from followups.models.restraints import HoldKind
from followups.ticking.tick import tick
from orientation import handling
from orientation.models import OrientationRequest
from orientation.vocabulary import DeclineReason, Form, State, Urgency
from tracker.models import Respondent
from tracker.stages import Stage


def agenda(now: datetime) -> Iterator[tuple[datetime, Callable[[World, datetime], object]]]:
    """What happens when, as pairs of a moment and what to do then."""
    happenings = (
        (40, _stops_contact), (33, _is_erased), (28, _is_detained), (21, _asks_to_be_left_alone),
        (9, _asks_harbour), (8, _asks_lantern), (6, _asks_harbour), (5, _asks_urgently),
        (4, _is_unsafe), (3, _asks_harbour), (3, _asks_lantern), (2, _wants_a_pause), (2, _asks_for_erasure),
        (2, _is_in_a_crossing), (1, _lantern_declines),
        (1, _harbour_receives_one),
    )  # fmt: skip
    for number, (days, happening) in enumerate(happenings):
        yield now - timedelta(days=days, minutes=number), happening


def begin_the_day(world: World, now: datetime) -> None:
    """The first calls of the demo's enumerator today: two as they come, two who ask to be called again soon."""
    caller, began = world.staff["enumerator"], now - due_now.CALLED_TODAY
    tick(began)
    soon = [sitting.called_back_at(now + timedelta(hours=hours)) for hours in (1, 2.5, 4, 16, 20, 23)]
    for turn in range(due_now.FIRST_CALLS):
        at = began + timedelta(minutes=18 * turn)
        claim = claiming.next_call(by=caller, now=at)
        if claim is not None:
            for _moment in sitting.call(
                world, claim, caller, at + timedelta(minutes=1), soon if turn % 2 else ()
            ):
                pass


def _someone(world: World, nth: int) -> Respondent | None:
    """The n-th, from the oldest, of those in touch whom nothing else in this story is about."""
    busy = {
        *FollowUp.objects.live().values_list("respondent", flat=True),
        *OrientationRequest.objects.values_list("respondent", flat=True),
        *Hold.objects.values_list("respondent", flat=True),
    }
    free = [one for one in world.active() if one.pk not in busy]
    return free[nth % len(free)] if free else None


def _stops_contact(world: World, at: datetime) -> None:
    if person := _someone(world, 1):
        by = world.staff["enumerator"]
        withdraw(respondent=person, grade=Grade.STOP, mode=Mode.PHONE, by=by, now=at)
        world.diary.withdrawals += 1


def _is_erased(world: World, at: datetime) -> None:
    if person := _someone(world, 2):
        by = world.staff["coordinator"]
        withdraw(respondent=person, grade=Grade.ERASE_ALL, mode=Mode.WRITING, by=by, now=at)
        world.diary.withdrawals += 1
        world.diary.erasures += by.may(Permission.ERASE)


def _asks_for_erasure(world: World, at: datetime) -> None:
    """Asked of an enumerator, who may not erase: it waits for the data protection officer."""
    if person := _someone(world, 3):
        by = world.staff["enumerator"]
        withdraw(respondent=person, grade=Grade.ERASE_IDENTIFIERS, mode=Mode.PHONE, by=by, now=at)
        world.diary.withdrawals += 1


def _asks_to_be_left_alone(world: World, at: datetime) -> None:
    if person := _someone(world, 8):
        number = next(sketch.numbers[-1] for sketch, one in world.people if one.pk == person.pk)
        numbers.leave_alone(world, number, world.staff["coordinator"], at)


def _is_detained(world: World, at: datetime) -> None:
    _moves(world, 4, Stage.DETAINED, at)


def _is_in_a_crossing(world: World, at: datetime) -> None:
    _moves(world, 5, Stage.CROSSING, at)


def _moves(world: World, nth: int, stage: Stage, at: datetime) -> None:
    if person := _someone(world, nth):
        by = world.staff["coordinator"]
        move_stage(respondent=person, stage=stage, country="", zone="", at=at, by=by, now=at)
        world.diary.moves += 1


def _wants_a_pause(world: World, at: datetime) -> None:
    _hold(world, 6, HoldKind.PAUSE, at, days=12)


def _is_unsafe(world: World, at: datetime) -> None:
    _hold(world, 7, HoldKind.SAFETY, at, days=None)


def _hold(world: World, nth: int, kind: HoldKind, at: datetime, days: int | None) -> None:
    if person := _someone(world, nth):
        until = at + timedelta(days=days) if days else None
        by = world.staff["coordinator"]
        holding.place(respondent=person, kind=kind, until=until, review_at=until or at, by=by, now=at)
        world.diary.pauses += kind is HoldKind.PAUSE


def _asks_harbour(world: World, at: datetime) -> None:
    _ask(world, "HARBOUR", Form.CONTACT_REQUEST, Urgency.NORMAL, at)


def _asks_lantern(world: World, at: datetime) -> None:
    _ask(world, "LANTERN", Form.I_WILL_CONTACT, Urgency.NORMAL, at)


def _asks_urgently(world: World, at: datetime) -> None:
    """Urgent is 72 hours, and nobody has acknowledged it since: it shows as overdue."""
    _ask(world, "HARBOUR", Form.CONTACT_REQUEST, Urgency.URGENT, at)


def _ask(world: World, partner: str, form: Form, urgency: Urgency, at: datetime) -> None:
    """The first person in touch who has asked for nothing yet."""
    asked = set(OrientationRequest.objects.values_list("respondent", flat=True))
    person = next((one for one in world.active() if one.pk not in asked and asking.may_ask(one, at)), None)
    if person is not None:
        asking.ask(world, person, partner, form, urgency, by=world.staff["enumerator"], at=at)


def _harbour_receives_one(world: World, at: datetime) -> None:
    request = OrientationRequest.objects.filter(
        partner__code="HARBOUR", urgency=Urgency.NORMAL, state=State.REQUESTED
    ).first()
    if request is not None:
        handling.acknowledge(request_id=request.pk, by=world.staff["focal"], now=at)


def _lantern_declines(world: World, at: datetime) -> None:
    by = world.staff["focal-lantern"]
    request = OrientationRequest.objects.filter(partner__code="LANTERN", state=State.REQUESTED).first()
    if request is not None:
        handling.decline(request_id=request.pk, reason=DeclineReason.NO_CAPACITY, by=by, now=at)
