"""The first page of each role, and the short tour on it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.access import for_everyone_signed_in
from accounts.permissions import Role
from accounts.tour import Step, steps_for

FIRST_PAGE = {
    Role.ENUMERATOR: "followups:today",
    Role.COORDINATOR: "reports:board",
    Role.FOCAL_POINT: "orientation:inbox",
    Role.DPO: "reports:trail",
    Role.ADMINISTRATOR: "accounts:staff",
}


@for_everyone_signed_in
def first_page(request: HttpRequest) -> HttpResponse:
    """Lead each role to where its work is."""
    return redirect(FIRST_PAGE[Role(request.user.role)])  # type: ignore[union-attr]


def tour_here(request: HttpRequest) -> tuple[Step, ...]:
    """The short tour, on the plain first page of somebody who has not had enough of it; nowhere else."""
    user, here = getattr(request, "user", None), request.resolver_match
    if user is None or here is None or not user.is_authenticated or user.toured_at or request.GET:
        return ()
    role = Role(user.role)
    return steps_for(role) if here.view_name == FIRST_PAGE[role] else ()
