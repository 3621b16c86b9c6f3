"""Nobody passes unsigned: every view asks for sign-in unless it says that it is open to all."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts import gate, sessions
from audit.trail import Origin, origin

Handler = Callable[[HttpRequest], HttpResponse]
OPEN_VIEWS = frozenset({"django.views.i18n.set_language"})


class SignInRequired:
    """Default deny at the door, and the origin that every trail entry of this request will carry."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session_key = request.session.session_key or ""
        digest = (
            sha256(f"{settings.SECRET_KEY}{session_key}".encode()).hexdigest()[:16] if session_key else ""
        )
        # Read before anybody asks who it is: a session that was ended is emptied by that question.
        request.staff_session = request.session.get(sessions.SESSION, "")  # type: ignore[attr-defined]
        token = origin.set(Origin(session_h=digest, request_id=str(uuid4())))
        try:
            return self.get_response(request)
        finally:
            origin.reset(token)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if is_open(view):
            return None
        if not request.user.is_authenticated:
            return gate.to_the_entrance(request, getattr(request, "staff_session", ""))
        if says_nothing(view):
            raise PermissionDenied
        sessions.touch(request, request.now)  # type: ignore[attr-defined]
        return gate.detour(request, view)  # type: ignore[arg-type]


def is_open(view: Any) -> bool:
    """Whether a view needs no sign-in."""
    return (
        getattr(view, "is_open", False) or f"{view.__module__}.{getattr(view, '__name__', '')}" in OPEN_VIEWS
    )


def says_nothing(view: Any) -> bool:
    """Whether a view says nothing of who may use it, ours or another application's; it is refused to everyone."""
    return not is_open(view) and not getattr(view, "permissions", ())


sign_in_required = SignInRequired
