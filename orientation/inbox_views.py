"""The focal point's pages: what waits, one request as a letter, and what can be done with it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import requires
from accounts.permissions import Permission
from orientation import handling, letters, opening
from orientation.forms import CloseForm, DeclineForm
from orientation.letters import LONGEST_INBOX
from orientation.models import Partner

SHOWN_SECONDS = 60


@require_GET
@requires(Permission.HANDLE_ORIENTATION)
def inbox(request: Any) -> HttpResponse:
    """What waits for this focal point, overdue first."""
    waiting = letters.inbox(by=request.user, now=request.now)
    context = {
        "letters": waiting,
        "is_full": len(waiting) == LONGEST_INBOX,
        "is_reader": Partner.objects.visible_to(request.user).exists(),
    }
    return render(request, "orientation/inbox.html", context)


@require_GET
@requires(Permission.HANDLE_ORIENTATION)
def letter(request: Any, request_id: UUID) -> HttpResponse:
    """One request as its partner may read it now."""
    return _letter(request, request_id, CloseForm(), DeclineForm())


@require_POST
@requires(Permission.HANDLE_ORIENTATION)
def acknowledge(request: Any, request_id: UUID) -> HttpResponse:
    handling.acknowledge(request_id=request_id, by=request.user, now=request.now)
    messages.success(request, _("Thank you. The request is marked as received."))
    return redirect("orientation:letter", request_id)


@require_POST
@requires(Permission.HANDLE_ORIENTATION)
def act(request: Any, request_id: UUID) -> HttpResponse:
    handling.act(request_id=request_id, by=request.user, now=request.now)
    messages.success(request, _("It is recorded that you have acted."))
    return redirect("orientation:letter", request_id)


@require_POST
@requires(Permission.HANDLE_ORIENTATION)
def close(request: Any, request_id: UUID) -> HttpResponse:
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _letter(request, request_id, form, DeclineForm())
    handling.close(
        request_id=request_id, outcome=form.cleaned_data["outcome"], by=request.user, now=request.now
    )
    messages.success(request, _("The request is closed, and what was shared with you is gone."))
    return redirect("orientation:inbox")


@require_POST
@requires(Permission.HANDLE_ORIENTATION)
def decline(request: Any, request_id: UUID) -> HttpResponse:
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _letter(request, request_id, CloseForm(), form)
    handling.decline(
        request_id=request_id, reason=form.cleaned_data["reason"], by=request.user, now=request.now
    )
    messages.success(request, _("The request is declined, and what was shared with you is gone."))
    return redirect("orientation:inbox")


@require_POST
@requires(Permission.HANDLE_ORIENTATION)
def note(request: Any, request_id: UUID) -> HttpResponse:
    """The note, once, for a minute."""
    text = opening.note(request_id=request_id, by=request.user, now=request.now)
    return _opened(request, request_id, {"note": text})


@require_POST
@requires(Permission.HANDLE_ORIENTATION)
def contact(request: Any, request_id: UUID) -> HttpResponse:
    """The one agreed number, once, for a minute."""
    number = opening.contact(request_id=request_id, by=request.user, now=request.now)
    return _opened(request, request_id, {"number": number})


def _letter(request: Any, request_id: UUID, close_form: CloseForm, decline_form: DeclineForm) -> HttpResponse:
    found = letters.read(request_id=request_id, by=request.user, now=request.now)
    bound = close_form.is_bound or decline_form.is_bound
    context = {"letter": found, "close_form": close_form, "decline_form": decline_form}
    return render(request, "orientation/letter.html", context, status=422 if bound else 200)


def _opened(request: HttpRequest, request_id: UUID, what: dict[str, str]) -> HttpResponse:
    """A page that leaves by itself; the header works without JavaScript."""
    page = render(
        request, "orientation/opened.html", {"request_id": request_id, "seconds": SHOWN_SECONDS, **what}
    )
    page["Refresh"] = f"{SHOWN_SECONDS}; url={reverse('orientation:letter', args=(request_id,))}"
    return page
