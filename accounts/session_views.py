"""The pages of signing in, signing out, one's own password and where one is signed in."""

import json

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import factor_changes, factors, passkeys, sessions
from accounts import sign_in as entrance
from accounts.access import for_everyone_signed_in, open_to_all, requires
from accounts.factor_forms import CodeForm, PasskeyForm, code_given, passkey_shown
from accounts.forms import OwnPasswordForm, SignInForm
from accounts.gate import on_the_way
from accounts.keeping import form_page
from accounts.models import StaffSession, User
from accounts.permissions import Permission
from accounts.requests import StaffRequest
from accounts.stepping_up import with_fresh_factor
from accounts.welcome import greet


@open_to_all
@sensitive_post_parameters("password")
def sign_in(request: StaffRequest) -> HttpResponse:
    """Username and password; then the second factor, or on to the page that was asked for."""
    if request.user.is_authenticated and request.method == "GET":
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = SignInForm(request.POST or None, request=request)
    if not form.is_valid():
        return form_page(request, "accounts/sign_in.html", form, next=_next(request))
    if not factors.has_factor(form.person):
        return _enter(request, form.person, next_page=_next(request))
    entrance.go_half_way(request=request, person=form.person, next_page=_next(request))
    return redirect("accounts:second_factor")


@open_to_all
@sensitive_post_parameters("code", "credential")
def second_factor(request: StaffRequest) -> HttpResponse:
    """A code or a passkey of the person whose password was right a moment ago."""
    person = entrance.half_way(request)
    if person is None:
        return redirect(settings.LOGIN_URL)
    shown, given = passkey_shown(request, person), code_given(request, person)
    if shown.is_valid() or given.is_valid():
        kind = given.outcome if given.is_valid() else factors.PASSKEY.value
        return _enter(request, person, factor=kind, next_page=entrance.next_page(request))
    return _second_factor_page(request, person, shown, given)


@open_to_all
@sensitive_post_parameters("credential")
def passkey(request: StaffRequest) -> HttpResponse:
    """Signing in with a passkey alone: it is had and it asks who holds it. GET is asked by the page's script."""
    if request.method != "POST":
        return JsonResponse(entrance.begin_passkey(request))
    form = passkey_shown(request, None)
    if not form.is_valid():
        messages.error(request, form.refusal or passkeys.NOT_USED)
        return redirect(settings.LOGIN_URL)
    person = form.outcome
    return _enter(request, person, factor=factors.PASSKEY.value, by_password=False, next_page=_next(request))


@on_the_way
@for_everyone_signed_in
@require_POST
def sign_out(request: StaffRequest) -> HttpResponse:
    """Leave nothing behind on this device."""
    entrance.leave(request=request, person=request.user, now=request.now)
    response = redirect(settings.LOGOUT_REDIRECT_URL)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@on_the_way
@for_everyone_signed_in
@sensitive_post_parameters("old", "new", "again")
def own_password(request: StaffRequest) -> HttpResponse:
    form = OwnPasswordForm(request.POST or None, person=request.user)
    if form.is_valid() and form.attempt(
        entrance.change_password,
        request=request,
        person=request.user,
        old=form.cleaned_data["old"],
        password=form.cleaned_data["new"],
        now=request.now,
    ):
        return render(request, "accounts/password_changed.html")
    return form_page(request, "accounts/own_password.html", form)


@for_everyone_signed_in
def own_sessions(request: StaffRequest) -> HttpResponse:
    """Where the reader is signed in."""
    standing = StaffSession.objects.standing(request.user, request.now)
    context = {"sessions": standing, "this_one": request.session.get(sessions.SESSION, "")}
    return render(request, "accounts/sessions.html", context)


@for_everyone_signed_in
@require_POST
def other_sessions_end(request: StaffRequest) -> HttpResponse:
    """End the reader's other sessions."""
    sessions.end_own_others(request=request, person=request.user, now=request.now)
    messages.success(request, sessions.OTHERS_ENDED)
    return redirect("accounts:sessions")


@requires(Permission.ADMINISTER_STAFF)
@require_POST
def person_sessions_end(request: StaffRequest, pk: str) -> HttpResponse:
    """An administrator ends the sessions of somebody else; no step-up, since it must be quick."""
    somebody = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    sessions.end_of(person=somebody, by=request.user, now=request.now)
    return redirect("accounts:person", pk=pk)


@requires(Permission.ADMINISTER_STAFF)
@require_POST
@with_fresh_factor
def person_factors_reset(request: StaffRequest, pk: str) -> HttpResponse:
    """An administrator takes away the factors of somebody who lost them."""
    somebody = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    factor_changes.reset(person=somebody, by=request.user, now=request.now)
    return redirect("accounts:person", pk=pk)


def _second_factor_page(
    request: StaffRequest, person: User, shown: PasskeyForm, given: CodeForm
) -> HttpResponse:
    held = factors.factors_of(person)
    context = {
        "passkey_options": json.dumps(passkeys.options_to_show(person)) if held.passkeys else "",
        "refusal": shown.refusal,
        "has_codes": bool(held.app or held.codes),
        "code_form": given,
    }
    return form_page(request, "accounts/second_factor.html", shown if shown.is_bound else given, **context)


def _enter(
    request: StaffRequest, person: User, *, next_page: str, factor: str = "", by_password: bool = True
) -> HttpResponse:
    last = entrance.enter(
        request=request, person=person, now=request.now, factor=factor, by_password=by_password
    )
    greet(request, person, last)
    response = redirect(next_page)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        person.interface_language,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def _next(request: StaffRequest) -> str:
    """The address asked for before signing in, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL)
