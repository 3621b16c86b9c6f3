"""The journey as the person states it: one dated move per row."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from kernel.holdings import DataClass, Retention, held
from tracker.labels import STAGE_LABELS
from tracker.models.respondents import Respondent

QUASI, PANEL = DataClass.QUASI_IDENTIFYING, Retention.PANEL


class Transition(models.Model):
    """A move to a stage, with country and zone, as stated; history is kept and never rewritten."""

    id = held(models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), QUASI, "key", PANEL)
    respondent = held(
        models.ForeignKey(Respondent, on_delete=models.PROTECT, related_name="transitions"),
        QUASI,
        "who",
        PANEL,
    )
    stage = held(
        models.CharField(_("stage"), max_length=12, choices=STAGE_LABELS), QUASI, "when to call", PANEL
    )
    country = held(models.CharField(_("country"), max_length=2, blank=True), QUASI, "clock", PANEL)
    zones = held(models.JSONField(default=list), QUASI, "clock", PANEL)
    at = held(models.DateTimeField(), QUASI, "when they moved, as stated", PANEL)
    recorded_at = held(models.DateTimeField(), DataClass.OPERATIONAL, "when we learned it", PANEL)
    by = held(
        models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+"),
        DataClass.OPERATIONAL,
        "who wrote it down",
        PANEL,
    )

    class Meta:
        ordering = ("-at", "-recorded_at")
        indexes = (models.Index(fields=("respondent", "-at"), name="transition_latest"),)

    def __str__(self) -> str:
        return f"{self.stage} {self.at:%Y-%m-%d}"
