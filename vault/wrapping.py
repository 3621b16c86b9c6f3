"""A subject's key (DEK) wrapped under an epoch key (KEK): 70 bytes that say which KEK opens them (pure)."""

from uuid import UUID

from vault.primitives import NONCE_BYTES, TAG_BYTES, Broken, decrypt, encrypt, expand, fresh_nonce, pae

MAGIC = b"W\x01"
KEK_ID_BYTES = 8
HEADER_BYTES = len(MAGIC) + KEK_ID_BYTES
WRAPPED_BYTES = HEADER_BYTES + NONCE_BYTES + 32 + TAG_BYTES


def kek_id(kek: bytes) -> bytes:
    """The eight bytes that name a KEK without telling anything of it."""
    return expand(kek, b"panel-vault/kek-id/v1", KEK_ID_BYTES)


def wrap(kek: bytes, dek: bytes, *, subject: UUID, generation: int, nonce: bytes | None = None) -> bytes:
    """`dek` wrapped for one subject and generation. `nonce` is given by known-answer tests only."""
    nonce = nonce or fresh_nonce()
    header = MAGIC + kek_id(kek)
    return header + nonce + encrypt(kek, nonce, dek, _aad(header, subject, generation))


def unwrap(kek: bytes, wrapped: bytes, *, subject: UUID, generation: int) -> bytes:
    """The DEK; raises Broken when it was wrapped under another KEK, subject or generation, or altered."""
    header, nonce = wrapped[:HEADER_BYTES], wrapped[HEADER_BYTES : HEADER_BYTES + NONCE_BYTES]
    # The id in the header needs no look of its own: the tag covers it.
    if len(wrapped) != WRAPPED_BYTES or not header.startswith(MAGIC):
        raise Broken
    return decrypt(kek, nonce, wrapped[HEADER_BYTES + NONCE_BYTES :], _aad(header, subject, generation))


def _aad(header: bytes, subject: UUID, generation: int) -> bytes:
    return pae(b"panel-vault/dek/v1", header, subject.bytes, generation.to_bytes(4, "big"))
