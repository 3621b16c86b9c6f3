"""The pages about studies and their rounds."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.keeping import form_page
from accounts.permissions import Permission
from accounts.requests import StaffRequest
from kernel import languages
from tracker import studies as use_cases
from tracker.forms import RoundForm, StudyForm
from tracker.models import Round, Study
from tracker.readiness import readiness_of

EDIT = Permission.EDIT_STUDIES


@requires(EDIT)
def studies(request: StaffRequest) -> HttpResponse:
    """Every study of the reader, open ones first."""
    rows = Study.objects.visible_to(request.user).open_first().prefetch_related("teams")
    context = {"studies": rows, "may_keep_calendars": request.user.may(Permission.EDIT_PLANS)}
    return render(request, "tracker/studies.html", context)


@requires(EDIT)
def study_new(request: StaffRequest) -> HttpResponse:
    form = StudyForm(request.POST or None, by=request.user)
    if form.is_valid() and form.attempt(
        use_cases.create_study, details=form.details, by=request.user, now=request.now
    ):
        return redirect("tracker:study", pk=form.outcome.pk)
    return form_page(request, "tracker/study_form.html", form, study=None, has_teams=form.has_teams)


@requires(EDIT)
def study(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One study: what it is, and whether it is ready."""
    one = Study.objects.all().seen_by(request.user, pk=pk)
    rounds = Round.objects.visible_to(request.user).filter(study=one)
    readiness = readiness_of(one)
    context = {
        "study": one,
        "rounds": rounds,
        "teams": one.teams.all(),
        "readiness": readiness,
        "spoken": [(_name(spoken.code), spoken) for spoken in readiness.spoken],
        "uncovered": [(_name(cell.language), cell) for cell in readiness.uncovered],
        "may_word": request.user.may(Permission.DRAFT_WORDINGS)
        or request.user.may(Permission.APPROVE_WORDINGS),
    }
    return render(request, "tracker/study.html", context)


@requires(EDIT)
def study_change(request: StaffRequest, pk: UUID) -> HttpResponse:
    one = Study.objects.all().seen_by(request.user, pk=pk)
    form = StudyForm(request.POST or None, by=request.user, study=one)
    if form.is_valid() and form.attempt(
        use_cases.change_study, study=one, details=form.details, by=request.user, now=request.now
    ):
        return redirect("tracker:study", pk=pk)
    return form_page(request, "tracker/study_form.html", form, study=one, has_teams=True)


@requires(EDIT)
@require_POST
def study_close(request: StaffRequest, pk: UUID) -> HttpResponse:
    one = Study.objects.all().seen_by(request.user, pk=pk)
    use_cases.close_study(study=one, by=request.user, now=request.now)
    return redirect("tracker:study", pk=pk)


@requires(EDIT)
@require_POST
def study_reopen(request: StaffRequest, pk: UUID) -> HttpResponse:
    one = Study.objects.all().seen_by(request.user, pk=pk)
    use_cases.reopen_study(study=one, by=request.user, now=request.now)
    return redirect("tracker:study", pk=pk)


@requires(EDIT)
def rounds(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The waves of a calendar study, and room for the next or for other dates of one not yet issued."""
    one = Study.objects.all().seen_by(request.user, pk=pk)
    waves = Round.objects.visible_to(request.user).filter(study=one)
    form = RoundForm(request.POST or None, initial={"number": waves.count() + 1})
    if form.is_valid() and form.attempt(
        use_cases.set_round, study=one, by=request.user, now=request.now, **form.cleaned_data
    ):
        return redirect("tracker:rounds", pk=pk)
    return form_page(request, "tracker/rounds.html", form, study=one, rounds=waves)


def _name(code: str) -> str:
    return languages.names(code, get_language() or "en")
