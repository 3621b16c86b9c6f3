"""The pages about somebody who contacted us, and about the search for somebody."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from accounts.keeping import form_page
from accounts.permissions import Permission
from accounts.requests import StaffRequest
from casework import received, received_unnamed
from casework.received_forms import ReceivedForm, SaidForm
from followups import tracing
from tracker.models import Respondent

GET_POST = ["GET", "POST"]


@requires(Permission.CHANGE_RESPONDENTS)
@require_http_methods(GET_POST)
@sensitive_post_parameters()
@sensitive_variables("form")
def contacted(request: StaffRequest, pk: UUID) -> HttpResponse:
    """They contacted us: how, when to call back, a new number."""
    person = Respondent.objects.seen_by(request.user, pk=pk)
    form = ReceivedForm(request.POST or None, respondent=person)
    if form.is_valid() and form.attempt(
        received.record_contact_received, respondent=person, word=form.word, by=request.user, now=request.now
    ):
        messages.success(request, form.outcome.sentence)
        return redirect("casework:respondent", pk)
    return form_page(request, "casework/contacted.html", form, respondent=person)


@requires(Permission.CHANGE_RESPONDENTS)
@require_http_methods(GET_POST)
@sensitive_post_parameters()
@sensitive_variables("form")
def contacted_by(request: StaffRequest) -> HttpResponse:
    """Somebody contacted us, and we have their code or the number they called from; the answer is always the same."""
    form = SaidForm(request.POST or None)
    if form.is_valid() and form.attempt(
        received_unnamed.record_said, **form.cleaned_data, by=request.user, now=request.now
    ):
        messages.success(request, form.outcome)
        return redirect("casework:contacted_by")
    return form_page(request, "casework/contacted_by.html", form)


@requires(Permission.MOVE_WORK)
@require_POST
def look_for(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Have somebody looked for by their other routes, or end the search."""
    person = Respondent.objects.seen_by(request.user, pk=pk)
    if request.POST.get("end"):
        tracing.call_off(respondent=person, by=request.user, now=request.now)
        messages.success(request, _("The search is over. Calls go on as before it."))
    else:
        tracing.ask_for(respondent=person, by=request.user, now=request.now)
        messages.success(request, _("They are being looked for from now on, one route after the other."))
    return redirect("casework:respondent", pk)
