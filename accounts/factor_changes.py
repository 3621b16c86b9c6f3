"""Second factors come and go: an app is set up, recovery codes are made, factors are taken away."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt, encrypt
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import factors, sessions, staff_secrets
from accounts.factors import APP, CODES
from accounts.models import Ended, User
from accounts.permissions import Permission
from accounts.telling import tell
from audit.actions import Action
from kernel.errors import DomainError, Forbidden
from vault.errors import Locked

SET_UP = "second_factor_setup"
"""The session key of a seed on its way to somebody's phone; sealed, like every seed."""
NOTHING_CHANGED = gettext_lazy("Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Setup:
    """A seed as a person takes it to their phone: to type, or to photograph."""

    secret: str
    address: str

    @property
    def in_groups(self) -> str:
        """The secret as it is typed without losing one's place."""
        return factors.in_groups(self.secret)


# --- Setting up an app ------------------------------------------------------------------------------------------------


def app_setup(*, request: HttpRequest, person: User) -> Setup:
    """The seed this session is setting up, made at the first look. Raises `codes_locked`."""
    request.second_factor_of = person.pk  # type: ignore[attr-defined]
    try:
        seed = _seed_in(request, person)
    except Locked as locked:
        raise factors.codes_locked(person) from locked
    return Setup(secret=seed, address=get_adapter().build_totp_url(person, seed))


def set_up_app(*, request: HttpRequest, person: User, code: str, now: datetime) -> tuple[str, ...]:
    """Keep the app that shows this code; the former one stops working. Gives recovery codes where there were none.

    Ends every other session. Raises `wrong_code`, `codes_locked`.
    """
    setup = app_setup(request=request, person=person)
    step = factors.step_of(setup.secret, factors.digits_of(code))
    if step is None:
        raise _wrong_code()
    with transaction.atomic():
        Authenticator.objects.filter(user=person.pk, type=APP).delete()
        totp.TOTP.activate(person, setup.secret)
        User.objects.filter(pk=person.pk).update(code_step=step)
        request.session.pop(SET_UP, None)
        keep_added(request, person, APP.value, now)
    return codes_where_none(request=request, person=person, now=now)


def _seed_in(request: HttpRequest, person: User) -> str:
    sealed = request.session.get(SET_UP)
    if sealed:
        return decrypt(sealed)
    staff_secrets.make_key(person)
    seed = totp.generate_totp_secret()
    request.session[SET_UP] = encrypt(seed)
    return seed


def keep_added(request: HttpRequest, person: User, kind: str, now: datetime) -> None:
    """A factor was added: this session has shown it, and every other one ends."""
    sessions.end_others(request=request, person=person, why=Ended.FACTOR, now=now)
    sessions.note_factor(request, person, kind)
    tell(Action.FACTOR_ADDED, person, by=person, now=now, kind=kind)


# --- Recovery codes ---------------------------------------------------------------------------------------------------


def codes_where_none(*, request: HttpRequest, person: User, now: datetime) -> tuple[str, ...]:
    """Recovery codes for somebody who has none; empty where they have some, and while the vault is locked."""
    if factors.factors_of(person).codes:
        return ()
    try:
        return make_codes(request=request, person=person, now=now)
    except DomainError:
        # A passkey works with the vault locked; its owner makes codes when it is open again.
        return ()


def make_codes(*, request: HttpRequest, person: User, now: datetime) -> tuple[str, ...]:
    """Ten new recovery codes, shown this once; the former ones stop working. Raises `codes_locked`."""
    request.second_factor_of = person.pk  # type: ignore[attr-defined]
    try:
        staff_secrets.make_key(person)
        with transaction.atomic():
            Authenticator.objects.filter(user=person.pk, type=CODES).delete()
            made = tuple(RecoveryCodes.activate(person).generate_codes())
            tell(Action.RECOVERY_CODES_MADE, person, by=person, now=now)
    except Locked as locked:
        raise factors.codes_locked(person) from locked
    return made


# --- Taking away ------------------------------------------------------------------------------------------------------


@transaction.atomic
def remove(*, request: HttpRequest, person: User, factor: Authenticator, now: datetime) -> None:
    """Take one of one's own factors away; ends every other session. Raises `last_factor`."""
    # Of two removals at once the second one looks when the first is done.
    User.objects.select_for_update().get(pk=person.pk)
    held = factors.factors_of(person)
    others = [one for one in (held.app, *held.passkeys) if one and one.pk != factor.pk]
    if not others:
        raise DomainError(
            "last_factor",
            _("This is your only second factor, and nobody works without one."),
            kept=NOTHING_CHANGED,
            next_step=_("Set up another one first."),
        )
    Authenticator.objects.filter(pk=factor.pk, user=person.pk).delete()
    sessions.end_others(request=request, person=person, why=Ended.FACTOR, now=now)
    tell(Action.FACTOR_REMOVED, person, by=person, now=now, kind=factor.type)


@transaction.atomic
def reset(*, person: User, by: User, now: datetime) -> None:
    """Take away all factors of somebody who lost them; they set up new ones after their next password.

    Ends their sessions. Raises `not_yours`, and `own_factors` for oneself.
    """
    if not by.may(Permission.ADMINISTER_STAFF):
        raise Forbidden("not_yours", _("Only an administrator may do this."))
    if person.pk == by.pk:
        raise Forbidden(
            "own_factors",
            _("Your own second factors are changed on your own page."),
            kept=NOTHING_CHANGED,
            next_step=_("If you have lost them, ask another administrator."),
        )
    Authenticator.objects.filter(user=person.pk).delete()
    sessions.end_all(person=person, why=Ended.FACTOR, now=now)
    tell(Action.FACTORS_RESET, person, by=by, now=now)


def _wrong_code() -> DomainError:
    return DomainError(
        "wrong_code",
        _("This code is not right, or it was used already."),
        kept=NOTHING_CHANGED,
        next_step=_("Wait for the next code and type that. The clock of your phone must be right."),
    )
