"""The trail, its seals, and who has reviewed it."""

from audit.models.events import AuditEvent, AuditEvents
from audit.models.seals import Canary, Review, Seal

__all__ = ["AuditEvent", "AuditEvents", "Canary", "Review", "Seal"]
