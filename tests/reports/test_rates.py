from dataclasses import asdict
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.rates import PANEL_ELIGIBILITY, Rate, Tally, estimated_eligibility, outcome_rates


def values(rates):
    return {name: Rate(**rate).value for name, rate in asdict(rates).items()}


def test_vector_a_of_outcomerates_readme_comes_out_to_three_places():
    tally = Tally(4, 2, 1, 1, 1, 1, 1, 1)
    assert {name: round(value, 3) for name, value in values(outcome_rates(tally, eligibility=0.9)).items()} == {
        "rr1": 0.364, "rr2": 0.545, "rr3": 0.370, "rr4": 0.556, "rr5": 0.444, "rr6": 0.667,
        "coop1": 0.500, "coop2": 0.750, "coop3": 0.571, "coop4": 0.857,
        "ref1": 0.091, "ref2": 0.093, "ref3": 0.111,
        "con1": 0.727, "con2": 0.741, "con3": 0.889,
        "loc1": 0.818, "loc2": 0.833,
    }  # fmt: skip


def test_vector_b_of_outcomerates_tests_comes_out_as_fractions():
    tally = Tally(5, 3, 2, 1, 2, 1, 1, 1)
    expected = {
        "rr1": "1/3", "rr2": "8/15", "rr3": "5/14", "rr4": "4/7", "rr5": "5/13", "rr6": "8/13",
        "coop1": "5/12", "coop2": "2/3", "coop3": "1/2", "coop4": "4/5",
        "ref1": "2/15", "ref2": "1/7", "ref3": "2/13",
        "con1": "4/5", "con2": "6/7", "con3": "12/13",
        "loc1": "13/15", "loc2": "39/42",
    }  # fmt: skip
    assert values(outcome_rates(tally, eligibility=0.5)) == pytest.approx(
        {name: float(Fraction(value)) for name, value in expected.items()}
    )


def test_the_worked_panel_wave_comes_out_as_in_the_method():
    tally = Tally(complete=560, partial=20, refused=30, not_contacted=180, other=20, unknown_other=70)
    found = values(outcome_rates(tally, eligibility=PANEL_ELIGIBILITY))
    per_cent = {
        name: round(100 * found[name], 1) for name in ("rr1", "rr2", "con1", "coop2", "coop4", "ref1", "loc1")
    }
    assert per_cent == {
        "rr1": 63.6, "rr2": 65.9, "con1": 71.6, "coop2": 92.1, "coop4": 95.1, "ref1": 3.4, "loc1": 92.0,
    }  # fmt: skip


def test_eligibility_is_estimated_by_proportional_allocation_when_not_given():
    tally = Tally(4, 2, 1, 1, 1, 1, 1, 1)
    assert estimated_eligibility(tally) == pytest.approx(0.9)
    assert outcome_rates(tally).rr3.value == pytest.approx(4 / 10.8)


def test_every_rate_of_nobody_is_undefined_and_not_zero():
    assert set(values(outcome_rates(Tally())).values()) == {None}


def test_when_nobody_was_located_the_rates_of_the_located_are_undefined():
    rates = outcome_rates(Tally(unknown_other=10))
    assert rates.rr1.value == 0
    assert rates.rr3.value is None
    assert rates.rr5.value is None


def test_a_negative_count_and_a_share_over_one_are_faults():
    with pytest.raises(ValueError, match="negative"):
        Tally(complete=-1)
    with pytest.raises(ValueError, match="between 0 and 1"):
        outcome_rates(Tally(1), eligibility=1.5)


@given(st.lists(st.integers(0, 1000), min_size=8, max_size=8), st.floats(0, 1))
def test_no_rate_of_response_ever_leaves_zero_to_one(counts, eligibility):
    found = values(outcome_rates(Tally(*counts), eligibility=eligibility))
    assert all(value is None or 0 <= value <= 1 + 1e-9 for value in found.values())


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"), [(0, 10, 0.0, 0.278), (5, 10, 0.237, 0.763), (10, 10, 0.722, 1.0)]
)
def test_the_range_of_a_share_is_wilsons(part, whole, low, high):
    assert [round(end, 3) for end in Rate(part, whole).interval] == [low, high]


def test_a_share_of_nobody_has_no_range():
    assert Rate(0, 0).interval is None


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_range_surrounds_its_share_and_stays_between_nobody_and_all(part, whole):
    rate = Rate(min(part, whole), whole)
    low, high = rate.interval
    assert 0 <= low <= rate.value + 1e-12 and rate.value - 1e-12 <= high <= 1
