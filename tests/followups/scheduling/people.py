"""People and callers as literals, and generated histories of them."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from followups.scheduling.planning import Window
from followups.scheduling.safe_times import EVERY_DAY, WHOLE_DAY, CallingHours, ClockHours, SafeRules, Season
from followups.scheduling.situation import (
    Appointment,
    AppointmentKind,
    BurdenLimits,
    Caller,
    FollowUpState,
    Hold,
    HoldKind,
    LiveClaim,
    NumberFacts,
    PastAttempt,
    Permission,
    Reconnection,
    RespondentStatus,
    Situation,
    Standing,
)
from tracker.number_status import NumberStatus
from tracker.stages import Stage

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)  # a Tuesday; 13:00 in Tunis
GRANTED = Permission(Standing.GRANTED)
PERSON, OTHER_PERSON = UUID(int=1), UUID(int=2)
NUMBER, SECOND, THIRD, FOURTH = (UUID(int=n) for n in (11, 12, 13, 14))
AMINA, BRUK = UUID(int=21), UUID(int=22)


def number(id=NUMBER, status=NumberStatus.ACTIVE, **changes):
    return replace(NumberFacts(id, status, is_barred=False, may_call=True), **changes)


def person(**changes):
    """Somebody who may be called at NOON, changed as told."""
    usual = Situation(
        respondent_id=PERSON,
        respondent_status=RespondentStatus.ACTIVE,
        recontact=GRANTED,
        keep_number=GRANTED,
        state=FollowUpState.OPEN,
        stage=Stage.STRANDED,
        is_tracing=False,
        window=Window(NOON - timedelta(days=5), NOON, NOON + timedelta(days=14)),
        zones=("Africa/Tunis",),
        calling_hours=CallingHours(),
        numbers=(number(),),
        attempt_cap=6,
        language="ti",
    )
    return replace(usual, **changes)


def caller(**changes):
    usual = Caller(AMINA, frozenset({"ti", "ar"}), "female", frozenset(), is_on_shift=True)
    return replace(usual, **changes)


def tried(at, rang=True, this_round=True):
    return PastAttempt(at, rang, this_round)


def firm(at, asked_at):
    return Appointment(AppointmentKind.FIRM, at, at, asked_at)


def soft(from_at, until_at, asked_at):
    return Appointment(AppointmentKind.SOFT, from_at, until_at, asked_at)


ZONES = (
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Africa/Cairo",
    "America/St_Johns",
    "Europe/Berlin",
    "Asia/Tehran",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
)
# Days around which clocks changed somewhere: Berlin and Tehran in spring, Cairo at midnight, Apia without its Friday.
TURNS = (
    datetime(2026, 3, 28, tzinfo=UTC),
    datetime(2026, 10, 24, tzinfo=UTC),
    datetime(2021, 3, 21, tzinfo=UTC),
    datetime(2021, 9, 21, tzinfo=UTC),
    datetime(2025, 4, 24, tzinfo=UTC),
    datetime(2025, 10, 30, tzinfo=UTC),
    datetime(2011, 12, 29, tzinfo=UTC),
    datetime(2026, 3, 7, tzinfo=UTC),
    datetime(2026, 11, 1, tzinfo=UTC),
    datetime(2026, 4, 4, tzinfo=UTC),
    datetime(2026, 2, 27, tzinfo=UTC),
    datetime(2026, 6, 30, tzinfo=UTC),
)

clock_times = st.builds(time, st.integers(0, 23), st.sampled_from((0, 0, 15, 30, 45)))
clock_hours = st.builds(ClockHours, clock_times, clock_times)
long_hours = st.sampled_from((WHOLE_DAY, ClockHours(time(9), time(18)), ClockHours(time(17), time(1))))
zone_sets = st.sampled_from(ZONES).map(lambda name: (name,)) | st.lists(
    st.sampled_from(ZONES), min_size=2, max_size=2, unique=True
).map(tuple)
weekdays = st.one_of(st.just(EVERY_DAY), st.frozensets(st.integers(0, 6)))
safe_rules = st.builds(
    SafeRules,
    days=weekdays,
    hours=st.lists(st.one_of(long_hours, clock_hours), max_size=2).map(tuple) | st.just((WHOLE_DAY,)),
    unsafe_hours=st.lists(clock_hours, max_size=1).map(tuple),
)
# Short days of fasting with a pause, about the days on which the clocks change; two of them may meet.
seasons = st.builds(
    lambda at, before, days, hours, pauses: Season(
        at.date() - timedelta(days=before), at.date() + timedelta(days=days), hours, pauses
    ),
    st.sampled_from(TURNS),
    st.integers(0, 2),
    st.integers(1, 2),
    st.sampled_from((WHOLE_DAY, ClockHours(time(9), time(15)), ClockHours(time(20), time(1)))),
    st.sampled_from(((), (ClockHours(time(11, 30), time(12, 15)),))),
)
callings = st.builds(
    CallingHours,
    hours=st.sampled_from((ClockHours(time(8), time(20)), ClockHours(time(18), time(3)), WHOLE_DAY)),
    pauses=st.sampled_from(((), (ClockHours(time(12), time(13, 30)),))),
    closed_on=st.sampled_from(TURNS).map(lambda at: frozenset({at.date()})) | st.just(frozenset()),
    seasons=st.lists(seasons, max_size=2).map(tuple),
)


def often(usual, *others):
    """Mostly the usual value, so that whole situations are callable often enough to be worth testing."""
    return st.integers(0, 39).flatmap(lambda n: st.one_of(*others) if n == 17 else st.just(usual))


def moments(base, days_back, days_on=0):
    return st.integers(-days_back * 288, days_on * 288).map(lambda n: base + timedelta(minutes=5 * n))


def attempts(base):
    one = st.builds(PastAttempt, moments(base, 9), often(True, st.just(False)), often(True, st.just(False)))
    return st.lists(one, max_size=4).map(tuple)


def appointments(base):
    def build(asked_at, wait, length):
        from_at = asked_at + timedelta(minutes=5 * wait)
        if length:
            return soft(from_at, from_at + timedelta(minutes=5 * length), asked_at)
        return firm(from_at, asked_at)

    return st.none() | st.builds(
        build, moments(base, 1), st.integers(0, 400), st.sampled_from((0, 0, 36, 288))
    )


def permissions(base):
    others = (
        st.builds(Permission, st.sampled_from(Standing)),
        st.builds(Permission, st.just(Standing.GRANTED), moments(base, 1, 3)),
    )
    return often(GRANTED, *others)


def number_lists(base):
    def build(status, is_barred, may_call, safe, dials, id):
        return NumberFacts(id, status, is_barred, may_call, safe, tuple(dials))

    def one(id):
        return st.builds(
            build,
            st.sampled_from((NumberStatus.ACTIVE, NumberStatus.UNVERIFIED, *NumberStatus)),
            often(False, st.just(True)),
            often(True, st.just(False)),
            st.just(SafeRules()) | st.just(SafeRules()) | safe_rules,
            st.lists(moments(base, 8), max_size=4),
            st.just(id),
        )

    return st.tuples(one(NUMBER)) | st.tuples(one(NUMBER), one(SECOND))


@st.composite
def situations(draw):
    """A person somewhere near a clock change with a past, and a moment at which to ask."""
    base = draw(st.sampled_from(TURNS))
    zones = draw(zone_sets)
    wall = timedelta(
        minutes=5 * draw(st.integers(0, 576) | st.integers(96, 239))
    )  # day hours come more often
    now = base + wall - base.astimezone(ZoneInfo(zones[0])).utcoffset()
    opens_at = draw(moments(base, 20)) - timedelta(days=1)
    window = Window(opens_at, opens_at, draw(moments(base, 0, 30)) + timedelta(days=1))
    state = Situation(
        respondent_id=PERSON,
        respondent_status=draw(often(RespondentStatus.ACTIVE, st.sampled_from(RespondentStatus))),
        recontact=draw(permissions(now)),
        keep_number=draw(permissions(now)),
        state=draw(often(FollowUpState.OPEN, st.sampled_from(FollowUpState))),
        stage=draw(often(Stage.IN_TRANSIT, st.sampled_from(Stage))),
        is_tracing=draw(st.booleans()),
        window=draw(often(window, st.none())),
        zones=zones,
        calling_hours=draw(often(CallingHours(), callings)),
        numbers=draw(number_lists(now)),
        attempt_cap=draw(st.integers(2, 6)),
        language="ti",
        limits=BurdenLimits(),
        slot_offset=draw(st.integers(0, 7)),
        attempts=draw(attempts(now)),
        not_before=draw(often(None, moments(now, 1, 2))),
        holds=draw(often((), moments(now, 1, 2).map(lambda at: (Hold(HoldKind.PAUSE, at),)))),
        appointment=draw(appointments(now)),
        reconnection=draw(
            often(None, moments(now, 1).map(lambda at: Reconnection(at, at + timedelta(hours=1))))
        ),
        claim=draw(often(None, moments(now, 1, 1).map(lambda at: LiveClaim(AMINA, at)))),
        dialled=draw(often(frozenset(), st.just(frozenset({NUMBER})))),
    )
    return state, now
