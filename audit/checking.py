"""The hourly look at the newest seals, so that tampering is told without anybody asking."""

from datetime import datetime, timedelta

from audit.actions import Action
from audit.canonical import Mac
from audit.models import AuditEvent, Seal
from audit.verifying import Report, told, verify

LATELY = timedelta(days=1)
"""How far back the look goes; `manage.py audit_verify` goes back to the first seal."""


def check_lately(*, mac: Mac, now: datetime) -> Report:
    """Verify the seals of the last day; tampering is an alarm in the trail, one a day however often it is found."""
    before = Seal.objects.order_by("-number").filter(at__lt=now - LATELY).first()
    report = verify(mac=mac, now=now, after=before.number if before else 0)
    if report.is_tampered and not _is_told(now):
        told(report, now=now)
    return report


def _is_told(now: datetime) -> bool:
    return AuditEvent.objects.since(now - LATELY).filter(action=Action.TRAIL_ALARM).exists()
