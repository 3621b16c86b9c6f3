"""Second factors for tests: an app for codes, and the codes it would show."""

from __future__ import annotations

from types import SimpleNamespace

from allauth.core.context import request_context
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp

from accounts import staff_secrets
from tests.accounts.codes import code_of

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def give_app(person, seed=SEED):
    """Set up an app for codes, as its owner would."""
    staff_secrets.make_key(person)
    with request_context(SimpleNamespace(second_factor_of=person.pk, session={})):
        totp.TOTP.activate(person, seed)


def give_recovery_codes(person):
    """Ten recovery codes, as they were shown to their owner."""
    staff_secrets.make_key(person)
    with request_context(SimpleNamespace(second_factor_of=person.pk, session={})):
        return RecoveryCodes.activate(person).generate_codes()


def code_at(steps=0, seed=SEED):
    """What the app shows now, or `steps` times thirty seconds later."""
    return code_of(seed, steps=steps)


def wrong_code():
    """Six digits that the app shows neither now nor just before or after."""
    right = {code_at(step) for step in (-1, 0, 1, 2)}
    return next(code for code in ("000000", "111111", "222222", "333333", "444444") if code not in right)
