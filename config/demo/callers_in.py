"""What invented people do by themselves: end it, tell a new number, ask for a pause, want somebody else to call."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from accounts.models import User
from casework import wishes
from casework.receipts import Grade
from casework.withdrawing import withdraw
from config.demo.numbers import leave_alone, take_down
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


@dataclass(frozen=True, slots=True)
class Word:
    """Word from somebody at a moment; `who` is the simulated person behind the respondent."""

    world: World
    person: Respondent
    who: int
    at: datetime


def of_the_day(world: World, at: datetime) -> Iterator[tuple[datetime, Deed, Respondent]]:
    """Who gets in touch in the day that begins at `at`, when, and what then happens."""
    for person in Respondent.objects.active().iterator():
        who = world.behind(person.pk)
        if who is None:
            continue
        random = chance("calls in", who, at.date())
        moment = at + timedelta(minutes=random.randrange(6 * 60, 18 * 60))
        deed = _deed(Word(world, person, who, moment), random)
        if deed is not None:
            yield moment, deed, person


def _deed(word: Word, random: Random) -> Deed | None:
    who, at = word.who, word.at
    if wants_no_more(who, at) and at.day == 1 + who % 28:
        return lambda by: _end_it(word, by, random)
    has_new_card = 2 * DAY <= at - card_at(who, at).since < 3 * DAY
    if has_new_card and random.random() < habits_of(who).calls_in:
        return lambda by: take_down(word.world, word.person, who, by, at)
    lot = random.random() * 30
    if lot < PAUSES_A_MONTH:
        return lambda by: _pause(word, by)
    if lot < PAUSES_A_MONTH + BARS_A_MONTH:
        return lambda by: _bar(word, by)
    return None


def _end_it(word: Word, by: User, random: Random) -> None:
    """By telling us, by telling a stranger the number, or with erasure, which the data protection officer completes."""
    world, at = word.world, word.at
    if random.random() < 0.15:
        leave_alone(world, number_of(word.who, lines_at(word.who, at)[0]), by, at)
        return
    grade = pick(random, _GRADES)
    world.diary.withdrawals += 1
    withdraw(respondent=word.person, grade=grade, mode=Mode.MESSAGE, by=by, now=at)
    if grade is not Grade.STOP:
        world.erasures_asked.append((at, word.person, grade))


def _pause(word: Word, by: User) -> None:
    until_on = (word.at + 12 * DAY).date()
    wishes.pause(respondent=word.person, until_on=until_on, by=by, now=word.at)
    word.world.diary.pauses += 1


def _bar(word: Word, by: User) -> None:
    """Somebody else, please: the one who usually calls does so no more."""
    person, people = word.person, word.world.diary.people
    usual = person.usual_enumerator or by
    wishes.bar_enumerator(respondent=person, enumerator=usual, by=by, now=word.at)
    if person.pk in people:
        people[person.pk].barred.append((word.at, usual.pk))
