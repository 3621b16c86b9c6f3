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
from followups.scheduling.reasons import Reason
from followups.scheduling.tracing_order import Began
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
    NOT_FOUND = "not_found", _("the person could not be found again by any route")


class TracingBegan(models.TextChoices):
    """What made somebody be looked for by their other routes."""

    NONE = "", ""
    NUMBER_DEAD = Began.NUMBER_DEAD.value, _("no number of theirs may be dialled any more")
    MODEL = Began.MODEL.value, _("their number has not answered for so long that it looks dead")
    STAGE_UNKNOWN = Began.STAGE_UNKNOWN.value, _("nobody knows where they are")
    COORDINATOR = Began.COORDINATOR.value, _("a coordinator asked for it")
    CALLED_OFF = "called_off", _("a coordinator ended the search")


NOT_SOUGHT = (TracingBegan.NONE.value, TracingBegan.CALLED_OFF.value)


class FollowUps(ScopedQuerySet):
    def live(self) -> Self:
        """Issued and still owed."""
        return self.filter(state__in=LIVE)

    def unfinished(self) -> Self:
        """Planned or live."""
        return self.filter(state__in=UNFINISHED)

    def owed_by(self, rules: Sequence[uuid.UUID]) -> Self:
        """Those not over that were planned by these rules."""
        return self.unfinished().filter(rule__in=rules, closed_at=None)

    def planned(self) -> Self:
        """Not issued yet."""
        return self.filter(state=State.PLANNED)

    def of(self, respondent: Respondent) -> Self:
        return self.filter(respondent=respondent)

    def in_tracing(self) -> Self:
        """Issued and still owed by somebody who is being looked for."""
        return self.live().filter(closed_at=None, tracing_since__isnull=False)

    def needing_a_route(self) -> Self:
        """Being looked for, or without a number that may be dialled: somebody has to find another way."""
        lacks_number = models.Q(waiting_for=Reason.NO_DIALABLE_NUMBER.value)
        return self.live().filter(models.Q(tracing_since__isnull=False) | lacks_number)

    def ready_at(self, now: datetime) -> Self:
        """Those the tick found ready; a claim still asks every rule again."""
        return self.filter(state=State.READY, ready_from__lte=now, ready_until__gt=now)

    def in_queue_at(self, now: datetime) -> Self:
        """Those of them that stand in the queue's indexes: what became ready since the last tick is not there yet."""
        return self.ready_at(now).filter(has_begun=True)

    def to_begin_at(self, now: datetime) -> Self:
        """Those whose span has begun and that are not in the queue's indexes yet."""
        return self.ready_at(now).filter(has_begun=False)

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
        return self.filter(state__in=LIVE, closed_at=None, closes_at__lte=now)


def resting_columns(look_at: datetime | None) -> dict[str, object]:
    """What is written into a row that is out of the queue until the tick has looked at it again."""
    out = {"ready_from": None, "ready_until": None, "has_begun": False}
    return {"state": State.RESTING, "look_at": look_at, **out}


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
        models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="+", db_index=False),
        PSEUDONYMOUS,
        "why then",
        TRAIL,
    )
    round_number = held(models.PositiveSmallIntegerField(), PSEUDONYMOUS, "n-th in the study", TRAIL)
    stage = held(models.CharField(max_length=12, choices=STAGE_LABELS), PSEUDONYMOUS, "planned from", TRAIL)
    # What the queue asks by, kept in step with the respondent by `followups.queueing.keep_in_step`.
    team = held(
        models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+"), PSEUDONYMOUS, "queue", TRAIL
    )
    language = held(models.CharField(max_length=8), PSEUDONYMOUS, "queue", TRAIL)
    caller_gender = held(models.CharField(max_length=8, choices=Gender), PSEUDONYMOUS, "queue", TRAIL)
    usual_enumerator = held(
        models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False),
        PSEUDONYMOUS,
        "queue",
        Retention.PANEL,
    )
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
    # Most spans begin later today or this week: the queue's indexes hold only those that have begun.
    has_begun = held(models.BooleanField(default=False), PSEUDONYMOUS, "stands in the queue", TRAIL)
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
    tracing_since = held(models.DateTimeField(null=True), PSEUDONYMOUS, "other routes are tried", TRAIL)
    tracing_why = held(
        models.CharField(max_length=16, choices=TracingBegan, blank=True), PSEUDONYMOUS, "why they are", TRAIL
    )

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
            models.CheckConstraint(
                condition=models.Q(tracing_since__isnull=True, tracing_why__in=NOT_SOUGHT)
                | (models.Q(tracing_since__isnull=False) & ~models.Q(tracing_why__in=NOT_SOUGHT)),
                name="follow_up_traced_for_a_reason",
            ),
        )
        indexes = (
            # In the order of a claim's look, so that the first row of an index is the row it wants.
            models.Index(
                fields=("team", "language", "caller_gender", "priority", "closes_at", "id"),
                condition=models.Q(state=State.READY, has_begun=True),
                name="follow_up_queue",
            ),
            models.Index(
                fields=(
                    "usual_enumerator",
                    "team",
                    "language",
                    "caller_gender",
                    "priority",
                    "closes_at",
                    "id",
                ),
                condition=models.Q(state=State.READY, has_begun=True, usual_enumerator__isnull=False),
                name="follow_up_queue_of_own",
            ),
            models.Index(
                fields=("ready_from",),
                condition=models.Q(state=State.READY, has_begun=False),
                name="follow_up_begins",
            ),
            # Not by several states: SQLite takes a partial index only where a query says the same, and it does not see
            # through a list of values. What is over is never looked at again.
            models.Index(
                fields=("look_at",), condition=models.Q(look_at__isnull=False), name="follow_up_look"
            ),
            models.Index(
                fields=("opens_at",), condition=models.Q(state=State.PLANNED), name="follow_up_opens"
            ),
            models.Index(fields=("closes_at",), condition=models.Q(closed_at=None), name="follow_up_closes"),
            # What a study owes by now, told by its plans' rules: what a new plan or a closing is about.
            models.Index(fields=("rule", "id"), condition=models.Q(closed_at=None), name="follow_up_owed_by"),
            models.Index(fields=("respondent", "-round_number"), name="follow_up_of"),
            models.Index(
                fields=("tracing_since",),
                condition=models.Q(closed_at=None, tracing_since__isnull=False),
                name="follow_up_in_tracing",
            ),
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
