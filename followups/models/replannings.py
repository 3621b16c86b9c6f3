"""Work through the planned follow-ups of a study: who asked for it, why, and how far it has come."""

import uuid
from typing import Self

from django.db import models

from accounts.models import User
from followups.models.plans import Plan
from kernel.holdings import DataClass, Retention, held
from tracker.models import Round, Study

OPERATIONAL, STUDY = DataClass.OPERATIONAL, Retention.STUDY


class Replannings(models.QuerySet["Replanning"]):
    def under_way(self) -> Self:
        """Those that have not come to the end, the oldest first; nobody is called for a closed study."""
        return self.filter(ended_at=None, study__closed_at=None).order_by("asked_at", "pk")


class Replanning(models.Model):
    """Planned follow-ups are planned once more: by `plan`, a newer version, or by other dates of `round`.

    `at_rule` and `at_row` are the cursor: follow-ups are taken by the rule they were planned by, then by id.
    """

    id = held(
        models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), OPERATIONAL, "key", STUDY
    )
    study = held(
        models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+"), OPERATIONAL, "of", STUDY
    )
    plan = held(
        models.OneToOneField(Plan, on_delete=models.CASCADE, null=True, related_name="replanning"),
        OPERATIONAL,
        "why",
        STUDY,
    )
    round = held(
        models.OneToOneField(Round, on_delete=models.CASCADE, null=True, related_name="replanning"),
        OPERATIONAL,
        "why",
        STUDY,
    )
    opens_on = held(models.DateField(null=True), OPERATIONAL, "dates of the round", STUDY)
    closes_on = held(models.DateField(null=True), OPERATIONAL, "dates of the round", STUDY)
    asked_by = held(
        models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+"),
        OPERATIONAL,
        "who",
        STUDY,
    )
    asked_at = held(models.DateTimeField(), OPERATIONAL, "when", STUDY)
    at_rule = held(models.UUIDField(null=True), OPERATIONAL, "cursor", STUDY)
    at_row = held(models.UUIDField(null=True), OPERATIONAL, "cursor", STUDY)
    looked_at = held(models.PositiveIntegerField(default=0), OPERATIONAL, "how far", STUDY)
    moved = held(models.PositiveIntegerField(default=0), OPERATIONAL, "how many", STUDY)
    ended_at = held(models.DateTimeField(null=True), OPERATIONAL, "when it was done", STUDY)

    objects = Replannings.as_manager()

    class Meta:
        ordering = ("-asked_at",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(plan__isnull=False, round=None)
                | models.Q(plan=None, round__isnull=False, opens_on__isnull=False, closes_on__isnull=False),
                name="replanning_has_one_cause",
            ),
        )
        indexes = (
            models.Index(
                fields=("asked_at",), condition=models.Q(ended_at=None), name="replanning_under_way"
            ),
        )

    def __str__(self) -> str:
        return f"{self.study.code} · {self.asked_at:%Y-%m-%d}"
