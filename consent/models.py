"""Wordings, which a second person approves, and the ledger, which only grows."""

import uuid
from collections.abc import Collection
from typing import Self
from uuid import UUID

from django.core.validators import MinLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.scoping import ScopedQuerySet
from consent.folding import Decision, Entry
from consent.purposes import Purpose
from kernel.holdings import DataClass, Retention, held
from kernel.statements import statement

OPERATIONAL, PSEUDONYMOUS = DataClass.OPERATIONAL, DataClass.PSEUDONYMOUS


class Mode(models.TextChoices):
    """How a decision reached us."""

    IN_PERSON = "in_person", _("in person")
    PHONE = "phone", _("by phone")
    MESSAGE = "message", _("by message")
    WRITING = "writing", _("in writing")
    ATTESTED = "attested", _("attested by the person who brought the list")


class Wordings(ScopedQuerySet):
    """Exact texts of consent."""

    def approved(self) -> Self:
        return self.filter(approved_at__isnull=False)

    def waiting_for(self, user: User) -> Self:
        """Drafts that this person may approve: somebody else wrote them, and no newer version has overtaken them."""
        if not user.may(Permission.APPROVE_WORDINGS):
            return self.none()
        newer = Wording.objects.filter(
            purpose=models.OuterRef("purpose"),
            language=models.OuterRef("language"),
            version__gt=models.OuterRef("version"),
        )
        waiting = self.filter(approved_at__isnull=True).exclude(drafted_by=user)
        return waiting.exclude(models.Exists(newer))

    def in_versions(self, purpose: Purpose, language: str) -> Self:
        """Every version of the words for a purpose in a language, newest first, with those who wrote and approved."""
        one = self.filter(purpose=purpose, language=language)
        return one.select_related("drafted_by", "approved_by").order_by("-version")

    def in_use(self, purpose: Purpose, language: str) -> "Wording | None":
        """The newest approved wording of a purpose in a language, or None."""
        return self.approved().filter(purpose=purpose, language=language).order_by("-version").first()

    def in_use_for(self, purposes: Collection[Purpose], language: str) -> "dict[Purpose, Wording]":
        """The newest approved wording of each of these purposes in a language, in one query; none for one without."""
        return {Purpose(one.purpose): one for one in _approved(list(purposes), language)}


class Wording(models.Model):
    """The exact text of a purpose in one language; a change is a new version."""

    id = held(
        models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False),
        OPERATIONAL,
        "key",
        Retention.TRAIL,
    )
    purpose = held(
        models.CharField(_("purpose"), max_length=24, choices=Purpose),
        OPERATIONAL,
        "what it is for",
        Retention.TRAIL,
    )
    language = held(
        models.CharField(_("language"), max_length=8), OPERATIONAL, "who can be read it", Retention.TRAIL
    )
    version = held(models.PositiveSmallIntegerField(), OPERATIONAL, "which text was read", Retention.TRAIL)
    text = held(
        models.TextField(_("text read out"), max_length=2000, validators=[MinLengthValidator(20)]),
        OPERATIONAL,
        "what was read",
        Retention.TRAIL,
    )
    drafted_by = held(
        models.ForeignKey(User, on_delete=models.PROTECT, related_name="+"),
        OPERATIONAL,
        "four eyes",
        Retention.TRAIL,
    )
    drafted_at = held(models.DateTimeField(), OPERATIONAL, "history", Retention.TRAIL)
    approved_by = held(
        models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"),
        OPERATIONAL,
        "four eyes",
        Retention.TRAIL,
    )
    approved_at = held(
        models.DateTimeField(null=True), OPERATIONAL, "from when it may be read", Retention.TRAIL
    )

    objects = Wordings.as_manager()

    class Meta:
        ordering = ("purpose", "language", "-version")
        constraints = (
            models.UniqueConstraint(fields=("purpose", "language", "version"), name="wording_version_once"),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("drafted_by")),
                name="wording_needs_a_second_person",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True, approved_at__isnull=True)
                | models.Q(approved_by__isnull=False, approved_at__isnull=False),
                name="wording_approved_by_and_at",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} · {self.language} · v{self.version}"

    @classmethod
    def scope_for(cls, user: User) -> models.Q | None:
        """Drafts are for those who write and approve; approved texts for everyone who reads them out."""
        if user.may(Permission.DRAFT_WORDINGS) or user.may(Permission.APPROVE_WORDINGS):
            return models.Q()
        return models.Q(approved_at__isnull=False)


@statement
def _approved(purposes: Collection[str], language: str) -> "models.QuerySet[Wording]":
    """Oldest first, so that of each purpose the newest comes last."""
    wanted = Wording.objects.approved().filter(purpose__in=purposes, language=language)
    return wanted.order_by("version")


class LedgerEntries(models.QuerySet["LedgerEntry"]):
    """Lines of the ledger, in order of arrival."""

    def of(self, respondent_ids: list[UUID]) -> Self:
        return self.filter(respondent_id__in=respondent_ids)

    def concerning(self, thing: UUID | None) -> Self:
        """Those about one particular thing (an orientation request), or about none."""
        return self.filter(concerning=thing)


class LedgerEntry(models.Model):
    """One grant, refusal or withdrawal. Append-only; the respondent is a bare uuid, so nothing here blocks an erasure.

    No other table may have a foreign key to this one: its owner has given up the right such a key would need.
    """

    respondent_id = held(models.UUIDField(), PSEUDONYMOUS, "whose decision", Retention.TRAIL)
    purpose = held(
        models.CharField(max_length=24, choices=Purpose), PSEUDONYMOUS, "about what", Retention.TRAIL
    )
    decision = held(
        models.CharField(max_length=10, choices=[(one.value, one.value) for one in Decision]),
        PSEUDONYMOUS,
        "what was said",
        Retention.TRAIL,
    )
    mode = held(
        models.CharField(max_length=10, choices=Mode), PSEUDONYMOUS, "how it reached us", Retention.TRAIL
    )
    language = held(models.CharField(max_length=8), PSEUDONYMOUS, "in which language", Retention.TRAIL)
    wording = held(
        models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, related_name="+"),
        PSEUDONYMOUS,
        "the exact text; null where a person said no without being asked",
        Retention.TRAIL,
    )
    concerning = held(models.UUIDField(null=True), PSEUDONYMOUS, "which orientation request", Retention.TRAIL)
    items = held(models.JSONField(default=list), PSEUDONYMOUS, "what may be shared", Retention.TRAIL)
    by = held(models.UUIDField(null=True), OPERATIONAL, "who heard it", Retention.TRAIL)
    at = held(models.DateTimeField(), PSEUDONYMOUS, "when it was said", Retention.TRAIL)
    arrived_at = held(models.DateTimeField(), PSEUDONYMOUS, "when the server learned of it", Retention.TRAIL)
    expires_at = held(models.DateTimeField(null=True), PSEUDONYMOUS, "until when it holds", Retention.TRAIL)

    objects = LedgerEntries.as_manager()

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("respondent_id", "purpose", "id"), name="ledger_fold"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(purpose__in=Purpose.values), name="ledger_purpose_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(decision__in=[one.value for one in Decision]),
                name="ledger_decision_is_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(decision=Decision.GRANTED.value)
                | models.Q(wording__isnull=False, expires_at__isnull=False),
                name="ledger_grant_has_wording_and_end",
            ),
        )

    def __str__(self) -> str:
        return f"{self.purpose} {self.decision}"

    def as_entry(self) -> Entry:
        """The line as the fold reads it."""
        return Entry(Decision(self.decision), self.at, self.arrived_at, self.expires_at)
