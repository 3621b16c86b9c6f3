import pytest

from followups.scheduling.rules import DEFAULT_RULES, StageRule
from tracker.number_status import NumberStatus, is_dialable
from tracker.stages import Stage, allows_outbound, is_tracing_only


def test_every_stage_has_a_default_rule():
    assert set(DEFAULT_RULES) == set(Stage)


@pytest.mark.parametrize(
    ("stage", "ladder", "early", "late", "cap"),
    [
        (Stage.ORIGIN, (30,), 5, 10, 5),
        (Stage.IN_TRANSIT, (14,), 4, 10, 6),
        (Stage.STRANDED, (30,), 7, 14, 6),
        (Stage.ARRIVED, (30, 60, 90), 7, 21, 6),
        (Stage.SETTLED, (90,), 14, 30, 5),
        (Stage.RETURNED, (30, 90, 180), 7, 21, 5),
        (Stage.ONWARD, (14,), 4, 10, 6),
        (Stage.UNKNOWN, (0,), 0, 30, 3),
    ],
)
def test_the_default_rules_are_those_of_the_method(stage, ladder, early, late, cap):
    rule = DEFAULT_RULES[stage]

    assert (rule.interval_days, rule.early_days, rule.late_days, rule.attempt_cap) == (
        ladder,
        early,
        late,
        cap,
    )
    assert rule.spacing_minutes == 180


@pytest.mark.parametrize(("stage", "review_days"), [(Stage.CROSSING, 7), (Stage.DETAINED, 30)])
def test_nobody_on_a_crossing_or_detained_is_called_only_reviewed(stage, review_days):
    rule = DEFAULT_RULES[stage]

    assert (rule.outbound, rule.attempt_cap, rule.review_days) == (False, 0, review_days)
    assert not allows_outbound(stage)


def test_where_somebody_is_lost_only_tracing_calls_are_made():
    assert [stage for stage in Stage if is_tracing_only(stage)] == [Stage.UNKNOWN]


def test_the_last_step_of_a_ladder_repeats():
    rule = DEFAULT_RULES[Stage.ARRIVED]

    assert [rule.interval(nth) for nth in (1, 2, 3, 4, 9)] == [30, 60, 90, 90, 90]


@pytest.mark.parametrize(
    "impossible",
    [
        {"stage": Stage.DETAINED, "interval_days": (30,)},
        {"stage": Stage.ORIGIN, "interval_days": ()},
        {"stage": Stage.ORIGIN, "interval_days": (-1,)},
        {"stage": Stage.ORIGIN, "interval_days": (), "outbound": False},
    ],
)
def test_a_rule_that_would_call_the_detained_or_makes_no_sense_cannot_be_made(impossible):
    with pytest.raises(ValueError, match="."):
        StageRule(**{"early_days": 1, "late_days": 1, "attempt_cap": 5, **impossible})


@pytest.mark.parametrize(
    "status", ["wrong_person", "unsafe", "disconnected", "non_working", "changed", "withdrawn"]
)
def test_a_dead_wrong_or_unsafe_number_is_not_dialable(status):
    assert not is_dialable(NumberStatus(status))
