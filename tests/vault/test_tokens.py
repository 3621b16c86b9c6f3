"""A token opens as it was sealed, where it was sealed, and nowhere else."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vault import known_answers as kat
from vault import padding, primitives, tokens, wrapping
from vault.primitives import Broken
from vault.tokens import Place

PLACE = Place("phone.e164", kat.SUBJECT, kat.ROW)
ELSEWHERE = UUID("11111111-2222-4333-8444-555555555555")


def every_single_bit_flip(data: bytes):
    for bit in range(8 * len(data)):
        yield (int.from_bytes(data, "big") ^ (1 << bit)).to_bytes(len(data), "big")


def test_all_528_single_bit_flips_of_a_token_are_rejected():
    rejected = 0
    for flipped in every_single_bit_flip(kat.TOKEN):
        with pytest.raises(Broken):
            tokens.unseal(kat.DEK, flipped, PLACE)
        rejected += 1

    assert rejected == 528


def test_all_560_single_bit_flips_of_a_wrapped_key_are_rejected():
    rejected = 0
    for flipped in every_single_bit_flip(kat.WRAPPED):
        with pytest.raises(Broken):
            wrapping.unwrap(kat.KEK, flipped, subject=kat.SUBJECT, generation=1)
        rejected += 1

    assert rejected == 560


@pytest.mark.parametrize("change", [{"label": "card.note"}, {"subject": ELSEWHERE}, {"row": ELSEWHERE}])
def test_a_token_opens_in_no_other_column_subject_or_row(change):
    with pytest.raises(Broken):
        tokens.unseal(kat.DEK, kat.TOKEN, replace(PLACE, **change))


@pytest.mark.parametrize(("subject", "generation"), [(ELSEWHERE, 1), (kat.SUBJECT, 2)])
def test_a_wrapped_key_opens_for_no_other_subject_or_generation(subject, generation):
    with pytest.raises(Broken):
        wrapping.unwrap(kat.KEK, kat.WRAPPED, subject=subject, generation=generation)


@pytest.mark.parametrize("column", [b"", b"R", b"R\x01", b"+12025550123", kat.TOKEN[:-1], b"x" * 66])
def test_what_is_no_token_is_rejected(column):
    with pytest.raises(Broken):
        tokens.unseal(kat.DEK, column, PLACE)


@given(st.binary(max_size=9000))
def test_every_text_comes_back_as_it_was_sealed(text):
    token = tokens.seal(kat.DEK, text, PLACE, generation=3)

    assert tokens.unseal(kat.DEK, token, PLACE) == text
    assert tokens.generation_of(token) == 3


def test_the_same_text_never_makes_the_same_token_twice():
    made = {tokens.seal(kat.DEK, b"+12025550123", PLACE, generation=1) for _ in range(100)}

    assert len(made) == 100


@pytest.mark.parametrize(
    ("length", "padded"),
    [
        (0, 32),
        (16, 32),
        (31, 32),
        (32, 64),
        (64, 128),
        (4095, 4096),
        (4096, 8192),
        (8192, 12288),
        (65535, 65536),
    ],
)
def test_padding_fills_the_smallest_bucket(length, padded):
    assert len(padding.pad(b"x" * length)) == padded


def test_padding_rejects_more_than_the_largest_bucket():
    with pytest.raises(padding.TooLarge):
        padding.pad(b"x" * 65536)


@pytest.mark.parametrize(
    "padded",
    [b"", b"\x00" * 32, b"x" * 32, b"x\x80" + b"\x00" * 29 + b"\x01", b"x\x80", b"x\x80" + b"\x00" * 62],
)
def test_what_padding_does_not_make_is_rejected(padded):
    with pytest.raises(Broken):
        padding.unpad(padded)


def test_a_short_key_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        primitives.encrypt(b"k" * 16, kat.NONCE, b"text", b"")
