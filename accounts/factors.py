"""Second factors: what somebody has, and whether a code is right."""

import unicodedata
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from kernel.errors import DomainError
from vault.errors import Locked

APP, PASSKEY, CODES = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES
APP_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Factors:
    """What somebody can show beside their password."""

    app: Authenticator | None
    passkeys: tuple[Authenticator, ...]
    codes: Authenticator | None

    @property
    def are_enough(self) -> bool:
        """Recovery codes alone are none: they stand in for a lost phone."""
        return bool(self.app or self.passkeys)

    @property
    def codes_left(self) -> int:
        used = self.codes.data.get("used_mask", 0) if self.codes else 0
        return 10 - int(used).bit_count() if self.codes else 0


def factors_of(person: User) -> Factors:
    """What this person has set up."""
    held: dict[str, list[Authenticator]] = {APP: [], PASSKEY: [], CODES: []}
    for one in Authenticator.objects.filter(user=person.pk).order_by("pk"):
        held[one.type].append(one)
    return Factors(
        app=next(iter(held[APP]), None), passkeys=tuple(held[PASSKEY]), codes=next(iter(held[CODES]), None)
    )


def has_factor(person: User) -> bool:
    """Whether this person has an app or a passkey."""
    found: bool = Authenticator.objects.filter(user=person.pk, type__in=(APP, PASSKEY)).exists()
    return found


def in_groups(signs: str) -> str:
    """Four signs, a space, four signs, …; apps and our own forms leave the spaces out."""
    return " ".join(signs[start : start + 4] for start in range(0, len(signs), 4))


def removable(person: User) -> QuerySet[Authenticator]:
    """This person's own factors, of the kinds that are taken away one by one."""
    return Authenticator.objects.filter(user=person.pk, type__in=(APP, PASSKEY))


# --- Giving a code ----------------------------------------------------------------------------------------------------


def kind_of_code(*, request: HttpRequest, person: User, code: str) -> str:
    """Which factor this code is of, "" for none; a code that is right is used up by asking.

    Each works once, whichever process is asked: the step of an app's code has to be later than the last one taken,
    and a recovery code is crossed out under a lock. Raises `codes_locked` while the vault is locked.
    """
    request.second_factor_of = person.pk  # type: ignore[attr-defined]
    typed, held = digits_of(code), factors_of(person)
    try:
        if len(typed) == APP_DIGITS:
            return APP.value if held.app and _is_next_code(held.app, person, typed) else ""
        return CODES.value if held.codes and RecoveryCodes(held.codes).validate_code(typed) else ""
    except Locked as locked:
        raise codes_locked(person) from locked


def _is_next_code(app: Authenticator, person: User, typed: str) -> bool:
    seed = decrypt(app.data["secret"])
    step = step_of(seed, typed)
    return step is not None and _take_step(person, step)


def step_of(seed: str, typed: str) -> int | None:
    """Which 30 seconds a code belongs to, of those around now; None when it is not right."""
    for step in totp.yield_hotp_counters_from_time():
        expected = totp.format_hotp_value(totp.hotp_value(seed, step))
        if totp.compare_user_code(actual=typed, expected=expected):
            return step
    return None


def _take_step(person: User, step: int) -> bool:
    """One conditional write: of any number of processes with the same code exactly one finds it unused."""
    return bool(User.objects.filter(pk=person.pk, code_step__lt=step).update(code_step=step))


def digits_of(code: str) -> str:
    """The digits of a code in whatever script they were typed; spaces and hyphens are left out."""
    return "".join(str(unicodedata.digit(sign)) for sign in code if unicodedata.digit(sign, None) is not None)


def codes_locked(person: User) -> DomainError:
    """What a locked vault means for codes, and what this person can do about it."""
    next_step = _("Ask your administrator to unlock the vault.")
    if factors_of(person).passkeys:
        next_step = _("Sign in with a passkey, or ask your administrator to unlock the vault.")
    return DomainError(
        "codes_locked",
        _("The vault is locked, so codes cannot be checked."),
        kept=_("Nothing was changed. Whoever is signed in already can go on working."),
        next_step=next_step,
        status=503,
    )
