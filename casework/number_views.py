"""The pages about one person's numbers: a further one, when each is safe, and that one is not dialled any more."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from accounts.keeping import form_page
from accounts.permissions import Permission
from accounts.requests import StaffRequest
from casework import adding, correcting
from casework.number_forms import LearnedForm, NumberForm, SafeContactForm, TakeBackForm
from tracker.models import ContactPoint, Respondent

GET_POST = ["GET", "POST"]


@requires(Permission.CHANGE_RESPONDENTS)
@require_http_methods(GET_POST)
@sensitive_post_parameters()
@sensitive_variables("form")
def add_number(request: StaffRequest, pk: UUID) -> HttpResponse:
    """A further number; the answer is the same for every number."""
    person = Respondent.objects.seen_by(request.user, pk=pk)
    form = NumberForm(request.POST or None, is_asked=True)
    if form.is_valid() and form.attempt(
        adding.add_number, respondent=person, given=form.given, by=request.user, now=request.now
    ):
        told = _("The number is kept, sealed. It counts as tried once somebody has called it.")
        messages.success(request, told)
        return redirect("casework:respondent", pk)
    return form_page(request, "casework/add_number.html", form, respondent=person)


@requires(Permission.CHANGE_RESPONDENTS)
@require_http_methods(GET_POST)
@sensitive_post_parameters()
@sensitive_variables("form")
def safe_contact(request: StaffRequest, pk: UUID, point_pk: UUID) -> HttpResponse:
    """When and how one number is safe; what is sealed is replaced and never shown."""
    point = _point(request, pk, point_pk)
    form = SafeContactForm(request.POST or None, point=point)
    if form.is_valid() and form.attempt(
        correcting.change_safe_contact,
        contact_point=point,
        safe=form.safe,
        without=form.cleaned_data.get("without", ()),
        by=request.user,
        now=request.now,
    ):
        messages.success(request, _("Recorded. It counts from the next call on."))
        return redirect("casework:respondent", pk)
    return form_page(request, "casework/safe_contact.html", form, respondent=point.respondent, point=point)


@requires(Permission.CHANGE_RESPONDENTS)
@require_http_methods(GET_POST)
def set_aside(request: StaffRequest, pk: UUID, point_pk: UUID) -> HttpResponse:
    """A number that is not dialled any more."""
    point = _point(request, pk, point_pk)
    form = LearnedForm(request.POST or None)
    if form.is_valid() and form.attempt(
        correcting.set_aside, contact_point=point, **form.cleaned_data, by=request.user, now=request.now
    ):
        messages.success(request, _("Recorded. Nobody dials this number any more."))
        return redirect("casework:respondent", pk)
    return form_page(request, "casework/set_aside.html", form, respondent=point.respondent, point=point)


@requires(Permission.LIFT_HOLDS)
@require_http_methods(GET_POST)
def take_back(request: StaffRequest, pk: UUID, point_pk: UUID) -> HttpResponse:
    """A number that was set aside by a slip: a coordinator says why, and another one looks before anybody calls."""
    point = _point(request, pk, point_pk)
    form = TakeBackForm(request.POST or None)
    if form.is_valid() and form.attempt(
        correcting.take_back, contact_point=point, **form.cleaned_data, by=request.user, now=request.now
    ):
        messages.success(request, _("Recorded. Nobody calls before another coordinator has looked."))
        return redirect("casework:respondent", pk)
    return form_page(request, "casework/take_back.html", form, respondent=point.respondent, point=point)


def _point(request: StaffRequest, pk: UUID, point_pk: UUID) -> ContactPoint:
    """A number in use of somebody the reader may know of; else 404."""
    person = Respondent.objects.seen_by(request.user, pk=pk)
    points = ContactPoint.objects.select_related("respondent").in_use()
    point: ContactPoint = get_object_or_404(points, pk=point_pk, respondent=person)
    return point
