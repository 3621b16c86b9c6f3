"""Claims: an enumerator's short lease on a follow-up."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models

from accounts.models import User
from followups.models.follow_ups import FollowUp
from kernel.holdings import DataClass, Retention, held
from tracker.models import Respondent

PSEUDONYMOUS, TRAIL = DataClass.PSEUDONYMOUS, Retention.TRAIL


class ClaimEnd(models.TextChoices):
    NONE = "", ""
    OUTCOME = "outcome", "outcome recorded"
    HANDED_BACK = "handed_back", "handed back"
    RELEASED = "released", "released by a coordinator"
    EXPIRED = "expired", "lease ran out"
    NOT_CALLABLE = "not_callable", "no longer callable"
    UNSAFE = "unsafe", "unsafe"
    WITHDRAWN = "withdrawn", "person withdrew"


class Claims(models.QuerySet["Claim"]):
    def live(self, now: datetime) -> Self:
        """Those that hold their respondent at `now`."""
        return self.filter(ended_at__isnull=True, expires_at__gt=now)

    def run_out(self, now: datetime) -> Self:
        """Those whose lease ran out and that nobody has ended yet."""
        return self.filter(ended_at__isnull=True, expires_at__lte=now)

    def end(self, reason: ClaimEnd, now: datetime) -> int:
        """End all of these that have not ended; how many that were."""
        return self.filter(ended_at__isnull=True).update(ended_at=now, ended=reason)


class Claim(models.Model):
    """One lease. One live claim per respondent and per enumerator, enforced here and nowhere else."""

    id = held(
        models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), PSEUDONYMOUS, "key", TRAIL
    )
    follow_up = held(
        models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="claims"),
        PSEUDONYMOUS,
        "on",
        TRAIL,
    )
    respondent = held(
        models.ForeignKey(Respondent, on_delete=models.PROTECT, related_name="claims"),
        PSEUDONYMOUS,
        "on whom",
        TRAIL,
    )
    enumerator = held(
        models.ForeignKey(User, on_delete=models.PROTECT, related_name="claims"),
        PSEUDONYMOUS,
        "by whom",
        TRAIL,
    )
    claimed_at = held(models.DateTimeField(), PSEUDONYMOUS, "lease", TRAIL)
    expires_at = held(models.DateTimeField(), PSEUDONYMOUS, "lease", TRAIL)
    ended_at = held(models.DateTimeField(null=True), PSEUDONYMOUS, "lease", TRAIL)
    ended = held(
        models.CharField(max_length=12, choices=ClaimEnd, blank=True), PSEUDONYMOUS, "how it ended", TRAIL
    )

    objects = Claims.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("respondent",),
                condition=models.Q(ended_at__isnull=True),
                name="one_live_claim_per_respondent",
            ),
            models.UniqueConstraint(
                fields=("enumerator",),
                condition=models.Q(ended_at__isnull=True),
                name="one_live_claim_per_enumerator",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(ended="")),
                name="claim_ends_with_a_reason",
            ),
        )
        indexes = (
            models.Index(
                fields=("expires_at",), condition=models.Q(ended_at__isnull=True), name="claim_runs_out"
            ),
        )

    def __str__(self) -> str:
        return f"{self.respondent} · {self.enumerator}"

    def is_live(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at
