"""Signing in and out: the password, the second factor after it, and what begins and ends with a session."""

from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from django.contrib.auth import authenticate, login, logout
from django.db import transaction
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from accounts import factors, passkeys, sessions, tries
from accounts.models import Ended, StaffSession, User
from accounts.permissions import Role
from accounts.refusals import refused_a_sign_in
from accounts.requests import StaffRequest
from accounts.stepping_up import forget_tries, take_try
from accounts.telling import tell
from audit.actions import Action
from audit.models import AuditEvent
from kernel import clock
from kernel.errors import DomainError

BACKEND = "django.contrib.auth.backends.ModelBackend"
HALF_WAY = "half_way"
HALF_WAY_SECONDS = 10 * 60


@dataclass(frozen=True, slots=True)
class LastTime:
    """What somebody is told when they are in: when they last were, and how often others were refused since."""

    at: datetime | None
    refused: int


# --- The password -----------------------------------------------------------------------------------------------------


def identify(*, request: HttpRequest, username: str, password: str, now: datetime) -> User:
    """The person with this username and password.

    Raises `sign_in_refused`, which does not tell whether the username exists, the account is closed, the password is
    wrong or there were too many tries.
    """
    # Between the password and what it is compared with stands django-axes: accounts/tries.py counts first.
    person = authenticate(request, username=username, password=password)
    if not isinstance(person, User):
        _refuse(
            "too_many_tries" if getattr(request, "axes_locked_out", False) else "sign_in_refused",
            username,
            now,
        )
    tries.give_back(request, person.username)
    return person


def go_half_way(*, request: HttpRequest, person: User, next_page: str) -> None:
    """Remember, for ten minutes and under a new key, whose password was right; the password is kept nowhere."""
    request.session.flush()
    request.session[HALF_WAY] = {
        "person": str(person.pk),
        "stamp": person.get_session_auth_hash(),
        "at": clock.wall().timestamp(),
        "next": next_page,
    }


def half_way(request: HttpRequest) -> User | None:
    """Whose password was right a moment ago; None when nobody's was, or it was changed or closed meanwhile."""
    kept = request.session.get(HALF_WAY)
    if not kept or clock.wall().timestamp() - kept["at"] > HALF_WAY_SECONDS:
        return None
    person = User.objects.working().filter(pk=kept["person"]).first()
    if person is None or not constant_time_compare(kept["stamp"], person.get_session_auth_hash()):
        return None
    return person  # type: ignore[no-any-return]


def next_page(request: HttpRequest) -> str:
    """Where the sign-in that is half way was going."""
    return str(request.session.get(HALF_WAY, {}).get("next", ""))


# --- The second factor ------------------------------------------------------------------------------------------------


def check_code(*, request: HttpRequest, person: User, code: str, now: datetime) -> str:
    """Which second factor this code is of. Raises `factor_refused` and `codes_locked`."""
    if not tries.take(request, person.username):
        _refuse_factor(person, "too_many_tries", now)
    kind = factors.kind_of_code(request=request, person=person, code=code)
    if not kind:
        _refuse_factor(person, "wrong_code", now)
    tries.give_back_code(request, person.username)
    if kind == factors.CODES:
        tell(Action.RECOVERY_CODE_USED, person, by=person, now=now)
    return kind


def begin_passkey(request: HttpRequest) -> passkeys.Options:
    """What a browser needs that shows a passkey before anybody is named. Raises `too_many_tries` beyond 60 in 15
    minutes from one place: each may leave a session behind."""
    if not tries.may_begin_passkey(request):
        raise DomainError(
            "too_many_tries",
            _("There were too many tries from here. Wait 15 minutes and try again."),
            kept=_("Nobody was signed in."),
            next_step=_("Sign in with your username and password."),
            status=429,
        )
    return passkeys.options_to_show(None)


def check_passkey(*, request: HttpRequest, person: User | None, credential: object, now: datetime) -> User:
    """Who shows this passkey. Raises `passkey_refused`."""
    try:
        return passkeys.shown_by(person, credential)
    except DomainError as refusal:
        refused_a_sign_in(why=refusal.code, person=person, now=now)
        raise


# --- In and out -------------------------------------------------------------------------------------------------------


@transaction.atomic
def enter(
    *, request: HttpRequest, person: User, now: datetime, factor: str = "", by_password: bool = True
) -> LastTime:
    """Begin a session under a new key; an enumerator's other sessions end."""
    last = _last_time(person)
    if person.role == Role.ENUMERATOR and StaffSession.objects.standing(person, now).exists():
        sessions.end_all(person=person, why=Ended.ELSEWHERE, now=now)
    request.session.pop(HALF_WAY, None)
    login(request, person, backend=BACKEND)
    # Django writes the wall's moment; what was refused since is told on our own clock.
    User.objects.filter(pk=person.pk).update(last_login=now)
    if by_password:
        sessions.note_password(request, person)
    if factor:
        sessions.note_factor(request, person, factor)
    sessions.begin(request=request, person=person, now=now)
    tell(Action.SIGNED_IN, person, by=person, now=now, kind=factor or "none")
    return last


@transaction.atomic
def leave(*, request: HttpRequest, person: User, now: datetime) -> None:
    """End the session, forget what it held and change what forms are signed with."""
    tell(Action.SIGNED_OUT, person, by=person, now=now)
    sessions.note_left(request, now)
    logout(request)
    rotate_token(request)


def change_password(*, request: StaffRequest, person: User, old: str, password: str, now: datetime) -> None:
    """A password of one's own choosing; ends every other session and keeps this one under a new key.

    Raises `wrong_password`, and `too_many_tries` after five of them in 15 minutes, step-up included: whoever found a
    session open must not find the password by trying.
    """
    _must_be_password(request, person, old, now)
    with transaction.atomic():
        person.set_password(password)
        person.must_change_password = False
        person.save(update_fields=["password", "must_change_password"])
        sessions.end_others(request=request, person=person, why=Ended.PASSWORD, now=now)
        tell(Action.PASSWORD_CHANGED, person, by=person, now=now)


def _must_be_password(request: StaffRequest, person: User, old: str, now: datetime) -> None:
    if not take_try(request):
        raise DomainError(
            "too_many_tries",
            _("There were too many wrong tries. Your password is as it was. Wait 15 minutes and try again."),
        )
    if not person.check_password(old):
        tell(Action.STEP_UP_REFUSED, person, by=person, now=now, outcome="refused")
        raise DomainError(
            "wrong_password",
            _("This is not your password now. Your password is as it was. Type it again."),
        )
    forget_tries(request)


def _last_time(person: User) -> LastTime:
    if person.last_login is None:
        return LastTime(None, 0)
    refused = AuditEvent.objects.filter(
        action=Action.SIGN_IN_REFUSED, object_id=person.pk, at__gt=person.last_login
    )
    return LastTime(person.last_login, refused.count())


def _refuse(why: str, username: str, now: datetime) -> NoReturn:
    # What was typed as a username is not kept: people type their password there by mistake.
    person = User.objects.filter(username__iexact=username.strip()).first()
    refused_a_sign_in(why=why, person=person, now=now)
    raise DomainError(
        "sign_in_refused",
        _(
            "This username and password do not belong together, or the account is closed, "
            "or there were too many tries."
        ),
        kept=_("Nobody was signed in."),
        next_step=_(
            "Type both again. After several tries wait 15 minutes, or ask your administrator for a new password."
        ),
    )


def _refuse_factor(person: User, why: str, now: datetime) -> NoReturn:
    refused_a_sign_in(why=why, person=person, now=now)
    raise DomainError(
        "factor_refused",
        _("This code is not right, it was used already, or there were too many tries."),
        kept=_("Nobody was signed in."),
        next_step=_("Wait for the next code and type that. After several tries wait 15 minutes."),
    )
