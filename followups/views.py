"""The enumerator's pages: today, the call card, the call, the outcome."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import requires
from accounts.keeping import form_page
from accounts.permissions import Permission
from accounts.requests import StaffRequest
from followups import card, explaining
from followups.calling import claiming, delivering, dialling, late, recording, revealing, unsafe
from followups.calling.claiming import HandBack
from followups.days import days_of
from followups.forms import AfterForm, HandBackForm, LateForm
from followups.models import Attempt, Claim, Dial, FollowUp
from followups.outcome_form import OutcomeForm
from followups.today import today_of


@requires(Permission.CALL)
@require_GET
def today(request: StaffRequest) -> HttpResponse:
    """What can be called now, and the one big action."""
    return render(request, "followups/today.html", {"today": today_of(request.user, request.now)})


@requires(Permission.CALL)
def next_call(request: StaffRequest) -> HttpResponse:
    """Take the next call. An address opened again by the browser takes nobody to a second one."""
    if request.method != "POST":
        return redirect("followups:today")
    claim = claiming.next_call(by=request.user, now=request.now)
    return redirect("followups:card", claim.pk) if claim else redirect("followups:nothing")


@requires(Permission.CALL)
@require_GET
def nothing(request: StaffRequest) -> HttpResponse:
    """Nobody can be called at this moment, and why."""
    return render(request, "followups/nothing.html", {"today": today_of(request.user, request.now)})


@requires(Permission.CALL)
@require_GET
def call_card(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The card of a live claim; an outcome that is still owed comes with it."""
    claim = _mine(request, pk)
    if not claim.is_live(request.now):
        return redirect("followups:today")
    context = {"card": card.card_of(claim, request.now), "before": AfterForm()}
    return render(request, "followups/card.html", context)


@requires(Permission.CALL)
def dial(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Ask everything once more, then bridge the call or show one number once, with all that the call needs."""
    claim = _mine(request, pk)
    if request.method != "POST":
        return redirect("followups:card", pk)
    before = AfterForm(request.POST)
    ordered = dialling.order(
        claim_id=pk, by=request.user, now=request.now, after=before.dial(), gave=before.outcome()
    )
    if ordered.refusals:
        why = [explaining.sentence(one, claim.respondent) for one in ordered.refusals]
        context = {"why": why, "claim": claim, "attempt": claim.attempts.without_outcome().first()}
        return render(request, "followups/not_now.html", context, status=409)
    if ordered.dial is None:
        return redirect("followups:card", pk)
    request.session.set_expiry(dialling.extension_of(claim))
    return render(request, "followups/call.html", _in_call(request, claim, ordered.dial))


@requires(Permission.CALL)
def outcome(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Ask what happened and take it, once, also when the lease is over; a refused entry keeps what was typed."""
    attempt = get_object_or_404(_attempts(request), pk=pk)
    typed = request.POST if request.method == "POST" else None
    form = OutcomeForm(typed, attempt=attempt, now=request.now)
    if form.is_valid() and form.attempt(
        recording.record, attempt_id=pk, heard=form.heard(), by=request.user, now=request.now
    ):
        end_extension(request)
        return redirect("followups:recorded", pk)
    shown = card.card_of(attempt.claim, request.now)
    context = {"card": shown, "attempt": attempt, "survey_link": card.survey_link(attempt)}
    context["before"] = AfterForm()
    return form_page(request, "followups/outcome.html", form, **context)


@requires(Permission.CALL)
@require_GET
def recorded(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What was recorded, and when the next call is planned."""
    attempt = get_object_or_404(_attempts(request), pk=pk)
    owed = FollowUp.objects.of(attempt.respondent).unfinished().order_by("opens_at").first()
    person = attempt.respondent
    promised = owed and owed.appointments.open().first()
    context = {"attempt": attempt, "owed": owed, "promised": promised, "person": person}
    context["days"] = owed and days_of(owed, person)
    return render(request, "followups/recorded.html", context)


@requires(Permission.CALL)
def hand_back(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Give a call back before dialling."""
    claim = _mine(request, pk)
    if request.method != "POST":
        return redirect("followups:card", pk)
    form = HandBackForm(request.POST)
    why = form.cleaned_data["why"] if form.is_valid() else HandBack.CANNOT_NOW
    claiming.hand_back(claim=claim, why=why, by=request.user, now=request.now)
    messages.success(request, _("Given back. Somebody else can call them now."))
    return redirect("followups:today")


@requires(Permission.CALL)
def unsafe_now(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One tap: hold, and a page that says nothing."""
    if request.method == "POST":
        unsafe.press(claim_id=pk, by=request.user, now=request.now)
        end_extension(request)
    return redirect("followups:blank")


@requires(Permission.CALL)
@require_GET
def blank(request: StaffRequest) -> HttpResponse:
    """A page anyone may see."""
    return render(request, "followups/blank.html")


@requires(Permission.CHANGE_RESPONDENTS)
def complete_late(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Record an interview made outside the queue for a follow-up that was missed or is owed."""
    follow_up = FollowUp.objects.with_facts().seen_by(request.user, pk=pk)
    zone_name = follow_up.respondent.likeliest_zone
    form = LateForm(request.POST or None, zone_name=zone_name, now=request.now)
    if form.is_valid() and form.attempt(
        late.complete_late,
        follow_up=follow_up,
        held_at=form.held_at,
        by=request.user,
        now=request.now,
    ):
        return redirect("casework:respondent", follow_up.respondent_id)
    days = days_of(follow_up, follow_up.respondent)
    return form_page(
        request, "followups/late.html", form, follow_up=follow_up, days=days, title=_("Complete late")
    )


def end_extension(request: StaffRequest) -> None:
    """The call is over: the session ends again when it is left idle."""
    request.session.set_expiry(None)


def _mine(request: StaffRequest, pk: UUID) -> Claim:
    """The caller's own claim, else 404: nobody learns of a colleague's."""
    claims = Claim.objects.select_related("respondent", "follow_up__enrolment__study")
    claim: Claim = get_object_or_404(claims, pk=pk, enumerator=request.user)
    return claim


def _attempts(request: StaffRequest) -> QuerySet[Attempt]:
    return Attempt.objects.select_related(
        "claim__follow_up__enrolment__study", "claim__respondent", "respondent", "follow_up__enrolment__study"
    ).filter(enumerator=request.user)


def _in_call(request: StaffRequest, claim: Claim, dialled: Dial) -> dict[str, object]:
    """All of the call in one answer: the number once, or the gateway's word, the words of safe contact, the outcome."""
    revealed = None
    if dialling.reveals(dialled):
        revealed = revealing.reveal(dial=dialled, by=request.user, now=request.now)
    else:
        dialled = delivering.deliver(dial_id=dialled.pk, now=request.now)
    point = revealing.point_of(dialled)
    claim.refresh_from_db(fields=["expires_at"])
    return {
        "card": card.card_of(claim, request.now),
        "form": OutcomeForm(attempt=dialled.attempt, now=request.now),
        "dial": dialled,
        "revealed": revealed,
        "network_word": card.network_word(dialled),
        "heard": card.practice_voice(dialled),
        "before": AfterForm(),
        "words": card.words_of(point, by=request.user, now=request.now),
        "point": point,
        "survey_link": card.survey_link(dialled.attempt),
    }
