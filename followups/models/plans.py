"""Plans: the follow-ups a study intends, one rule per stage; a change is a new version."""

import uuid
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import ScopedQuerySet
from followups.scheduling.rules import Channel, StageRule
from kernel.holdings import DataClass, Retention, held
from tracker.labels import STAGE_LABELS
from tracker.models import Study
from tracker.stages import Stage

OPERATIONAL, STUDY = DataClass.OPERATIONAL, Retention.STUDY


class Plans(ScopedQuerySet):
    def current(self, study: Study) -> "Plan | None":
        """The plan in force: the newest version."""
        return self.filter(study=study).order_by("-version").first()

    def of(self, study: Study) -> Self:
        return self.filter(study=study)


class Plan(models.Model):
    """One version of what a study intends."""

    id = held(
        models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), OPERATIONAL, "key", STUDY
    )
    study = held(
        models.ForeignKey(Study, on_delete=models.PROTECT, related_name="plans"), OPERATIONAL, "of", STUDY
    )
    version = held(models.PositiveSmallIntegerField(), OPERATIONAL, "which", STUDY)
    made_by = held(
        models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+"),
        OPERATIONAL,
        "who",
        STUDY,
    )
    made_at = held(models.DateTimeField(), OPERATIONAL, "when", STUDY)

    objects = Plans.as_manager()

    class Meta:
        ordering = ("study", "-version")
        constraints = (models.UniqueConstraint(fields=("study", "version"), name="plan_version_once"),)

    def __str__(self) -> str:
        return f"{self.study.code} · v{self.version}"

    @classmethod
    def scope_for(cls, user: User) -> models.Q | None:
        return models.Q(study__in=Study.objects.visible_to(user))


class Rule(models.Model):
    """What a plan says about one stage; never changed once written."""

    id = held(
        models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), OPERATIONAL, "key", STUDY
    )
    plan = held(
        models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="rules"), OPERATIONAL, "of", STUDY
    )
    stage = held(
        models.CharField(_("stage"), max_length=12, choices=STAGE_LABELS), OPERATIONAL, "for whom", STUDY
    )
    interval_days = held(
        models.JSONField(
            _("days between interviews"),
            help_text=_("One number, or a ladder such as 30, 60, 90; the last repeats."),
        ),
        OPERATIONAL,
        "when",
        STUDY,
    )
    early_days = held(
        models.PositiveSmallIntegerField(_("may be early by (days)"), validators=[MaxValueValidator(60)]),
        OPERATIONAL,
        "window",
        STUDY,
    )
    late_days = held(
        models.PositiveSmallIntegerField(
            _("may be late by (days)"), validators=[MinValueValidator(1), MaxValueValidator(90)]
        ),
        OPERATIONAL,
        "window",
        STUDY,
    )
    attempt_cap = held(
        models.PositiveSmallIntegerField(_("attempts at most"), validators=[MaxValueValidator(8)]),
        OPERATIONAL,
        "burden",
        STUDY,
    )
    spacing_minutes = held(
        models.PositiveSmallIntegerField(
            _("minutes between attempts"), default=180, validators=[MinValueValidator(180)]
        ),
        OPERATIONAL,
        "burden",
        STUDY,
    )
    outbound = held(models.BooleanField(_("may be called")), OPERATIONAL, "safety", STUDY)
    review_days = held(
        models.PositiveSmallIntegerField(_("review after (days)"), null=True, blank=True),
        OPERATIONAL,
        "safety",
        STUDY,
    )

    class Meta:
        ordering = ("plan", "stage")
        constraints = (
            models.UniqueConstraint(fields=("plan", "stage"), name="rule_once_per_stage"),
            # No plan, however it is edited, can have someone called who is detained or with smugglers.
            models.CheckConstraint(
                condition=~models.Q(stage__in=[Stage.CROSSING.value, Stage.DETAINED.value])
                | models.Q(outbound=False),
                name="rule_never_calls_into_danger",
            ),
            models.CheckConstraint(
                condition=models.Q(spacing_minutes__gte=180, attempt_cap__lte=8),
                name="rule_burden_within_method",
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan} · {self.get_stage_display()}"

    def as_stage_rule(self) -> StageRule:
        """The rule as the pure engine reads it."""
        return StageRule(
            stage=Stage(self.stage),
            interval_days=tuple(self.interval_days),
            early_days=self.early_days,
            late_days=self.late_days,
            attempt_cap=self.attempt_cap,
            spacing_minutes=self.spacing_minutes,
            outbound=self.outbound,
            review_days=self.review_days,
            channel=Channel.PHONE if self.outbound else Channel.NONE,
        )
