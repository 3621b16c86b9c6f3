"""Sealing the keys to somebody whose own key is on no machine of ours: HPKE (RFC 9180), X25519 and AES-256-GCM (pure).

0  4  "RRB" 0x01   4 10  fingerprint of the public key   14 8  moment of writing, seconds since 1970, big-endian
22 32  encapsulated key   54 ..  ciphertext ‖ tag(16)
info = PAE("panel-vault/recovery/v1", bytes 0 to 22)
"""

import hashlib
import struct
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError
from vault.primitives import KEY_BYTES, pae

MAGIC = b"RRB\x01"
FINGERPRINT_BYTES = 10
HEADER = struct.Struct(f">4s{FINGERPRINT_BYTES}sQ")
WORD = "recontact-recovery-1"
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What keys are sealed to; `label` says who has the private key, in the words of whoever set it up."""

    raw: bytes
    label: str = ""

    @property
    def fingerprint(self) -> bytes:
        return hashlib.sha256(pae(b"panel-vault/recovery-key/v1", self.raw)).digest()[:FINGERPRINT_BYTES]

    @property
    def line(self) -> str:
        """The line by which it is handed over."""
        return f"{WORD} {b64encode(self.raw).decode()} {self.label}".rstrip()


@dataclass(frozen=True, slots=True, repr=False)
class PrivateKey:
    """What opens them again. Prints nothing, pickles never."""

    raw: bytes

    @property
    def public(self) -> PublicKey:
        return PublicKey(X25519PrivateKey.from_private_bytes(self.raw).public_key().public_bytes_raw())

    def __repr__(self) -> str:
        return "<recovery private key>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("A private key cannot be pickled or copied.")


@dataclass(frozen=True, slots=True, repr=False)
class Recovered:
    """What a blob held, and when it was written."""

    content: bytes
    written: datetime


class Unfit(DomainError):
    """A blob or a key that is not what it is given for."""

    def __init__(self, code: str, sentence: object, next_step: object = "") -> None:
        super().__init__(code, sentence, kept=_("Nothing was changed."), next_step=next_step)


def fresh() -> PrivateKey:
    """A new private key."""
    return PrivateKey(X25519PrivateKey.generate().private_bytes_raw())


def parse(text: str) -> list[PublicKey]:
    """The public keys in a text, one a line; blank lines and lines beginning with # are left out. Raises Unfit."""
    lines = [line.strip() for line in text.splitlines()]
    return [_parsed(line) for line in lines if line and not line.startswith("#")]


def seal(content: bytes, to: PublicKey, *, now: datetime) -> bytes:
    """A blob that only the private key opens."""
    header = HEADER.pack(MAGIC, to.fingerprint, int(now.timestamp()))
    return header + SUITE.encrypt(content, X25519PublicKey.from_public_bytes(to.raw), _info(header))


def open_blob(blob: bytes, private: PrivateKey) -> Recovered:
    """What was sealed; raises Unfit for a blob to another key, a changed byte or another file."""
    header = blob[: HEADER.size]
    if len(blob) <= HEADER.size or not header.startswith(MAGIC):
        raise Unfit("recovery_blob_unfit", _("This is not a recovery file of Recontact."))
    _magic, fingerprint, seconds = HEADER.unpack(header)
    if fingerprint != private.public.fingerprint:
        raise Unfit(
            "recovery_other_key",
            _("This recovery file was sealed to another key."),
            _("Its key has the fingerprint %(fingerprint)s.") % {"fingerprint": grouped(fingerprint)},
        )
    return Recovered(_decrypted(blob, private), datetime.fromtimestamp(seconds, UTC))


def grouped(code: bytes) -> str:
    """A fingerprint or digest in groups of four, to be read out."""
    text = code.hex()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def _decrypted(blob: bytes, private: PrivateKey) -> bytes:
    key = X25519PrivateKey.from_private_bytes(private.raw)
    try:
        return SUITE.decrypt(blob[HEADER.size :], key, _info(blob[: HEADER.size]))
    except (InvalidTag, ValueError):
        raise Unfit(
            "recovery_blob_unfit", _("This recovery file was changed and cannot be opened.")
        ) from None


def _parsed(line: str) -> PublicKey:
    word, _blank, rest = line.partition(" ")
    text, _blank, label = rest.strip().partition(" ")
    try:
        found = PublicKey(b64decode(text, validate=True), label.strip())
        # A key that nothing can be sealed to is found now, and not in the night of a change of keys.
        seal(b"", found, now=datetime.fromtimestamp(0, UTC))
    except (ValueError, InvalidTag):
        raise _unfit_line() from None
    if word != WORD or len(found.raw) != KEY_BYTES:
        raise _unfit_line()
    return found


def _unfit_line() -> Unfit:
    return Unfit(
        "recovery_keys_unfit",
        _("A line of the recovery keys is not a public key of Recontact."),
        _("Take over what manage.py vault_recovery_keypair printed, one line a key."),
    )


def _info(header: bytes) -> bytes:
    return pae(b"panel-vault/recovery/v1", header)
