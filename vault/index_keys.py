"""Under which index key new rows of the phone index stand. The vault says it, so that all processes say the same."""

from datetime import datetime

from django.db import connections, transaction

from vault import providers
from vault.errors import KeyMissing
from vault.models import IndexKeyState, KekStatus, PhoneBucket, RefusedNumber

VAULT = "vault"


def current() -> int:
    """The index key for new rows. In a vault transaction it stays the current one until that ends. Raises Locked."""
    found = _held()
    if found and KekStatus.CURRENT not in found.values():
        # It had waited for a change, and did not see the successor yet.
        found = _held()
    current = [number for number, state in found.items() if state == KekStatus.CURRENT]
    return current[0] if current else providers.keyring().index_key_id


def key(number: int) -> bytes:
    """One index key; raises Locked, and KeyMissing for one that the provider does not hold."""
    for fresh in (False, True):
        found = providers.keyring(fresh=fresh).index.get(number)
        if found is not None:
            return found
    raise KeyMissing


def states() -> dict[int, KekStatus]:
    """What may be done with every index key that is known; none is, before the first change."""
    rows = IndexKeyState.objects.values_list("index_key_id", "state")
    return {number: KekStatus(state) for number, state in rows}


def keep(number: int, state: KekStatus, *, now: datetime) -> None:
    """Write down an index key that is not known yet."""
    IndexKeyState.objects.bulk_create(
        [IndexKeyState(index_key_id=number, state=state, created=now)], ignore_conflicts=True
    )


def forget(number: int) -> None:
    """Forget an index key that was announced and never came: no row ever stood under it."""
    IndexKeyState.objects.filter(index_key_id=number, state=KekStatus.COMING).delete()


def promote(number: int) -> bool:
    """Let new rows stand under a coming key; False when it is not coming. Waits for everybody who adds numbers."""
    with transaction.atomic(using=VAULT):
        known = {row.pk: row.state for row in IndexKeyState.objects.select_for_update().order_by("pk")}
        if known.get(number) != KekStatus.COMING:
            return False
        IndexKeyState.objects.filter(state=KekStatus.CURRENT).update(state=KekStatus.DECRYPT_ONLY)
        IndexKeyState.objects.filter(index_key_id=number).update(state=KekStatus.CURRENT)
        return True


def retire(number: int) -> bool:
    """Write down that an index key goes; False when anything stands under it, or may yet."""
    with transaction.atomic(using=VAULT):
        mine = IndexKeyState.objects.select_for_update().filter(pk=number, state=KekStatus.DECRYPT_ONLY)
        if not mine or rows_under(number) or refusals_under(number):
            return False
        IndexKeyState.objects.filter(pk=number).update(state=KekStatus.DESTROYED)
        return True


def rows_under(number: int) -> int:
    """How many rows of the phone index stand under it."""
    return PhoneBucket.objects.filter(index_key_id=number).count()


def refusals_under(number: int) -> int:
    """How many refused numbers are known under it. Nobody holds those numbers, so they can be moved nowhere."""
    return RefusedNumber.objects.filter(index_key_id=number).count()


def _held() -> dict[int, KekStatus]:
    """The states; inside a transaction nobody changes them until that ends."""
    connection = connections[VAULT]
    if connection.vendor != "postgresql" or not connection.in_atomic_block:
        return states()
    table = connection.ops.quote_name(IndexKeyState._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT index_key_id, state FROM {table} FOR SHARE")  # noqa: S608  # nosec B608
        return {number: KekStatus(state) for number, state in cursor.fetchall()}
