"""The third person's look at a break-glass that is over: what was done meanwhile, and what they make of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import breaking_glass
from accounts.access import requires
from accounts.break_glass_forms import ReviewForm
from accounts.keeping import form_page
from accounts.models import BreakGlass
from accounts.permissions import Permission
from audit.models import AuditEvent
from audit.reading import looked_at_the_trail
from reports.events import as_lines

LINES_SHOWN = 500
"""More than anybody does by hand in an hour; the page says so where it was more."""


@requires(Permission.REVIEW_BREAK_GLASS)
@require_http_methods(["GET", "POST"])
def break_glass_review(request: Any, pk: UUID) -> HttpResponse:
    """What the one who asked did between the yes and the end; the finding is kept with it."""
    known = BreakGlass.objects.reviewable_by(request.user).over_at(request.now)
    lent = get_object_or_404(known.select_related("team", "asked_by", "decided_by"), pk=pk)
    form = ReviewForm(request.POST or None)
    if form.is_valid() and form.attempt(
        breaking_glass.review, lent=lent, **form.cleaned_data, by=request.user, now=request.now
    ):
        messages.success(request, _("Reviewed."))
        return redirect("accounts:break_glass")
    looked_at_the_trail(by=request.user, now=request.now)
    meanwhile = AuditEvent.objects.by(lent.asked_by_id).since(lent.decided_at)
    rows = list(meanwhile.filter(at__lt=lent.over_at).order_by("id")[: LINES_SHOWN + 1])
    context = {
        "one": lent,
        "lines": as_lines(rows[:LINES_SHOWN], request.user.time_zone),
        "is_more": len(rows) > LINES_SHOWN,
    }
    return form_page(request, "reports/break_glass_review.html", form, **context)
