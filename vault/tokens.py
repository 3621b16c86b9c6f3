"""The field token: one sealed value, bound to its label, its subject and its row (pure)."""

from dataclasses import dataclass
from uuid import UUID

from vault.padding import pad, unpad
from vault.primitives import NONCE_BYTES, TAG_BYTES, Broken, decrypt, encrypt, fresh_nonce, pae

MAGIC = b"R\x01"
HEADER_BYTES = 6
SMALLEST = HEADER_BYTES + NONCE_BYTES + 32 + TAG_BYTES


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
    if len(token) < SMALLEST or token[:2] != MAGIC:
        raise Broken
    return int.from_bytes(token[2:HEADER_BYTES], "big")


def unseal(dek: bytes, token: bytes, place: Place) -> bytes:
    """The plaintext; raises Broken when the token was altered or belongs to another place or key."""
    generation_of(token)
    header, nonce = token[:HEADER_BYTES], token[HEADER_BYTES : HEADER_BYTES + NONCE_BYTES]
    return unpad(decrypt(dek, nonce, token[HEADER_BYTES + NONCE_BYTES :], _aad(header, place)))


def _aad(header: bytes, place: Place) -> bytes:
    label = place.label.encode("ascii")
    return pae(b"panel-vault/field/v1", header, label, place.subject.bytes, place.row.bytes)
