"""The lists behind the figures of the board: codes, never identities."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from accounts.access import requires
from accounts.permissions import Permission
from kernel.paging import ShortPaginator
from reports.forms import HeldForm, LostForm, OwedForm, SoughtForm
from reports.held import held_lines, held_of
from reports.losses import lost_lines, lost_of
from reports.owing import owed_lines, owed_of
from reports.shortages import ATTEMPTS_AN_HOUR, shortages
from reports.sought import sought_lines, sought_of
from reports.wanted import Wanted

LINES_A_PAGE = 25


@require_GET
@requires(Permission.VIEW_REPORTS)
def owed(request: Any) -> HttpResponse:
    """The follow-ups that are owed."""
    return _list(
        request,
        "reports/owed.html",
        OwedForm,
        lambda form: owed_of(form.wanted, form.kind_wanted, form.cleaned_data["waits"]),
        lambda rows: owed_lines(rows, get_language() or "en"),
    )


@require_GET
@requires(Permission.VIEW_REPORTS)
def lost(request: Any) -> HttpResponse:
    """The follow-ups that ended without an interview."""
    return _list(
        request,
        "reports/lost.html",
        LostForm,
        lambda form: lost_of(form.wanted, form.reason_wanted),
        lambda rows: lost_lines(rows, get_language() or "en"),
    )


@require_GET
@requires(Permission.VIEW_REPORTS)
def held(request: Any) -> HttpResponse:
    """Who is on hold, and who waits for a review."""
    return _list(
        request,
        "reports/held.html",
        HeldForm,
        lambda form: held_of(form.wanted, form.kind_wanted, only_due=form.cleaned_data["due"]),
        lambda rows: held_lines(rows, request.now),
    )


@require_GET
@requires(Permission.VIEW_REPORTS)
def sought(request: Any) -> HttpResponse:
    """Who needs another route."""
    return _list(
        request,
        "reports/sought.html",
        SoughtForm,
        lambda form: sought_of(form.wanted),
        lambda rows: sought_lines(rows, get_language() or "en"),
    )


@require_GET
@requires(Permission.VIEW_REPORTS)
def coming_days(request: Any) -> HttpResponse:
    """What is expected in the coming days, against the hours of those who speak its language."""
    wanted = Wanted(reader=request.user, now=request.now)
    lines = shortages(wanted, get_language() or "en")
    return render(request, "reports/shortages.html", {"lines": lines, "attempts_an_hour": ATTEMPTS_AN_HOUR})


def _list(
    request: Any,
    template: str,
    kind: type[Any],
    rows_of: Callable[[Any], Any],
    lines_of: Callable[[Any], Any],
) -> HttpResponse:
    """A page of what the form asks for, in lines; a form that cannot be read is shown again, and no rows."""
    form = kind(request.GET, reader=request.user, now=request.now)
    if not form.is_valid():
        return render(request, template, {"form": form}, status=422)
    page = ShortPaginator(rows_of(form), LINES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, template, {"form": form, "page_obj": page, "lines": lines_of(page.object_list)})
