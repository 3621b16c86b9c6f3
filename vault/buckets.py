"""Which bucket of the phone index a number falls into, and how many bits a bucket has (pure)."""

import hashlib
import hmac
import re

from vault.primitives import expand

PHONE = "phone.e164"
MAX_BITS = 24
LOCK_BITS = 10
E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)


def digest(index_key: bytes, e164: str) -> bytes:
    """The keyed digest whose first bits are the bucket."""
    return hmac.digest(bucket_key(index_key), e164_bytes(e164), "sha256")


def bucket_key(index_key: bytes) -> bytes:
    """The subkey of an index key that places numbers in buckets."""
    return expand(index_key, b"panel-vault/bidx/v1|phone.e164")


def refusal_code(index_key: bytes, e164: str) -> bytes:
    """The code of a refused number: whole, and under a subkey of its own, so that it matches no bucket."""
    return hmac.digest(expand(index_key, b"panel-vault/refused/v1|phone.e164"), e164_bytes(e164), "sha256")


def first_bits(whole: bytes, bits: int) -> int:
    """The first `bits` bits of a digest as a number."""
    return int.from_bytes(whole, "big") >> (8 * len(whole) - bits)


def bits_for(rows: int) -> int:
    """max(0, floor(log2(rows / 8))): eight to sixteen rows share a bucket."""
    return min(MAX_BITS, max(0, (rows // 8).bit_length() - 1))


def bits_wanted(rows: int, bits: int) -> int:
    """The bits an index of `rows` rows at `bits` bits should have.

    Up once the rows have doubled. Down only when fewer than four share a bucket, or an index on the
    border would be rebuilt with every person who comes or goes.
    """
    is_half_empty = rows < 4 * 2**bits
    return bits_for(rows) if bits_for(rows) > bits or is_half_empty else bits


def lock_number(index_key_id: int, whole: bytes) -> int:
    """A signed 64-bit number for the dedupe lock of the numbers that share the first bits of `whole`.

    Always the same few bits, whatever the index has, so that two processes with different views of the
    index still meet, and no more locks than PostgreSQL's shared table holds.
    """
    stripe = first_bits(whole, LOCK_BITS)
    name = f"panel-vault/lock/v1|{index_key_id}|{stripe}".encode("ascii")
    return int.from_bytes(hashlib.sha256(name).digest()[:8], "big", signed=True)


def e164_bytes(e164: str) -> bytes:
    """The number as ASCII; raises ValueError, which names no number, for anything but E.164."""
    if not E164.fullmatch(e164):
        raise ValueError("The phone index takes numbers in E.164 form only.")
    return e164.encode("ascii")
