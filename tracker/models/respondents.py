"""Respondents: a pseudonym, a coarse profile, and their place in a study."""

import uuid
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Gender, Team, User
from accounts.permissions import Permission
from accounts.scoping import ScopedQuerySet, by_team
from kernel.holdings import DataClass, Retention, held
from tracker import spoken_codes
from tracker.best_times import BestTime
from tracker.labels import CLOCK_CERTAINTY, ONLY_CLOCK, STAGE_LABELS
from tracker.models.studies import Study
from tracker.profile import AgeBand, NationalityGroup, Route, Sex
from tracker.stages import Stage
from vault.fields import SealedField

PSEUDONYMOUS, QUASI = DataClass.PSEUDONYMOUS, DataClass.QUASI_IDENTIFYING
PANEL, TRAIL = Retention.PANEL, Retention.TRAIL


class Status(models.TextChoices):
    """Whether a respondent is still in touch with us; only `ACTIVE` is ever called."""

    ACTIVE = "active", _("taking part")
    BASELINE_ONLY = "baseline_only", _("counted in the baseline, not called")
    STOPPED = "stopped", _("asked not to be called")
    ERASED = "erased", _("erased")
    DECEASED = "deceased", _("deceased")
    INELIGIBLE = "ineligible", _("out of scope")


class ZoneSource(models.TextChoices):
    """Where the time zone comes from; the first is sure, the others are guesses."""

    STATED = "stated", _("as they said")
    COUNTRY = "country", _("from the country")
    NUMBER = "number", _("from the number")
    MOVED = "moved", _("from where they were before they moved on")
    REPORTED = "reported", _("from what somebody else said")


class Respondents(ScopedQuerySet):
    def active(self) -> Self:
        """Those who may be called, if everything else allows it."""
        return self.filter(status=Status.ACTIVE)

    def with_code(self, spoken: str) -> Self:
        """The one with this spoken code; raises `code_check_failed` when the code was misheard."""
        return self.filter(code=spoken_codes.parse(spoken))


class Respondent(models.Model):
    """A person, known by a pseudonym: a uuid inside, a short spoken code outside."""

    id = held(
        models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), PSEUDONYMOUS, "key", TRAIL
    )
    code = held(
        models.CharField(max_length=8, unique=True, editable=False),
        PSEUDONYMOUS,
        "spoken code; a label only",
        TRAIL,
    )
    audit_ref = held(
        models.UUIDField(null=True, unique=True, default=uuid.uuid4, editable=False),
        PSEUDONYMOUS,
        "link to the trail, cut at erasure",
        Retention.ERASURE,
    )
    team = held(
        models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+"), PSEUDONYMOUS, "scope", TRAIL
    )
    status = held(
        models.CharField(max_length=16, choices=Status, default=Status.ACTIVE),
        PSEUDONYMOUS,
        "may be called",
        TRAIL,
    )
    status_at = held(models.DateTimeField(), PSEUDONYMOUS, "since when", TRAIL)
    language = held(models.CharField(_("language"), max_length=8), QUASI, "who can call", PANEL)
    caller_gender = held(
        models.CharField(_("wishes to be called by"), max_length=8, choices=Gender, default=Gender.NOT_SAID),
        QUASI,
        "who may call",
        PANEL,
    )
    country = held(
        models.CharField(_("country now"), max_length=2, blank=True), QUASI, "clock and partners", PANEL
    )
    zones = held(models.JSONField(default=list), QUASI, "the clocks on which a call must be decent", PANEL)
    zone_source = held(
        models.CharField(max_length=8, choices=ZoneSource, default=ZoneSource.COUNTRY),
        QUASI,
        "how sure",
        PANEL,
    )
    stage = held(
        models.CharField(_("stage of the journey"), max_length=12, choices=STAGE_LABELS),
        QUASI,
        "when to call",
        PANEL,
    )
    stage_since = held(models.DateTimeField(), QUASI, "when to call", PANEL)
    age_band = held(
        models.CharField(_("age"), max_length=8, choices=AgeBand, default=AgeBand.NOT_SAID),
        QUASI,
        "attrition",
        PANEL,
    )
    sex = held(
        models.CharField(_("sex"), max_length=8, choices=Sex, default=Sex.NOT_SAID), QUASI, "attrition", PANEL
    )
    nationality_group = held(
        models.CharField(
            _("nationality group"), max_length=16, choices=NationalityGroup, default=NationalityGroup.NOT_SAID
        ),
        QUASI,
        "attrition",
        PANEL,
    )
    route = held(
        models.CharField(_("route"), max_length=24, choices=Route, default=Route.NOT_SAID),
        QUASI,
        "attrition",
        PANEL,
    )
    baseline_country = held(
        models.CharField(_("country of the first interview"), max_length=2, blank=True),
        QUASI,
        "attrition",
        PANEL,
    )
    best_slot = held(
        models.CharField(_("best time to reach them"), max_length=16, blank=True, choices=BestTime),
        QUASI,
        "when to call, as they said",
        PANEL,
    )
    ask_for = held(
        SealedField(label="respondent.ask_for", subject="id", max_length=40, null=True),
        DataClass.IDENTIFYING,
        "the word they chose to be asked for by",
        Retention.ERASURE,
    )
    usual_enumerator = held(
        models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"),
        PSEUDONYMOUS,
        "trust",
        PANEL,
    )
    created_month = held(models.DateField(), PSEUDONYMOUS, "cohort; no exact date", TRAIL)

    objects = Respondents.as_manager()

    class Meta:
        ordering = ("code",)
        indexes = (models.Index(fields=("team", "status"), name="respondent_team_status"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(status__in=Status.values), name="respondent_status_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(stage__in=[stage.value for stage in Stage]),
                name="respondent_stage_is_known",
            ),
        )

    def __str__(self) -> str:
        return self.spoken_code

    @property
    def spoken_code(self) -> str:
        """The code as it is read out, `K7Q2-9M4X`."""
        return spoken_codes.display(self.code)

    @property
    def likeliest_zone(self) -> str:
        """The clock their times are told on; UTC where none is known, as for somebody erased."""
        return self.zones[0] if self.zones else "UTC"

    @property
    def named_zones(self) -> list[str]:
        """Their clocks by name; not those that stand for an hour or two on either side of them."""
        return [name for name in self.zones if not name.startswith("Etc/")]

    @property
    def is_sure_of_clock(self) -> bool:
        """Whether they named their clock, or their country has only one."""
        is_the_only_one = self.zone_source == ZoneSource.COUNTRY and len(self.zones) == 1
        return self.zone_source == ZoneSource.STATED or is_the_only_one

    @property
    def clock_certainty(self) -> str:
        """How sure their clock is, in a sentence; "" where none is known."""
        if not self.zones:
            return ""
        is_sure = self.zone_source != ZoneSource.STATED and self.is_sure_of_clock
        return str(ONLY_CLOCK if is_sure else CLOCK_CERTAINTY[self.zone_source])

    @classmethod
    def scope_for(cls, user: User) -> models.Q | None:
        """Field staff see their teams; the DPO sees all; administrators and focal points see nobody."""
        return by_team(user) if user.may(Permission.VIEW_RESPONDENTS) else None


class Enrolment(models.Model):
    """A respondent's place in a study."""

    id = held(
        models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), PSEUDONYMOUS, "key", TRAIL
    )
    respondent = held(
        models.ForeignKey(Respondent, on_delete=models.PROTECT, related_name="enrolments"),
        PSEUDONYMOUS,
        "who",
        TRAIL,
    )
    study = held(
        models.ForeignKey(Study, on_delete=models.PROTECT, related_name="enrolments"),
        PSEUDONYMOUS,
        "where",
        TRAIL,
    )
    at = held(models.DateTimeField(), PSEUDONYMOUS, "baseline interview", TRAIL)
    by = held(
        models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+"),
        PSEUDONYMOUS,
        "by whom",
        TRAIL,
    )
    is_followed = held(models.BooleanField(default=True), PSEUDONYMOUS, "agreed to be called again", TRAIL)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("respondent", "study"), name="enrolled_once_in_a_study"),
        )
        indexes = (models.Index(fields=("study", "is_followed"), name="enrolment_followed"),)

    def __str__(self) -> str:
        return f"{self.respondent} · {self.study.code}"


class SourceCase(models.Model):
    """A row of an imported list, remembered by a keyed code so that the same list never adds a person twice.

    It outlives an erasure: that is what keeps an erased person out when the list comes again.
    """

    source = held(models.CharField(max_length=60), DataClass.OPERATIONAL, "which list", TRAIL)
    case_key = held(models.BinaryField(max_length=32), PSEUDONYMOUS, "keyed case id", TRAIL)
    study = held(
        models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+"), PSEUDONYMOUS, "where", TRAIL
    )
    respondent = held(
        models.ForeignKey(Respondent, on_delete=models.SET_NULL, null=True, related_name="+"),
        PSEUDONYMOUS,
        "who; empty for rows without consent and after an erasure",
        Retention.ERASURE,
    )
    at = held(models.DateTimeField(), DataClass.OPERATIONAL, "when it was read", TRAIL)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("source", "case_key"), name="source_case_once"),)

    def __str__(self) -> str:
        return self.source
