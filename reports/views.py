"""The pages of the reports: the board, the list of what is owed, and the trail."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from accounts.access import requires
from accounts.permissions import Permission
from audit.reading import looked_at_the_trail
from reports.board import board_of
from reports.digest import digest, erasures_owed
from reports.events import trail_page
from reports.forms import BoardForm, OwedForm, TrailForm
from reports.owing import owed_lines, owed_of

OWED_A_PAGE = 25


@require_GET
@requires(Permission.VIEW_REPORTS)
def board(request: Any) -> HttpResponse:
    """The coordinator's board. With a filter that is not understood no figure is shown, rather than a wrong one."""
    form = BoardForm(request.GET, reader=request.user, now=request.now)
    found = board_of(form.wanted, get_language() or "en") if form.is_valid() else None
    return render(request, "reports/board.html", {"form": form, "board": found}, status=200 if found else 422)


@require_GET
@requires(Permission.VIEW_REPORTS)
def owed(request: Any) -> HttpResponse:
    """The follow-ups behind a figure: codes, never identities."""
    form = OwedForm(request.GET, reader=request.user, now=request.now)
    if not form.is_valid():
        return render(request, "reports/owed.html", {"form": form}, status=422)
    pages = Paginator(owed_of(form.wanted, form.kind_wanted), OWED_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    lines = owed_lines(page.object_list, get_language() or "en")
    return render(request, "reports/owed.html", {"form": form, "page_obj": page, "lines": lines})


@require_GET
@requires(Permission.READ_TRAIL)
def trail(request: Any) -> HttpResponse:
    """The trail, newest first; its first page begins with the digest of the day. The look leaves a trace too."""
    form = TrailForm(request.GET, reader=request.user)
    page = trail_page(form.asked) if form.is_valid() else None
    if page:
        looked_at_the_trail(by=request.user, now=request.now, about=form.asked.audit_ref)
    context: dict[str, Any] = {"form": form, "page": page}
    if not request.GET:
        context |= {"digest": digest(request.now), "erasures": erasures_owed(request.user)}
    return render(request, "reports/trail.html", context, status=200 if page else 422)
