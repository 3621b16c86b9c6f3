"""The lists behind the figures of the board: codes, never identities."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from accounts.access import requires
from accounts.permissions import Permission
from reports.forms import HeldForm, LostForm, OwedForm
from reports.held import held_lines, held_of
from reports.losses import lost_lines, lost_of
from reports.owing import owed_lines, owed_of

LINES_A_PAGE = 25


@require_GET
@requires(Permission.VIEW_REPORTS)
def owed(request: Any) -> HttpResponse:
    """The follow-ups that are owed."""
    form = OwedForm(request.GET, reader=request.user, now=request.now)
    if not form.is_valid():
        return render(request, "reports/owed.html", {"form": form}, status=422)
    page = _page(request, owed_of(form.wanted, form.kind_wanted, form.cleaned_data["waits"]))
    lines = owed_lines(page.object_list, get_language() or "en")
    return render(request, "reports/owed.html", {"form": form, "page_obj": page, "lines": lines})


@require_GET
@requires(Permission.VIEW_REPORTS)
def lost(request: Any) -> HttpResponse:
    """The follow-ups that ended without an interview."""
    form = LostForm(request.GET, reader=request.user, now=request.now)
    if not form.is_valid():
        return render(request, "reports/lost.html", {"form": form}, status=422)
    page = _page(request, lost_of(form.wanted, form.reason_wanted))
    lines = lost_lines(page.object_list, get_language() or "en")
    return render(request, "reports/lost.html", {"form": form, "page_obj": page, "lines": lines})


@require_GET
@requires(Permission.VIEW_REPORTS)
def held(request: Any) -> HttpResponse:
    """Who is on hold, and who waits for a review."""
    form = HeldForm(request.GET, reader=request.user, now=request.now)
    if not form.is_valid():
        return render(request, "reports/held.html", {"form": form}, status=422)
    page = _page(request, held_of(form.wanted, form.kind_wanted, only_due=form.cleaned_data["due"]))
    lines = held_lines(page.object_list, request.now)
    return render(request, "reports/held.html", {"form": form, "page_obj": page, "lines": lines})


def _page(request: Any, rows: Any) -> Any:
    return Paginator(rows, LINES_A_PAGE).get_page(request.GET.get("page"))
