"""Histories for the promises: what happens to two people who share a number, and an observer of what was dialled."""

import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from consent import recording as ledger
from consent.folding import Decision
from consent.models import Mode, Wording
from consent.purposes import Purpose
from followups import holding, stopping
from followups.calling import delivering, revealing, unsafe
from followups.calling.heard import CallBack, Heard
from followups.models import Attempt, Claim, Dial, FollowUp, Hold
from followups.models.follow_ups import LIVE, State
from followups.models.restraints import HoldKind, LiftReason
from followups.scheduling.situation import AppointmentKind
from followups.ticking.tick import tick
from kernel.errors import DomainError
from tests.factories import synthetic_number
from tests.followups.making import World, claim, dial, ring, tell
from tracker import reaching
from tracker.models import Respondent

# Half-hour zones, and clock changes inside the windows: Berlin 29 March, Lord Howe 5 April, Cairo 24 April.
PLACES = (
    ("TN", "Africa/Tunis"), ("NP", "Asia/Kathmandu"), ("IN", "Asia/Kolkata"), ("IR", "Asia/Tehran"),
    ("DE", "Europe/Berlin"), ("AU", "Australia/Lord_Howe"), ("EG", "Africa/Cairo"), ("US", "America/New_York"),
)  # fmt: skip
OUTCOMES = (
    "no_answer", "switched_off", "not_now", "soft_refusal", "callback_firm", "completed", "unsafe", "technical",
    "unsafe_number", "wrong_number", "", "",
)  # fmt: skip
DAY, WEEK = timedelta(days=1), timedelta(days=7)

who = st.integers(0, 1)
minutes_ago = st.integers(0, 4 * 24 * 60)
purposes = st.sampled_from([Purpose.RECONTACT, Purpose.KEEP_NUMBER])
calls = st.tuples(st.just("call"), st.integers(0, 1), st.sampled_from(OUTCOMES))
waits = st.tuples(st.just("wait"), st.one_of(st.integers(1, 240), st.integers(240, 3 * 24 * 60)))
said = st.tuples(st.just("say"), who, purposes, st.sampled_from(list(Decision)), minutes_ago)
events = st.one_of(
    calls, waits, calls, waits, said,
    st.tuples(st.just("bar"), who), st.tuples(st.just("stop"), who), st.tuples(st.just("unsafe")),
    st.tuples(st.just("hold"), who, st.sampled_from([1, 3, None])), st.tuples(st.just("lift"), who),
    st.tuples(st.just("again"), st.integers(0, 90)), st.tuples(st.just("unsafe_hours"), who, st.integers(8, 18)),
)  # fmt: skip
histories = st.tuples(
    st.sampled_from(PLACES),
    st.sampled_from(PLACES),
    st.sampled_from(["in_transit", "arrived"]),
    st.lists(events, min_size=4, max_size=16),
)


@dataclass
class Life:
    """Two people on one number and two callers, driven through the use cases whatever the rules say of it."""

    world: World
    people: list[Respondent]
    now: datetime
    callers: list = field(default_factory=list)
    heard: list = field(default_factory=list)
    barred_at: list[datetime] = field(default_factory=list)
    last: Dial | None = None

    def happen(self, event) -> None:
        with contextlib.suppress(DomainError):
            getattr(self, event[0])(*event[1:])
        self.now += timedelta(minutes=1)

    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        tick(self.now)

    def call(self, caller: int, outcome: str) -> None:
        """Every row of theirs is put into the queue by force: only the rules asked at the moment stand in the way."""
        FollowUp.objects.filter(respondent__in=self.people, state__in=LIVE).update(
            state=State.READY, ready_from=self.now, ready_until=self.now + timedelta(hours=1)
        )
        claimed = claim(self.callers[caller], self.now)
        ordered = dial(claimed, self.now, after=self.last) if claimed else None
        if ordered is None or ordered.dial is None:
            return
        self.last = ring(ordered.dial, self.now)
        if outcome:
            self.now += timedelta(minutes=3)
            tell(ordered.dial.attempt, self._heard(outcome), self.now)

    def _heard(self, outcome: str) -> Heard:
        if outcome == "callback_firm":
            starts_at = self.now + timedelta(minutes=30)
            back = CallBack(AppointmentKind.FIRM, starts_at, starts_at + timedelta(minutes=15))
            return Heard(outcome, call_back=back)
        if outcome in ("unsafe_number", "wrong_number"):
            self.barred_at.append(self.now)
        return Heard(outcome, interview=True if outcome == "completed" else None)

    def again(self, seconds: int) -> None:
        """The last request arrives once more, and so does the order."""
        if self.last is None:
            return
        at = self.now + timedelta(seconds=seconds)
        delivering.deliver(dial_id=self.last.pk, now=at)
        ordered = dial(self.last.attempt.claim, at)
        if ordered.dial is not None:
            revealing.reveal(dial=ordered.dial, by=ordered.dial.attempt.enumerator, now=at)

    def say(self, one: int, purpose: Purpose, decision: Decision, ago: int) -> None:
        person = self.people[one]
        said_at = self.now - timedelta(minutes=ago)
        wording = Wording.objects.in_use(purpose, "en")
        what = ledger.Said(purpose, decision, Mode.MESSAGE, "en", said_at, wording=wording)
        ledger.record(respondent_id=person.pk, audit_ref=person.audit_ref, said=what, by=None, now=self.now)
        self.heard.append((person.pk, purpose, decision, said_at, self.now))

    def stop(self, one: int) -> None:
        stopping.stop_contact(respondent=self.people[one], mode=Mode.PHONE, by=None, now=self.now)
        for purpose in (Purpose.RECONTACT, Purpose.KEEP_NUMBER):
            self.heard.append((self.people[one].pk, purpose, Decision.WITHDRAWN, self.now, self.now))

    def bar(self, one: int) -> None:
        self.barred_at.append(self.now)
        reaching.bar_number(contact_point=self.people[one].contact_points.get(), by=None, now=self.now)

    def hold(self, one: int, days: int | None) -> None:
        until = self.now + timedelta(days=days) if days else None
        holding.place(
            respondent=self.people[one],
            kind=HoldKind.PAUSE,
            until=until,
            review_at=None,
            by=None,
            now=self.now,
        )

    def lift(self, one: int) -> None:
        for hold in Hold.objects.standing(self.now).filter(respondent=self.people[one]):
            holding.lift(hold=hold, why=LiftReason.OVER, by=self.world.coordinator, now=self.now)

    def unsafe(self) -> None:
        if self.last is not None:
            attempt = self.last.attempt
            unsafe.press(claim_id=attempt.claim_id, by=attempt.enumerator, now=self.now)

    def unsafe_hours(self, one: int, hour: int) -> None:
        """From now on never in these two hours, on their own clock."""
        self.people[one].contact_points.update(unsafe_from=f"{hour}:00", unsafe_until=f"{hour + 2}:00")
        self.heard.append((self.people[one].pk, "unsafe_hours", hour, self.now, self.now))


def live(history) -> Life:
    """Run a history from the day the windows open."""
    place, other_place, stage, happenings = history
    world, number = World(), synthetic_number()
    people = [
        world.person(stage=stage, country=country, zone=zone, numbers=(number,))
        for country, zone in (place, other_place)
    ]
    opens = max(FollowUp.objects.get(respondent=one).opens_at for one in people)
    life = Life(world, people, opens + timedelta(hours=9))
    life.callers = [world.enumerator, world.caller()]
    tick(life.now)
    for event in happenings:
        life.happen(event)
    return life


# --- The observer: reads dials, claims and holds, and what was said; knows no rule of ours ---------------------------


def dials_of(life: Life) -> list[Dial]:
    dials = Dial.objects.filter(attempt__respondent__in=life.people).exclude(placed_at=None)
    return list(dials.exclude(state="cancelled").select_related("attempt__respondent").order_by("ordered_at"))


def permits(life: Life, respondent_id, purpose, at: datetime) -> bool:
    """A yes counts that came after every no and was said after every no; there was one at the enrolment."""
    lines = [
        (decision, said_at, arrived_at)
        for person, about, decision, said_at, arrived_at in life.heard
        if person == respondent_id and about == purpose and arrived_at <= at
    ]
    noes = [(said_at, arrived_at) for decision, said_at, arrived_at in lines if decision != Decision.GRANTED]
    if not noes:
        return True
    last_said, last_arrived = max(n[0] for n in noes), max(n[1] for n in noes)
    return any(
        decision == Decision.GRANTED and said_at > last_said and arrived_at > last_arrived
        for decision, said_at, arrived_at in lines
    )


def claims_overlap(life: Life) -> bool:
    """Whether two claims on one person, or by one caller, were live at the same instant."""
    claims = list(Claim.objects.filter(respondent__in=life.people).order_by("claimed_at"))
    spans = [(one, one.claimed_at, min(one.ended_at or one.expires_at, one.expires_at)) for one in claims]
    return any(
        first[2] > second[1]
        for number, first in enumerate(spans)
        for second in spans[number + 1 :]
        if first[0].respondent_id == second[0].respondent_id
        or first[0].enumerator_id == second[0].enumerator_id
    )


def local_hour(life: Life, dialled: Dial) -> float:
    person = next(one for one in life.people if one.pk == dialled.attempt.respondent_id)
    there = dialled.ordered_at.astimezone(ZoneInfo(person.zones[0]))
    return there.hour + there.minute / 60


def in_unsafe_hours(life: Life, dialled: Dial) -> bool:
    told = [
        hour
        for person, about, hour, _said, at in life.heard
        if about == "unsafe_hours" and person == dialled.attempt.respondent_id and at <= dialled.ordered_at
    ]
    return bool(told) and told[-1] <= local_hour(life, dialled) < told[-1] + 2


def most_within(moments: list[datetime], period: timedelta) -> int:
    return max((sum(first <= one < first + period for one in moments) for first in moments), default=0)


def sittings_of(life: Life, person: Respondent) -> list[datetime]:
    """When somebody was tried in a way that may have rung."""
    tries = Attempt.objects.filter(respondent=person, counts_as_burden=True, dials__in=dials_of(life))
    return sorted(set(tries.values_list("started_at", flat=True)))


def rings_of(life: Life) -> list[datetime]:
    """When the shared number may have rung, whoever was called."""
    return [one.ordered_at for one in dials_of(life) if one.counts_as_burden]


def was_held(dialled: Dial) -> bool:
    at = dialled.ordered_at
    return any(
        hold.placed_at < at
        and (hold.until is None or at < hold.until)
        and (hold.lifted_at is None or at < hold.lifted_at)
        for hold in Hold.objects.filter(respondent=dialled.attempt.respondent_id)
    )
