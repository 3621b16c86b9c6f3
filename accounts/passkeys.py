"""Passkeys: adding one, and showing one, with or without a password before it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import factor_changes, factors
from accounts.models import User
from kernel.errors import DomainError
from vault.signatures import InvalidSignature

NAME_LENGTH = 40
NOT_USED = gettext_lazy("This passkey could not be used.")
Options = dict[str, Any]


def options_to_add(person: User) -> Options:
    """What the browser needs to make a passkey. It asks for finger, face or PIN: it will open the door by itself."""
    return dict(webauthn.begin_registration(person, passwordless=True))


def add(*, request: HttpRequest, person: User, name: str, credential: Any, now: datetime) -> tuple[str, ...]:
    """Keep a passkey's public half. Gives recovery codes where there were none; ends every other session.

    Raises `passkey_refused`.
    """
    with _refusals():
        webauthn.parse_registration_response(credential)
        made = webauthn.complete_registration(credential)
    if not made.is_user_verified():
        raise _refused()
    with transaction.atomic():
        webauthn.WebAuthn.add(person, name[:NAME_LENGTH] or _("Passkey"), credential)
        factor_changes.keep_added(request, person, factors.PASSKEY.value, now)
    return factor_changes.codes_where_none(request=request, person=person, now=now)


def options_to_show(person: User | None) -> Options:
    """What the browser needs to show a passkey: one of this person's, or whichever it has."""
    return dict(webauthn.begin_authentication(person))


def shown_by(person: User | None, credential: Any) -> User:
    """Who has shown a passkey: this person, or whoever it belongs to; their account is open. Raises `passkey_refused`.

    The challenge is taken out of the session by asking, right or wrong.
    """
    with _refusals():
        webauthn.parse_authentication_response(credential)
        owner = person or webauthn.extract_user_from_response(credential)
        shown: Authenticator = webauthn.complete_authentication(owner, credential)
    if not owner.is_active:
        raise _refused()
    shown.record_usage()
    return owner  # type: ignore[return-value]


@contextmanager
def _refusals() -> Iterator[None]:
    """What a browser sends may be anything; whatever the library makes of it is one refusal."""
    try:
        yield
    except (
        ValidationError,
        InvalidSignature,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        IndexError,
    ) as fault:
        raise _refused() from fault
    finally:
        webauthn.clear_state()


def _refused() -> DomainError:
    return DomainError(
        "passkey_refused",
        NOT_USED,
        kept=_("Nothing was changed."),
        next_step=_("Try once more, or use a code."),
    )
