import pytest

from reports import retention
from reports.rates import Rate, Tally


def test_the_worked_wave_has_the_attrition_and_retention_of_the_method():
    tally = Tally(complete=560, partial=20, refused=30, not_contacted=180, other=20, unknown_other=70)
    rates = retention.wave_rates(tally, issued=880)
    assert round(100 * rates.recontact.value, 1) == 71.6
    assert round(100 * rates.reinterview.value, 1) == 65.9
    assert round(100 * rates.attrition.value, 1) == 34.1
    assert round(100 * retention.cumulative_retention(580, agreed_to_follow_up=900).value, 1) == 64.4
    assert round(100 * retention.cumulative_retention(580, agreed_to_follow_up=1000).value, 1) == 58.0


def test_more_reached_than_issued_is_a_fault():
    with pytest.raises(ValueError, match="issued"):
        retention.wave_rates(Tally(complete=2), issued=1)


def test_a_returner_counts_for_cumulative_but_not_for_monotone_retention():
    waves = [{1, 2, 3, 4}, {1, 2}, {1, 3}]
    found = retention.monotone_retention(waves, agreed_to_follow_up=5)
    assert found == (Rate(4, 5), Rate(2, 5), Rate(1, 5))
    assert retention.cumulative_retention(len(waves[2]), agreed_to_follow_up=5) == Rate(2, 5)


def test_continuity_is_the_share_of_the_last_wave_that_came_again():
    assert retention.continuity({1, 2, 3, 4}, {1, 2, 9}) == Rate(2, 4)


def test_swing_in_is_the_share_of_the_absent_that_returned():
    assert retention.swing_in({1, 2}, {1, 3}, issued={1, 2, 3, 4, 5}) == Rate(1, 3)


def test_retention_over_half_a_year_is_brought_to_one_month():
    assert retention.retention_per_month(0.64, months=2) == pytest.approx(0.8)
    assert retention.retention_per_month(None, months=2) is None
    assert retention.retention_per_month(0.64, months=0) is None


def test_the_hazards_of_the_worked_panel_come_out_to_three_places():
    curve = retention.survival_of_sizes([1000, 742, 690, 575])
    assert [round(wave.hazard, 3) for wave in curve] == [0.258, 0.070, 0.167]
    assert [round(wave.surviving, 3) for wave in curve] == [0.742, 0.690, 0.575]


def test_someone_censored_leaves_those_at_risk_without_being_lost():
    curve = retention.survival([(100, 10), (80, 8)])
    assert [wave.hazard for wave in curve] == [0.1, 0.1]
    assert curve[1].surviving == pytest.approx(0.81)


def test_with_nobody_at_risk_the_curve_is_undefined_from_there_on():
    curve = retention.survival([(4, 4), (0, 0), (3, 0)])
    assert [wave.surviving for wave in curve] == [0.0, None, None]
    assert curve[1].hazard is None


def test_more_lost_than_at_risk_is_a_fault():
    with pytest.raises(ValueError, match="at risk"):
        retention.survival([(3, 4)])


@pytest.mark.parametrize(("count", "shown"), [(0, None), (4, None), (5, 5), (812, 812)])
def test_a_count_below_five_is_not_shown(count, shown):
    assert retention.shown(count) == shown


def test_a_single_small_cell_takes_the_next_smallest_with_it_so_that_the_total_gives_nothing_away():
    assert retention.suppressed({"a": 3, "b": 20, "c": 9}) == {"a": None, "b": 20, "c": None}


def test_two_small_cells_hide_each_other_and_nothing_else():
    assert retention.suppressed({"a": 3, "b": 20, "c": 4}) == {"a": None, "b": 20, "c": None}


def test_hidden_cells_whose_sum_is_itself_small_take_the_next_smallest_with_them():
    assert retention.suppressed({"a": 1, "b": 20, "c": 2, "d": 8}) == {
        "a": None,
        "b": 20,
        "c": None,
        "d": None,
    }


def test_a_line_without_small_cells_is_shown_whole():
    assert retention.suppressed({"a": 5, "b": 20}) == {"a": 5, "b": 20}
