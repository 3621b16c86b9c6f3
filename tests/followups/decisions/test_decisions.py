"""Five thousand decisions of the production engine, judged; and the judge sees each rule that is taken away."""

from dataclasses import replace

import pytest

from followups.scheduling import hard_filters, number_rules, pair_rules, tracing_order
from followups.scheduling.next_look import Offer
from followups.scheduling.reasons import Reason
from followups.scheduling.safe_times import CallingHours
from tests.followups.broken_rules import take_away
from tests.followups.decisions import asking, living
from tests.followups.decisions.asking import Asked

NEVER_ASKED = {Reason.CALLER_NOT_ON_SHIFT}
"""Shifts tell coordinators of shortages; they never stop a call."""
NAMES_ONLY = {Reason.NO_SHARED_HOUR, Reason.HOLIDAY}
"""Where it refuses, no hour is safe either: it tells a coordinator why that will not change by itself."""


@pytest.fixture(scope="module")
def judged():
    return living.decide(5_000, seed=1)


def test_no_decision_of_thousands_breaks_a_rule_and_none_refuses_without_one(judged):
    assert judged.decisions >= 5_000
    assert (judged.violations, judged.too_strict) == ({}, {}), judged.told


def test_every_rule_was_the_only_one_in_the_way_of_some_call(judged):
    rules = {rule.reason.value for rule in hard_filters.RULES} | {
        reason.value for reason, _ in pair_rules.PAIR_RULES
    }

    assert {name for name in rules if judged.sole[name] < 3} == {
        reason.value for reason in NEVER_ASKED | NAMES_ONLY
    }


def test_there_are_calls_clock_changes_doubtful_zones_and_shared_numbers_among_them(judged):
    assert judged.calls > 1_000
    assert judged.near_a_change > 200
    assert judged.several_zones > 500
    assert judged.shared_number > 1_000
    assert judged.rests >= 5


def test_the_same_seed_makes_the_same_decisions():
    once, again = living.decide(300, seed=7), living.decide(300, seed=7)

    assert once == again


@pytest.mark.parametrize(
    "reason", [rule.reason for rule in hard_filters.RULES if rule.reason not in NAMES_ONLY]
)
def test_the_checker_sees_a_rule_of_the_engine_that_is_missing(monkeypatch, reason):
    take_away(monkeypatch, reason)

    assert calls_against(reason) > 0


@pytest.mark.parametrize(
    "reason", [reason for reason, _ in pair_rules.PAIR_RULES if reason not in NEVER_ASKED]
)
def test_the_checker_sees_a_rule_between_two_people_that_is_missing(monkeypatch, reason):
    left = tuple(rule for rule in pair_rules.PAIR_RULES if rule[0] is not reason)
    monkeypatch.setattr(pair_rules, "PAIR_RULES", left)

    assert calls_against(reason) > 0


def calls_against(reason):
    """The calls that break this rule and no other, in as many decisions as it takes, ten thousand at most."""
    for seed in range(10):
        found = living.decide(1_000, seed=seed).violations[reason.value]
        if found:
            return found
    return 0


def test_the_checker_sees_a_number_that_must_not_ring_among_those_that_may(monkeypatch):
    monkeypatch.setattr(asking, "usable_numbers", lambda situation, at: situation.numbers)

    assert calls_against_numbers() > 0


def calls_against_numbers():
    return living.decide(2_000, seed=3).violations["this_number"]


def test_the_checker_sees_an_hour_that_is_wrong_on_one_of_the_clocks_only(monkeypatch):
    safe_spans = number_rules.safe_spans
    monkeypatch.setattr(
        number_rules, "safe_spans", lambda within, zones, *rules: safe_spans(within, zones[:1], *rules)
    )

    assert calls_against(Reason.OUTSIDE_SAFE_TIMES) > 0


def test_the_checker_sees_a_trusted_person_called_before_the_person_themselves(monkeypatch):
    def in_any_order(situation):
        return tuple(one for one in situation.numbers if tracing_order._closed(one, situation) is None)

    monkeypatch.setattr(number_rules, "in_reach", in_any_order)

    found = living.decide(3_000, seed=6).violations

    assert found["no_dialable_number"] or found["this_number"] or found["sitting_over"]


def test_the_checker_sees_a_season_that_is_forgotten(monkeypatch):
    monkeypatch.setattr(CallingHours, "on", lambda hours, day: ((hours.hours,), hours.pauses))

    assert calls_against(Reason.OUTSIDE_SAFE_TIMES) > 0


def test_the_checker_sees_an_answer_that_goes_on_a_moment_too_long(monkeypatch):
    next_offer = asking.next_offer

    def longer(situation, now, until):
        offer = next_offer(situation, now, until)
        if offer.span is None:
            return offer
        return replace(offer, span=replace(offer.span, ends_at=offer.span.ends_at + asking.LAST))

    monkeypatch.setattr(asking, "next_offer", longer)

    assert living.decide(500, seed=5).violations


def test_a_refusal_without_a_reason_counts_as_too_strict(monkeypatch):
    monkeypatch.setattr(Asked, "choose", lambda *of: Offer())

    assert living.decide(500, seed=5).too_strict["look"] > 0
