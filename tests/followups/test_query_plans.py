"""On SQLite too a quiet tick reads no table of people from end to end: whatever is due has an index that it asks."""

import re

import pytest
from django.db import connection

from benchmarks.sent import listening
from followups.models import FollowUp
from followups.ticking import waiting_counts
from followups.ticking.tick import tick
from tests.followups.making import MORNING, OPENS

pytestmark = [pytest.mark.django_db, pytest.mark.either]
OF_STUDIES = {
    "followups_rule", "followups_replanning", "followups_waitingcount", "tracker_study", "tracker_round",
}  # fmt: skip
"""As many rows as studies, rounds or teams need."""


def read_whole(asked):
    """Tables that a plan reads from end to end, or all of an index of theirs."""
    with connection.cursor() as cursor:
        for alias, sql, values in asked:
            if alias == "default":
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
                for *_ids, step in cursor.fetchall():
                    if found := re.match(r"SCAN (\w+)", step):
                        yield found[1]


def test_a_quiet_tick_reads_no_table_of_people_from_end_to_end(world, monkeypatch):
    for _person in range(3):
        world.person()
    tick(OPENS)
    tick(MORNING)
    # Who waits for what is counted the less often the more there are; each count reads what is owed.
    monkeypatch.setattr(waiting_counts, "_is_fresh", lambda now: True)

    with listening() as asked:
        tick(MORNING)

    assert len(asked) > 10
    assert set(read_whole(asked)) - OF_STUDIES == set()


def test_a_question_that_no_index_answers_is_seen(world):
    with listening() as asked:
        FollowUp.objects.filter(attempts_made=3).exists()

    assert set(read_whole(asked)) == {"followups_followup"}
