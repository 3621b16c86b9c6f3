"""The page of the exceptional reveal: a reason, a second factor, and the number once for a minute."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from accounts.keeping import form_page
from accounts.permissions import Permission
from accounts.requests import StaffRequest
from accounts.stepping_up import with_fresh_factor
from casework import reach, revealing
from casework.revealing_forms import RevealForm
from tracker.models import ContactPoint, Respondent

SHOWN_FOR_SECONDS = 60


@requires(Permission.REVEAL_NUMBERS)
@require_http_methods(["GET", "POST"])
@with_fresh_factor(to=_("You are about to see a number without a call."))
@sensitive_variables("form", "shown")
def show_number(request: StaffRequest, pk: UUID, point_pk: UUID) -> HttpResponse:
    """Ask for the reason; once it is in the trail the number is in the answer to this one POST and nowhere else."""
    person = Respondent.objects.seen_by(request.user, pk=pk)
    points = ContactPoint.objects.select_related("respondent").in_use()
    point: ContactPoint = get_object_or_404(points, pk=point_pk, respondent=person)
    form = RevealForm(request.POST or None)
    context = {"respondent": person, "point": point, "rules": reach.shown(point).safe}
    if form.is_valid() and form.attempt(
        revealing.reveal, contact_point=point, **form.cleaned_data, by=request.user, now=request.now
    ):
        context |= {"shown": form.outcome, "seconds": SHOWN_FOR_SECONDS}
        response = render(request, "casework/number_shown.html", context)
        # Where no script runs, the browser itself leaves the page after the minute.
        response.headers["Refresh"] = f"{SHOWN_FOR_SECONDS}; url={reverse('casework:respondent', args=[pk])}"
        return response
    left = revealing.left_today(request.user, request.now)
    return form_page(request, "casework/show_number.html", form, left=left, **context)
