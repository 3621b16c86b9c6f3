"""Contact points: one way to reach a respondent, sealed, with the rules that make it safe."""

import uuid
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.holdings import DataClass, Retention, held
from tracker.models.respondents import Respondent
from tracker.number_status import HARMFUL, NumberStatus
from vault.fields import SealedField

PSEUDONYMOUS, ERASURE = DataClass.PSEUDONYMOUS, Retention.ERASURE


class Whose(models.TextChoices):
    OWN = "own", _("their own phone")
    SHARED = "shared", _("a phone they share")
    TRUSTED = "trusted", _("a person they trust")


def every_day() -> list[int]:
    """All seven weekdays, 0 is Monday: any day within the study's calling hours, unless the person says otherwise."""
    return list(range(7))


class ContactPoints(models.QuerySet["ContactPoint"]):
    def harmful(self) -> Self:
        """Those that must not ring for anyone who shares the number."""
        return self.filter(models.Q(is_barred=True) | models.Q(status__in=[one.value for one in HARMFUL]))

    def in_use(self) -> Self:
        """Those not retired, in the order the respondent gave them, newest first within a position."""
        return self.filter(retired_at__isnull=True).order_by("position", "-added_at")


class ContactPoint(models.Model):
    """A number a respondent agreed to give. Anything they did not say is a no."""

    id = held(
        models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), PSEUDONYMOUS, "key", ERASURE
    )
    respondent = held(
        models.ForeignKey(Respondent, on_delete=models.PROTECT, related_name="contact_points"),
        PSEUDONYMOUS,
        "whose",
        ERASURE,
    )
    value = held(
        SealedField(label="phone.e164", subject="respondent_id", max_length=20, null=True),
        DataClass.IDENTIFYING,
        "calling them again",
        ERASURE,
    )
    position = held(
        models.PositiveSmallIntegerField(default=0), PSEUDONYMOUS, "which is tried first", ERASURE
    )
    whose = held(
        models.CharField(_("whose phone"), max_length=8, choices=Whose, default=Whose.OWN),
        PSEUDONYMOUS,
        "what may be said to who answers",
        ERASURE,
    )
    status = held(
        models.CharField(
            max_length=20,
            choices=[(one.value, one.value) for one in NumberStatus],
            default=NumberStatus.UNVERIFIED.value,
        ),
        PSEUDONYMOUS,
        "whether it may be dialled",
        ERASURE,
    )
    status_at = held(models.DateTimeField(), PSEUDONYMOUS, "since when", ERASURE)
    is_barred = held(
        models.BooleanField(default=False), PSEUDONYMOUS, "somebody who answers it said never", ERASURE
    )
    was_confirmed = held(
        models.BooleanField(default=False),
        PSEUDONYMOUS,
        "reached them once: no answer is then non-contact",
        ERASURE,
    )
    safe_days = held(models.JSONField(default=every_day, blank=True), PSEUDONYMOUS, "safe contact", ERASURE)
    safe_from = held(
        models.TimeField(_("safe from"), null=True, blank=True), PSEUDONYMOUS, "safe contact", ERASURE
    )
    safe_until = held(
        models.TimeField(_("safe until"), null=True, blank=True), PSEUDONYMOUS, "safe contact", ERASURE
    )
    unsafe_from = held(
        models.TimeField(_("never from"), null=True, blank=True), PSEUDONYMOUS, "safe contact", ERASURE
    )
    unsafe_until = held(
        models.TimeField(_("never until"), null=True, blank=True), PSEUDONYMOUS, "safe contact", ERASURE
    )
    may_talk_to_others = held(
        models.BooleanField(_("we may speak to whoever answers"), default=False),
        PSEUDONYMOUS,
        "safe contact",
        ERASURE,
    )
    may_message = held(
        models.BooleanField(_("messages are safe"), default=False), PSEUDONYMOUS, "channel", ERASURE
    )
    may_leave_message = held(
        models.BooleanField(_("a message may be left"), default=False), PSEUDONYMOUS, "channel", ERASURE
    )
    may_call_back_if_cut = held(
        models.BooleanField(_("we may call back once if the line drops"), default=False),
        PSEUDONYMOUS,
        "one reconnection",
        ERASURE,
    )
    safe_phrase = held(
        SealedField(label="contact.safe_phrase", subject="respondent_id", max_length=120, null=True),
        DataClass.IDENTIFYING,
        "knowing that they can talk",
        ERASURE,
    )
    cover_words = held(
        SealedField(label="contact.cover_words", subject="respondent_id", max_length=200, null=True),
        DataClass.IDENTIFYING,
        "what is said if another person answers",
        ERASURE,
    )
    added_at = held(models.DateTimeField(), PSEUDONYMOUS, "newest first", ERASURE)
    retired_at = held(models.DateTimeField(null=True, blank=True), PSEUDONYMOUS, "no longer used", ERASURE)

    objects = ContactPoints.as_manager()

    class Meta:
        ordering = ("position", "-added_at")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(status__in=[one.value for one in NumberStatus]),
                name="number_status_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(safe_from__isnull=True, safe_until__isnull=True)
                | models.Q(safe_from__isnull=False, safe_until__gt=models.F("safe_from")),
                name="safe_hours_are_a_pair",
            ),
            models.CheckConstraint(
                condition=models.Q(unsafe_from__isnull=True, unsafe_until__isnull=True)
                | models.Q(unsafe_from__isnull=False, unsafe_until__gt=models.F("unsafe_from")),
                name="unsafe_hours_are_a_pair",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_whose_display()} · {self.status}"

    @property
    def is_harmful(self) -> bool:
        """The same as `ContactPoints.harmful`, of one that was read."""
        return self.is_barred or self.status in HARMFUL
