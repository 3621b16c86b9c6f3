"""What holds a call back or asks for it: holds, appointments, and enumerators a person does not want."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from followups.models.follow_ups import FollowUp
from kernel.holdings import DataClass, Retention, held
from tracker.models import Respondent

PSEUDONYMOUS, TRAIL = DataClass.PSEUDONYMOUS, Retention.TRAIL


class HoldKind(models.TextChoices):
    REFUSAL = "refusal", _("asked for some time")
    SAFETY = "safety", _("not safe")
    DETENTION = "detention", _("detained")
    PAUSE = "pause", _("pause the person asked for")
    REVIEW = "review", _("waits for a coordinator")


class LiftReason(models.TextChoices):
    """Why somebody lets calls go on; a closed list, so that nobody writes a story."""

    TALKED = "talked", _("I talked with whoever set it, and calling is safe")
    ASKED = "asked", _("the person said that they may be called again")
    OVER = "over", _("what it was set for is over")
    MISTAKE = "mistake", _("it was set by mistake")


class Holds(models.QuerySet["Hold"]):
    def standing(self, now: datetime) -> Self:
        """Those in force at `now`; one without an end stands until somebody lifts it."""
        return self.filter(lifted_at__isnull=True).filter(
            models.Q(until__isnull=True) | models.Q(until__gt=now)
        )

    def due_for_review(self, now: datetime) -> Self:
        return self.filter(lifted_at__isnull=True, review_at__lte=now)


class Hold(models.Model):
    """A reason not to call somebody until a moment, or until a person has looked."""

    id = held(
        models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), PSEUDONYMOUS, "key", TRAIL
    )
    respondent = held(
        models.ForeignKey(Respondent, on_delete=models.PROTECT, related_name="holds"),
        PSEUDONYMOUS,
        "whom",
        TRAIL,
    )
    kind = held(models.CharField(max_length=12, choices=HoldKind), PSEUDONYMOUS, "why", TRAIL)
    placed_at = held(models.DateTimeField(), PSEUDONYMOUS, "since", TRAIL)
    until = held(models.DateTimeField(null=True), PSEUDONYMOUS, "null: until reviewed", TRAIL)
    review_at = held(models.DateTimeField(null=True), PSEUDONYMOUS, "when somebody looks", TRAIL)
    placed_by = held(
        models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+"),
        PSEUDONYMOUS,
        "by",
        TRAIL,
    )
    lifted_at = held(models.DateTimeField(null=True), PSEUDONYMOUS, "lifted", TRAIL)
    lifted_by = held(
        models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+"),
        PSEUDONYMOUS,
        "by",
        TRAIL,
    )

    objects = Holds.as_manager()

    class Meta:
        ordering = ("-placed_at",)
        indexes = (
            models.Index(
                fields=("respondent",), condition=models.Q(lifted_at__isnull=True), name="hold_standing"
            ),
            models.Index(
                fields=("review_at",), condition=models.Q(lifted_at__isnull=True), name="hold_review"
            ),
        )

    def __str__(self) -> str:
        return f"{self.respondent} · {self.get_kind_display()}"


class AppointmentKind(models.TextChoices):
    FIRM = "firm", _("at a time")
    SOFT = "soft", _("some time in a period")


class AppointmentState(models.TextChoices):
    OPEN = "open", _("open")
    KEPT = "kept", _("kept")
    MISSED = "missed", _("missed")
    CANCELLED = "cancelled", _("cancelled")


class Appointments(models.QuerySet["Appointment"]):
    def open(self) -> Self:
        return self.filter(state=AppointmentState.OPEN)


class Appointment(models.Model):
    """A call-back the respondent asked for. It never beats consent, a hold, safe hours or the weekly limit."""

    id = held(
        models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), PSEUDONYMOUS, "key", TRAIL
    )
    follow_up = held(
        models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="appointments"),
        PSEUDONYMOUS,
        "for",
        TRAIL,
    )
    respondent = held(
        models.ForeignKey(Respondent, on_delete=models.PROTECT, related_name="appointments"),
        PSEUDONYMOUS,
        "with",
        TRAIL,
    )
    kind = held(models.CharField(max_length=4, choices=AppointmentKind), PSEUDONYMOUS, "firm or soft", TRAIL)
    starts_at = held(models.DateTimeField(), PSEUDONYMOUS, "when", TRAIL)
    until = held(models.DateTimeField(), PSEUDONYMOUS, "when", TRAIL)
    made_at = held(models.DateTimeField(), PSEUDONYMOUS, "history", TRAIL)
    made_by = held(
        models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+"),
        PSEUDONYMOUS,
        "by",
        TRAIL,
    )
    state = held(
        models.CharField(max_length=10, choices=AppointmentState, default=AppointmentState.OPEN),
        PSEUDONYMOUS,
        "what became of it",
        TRAIL,
    )

    objects = Appointments.as_manager()

    class Meta:
        ordering = ("starts_at",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("starts_at")), name="appointment_has_a_length"
            ),
            models.UniqueConstraint(
                fields=("follow_up",),
                condition=models.Q(state=AppointmentState.OPEN),
                name="one_open_appointment_per_follow_up",
            ),
        )
        indexes = (
            models.Index(
                fields=("until",), condition=models.Q(state=AppointmentState.OPEN), name="appointment_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.respondent} · {self.starts_at:%Y-%m-%d %H:%M}"


class BarredEnumerator(models.Model):
    """Somebody the respondent does not want to be called by."""

    respondent = held(
        models.ForeignKey(Respondent, on_delete=models.PROTECT, related_name="barred_enumerators"),
        PSEUDONYMOUS,
        "whose wish",
        TRAIL,
    )
    enumerator = held(
        models.ForeignKey(User, on_delete=models.CASCADE, related_name="+"), PSEUDONYMOUS, "never by", TRAIL
    )
    at = held(models.DateTimeField(), PSEUDONYMOUS, "since", TRAIL)
    by = held(
        models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+"),
        PSEUDONYMOUS,
        "heard by",
        TRAIL,
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=("respondent", "enumerator"), name="barred_once"),)

    def __str__(self) -> str:
        return f"{self.respondent} · {self.enumerator}"
