"""Recording what came of a call: once, whenever it arrives, with everything that follows from it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from consent import recording as ledger
from consent.folding import Decision
from consent.models import Mode, Wording
from consent.purposes import FOR_A_CALL, Purpose
from consent.recording import Said
from followups import holding, planning, stopping
from followups.calling import checking
from followups.calling.heard import Heard
from followups.dispositions import disposition
from followups.models import Appointment, Attempt, BarredEnumerator, Claim, Dial, FollowUp
from followups.models.claims import ClaimEnd
from followups.models.follow_ups import LIVE, Ended, State
from followups.models.restraints import AppointmentState, HoldKind
from followups.rounds import code_of_round
from followups.scheduling.outcomes import Disposition, FollowUpOutcome, follow_up_after
from followups.scheduling.situation import FIRM_TOLERANCE
from kernel.errors import NotFound
from tracker import journeys, reaching
from tracker.models import ContactPoint, Respondent
from tracker.models.respondents import Status
from tracker.number_status import NumberStatus

ENDS_CONTACT_AS = {"deceased": Status.DECEASED, "minor": Status.INELIGIBLE}
CLOSES_AS = {"detained": Ended.NOT_CALLABLE_STAGE, "unable": Ended.UNABLE, "not_this_round": Ended.REFUSED}


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording led to: whether the lease was over, whether it had been recorded before, and what is owed next."""

    attempt: Attempt
    is_late: bool
    was_known: bool
    next_follow_up: FollowUp | None


def record(*, attempt_id: UUID, heard: Heard, by: User, now: datetime) -> Recorded:
    """Take the outcome of a sitting. The same outcome sent twice is taken once; one that is late is kept as late.

    Raises `no_such_call` for somebody else's sitting, and what `checking.check` raises, before anything is written.
    """
    with transaction.atomic():
        attempt = _locked(attempt_id, by)
        if attempt.recorded_at is not None:
            return Recorded(attempt, attempt.is_late, True, _owed(attempt))
        checking.check(attempt, heard, now)
        is_late = not attempt.claim.is_live(now)
        _write(attempt, heard, is_late, now)
        _follow(attempt, heard, by, now)
        _leave_trace(attempt, heard, is_late, by, now)
        return Recorded(attempt, is_late, False, _owed(attempt))


def _locked(attempt_id: UUID, by: User) -> Attempt:
    attempt = (
        Attempt.objects.select_for_update(of=("self",))
        .select_related("claim", "respondent", "follow_up__rule", "follow_up__enrolment__study")
        .filter(pk=attempt_id, enumerator=by)
        .first()
    )
    if attempt is None:
        raise NotFound(
            "no_such_call",
            _("There is no call of yours to record this for."),
            next_step=_("Go to your first page and take the next call."),
        )
    return attempt


def _write(attempt: Attempt, heard: Heard, is_late: bool, now: datetime) -> None:
    outcome = disposition(heard.disposition)
    attempt.recorded_at, attempt.disposition, attempt.aapor = now, outcome.code, outcome.aapor
    attempt.was_reached, attempt.is_late = outcome.is_reached, is_late
    attempt.counts_as_burden = outcome.counts_as_burden
    attempt.save(
        update_fields=["recorded_at", "disposition", "aapor", "was_reached", "is_late", "counts_as_burden"]
    )
    last = attempt.dials.last()
    if last is not None:
        Dial.objects.filter(pk=last.pk).update(result=outcome.code, counts_as_burden=outcome.counts_as_burden)
    Claim.objects.filter(pk=attempt.claim_id).end(ClaimEnd.OUTCOME, now)


def _follow(attempt: Attempt, heard: Heard, by: User, now: datetime) -> None:
    """Everything an outcome leads to, permission first: what takes it away is never skipped for being late."""
    person, outcome = attempt.respondent, disposition(heard.disposition)
    _mark_number(attempt, outcome, by, now)
    _write_consents(person, heard, by, now)
    if outcome.ends_contact or heard.recontact is False:
        status = ENDS_CONTACT_AS.get(outcome.code, Status.STOPPED)
        if outcome.follow_up is FollowUpOutcome.DONE:
            complete(attempt.follow_up, now)
        stopping.stop_contact(respondent=person, mode=Mode.PHONE, by=by, now=now, status=status)
        return
    _hold(person, outcome, now, by)
    _settle_appointments(attempt, heard, by, now)
    _move_follow_up(attempt, outcome, now)
    _remember_caller(attempt, heard, outcome, by, now)
    _move_on(person, heard, by, now)


def _mark_number(attempt: Attempt, outcome: Disposition, by: User, now: datetime) -> None:
    """What the outcome says of the number that was dialled last, for everyone who shares it."""
    last = attempt.dials.last()
    point = ContactPoint.objects.filter(pk=last.contact_point_id).first() if last else None
    if point is None:
        return
    if outcome.is_reached and not point.was_confirmed:
        ContactPoint.objects.filter(pk=point.pk).update(was_confirmed=True)
    if outcome.number_effect is not None and point.status != outcome.number_effect:
        reaching.mark_status(contact_point=point, status=outcome.number_effect, by=by, now=now)
    elif outcome.is_reached and point.status == NumberStatus.UNVERIFIED:
        reaching.mark_status(contact_point=point, status=NumberStatus.ACTIVE, by=by, now=now)


def _write_consents(person: Respondent, heard: Heard, by: User, now: datetime) -> None:
    said = [*_answer(Purpose.INTERVIEW, heard.interview, person, now)]
    if heard.recontact:
        for purpose in FOR_A_CALL:
            said += _answer(purpose, True, person, now)
    if said:
        ledger.record_all(
            respondent_id=person.pk, audit_ref=person.audit_ref, said=tuple(said), by=by, now=now
        )


def _answer(purpose: Purpose, answer: bool | None, person: Respondent, now: datetime) -> list[Said]:
    if answer is None:
        return []
    decision = Decision.GRANTED if answer else Decision.REFUSED
    wording = Wording.objects.in_use(purpose, person.language)
    return [Said(purpose, decision, Mode.PHONE, person.language, now, wording=wording)]


def _hold(person: Respondent, outcome: Disposition, now: datetime, by: User) -> None:
    if outcome.hold is None:
        return
    days = outcome.hold.days
    until = now + timedelta(days=days) if days else None
    holding.place(
        respondent=person,
        kind=HoldKind(outcome.hold.kind.value),
        until=until,
        review_at=until or now,
        by=by,
        now=now,
    )


def _settle_appointments(attempt: Attempt, heard: Heard, by: User, now: datetime) -> None:
    """The appointment this sitting came for is kept, any other falls away with the new word; then the new one."""
    due = Appointment.objects.open().filter(follow_up=attempt.follow_up)
    due.filter(starts_at__lte=attempt.started_at + FIRM_TOLERANCE).update(state=AppointmentState.KEPT)
    if heard.call_back is None:
        return
    due.update(state=AppointmentState.CANCELLED)
    made = Appointment.objects.create(
        follow_up=attempt.follow_up,
        respondent=attempt.respondent,
        kind=heard.call_back.kind.value,
        starts_at=heard.call_back.starts_at,
        until=heard.call_back.until,
        made_at=now,
        made_by=by,
    )
    trail.record(
        Action.APPOINTMENT_MADE,
        by=by,
        at=now,
        audit_ref=attempt.respondent.audit_ref,
        object_type="appointment",
        object_id=made.pk,
    )


def _move_follow_up(attempt: Attempt, outcome: Disposition, now: datetime) -> None:
    row = attempt.follow_up
    if outcome.follow_up is FollowUpOutcome.DONE:
        complete(row, now)
    elif follow_up_after(outcome, _earlier(attempt)) is FollowUpOutcome.CLOSES:
        _close_round(row, outcome, now)
    else:
        FollowUp.objects.filter(pk=row.pk, state__in=LIVE).update(
            state=State.RESTING, ready_from=None, ready_until=None, look_at=now
        )


def complete(row: FollowUp, now: datetime) -> bool:
    """The interview is made: in its window, or late for one that was missed. False when it was done before."""
    open_ones = FollowUp.objects.filter(pk=row.pk, state__in=[*LIVE, State.MISSED])
    final = code_of_round(row)
    return bool(
        open_ones.update(
            state=State.DONE,
            ended="",
            closed_at=now,
            is_late=now >= row.closes_at,
            aapor=final.aapor,
            letter=final.letter,
            look_at=None,
            ready_from=None,
            ready_until=None,
            waiting_for="",
        )  # fmt: skip
    )


def _close_round(row: FollowUp, outcome: Disposition, now: datetime) -> None:
    """No interview this round, and no more tries."""
    final = code_of_round(row)
    FollowUp.objects.filter(pk=row.pk, state__in=LIVE).update(
        state=State.CANCELLED, ended=CLOSES_AS.get(outcome.code, Ended.REFUSED), closed_at=now, aapor=final.aapor,
        letter=final.letter, look_at=None, ready_from=None, ready_until=None, waiting_for="",
    )  # fmt: skip


def _earlier(attempt: Attempt) -> list[Disposition]:
    """The outcomes of the round before this one."""
    others = Attempt.objects.filter(follow_up=attempt.follow_up).recorded().exclude(pk=attempt.pk)
    return [disposition(code) for code in others.values_list("disposition", flat=True)]


def _remember_caller(attempt: Attempt, heard: Heard, outcome: Disposition, by: User, now: datetime) -> None:
    """Whom the person does not want, and whom they know by now."""
    if heard.bars_caller:
        BarredEnumerator.objects.get_or_create(
            respondent=attempt.respondent, enumerator=by, defaults={"at": now, "by": by}
        )
        Respondent.objects.filter(pk=attempt.respondent_id, usual_enumerator=by).update(usual_enumerator=None)
    elif outcome.is_reached:
        Respondent.objects.filter(pk=attempt.respondent_id, usual_enumerator=None).update(usual_enumerator=by)


def _move_on(person: Respondent, heard: Heard, by: User, now: datetime) -> None:
    """The stage now stated, then the next interview from it."""
    person.refresh_from_db()
    if heard.journey is not None and heard.journey.changes(
        stage=person.stage, country=person.country, zones=person.zones
    ):
        holding.end_of_stage(respondent=person, by=by, now=now)
        journeys.record(
            respondent=person,
            stage=heard.journey.stage,
            country=heard.journey.country,
            zone=heard.journey.zone,
            at=heard.journey.moved_at or now,
            by=by,
            now=now,
        )
        planning.replan(respondent=person, now=now)
        return
    for enrolment in planning.enrolments_of([person.pk]):
        planning.plan_next(enrolment=enrolment, now=now)


def _owed(attempt: Attempt) -> FollowUp | None:
    return (
        FollowUp.objects.filter(enrolment_id=attempt.follow_up.enrolment_id)
        .unfinished()
        .order_by("round_number")
        .first()
    )


def _leave_trace(attempt: Attempt, heard: Heard, is_late: bool, by: User, now: datetime) -> None:
    trail.record(
        Action.LATE_OUTCOME_KEPT if is_late else Action.OUTCOME_RECORDED,
        by=by,
        at=now,
        audit_ref=attempt.respondent.audit_ref,
        object_type="attempt",
        object_id=attempt.pk,
        detail={"disposition": heard.disposition, "round": attempt.follow_up.round_number},
    )
