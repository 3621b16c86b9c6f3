"""The pages about respondents who are in: the list, one person, and what is done for them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import requires
from accounts.keeping import form_page
from accounts.permissions import Permission
from accounts.requests import StaffRequest
from accounts.stepping_up import with_fresh_factor
from casework import listing, looking, moving, stopping, wishes, withdrawing
from casework.forms import (
    BarForm,
    BestTimeForm,
    LiftForm,
    MoveForm,
    PauseForm,
    SearchForm,
    StopForm,
    WithdrawForm,
)
from casework.receipts import Grade
from followups import resuming
from followups.models import Hold
from followups.models.restraints import LiftReason
from kernel.paging import ShortPaginator
from tracker.models import Respondent

GET_POST = ["GET", "POST"]


@requires(Permission.VIEW_RESPONDENTS)
@require_GET
def respondents(request: StaffRequest) -> HttpResponse:
    """Those of the reader's teams, by code; a code typed with a slip is told."""
    form = SearchForm(request.GET or None, by=request.user)
    people = form.people(request.user)
    page = ShortPaginator(people, listing.PAGE).get_page(request.GET.get("page"))
    if form.seeks_one:
        looking.found_by_code(list(page), by=request.user, now=request.now)
    asked = (
        Permission.IMPORT_CASES,
        Permission.ENROL,
        Permission.CHANGE_RESPONDENTS,
        Permission.ASK_BREAK_GLASS,
    )
    may = {f"may_{one.value}": request.user.may(one) for one in asked}
    context = {"page_obj": page, "lines": listing.lines_of(list(page)), **may}
    return form_page(request, "casework/respondents.html", form, **context)


@requires(Permission.VIEW_RESPONDENTS)
@require_GET
def respondent(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Everything about one person but how to reach them."""
    page = looking.look_at(respondent=_seen(request, pk), by=request.user, now=request.now)
    context = {
        "page": page,
        "may": {permission.value: request.user.may(permission) for permission in Permission},
        "bar_form": BarForm(respondent=page.respondent),
        "pause_form": PauseForm(),
        "best_time_form": BestTimeForm(respondent=page.respondent),
        "lift_reasons": LiftReason.choices,
    }
    return render(request, "casework/respondent.html", context)


@requires(Permission.CHANGE_RESPONDENTS)
@require_http_methods(GET_POST)
def move(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Where they are now, as they say."""
    person = _seen(request, pk)
    form = MoveForm(request.POST or None, respondent=person, now=request.now)
    if form.is_valid() and form.attempt(
        moving.move_stage, respondent=person, **form.move, by=request.user, now=request.now
    ):
        messages.success(request, form.sentence)
        return redirect("casework:respondent", pk)
    return form_page(request, "casework/move.html", form, respondent=person)


def _erases(request: StaffRequest) -> bool:
    """Whether this withdrawal is to erase here and now: stopping takes one step, and no second factor."""
    return request.POST.get("grade") != Grade.STOP and request.user.may(Permission.ERASE)


def _stop_first(request: StaffRequest, pk: UUID) -> str:
    """Contact stops and the wish is written down before anybody is asked who they are."""
    form = WithdrawForm(request.POST)
    is_heard = form.is_valid() and form.attempt(
        withdrawing.hear, respondent=_seen(request, pk), **form.cleaned_data, by=request.user, now=request.now
    )
    return _("Contact has stopped already, and the wish to be erased is written down.") if is_heard else ""


@requires(Permission.WITHDRAW)
@require_http_methods(GET_POST)
@with_fresh_factor(to=gettext_lazy("You are about to erase somebody."), when=_erases, first=_stop_first)
def withdraw(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Stop contact, and erase as much as the person wishes; the answer is their receipt."""
    person = _seen(request, pk)
    asked = withdrawing.grade_asked_for(person)
    form = WithdrawForm(request.POST or None, initial={"grade": asked})
    if form.is_valid() and form.attempt(
        withdrawing.withdraw, respondent=person, **form.cleaned_data, by=request.user, now=request.now
    ):
        return render(request, "casework/receipt.html", {"receipt": form.outcome, "respondent": person})
    may_erase = request.user.may(Permission.ERASE)
    return form_page(request, "casework/withdraw.html", form, respondent=person, may_erase=may_erase)


@requires(Permission.CHANGE_RESPONDENTS)
@require_POST
def bar(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Somebody they do not want to be called by."""
    person = _seen(request, pk)
    form = BarForm(request.POST, respondent=person)
    if form.is_valid() and form.attempt(
        wishes.bar_enumerator, respondent=person, **form.cleaned_data, by=request.user, now=request.now
    ):
        messages.success(request, _("Recorded. They will not be called by this person again."))
        return redirect("casework:respondent", pk)
    return form_page(request, "casework/bar.html", form, respondent=person)


@requires(Permission.CHANGE_RESPONDENTS)
@require_POST
def best_time(request: StaffRequest, pk: UUID) -> HttpResponse:
    """When they say they are best reached."""
    person = _seen(request, pk)
    form = BestTimeForm(request.POST, respondent=person)
    if form.is_valid() and form.attempt(
        wishes.state_best_time, respondent=person, **form.cleaned_data, by=request.user, now=request.now
    ):
        messages.success(request, _("Recorded. It is weighed with what calls have shown."))
        return redirect("casework:respondent", pk)
    return form_page(request, "casework/best_time.html", form, respondent=person)


@requires(Permission.CHANGE_RESPONDENTS)
@require_POST
def pause(request: StaffRequest, pk: UUID) -> HttpResponse:
    """A pause the person asks for; a day that cannot be comes back with a sentence."""
    person = _seen(request, pk)
    form = PauseForm(request.POST)
    if form.is_valid() and form.attempt(
        wishes.pause, respondent=person, **form.cleaned_data, by=request.user, now=request.now
    ):
        messages.success(request, _("Recorded. Nobody calls before that day."))
        return redirect("casework:respondent", pk)
    return form_page(request, "casework/pause.html", form, respondent=person)


@requires(Permission.LIFT_HOLDS)
@require_POST
def lift(request: StaffRequest, pk: UUID, hold_pk: UUID) -> HttpResponse:
    """Let calls go on; a hold that has to stay is told on the page where something can be done about it."""
    standing = Hold.objects.select_related("respondent").filter(respondent=_seen(request, pk))
    hold, form = get_object_or_404(standing, pk=hold_pk), LiftForm(request.POST)
    if form.is_valid() and form.attempt(
        resuming.resume, hold=hold, why=form.cleaned_data["why"], by=request.user, now=request.now
    ):
        messages.success(request, _("The hold is lifted."))
    else:
        messages.error(request, form.refusal or _("The hold stays. Say why it may be lifted."))
    return redirect("casework:respondent", pk)


@requires(Permission.RECORD_STOP)
@require_http_methods(GET_POST)
@sensitive_post_parameters()
@sensitive_variables("form")
def stop(request: StaffRequest) -> HttpResponse:
    """Somebody wants to be left alone; the answer is always the same."""
    form = StopForm(request.POST or None)
    if form.is_valid() and form.attempt(
        stopping.record_a_stop, **form.cleaned_data, by=request.user, now=request.now
    ):
        messages.success(request, form.outcome)
        return redirect("casework:stop")
    return form_page(request, "casework/stop.html", form)


def _seen(request: StaffRequest, pk: UUID) -> Respondent:
    """The respondent, if the reader may know of them; else 404."""
    person: Respondent = Respondent.objects.select_related("team", "usual_enumerator").seen_by(
        request.user, pk=pk
    )
    return person
