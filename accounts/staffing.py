"""Making, changing, opening and closing the accounts of staff."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.granting import may_grant
from accounts.models import Gender, StaffCountry, StaffLanguage, Team, User
from accounts.permissions import Permission, Role
from accounts.telling import tell
from audit.actions import Action
from kernel import countries, languages, zones
from kernel.errors import Conflict, DomainError, Forbidden

_LETTERS = "abcdefghjkmnpqrstvwxyz23456789"
"""Read aloud and typed without a slip: no 0, 1, i, l, o or u."""


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """What is known of a member of staff beside their username."""

    display_name: str
    role: Role
    teams: frozenset[UUID] = frozenset()
    languages: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    gender: Gender = Gender.NOT_SAID
    time_zone: str = "UTC"
    interface_language: str = "en"


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A new account and its first password, which is kept nowhere and shown once."""

    person: User
    password: str


def initial_password() -> str:
    """Twenty letters and digits in groups of five: 98 bits, and easy to read out."""
    groups = ("".join(secrets.choice(_LETTERS) for _n in range(5)) for _g in range(4))
    return "-".join(groups)


@transaction.atomic
def create_person(
    *, username: str, details: PersonDetails, by: User | None, now: datetime, password: str = ""
) -> NewAccount:
    """Open an account; `by` None is the command that makes the first administrator.

    Raises `not_yours` for whoever may not administer staff, `username_taken`, `unknown_zone`, `unknown_language`.
    """
    _must_administer(by)
    _must_grant(by, details.role)
    _check(details)
    _stay_within_own_countries(details, by)
    if User.objects.filter(username__iexact=username).exists():
        raise Conflict(
            "username_taken",
            _("Somebody has the username “%(username)s” already.") % {"username": username},
            next_step=_("Choose another one."),
        )
    # What we make is read by whoever hands it over: it is good for one sign-in.
    person = User(username=username, must_change_password=not password, **_columns(details))
    password = password or initial_password()
    person.set_password(password)
    person.save(force_insert=True)
    _set_links(person, details)
    tell(Action.STAFF_CREATED, person, by=by, now=now, role=details.role.value)
    return NewAccount(person, password)


@transaction.atomic
def change_person(*, person: User, details: PersonDetails, by: User, now: datetime) -> User:
    """Change what is known of somebody; a new role ends their sessions.

    Raises `own_rights` when somebody changes their own role, teams or languages, `changed_meanwhile` when another
    administrator was quicker.
    """
    _must_administer(by)
    before = details_of(person)
    _must_grant(by, before.role, details.role)
    _check(details)
    _stay_within_own_countries(details, by)
    changed = sorted(name for name in _NAMES if getattr(before, name) != getattr(details, name))
    if person.pk == by.pk and not _RIGHTS.isdisjoint(changed):
        raise _own_rights()
    ends_sessions = {"session_epoch": F("session_epoch") + 1} if "role" in changed else {}
    _update(person, **_columns(details), **ends_sessions)
    _set_links(person, details)
    tell(Action.STAFF_CHANGED, person, by=by, now=now, changed=",".join(changed), role=details.role.value)
    return person


@transaction.atomic
def close_account(*, person: User, by: User, now: datetime) -> None:
    """Let somebody sign in no more, and end their sessions at once. Raises `own_account`, `changed_meanwhile`."""
    _must_administer(by)
    _must_grant(by, Role(person.role))
    if person.pk == by.pk:
        raise DomainError(
            "own_account",
            _("You cannot close your own account."),
            kept=_("Nothing was changed."),
            next_step=_("Ask another administrator."),
        )
    _update(person, is_active=False, session_epoch=F("session_epoch") + 1)
    tell(Action.STAFF_DISABLED, person, by=by, now=now)


@transaction.atomic
def open_account(*, person: User, by: User, now: datetime) -> None:
    """Let somebody sign in again with the password they had."""
    _must_administer(by)
    _must_grant(by, Role(person.role))
    _update(person, is_active=True)
    tell(Action.STAFF_CHANGED, person, by=by, now=now, changed="is_active", role=person.role)


@transaction.atomic
def renew_password(*, person: User, by: User, now: datetime) -> NewAccount:
    """A new first password for somebody who lost theirs; ends their sessions. Raises `own_account` for oneself."""
    _must_administer(by)
    _must_grant(by, Role(person.role))
    if person.pk == by.pk:
        raise DomainError(
            "own_account",
            _("Your own password is changed on the page “Change password”."),
            kept=_("Your password is as it was."),
            next_step=_("Open that page from the menu."),
        )
    password = initial_password()
    person.set_password(password)
    _update(
        person,
        password=person.password,
        must_change_password=True,
        session_epoch=F("session_epoch") + 1,
    )
    tell(Action.PASSWORD_CHANGED, person, by=by, now=now)
    return NewAccount(person, password)


def make_administrator(
    *, username: str, display_name: str, password: str, is_another: bool, now: datetime
) -> NewAccount:
    """The first administrator, by command. Raises `administrator_exists` unless a further one is asked for."""
    if not is_another and User.objects.working().filter(role=Role.ADMINISTRATOR).exists():
        raise Conflict(
            "administrator_exists",
            _("There is an administrator already."),
            kept=_("Nothing was changed."),
            next_step=_(
                "They can make further accounts on the staff page. To make one here all the same, add --another."
            ),
        )
    details = PersonDetails(display_name=display_name or username, role=Role.ADMINISTRATOR)
    return create_person(username=username, details=details, by=None, now=now, password=password)


def details_of(person: User) -> PersonDetails:
    """What is known of somebody now."""
    return PersonDetails(
        display_name=person.display_name,
        role=Role(person.role),
        teams=frozenset(person.teams.values_list("pk", flat=True)),
        languages=frozenset(person.languages.values_list("language", flat=True)),
        countries=frozenset(person.countries.values_list("country", flat=True)),
        gender=Gender(person.gender),
        time_zone=person.time_zone,
        interface_language=person.interface_language,
    )


_NAMES = PersonDetails.__slots__
_RIGHTS = frozenset({"role", "teams", "languages", "countries"})


def _must_administer(by: User | None) -> None:
    if by is not None and not by.may(Permission.ADMINISTER_STAFF):
        raise Forbidden(
            "not_yours",
            _("Only an administrator may do this."),
            next_step=_("Ask an administrator to do it."),
        )


def _must_grant(by: User | None, *roles: Role) -> None:
    """No further than what the role of whoever does it may grant; the command that makes the first one may."""
    if by is not None and not all(may_grant(Role(by.role), role) for role in roles):
        raise Forbidden(
            "beyond_own_grants",
            _("Your role does not give this role to others."),
            kept=_("Nothing was changed."),
            next_step=_("Ask an administrator to do it."),
        )


def _own_rights() -> DomainError:
    return Forbidden(
        "own_rights",
        _("Nobody changes their own role, teams, languages or countries."),
        kept=_("Your account is as it was."),
        next_step=_("Ask another administrator to make the change."),
    )


def _stay_within_own_countries(details: PersonDetails, by: User | None) -> None:
    """Whoever is limited to countries gives others no wider view than their own; no limit would be the widest."""
    own = by.country_codes if by is not None else ()
    given = Team.objects.filter(pk__in=details.teams)
    if own and (
        not details.countries or details.countries - set(own) or given.exclude(country__in=own).exists()
    ):
        raise Forbidden(
            "beyond_own_countries",
            _("You work for some countries only, so you can set up people for these countries only."),
            kept=_("Nothing was changed."),
            next_step=_(
                "Tick one of your countries, or ask an administrator who is not limited to countries."
            ),
        )


def _check(details: PersonDetails) -> None:
    zones.zone(details.time_zone)
    for code in details.countries:
        countries.country(code)
    for code in details.languages:
        languages.language(code)


def _columns(details: PersonDetails) -> dict[str, str]:
    return {
        "display_name": details.display_name,
        "role": details.role.value,
        "gender": details.gender.value,
        "time_zone": details.time_zone,
        "interface_language": details.interface_language,
    }


def _update(person: User, **columns: object) -> None:
    """Write where the account is still as it was read."""
    as_read = User.objects.filter(
        pk=person.pk, is_active=person.is_active, session_epoch=person.session_epoch
    )
    if not as_read.update(**columns):
        raise Conflict(
            "changed_meanwhile",
            _("Somebody else changed this account at the same time."),
            kept=_("Their change is kept; yours is not."),
            next_step=_("Open the account again and look before you change it."),
        )
    person.refresh_from_db()


def _set_links(person: User, details: PersonDetails) -> None:
    person.teams.set(details.teams)
    person.countries.exclude(country__in=details.countries).delete()
    limits = set(person.countries.values_list("country", flat=True))
    StaffCountry.objects.bulk_create(
        StaffCountry(user=person, country=code) for code in sorted(details.countries - limits)
    )
    person.languages.exclude(language__in=details.languages).delete()
    held = set(person.languages.values_list("language", flat=True))
    StaffLanguage.objects.bulk_create(
        StaffLanguage(user=person, language=code) for code in sorted(details.languages - held)
    )
