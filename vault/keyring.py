"""What the vault may ask of the keys, wherever they are, and the keyring whose keys are in memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn, Protocol
from uuid import UUID

from vault import wrapping
from vault.contents import Contents
from vault.errors import KeyMissing

Wrapped = tuple[bytes, bytes]
"""The id of the epoch key, and the subject's key wrapped under it: the two columns of a row."""


class Keyring(Protocol):
    """Wraps and unwraps subjects' keys, and holds the keys that codes are made with. For use now, never to be kept.

    Nothing outside a keyring sees an epoch key: `wrap`, `unwrap` and `rewrap` may as well be calls to a service that
    never gives its key away (a transit engine, a KMS). Such a service is one more module in `vault.providers` whose
    `keyring()` gives one of these, and must:
    - bind subject and generation to what it wraps (as associated data), so that a row moved elsewhere does not open;
    - raise KeyMissing for an epoch key it does not have, Broken for bytes it did not make for this subject and
      generation, Locked when it cannot be reached; never answer with something else;
    - give at most 70 bytes, and an id of 8, because those are the columns;
    - keep what it unwrapped, if at all, for 60 seconds and 512 keys at most: a shred must be seen;
    - hold index, audit, callback and case keys as bytes, since they make codes and open nothing.
    """

    @property
    def current(self) -> bytes:
        """The id of the epoch key that `wrap` uses."""

    @property
    def kek_ids(self) -> frozenset[bytes]:
        """The epoch keys that `unwrap` can use."""

    @property
    def index(self) -> Mapping[int, bytes]:
        """Index keys by number."""

    @property
    def index_key_id(self) -> int:
        """The index key that new rows use: the newest."""

    @property
    def audit(self) -> bytes: ...

    @property
    def callback(self) -> bytes: ...

    @property
    def case(self) -> bytes: ...

    def wrap(self, dek: bytes, *, subject: UUID, generation: int) -> Wrapped:
        """The subject's key under the current epoch key."""

    def unwrap(self, kek_id: bytes, wrapped: bytes, *, subject: UUID, generation: int) -> bytes:
        """The subject's key; raises KeyMissing or Broken."""

    def rewrap(self, kek_id: bytes, wrapped: bytes, *, subject: UUID, generation: int) -> Wrapped:
        """The same key under the current epoch key; raises KeyMissing or Broken."""


@dataclass(frozen=True, slots=True, repr=False)
class LocalKeyring:
    """The keys of a key file. Prints nothing, pickles never."""

    _contents: Contents

    @property
    def current(self) -> bytes:
        return self._contents.current

    @property
    def kek_ids(self) -> frozenset[bytes]:
        return frozenset(self._contents.keks)

    @property
    def index(self) -> Mapping[int, bytes]:
        return self._contents.index

    @property
    def index_key_id(self) -> int:
        return self._contents.index_key_id

    @property
    def audit(self) -> bytes:
        return self._contents.audit

    @property
    def callback(self) -> bytes:
        return self._contents.callback

    @property
    def case(self) -> bytes:
        return self._contents.case

    def wrap(self, dek: bytes, *, subject: UUID, generation: int) -> Wrapped:
        name = self.current
        wrapped = wrapping.wrap(self._kek(name), dek, subject=subject, generation=generation, name=name)
        return name, wrapped

    def unwrap(self, kek_id: bytes, wrapped: bytes, *, subject: UUID, generation: int) -> bytes:
        return wrapping.unwrap(self._kek(kek_id), wrapped, subject=subject, generation=generation)

    def rewrap(self, kek_id: bytes, wrapped: bytes, *, subject: UUID, generation: int) -> Wrapped:
        dek = self.unwrap(kek_id, wrapped, subject=subject, generation=generation)
        return self.wrap(dek, subject=subject, generation=generation)

    def _kek(self, kek_id: bytes) -> bytes:
        try:
            return self._contents.keks[kek_id]
        except KeyError:
            raise KeyMissing from None

    def __repr__(self) -> str:
        return "<keyring>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("A keyring cannot be pickled or copied: keys stay in the process that read them.")
