"""The pages on which people come in: enrolling one, importing a list."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import requires
from accounts.keeping import form_page
from accounts.permissions import Permission
from accounts.requests import StaffRequest
from casework import enrolling, importing
from casework.enrol_forms import EnrolForm, StartForm
from casework.forms import ImportForm
from tracker.models import Study

EXAMPLE = settings.BASE_DIR / "docs" / "examples" / "cases_mobilizer.toml"


@requires(Permission.ENROL)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@sensitive_variables("form")
def enrol(request: StaffRequest) -> HttpResponse:
    """First study and language, which decide the words to read out; then the person, on one page."""
    start = StartForm(request.GET or None, by=request.user)
    if not start.is_valid():
        return render(request, "casework/enrol_start.html", {"form": start})
    form = EnrolForm(request.POST or None, by=request.user, **start.cleaned_data)
    if form.is_valid() and form.attempt(enrolling.enrol, form=form.joining, by=request.user, now=request.now):
        messages.success(request, form.outcome.sentence)
        return redirect("casework:respondent", form.outcome.respondent.pk)
    return form_page(request, "casework/enrol.html", form, start=start.cleaned_data)


@requires(Permission.IMPORT_CASES)
@require_http_methods(["GET", "POST"])
@sensitive_variables("form")
def import_list(request: StaffRequest) -> HttpResponse:
    """A call list with its mapping: checked first, then read in. The files are kept nowhere."""
    studies = Study.objects.visible_to(request.user).open()
    asked = {name: request.GET[name] for name in ("study", "is_real") if name in request.GET}
    form = ImportForm(request.POST or None, request.FILES or None, studies=studies, initial=asked)
    if form.is_valid() and form.attempt(
        importing.import_cases, **form.listed, by=request.user, now=request.now
    ):
        context = {"report": form.outcome, "is_dry_run": not form.cleaned_data["is_real"]}
        context["study"] = form.cleaned_data["study"]
        return render(request, "casework/imported.html", context)
    return form_page(request, "casework/import.html", form)


@requires(Permission.IMPORT_CASES)
@require_GET
def example_mapping(request: StaffRequest) -> HttpResponse:
    """A mapping to start from, with a line on each key."""
    answer = HttpResponse(EXAMPLE.read_text(), content_type="application/toml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="example-mapping.toml"'
    return answer
