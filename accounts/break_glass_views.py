"""The pages of break-glass: asking, the second person's answer, and the end. The third person's look is in reports."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts import breaking_glass
from accounts.access import requires
from accounts.break_glass_forms import AskForm
from accounts.keeping import form_page
from accounts.models import BreakGlass
from accounts.permissions import Permission
from accounts.requests import StaffRequest
from accounts.stepping_up import with_fresh_factor

ASK, APPROVE = Permission.ASK_BREAK_GLASS, Permission.APPROVE_BREAK_GLASS
EARLIER_SHOWN = 20
TO_ASK = gettext_lazy("You are about to ask to see the people of another team.")
SEES_ALL = gettext_lazy("There is no other team: you see the people of every team you could ask for.")
NOBODY_ASKS = gettext_lazy(
    "You see every team already. Whoever asks for your yes, or waits for your look, stands here."
)
TO_APPROVE = gettext_lazy("You are about to let a colleague see the people of another team.")


@requires(ASK, APPROVE)
@require_http_methods(["GET", "POST"])
@with_fresh_factor(to=TO_ASK)
def break_glass(request: StaffRequest) -> HttpResponse:
    """Ask for one more team; what waits for the reader's answer, and what there was before."""
    form = AskForm(request.POST or None, by=request.user)
    if form.is_valid() and form.attempt(
        breaking_glass.ask, **form.cleaned_data, by=request.user, now=request.now
    ):
        messages.success(request, _("Asked. You see that team once a second person has said yes."))
        return redirect("accounts:break_glass")
    known = BreakGlass.objects.visible_to(request.user).select_related("team", "asked_by", "decided_by")
    waiting = list(known.undecided_at(request.now))
    context = {
        "may_ask": request.user.may(ASK) and form.fields["team"].queryset.exists(),  # type: ignore[attr-defined]
        "asked": [one for one in waiting if one.asked_by_id == request.user.pk],
        "to_decide": [one for one in waiting if breaking_glass.may_decide(request.user, one)],
        "in_force": known.open_at(request.now),
        "to_review": known.reviewable_by(request.user).unreviewed_at(request.now),
        "earlier": known.decided_and_not_open_at(request.now)[:EARLIER_SHOWN],
        "has_nothing": SEES_ALL if request.user.may(ASK) else NOBODY_ASKS,
    }
    return form_page(request, "accounts/break_glass.html", form, **context)


@requires(APPROVE)
@require_POST
@with_fresh_factor(to=TO_APPROVE)
def approve(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The second person's yes."""
    asked = get_object_or_404(BreakGlass.objects.visible_to(request.user), pk=pk)
    breaking_glass.approve(asked=asked, by=request.user, now=request.now)
    messages.success(request, _("Approved. It ends by itself, and a third person looks at it afterwards."))
    return redirect("accounts:break_glass")


@requires(APPROVE)
@require_POST
def refuse(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The second person's no, which takes no second factor: nothing is opened by it."""
    asked = get_object_or_404(BreakGlass.objects.visible_to(request.user), pk=pk)
    breaking_glass.refuse(asked=asked, by=request.user, now=request.now)
    messages.success(request, _("Refused. Nothing was opened."))
    return redirect("accounts:break_glass")


@requires(ASK, APPROVE)
@require_POST
def end(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The end before its time, at once and without a second factor: closing must never be hard."""
    lent = get_object_or_404(BreakGlass.objects.visible_to(request.user), pk=pk)
    breaking_glass.end(lent=lent, by=request.user, now=request.now)
    messages.success(request, _("Ended. That team is closed again."))
    return redirect("accounts:break_glass")
