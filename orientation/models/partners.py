"""Trusted organisations, what they offer somewhere, and the staff of theirs who may read requests."""

import uuid
from datetime import date
from typing import Any, Self

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.scoping import ScopedQuerySet
from kernel import countries, languages
from kernel.holdings import DataClass, Retention, held
from orientation.vocabulary import Need

STUDY = Retention.STUDY


def _held(field: Any, purpose: str, retention: Retention = STUDY) -> Any:
    """Partners are organisations: all of it is operational."""
    return held(field, DataClass.OPERATIONAL, purpose, retention)


class Partners(ScopedQuerySet):
    def with_agreement_on(self, day: date) -> Self:
        """Those requests may go to: active, with an information-sharing agreement that has not run out."""
        return self.filter(is_active=True, agreement_expires_on__gt=day)

    def with_counts_on(self, day: date) -> Self:
        """With `offered`, the number of services that stand on `day`, and `readers`, that of focal points."""
        return self.annotate(
            offered=models.Count(
                "services",
                filter=models.Q(services__is_active=True, services__verified_until__gt=day),
                distinct=True,
            ),
            readers=models.Count("focal_points", distinct=True),
        )


class Partner(models.Model):
    """An organisation with an information-sharing agreement, confirmed to have no part in migration control."""

    id = _held(models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), "key")
    code = _held(
        models.CharField(
            _("code"),
            max_length=16,
            unique=True,
            validators=[RegexValidator(r"^[A-Z0-9-]+$", _("Use capital letters, digits and hyphens."))],
        ),
        "how files name it",
    )
    title = _held(models.CharField(_("title"), max_length=80), "how people name it")
    not_in_migration_control = _held(
        models.BooleanField(_("confirmed: takes no part in migration control"), default=False), "safety"
    )
    is_active = _held(models.BooleanField(_("requests may go to it"), default=True), "may be offered")
    agreement_expires_on = _held(
        models.DateField(_("agreement ends on"), help_text=_("From this day on, nothing is shared.")),
        "no sharing without a standing agreement",
    )
    agreement_review_on = _held(
        models.DateField(_("agreement reviewed on")), "when the agreement is looked at again"
    )
    complaint_route = _held(
        models.CharField(_("how a person complains"), max_length=160, blank=True),
        "told to respondents who ask",
    )

    objects = Partners.as_manager()

    class Meta:
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(is_active=False) | models.Q(not_in_migration_control=True),
                name="partner_active_only_if_confirmed",
                violation_error_message=_(
                    "Requests may go only to a partner that takes no part in migration control."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(agreement_review_on__lte=models.F("agreement_expires_on")),
                name="partner_review_before_end",
                violation_error_message=_("The agreement has to be reviewed before it ends."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"

    @classmethod
    def scope_for(cls, user: User) -> models.Q | None:
        """Those who set partners up see all; a focal point their own."""
        if user.may(Permission.EDIT_PARTNERS):
            return models.Q()
        if user.may(Permission.HANDLE_ORIENTATION):
            return models.Q(pk__in=FocalPoint.objects.filter(user=user).values("partner"))
        return None


class Services(ScopedQuerySet):
    def offerable_on(self, day: date) -> Self:
        """Those verified until after `day`, of partners with a standing agreement; an expired entry is no offer."""
        return self.filter(
            is_active=True,
            verified_until__gt=day,
            partner__in=Partner.objects.with_agreement_on(day),
        ).select_related("partner")

    def nearest_first(self, country: str) -> Self:
        """Those in the country first."""
        here = models.Case(
            models.When(country=country, then=0), default=1, output_field=models.IntegerField()
        )
        return self.order_by(here, "need", "title")


class Service(models.Model):
    """Something a partner offers somewhere; offered to people only while a person's verification stands."""

    id = _held(models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), "key")
    partner = _held(models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="services"), "whose")
    title = _held(models.CharField(_("title"), max_length=80), "how people name it")
    need = _held(models.CharField(_("for"), max_length=16, choices=Need), "who may want it")
    country = _held(models.CharField(_("country"), max_length=2), "where")
    area = _held(models.CharField(_("where, in public words"), max_length=80, blank=True), "where")
    languages = _held(models.JSONField(_("languages"), default=list), "who can use it")
    hours = _held(models.CharField(_("opening hours"), max_length=80, blank=True), "told to the respondent")
    serves_all_statuses = _held(
        models.BooleanField(_("serves everyone, whatever their papers"), default=False),
        "told to the respondent",
    )
    public_contact = _held(
        models.CharField(
            _("public contact"),
            max_length=120,
            help_text=_("Told to a person who wishes to contact them: a public number, office or page."),
        ),
        "told to the respondent",
    )
    is_hotline = _held(
        models.BooleanField(
            _("a hotline"), default=False, help_text=_("Verified every 30 days instead of 90.")
        ),
        "how long a verification stands",
    )
    is_active = _held(models.BooleanField(_("offered"), default=True), "may be offered")
    verified_by = _held(
        models.ForeignKey(User, on_delete=models.PROTECT, null=True, editable=False, related_name="+"),
        "who checked",
    )
    verified_on = _held(models.DateField(null=True, editable=False), "when somebody checked")
    verified_until = _held(models.DateField(null=True, editable=False), "offered until then")

    objects = Services.as_manager()

    class Meta:
        ordering = ("partner__code", "title")
        indexes = (models.Index(fields=("country", "need"), name="service_where_what"),)
        constraints = (
            models.UniqueConstraint(fields=("partner", "title"), name="service_title_once"),
            models.CheckConstraint(condition=models.Q(need__in=Need.values), name="service_need_is_known"),
            models.CheckConstraint(
                condition=models.Q(
                    verified_by__isnull=True, verified_on__isnull=True, verified_until__isnull=True
                )
                | models.Q(
                    verified_by__isnull=False,
                    verified_on__isnull=False,
                    verified_until__gt=models.F("verified_on"),
                ),
                name="service_verified_by_on_until",
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} · {self.partner.title}"

    @property
    def country_name(self) -> str:
        return countries.country_name(self.country, get_language() or "en")

    @property
    def language_names(self) -> str:
        """Its languages in the reader's words."""
        return ", ".join(languages.names(code, get_language() or "en") for code in self.languages)

    @classmethod
    def scope_for(cls, user: User) -> models.Q | None:
        """Those who set services up, and those who offer them to respondents."""
        if user.may(Permission.EDIT_PARTNERS) or user.may(Permission.CHANGE_RESPONDENTS):
            return models.Q()
        return None


class FocalPoint(models.Model):
    """A member of a partner's staff, who reads and answers the requests meant for that partner."""

    id = _held(models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), "key", Retention.STAFF)
    user = _held(
        models.ForeignKey(User, on_delete=models.CASCADE, related_name="focal_points"), "who", Retention.STAFF
    )
    partner = _held(
        models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="focal_points"),
        "for whom",
        Retention.STAFF,
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ("user__username",)
        constraints = (models.UniqueConstraint(fields=("user", "partner"), name="focal_point_once"),)

    def __str__(self) -> str:
        return f"{self.user} · {self.partner.code}"

    @classmethod
    def scope_for(cls, user: User) -> models.Q | None:
        return models.Q() if user.may(Permission.EDIT_PARTNERS) else None
