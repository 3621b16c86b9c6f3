"""Field staff's pages: asking a partner for a respondent, and taking it back on their word."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import requires
from accounts.keeping import form_page
from accounts.permissions import Permission
from consent.models import Wording
from consent.purposes import Purpose
from kernel import languages
from orientation import closing, requesting
from orientation.forms import RequestForm
from orientation.models import OrientationRequest
from tracker.models import Respondent


@require_GET
@requires(Permission.REVOKE_ORIENTATION)
def of_respondent(request: Any, respondent_id: UUID) -> HttpResponse:
    """The requests of one respondent, as a page or as a piece of one."""
    respondent = Respondent.objects.seen_by(request.user, pk=respondent_id)
    rows = OrientationRequest.objects.visible_to(request.user).filter(respondent=respondent)
    context = {
        "respondent": respondent,
        "requests": rows.select_related("partner", "service"),
        "may_ask": request.user.may(Permission.CHANGE_RESPONDENTS),
    }
    name = "orientation/_requests_of.html" if request.htmx else "orientation/of_respondent.html"
    return render(request, name, context)


@require_http_methods(["GET", "POST"])
@requires(Permission.CHANGE_RESPONDENTS)
def request(request: Any, respondent_id: UUID) -> HttpResponse:
    """Ask a partner for a respondent, in one of the three forms."""
    respondent = Respondent.objects.seen_by(request.user, pk=respondent_id)
    read_out = _words(request, respondent)
    form = RequestForm(
        request.POST or None, respondent=respondent, today=request.now.date(), initial={"wording": read_out}
    )
    if form.is_valid() and form.attempt(
        requesting.request, respondent=respondent, asked=form.asked(), by=request.user, now=request.now
    ):
        messages.success(
            request, _("The request is kept. Tell the person the reference or contact shown here.")
        )
        return redirect("orientation:of_respondent", respondent.pk)
    context = {"respondent": respondent, "wording": read_out, "languages": _languages()}
    return form_page(request, "orientation/request.html", form, **context)


@require_POST
@requires(Permission.REVOKE_ORIENTATION)
def revoke(request: Any, request_id: UUID) -> HttpResponse:
    """Take a request back on the person's word."""
    row = OrientationRequest.objects.select_related("respondent").seen_by(request.user, pk=request_id)
    closing.revoke(request=row, by=request.user, now=request.now)
    messages.success(request, _("The request is taken back. The partner can no longer see it."))
    return redirect("orientation:of_respondent", row.respondent_id)


def _words(request: Any, respondent: Respondent) -> Wording | None:
    """The words to read out: in the language asked for in the address, else the respondent's."""
    asked = request.GET.get("language", "")
    language = asked if languages.is_language(asked) else respondent.language
    found: Wording | None = Wording.objects.in_use(Purpose.ORIENTATION, language)
    return found


def _languages() -> list[tuple[str, str]]:
    """The languages that have approved words: code and name in the reader's language."""
    approved = Wording.objects.approved().filter(purpose=Purpose.ORIENTATION)
    codes = approved.order_by("language").values_list("language", flat=True).distinct()
    return [(code, languages.names(code, get_language() or "en")) for code in codes]
