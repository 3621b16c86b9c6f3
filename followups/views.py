"""The enumerator's pages: today, the call card, the call, the outcome."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import requires
from accounts.keeping import form_page
from accounts.permissions import Permission
from accounts.requests import StaffRequest
from followups import card, explaining
from followups.calling import claiming, delivering, dialling, late, recording, revealing, unsafe
from followups.calling.claiming import HandBack
from followups.forms import HandBackForm, LateForm, OutcomeForm
from followups.models import Attempt, Claim, Dial, FollowUp
from followups.today import today_of
from kernel import zones


@requires(Permission.CALL)
@require_GET
def today(request: StaffRequest) -> HttpResponse:
    """What can be called now, and the one big action."""
    return render(request, "followups/today.html", {"today": today_of(request.user, request.now)})


@requires(Permission.CALL)
@require_POST
def next_call(request: StaffRequest) -> HttpResponse:
    """Take the next call."""
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
    if claim is None or not claim.is_live(request.now):
        return redirect("followups:today")
    shown = card.card_of(claim, request.now)
    form = OutcomeForm(attempt=shown.attempt, now=request.now) if shown.attempt else None
    return render(request, "followups/card.html", {"card": shown, "form": form, "hand_back": HandBackForm()})


@requires(Permission.CALL)
@require_POST
def dial(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Ask everything once more, then bridge the call or show one number once, with all that the call needs."""
    ordered = dialling.order(claim_id=pk, by=request.user, now=request.now)
    claim = get_object_or_404(
        Claim.objects.select_related("respondent", "follow_up__enrolment__study"), pk=pk
    )
    if ordered.dial is None:
        why = [explaining.sentence(one, claim.respondent) for one in ordered.refusals]
        return render(request, "followups/not_now.html", {"why": why, "claim": claim}, status=409)
    request.session.set_expiry(dialling.extension_of(claim))
    shown = card.card_of(claim, request.now)
    context = {"card": shown, "form": OutcomeForm(attempt=ordered.dial.attempt, now=request.now)}
    return render(request, "followups/call.html", context | _connect(request, ordered.dial))


@requires(Permission.CALL)
@require_POST
def outcome(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Take what happened, once; a refused entry keeps what was typed."""
    attempt = get_object_or_404(_attempts(request), pk=pk)
    form = OutcomeForm(request.POST, attempt=attempt, now=request.now)
    if form.is_valid() and form.attempt(
        recording.record, attempt_id=pk, heard=form.heard(), by=request.user, now=request.now
    ):
        return redirect("followups:recorded", pk)
    shown = card.card_of(attempt.claim, request.now)
    return form_page(request, "followups/outcome.html", form, card=shown, attempt=attempt)


@requires(Permission.CALL)
@require_GET
def outcome_owed(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The outcome form of a call whose lease is over: what happened is still taken, as a late attempt."""
    attempt = get_object_or_404(_attempts(request), pk=pk)
    form = OutcomeForm(attempt=attempt, now=request.now)
    shown = card.card_of(attempt.claim, request.now)
    return render(request, "followups/outcome.html", {"form": form, "card": shown, "attempt": attempt})


@requires(Permission.CALL)
@require_GET
def recorded(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What was recorded, and when the next call is planned."""
    attempt = get_object_or_404(_attempts(request), pk=pk)
    owed = FollowUp.objects.of(attempt.respondent).unfinished().order_by("opens_at").first()
    context = {"attempt": attempt, "owed": owed, "person": attempt.respondent}
    return render(request, "followups/recorded.html", context)


@requires(Permission.CALL)
@require_POST
def hand_back(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Give a call back before dialling."""
    form = HandBackForm(request.POST)
    why = form.cleaned_data["why"] if form.is_valid() else HandBack.CANNOT_NOW
    claim = get_object_or_404(
        Claim.objects.select_related("respondent", "follow_up"), pk=pk, enumerator=request.user
    )
    claiming.hand_back(claim=claim, why=why, by=request.user, now=request.now)
    return redirect("followups:today")


@requires(Permission.CALL)
@require_POST
def unsafe_now(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One tap: hold, and a page that says nothing."""
    unsafe.press(claim_id=pk, by=request.user, now=request.now)
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
    form = LateForm(request.POST or None)
    if form.is_valid() and form.attempt(
        late.complete_late,
        follow_up=follow_up,
        held_at=zones.at_local(form.cleaned_data["held_on"], late.NOON, follow_up.respondent.zones[0]),
        by=request.user,
        now=request.now,
    ):
        return redirect("casework:respondent", follow_up.respondent_id)
    return form_page(request, "followups/late.html", form, follow_up=follow_up, title=_("Complete late"))


def _mine(request: StaffRequest, pk: UUID) -> Claim | None:
    claims = Claim.objects.select_related("respondent", "follow_up__enrolment__study")
    return claims.filter(pk=pk, enumerator=request.user).first()


def _attempts(request: StaffRequest) -> QuerySet[Attempt]:
    return Attempt.objects.select_related(
        "claim__follow_up__enrolment__study", "claim__respondent", "respondent", "follow_up__enrolment__study"
    ).filter(enumerator=request.user)


def _connect(request: StaffRequest, dialled: Dial) -> dict[str, object]:
    """Show the number once, or have the gateway place the call; the words of safe contact come with either."""
    revealed = None
    if dialling.reveals(dialled):
        revealed = revealing.reveal(dial=dialled, by=request.user, now=request.now)
    else:
        dialled = delivering.deliver(dial_id=dialled.pk, now=request.now)
    point = revealing.point_of(dialled)
    return {
        "dial": dialled,
        "revealed": revealed,
        "words": card.words_of(point, by=request.user, now=request.now),
        "point": point,
        "survey_link": card.survey_link(dialled.attempt),
    }
