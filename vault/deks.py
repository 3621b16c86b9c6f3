"""The keys of a few subjects, read anew for each use so that a shred is visible at once everywhere."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from kernel.statements import statement
from vault import providers
from vault.errors import KeyMissing, Shredded, Tampered
from vault.keyring import Keyring
from vault.models import SubjectKey
from vault.primitives import Broken

BATCH = 500
Item = TypeVar("Item")


class Deks:
    """Wrapped keys by subject and generation, unwrapped one at a time when asked for."""

    def __init__(self, ring: Keyring, wrapped: dict[UUID, dict[int, tuple[bytes, bytes]]]) -> None:
        self._ring = ring
        self._wrapped = wrapped

    def newest(self, subject: UUID) -> tuple[int, bytes]:
        """Generation and key to seal with; raises Shredded, KeyMissing or Tampered."""
        generations = self._wrapped.get(subject)
        if not generations:
            raise Shredded
        generation = max(generations)
        return generation, self.of(subject, generation)

    def of(self, subject: UUID, generation: int) -> bytes:
        """The key of one generation; raises Shredded, KeyMissing, or Tampered for one the subject never had."""
        try:
            return self._opened(subject, generation)
        except KeyMissing:
            # The epoch keys were changed since this process last read them, or since it read the row.
            self._ring = providers.keyring(fresh=True)
            self._wrapped[subject] = _read([subject]).get(subject, {})
            return self._opened(subject, generation)

    def _opened(self, subject: UUID, generation: int) -> bytes:
        generations = self._wrapped.get(subject)
        if not generations:
            raise Shredded
        if generation not in generations:
            raise Tampered
        kek_id, wrapped = generations[generation]
        try:
            return self._ring.unwrap(kek_id, wrapped, subject=subject, generation=generation)
        except Broken:
            raise Tampered from None


def load(subjects: Iterable[UUID]) -> Deks:
    """The keys of these subjects, one query for every 500 of them. Raises Locked."""
    return Deks(providers.keyring(), _read(subjects))


def _read(subjects: Iterable[UUID]) -> dict[UUID, dict[int, tuple[bytes, bytes]]]:
    wrapped: dict[UUID, dict[int, tuple[bytes, bytes]]] = {}
    for some in batches(sorted(set(subjects))):
        for subject, generation, kek_id, key in _keys_of(some):
            wrapped.setdefault(subject, {})[generation] = (bytes(kek_id), bytes(key))
    return wrapped


@statement
def _keys_of(subjects: Collection[UUID]) -> QuerySet[SubjectKey, Any]:
    rows = SubjectKey.objects.filter(subject__in=subjects)
    return rows.values_list("subject", "generation", "kek_id", "wrapped")


def batches(items: list[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """The list in pieces that a database takes in one statement."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
