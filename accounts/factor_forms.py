"""What people type or show as a second factor."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import passkeys, sign_in
from accounts.credential_fields import CredentialField
from accounts.keeping import KeepingForm
from accounts.models import User
from accounts.requests import StaffRequest
from accounts.step_up_forms import NotShownAgain

DIGITS = {"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr", "spellcheck": "false"}


class CodeForm(KeepingForm):
    """One code, from the app or from the sheet of recovery codes."""

    code = forms.CharField(
        label=_("Code from your app"),
        help_text=_("Six digits. If you have lost your phone, type one of your recovery codes."),
        max_length=40,
        widget=NotShownAgain(attrs=DIGITS | {"autofocus": True}),
    )

    def field_of(self, code: str) -> str | None:
        return "code" if code in {"factor_refused", "wrong_code"} else None


class AppForm(CodeForm):
    """The first code of an app that is being set up."""

    code = forms.CharField(
        label=_("The six digits your app shows now"),
        max_length=40,
        widget=NotShownAgain(attrs=DIGITS),
    )


class PasskeyForm(KeepingForm):
    """What a browser says a passkey answered; people never see it."""

    credential = CredentialField()


class NewPasskeyForm(PasskeyForm):
    """A new passkey and what its owner calls it."""

    name = forms.CharField(
        label=_("What you call it"),
        help_text=_("For example the phone or the key it is on."),
        required=False,
        max_length=passkeys.NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def code_given(request: StaffRequest, person: User) -> CodeForm:
    """The form with the code of somebody half way in; its outcome is the kind of factor."""
    form = CodeForm(request.POST if "code" in request.POST else None)
    if form.is_valid():
        form.attempt(sign_in.check_code, request=request, person=person, now=request.now, **form.cleaned_data)
    return form


def passkey_shown(request: StaffRequest, person: User | None) -> PasskeyForm:
    """The form with a passkey's answer; its outcome is whose it is."""
    form = PasskeyForm(request.POST if "credential" in request.POST else None)
    if form.is_valid():
        form.attempt(
            sign_in.check_passkey, request=request, person=person, now=request.now, **form.cleaned_data
        )
    return form
