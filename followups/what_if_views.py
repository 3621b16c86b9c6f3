"""The page that answers what another number of attempts would change."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from accounts.access import requires
from accounts.permissions import Permission
from accounts.requests import StaffRequest
from followups import what_if
from tracker.models import Study
from tracker.stages import Stage


@requires(Permission.EDIT_PLANS)
def plan_what_if(request: StaffRequest, study_pk: UUID) -> HttpResponse:
    """Now and then, side by side; nothing is changed by asking."""
    study = Study.objects.all().seen_by(request.user, pk=study_pk)
    caps = what_if.caps_of(study)
    form = what_if.WhatIfForm(request.GET or None, caps=caps, initial={"attempts": what_if.MOST_ATTEMPTS})
    answer = None
    if form.is_valid():
        asked = form.cleaned_data
        answer = what_if.answer(caps[Stage(asked["stage"])], asked["attempts"])
    return render(request, "followups/what_if.html", {"study": study, "form": form, "answer": answer})
