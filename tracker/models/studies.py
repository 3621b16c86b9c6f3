"""Studies: the panels, rolling or by calendar, and the rounds of the latter."""

import uuid
from datetime import time
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.permissions import Permission
from accounts.scoping import ScopedQuerySet
from kernel.holdings import DataClass, Retention, held

OPERATIONAL, STUDY = DataClass.OPERATIONAL, Retention.STUDY


class StudyKind(models.TextChoices):
    ROLLING = "rolling", _("rolling: windows open on each person’s own clock")
    CALENDAR = "calendar", _("calendar: rounds are waves with dates")


class Studies(ScopedQuerySet):
    def open(self) -> Self:
        """Those still calling people."""
        return self.filter(closed_at__isnull=True)

    def open_first(self) -> Self:
        return self.order_by(models.F("closed_at").asc(nulls_first=True), "code")


class Study(models.Model):
    """A panel and the rules that hold for everyone in it."""

    id = held(
        models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), OPERATIONAL, "key", STUDY
    )
    code = held(
        models.CharField(
            _("code"),
            max_length=16,
            unique=True,
            validators=[RegexValidator(r"^[A-Z0-9-]+$", _("Use capital letters, digits and hyphens."))],
        ),
        OPERATIONAL,
        "how files and commands name it",
        STUDY,
    )
    title = held(models.CharField(_("title"), max_length=80), OPERATIONAL, "how staff name it", STUDY)
    kind = held(
        models.CharField(_("kind"), max_length=8, choices=StudyKind, default=StudyKind.ROLLING),
        OPERATIONAL,
        "how windows open",
        STUDY,
    )
    teams = held(models.ManyToManyField(Team, verbose_name=_("teams")), OPERATIONAL, "who works on it", STUDY)
    calling_from = held(
        models.TimeField(_("call from"), default=time(8), help_text=_("On the respondent’s own clock.")),
        OPERATIONAL,
        "calling hours",
        STUDY,
    )
    calling_until = held(
        models.TimeField(_("call until"), default=time(20), help_text=_("On the respondent’s own clock.")),
        OPERATIONAL,
        "calling hours",
        STUDY,
    )
    attempts_a_day = held(
        models.PositiveSmallIntegerField(
            _("attempts a day"), default=2, validators=[MinValueValidator(1), MaxValueValidator(2)]
        ),
        OPERATIONAL,
        "contact burden",
        STUDY,
    )
    attempts_a_week = held(
        models.PositiveSmallIntegerField(
            _("attempts in seven days"), default=5, validators=[MinValueValidator(1), MaxValueValidator(5)]
        ),
        OPERATIONAL,
        "contact burden",
        STUDY,
    )
    consent_valid_days = held(
        models.PositiveSmallIntegerField(
            _("consent stands for (days)"),
            default=365,
            validators=[MinValueValidator(30), MaxValueValidator(730)],
        ),
        OPERATIONAL,
        "when consent is asked again",
        STUDY,
    )
    longest_interview_minutes = held(
        models.PositiveSmallIntegerField(
            _("longest interview (minutes)"),
            default=45,
            validators=[MinValueValidator(5), MaxValueValidator(180)],
        ),
        OPERATIONAL,
        "how long a call card stays open",
        STUDY,
    )
    contact_retention_days = held(
        models.PositiveSmallIntegerField(
            _("numbers are kept after the end for (days)"),
            default=180,
            validators=[MinValueValidator(30), MaxValueValidator(730)],
            help_text=_(
                "Counted from the last round or the closing, whichever comes first. Numbers, words and profiles then "
                "go by themselves: take out the panel before."
            ),
        ),
        OPERATIONAL,
        "when contact data goes by itself",
        STUDY,
    )
    survey_link = held(
        models.CharField(
            _("survey form link"),
            max_length=300,
            blank=True,
            help_text=_("The form’s address; {pseudonym} is replaced by a code made for the one interview."),
        ),
        OPERATIONAL,
        "opens the questionnaire",
        STUDY,
    )
    script = held(
        models.TextField(_("opening words"), max_length=1000, blank=True),
        OPERATIONAL,
        "read at the start",
        STUDY,
    )
    created_at = held(models.DateTimeField(), OPERATIONAL, "history", STUDY)
    closed_at = held(
        models.DateTimeField(null=True, blank=True), OPERATIONAL, "nobody is called after", STUDY
    )

    objects = Studies.as_manager()

    class Meta:
        ordering = ("code",)
        verbose_name_plural = "studies"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(calling_until__gt=models.F("calling_from")), name="study_calling_hours"
            ),
            models.CheckConstraint(
                condition=models.Q(attempts_a_day__lte=2, attempts_a_week__lte=5),
                name="study_burden_within_method",
            ),
            models.CheckConstraint(
                condition=models.Q(contact_retention_days__gte=30, contact_retention_days__lte=730),
                name="study_retention_within_bounds",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"

    @classmethod
    def scope_for(cls, user: User) -> models.Q | None:
        """Administrators, who belong to no team, and those who see all teams; others the ones their teams work on."""
        is_unlimited = user.may(Permission.ADMINISTER_STAFF) and not user.country_codes
        if is_unlimited or user.sees_all_teams:
            return models.Q()
        return models.Q(pk__in=Study.objects.filter(teams__in=user.team_ids).values("pk"))


class Round(models.Model):
    """A wave of a calendar study: everyone's n-th follow-up opens and closes on its dates."""

    id = held(
        models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), OPERATIONAL, "key", STUDY
    )
    study = held(
        models.ForeignKey(Study, on_delete=models.PROTECT, related_name="rounds"), OPERATIONAL, "of", STUDY
    )
    number = held(
        models.PositiveSmallIntegerField(_("number"), validators=[MinValueValidator(1)]),
        OPERATIONAL,
        "order",
        STUDY,
    )
    opens_on = held(models.DateField(_("opens on")), OPERATIONAL, "dates", STUDY)
    closes_on = held(
        models.DateField(_("closes on"), help_text=_("The first day on which nobody is called any more.")),
        OPERATIONAL,
        "dates",
        STUDY,
    )
    frozen_at = held(models.DateTimeField(null=True, blank=True), OPERATIONAL, "issued list is fixed", STUDY)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ("study", "number")
        constraints = (
            models.UniqueConstraint(fields=("study", "number"), name="round_number_once"),
            models.CheckConstraint(
                condition=models.Q(closes_on__gt=models.F("opens_on")), name="round_closes_later"
            ),
        )

    def __str__(self) -> str:
        return f"{self.study.code} · {self.number}"

    @classmethod
    def scope_for(cls, user: User) -> models.Q | None:
        return models.Q(study__in=Study.objects.visible_to(user))
