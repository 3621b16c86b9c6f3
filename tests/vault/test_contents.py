"""What a key file holds: written and read back, changed by one key at a time, and never printed."""

import copy
import json
import pickle

import pytest

from kernel.errors import Conflict
from vault import contents
from vault.contents import Contents
from vault.errors import KeyMissing, VaultError
from vault.wrapping import kek_id

KEK = bytes(range(32))
OTHER = bytes(range(32, 64))
THIS = Contents(kek_id(KEK), {kek_id(KEK): KEK}, {1: b"i" * 32}, b"a" * 32, b"b" * 32, b"c" * 32)


def test_contents_are_written_and_read_back_the_same():
    assert contents.from_json(THIS.to_json()) == THIS
    assert contents.from_json(THIS.to_json()).to_json() == THIS.to_json()


def test_a_key_file_of_the_first_release_is_still_read():
    text = """{"current": "0489f67c8692e954", "keys": {"0489f67c8692e954":
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}, "index": {"1": "aWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWk="},
        "audit": "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=",
        "callback": "YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI=",
        "case": "Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M="}"""

    assert contents.from_json(text.encode()) == THIS


def test_fresh_contents_share_no_key_with_others_or_among_themselves():
    one, two = contents.fresh(), contents.fresh()

    keys = [
        key
        for each in (one, two)
        for key in (*each.keks.values(), *each.index.values(), each.audit, each.callback, each.case)
    ]
    assert len(set(keys)) == 10


@pytest.mark.parametrize(
    "changes",
    [
        {"keys": {}},
        {"index": {}},
        {"current": "00" * 8},
        {"audit": "c2hvcnQ="},
        {"case": None},
        {"keys": []},
        {"keys": {"00" * 8: "A" * 43 + "="}, "current": "00" * 8},
        {"index": {"one": "A" * 43 + "="}},
    ],
)
def test_contents_in_another_form_are_refused(changes):
    altered = json.dumps(json.loads(THIS.to_json()) | changes).encode()

    with pytest.raises(VaultError) as refusal:
        contents.from_json(altered)

    assert refusal.value.code == "vault_key_file_unfit"


@pytest.mark.parametrize("cut", [0, 1, 100, -2])
def test_a_truncated_key_file_is_refused_and_its_text_is_not_repeated(cut):
    with pytest.raises(VaultError) as refusal:
        contents.from_json(THIS.to_json()[:cut])

    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__
    assert "YWFh" not in str(refusal.value)


@pytest.mark.parametrize("text", [b"[" * 100_000, b"\xff\xfe", b'"text"', b"null"])
def test_what_is_no_key_file_at_all_is_refused(text):
    with pytest.raises(VaultError):
        contents.from_json(text)


def test_a_new_epoch_key_opens_but_does_not_wrap_until_it_is_promoted():
    grown = contents.with_kek(THIS, OTHER)
    assert (set(grown.keks), grown.current) == ({kek_id(KEK), kek_id(OTHER)}, kek_id(KEK))

    assert contents.promoted(grown, kek_id(OTHER)).current == kek_id(OTHER)


def test_a_key_that_is_not_there_is_not_promoted():
    with pytest.raises(KeyMissing):
        contents.promoted(THIS, kek_id(OTHER))


def test_the_current_epoch_key_is_never_taken_away_and_any_other_is():
    turned = contents.promoted(contents.with_kek(THIS, OTHER), kek_id(OTHER))

    with pytest.raises(Conflict):
        contents.without_kek(turned, kek_id(OTHER))
    left = contents.without_kek(turned, kek_id(KEK))

    assert set(left.keks) == {kek_id(OTHER)}
    assert contents.without_kek(left, kek_id(KEK)) == left


def test_the_newest_index_key_is_never_taken_away_so_that_its_number_is_not_given_again():
    grown = contents.with_index_key(THIS)
    assert (set(grown.index), grown.index_key_id) == ({1, 2}, 2)

    for only in (THIS, grown):
        with pytest.raises(Conflict):
            contents.without_index_key(only, only.index_key_id)
    left = contents.without_index_key(grown, 1)

    assert set(left.index) == {2}
    assert contents.with_index_key(left).index_key_id == 3


def test_contents_cannot_be_changed_by_whoever_made_them():
    keks = {kek_id(KEK): KEK}
    held = Contents(kek_id(KEK), keks, {1: b"i" * 32}, b"a" * 32, b"b" * 32, b"c" * 32)

    keks.clear()
    with pytest.raises(TypeError):
        held.keks[b"x"] = KEK  # type: ignore[index]

    assert held == THIS


@pytest.mark.parametrize("spread", [pickle.dumps, copy.copy, copy.deepcopy])
def test_contents_print_pickle_and_copy_nothing(spread):
    assert repr(THIS) == str(THIS) == f"{THIS}" == "<contents of the key file>"
    with pytest.raises(TypeError):
        spread(THIS)


def test_the_id_of_a_key_is_shown_without_a_run_of_digits():
    assert contents.shown(bytes.fromhex("1234567890123456")) == "12:34:56:78:90:12:34:56"
