"""What is asked for just before something that cannot be taken back: a code, a passkey or, in the demo, a password."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.credential_fields import CredentialField
from accounts.keeping import KeepingForm

ANSWER, PASSKEY = "step_up_answer", "step_up_passkey"
OWN_FIELDS = frozenset({ANSWER, PASSKEY})
LOOK = {"autofocus": True, "spellcheck": "false", "autocapitalize": "none"}


class NotShownAgain(forms.TextInput):
    """A code that was used up or wrong is of no use to whoever types the next one."""

    def format_value(self, value: Any) -> None:
        return None


class StepUpForm(KeepingForm):
    """The answer; its names belong to no other form, so that it can travel beside what was typed there."""

    def __init__(self, given: Mapping[str, Any] | None, *, takes_password: bool) -> None:
        super().__init__(given)
        self.fields[ANSWER] = _password_field() if takes_password else _code_field()
        self.fields[PASSKEY] = CredentialField(required=False)
        self.fields[ANSWER].required = not (given and given.get(PASSKEY))

    def field_of(self, code: str) -> str | None:
        return ANSWER if code == "factor_refused" else None

    @property
    def answer(self) -> dict[str, Any]:
        """What was given, as the use case takes it."""
        return {"code": self.cleaned_data[ANSWER], "passkey": self.cleaned_data[PASSKEY]}


def _code_field() -> forms.CharField:
    return forms.CharField(
        label=_("Code from your app"),
        help_text=_("Six digits. If you have lost your phone, type one of your recovery codes."),
        max_length=40,
        widget=NotShownAgain(
            attrs={**LOOK, "autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr"}
        ),
    )


def _password_field() -> forms.CharField:
    return forms.CharField(
        label=_("Your password"),
        help_text=_("In this demo your account has no second factor."),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={**LOOK, "autocomplete": "current-password"}),
    )
