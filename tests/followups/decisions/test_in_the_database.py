"""Decisions of the real claims and dials on real tables, judged by what was dialled; `make decisions` takes more."""

import os

import pytest

from followups.models import Dial
from followups.scheduling.reasons import Reason
from tests.followups.broken_rules import RULES_OF_REST, take_away
from tests.followups.decisions.panel import broken, panel
from tests.followups.standing import taken_back

pytestmark = pytest.mark.django_db

EACH = 60
DECISIONS = int(os.environ.get("DECISIONS_IN_THE_DATABASE", EACH))


def test_no_claim_and_no_dial_of_a_living_panel_breaks_a_rule(db):
    asked = dialled = 0
    for seed in range(max(DECISIONS // EACH, 1)):
        with taken_back():
            lived = panel(seed)
            lived.live(EACH)
            asked += lived.decisions
            dialled += Dial.objects.exclude(placed_at=None).count()

            assert broken(lived) == [], f"seed {seed}"
    print(f"{asked} decisions in the database, {dialled} dials made, 0 violations")  # noqa: T201

    assert dialled > asked / 20


@pytest.mark.slow
@pytest.mark.parametrize("reasons", [{Reason.OUTSIDE_SAFE_TIMES}, {Reason.ON_HOLD}, RULES_OF_REST])
def test_the_judge_sees_what_a_missing_rule_leads_to(db, monkeypatch, reasons):
    take_away(monkeypatch, *reasons)

    assert any(broken_in(seed) for seed in range(4))


def broken_in(seed):
    with taken_back():
        lived = panel(seed)
        lived.live(EACH)
        return broken(lived)
