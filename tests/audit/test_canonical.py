"""The bytes a seal stands for: known answers that must hold for as long as there are seals."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.canonical import Root, Row, Sealed, as_json, event, first_beyond, leaf, packed

ROW = Row(
    id=7,
    at=datetime(2026, 3, 10, 9, 0, 0, 123456, tzinfo=UTC),
    actor_id=UUID("00112233-4455-6677-8899-aabbccddeeff"),
    session_h="0123456789abcdef",
    action="followups.claimed",
    object_type="claim",
    object_id=None,
    audit_ref=UUID("20112233-4455-6677-8899-aabbccddeeff"),
    reason="Kann nicht — é",
    outcome="done",
    request_id="",
    detail={"b": [1, "zwei", None, True], "a": {"ü": 1}},
)
SEALED = Sealed(
    number=3,
    lo=5,
    hi=9,
    n=4,
    gaps=[[8, 8]],
    root=bytes(range(32)),
    prev_hash=bytes(32),
    at=datetime(2026, 3, 10, 9, 1, tzinfo=UTC),
)


def test_an_event_has_the_bytes_it_always_had():
    assert (
        sha256(event(ROW)).hexdigest() == "e0d63a1e269010b19c74753e52389ad3f512686f1490f3741a512c5d1c5c0e8d"
    )


def test_a_leaf_has_the_hash_it_always_had():
    assert leaf(ROW).hex() == "33a44e23d3bc858182ce9bb0a0b79c21a24ccbe5f14fdeeee7ff1a145a02c5ad"


def test_a_root_has_the_hash_it_always_had():
    root = Root(5).take(ROW).take(ROW._replace(id=9))
    assert (root.close(10).hex(), root.n, root.gaps) == (
        "246b85463fbe0e232047dd26db8b2aa625bb40ad7034160feb1989ace05adf82",
        2,
        [[5, 6], [8, 8], [10, 10]],
    )


def test_a_seal_has_the_bytes_and_the_hash_it_always_had():
    assert (
        sha256(SEALED.body()).hexdigest()
        == "79fa4699b79e95c8643f23227ee98ad167b420583caf9acfd75d9ec82027dd5a"
    )
    assert SEALED.hash(bytes(32)).hex() == "3c0fdd027300cf5199d72be7ad4a5bf4d9d8eadef629138d8cee7cc40b917493"


def test_parts_are_written_with_their_number_and_lengths_and_nothing_is_not_empty():
    eight = bytes.fromhex("0100000000000000")
    assert packed(b"A") == eight + b"\1" + eight + b"A"
    assert packed(b"ab", b"c") != packed(b"a", b"bc") != packed(b"abc")
    assert packed(None) != packed(b"")


def test_the_same_moment_on_another_clock_is_the_same_event():
    elsewhere = ROW.at.astimezone(timezone(timedelta(hours=4, minutes=30)))
    assert event(ROW._replace(at=elsewhere)) == event(ROW)


def test_a_moment_counts_to_the_microsecond():
    assert event(ROW._replace(at=ROW.at + timedelta(microseconds=1))) != event(ROW)


def test_the_order_in_which_a_detail_was_written_does_not_count():
    assert as_json({"b": 1, "a": [2, 1]}) == as_json({"a": [2, 1], "b": 1}) == b'{"a":[2,1],"b":1}'


@pytest.mark.parametrize("field", Row._fields)
def test_every_column_of_an_event_is_in_its_leaf(field):
    others = {
        int: 8,
        str: "other",
        datetime: ROW.at + timedelta(microseconds=1),
        UUID: UUID(int=1),
        type(None): UUID(int=1),
        dict: {"b": [1, "zwei", None, 1]},
    }
    assert leaf(ROW._replace(**{field: others[type(getattr(ROW, field))]})) != leaf(ROW)


@pytest.mark.parametrize(
    "change",
    [
        {"number": 4},
        {"lo": 4},
        {"hi": 10},
        {"n": 5},
        {"gaps": [[8, 9]]},
        {"root": bytes(32)},
        {"prev_hash": bytes(range(32))},
        {"at": SEALED.at + timedelta(microseconds=1)},
    ],
)
def test_everything_a_seal_says_is_in_its_bytes(change):
    assert replace(SEALED, **change).body() != SEALED.body()


@given(st.lists(st.binary(max_size=4) | st.none()), st.lists(st.binary(max_size=4) | st.none()))
def test_two_lists_of_parts_never_give_the_same_bytes(one, other):
    assert (packed(*one) == packed(*other)) is (one == other)


@given(st.sets(st.integers(1, 30)), st.sets(st.integers(1, 30)))
def test_the_first_id_beyond_some_stretches_is_the_first_of_the_difference(one, other):
    stretches = [[n, n] for n in sorted(one)]
    others = [[n, n] for n in sorted(other)]
    assert first_beyond(stretches, others) == min(one - other, default=None)


def test_no_event_of_any_other_kind_of_row_is_left_out_of_the_columns_that_are_sealed():
    from audit.models import AuditEvent

    assert {field.name for field in AuditEvent._meta.local_fields} == set(Row._fields)
