"""What invented people do by themselves: end it, tell a new number, ask for a pause, want somebody else to call."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random

from accounts.models import User
from casework import wishes
from casework.receipts import Grade
from casework.stopping import record_a_stop
from casework.withdrawing import withdraw
from config.demo.numbers import take_down
from config.demo.setting_up import World
from consent.models import Mode
from followups.gateways.simulated.chances import chance, pick
from followups.gateways.simulated.habits import habits_of, wants_no_more
from followups.gateways.simulated.lines import card_at, lines_at
from followups.gateways.simulated.numbers import number_of
from tracker.models import Respondent

DAY = timedelta(days=1)
PAUSES_A_MONTH, BARS_A_MONTH = 0.01, 0.004
_GRADES = {Grade.STOP: 0.6, Grade.ERASE_IDENTIFIERS: 0.25, Grade.ERASE_ALL: 0.15}

Deed = Callable[[User], None]


def of_the_day(world: World, at: datetime) -> Iterator[tuple[datetime, Deed, Respondent]]:
    """Who gets in touch in the day that begins at `at`, when, and what then happens."""
    for person in Respondent.objects.active().iterator():
        who = world.behind(person.pk)
        if who is None:
            continue
        random = chance("calls in", who, at.date())
        moment = at + timedelta(minutes=random.randrange(6 * 60, 18 * 60))
        deed = _deed(world, person, who, moment, random)
        if deed is not None:
            yield moment, deed, person


def _deed(world: World, person: Respondent, who: int, at: datetime, random: Random) -> Deed | None:
    if wants_no_more(who, at) and at.day == 1 + who % 28:
        return lambda by: _end_it(world, person, who, by, at, random)
    if timedelta(days=2) <= at - card_at(who, at).since < timedelta(days=3) and (
        random.random() < habits_of(who).calls_in
    ):
        return lambda by: take_down(world, person, who, by, at)
    lot = random.random() * 30
    if lot < PAUSES_A_MONTH:
        return lambda by: _pause(world, person, by, at)
    if lot < PAUSES_A_MONTH + BARS_A_MONTH:
        return lambda by: _bar(world, person, by, at)
    return None


def _end_it(world: World, person: Respondent, who: int, by: User, at: datetime, random: Random) -> None:
    """By telling us, by telling a stranger the number, or with erasure, which the data protection officer completes."""
    if random.random() < 0.15:
        number = number_of(who, lines_at(who, at)[0])
        world.diary.stops += 1
        world.diary.numbers_stopped.setdefault(number, at)
        record_a_stop(said=number, keep_refusal=True, by=by, now=at, even_seconds=0)
        return
    grade = pick(random, _GRADES)
    world.diary.withdrawals += 1
    withdraw(respondent=person, grade=grade, mode=Mode.MESSAGE, by=by, now=at)
    if grade is not Grade.STOP:
        world.erasures_asked.append((at, person, grade))


def _pause(world: World, person: Respondent, by: User, at: datetime) -> None:
    wishes.pause(respondent=person, until_on=(at + 12 * DAY).date(), by=by, now=at)
    world.diary.holds += 1


def _bar(world: World, person: Respondent, by: User, at: datetime) -> None:
    """Somebody else, please: the one who usually calls does so no more."""
    usual = person.usual_enumerator or by
    wishes.bar_enumerator(respondent=person, enumerator=usual, by=by, now=at)
    if person.pk in world.diary.people:
        world.diary.people[person.pk].barred.append((at, usual.pk))
