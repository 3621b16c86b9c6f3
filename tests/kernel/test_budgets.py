"""How long a pass of background work goes on."""

from kernel.budgets import for_seconds


def test_there_is_time_for_more_until_the_seconds_are_over():
    assert for_seconds(60)()
    assert not for_seconds(0)()
    assert not for_seconds(-1)()
