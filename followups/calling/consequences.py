"""Everything that follows from an outcome: for consent, for what is owed and for who calls next."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from consent import recording as ledger
from consent.folding import Decision
from consent.models import Mode, Wording
from consent.purposes import FOR_A_CALL, Purpose, valid_days_in
from consent.recording import Said
from followups import ending, holding, planning, promising, stopping, tracing, usual
from followups.calling.heard import Heard, Journey
from followups.dispositions import disposition
from followups.models import Appointment, Attempt, BarredEnumerator, FollowUp
from followups.models.follow_ups import Ended, resting_columns
from followups.models.restraints import AppointmentState, HoldKind
from followups.scheduling.outcomes import Disposition, FollowUpOutcome, follow_up_after
from followups.scheduling.situation import FIRM_TOLERANCE
from followups.tracing import Found
from kernel.statements import Change, change, statement
from tracker import journeys, stating
from tracker.models import Respondent
from tracker.models.respondents import Status

ENDS_CONTACT_AS = {"deceased": Status.DECEASED, "minor": Status.INELIGIBLE}
CLOSES_AS = {"detained": Ended.NOT_CALLABLE_STAGE, "unable": Ended.UNABLE, "not_this_round": Ended.REFUSED}


def follow(attempt: Attempt, heard: Heard, by: User, now: datetime) -> bool:
    """What takes permission away first, and never skipped for being late; a step of recording.

    Whether the interview owed was made by it.
    """
    person, outcome = attempt.respondent, disposition(heard.disposition)
    _write_consents(attempt, heard, by, now)
    is_done = outcome.follow_up is FollowUpOutcome.DONE and ending.complete(
        attempt.follow_up, held_at=attempt.started_at
    )
    if outcome.ends_contact or heard.recontact is False:
        status = ENDS_CONTACT_AS.get(outcome.code, Status.STOPPED)
        stopping.stop_contact(respondent=person, mode=Mode.PHONE, by=by, now=now, status=status)
    elif person.status == Status.ACTIVE:
        _go_on(attempt, heard, outcome, by, now)
    return is_done


def _go_on(attempt: Attempt, heard: Heard, outcome: Disposition, by: User, now: datetime) -> None:
    """For somebody who stays with us: somebody who withdrew meanwhile is promised and planned nothing."""
    _hold(attempt.respondent, outcome, by, now)
    if attempt.follow_up.tracing_since is not None and outcome.is_reached:
        tracing.end(follow_up=attempt.follow_up, why=Found.REACHED, by=by, now=now)
    _move_follow_up(attempt, outcome, now)
    _settle_appointments(attempt, heard, by, now)
    _remember_caller(attempt, heard, outcome, by, now)
    if heard.best_time is not None and outcome.is_reached:
        stating.state_best_time(respondent=attempt.respondent, best=heard.best_time, by=by, now=now)
    _move_on(attempt, heard.journey, by, now)


def _write_consents(attempt: Attempt, heard: Heard, by: User, now: datetime) -> None:
    """As said in the call, which is when it began: an answer that arrives late cannot undo a withdrawal since then."""
    person = attempt.respondent
    answers = {Purpose.INTERVIEW: heard.interview}
    if heard.recontact:
        answers |= dict.fromkeys(FOR_A_CALL, True)
    given = {purpose: answer for purpose, answer in answers.items() if answer is not None}
    if given:
        wordings = Wording.objects.in_use_for(given, person.language)
        days = attempt.follow_up.enrolment.study.consent_valid_days
        said = tuple(
            Said(
                purpose,
                Decision.GRANTED if answer else Decision.REFUSED,
                Mode.PHONE,
                person.language,
                at=attempt.started_at,
                wording=wordings.get(purpose),
                valid_days=valid_days_in(purpose, days),
            )
            for purpose, answer in given.items()
        )
        ledger.record_all(respondent_id=person.pk, audit_ref=person.audit_ref, said=said, by=by, now=now)


def _hold(person: Respondent, outcome: Disposition, by: User, now: datetime) -> None:
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


def _move_follow_up(attempt: Attempt, outcome: Disposition, now: datetime) -> None:
    row = attempt.follow_up
    if follow_up_after(outcome, _earlier(attempt)) is FollowUpOutcome.CLOSES:
        ending.cancel(row, CLOSES_AS.get(outcome.code, Ended.REFUSED), now=now)
    _rest_until(row.pk, now)


@change
def _rest_until(follow_up_id: UUID, look_at: datetime) -> Change:
    return FollowUp.objects.filter(pk=follow_up_id).live(), resting_columns(look_at)


def _earlier(attempt: Attempt) -> Iterator[Disposition]:
    """The outcomes of the round before this one; read when they are asked for."""
    others = Attempt.objects.filter(follow_up=attempt.follow_up).recorded().exclude(pk=attempt.pk)
    for code in others.values_list("disposition", flat=True):
        yield disposition(code)


def _settle_appointments(attempt: Attempt, heard: Heard, by: User, now: datetime) -> None:
    """The appointment this sitting came for is kept, any other falls away with the new word; then the new one."""
    due = Appointment.objects.open().filter(follow_up=attempt.follow_up)
    if _promised(attempt.follow_up_id):
        due.filter(starts_at__lte=attempt.started_at + FIRM_TOLERANCE).update(state=AppointmentState.KEPT)
    if heard.call_back is None or not FollowUp.objects.filter(pk=attempt.follow_up_id).live().exists():
        return
    promising.promise(follow_up=attempt.follow_up, call_back=heard.call_back, by=by, now=now)


@statement
def _promised(follow_up_id: UUID) -> QuerySet[Appointment, Any]:
    return Appointment.objects.open().filter(follow_up=follow_up_id).values_list("pk")


def _remember_caller(attempt: Attempt, heard: Heard, outcome: Disposition, by: User, now: datetime) -> None:
    """Whom the person does not want, and whom they know by now."""
    if heard.bars_caller:
        BarredEnumerator.objects.get_or_create(
            respondent=attempt.respondent, enumerator=by, defaults={"at": now, "by": by}
        )
        usual.make_unusual(attempt.respondent, by)
    elif outcome.is_reached and attempt.respondent.usual_enumerator_id is None:
        usual.make_usual(attempt.respondent, by)


def _move_on(attempt: Attempt, journey: Journey | None, by: User, now: datetime) -> None:
    """The stage now stated, then the next interview from it. A move somebody recorded since the call stands."""
    person = attempt.respondent  # read when they had been locked: nobody has moved them since
    stated_at = (journey and journey.moved_at) or attempt.started_at
    if journey is None or not _is_news(journey, person) or stated_at < person.stage_since:
        for enrolment in planning.enrolments_of([person.pk]):
            planning.plan_next(enrolment=enrolment, now=now)
        return
    journeys.record(
        respondent=person,
        stage=journey.stage,
        country=journey.country,
        zone=journey.zone,
        at=stated_at,
        by=by,
        now=now,
    )
    planning.replan(respondent=person, now=now)


def _is_news(journey: Journey, person: Respondent) -> bool:
    return journey.changes(stage=person.stage, country=person.country, zones=person.zones)
