"""What may be done with each epoch key. The database says it, so that all processes say the same at every moment."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connections, transaction

from vault.models import KekState, KekStatus, SubjectKey

VAULT = "vault"
MAY_WRAP = (KekStatus.COMING, KekStatus.CURRENT)


def may_wrap(kek_id: bytes, *, now: datetime) -> bool:
    """Whether keys of subjects may be wrapped under it; the answer holds until the vault transaction ends.

    So what is written under a key commits before that key is retired, or is not written under it: nothing can appear
    under a key that is about to be destroyed, however long a process slept. A key never heard of is coming, and the
    first of a vault is current.
    """
    if not connections[VAULT].in_atomic_block:
        raise RuntimeError("Whether a key may wrap is asked inside the transaction that writes.")
    state = _held(kek_id)
    if state is None:
        announce(kek_id, now=now)
        state = _held(kek_id)
    return state in MAY_WRAP


def _held(kek_id: bytes) -> KekStatus | None:
    """The state, which nobody can change until this transaction ends: writers share it, a change of keys waits."""
    if connections[VAULT].vendor != "postgresql":
        # SQLite's BEGIN IMMEDIATE has locked all there is.
        return states([kek_id]).get(kek_id)
    table = connections[VAULT].ops.quote_name(KekState._meta.db_table)
    with connections[VAULT].cursor() as cursor:
        cursor.execute(f"SELECT state FROM {table} WHERE kek_id = %s FOR SHARE", [kek_id])  # noqa: S608  # nosec B608
        row = cursor.fetchone()
    return KekStatus(row[0]) if row else None


def states(kek_ids: Iterable[bytes] | None = None) -> dict[bytes, KekStatus]:
    """What may be done with these epoch keys, or with every one this vault ever had."""
    rows = KekState.objects.all() if kek_ids is None else KekState.objects.filter(kek_id__in=list(kek_ids))
    return {bytes(kek_id): KekStatus(state) for kek_id, state in rows.values_list("kek_id", "state")}


def announce(kek_id: bytes, *, now: datetime) -> None:
    """Write down a key that is coming, or the first one there is; one that is known already stays what it is."""
    is_first = not KekState.objects.filter(state=KekStatus.CURRENT).exists()
    # Two that are first at once: the second waits for the first, and is coming.
    for state in (KekStatus.CURRENT, KekStatus.COMING) if is_first else (KekStatus.COMING,):
        KekState.objects.bulk_create(
            [KekState(kek_id=kek_id, state=state, created=now)], ignore_conflicts=True
        )


def withdraw(kek_id: bytes) -> bool:
    """Forget a key that was coming and is not any more; False when something was wrapped under it meanwhile."""
    with transaction.atomic(using=VAULT):
        coming = KekState.objects.select_for_update().filter(kek_id=kek_id, state=KekStatus.COMING)
        return bool(coming) and not rows_under(kek_id) and bool(coming.delete())


def promote(kek_id: bytes) -> bool:
    """Make a coming key the current one; the one before it opens, and wraps no more. False when it is not coming.

    Waits for everybody who is writing under the one before. It was made when it was announced: some may wrap under it
    since then.
    """
    with transaction.atomic(using=VAULT):
        known = {
            bytes(row.kek_id): row.state for row in KekState.objects.select_for_update().order_by("kek_id")
        }
        if known.get(kek_id) != KekStatus.COMING:
            return False
        KekState.objects.filter(state=KekStatus.CURRENT).update(state=KekStatus.DECRYPT_ONLY)
        KekState.objects.filter(kek_id=kek_id).update(state=KekStatus.CURRENT)
        return True


def rows_under(kek_id: bytes) -> int:
    """How many keys of subjects are wrapped under it."""
    return SubjectKey.objects.filter(kek_id=kek_id).count()


def retire(kek_id: bytes, *, now: datetime) -> bool:
    """Write down that a key is destroyed; False when it may still wrap, or anything is wrapped under it."""
    with transaction.atomic(using=VAULT):
        mine = KekState.objects.select_for_update().filter(kek_id=kek_id, state=KekStatus.DECRYPT_ONLY)
        if not mine or rows_under(kek_id):
            return False
        KekState.objects.filter(kek_id=kek_id).update(state=KekStatus.DESTROYED, destroyed=now)
        return True
