"""Sealing a few bytes with a passphrase: Argon2id makes the key, AES-256-GCM seals (pure).

    0  4  "RPW" 0x01
    4  1  passes   5  4  memory in KiB, big-endian   9  1  lanes   10 16  salt
    26 12  nonce   38 ..  ciphertext ‖ tag(16)
    AAD = PAE("panel-vault/passphrase/v1", purpose, bytes 0 to 26)

Passes, memory and lanes as RFC 9106, section 4, second recommended option.
"""

import os
import struct
import unicodedata
from dataclasses import dataclass
from typing import NoReturn

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError
from vault.errors import VaultError
from vault.primitives import KEY_BYTES, NONCE_BYTES, TAG_BYTES, Broken, decrypt, encrypt, fresh_nonce, pae

MAGIC = b"RPW\x01"
HEADER = struct.Struct(">4sBIB16s")
SALT_BYTES = 16
PASSES, MEMORY_KIB, LANES = 3, 64 * 1024, 4
# A file that asks for less is weaker than any we wrote; one that asks for more would keep the machine busy for ever.
ALLOWED_PASSES, ALLOWED_KIB, ALLOWED_LANES = range(3, 11), range(64 * 1024, 1024 * 1024 + 1), range(1, 17)

FOR_KEYS = b"keys"
FOR_RECOVERY = b"recovery private key"

LEAST_CHARACTERS, LEAST_WORDS = 20, 5
LEAST_DIFFERENT = 8
LEAST_LETTERS_OF_A_WORD = 3


@dataclass(frozen=True, slots=True, repr=False)
class SealingKey:
    """What a passphrase gave, and the header that says how. Prints nothing, pickles never."""

    header: bytes
    key: bytes

    def __repr__(self) -> str:
        return "<sealing key>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("A sealing key cannot be pickled or copied.")


class WrongPassphrase(DomainError):
    """The passphrase does not open this, or this was changed: nobody can tell which."""

    def __init__(self) -> None:
        super().__init__(
            "wrong_passphrase",
            _("This does not open: the passphrase is another one, or the file was changed."),
            kept=_("Nothing was changed."),
            next_step=_("Type it again, with the same keyboard layout as when it was chosen."),
        )


def refuse_a_weak(passphrase: str) -> None:
    """Raise DomainError for fewer than 20 characters and fewer than 5 words, or hardly any different ones."""
    words = {word for word in _normal(passphrase).split() if len(word) >= LEAST_LETTERS_OF_A_WORD}
    is_long = len(passphrase.strip()) >= LEAST_CHARACTERS or len(words) >= LEAST_WORDS
    if not is_long or len(set(passphrase)) < LEAST_DIFFERENT:
        raise DomainError(
            "passphrase_weak",
            _("The passphrase has to have at least 20 characters, or 5 different words."),
            next_step=_("Five words drawn by chance are easy to remember and hard to guess."),
        )


def new_key(passphrase: str) -> SealingKey:
    """A key for something new, with a salt of its own; takes a good part of a second, on purpose."""
    header = HEADER.pack(MAGIC, PASSES, MEMORY_KIB, LANES, os.urandom(SALT_BYTES))
    return _derived(header, passphrase)


def key_for(sealed: bytes, passphrase: str) -> SealingKey:
    """The key for what was sealed before; raises VaultError for what is no such thing. Right or wrong shows later."""
    return _derived(header_of(sealed), passphrase)


def header_of(sealed: bytes) -> bytes:
    """The header; raises VaultError for anything but what `seal` wrote."""
    header = sealed[: HEADER.size]
    if len(sealed) < HEADER.size + NONCE_BYTES + TAG_BYTES or not _is_allowed(header):
        raise VaultError(
            "vault_key_file_unfit", _("This is not a file that Recontact sealed with a passphrase.")
        )
    return header


def seal(content: bytes, key: SealingKey, *, purpose: bytes) -> bytes:
    """`content` for one purpose; each time with a nonce of its own, so that a key may seal again."""
    nonce = fresh_nonce()
    return key.header + nonce + encrypt(key.key, nonce, content, _aad(purpose, key.header))


def opened(sealed: bytes, key: SealingKey, *, purpose: bytes) -> bytes:
    """What was sealed; raises WrongPassphrase for another key, another purpose or a changed byte."""
    if header_of(sealed) != key.header:
        raise WrongPassphrase
    nonce, rest = sealed[HEADER.size : HEADER.size + NONCE_BYTES], sealed[HEADER.size + NONCE_BYTES :]
    try:
        return decrypt(key.key, nonce, rest, _aad(purpose, key.header))
    except Broken:
        raise WrongPassphrase from None


def _derived(header: bytes, passphrase: str) -> SealingKey:
    _magic, passes, memory, lanes, salt = HEADER.unpack(header)
    argon = Argon2id(salt=salt, length=KEY_BYTES, iterations=passes, lanes=lanes, memory_cost=memory)
    return SealingKey(header, argon.derive(_normal(passphrase).encode()))


def _normal(passphrase: str) -> str:
    """One form for what looks alike: another keyboard writes an accent as a character of its own."""
    return unicodedata.normalize("NFKC", passphrase)


def _is_allowed(header: bytes) -> bool:
    magic, passes, memory, lanes, _salt = HEADER.unpack(header)
    is_ours = magic == MAGIC and passes in ALLOWED_PASSES
    return is_ours and memory in ALLOWED_KIB and lanes in ALLOWED_LANES


def _aad(purpose: bytes, header: bytes) -> bytes:
    return pae(b"panel-vault/passphrase/v1", purpose, header)
