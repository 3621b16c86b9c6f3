"""The field token: one sealed value, bound to its label, its subject and its row (pure)."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from vault.padding import pad, unpad
from vault.primitives import NONCE_BYTES, TAG_BYTES, Broken, decrypt, encrypt, fresh_nonce, pae

MAGIC = b"R\x01"
HEADER_BYTES = 6
BODY_AT = HEADER_BYTES + NONCE_BYTES
SMALLEST = BODY_AT + 32 + TAG_BYTES
UUID_BYTES = 16
UUID_LENGTH = UUID_BYTES.to_bytes(8, "little")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value belongs; a token opens nowhere else."""

    label: str
    subject: UUID
    row: UUID


def seal(dek: bytes, plaintext: bytes, place: Place, *, generation: int, nonce: bytes | None = None) -> bytes:
    """A token for `place`. `nonce` is given by known-answer tests only."""
    nonce = nonce or fresh_nonce()
    header = MAGIC + generation.to_bytes(4, "big")
    return header + nonce + encrypt(dek, nonce, pad(plaintext), _aad(header, place))


def generation_of(token: bytes) -> int:
    """Which generation of its subject's key sealed `token`; raises Broken for anything but a token."""
    _refuse_others(token)
    return int.from_bytes(token[2:HEADER_BYTES], "big")


def unseal(dek: bytes, token: bytes, place: Place) -> bytes:
    """The plaintext; raises Broken when the token was altered or belongs to another place or key."""
    _refuse_others(token)
    aad = _aad(token[:HEADER_BYTES], place)
    return unpad(decrypt(dek, token[HEADER_BYTES:BODY_AT], token[BODY_AT:], aad))


def _refuse_others(token: bytes) -> None:
    if len(token) < SMALLEST or token[:2] != MAGIC:
        raise Broken


def _aad(header: bytes, place: Place) -> bytes:
    """PAE of name, header, label, subject and row, put together from what hardly ever changes and the two ids."""
    return b"".join((_before_ids(header, place.label), place.subject.bytes, UUID_LENGTH, place.row.bytes))


@lru_cache(maxsize=256)
def _before_ids(header: bytes, label: str) -> bytes:
    # Asked of `pae` with empty ids, so that the encoding is written in one place only.
    ids = bytes(UUID_BYTES)
    whole = pae(b"panel-vault/field/v1", header, label.encode("ascii"), ids, ids)
    return whole[: -len(ids + UUID_LENGTH + ids)]
