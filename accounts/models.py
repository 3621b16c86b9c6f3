"""Staff, their teams, the languages they speak and the hours they work."""

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.permissions import ROLE_PERMISSIONS, SEES_ALL_TEAMS, Permission, Role
from kernel import zones
from kernel.holdings import DataClass, Retention, held
from kernel.statements import statement

OPERATIONAL = DataClass.OPERATIONAL
STAFF = Retention.STAFF


class Gender(models.TextChoices):
    """As the person says it; used only where a respondent asked for a woman's or a man's voice."""

    WOMAN = "woman", _("woman")
    MAN = "man", _("man")
    NOT_SAID = "not_said", _("not said")


class Team(models.Model):
    """People who work on the same respondents, in one country."""

    id = held(
        models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), OPERATIONAL, "key", STAFF
    )
    code = held(
        models.CharField(
            _("code"),
            max_length=12,
            unique=True,
            validators=[RegexValidator(r"^[A-Z0-9-]+$", _("Use capital letters, digits and hyphens."))],
        ),
        OPERATIONAL,
        "how files name the team",
        STAFF,
    )
    title = held(models.CharField(_("title"), max_length=60), OPERATIONAL, "how people name the team", STAFF)
    country = held(models.CharField(_("country"), max_length=2), OPERATIONAL, "scope", STAFF)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"


class Users(models.QuerySet["User"]):
    """Staff."""

    def working(self) -> Self:
        """Those whose account is open."""
        return self.filter(is_active=True)

    def enumerators(self) -> Self:
        return self.filter(role=Role.ENUMERATOR)

    def visible_to(self, user: "User") -> Self:
        """Administrators see everyone, coordinators and DPOs those of their scope, others themselves."""
        if user.may(Permission.ADMINISTER_STAFF) or user.sees_all_teams:
            return self
        if user.may(Permission.EDIT_SHIFTS):
            return self.filter(teams__in=user.team_ids).distinct()
        return self.filter(pk=user.pk)


class UserManager(BaseUserManager.from_queryset(Users)):  # type: ignore[misc]
    """Finds staff by their username, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)  # type: ignore[no-any-return]


class User(AbstractBaseUser):
    """A member of staff; known here by a username they chose, never by a legal name."""

    id = held(
        models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), OPERATIONAL, "key", STAFF
    )
    username = held(
        models.CharField(
            _("username"),
            max_length=40,
            unique=True,
            validators=[RegexValidator(r"^[a-z0-9._-]+$", _("Use small letters, digits, dots and hyphens."))],
        ),
        OPERATIONAL,
        "sign-in",
        STAFF,
    )
    display_name = held(
        models.CharField(_("shown as"), max_length=60), OPERATIONAL, "how colleagues see them", STAFF
    )
    role = held(models.CharField(_("role"), max_length=16, choices=Role), OPERATIONAL, "rights", STAFF)
    teams = held(
        models.ManyToManyField(Team, verbose_name=_("teams"), blank=True), OPERATIONAL, "scope", STAFF
    )
    gender = held(
        models.CharField(_("gender"), max_length=8, choices=Gender, default=Gender.NOT_SAID),
        OPERATIONAL,
        "respondents may ask for a woman's or a man's voice",
        STAFF,
    )
    time_zone = held(
        models.CharField(_("time zone"), max_length=40, default="UTC"), OPERATIONAL, "their own clock", STAFF
    )
    interface_language = held(
        models.CharField(_("language of the screens"), max_length=8, default="en"),
        OPERATIONAL,
        "screens",
        STAFF,
    )
    is_active = held(models.BooleanField(_("account open"), default=True), OPERATIONAL, "may sign in", STAFF)
    toured_at = held(models.DateTimeField(null=True, blank=True), OPERATIONAL, "saw the short tour", STAFF)
    password = held(models.CharField(_("password"), max_length=128), OPERATIONAL, "sign-in", STAFF)
    session_epoch = held(
        models.PositiveIntegerField(default=0), OPERATIONAL, "raised by one to end all their sessions", STAFF
    )
    last_login = held(
        models.DateTimeField(_("last sign-in"), null=True, blank=True), OPERATIONAL, "safety", STAFF
    )

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[Any] = UserManager()

    class Meta:
        ordering = ("username",)
        constraints = (
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="user_role_is_known"),
        )

    def __str__(self) -> str:
        return self.display_name

    def may(self, permission: Permission) -> bool:
        """Whether this person's role carries the permission and their account is open."""
        return self.is_active and permission in ROLE_PERMISSIONS[Role(self.role)]

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """A session stands while this stays the same: a new password or a raised epoch ends them all."""
        return salted_hmac(
            "accounts.User.session",
            f"{self.password}.{self.session_epoch}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

    @property
    def sees_all_teams(self) -> bool:
        return self.role in SEES_ALL_TEAMS

    @property
    def team_ids(self) -> tuple[uuid.UUID, ...]:
        """The teams they belong to, read once per request."""
        if not hasattr(self, "_team_ids"):
            self._team_ids = tuple(_teams_of(self.pk))
        return self._team_ids

    @property
    def language_codes(self) -> tuple[str, ...]:
        """The languages they can interview in, read once per request."""
        if not hasattr(self, "_language_codes"):
            self._language_codes = tuple(_languages_of(self.pk))
        return self._language_codes


@statement
def _teams_of(user_id: uuid.UUID) -> models.QuerySet[Team, uuid.UUID]:
    return Team.objects.filter(user=user_id).values_list("pk", flat=True)


@statement
def _languages_of(user_id: uuid.UUID) -> "models.QuerySet[StaffLanguage, str]":
    return StaffLanguage.objects.filter(user=user_id).values_list("language", flat=True)


class StaffLanguage(models.Model):
    """A language a member of staff can interview in."""

    user = held(
        models.ForeignKey(User, on_delete=models.CASCADE, related_name="languages"),
        OPERATIONAL,
        "whose",
        STAFF,
    )
    language = held(models.CharField(max_length=8), OPERATIONAL, "which calls they can take", STAFF)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "language"), name="staff_language_once"),)

    def __str__(self) -> str:
        return self.language


class Weekday(models.IntegerChoices):
    """Days as Python counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Shift(models.Model):
    """Hours somebody works every week, on their own clock, half-open."""

    id = held(
        models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), OPERATIONAL, "key", STAFF
    )
    user = held(
        models.ForeignKey(User, on_delete=models.CASCADE, related_name="shifts"), OPERATIONAL, "whose", STAFF
    )
    weekday = held(models.PositiveSmallIntegerField(_("day"), choices=Weekday), OPERATIONAL, "when", STAFF)
    starts = held(models.TimeField(_("from")), OPERATIONAL, "when", STAFF)
    ends = held(models.TimeField(_("until")), OPERATIONAL, "when", STAFF)

    class Meta:
        ordering = ("weekday", "starts")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("starts")), name="shift_ends_after_start"
            ),
            models.UniqueConstraint(fields=("user", "weekday", "starts"), name="shift_once"),
        )

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts:%H:%M}–{self.ends:%H:%M}"

    def covers(self, now: datetime) -> bool:
        """Whether `now` falls in this shift on its owner's clock."""
        there = zones.local(now, self.user.time_zone)
        return there.weekday() == self.weekday and self.starts <= there.time() < self.ends
