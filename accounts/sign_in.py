"""Signing in and out by password: who it is, how often one may try, and what begins and ends with a session."""

from datetime import datetime
from hashlib import sha256
from typing import NoReturn

from django.conf import settings
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from kernel.errors import DomainError

TRIES_PER_USERNAME = 5
TRIES_PER_ADDRESS = 5
WINDOW_SECONDS = 15 * 60


def identify(*, request: HttpRequest, username: str, password: str, now: datetime) -> User:
    """The person with this username and password.

    Raises `too_many_tries` and `sign_in_refused`; neither tells whether the username exists or the account is open.
    """
    counters = _counters(request, username)
    if any(cache.get(key, 0) >= limit for key, limit in counters.items()):
        _refuse(_too_many_tries(), username, now)
    # Counted before the slow look at the password, so that tries made at the same moment all count.
    for key in counters:
        _count(key, +1)
    person = authenticate(request, username=username, password=password)
    if not isinstance(person, User):
        _refuse(_no_match(), username, now)
    _forgive(counters)
    return person


@transaction.atomic
def enter(*, request: HttpRequest, person: User, now: datetime) -> None:
    """Begin a session under a new key."""
    login(request, person)
    trail.record(Action.SIGNED_IN, by=person, at=now, object_type="user", object_id=person.pk)


@transaction.atomic
def leave(*, request: HttpRequest, person: User, now: datetime) -> None:
    """End the session and forget what it held."""
    trail.record(Action.SIGNED_OUT, by=person, at=now, object_type="user", object_id=person.pk)
    logout(request)


@transaction.atomic
def change_password(*, request: HttpRequest, person: User, password: str, now: datetime) -> None:
    """A password of one's own choosing; ends every other session and keeps this one under a new key."""
    person.set_password(password)
    person.save(update_fields=["password"])
    update_session_auth_hash(request, person)
    trail.record(Action.PASSWORD_CHANGED, by=person, at=now, object_type="user", object_id=person.pk)


def _refuse(refusal: DomainError, username: str, now: datetime) -> NoReturn:
    # What was typed as a username is not kept: people type their password there by mistake.
    person_id = User.objects.filter(username__iexact=username).values_list("pk", flat=True).first()
    trail.record(
        Action.SIGN_IN_REFUSED,
        by=None,
        at=now,
        object_type="user",
        object_id=person_id,
        outcome="refused",
        detail={"why": refusal.code},
    )
    raise refusal


def _no_match() -> DomainError:
    return DomainError(
        "sign_in_refused",
        _("This username and password do not belong together, or the account is closed."),
        next_step=_("Type both again, or ask your administrator for a new password."),
    )


def _too_many_tries() -> DomainError:
    return DomainError(
        "too_many_tries",
        _("There were too many tries to sign in from here or with this username."),
        kept=_("Nobody was signed in and nothing was changed."),
        next_step=_("Wait 15 minutes and try again."),
        status=429,
    )


def _forgive(counters: dict[str, int]) -> None:
    """A success clears the username's count and takes itself out of the address's: others there still count."""
    of_username, of_address = counters
    cache.delete(of_username)
    _count(of_address, -1)


def _count(key: str, step: int) -> None:
    # Not cache.incr: on a database cache it shortens the time the count is kept to the default of five minutes.
    cache.set(key, max(0, cache.get(key, 0) + step), WINDOW_SECONDS)


def _counters(request: HttpRequest, username: str) -> dict[str, int]:
    """The cache keys to count under, with their limits; digests, so that the cache names nobody."""
    return {
        f"sign-in-username-{_digest(username.strip().casefold())}": TRIES_PER_USERNAME,
        f"sign-in-address-{_digest(_address(request))}": TRIES_PER_ADDRESS,
    }


def _address(request: HttpRequest) -> str:
    """Where the request comes from: what our own proxy added last, if there is one, else the connection's end."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if settings.SECURE_PROXY_SSL_HEADER and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def _digest(text: str) -> str:
    return sha256(f"{settings.SECRET_KEY}{text}".encode()).hexdigest()[:32]
