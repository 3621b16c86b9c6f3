"""The coordinator's pages about work: moving it, and who is calling now."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import requires
from accounts.keeping import form_page
from accounts.permissions import Permission
from accounts.requests import StaffRequest
from accounts.scoping import by_team
from followups import moving_work
from followups.calling import releasing
from followups.calling.releasing import ReleaseReason
from followups.models import Attempt, Claim
from followups.work_forms import MoveWorkForm, ReleaseForm


@requires(Permission.MOVE_WORK)
@require_http_methods(["GET", "POST"])
def move_work(request: StaffRequest) -> HttpResponse:
    """Looked at first, then moved as it was shown."""
    form = MoveWorkForm(request.POST or None, by=request.user)
    if form.is_valid():
        who = {"wanted": form.wanted, "by": request.user, "now": request.now}
        if form.is_a_look:
            form.attempt(moving_work.preview, **who)
        elif form.attempt(moving_work.move_work, expected=form.shown, **who):
            moved = ngettext("%(n)s respondent was moved.", "%(n)s respondents were moved.", form.outcome)
            messages.success(request, moved % {"n": form.outcome})
            return redirect("followups:move_work")
    preview = getattr(form, "outcome", None)
    return form_page(request, "followups/move_work.html", form, preview=preview, most=moving_work.AT_ONCE)


@requires(Permission.MOVE_WORK)
@require_GET
def calls_now(request: StaffRequest) -> HttpResponse:
    """Who is calling whom at this moment, in the reader's teams."""
    claims = _live(request).order_by("claimed_at")
    return render(request, "followups/calls_now.html", {"claims": claims, "reasons": ReleaseReason.choices})


@requires(Permission.MOVE_WORK)
@require_POST
def release(request: StaffRequest, pk: UUID) -> HttpResponse:
    """End somebody's claim; one that has to stay is told on the list."""
    claim, form = get_object_or_404(_live(request), pk=pk), ReleaseForm(request.POST)
    if form.is_valid() and form.attempt(
        releasing.release,
        claim=claim,
        why=ReleaseReason(form.cleaned_data["why"]),
        by=request.user,
        now=request.now,
    ):
        messages.success(request, _("Released. Somebody else can call them now."))
    else:
        messages.error(request, form.refusal or _("The call was left as it is. Say why it is released."))
    return redirect("followups:calls_now")


def _live(request: StaffRequest) -> QuerySet[Claim]:
    open_sitting = Attempt.objects.filter(claim=OuterRef("pk"), recorded_at=None)
    claims = Claim.objects.live(request.now).filter(by_team(request.user, "respondent__team"))
    return claims.select_related("respondent", "enumerator").annotate(has_dialled=Exists(open_sitting))
