"""A study lived through by invented people and simulated staff: everything adds up, and promises 1 to 5 were kept.

`make year` does the same with 2,000 people over a whole year (YEAR_RESPONDENTS, YEAR_DAYS), on both databases.
"""

import json
import logging
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from followups.dispositions import DISPOSITIONS
from tests.year import living, observer, rows

# Committed as it goes, like work in the field: PostgreSQL clears no old versions of rows away within a transaction.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

RESPONDENTS = int(os.environ.get("YEAR_RESPONDENTS", "40"))
DAYS = int(os.environ.get("YEAR_DAYS", "150"))
NOW = datetime(2026, 11, 3, 10, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quiet(settings):
    """Practice calls; and a tick says a line, thousands of which would be said here."""
    settings.GATEWAY = "simulator"
    ticking = logging.getLogger("followups.ticking")
    before = ticking.level
    ticking.setLevel(logging.WARNING)
    yield
    ticking.setLevel(before)


def test_a_simulated_study_adds_up_exactly_and_keeps_promises_one_to_five():
    began = time.monotonic()
    world = living.a_study(respondents=RESPONDENTS, seed=7, days=DAYS, now=NOW)
    lived = time.monotonic()

    found = observer.judge(key=living.key_of(world), diary=world.diary, rows=rows.count())

    _report(world.diary, lived - began, time.monotonic() - lived, len(found))
    assert not found, observer.report(found)
    assert world.diary.enrolled == RESPONDENTS
    assert world.diary.interviews > RESPONDENTS / 4


@pytest.mark.either
def test_an_outcome_that_is_not_counted_is_seen():
    world = living.a_study(respondents=12, seed=3, days=60, now=NOW)
    world.diary.outcomes["completed"] += 1

    found = observer.judge(key=living.key_of(world), diary=world.diary, rows=rows.count())

    assert {one.check for one in found} == {"P4 totals"}


def _report(diary, lived_seconds, judged_seconds, violations):
    """Say the figures, and leave them in var/ when a whole year was asked for."""
    figures = {
        "database": connection.vendor, "respondents": diary.enrolled, "days": DAYS,
        "dials": diary.dials, "sittings": diary.sittings, "interviews": diary.interviews,
        "withdrawals": diary.withdrawals, "stops": diary.stops, "erasures": diary.erasures, "moves": diary.moves,
        "requests": diary.requests, "new_numbers": diary.new_numbers, "refused": dict(diary.refused.most_common()),
        "outcomes": dict(diary.outcomes.most_common()), "not_met": sorted(DISPOSITIONS.keys() - diary.outcomes.keys()),
        "violations": violations, "lived_seconds": round(lived_seconds), "judged_seconds": round(judged_seconds),
    }  # fmt: skip
    sys.stdout.write(json.dumps(figures) + "\n")
    if "YEAR_RESPONDENTS" in os.environ:
        folder = Path(__file__).parents[2] / "var"
        folder.mkdir(exist_ok=True)
        (folder / f"year-{connection.vendor}.json").write_text(json.dumps(figures, indent=2) + "\n")
