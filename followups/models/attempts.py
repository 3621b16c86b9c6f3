"""Attempts and dials: a sitting at trying to reach someone, and each number dialled in it."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models

from accounts.models import User
from followups.dispositions import SOFT_REFUSALS
from followups.models.claims import Claim
from followups.models.follow_ups import FollowUp
from kernel.holdings import DataClass, Retention, held
from tracker.models import Respondent

PSEUDONYMOUS, TRAIL = DataClass.PSEUDONYMOUS, Retention.TRAIL


class Attempts(models.QuerySet["Attempt"]):
    def of(self, respondent: Respondent) -> Self:
        return self.filter(respondent=respondent)

    def recorded(self) -> Self:
        return self.filter(recorded_at__isnull=False)

    def without_outcome(self) -> Self:
        return self.filter(recorded_at__isnull=True)

    def by(self, user: User, since: datetime) -> Self:
        return self.filter(enumerator=user, started_at__gte=since)

    def that_heard_a_no(self) -> Self:
        """Those after which somebody else makes the one retry."""
        return self.filter(disposition__in=SOFT_REFUSALS)


class Exempt(models.TextChoices):
    """Why a sitting needed no rest since the one before; the database looks whether it is so."""

    NO = "", "not exempt"
    ASKED = "asked", "at a time the respondent asked for"
    RECONNECTION = "reconnection", "the line was cut, and they had agreed to be called again"


class Attempt(models.Model):
    """One sitting. Begun by the first dial; its outcome is recorded once, whenever it arrives."""

    id = held(
        models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), PSEUDONYMOUS, "key", TRAIL
    )
    follow_up = held(
        models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="attempts"),
        PSEUDONYMOUS,
        "for",
        TRAIL,
    )
    respondent = held(
        models.ForeignKey(Respondent, on_delete=models.PROTECT, related_name="attempts"),
        PSEUDONYMOUS,
        "whom",
        TRAIL,
    )
    claim = held(
        models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="attempts"),
        PSEUDONYMOUS,
        "under",
        TRAIL,
    )
    enumerator = held(
        models.ForeignKey(User, on_delete=models.PROTECT, related_name="attempts"),
        PSEUDONYMOUS,
        "who tried",
        TRAIL,
    )
    number = held(models.PositiveSmallIntegerField(), PSEUDONYMOUS, "n-th in the round", TRAIL)
    slot = held(models.CharField(max_length=24, blank=True), PSEUDONYMOUS, "when, on their clock", TRAIL)
    started_at = held(models.DateTimeField(), PSEUDONYMOUS, "spacing and burden", TRAIL)
    exempt = held(
        models.CharField(max_length=12, choices=Exempt, blank=True),
        PSEUDONYMOUS,
        "from spacing, and why",
        TRAIL,
    )
    recorded_at = held(models.DateTimeField(null=True), PSEUDONYMOUS, "outcome arrived", TRAIL)
    disposition = held(models.CharField(max_length=24, blank=True), PSEUDONYMOUS, "outcome", TRAIL)
    aapor = held(models.CharField(max_length=8, blank=True), PSEUDONYMOUS, "outcome code", TRAIL)
    was_reached = held(models.BooleanField(default=False), PSEUDONYMOUS, "spoke with the person", TRAIL)
    counts_as_burden = held(models.BooleanField(default=True), PSEUDONYMOUS, "rang, or may have", TRAIL)
    is_late = held(models.BooleanField(default=False), PSEUDONYMOUS, "outcome came after the lease", TRAIL)
    to_trusted = held(
        models.BooleanField(default=False), PSEUDONYMOUS, "somebody they trust was asked for them", TRAIL
    )
    survey_token = held(
        models.UUIDField(default=uuid.uuid4, unique=True),
        PSEUDONYMOUS,
        "opaque code for the form link",
        TRAIL,
    )

    objects = Attempts.as_manager()

    class Meta:
        ordering = ("-started_at",)
        constraints = (
            models.UniqueConstraint(fields=("claim",), name="one_attempt_per_claim"),
            models.CheckConstraint(
                condition=models.Q(recorded_at__isnull=True, disposition="")
                | (models.Q(recorded_at__isnull=False) & ~models.Q(disposition="")),
                name="attempt_recorded_with_outcome",
            ),
        )
        indexes = (
            models.Index(fields=("respondent", "-started_at"), name="attempt_burden"),
            models.Index(fields=("enumerator", "-started_at"), name="attempt_by"),
            models.Index(fields=("follow_up", "number"), name="attempt_in_round"),
        )

    def __str__(self) -> str:
        return f"{self.respondent} · {self.number}"


class DialState(models.TextChoices):
    """A call order: it is placed within 30 seconds, or cancelled and never placed."""

    ORDERED = "ordered", "ordered"
    PLACED = "placed", "placed"
    ENDED = "ended", "ended"
    CANCELLED = "cancelled", "cancelled"


class Dials(models.QuerySet["Dial"]):
    def ordered_before(self, moment: datetime) -> Self:
        """Orders that waited since before `moment` and were not placed."""
        return self.filter(state=DialState.ORDERED, ordered_at__lte=moment)

    def not_cancelled(self) -> Self:
        return self.exclude(state=DialState.CANCELLED)

    def that_may_have_rung(self) -> Self:
        return self.not_cancelled().filter(counts_as_burden=True)


class Dial(models.Model):
    """One number dialled once. The contact point is a bare uuid: numbers go when a person is erased, dials stay."""

    id = held(
        models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), PSEUDONYMOUS, "key", TRAIL
    )
    attempt = held(
        models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="dials"), PSEUDONYMOUS, "in", TRAIL
    )
    contact_point_id = held(models.UUIDField(), PSEUDONYMOUS, "which number", TRAIL)
    gateway = held(models.CharField(max_length=12), DataClass.OPERATIONAL, "by which way", TRAIL)
    state = held(
        models.CharField(max_length=10, choices=DialState, default=DialState.ORDERED),
        PSEUDONYMOUS,
        "where",
        TRAIL,
    )
    ordered_at = held(models.DateTimeField(), PSEUDONYMOUS, "burden per number", TRAIL)
    placed_at = held(models.DateTimeField(null=True), PSEUDONYMOUS, "rang", TRAIL)
    revealed_at = held(models.DateTimeField(null=True), PSEUDONYMOUS, "shown once", TRAIL)
    counts_as_burden = held(models.BooleanField(default=True), PSEUDONYMOUS, "may have rung", TRAIL)
    result = held(models.CharField(max_length=24, blank=True), PSEUDONYMOUS, "what this number gave", TRAIL)

    objects = Dials.as_manager()

    class Meta:
        ordering = ("ordered_at",)
        constraints = (
            # A cancelled order rang nobody, so the number may be ordered again.
            models.UniqueConstraint(
                fields=("attempt", "contact_point_id"),
                condition=~models.Q(state=DialState.CANCELLED),
                name="each_number_once_in_a_sitting",
            ),
        )
        indexes = (
            models.Index(fields=("contact_point_id", "-ordered_at"), name="dial_burden"),
            models.Index(
                fields=("ordered_at",), condition=models.Q(state=DialState.ORDERED), name="dial_waiting"
            ),
        )

    def __str__(self) -> str:
        return f"{self.attempt} · {self.ordered_at:%H:%M}"
