"""The pages about wordings: what exists, what is missing, and the second person's yes."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.keeping import form_page
from accounts.permissions import Permission
from accounts.requests import StaffRequest
from consent import wordings as use_cases
from consent.coverage import Cell, coverage, languages_in_view
from consent.forms import DraftForm, LanguagesForm
from consent.models import Wording
from consent.purposes import Purpose
from kernel import languages
from kernel.errors import NotFound

DRAFT, APPROVE = Permission.DRAFT_WORDINGS, Permission.APPROVE_WORDINGS


@requires(DRAFT, APPROVE)
def wordings(request: StaffRequest) -> HttpResponse:
    """Every purpose in every language in view, and what is missing."""
    form = LanguagesForm(request.GET)
    chosen = form.chosen() or languages_in_view(Wording.objects.visible_to(request.user))
    context = {
        "form": form,
        "languages": [(languages.language(code), _language_name(code)) for code in chosen],
        "rows": [(row[0].purpose, _named(row)) for row in coverage(chosen) if row],
        "waiting": [(one, _language_name(one.language)) for one in _waiting(request)],
    }
    return render(request, "consent/wordings.html", context)


@requires(DRAFT, APPROVE)
def wording(request: StaffRequest, purpose: str, language: str) -> HttpResponse:
    """The words for one purpose in one language: every version, and room for the next."""
    about = _purpose(purpose)
    form = DraftForm(request.POST or None, language=_language(language))
    may_draft = request.user.may(DRAFT)
    if request.method == "POST" and may_draft and form.is_valid():
        typed = {"purpose": about, "language": language, "text": form.cleaned_data["text"]}
        if form.attempt(use_cases.draft, **typed, by=request.user, now=request.now):
            return redirect("consent:wording", purpose=purpose, language=language)
    context = {
        "purpose": about,
        "language": languages.language(language),
        "language_name": _language_name(language),
        "versions": Wording.objects.visible_to(request.user).in_versions(about, language),
        "may_draft": may_draft,
        "may_approve": request.user.may(APPROVE),
    }
    return form_page(request, "consent/wording.html", form, **context)


@requires(APPROVE)
@require_POST
def approve(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The second person's yes."""
    draft = Wording.objects.all().seen_by(request.user, pk=pk)
    use_cases.approve(wording=draft, by=request.user, now=request.now)
    return redirect("consent:wording", purpose=draft.purpose, language=draft.language)


def _purpose(value: str) -> Purpose:
    if value not in Purpose.values:
        raise NotFound(
            "unknown_purpose", _("There is no such purpose."), next_step=_("Choose one from the list.")
        )
    return Purpose(value)


def _language(code: str) -> str:
    if not languages.is_language(code):
        raise NotFound(
            "unknown_language",
            _("This is not one of the panel’s languages."),
            next_step=_("Choose one from the list."),
        )
    return code


def _waiting(request: StaffRequest) -> list[Wording]:
    rows = Wording.objects.visible_to(request.user).waiting_for(request.user)
    return list(rows.select_related("drafted_by").order_by("drafted_at"))


def _named(row: list[Cell]) -> list[tuple[str, Cell]]:
    return [(_language_name(cell.language), cell) for cell in row]


def _language_name(code: str) -> str:
    return languages.names(code, get_language() or "en")
