"""The promises of the design that are kept by arithmetic, held against a second opinion over generated histories."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from consent.folding import Standing
from followups.scheduling.hard_filters import is_callable, refusals, refusals_for
from followups.scheduling.next_look import next_look_at, ready_span
from followups.scheduling.number_rules import usable_numbers
from followups.scheduling.safe_times import CallingHours, SafeRules, safe_spans
from followups.scheduling.situation import LiveClaim, Permission, RespondentStatus
from followups.scheduling.slots import slot_of
from followups.scheduling.spans import Span
from kernel.zones import local
from tests.followups.scheduling import oracle
from tests.followups.scheduling.people import (
    AMINA,
    BRUK,
    PERSON,
    TURNS,
    caller,
    callings,
    firm,
    number,
    person,
    safe_rules,
    situations,
    tried,
    zone_sets,
)

MINUTE = timedelta(minutes=1)
STEP = timedelta(minutes=5)
quick = settings(deadline=None, max_examples=70, suppress_health_check=[HealthCheck.too_slow])
many = settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(st.sampled_from(TURNS), zone_sets, callings, safe_rules)
def test_safe_times_agree_with_the_wall_clock_at_every_minute_around_clock_changes(
    start, zones, calling, rules
):
    within = Span(start, start + timedelta(days=2))

    found = safe_spans(within, zones, calling, rules)

    said = {
        start + n * MINUTE: oracle.is_safe(start + n * MINUTE, zones, calling, rules) for n in range(2 * 1440)
    }
    event("some safe time" if any(said.values()) else "no safe time")
    covered = set()
    for span in found:
        at = span.starts_at
        while at < span.ends_at:
            covered.add(at)
            at += MINUTE
    assert covered == {at for at, is_safe in said.items() if is_safe}
    assert all(one.ends_at < other.starts_at for one, other in zip(found, found[1:], strict=False))


@settings(many, max_examples=400)
@given(situations())
def test_the_rule_set_calls_nobody_the_second_opinion_would_not_and_everybody_it_would(made):
    situation, now = made

    answer = is_callable(situation, now)

    event(f"callable: {answer}")
    assert answer == oracle.may_call(situation, now)
    assert bool(usable_numbers(situation, now)) or not answer


@many
@given(situations(), st.sampled_from([one for one in Standing if one is not Standing.GRANTED]), st.booleans())
def test_no_appointment_or_deadline_overrides_consent_that_is_not_there(made, standing, is_recontact):
    situation, now = made
    no = Permission(standing)
    changed = {"recontact": no} if is_recontact else {"keep_number": no}
    asked = firm(now, asked_at=now - timedelta(minutes=30))

    silenced = replace(situation, appointment=asked, **changed)

    assert not is_callable(silenced, now)
    assert ready_span(silenced, now, now + timedelta(days=3)) is None
    assert next_look_at(refusals(silenced, now), now) is None


@many
@given(situations(), st.sampled_from([one for one in RespondentStatus if one is not RespondentStatus.ACTIVE]))
def test_nobody_withdrawn_dead_or_erased_is_ever_offered(made, status):
    situation, now = made

    gone = replace(situation, respondent_status=status)

    assert not is_callable(gone, now)
    assert ready_span(gone, now, now + timedelta(days=3)) is None


@quick
@given(situations())
def test_a_ready_span_is_callable_throughout_and_none_means_no_callable_instant(made):
    situation, now = made
    horizon = now + timedelta(days=3)

    ready = ready_span(situation, now, horizon)

    instants = (now + n * STEP for n in range(3 * 288))
    earliest = next((at for at in instants if oracle.may_call(situation, at)), None)
    event("ready" if ready else "not ready")
    assert (ready is None) == (earliest is None)
    if ready is None:
        return
    assert earliest <= ready.starts_at < ready.ends_at <= horizon
    at = ready.starts_at
    while at < ready.ends_at:
        assert oracle.may_call(situation, at)
        at += STEP
    assert oracle.may_call(situation, ready.ends_at - timedelta(microseconds=1))


@quick
@given(situations())
def test_a_call_is_put_off_only_for_a_slot_tried_no_more_often_that_lies_inside_the_window(made):
    situation, now = made
    situation = replace(situation, appointment=None, reconnection=None)
    ready = ready_span(situation, now, now + timedelta(days=3))
    assume(ready is not None)
    instants = (now + n * STEP for n in range(3 * 288))
    earliest = next(at for at in instants if oracle.may_call(situation, at))

    tries = [slot_at(situation, attempt.at) for attempt in situation.attempts if counts(attempt)]
    waited_for, passed_over = slot_at(situation, ready.starts_at), slot_at(situation, earliest)

    event("put off" if ready.starts_at > earliest else "at once")
    assert ready.starts_at < situation.window.closes_at
    assert tries.count(waited_for) <= tries.count(passed_over)


def counts(attempt):
    return attempt.counts_as_burden and attempt.in_this_round


def slot_at(situation, at):
    return slot_of(local(at, situation.zones[0]), situation.calling_hours.hours, situation.rest_days)


@quick
@given(situations())
def test_the_next_look_is_never_later_than_the_first_callable_instant(made):
    situation, now = made

    look_at = next_look_at(refusals(situation, now), now)

    instants = (now + n * STEP for n in range(3 * 288))
    earliest = next((at for at in instants if oracle.may_call(situation, at)), None)
    if earliest is not None:
        assert look_at is not None
        assert now <= look_at <= earliest


@settings(deadline=None, max_examples=100)
@given(st.data(), st.sampled_from(TURNS), zone_sets, st.just(SafeRules()) | safe_rules)
def test_whatever_happens_in_the_calls_a_person_is_never_troubled_more_than_agreed(data, start, zones, safe):
    situation = person(zones=zones, calling_hours=CallingHours(), numbers=(number(safe=safe),), attempt_cap=5)
    situation = replace(
        situation, window=replace(situation.window, opens_at=start, closes_at=start + 12 * DAY)
    )
    asked, now = {}, start

    for _ in range(14):
        ready = ready_span(situation, now, situation.window.closes_at)
        if ready is None:
            break
        now = ready.starts_at
        attempt = tried(now, rang=data.draw(st.integers(0, 4)) > 0)
        situation = replace(situation, attempts=(*situation.attempts, attempt), appointment=None)
        if data.draw(st.booleans()):
            asked_at = now + MINUTE
            call_back = firm(asked_at + data.draw(st.sampled_from((30, 60, 600, 1440))) * MINUTE, asked_at)
            situation = replace(situation, appointment=call_back)
            asked[len(situation.attempts)] = call_back
        now += 10 * MINUTE

    event(f"{len(situation.attempts)} attempts")
    assert_never_too_much(situation, asked)


DAY = timedelta(days=1)


def assert_never_too_much(situation, asked):
    history = list(situation.attempts)
    rang = [attempt.at for attempt in history if attempt.counts_as_burden]
    safe = situation.numbers[0].safe
    assert all(
        oracle.is_safe(attempt.at, situation.zones, situation.calling_hours, safe) for attempt in history
    )
    for at in rang:
        assert sum(at - DAY < other <= at for other in rang) <= 2
        assert sum(at - 7 * DAY < other <= at for other in rang) <= 5
    for position, attempt in enumerate(history):
        earlier = [one.at for one in history[:position] if one.counts_as_burden]
        call_back = asked.get(position)
        is_expected = call_back and abs(attempt.at - call_back.from_at) <= timedelta(minutes=15)
        if earlier and not is_expected:
            assert attempt.at - earlier[-1] >= timedelta(minutes=180)
    assert len(rang) <= 6
    if len(rang) == 6 and history[-1].counts_as_burden:
        assert len(history) - 1 in asked


@many
@given(situations(), st.integers(0, 400))
def test_while_a_claim_is_live_nobody_but_its_holder_may_call(made, minutes_left):
    situation, now = made
    claimed = replace(situation, claim=LiveClaim(AMINA, now + (minutes_left + 1) * MINUTE))

    holder = refusals_for(claimed, caller(id=AMINA, claim_on=PERSON), now)
    other = refusals_for(claimed, caller(id=BRUK), now)

    assert other
    assert (holder == ()) == oracle.may_call(replace(situation, claim=None), now)


@many
@given(situations(), st.booleans())
def test_a_barred_caller_is_refused_whatever_else_holds(made, holds_the_claim):
    situation, now = made
    claim = LiveClaim(AMINA, now + timedelta(hours=1)) if holds_the_claim else None

    barred = replace(situation, barred_callers=frozenset({AMINA}), claim=claim)

    assert refusals_for(barred, caller(id=AMINA, claim_on=PERSON), now)
