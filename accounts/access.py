"""The door of every view: which permission it takes to pass."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.refusals import refused_a_page
from kernel.errors import Forbidden

View = Callable[..., HttpResponse]


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Let only those pass who hold one of the permissions; refuses with `not_yours` (403), and says so in the trail."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not any(request.user.may(permission) for permission in permissions):  # type: ignore[union-attr]
                match = request.resolver_match
                page = match.view_name if match else view.__name__
                refused_a_page(page=page, by=request.user, now=request.now)  # type: ignore[attr-defined,arg-type]
                raise Forbidden(
                    "not_yours",
                    _("This page is for another role."),
                    next_step=_(
                        "Go back to your first page, or ask your coordinator for the right to use it."
                    ),
                )
            return view(request, *args, **kwargs)

        guarded.permissions = permissions  # type: ignore[attr-defined]
        return guarded

    return decorate


def open_to_all(view: View) -> View:
    """Mark a view that needs no sign-in: the sign-in page itself, health, errors."""
    view.is_open = True  # type: ignore[attr-defined]
    return view


def for_everyone_signed_in(view: View) -> View:
    """Mark a view for any signed-in member of staff."""
    view.permissions = tuple(Permission)  # type: ignore[attr-defined]
    return view
