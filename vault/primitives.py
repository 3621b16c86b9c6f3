"""The three primitives everything sealed is built from: PAE, HKDF-Expand and AES-256-GCM (pure)."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
# AESGCM would quietly take a 128-bit key.
WRONG_LENGTH = "A key has 32 bytes."


class Broken(Exception):
    """These bytes are not what was sealed, or not in the place they were sealed for."""


def pae(*parts: bytes) -> bytes:
    """The parts as one unambiguous string (PASETO, Pre-Authentication Encoding)."""
    pieces = [_le64(len(parts))]
    for part in parts:
        pieces += (_le64(len(part)), part)
    return b"".join(pieces)


def expand(key: bytes, info: bytes, length: int = KEY_BYTES) -> bytes:
    """A subkey of `key` for one use named by `info` (RFC 5869, HKDF-Expand with SHA-256)."""
    return HKDFExpand(SHA256(), length, info).derive(key)


def fresh_key() -> bytes:
    """A new random 256-bit key."""
    return os.urandom(KEY_BYTES)


def fresh_nonce() -> bytes:
    """A new random 96-bit nonce; never counted, because several processes seal at once."""
    return os.urandom(NONCE_BYTES)


def encrypt(key: bytes, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """Ciphertext and tag of AES-256-GCM."""
    if len(key) != KEY_BYTES:
        raise ValueError(WRONG_LENGTH)
    return AESGCM(key).encrypt(nonce, plaintext, aad)


def decrypt(key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
    """The plaintext, or Broken when key, nonce, ciphertext, tag or `aad` differ from those of sealing."""
    if len(key) != KEY_BYTES:
        raise ValueError(WRONG_LENGTH)
    try:
        return AESGCM(key).decrypt(nonce, sealed, aad)
    except InvalidTag:
        raise Broken from None


def _le64(number: int) -> bytes:
    return number.to_bytes(8, "little")
