"""The way in, step by step: ten hours at most, an own password, a second factor; nothing else opens before."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _

from accounts import sessions
from accounts.access import View
from accounts.models import User
from accounts.requests import StaffRequest

SET_UP, OWN_PASSWORD, SIGN_OUT = "accounts:factor_setup", "accounts:own_password", "accounts:sign_out"
READING = frozenset({"GET", "HEAD"})


def on_the_way(view: View) -> View:
    """Mark a view that must be reached before everything is in place; it is for those signed in all the same."""
    view.is_on_the_way = True  # type: ignore[attr-defined]
    return view


def to_the_entrance(request: HttpRequest, session_id: str) -> HttpResponse:
    """Lead somebody without a session to the sign-in page, with a word about the one they had."""
    if session_id and (sentence := sessions.why_ended(session_id)):
        messages.warning(request, sentence)
    if request.method in READING:
        return redirect_to_login(request.get_full_path())
    if request.resolver_match and request.resolver_match.view_name == SIGN_OUT:
        return redirect(settings.LOGIN_URL)
    messages.warning(
        request, _("You were signed out, so what you just sent was not recorded. Sign in and enter it again.")
    )
    return redirect_to_login(_sent_from(request))


def _sent_from(request: HttpRequest) -> str:
    """The page a form was sent from: the address that it was sent to may not open by itself."""
    page = urlsplit(request.headers.get("Referer", ""))
    is_ours = page.netloc == request.get_host() and not page.path.startswith("//")
    return page.path if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL)


def detour(request: StaffRequest, view: Any) -> HttpResponse | None:
    """Where somebody signed in has to go first; None when everything is in place."""
    person = request.user
    if sessions.is_too_old(request, person):
        session_id = request.session.get(sessions.SESSION, "")
        sessions.end_too_old(request=request, person=person, now=request.now)
        return to_the_entrance(request, session_id)
    if getattr(view, "is_on_the_way", False):
        return None
    return _first_steps(request, person, view)


def _first_steps(request: StaffRequest, person: User, view: Any) -> HttpResponse | None:
    if person.must_change_password:
        return redirect(OWN_PASSWORD)
    if settings.SECOND_FACTOR_REQUIRED and not sessions.has_shown_factor(request, person):
        return None if getattr(view, "is_factor_setup", False) else redirect(SET_UP)
    return None


def sets_up_factors(view: View) -> View:
    """Mark a view where a second factor is set up: it comes after the password and before everything else."""
    view.is_factor_setup = True  # type: ignore[attr-defined]
    return view
