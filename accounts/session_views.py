"""The pages of signing in, signing out and one's own password."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import sign_in as sessions
from accounts.access import for_everyone_signed_in, open_to_all
from accounts.forms import OwnPasswordForm, SignInForm
from accounts.keeping import form_page
from accounts.requests import StaffRequest


@open_to_all
@sensitive_post_parameters("password")
def sign_in(request: StaffRequest) -> HttpResponse:
    """Username and password; then on to the page that was asked for."""
    if request.user.is_authenticated and request.method == "GET":
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = SignInForm(request.POST or None, request=request)
    if not form.is_valid():
        return form_page(request, "accounts/sign_in.html", form, next=_next(request))
    sessions.enter(request=request, person=form.person, now=request.now)
    return _in_language(redirect(_next(request)), form.person.interface_language)


@for_everyone_signed_in
@require_POST
def sign_out(request: StaffRequest) -> HttpResponse:
    """Leave nothing behind on this device."""
    sessions.leave(request=request, person=request.user, now=request.now)
    response = redirect(settings.LOGOUT_REDIRECT_URL)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@for_everyone_signed_in
@sensitive_post_parameters("old", "new", "again")
def own_password(request: StaffRequest) -> HttpResponse:
    form = OwnPasswordForm(request.POST or None, person=request.user)
    if form.is_valid() and form.attempt(
        sessions.change_password,
        request=request,
        person=request.user,
        password=form.cleaned_data["new"],
        now=request.now,
    ):
        return render(request, "accounts/password_changed.html")
    return form_page(request, "accounts/own_password.html", form)


def _next(request: StaffRequest) -> str:
    """The address asked for before signing in, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL)


def _in_language(response: HttpResponse, language: str) -> HttpResponse:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, secure=settings.LANGUAGE_COOKIE_SECURE, samesite="Lax"
    )
    return response
