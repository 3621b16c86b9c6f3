"""A subject's key (DEK) wrapped under an epoch key (KEK): 70 bytes that say which KEK opens them (pure)."""

from functools import lru_cache
from uuid import UUID

from vault.primitives import NONCE_BYTES, TAG_BYTES, Broken, decrypt, encrypt, expand, fresh_nonce, pae

MAGIC = b"W\x01"
KEK_ID_BYTES = 8
HEADER_BYTES = len(MAGIC) + KEK_ID_BYTES
KEY_AT = HEADER_BYTES + NONCE_BYTES
WRAPPED_BYTES = KEY_AT + 32 + TAG_BYTES
GENERATION_BYTES = 4
GENERATION_LENGTH = GENERATION_BYTES.to_bytes(8, "little")


def kek_id(kek: bytes) -> bytes:
    """The eight bytes that name a KEK without telling anything of it."""
    return expand(kek, b"panel-vault/kek-id/v1", KEK_ID_BYTES)


def wrap(
    kek: bytes,
    dek: bytes,
    *,
    subject: UUID,
    generation: int,
    name: bytes | None = None,
    nonce: bytes | None = None,
) -> bytes:
    """`dek` wrapped for one subject and generation. `name` is `kek_id(kek)`, for whoever has it at hand already.

    `nonce` is given by known-answer tests only.
    """
    nonce = nonce or fresh_nonce()
    header = MAGIC + (name or kek_id(kek))
    return header + nonce + encrypt(kek, nonce, dek, _aad(header, subject, generation))


def unwrap(kek: bytes, wrapped: bytes, *, subject: UUID, generation: int) -> bytes:
    """The DEK; raises Broken when it was wrapped under another KEK, subject or generation, or altered."""
    # The id in the header needs no look of its own: the tag covers it.
    if len(wrapped) != WRAPPED_BYTES or not wrapped.startswith(MAGIC):
        raise Broken
    aad = _aad(wrapped[:HEADER_BYTES], subject, generation)
    return decrypt(kek, wrapped[HEADER_BYTES:KEY_AT], wrapped[KEY_AT:], aad)


def _aad(header: bytes, subject: UUID, generation: int) -> bytes:
    """PAE of name, header, subject and generation, put together from what hardly ever changes and the other two."""
    number = generation.to_bytes(GENERATION_BYTES, "big")
    return b"".join((_before_subject(header), subject.bytes, GENERATION_LENGTH, number))


@lru_cache(maxsize=64)
def _before_subject(header: bytes) -> bytes:
    # Asked of `pae` with empty values, so that the encoding is written in one place only.
    subject, number = bytes(16), bytes(GENERATION_BYTES)
    whole = pae(b"panel-vault/dek/v1", header, subject, number)
    return whole[: -len(subject + GENERATION_LENGTH + number)]
