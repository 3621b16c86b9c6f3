"""Telling that something sealed was tampered with: in the log at once, and in the trail."""

import logging
from datetime import datetime
from uuid import UUID

from audit import trail
from audit.actions import Action
from vault.errors import VaultError
from vault.sealed import Sealed

logger = logging.getLogger("recontact.vault")


def raise_alert(sealed: Sealed, error: VaultError, *, by: UUID | None, now: datetime) -> None:
    """Record that `sealed` failed to open. The log line stays even when the caller's transaction rolls back."""
    logger.critical("%s: %r, row %s", error.code, sealed, sealed.row)
    trail.record(
        Action.VAULT_ALERT,
        by=by,
        at=now,
        object_type=sealed.label,
        object_id=sealed.row,
        reason=error.code,
        outcome="refused",
    )
