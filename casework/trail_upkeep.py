"""The upkeep of the trail: seals, canaries that were touched, the eight words of a day, an hourly look at the seals."""

import hmac
from datetime import datetime

from audit import canaries, checking, digests, sealing
from audit.canonical import Mac
from kernel import clock
from kernel.budgets import WORK_SECONDS, for_seconds
from vault import providers
from vault.errors import VaultError


def audit_mac() -> Mac:
    """Proofs under the audit key, for use now and not to be kept; raises Locked."""
    key = providers.keyring().audit
    return lambda body: hmac.digest(key, body, "sha256")


def upkeep() -> dict[str, int]:
    """What the background worker calls, by name and without arguments."""
    return run(clock.now())


def run(now: datetime, *, work_seconds: float = WORK_SECONDS) -> dict[str, int]:
    """One pass, of about `work_seconds` at most; safe to repeat. Without keys nothing is sealed until they are back."""
    touched = canaries.watch(now=now)
    try:
        mac = audit_mac()
    except VaultError:
        return {"touched": touched}
    sealed = sealing.seal(mac=mac, now=now, keep=for_seconds(work_seconds))
    digests.issue(now=now)
    return {"touched": touched, "sealed": sealed}


def check() -> dict[str, int]:
    """What the background worker calls every hour; with the vault locked it waits for the next."""
    try:
        mac = audit_mac()
    except VaultError:
        return {}
    report = checking.check_lately(mac=mac, now=clock.now())
    return {"seals": report.seals, "findings": len(report.findings)}
