"""Everything a key file holds, in memory, and the few changes that a change of keys makes to it (pure)."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NoReturn

from django.utils.translation import gettext_lazy as _

from kernel.errors import Conflict
from vault.errors import KeyMissing, VaultError
from vault.primitives import KEY_BYTES, fresh_key
from vault.wrapping import kek_id

FIRST_INDEX_KEY = 1
SINGLE = ("audit", "callback", "case")


@dataclass(frozen=True, slots=True, repr=False)
class Contents:
    """Epoch keys by id with the current one, index keys by number, and the single keys.

    Prints nothing and pickles never. A key whose name is not its own is refused, or it would wrap what nobody can open.
    """

    current: bytes
    keks: Mapping[bytes, bytes]
    index: Mapping[int, bytes]
    audit: bytes
    callback: bytes
    case: bytes

    def __post_init__(self) -> None:
        object.__setattr__(self, "keks", MappingProxyType(dict(self.keks)))
        object.__setattr__(self, "index", MappingProxyType(dict(self.index)))
        are_named = all(kek_id(kek) == name for name, kek in self.keks.items())
        if self.current not in self.keks or not self.index or not are_named:
            raise VaultError("vault_key_file_unfit", _("The names in the key file do not fit its keys."))

    @property
    def index_key_id(self) -> int:
        """The index key that new rows use: the newest."""
        return max(self.index)

    def to_json(self) -> bytes:
        """The form of the key file; the same contents always give the same bytes."""
        found = {
            "current": self.current.hex(),
            "keys": {name.hex(): _text(kek) for name, kek in sorted(self.keks.items())},
            "index": {str(number): _text(key) for number, key in sorted(self.index.items())},
            **{name: _text(getattr(self, name)) for name in SINGLE},
        }
        return json.dumps(found, indent=1).encode("ascii")

    def __repr__(self) -> str:
        return "<contents of the key file>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("Keys cannot be pickled or copied: they stay in the process that read them.")


def fresh() -> Contents:
    """New random keys for a first start."""
    kek = fresh_key()
    single = {name: fresh_key() for name in SINGLE}
    return Contents(kek_id(kek), {kek_id(kek): kek}, {FIRST_INDEX_KEY: fresh_key()}, **single)


def from_json(content: bytes) -> Contents:
    """What `to_json` wrote; raises VaultError for anything else."""
    try:
        found = json.loads(content)
        keks = {bytes.fromhex(name): _key(text) for name, text in found["keys"].items()}
        index = {int(number): _key(text) for number, text in found["index"].items()}
        single = {name: _key(found[name]) for name in SINGLE}
        current = bytes.fromhex(found["current"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # `from None`: the message of a parser may quote what it could not read.
        raise VaultError(
            "vault_key_file_unfit", _("The key file is not in the form Recontact writes.")
        ) from None
    return Contents(current, keks, index, **single)


def with_kek(contents: Contents, kek: bytes) -> Contents:
    """With one more epoch key, which opens but is not yet what new keys are wrapped under."""
    return replace(contents, keks={**contents.keks, kek_id(kek): kek})


def promoted(contents: Contents, name: bytes) -> Contents:
    """With another epoch key as the current one; raises KeyMissing for one that is not there."""
    if name not in contents.keks:
        raise KeyMissing
    return replace(contents, current=name)


def without_kek(contents: Contents, name: bytes) -> Contents:
    """Without an epoch key; one that is not there is no error. Raises Conflict for the current one."""
    if name == contents.current:
        raise Conflict(
            "key_in_use",
            _("The key that new people's keys are wrapped under cannot be taken away."),
            next_step=_("Make another one the current key first: manage.py vault_rotate does."),
        )
    return replace(contents, keks={other: kek for other, kek in contents.keks.items() if other != name})


def with_index_key(contents: Contents, key: bytes | None = None) -> Contents:
    """With a new index key, the newest and so the one that new rows use."""
    return replace(contents, index={**contents.index, contents.index_key_id + 1: key or fresh_key()})


def without_index_key(contents: Contents, number: int) -> Contents:
    """Without an index key; one that is not there is no error. Raises Conflict for the newest.

    The newest is never taken: its number would be given again, and rows filed under the old one not be found.
    """
    if number == contents.index_key_id:
        raise Conflict(
            "key_in_use",
            _("The index key that new numbers are filed under cannot be taken away."),
            next_step=_("Add a newer one first."),
        )
    return replace(contents, index={other: key for other, key in contents.index.items() if other != number})


def shown(name: bytes) -> str:
    """A key's id for a screen, a log or the trail: in pairs, because a long run of digits is taken for a number."""
    return name.hex(":")


def _key(text: str) -> bytes:
    key = b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("A key has 32 bytes.")
    return key


def _text(key: bytes) -> str:
    return b64encode(key).decode("ascii")
