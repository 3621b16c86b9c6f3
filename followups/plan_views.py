"""The pages about a study's plan."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.keeping import form_page
from accounts.permissions import Permission
from accounts.requests import StaffRequest
from followups import plans, replanning
from followups.models import Plan
from followups.plan_forms import PlanForm
from followups.plan_preview import preview_of
from followups.plan_rows import rows_of
from followups.scheduling.rules import DEFAULT_RULES
from tracker.models import Study

EDIT, READ = Permission.EDIT_PLANS, Permission.EDIT_STUDIES


@requires(EDIT, READ)
def plan(request: StaffRequest, study_pk: UUID, version: int | None = None) -> HttpResponse:
    """The plan in force, or one of its earlier versions, and the history."""
    study = Study.objects.all().seen_by(request.user, pk=study_pk)
    history = Plan.objects.visible_to(request.user).of(study).select_related("made_by", "replanning")
    shown = history.first() if version is None else get_object_or_404(history, version=version)
    context = {
        "study": study,
        "plan": shown,
        "history": history,
        "rows": rows_of(plans.rules_of(shown) if shown else DEFAULT_RULES),
        "may_edit": request.user.may(EDIT),
    }
    return render(request, "followups/plan.html", context)


@requires(EDIT)
def plan_edit(request: StaffRequest, study_pk: UUID) -> HttpResponse:
    """All stages in one form; saving makes a new version."""
    study = Study.objects.all().seen_by(request.user, pk=study_pk)
    newest = Plan.objects.current(study)
    rules, version = (plans.rules_of(newest), newest.version) if newest else (DEFAULT_RULES, 0)
    form = PlanForm(request.POST or None, rules=rules, version=version)
    preview = None
    if form.is_valid() and form.is_a_look:
        preview = preview_of(study, form.rules, by=request.user, now=request.now)
    elif form.is_valid() and form.attempt(form.use_case, **form.arguments(study, request.user, request.now)):
        return redirect("followups:plan", study_pk=study_pk)
    context = {"study": study, "is_first": newest is None, "preview": preview}
    return form_page(request, "followups/plan_edit.html", form, **context)


@requires(EDIT)
@require_POST
def plan_apply(request: StaffRequest, study_pk: UUID, version: int) -> HttpResponse:
    """Let what is planned move to this version, the newest."""
    study = Study.objects.all().seen_by(request.user, pk=study_pk)
    newest = Plan.objects.visible_to(request.user).of(study)
    replanning.apply_plan(plan=get_object_or_404(newest, version=version), by=request.user, now=request.now)
    return redirect("followups:plan", study_pk=study_pk)


@requires(EDIT, READ)
def plan_status(request: StaffRequest, study_pk: UUID) -> HttpResponse:
    """One line for the study's page: whether there is a plan."""
    study = Study.objects.all().seen_by(request.user, pk=study_pk)
    context = {"study": study, "plan": Plan.objects.current(study), "may_edit": request.user.may(EDIT)}
    return render(request, "followups/_plan_status.html", context)
