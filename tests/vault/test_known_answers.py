"""Byte for byte what the reference says, so that another implementation could open what this one sealed."""

from tests.vault import known_answers as kat
from vault import buckets, primitives, tokens, wrapping
from vault.tokens import Place

PLACE = Place("phone.e164", kat.SUBJECT, kat.ROW)


def test_the_pre_authentication_encoding_is_that_of_the_reference():
    assert primitives.pae(b"a", b"bc").hex() == "020000000000000001000000000000006102000000000000006263"


def test_the_name_of_a_key_is_that_of_the_reference():
    assert wrapping.kek_id(kat.KEK).hex() == "0489f67c8692e954"


def test_the_wrapped_key_is_that_of_the_reference_and_opens():
    wrapped = wrapping.wrap(kat.KEK, kat.DEK, subject=kat.SUBJECT, generation=1, nonce=kat.NONCE)

    assert wrapped == kat.WRAPPED
    assert wrapping.unwrap(kat.KEK, wrapped, subject=kat.SUBJECT, generation=1) == kat.DEK


def test_the_token_is_that_of_the_reference_and_opens():
    token = tokens.seal(kat.DEK, kat.NUMBER.encode(), PLACE, generation=1, nonce=kat.NONCE)

    assert token == kat.TOKEN
    assert tokens.unseal(kat.DEK, token, PLACE) == kat.NUMBER.encode()


def test_the_bucket_is_that_of_the_reference():
    whole = buckets.digest(kat.INDEX_KEY, kat.NUMBER)

    assert buckets.bucket_key(kat.INDEX_KEY).hex() == (
        "81705cd9cc3bbac78e2f8fb9c3d3c5b6aca4d12b1043d9b92fff8cb72a108871"
    )
    assert whole.hex() == "c1ead77ba937fb10a72b9a4a6a4976ff1d24e3ba7114930d19fafbaaf65adaf7"
    assert buckets.first_bits(whole, 16) == 49642
    assert buckets.first_bits(whole, 13) == 6205
