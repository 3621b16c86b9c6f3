"""Setting up partners: who they are, what they offer, who checked it, who reads for them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import requires
from accounts.permissions import Permission
from orientation import partners as setting_up
from orientation.forms import FocalPointForm, PartnerForm, ServiceForm
from orientation.models import FocalPoint, Partner, Service


@require_GET
@requires(Permission.EDIT_PARTNERS)
def partners(request: Any) -> HttpResponse:
    """Every partner, with what it offers today."""
    rows = Partner.objects.visible_to(request.user).with_counts_on(request.now.date())
    return render(request, "orientation/partners.html", {"partners": rows, "today": request.now.date()})


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PARTNERS)
def new_partner(request: Any) -> HttpResponse:
    return _partner_form(request, Partner(), _("New partner"))


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PARTNERS)
def change_partner(request: Any, partner_id: UUID) -> HttpResponse:
    return _partner_form(request, Partner.objects.seen_by(request.user, pk=partner_id), _("Change partner"))


@require_GET
@requires(Permission.EDIT_PARTNERS)
def partner(request: Any, partner_id: UUID) -> HttpResponse:
    """One partner: its services with their verification, and its focal points."""
    return _partner_page(request, Partner.objects.seen_by(request.user, pk=partner_id), FocalPointForm())


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PARTNERS)
def new_service(request: Any, partner_id: UUID) -> HttpResponse:
    owner = Partner.objects.seen_by(request.user, pk=partner_id)
    return _service_form(request, Service(partner=owner), _("New service"))


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PARTNERS)
def change_service(request: Any, service_id: UUID) -> HttpResponse:
    return _service_form(request, Service.objects.seen_by(request.user, pk=service_id), _("Change service"))


@require_POST
@requires(Permission.EDIT_PARTNERS)
def verify(request: Any, service_id: UUID) -> HttpResponse:
    service = Service.objects.seen_by(request.user, pk=service_id)
    setting_up.verify(service=service, by=request.user, now=request.now)
    messages.success(request, _("Verified today. It can be offered until the day shown."))
    return redirect("orientation:partner", service.partner_id)


@require_POST
@requires(Permission.EDIT_PARTNERS)
def assign(request: Any, partner_id: UUID) -> HttpResponse:
    owner = Partner.objects.seen_by(request.user, pk=partner_id)
    form = FocalPointForm(request.POST)
    if not form.is_valid():
        return _partner_page(request, owner, form)
    setting_up.assign(partner=owner, user=form.cleaned_data["user"], by=request.user, now=request.now)
    messages.success(request, _("They can now read the requests meant for this partner."))
    return redirect("orientation:partner", owner.pk)


@require_POST
@requires(Permission.EDIT_PARTNERS)
def unassign(request: Any, focal_point_id: UUID) -> HttpResponse:
    place = FocalPoint.objects.seen_by(request.user, pk=focal_point_id)
    setting_up.unassign(focal_point=place, by=request.user, now=request.now)
    messages.success(request, _("They can no longer read the requests of this partner."))
    return redirect("orientation:partner", place.partner_id)


def _partner_form(request: Any, row: Partner, heading: str) -> HttpResponse:
    form = PartnerForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        setting_up.save(partner=form.instance, by=request.user, now=request.now)
        messages.success(request, _("The partner is saved."))
        return redirect("orientation:partner", row.pk)
    context = {"form": form, "heading": heading, "back": "orientation:partners"}
    return render(request, "orientation/partner_form.html", context, status=422 if form.is_bound else 200)


def _service_form(request: Any, row: Service, heading: str) -> HttpResponse:
    form = ServiceForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        setting_up.save_service(service=form.instance, by=request.user, now=request.now)
        messages.success(request, _("The service is saved. It can be offered once somebody has verified it."))
        return redirect("orientation:partner", row.partner_id)
    context = {"form": form, "heading": heading, "partner": row.partner}
    return render(request, "orientation/service_form.html", context, status=422 if form.is_bound else 200)


def _partner_page(request: Any, row: Partner, form: FocalPointForm) -> HttpResponse:
    context = {
        "partner": row,
        "services": row.services.all(),
        "focal_points": row.focal_points.select_related("user"),
        "form": form,
        "today": request.now.date(),
    }
    return render(request, "orientation/partner.html", context, status=422 if form.is_bound else 200)
