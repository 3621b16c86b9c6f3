"""The first page of each role."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.access import for_everyone_signed_in
from accounts.permissions import Role

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
