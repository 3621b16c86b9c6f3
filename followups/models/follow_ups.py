"""Follow-ups: one interview owed to the study, and where it stands; its rows are the queue."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Gender, Team, User
from accounts.permissions import Permission
from accounts.scoping import ScopedQuerySet, by_team
from followups.models.plans import Rule
from kernel.holdings import DataClass, Retention, held
from tracker.labels import STAGE_LABELS
from tracker.models import Enrolment, Respondent

PSEUDONYMOUS, TRAIL = DataClass.PSEUDONYMOUS, Retention.TRAIL


class State(models.TextChoices):
    """planned → open → ready ⇄ resting → done, missed, or cancelled with a reason."""

    PLANNED = "planned", _("planned")
    OPEN = "open", _("open")
    READY = "ready", _("ready to call")
    RESTING = "resting", _("waiting")
    DONE = "done", _("done")
    MISSED = "missed", _("missed")
    CANCELLED = "cancelled", _("cancelled")


LIVE = (State.OPEN, State.READY, State.RESTING)
UNFINISHED = (State.PLANNED, *LIVE)


class Ended(models.TextChoices):
    """Why a follow-up was missed or cancelled; never silence."""

    NONE = "", ""
    WINDOW_CLOSED = "window_closed", _("the window closed before an interview")
    CAP_REACHED = "cap_reached", _("all attempts were used")
    REFUSED = "refused", _("the person did not wish to take part this time")
    WITHDRAWN = "withdrawn", _("the person withdrew")
    STOPPED = "stopped", _("the person asked to be left alone")
    ERASED = "erased", _("the person was erased")
    DECEASED = "deceased", _("the person died")
    INELIGIBLE = "ineligible", _("the person is out of scope")
    UNABLE = "unable", _("the person could not be interviewed")
    NOT_CALLABLE_STAGE = "not_callable_stage", _("nobody is called at this stage of the journey")
    STUDY_CLOSED = "study_closed", _("the study closed")


class FollowUps(ScopedQuerySet):
    def live(self) -> Self:
        """Issued and still owed."""
        return self.filter(state__in=LIVE)

    def unfinished(self) -> Self:
        """Planned or live."""
        return self.filter(state__in=UNFINISHED)

    def of(self, respondent: Respondent) -> Self:
        return self.filter(respondent=respondent)

    def ready_at(self, now: datetime) -> Self:
        """Those the tick found ready; a claim still asks every rule again."""
        return self.filter(state=State.READY, ready_from__lte=now, ready_until__gt=now)

    def for_caller(self, user: User) -> Self:
        """Those in the caller's teams and languages who accept the caller's voice and did not bar them."""
        return self.for_voice(user.pk, user.team_ids, user.language_codes, user.gender)

    def for_voice(
        self, caller: uuid.UUID, teams: Sequence[uuid.UUID], languages: Sequence[str], gender: str
    ) -> Self:
        """The same, of a caller in plain values."""
        return self.filter(
            team__in=teams,
            language__in=languages,
            caller_gender__in=[Gender.NOT_SAID, gender],
        ).exclude(respondent__barred_enumerators__enumerator=caller)

    def most_urgent_first(self) -> Self:
        """By class of method 3.3, then the window that closes first."""
        return self.order_by("priority", "closes_at", "id")

    def due_to_open(self, now: datetime) -> Self:
        return self.filter(state=State.PLANNED, opens_at__lte=now)

    def due_a_look(self, now: datetime) -> Self:
        """Those whose next look time has come."""
        return self.filter(state__in=LIVE, look_at__lte=now)

    def rest_until(self, look_at: datetime, *, waiting_for: str | None = None) -> int:
        """Take these out of the queue until the tick has looked at them again at `look_at`; how many they were."""
        reason = {} if waiting_for is None else {"waiting_for": waiting_for}
        return self.update(**resting_columns(look_at), **reason)

    def with_facts(self) -> Self:
        """With all that `followups.facts` reads joined in."""
        return self.select_related("rule", "respondent", "enrolment__study")

    def due_to_close(self, now: datetime) -> Self:
        return self.filter(state__in=LIVE, closes_at__lte=now)


def resting_columns(look_at: datetime) -> dict[str, object]:
    """What is written into a row that is out of the queue until the tick has looked at it again."""
    return {"state": State.RESTING, "ready_from": None, "ready_until": None, "look_at": look_at}


class FollowUp(models.Model):
    """One interview owed, unique on (enrolment, round)."""

    id = held(
        models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), PSEUDONYMOUS, "key", TRAIL
    )
    enrolment = held(
        models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="follow_ups"),
        PSEUDONYMOUS,
        "of",
        TRAIL,
    )
    respondent = held(
        models.ForeignKey(Respondent, on_delete=models.PROTECT, related_name="follow_ups"),
        PSEUDONYMOUS,
        "who",
        TRAIL,
    )
    rule = held(
        models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="+"), PSEUDONYMOUS, "why then", TRAIL
    )
    round_number = held(models.PositiveSmallIntegerField(), PSEUDONYMOUS, "n-th in the study", TRAIL)
    stage = held(models.CharField(max_length=12, choices=STAGE_LABELS), PSEUDONYMOUS, "planned from", TRAIL)
    # What the queue asks by, kept in step with the respondent by `followups.queueing.keep_in_step`.
    team = held(
        models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+"), PSEUDONYMOUS, "queue", TRAIL
    )
    language = held(models.CharField(max_length=8), PSEUDONYMOUS, "queue", TRAIL)
    caller_gender = held(models.CharField(max_length=8, choices=Gender), PSEUDONYMOUS, "queue", TRAIL)
    state = held(
        models.CharField(max_length=10, choices=State, default=State.PLANNED),
        PSEUDONYMOUS,
        "where it stands",
        TRAIL,
    )
    opens_at = held(models.DateTimeField(), PSEUDONYMOUS, "window", TRAIL)
    due_at = held(models.DateTimeField(), PSEUDONYMOUS, "window", TRAIL)
    closes_at = held(models.DateTimeField(), PSEUDONYMOUS, "window", TRAIL)
    issued_at = held(models.DateTimeField(null=True), PSEUDONYMOUS, "window opened; never changes", TRAIL)
    ready_from = held(models.DateTimeField(null=True), PSEUDONYMOUS, "queue", TRAIL)
    ready_until = held(models.DateTimeField(null=True), PSEUDONYMOUS, "queue", TRAIL)
    look_at = held(models.DateTimeField(null=True), PSEUDONYMOUS, "when the tick looks next", TRAIL)
    priority = held(models.PositiveSmallIntegerField(default=8), PSEUDONYMOUS, "class of method 3.3", TRAIL)
    waiting_for = held(models.CharField(max_length=32, blank=True), PSEUDONYMOUS, "why not now", TRAIL)
    attempts_made = held(models.PositiveSmallIntegerField(default=0), PSEUDONYMOUS, "against the cap", TRAIL)
    ended = held(
        models.CharField(max_length=20, choices=Ended, blank=True), PSEUDONYMOUS, "why it ended", TRAIL
    )
    aapor = held(models.CharField(max_length=8, blank=True), PSEUDONYMOUS, "final code of the round", TRAIL)
    letter = held(models.CharField(max_length=2, blank=True), PSEUDONYMOUS, "its group, for the rates", TRAIL)
    closed_at = held(models.DateTimeField(null=True), PSEUDONYMOUS, "when it ended", TRAIL)
    is_late = held(models.BooleanField(default=False), PSEUDONYMOUS, "completed after its window", TRAIL)

    objects = FollowUps.as_manager()

    class Meta:
        ordering = ("enrolment", "-round_number")
        constraints = (
            models.UniqueConstraint(fields=("enrolment", "round_number"), name="follow_up_once_a_round"),
            models.UniqueConstraint(
                fields=("enrolment",),
                condition=models.Q(state__in=[state.value for state in UNFINISHED]),
                name="follow_up_one_unfinished",
            ),
            models.CheckConstraint(
                condition=models.Q(opens_at__lte=models.F("due_at"), due_at__lt=models.F("closes_at")),
                name="follow_up_window_in_order",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[State.MISSED, State.CANCELLED]) | ~models.Q(ended=""),
                name="follow_up_ends_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.READY)
                | models.Q(ready_from__isnull=False, ready_until__gt=models.F("ready_from")),
                name="follow_up_ready_has_a_span",
            ),
        )
        indexes = (
            models.Index(
                fields=("team", "language", "priority", "closes_at"),
                condition=models.Q(state=State.READY),
                name="follow_up_queue",
            ),
            models.Index(fields=("look_at",), condition=models.Q(state__in=LIVE), name="follow_up_look"),
            models.Index(
                fields=("opens_at",), condition=models.Q(state=State.PLANNED), name="follow_up_opens"
            ),
            models.Index(fields=("closes_at",), condition=models.Q(state__in=LIVE), name="follow_up_closes"),
            models.Index(fields=("respondent", "-round_number"), name="follow_up_of"),
        )

    def __str__(self) -> str:
        return f"{self.respondent} · {self.round_number}"

    @classmethod
    def scope_for(cls, user: User) -> models.Q | None:
        return by_team(user) if user.may(Permission.VIEW_RESPONDENTS) else None


class WaitingCount(models.Model):
    """How many wait for what, per team and language: an aggregate the tick writes, never read to decide a call."""

    team = held(
        models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+"),
        DataClass.OPERATIONAL,
        "of",
        TRAIL,
    )
    language = held(models.CharField(max_length=8), DataClass.OPERATIONAL, "of", TRAIL)
    reason = held(models.CharField(max_length=32), DataClass.OPERATIONAL, "waiting for", TRAIL)
    how_many = held(models.PositiveIntegerField(), DataClass.OPERATIONAL, "count", TRAIL)
    counted_at = held(models.DateTimeField(), DataClass.OPERATIONAL, "age of the count", TRAIL)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("team", "language", "reason"), name="waiting_count_once"),
        )

    def __str__(self) -> str:
        return f"{self.reason} {self.how_many}"
