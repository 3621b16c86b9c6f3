"""Sealing and opening one phone number, beside AES-256-GCM with a cipher object made for each operation.

Ours pads to 32 bytes, binds the value to its place in 116 bytes of associated data and makes a token; the bare side
encrypts the 16 bytes as they are with 44 bytes of associated data. Both draw a nonce for each sealing.
"""

import os
from uuid import uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.figures import QUICK, Figure, Work, at_most, figure, side_by_side
from vault import tokens, wrapping
from vault.primitives import fresh_key, fresh_nonce
from vault.tokens import Place

OPERATIONS = 200 if QUICK else 20_000
ROUNDS = at_most(15)
NUMBER = b"+336399800000000"
AAD_BYTES = 44
PLACE = Place("phone.e164", uuid4(), uuid4())


def measure(size: int, database: str) -> list[Figure]:
    """Operations a second of sealing, of opening with the key at hand, and of opening with the key still wrapped."""
    return [_sealing(), _opening(), _unwrapping_and_opening()]


def _sealing() -> Figure:
    key, aad = fresh_key(), os.urandom(AAD_BYTES)

    def ours() -> None:
        for _each in range(OPERATIONS):
            tokens.seal(key, NUMBER, PLACE, generation=1)

    def bare() -> None:
        for _each in range(OPERATIONS):
            AESGCM(key).encrypt(os.urandom(12), NUMBER, aad)

    return _figure("seal", ours, bare)


def _opening() -> Figure:
    key, aad, nonce = fresh_key(), os.urandom(AAD_BYTES), fresh_nonce()
    token, sealed = tokens.seal(key, NUMBER, PLACE, generation=1), AESGCM(key).encrypt(nonce, NUMBER, aad)

    def ours() -> None:
        for _each in range(OPERATIONS):
            tokens.unseal(key, token, PLACE)

    def bare() -> None:
        for _each in range(OPERATIONS):
            AESGCM(key).decrypt(nonce, sealed, aad)

    return _figure("open", ours, bare)


def _unwrapping_and_opening() -> Figure:
    kek, key, aad, nonce = fresh_key(), fresh_key(), os.urandom(AAD_BYTES), fresh_nonce()
    wrapped = wrapping.wrap(kek, key, subject=PLACE.subject, generation=1)
    token = tokens.seal(key, NUMBER, PLACE, generation=1)
    sealed_key, sealed = AESGCM(kek).encrypt(nonce, key, aad), AESGCM(key).encrypt(nonce, NUMBER, aad)

    def ours() -> None:
        for _each in range(OPERATIONS):
            tokens.unseal(wrapping.unwrap(kek, wrapped, subject=PLACE.subject, generation=1), token, PLACE)

    def bare() -> None:
        for _each in range(OPERATIONS):
            AESGCM(AESGCM(kek).decrypt(nonce, sealed_key, aad)).decrypt(nonce, sealed, aad)

    return _figure("unwrap and open", ours, bare)


def _figure(name: str, ours: Work, bare: Work) -> Figure:
    mine, theirs = side_by_side(ours, bare, rounds=ROUNDS)
    return figure(
        name, "none", OPERATIONS, value=OPERATIONS / mine, bare=OPERATIONS / theirs, unit="a second"
    )
