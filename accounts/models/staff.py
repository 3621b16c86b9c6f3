"""Staff, their teams, the languages they speak and the countries they are limited to."""

import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.permissions import BOUND_TO_NO_TEAM, ROLE_PERMISSIONS, SEES_ALL_TEAMS, Permission, Role
from kernel import clock
from kernel.holdings import DataClass, Retention, held
from kernel.statements import statement

if TYPE_CHECKING:
    from accounts.models.break_glass import BreakGlass

OPERATIONAL = DataClass.OPERATIONAL
STAFF = Retention.STAFF


class Gender(models.TextChoices):
    """As the person says it; used only where a respondent asked for a woman's or a man's voice."""

    WOMAN = "woman", _("woman")
    MAN = "man", _("man")
    NOT_SAID = "not_said", _("not said")


class Teams(models.QuerySet["Team"]):
    """Teams."""

    def visible_to(self, user: "User") -> Self:
        """All of them, or those of the countries the person is limited to."""
        return self.filter(country__in=user.country_codes) if user.country_codes else self


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

    objects: ClassVar[Any] = Teams.as_manager()

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
        if user.may(Permission.ADMINISTER_STAFF) and user.country_codes:
            return self.limited_to(user.country_codes)
        if user.may(Permission.ADMINISTER_STAFF) or user.sees_all_teams:
            return self
        if user.may(Permission.EDIT_SHIFTS):
            return self.filter(teams__in=user.team_ids).distinct()
        return self.filter(pk=user.pk)

    def limited_to(self, countries: Collection[str]) -> Self:
        """Those who are limited to some of these countries and to no other: nobody who sees further."""
        theirs = StaffCountry.objects.filter(user=models.OuterRef("pk"))
        return self.filter(
            models.Exists(theirs.filter(country__in=countries)),
            ~models.Exists(theirs.exclude(country__in=countries)),
        )


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
    must_change_password = held(
        models.BooleanField(default=False),
        OPERATIONAL,
        "the password was made by us and read by others",
        STAFF,
    )
    code_step = held(
        models.PositiveBigIntegerField(default=0), OPERATIONAL, "the last code used: each works once", STAFF
    )
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
        return self.role in SEES_ALL_TEAMS and not self.country_codes

    @property
    def team_ids(self) -> tuple[uuid.UUID, ...]:
        """The teams whose people they may know of now: their own, and those lent to them for a short time."""
        return (*self.own_team_ids, *(one.team_id for one in self.lent_teams))

    @property
    def own_team_ids(self) -> tuple[uuid.UUID, ...]:
        """The teams whose people they may always know of, read once per request.

        Their own, of those in the countries they are limited to; for somebody whose view takes no team, all of these.
        """
        if not hasattr(self, "_team_ids"):
            widely = self.role in BOUND_TO_NO_TEAM and self.country_codes
            self._team_ids = tuple(_teams_in_countries_of(self.pk) if widely else _teams_of(self.pk))
        return self._team_ids

    @property
    def lent_teams(self) -> "tuple[BreakGlass, ...]":
        """What break-glass lets them see now, read once per request; nothing is asked for who may not ask for it."""
        if not hasattr(self, "_lent_teams"):
            from accounts.models.break_glass import lent_to  # it needs this model: the two know each other

            may_ask = self.may(Permission.ASK_BREAK_GLASS)
            self._lent_teams = tuple(lent_to(self.pk, clock.now())) if may_ask else ()
        return self._lent_teams

    @property
    def country_codes(self) -> tuple[str, ...]:
        """The countries they are limited to, read once per request; none is no limit."""
        if not hasattr(self, "_country_codes"):
            self._country_codes = tuple(_countries_of(self.pk))
        return self._country_codes

    @property
    def language_codes(self) -> tuple[str, ...]:
        """The languages they can interview in, read once per request."""
        if not hasattr(self, "_language_codes"):
            self._language_codes = tuple(_languages_of(self.pk))
        return self._language_codes


@statement
def _teams_of(user_id: uuid.UUID) -> models.QuerySet[Team, uuid.UUID]:
    """Their teams and their limit in one statement: a second one would cost every claim something."""
    limits = StaffCountry.objects.filter(user=user_id)
    allowed = models.Q(country__in=limits.values("country")) | ~models.Exists(limits)
    return Team.objects.filter(allowed, user=user_id).values_list("pk", flat=True)  # type: ignore[no-any-return]


@statement
def _teams_in_countries_of(user_id: uuid.UUID) -> models.QuerySet[Team, uuid.UUID]:
    limits = StaffCountry.objects.filter(user=user_id)
    return Team.objects.filter(country__in=limits.values("country")).values_list("pk", flat=True)  # type: ignore[no-any-return]


@statement
def _countries_of(user_id: uuid.UUID) -> "models.QuerySet[StaffCountry, str]":
    return StaffCountry.objects.filter(user=user_id).order_by("country").values_list("country", flat=True)


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


class StaffCountry(models.Model):
    """A country a member of staff is limited to; nobody with at least one of these sees a team of another country."""

    user = held(
        models.ForeignKey(User, on_delete=models.CASCADE, related_name="countries"),
        OPERATIONAL,
        "whose",
        STAFF,
    )
    country = held(models.CharField(max_length=2), OPERATIONAL, "scope", STAFF)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "country"), name="staff_country_once"),)

    def __str__(self) -> str:
        return self.country
