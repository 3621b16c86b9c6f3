"""The keys a provider hands out, held in memory only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from vault.errors import KeyMissing


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """Epoch keys by id, index keys by number, and the single keys. Prints nothing, pickles never."""

    current: bytes
    keks: Mapping[bytes, bytes]
    index: Mapping[int, bytes]
    audit: bytes
    callback: bytes
    case: bytes

    def kek(self, kek_id: bytes) -> bytes:
        """The epoch key of that id; raises KeyMissing."""
        if kek_id not in self.keks:
            raise KeyMissing
        return self.keks[kek_id]

    @property
    def index_key_id(self) -> int:
        """The index key that new rows use: the newest."""
        return max(self.index)

    def __repr__(self) -> str:
        return "<keyring>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("A keyring cannot be pickled or copied: keys stay in the process that read them.")
