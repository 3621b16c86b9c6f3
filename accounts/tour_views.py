"""The pages of the short tour."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import touring
from accounts.access import for_everyone_signed_in
from accounts.permissions import Role
from accounts.requests import StaffRequest
from accounts.tour import steps_for


@for_everyone_signed_in
@require_safe
def tour(request: StaffRequest) -> HttpResponse:
    """The tour again, on a page of its own."""
    return render(request, "accounts/tour.html", {"steps": steps_for(Role(request.user.role))})


@for_everyone_signed_in
@require_POST
def finish_tour(request: StaffRequest) -> HttpResponse:
    """It is not shown by itself again."""
    touring.finish_tour(by=request.user, now=request.now)
    return redirect(settings.LOGIN_REDIRECT_URL)
