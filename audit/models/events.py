"""The trail: append-only events that point at nothing, so that no deletion can follow or block them."""

from datetime import datetime
from typing import Self
from uuid import UUID

from django.db import models

from audit.actions import Action
from kernel.holdings import DataClass, Retention, held


class AuditEvents(models.QuerySet["AuditEvent"]):
    """Events, newest first."""

    def about(self, audit_ref: UUID) -> Self:
        """Everything that concerned one respondent, by the reference kept beside them."""
        return self.filter(audit_ref=audit_ref)

    def by(self, actor_id: UUID) -> Self:
        """Everything one member of staff did."""
        return self.filter(actor_id=actor_id)

    def since(self, moment: datetime) -> Self:
        """Events at or after `moment`."""
        return self.filter(at__gte=moment)


class AuditEvent(models.Model):
    """Who did what, when, about what, why. No foreign key, no identifier, no plaintext."""

    at = held(models.DateTimeField(), DataClass.OPERATIONAL, "order of events", Retention.TRAIL)
    actor_id = held(
        models.UUIDField(null=True), DataClass.OPERATIONAL, "who acted; null is the system", Retention.TRAIL
    )
    session_h = held(
        models.CharField(max_length=16, blank=True), DataClass.OPERATIONAL, "same session", Retention.TRAIL
    )
    action = held(models.CharField(max_length=48), DataClass.OPERATIONAL, "what was done", Retention.TRAIL)
    object_type = held(
        models.CharField(max_length=48, blank=True), DataClass.OPERATIONAL, "to what", Retention.TRAIL
    )
    object_id = held(models.UUIDField(null=True), DataClass.OPERATIONAL, "to which", Retention.TRAIL)
    audit_ref = held(
        models.UUIDField(null=True),
        DataClass.PSEUDONYMOUS,
        "about which respondent; the link is nulled at erasure",
        Retention.TRAIL,
    )
    reason = held(models.CharField(max_length=200, blank=True), DataClass.OPERATIONAL, "why", Retention.TRAIL)
    outcome = held(models.CharField(max_length=32), DataClass.OPERATIONAL, "done or refused", Retention.TRAIL)
    request_id = held(
        models.CharField(max_length=36, blank=True), DataClass.OPERATIONAL, "one request", Retention.TRAIL
    )
    detail = held(
        models.JSONField(default=dict), DataClass.OPERATIONAL, "codes and counts only", Retention.TRAIL
    )

    objects = AuditEvents.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("audit_ref", "-id"), name="audit_about"),
            models.Index(fields=("actor_id", "-id"), name="audit_by"),
            models.Index(fields=("action", "-id"), name="audit_action"),
            models.Index(fields=("at",), name="audit_at"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(action__in=[action.value for action in Action]),
                name="audit_action_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
