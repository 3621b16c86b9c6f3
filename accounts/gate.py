"""The way in, step by step: ten hours at most, an own password, a second factor; nothing else opens before."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import sessions
from accounts.access import View
from accounts.models import User
from accounts.requests import StaffRequest

SET_UP, OWN_PASSWORD = "accounts:factor_setup", "accounts:own_password"


def on_the_way(view: View) -> View:
    """Mark a view that must be reached before everything is in place; it is for those signed in all the same."""
    view.is_on_the_way = True  # type: ignore[attr-defined]
    return view


def to_the_entrance(request: HttpRequest, session_id: str) -> HttpResponse:
    """Lead somebody without a session to the sign-in page, with a word about the one they had."""
    if session_id and (sentence := sessions.why_ended(session_id)):
        messages.warning(request, sentence)
    return redirect_to_login(request.get_full_path())


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
