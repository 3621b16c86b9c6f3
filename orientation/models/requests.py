"""A respondent's own wish to be linked with a partner."""

import uuid
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from accounts.permissions import Permission
from accounts.scoping import ScopedQuerySet
from kernel.holdings import DataClass, Retention, held
from orientation import references
from orientation.models.partners import FocalPoint, Partner, Service
from orientation.vocabulary import (
    ENDED_STATES,
    OPEN_STATES,
    DeclineReason,
    EndReason,
    Form,
    Need,
    Outcome,
    PreferredTime,
    State,
    Urgency,
)
from tracker.models import ContactPoint, Respondent
from tracker.models.respondents import Status
from vault.fields import SealedField

LEFT = (Status.STOPPED, Status.ERASED, Status.DECEASED, Status.INELIGIBLE)
"""People no partner may be linked with any more, whatever a row or the ledger says."""


def _held(field: Any, purpose: str, retention: Retention = Retention.TRAIL) -> Any:
    return held(field, DataClass.PSEUDONYMOUS, purpose, retention)


def _quasi(field: Any, purpose: str) -> Any:
    return held(field, DataClass.QUASI_IDENTIFYING, purpose, Retention.ERASURE)


class OrientationRequests(ScopedQuerySet):
    def open(self) -> Self:
        """Those a partner may still act on, as far as their state says."""
        return self.filter(state__in=OPEN_STATES, ended_at=None)

    def shown_at(self, now: datetime) -> Self:
        """Those whose partner may look at `now`, if consent stands too: open, unexpired, under an agreement."""
        return (
            self.open()
            .filter(expires_at__gt=now, partner__in=Partner.objects.with_agreement_on(now.date()))
            .exclude(form=Form.INFORMATION_ONLY)
            .exclude(respondent__status__in=LEFT)
        )

    def over_at(self, now: datetime) -> Self:
        """Open ones whose time has run out."""
        return self.open().filter(expires_at__lte=now).order_by("expires_at")

    def most_urgent_first(self) -> Self:
        """By deadline, the overdue first; those the partner has acted on come last."""
        return self.order_by(F("acted_at").asc(nulls_first=True), "deadline", "requested_at")

    def with_letter_facts(self) -> Self:
        """Everything one letter tells, in one query."""
        return self.select_related("respondent", "partner", "service", "contact_point")


class OrientationRequest(models.Model):
    """What one respondent asked of one partner. What the partner sees is worked out from consent at every look.

    Language and country are what the person said when asking: a partner cannot watch somebody move.
    Everything shared, beside the codes of the items, is emptied when the request ends.
    """

    id = _held(models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), "key")
    reference = _held(models.CharField(max_length=8, unique=True, editable=False), "quoted to the partner")
    respondent = _held(
        models.ForeignKey(Respondent, on_delete=models.PROTECT, related_name="orientation_requests"),
        "who asks",
    )
    partner = _held(models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="requests"), "of whom")
    service = _held(
        models.ForeignKey(Service, on_delete=models.PROTECT, null=True, related_name="+"), "for what"
    )
    form = _held(models.CharField(max_length=16, choices=Form), "how far it goes")
    need = _quasi(models.CharField(max_length=16, choices=Need, blank=True), "what they need")
    language = _quasi(models.CharField(max_length=8, blank=True), "shared if agreed")
    country = _quasi(models.CharField(max_length=2, blank=True), "shared if agreed")
    preferred_time = _quasi(
        models.CharField(max_length=10, choices=PreferredTime, blank=True), "shared if agreed"
    )
    note = held(
        SealedField(label="orientation.note", subject="respondent_id", max_length=400, null=True),
        DataClass.IDENTIFYING,
        "what the person wishes to say; shared if agreed",
        Retention.ERASURE,
    )
    contact_point = _held(
        models.ForeignKey(ContactPoint, on_delete=models.SET_NULL, null=True, related_name="+"),
        "the one number the partner may use",
        Retention.ERASURE,
    )
    urgency = _held(models.CharField(max_length=10, choices=Urgency, default=Urgency.NORMAL), "deadline")
    state = _held(models.CharField(max_length=12, choices=State, default=State.REQUESTED), "where it stands")
    requested_at = _held(models.DateTimeField(), "history")
    requested_by = held(
        models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+"),
        DataClass.OPERATIONAL,
        "who wrote it down",
        Retention.STAFF,
    )
    deadline = _held(models.DateTimeField(), "when the partner should have acted")
    expires_at = _held(models.DateTimeField(), "when it ends by itself")
    acknowledged_at = _held(models.DateTimeField(null=True), "receipt")
    acted_at = _held(models.DateTimeField(null=True), "history")
    ended_at = _held(models.DateTimeField(null=True), "history")
    handled_by = held(
        models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+"),
        DataClass.OPERATIONAL,
        "the named person at the partner",
        Retention.STAFF,
    )
    outcome = _held(models.CharField(max_length=16, choices=Outcome, blank=True), "how it was closed")
    decline_reason = _held(
        models.CharField(max_length=16, choices=DeclineReason, blank=True), "why it was declined"
    )
    end_reason = _held(models.CharField(max_length=12, choices=EndReason, blank=True), "why it was withdrawn")

    objects = OrientationRequests.as_manager()

    class Meta:
        ordering = ("-requested_at",)
        indexes = (
            # Not by several states: SQLite does not see through a list of values, and asks no such index.
            models.Index(
                fields=("partner", "deadline"), condition=Q(ended_at=None), name="orientation_inbox"
            ),
            models.Index(fields=("expires_at",), condition=Q(ended_at=None), name="orientation_over"),
            models.Index(fields=("respondent", "-requested_at"), name="orientation_of"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(form__in=Form.values), name="orientation_form_is_known"),
            models.UniqueConstraint(
                fields=("respondent", "service"),
                condition=Q(state__in=OPEN_STATES),
                name="orientation_open_once",
            ),
            models.CheckConstraint(
                condition=Q(form=Form.INFORMATION_ONLY, state=State.CLOSED)
                | Q(form__in=[Form.I_WILL_CONTACT, Form.CONTACT_REQUEST], service__isnull=False),
                name="orientation_information_moves_nothing",
            ),
            models.CheckConstraint(
                condition=Q(state=State.REQUESTED, acknowledged_at=None, acted_at=None, ended_at=None)
                | Q(state=State.ACKNOWLEDGED, acknowledged_at__isnull=False, acted_at=None, ended_at=None)
                | Q(state=State.ACTED, acknowledged_at__isnull=False, acted_at__isnull=False, ended_at=None)
                | Q(state__in=ENDED_STATES, ended_at__isnull=False),
                name="orientation_state_has_its_moments",
            ),
            models.CheckConstraint(
                condition=(Q(state=State.CLOSED) & ~Q(outcome="")) | (~Q(state=State.CLOSED) & Q(outcome="")),
                name="orientation_closed_has_outcome",
            ),
            models.CheckConstraint(
                condition=(Q(state=State.DECLINED) & ~Q(decline_reason=""))
                | (~Q(state=State.DECLINED) & Q(decline_reason="")),
                name="orientation_declined_has_reason",
            ),
            models.CheckConstraint(
                condition=(Q(state=State.WITHDRAWN) & ~Q(end_reason=""))
                | (~Q(state=State.WITHDRAWN) & Q(end_reason="")),
                name="orientation_withdrawn_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES)
                | Q(
                    note__isnull=True, contact_point__isnull=True, language="", country="", preferred_time=""
                ),
                name="orientation_ended_keeps_nothing",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gte=F("requested_at")), name="orientation_expires_later"
            ),
        )

    def __str__(self) -> str:
        return self.spoken_reference

    @property
    def spoken_reference(self) -> str:
        """The reference as it is read out; it says nothing about the spoken code."""
        return references.display(self.reference)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @classmethod
    def scope_for(cls, user: User) -> Q | None:
        """A focal point knows of those meant for their partners; field staff of their respondents'; others of none."""
        if user.may(Permission.HANDLE_ORIENTATION):
            return Q(partner__in=FocalPoint.objects.filter(user=user).values("partner"))
        if user.may(Permission.REVOKE_ORIENTATION):
            return Q(respondent__in=Respondent.objects.visible_to(user))
        return None
