"""The officer's pages: the looks of a week, the canaries, and a part of the trail as a file."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from accounts.keeping import form_page
from accounts.permissions import Permission
from accounts.stepping_up import with_fresh_factor
from audit import reviewing
from audit.reading import looked_at_the_trail
from casework import canaries
from reports import exporting
from reports.forms import TrailForm
from reports.looks import week_page, week_to_review
from reports.planted import planted
from reports.review_forms import PlantForm, ReviewForm, week_asked


@requires(Permission.REVIEW_TRAIL)
@require_http_methods(["GET", "POST"])
def review(request: Any) -> HttpResponse:
    """What stands out in the looks of a week; marked as reviewed, its looks no longer wait. The look is a look too."""
    week = week_asked(request.GET.get("week", ""), instead=week_to_review(request.now))
    form = ReviewForm(request.POST or None)
    if form.is_valid() and form.attempt(
        reviewing.review, week=week, **form.cleaned_data, by=request.user, now=request.now
    ):
        messages.success(request, _("Reviewed."))
        return redirect(reverse("reports:review", query={"week": week.isoformat()}))
    looked_at_the_trail(by=request.user, now=request.now)
    page = week_page(week, reader=request.user, now=request.now)
    form.initial["up_to"] = page.up_to
    return form_page(request, "reports/review.html", form, page=page)


@requires(Permission.REVIEW_TRAIL)
@require_http_methods(["GET", "POST"])
def canary_list(request: Any) -> HttpResponse:
    """The canaries, and planting one more."""
    form = PlantForm(request.POST or None, reader=request.user)
    if form.is_valid() and form.attempt(
        canaries.plant, **form.cleaned_data, by=request.user, now=request.now
    ):
        messages.success(request, _("Planted. Nobody but you is told which one it is."))
        return redirect("reports:canaries")
    return form_page(request, "reports/canaries.html", form, planted=planted(request.user))


@requires(Permission.EXPORT_TRAIL)
@require_POST
@with_fresh_factor(
    to=gettext_lazy(
        "You are about to take a part of the trail out as a file. When your browser has it, leave this page."
    )
)
def export(request: Any) -> HttpResponse:
    """What the filters of the trail narrow it to, as a zip; what is too much is told in a sentence."""
    form = TrailForm(request.POST, reader=request.user)
    if not form.is_valid():
        return render(request, "reports/trail.html", {"form": form, "page": None}, status=422)
    zipped = exporting.take_out(asked=form.asked, by=request.user, now=request.now)
    name = f"trail-{request.now:%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(zipped, content_type="application/zip", headers=headers)
