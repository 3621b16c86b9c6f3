"""The pages of one's own second factors."""

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from accounts import factor_changes, factors, passkeys
from accounts.access import for_everyone_signed_in
from accounts.factor_forms import AppForm, NewPasskeyForm
from accounts.gate import sets_up_factors
from accounts.keeping import form_page
from accounts.qr import drawing_of
from accounts.requests import StaffRequest
from accounts.stepping_up import with_fresh_factor


def has_one(request: StaffRequest) -> bool:
    """Whether a second factor can be asked for at all; the first one is set up with the password alone."""
    return factors.has_factor(request.user)


@for_everyone_signed_in
@require_safe
def own_factors(request: StaffRequest) -> HttpResponse:
    """What the reader has set up."""
    return render(request, "accounts/factors.html", {"factors": factors.factors_of(request.user)})


@sets_up_factors
@for_everyone_signed_in
@require_safe
def factor_setup(request: StaffRequest) -> HttpResponse:
    """Which factor to set up first; whoever has one is not led here."""
    if has_one(request):
        return redirect("accounts:factors")
    return render(request, "accounts/factor_setup.html")


@sets_up_factors
@for_everyone_signed_in
@with_fresh_factor(to=gettext_lazy("You are about to set up an app for codes."), when=has_one)
@sensitive_post_parameters("code")
@sensitive_variables("setup", "codes")
def app(request: StaffRequest) -> HttpResponse:
    """An app for codes: the square to photograph, then its first code."""
    form = AppForm(request.POST or None)
    if form.is_valid() and form.attempt(
        factor_changes.set_up_app,
        request=request,
        person=request.user,
        code=form.cleaned_data["code"],
        now=request.now,
    ):
        return _added(request, form.outcome)
    setup = factor_changes.app_setup(request=request, person=request.user)
    return form_page(
        request,
        "accounts/factor_app.html",
        form,
        setup=setup,
        drawing=drawing_of(setup.address),
        has_app=bool(factors.factors_of(request.user).app),
    )


@sets_up_factors
@for_everyone_signed_in
@with_fresh_factor(to=gettext_lazy("You are about to add a passkey."), when=has_one)
@sensitive_post_parameters("credential")
def passkey_new(request: StaffRequest) -> HttpResponse:
    """A passkey: made by the browser, kept by its public half."""
    form = NewPasskeyForm(request.POST or None)
    if form.is_valid() and form.attempt(
        passkeys.add, request=request, person=request.user, now=request.now, **form.cleaned_data
    ):
        return _added(request, form.outcome)
    options = json.dumps(passkeys.options_to_add(request.user))
    return form_page(request, "accounts/factor_passkey.html", form, options=options)


@for_everyone_signed_in
@require_POST
@with_fresh_factor(to=gettext_lazy("You are about to make new recovery codes. The old ones stop working."))
@sensitive_variables("codes")
def codes_new(request: StaffRequest) -> HttpResponse:
    """Ten new recovery codes, shown this once."""
    codes = factor_changes.make_codes(request=request, person=request.user, now=request.now)
    return render(request, "accounts/recovery_codes.html", {"codes": _readable(codes)})


@for_everyone_signed_in
@require_POST
@with_fresh_factor(to=gettext_lazy("You are about to remove a second factor."))
def factor_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Take one of the reader's own factors away."""
    factor = get_object_or_404(factors.removable(request.user), pk=pk)
    factor_changes.remove(request=request, person=request.user, factor=factor, now=request.now)
    messages.success(request, _("It is removed. Everywhere else you are signed out."))
    return redirect("accounts:factors")


def _added(request: StaffRequest, codes: tuple[str, ...]) -> HttpResponse:
    """Recovery codes, if some were made, this once; else the list."""
    if codes:
        return render(request, "accounts/recovery_codes.html", {"codes": _readable(codes)})
    messages.success(request, _("It is set up. Everywhere else you are signed out."))
    return redirect("accounts:factors")


def _readable(codes: tuple[str, ...]) -> list[str]:
    return [factors.in_groups(code) for code in codes]
