"""The pages of the reports: the board and the trail."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from accounts.access import requires
from accounts.permissions import Permission
from audit.reading import looked_at_the_trail
from reports.anchored import anchored
from reports.digest import digest, erasures_owed
from reports.events import trail_page
from reports.forms import BoardForm, TrailForm
from reports.kept_board import kept_board
from reports.review_waits import looks_to_review
from reports.waits import waits_for


@require_GET
@requires(Permission.VIEW_REPORTS)
def board(request: Any) -> HttpResponse:
    """The coordinator's board. With a filter that is not understood no figure is shown, rather than a wrong one."""
    form = BoardForm(request.GET, reader=request.user, now=request.now)
    losses_by = request.GET.get("sort", "")
    found = kept_board(form.wanted, get_language() or "en", losses_by) if form.is_valid() else None
    may_set_up = request.user.may(Permission.EDIT_STUDIES)
    may = {"may_set_up": may_set_up, "may_move": request.user.may(Permission.MOVE_WORK)}
    context: dict[str, Any] = {"form": form, "kept": found, "board": found and found.board, **may}
    if not request.GET:
        context["waits"] = waits_for(request.user, request.now)
    return render(request, "reports/board.html", context, status=200 if found else 422)


@require_GET
@requires(Permission.READ_TRAIL)
def trail(request: Any) -> HttpResponse:
    """The trail, newest first; its first page begins with the digest of the day. The look leaves a trace too."""
    form = TrailForm(request.GET, reader=request.user)
    page = trail_page(form.asked) if form.is_valid() else None
    if page:
        looked_at_the_trail(by=request.user, now=request.now, about=form.asked.audit_ref)
    may = {"may_review": Permission.REVIEW_TRAIL, "may_export": Permission.EXPORT_TRAIL}
    context: dict[str, Any] = {"form": form, "page": page}
    context |= {name: request.user.may(permission) for name, permission in may.items()}
    if not request.GET:
        waits = (*looks_to_review(request.now), *waits_for(request.user, request.now))
        context |= {"digest": digest(request.now), "anchored": anchored(request.now), "waits": waits}
        context["erasures"] = erasures_owed(request.user)
    return render(request, "reports/trail.html", context, status=200 if page else 422)
