"""The pages of what a person may keep, to print or to copy by hand."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import requires
from accounts.permissions import Permission
from accounts.requests import StaffRequest
from casework import slips
from casework.slip_forms import ReferenceSlipForm, SlipForm
from tracker.models import Respondent


@requires(Permission.VIEW_RESPONDENTS)
@require_GET
def slip(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Their code."""
    person = Respondent.objects.all().seen_by(request.user, pk=pk)
    form = SlipForm(request.GET or None, spoken=person.language)
    found = slips.of_code(respondent=person, chosen=form.chosen, by=request.user, now=request.now)
    return render(request, "casework/slip.html", {"respondent": person, "form": form, "slip": found})


@requires(Permission.REVOKE_ORIENTATION)
@require_GET
def reference_slip(request: StaffRequest, pk: UUID, request_pk: UUID) -> HttpResponse:
    """The reference they say to a partner."""
    person = Respondent.objects.all().seen_by(request.user, pk=pk)
    form = ReferenceSlipForm(request.GET or None, spoken=person.language)
    found = slips.of_reference(
        respondent=person, request_id=request_pk, chosen=form.chosen, by=request.user, now=request.now
    )
    context = {"respondent": person, "form": form, "slip": found, "is_reference": True}
    return render(request, "casework/slip.html", context)
