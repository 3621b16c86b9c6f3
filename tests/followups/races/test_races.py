"""The race itself, small; what its checker sees in literal histories; and a race that is lost on purpose."""

import json
import subprocess
import sys

import pytest

from tests.followups.races.checker import Held, doubles, out_of_turn, unended, witnessed, written

WHOM = {"a": ("person", "ann"), "b": ("person", "ben"), "c": ("other", "ann")}


def race(migrated, *options):
    options = ["--tables", str(migrated.folder), "--limit-seconds", "60", *options]
    command = [sys.executable, "-m", "tests.followups.races", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=170)
    assert done.stdout, done.stderr[-2000:]
    return done.returncode, json.loads(done.stdout)


@pytest.mark.either
def test_processes_that_race_and_are_killed_never_take_the_same_person_twice(migrated):
    code, found = race(migrated, "--claims", "300", "--processes", "3", "--kill-seconds", "4")

    assert (code, found["double"], found["unexpected"]) == (0, 0, 0)
    assert found["claims"] >= 100
    assert found["killed"] >= 1


@pytest.mark.either
def test_without_lock_and_constraint_the_race_is_lost_and_that_is_seen(migrated):
    code, found = race(migrated, "--claims", "150", "--processes", "3", "--planted")

    assert code == 1
    assert found["double_by_record"]["in_the_trail"] > 0


def test_two_claims_beside_each_other_are_seen_and_one_after_the_other_is_not():
    beside = [Held("a", "person", 1, 3), Held("b", "person", 2, 4)]
    after = [Held("a", "person", 1, 3), Held("b", "person", 3, 4), Held("c", "other", 2, 4)]

    assert (len(doubles(beside)), doubles(after)) == (1, [])


def test_a_long_claim_is_seen_beside_each_of_several_short_ones():
    held = [Held("a", "person", 0, 10), Held("b", "person", 1, 2), Held("c", "person", 3, 4)]

    assert len(doubles(held)) == 2


def test_a_witness_counts_from_when_it_was_told_until_it_gave_back_and_never_beyond_the_lease():
    lines = [
        line.split()
        for line in (
            "from 1.0 a person ann 11.0", "until 1.5 a person ann 11.0", "from 2.0 b person ben 12.0",
            "from 5.0 c other ann 13.0", "until 60.0 c other ann 13.0",
            # Told of it when it was over: never held by anybody who knew.
            "from 30.0 d person ann 29.0", "until 31.0 d person ann 29.0",
        )
    ]  # fmt: skip

    found = [(one.claim, one.whom, one.since, one.until) for one in witnessed(lines)]

    assert found == [
        ("a", "person", 1.0, 1.5), ("a", "ann", 1.0, 1.5), ("c", "other", 5.0, 13.0), ("c", "ann", 5.0, 13.0)
    ]  # fmt: skip


def test_the_table_is_read_from_when_a_claim_was_seen_to_when_it_ended():
    rows = [("a", "person", "ann", 1.0, 9.0, 4.0), ("b", "person", "ben", 3.0, 12.0, None)]
    seen = [["from", "2.0", "a", "person", "ann", "9"], ["from", "3.5", "b", "person", "ben", "12"]]

    assert [(one.since, one.until) for one in written(rows, seen)] == [(2.0, 4.0)] * 2 + [(3.5, 12.0)] * 2
    assert len(doubles(written(rows, seen))) == 1


def test_in_the_trail_a_claim_on_somebody_follows_the_end_of_the_one_before():
    in_turn = [("claimed", ["a"]), ("ended", ["a"]), ("claimed", ["b"]), ("claimed", ["c"])]
    out = [("claimed", ["a"]), ("claimed", ["b"]), ("ended", ["a"])]
    by_caller = [("claimed", ["a"]), ("claimed", ["c"])]

    assert [out_of_turn(one, WHOM) for one in (in_turn, out, by_caller)] == [0, 1, 1]


def test_what_is_held_twice_at_the_end_is_counted():
    rows = [
        ("a", "person", "ann", 0, 9, None),
        ("b", "person", "ben", 0, 9, None),
        ("c", "other", "cy", 0, 9, 1),
    ]

    assert (unended(rows), unended(rows[1:])) == (1, 0)
