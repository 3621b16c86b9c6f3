"""The page that says when people are reached, and whether choosing by a model is worth it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import requires
from accounts.permissions import Permission
from reports.reached import reached_of
from reports.wanted import Wanted


@require_GET
@requires(Permission.VIEW_REPORTS)
def when_reached(request: Any) -> HttpResponse:
    """By slot, and the model's choices beside random ones."""
    reached = reached_of(Wanted(reader=request.user, now=request.now))
    return render(request, "reports/when_reached.html", {"reached": reached})
