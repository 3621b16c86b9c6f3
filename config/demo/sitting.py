"""One call by a simulated enumerator, step by step as on the screens: dial, listen, write down what was said."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from config.demo import asking
from config.demo.numbers import told_when_asked
from config.demo.setting_up import World
from consent.models import Wording
from consent.purposes import Purpose
from followups import gateways
from followups.calling import delivering, dialling, recording, revealing, unsafe
from followups.calling.heard import CallBack, Heard, Journey
from followups.calling.learning import ON_TO_THE_NEXT
from followups.dispositions import disposition
from followups.gateways.simulated.answers import Answer, answer
from followups.gateways.simulated.habits import names_as_best
from followups.gateways.simulated.journeys import episode_at
from followups.models import Attempt, Claim, Dial
from followups.scheduling.situation import AppointmentKind
from kernel.errors import DomainError
from tracker.best_times import BestTime
from tracker.models import Respondent

RINGS = timedelta(seconds=40)
TALKS = timedelta(minutes=4)
INTERVIEW = timedelta(minutes=18)
DONE_AT_ONCE = frozenset(one.code for one in ON_TO_THE_NEXT)
INTERVIEWED = ("completed", "partial")


def call(
    world: World, claim: Claim, by: User, at: datetime, wanted: Sequence[Heard] = ()
) -> Iterator[datetime]:
    """A call that begins at `at`; yields each moment until which the caller is busy, and is then to be resumed.

    `wanted` is recorded in place of what the person would say, where the use case takes it.
    """
    return _Sitting(world, claim, by, wanted).steps(at)


def called_back_at(starts_at: datetime, minutes: int = 15) -> Heard:
    """They asked to be called then."""
    until = starts_at + timedelta(minutes=minutes)
    return Heard("callback_firm", call_back=CallBack(AppointmentKind.FIRM, starts_at, until))


@dataclass(frozen=True, slots=True)
class _Rang:
    """One dial, and what came of it."""

    dial: Dial
    heard: Answer


@dataclass(frozen=True, slots=True)
class _Sitting:
    """One caller at work on one claim."""

    world: World
    claim: Claim
    by: User
    wanted: Sequence[Heard]

    def steps(self, moment: datetime) -> Iterator[datetime]:
        """Number after number, as long as each gives at once that the next is to be tried; then the outcome."""
        last: _Rang | None = None
        while last is None or last.heard.outcome in DONE_AT_ONCE:
            rang = self._dial_next(last, moment)
            if rang is None:
                break
            last = rang
            self.world.diary.dials += 1
            moment += RINGS if last.heard.outcome in DONE_AT_ONCE else TALKS
            yield moment
        if last is None:
            return
        self.world.diary.sittings += 1
        if last.heard.outcome in INTERVIEWED:
            moment += INTERVIEW
            yield moment
        self._write_down(last.dial.attempt, last.heard, moment)

    def _dial_next(self, last: _Rang | None, at: datetime) -> _Rang | None:
        """The next number of the claim; None where a rule refuses it, none is left, or the order was taken back."""
        after, gave = (last.dial.pk, disposition(last.heard.outcome)) if last else (None, None)
        ordered = dialling.order(claim_id=self.claim.pk, by=self.by, now=at, after=after, gave=gave)
        if ordered.dial is None:
            self.world.diary.refused.update(one.reason.value for one in ordered.refusals[:1])
            return None
        heard = self._ring(ordered.dial, at)
        return _Rang(ordered.dial, heard) if heard else None

    def _ring(self, dial: Dial, at: datetime) -> Answer | None:
        """By whichever gateway is set: with a plain phone the number is shown once, and dialled in the invented world.

        None where the order was taken back before it rang.
        """
        if dialling.reveals(dial):
            return answer(revealing.reveal(dial=dial, by=self.by, now=at).number, dial.ordered_at)
        delivering.deliver(dial_id=dial.pk, now=at)
        return gateways.practice.listen(dial.pk)

    def _write_down(self, attempt: Attempt, heard: Answer, at: datetime) -> None:
        """The first that the use case takes: a call-back at an hour that is not safe is not promised."""
        world, by = self.world, self.by
        if heard.outcome == "unsafe" and not self.wanted:
            unsafe.press(claim_id=attempt.claim_id, by=by, now=at)
            world.diary.outcomes["unsafe"] += 1
            return
        for one in (*self.wanted, *_said(world, attempt, heard, at), Heard("not_now")):
            try:
                recorded = recording.record(attempt_id=attempt.pk, heard=one, by=by, now=at)
            except DomainError as refusal:
                world.diary.refused[refusal.code] += 1
                continue
            self._remember(recorded.attempt, one, at)
            if heard.wants_help and one.disposition == "completed":
                asking.ask_someone_near(world, attempt.respondent, by, at)
            return

    def _remember(self, attempt: Attempt, heard: Heard, at: datetime) -> None:
        diary = self.world.diary
        diary.outcomes[heard.disposition] += 1
        diary.interviews += heard.disposition == "completed"
        if heard.journey is not None and _was_news(attempt.respondent, heard.journey):
            diary.hears_clock(attempt.respondent, heard.journey.zone, at)
        if heard.disposition in INTERVIEWED:
            told_when_asked(self.world, attempt.respondent, self.by, at)


def _was_news(person: Respondent, said: Journey) -> bool:
    """Not where a colleague had written a later move down while they were on the phone."""
    since = said.moved_at or person.stage_since
    return Respondent.objects.filter(pk=person.pk, stage=said.stage, stage_since=since).exists()


def _said(world: World, attempt: Attempt, heard: Answer, at: datetime) -> Iterator[Heard]:
    outcome = heard.outcome
    if outcome in INTERVIEWED:
        recontact = _asked_again(attempt.respondent)
        journey, best = _journey(world, attempt), _best_time(world, attempt.respondent)
        yield Heard(outcome, interview=True, recontact=recontact, journey=journey, best_time=best)
    elif outcome == "callback_firm":
        yield called_back_at(at + timedelta(hours=heard.call_again_hours))
        yield called_back_at(at + timedelta(hours=24))
    elif outcome == "callback_soft":
        starts_at = at + timedelta(hours=22)
        yield Heard(
            outcome, call_back=CallBack(AppointmentKind.SOFT, starts_at, starts_at + timedelta(hours=3))
        )
    else:
        yield Heard(outcome)


def _asked_again(person: Respondent) -> bool | None:
    """Whether they may be called again: a yes, where there are approved words to ask it in."""
    return True if Wording.objects.in_use(Purpose.RECONTACT, person.language) else None


def _best_time(world: World, person: Respondent) -> BestTime | None:
    """What they say when asked for the best time to call."""
    who = world.behind(person.pk)
    named = None if who is None else names_as_best(who)
    return None if named is None else list(BestTime)[named]


def _journey(world: World, attempt: Attempt) -> Journey | None:
    """Where they are now, if that is not where they were when they last said."""
    person = attempt.respondent
    who = world.behind(person.pk)
    if who is None:
        return None
    now = episode_at(who, attempt.started_at)
    said = Journey(now.stage, now.place.country, now.place.zone, max(now.since, person.stage_since))
    is_news = said.changes(stage=person.stage, country=person.country, zones=person.zones)
    return said if is_news and said.moved_at and said.moved_at <= attempt.started_at else None
