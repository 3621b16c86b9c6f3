"""Gathers the facts about follow-ups that the pure engine decides on, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.models import Gender, User
from consent.asking import Consents, consents_of
from consent.purposes import Purpose
from followups.dispositions import disposition
from followups.models import Appointment, Attempt, BarredEnumerator, Claim, Dial, FollowUp, Hold
from followups.models.follow_ups import State
from followups.scheduling import situation as facts
from followups.scheduling.outcomes import FinalRank
from followups.scheduling.planning import Window
from followups.scheduling.safe_times import CallingHours, ClockHours, SafeRules
from followups.scheduling.situation import Situation
from followups.scheduling.slots import SLOTS
from tracker.models import ContactPoint, Respondent
from tracker.models.contact_points import Whose
from tracker.models.respondents import Status
from tracker.number_status import NumberStatus
from tracker.stages import Stage, is_tracing_only
from vault import lines

WEEK = timedelta(days=7)
RECONNECTION = timedelta(minutes=30)
DROPPED_LINE = "technical"

STATUSES = {
    Status.ACTIVE: facts.RespondentStatus.ACTIVE,
    Status.DECEASED: facts.RespondentStatus.DECEASED,
    Status.ERASED: facts.RespondentStatus.ERASED,
}
"""Every other status is a person who is not called: to the engine, withdrawn."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was read about a batch of respondents, by respondent."""

    consents: dict[UUID, Consents]
    numbers: dict[UUID, list[ContactPoint]]
    dials: dict[UUID, list[datetime]]
    attempts: dict[UUID, list[Attempt]]
    holds: dict[UUID, list[Hold]]
    appointments: dict[UUID, Appointment]
    claims: dict[UUID, Claim]
    barred: dict[UUID, list[UUID]]
    barred_lines: frozenset[UUID]


def situations(
    follow_ups: Sequence[FollowUp], *, now: datetime, with_sharers: bool = False
) -> dict[UUID, Situation]:
    """The situation of each follow-up, by its id.

    `follow_ups` come with rule, respondent and study joined (`FollowUps.with_facts`). `with_sharers` also asks the
    phone index who else has the same numbers: for the one row of a claim or a dial; raises Locked with the vault.
    """
    known = _read(follow_ups, now, with_sharers)
    return {one.pk: _situation(one, known, now) for one in follow_ups}


def situation_of(follow_up: FollowUp, *, now: datetime, with_sharers: bool = False) -> Situation:
    """The situation of one follow-up."""
    return situations([follow_up], now=now, with_sharers=with_sharers)[follow_up.pk]


def caller(user: User, *, now: datetime, claim_on: UUID | None = None) -> facts.Caller:
    """An enumerator as the pair rules see them. Shifts tell coordinators of shortages; they never stop a call."""
    return facts.Caller(
        id=user.pk,
        languages=frozenset(user.language_codes),
        gender=user.gender,
        teams=frozenset(user.team_ids),
        is_on_shift=True,
        claim_on=claim_on,
    )


def _read(follow_ups: Sequence[FollowUp], now: datetime, with_sharers: bool) -> Known:
    people = [one.respondent_id for one in follow_ups]
    numbers = _grouped(ContactPoint.objects.in_use().filter(respondent__in=people), "respondent_id")
    sharers = _sharers(numbers, with_sharers)
    rounds = [one.pk for one in follow_ups]
    attempts = Attempt.objects.filter(respondent__in=people).order_by("started_at")
    return Known(
        consents=consents_of(people, now=now),
        numbers=numbers,
        dials=_dials(sharers, now),
        attempts=_grouped(_recent_or_in_round(attempts, rounds, now), "respondent_id"),
        holds=_grouped(Hold.objects.standing(now).filter(respondent__in=people), "respondent_id"),
        appointments={
            one.follow_up_id: one for one in Appointment.objects.open().filter(follow_up__in=rounds)
        },
        claims={one.respondent_id: one for one in Claim.objects.live(now).filter(respondent__in=people)},
        barred=_barred(people),
        barred_lines=_barred_lines(sharers),
    )


def _recent_or_in_round(attempts: Any, rounds: list[UUID], now: datetime) -> Any:
    recent = attempts.filter(started_at__gt=now - WEEK)
    return (recent | attempts.filter(follow_up__in=rounds)).distinct()


def _grouped(rows: Iterable[Any], key: str) -> dict[UUID, list[Any]]:
    groups: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, key)].append(row)
    return groups


def _sharers(numbers: dict[UUID, list[ContactPoint]], with_sharers: bool) -> dict[UUID, frozenset[UUID]]:
    """For each contact point, all that hold the same number, itself included."""
    points = [point for points in numbers.values() for point in points]
    if not with_sharers:
        return {point.pk: frozenset({point.pk}) for point in points}
    return {point.pk: lines.sharing(point.value) | {point.pk} for point in points if point.value}


def _dials(sharers: dict[UUID, frozenset[UUID]], now: datetime) -> dict[UUID, list[datetime]]:
    """When each number rang in the last seven days, whoever of its sharers was called, in any study."""
    wanted = {other for others in sharers.values() for other in others}
    rung = Dial.objects.that_may_have_rung().filter(contact_point_id__in=wanted, ordered_at__gt=now - WEEK)
    at: dict[UUID, list[datetime]] = defaultdict(list)
    for point_id, ordered_at in rung.values_list("contact_point_id", "ordered_at"):
        at[point_id].append(ordered_at)
    return {point: [moment for other in others for moment in at[other]] for point, others in sharers.items()}


def _barred_lines(sharers: dict[UUID, frozenset[UUID]]) -> frozenset[UUID]:
    """The numbers that somebody who shares them has barred, or on which a stranger or a danger was met."""
    wanted = {other for others in sharers.values() for other in others}
    harmed = set(ContactPoint.objects.filter(pk__in=wanted).harmful().values_list("pk", flat=True))
    return frozenset(point for point, others in sharers.items() if others & harmed)


def _barred(people: list[UUID]) -> dict[UUID, list[UUID]]:
    barred: dict[UUID, list[UUID]] = defaultdict(list)
    pairs = BarredEnumerator.objects.filter(respondent__in=people).values_list(
        "respondent_id", "enumerator_id"
    )
    for respondent_id, enumerator_id in pairs:
        barred[respondent_id].append(enumerator_id)
    return barred


def _situation(follow_up: FollowUp, known: Known, now: datetime) -> Situation:
    person, study, rule = follow_up.respondent, follow_up.enrolment.study, follow_up.rule
    sittings = known.attempts.get(person.pk, [])
    claim = known.claims.get(person.pk)
    consents = known.consents[person.pk]
    return Situation(
        respondent_id=person.pk,
        respondent_status=STATUSES.get(Status(person.status), facts.RespondentStatus.WITHDRAWN),
        recontact=_permission(consents, Purpose.RECONTACT),
        keep_number=_permission(consents, Purpose.KEEP_NUMBER),
        state=_state(follow_up, study.closed_at),
        stage=Stage(person.stage),
        is_tracing=is_tracing_only(Stage(person.stage)),
        window=Window(follow_up.opens_at, follow_up.due_at, follow_up.closes_at),
        zones=tuple(person.zones),
        calling_hours=CallingHours(ClockHours(study.calling_from, study.calling_until)),
        numbers=_numbers(person, known),
        attempt_cap=rule.attempt_cap,
        language=person.language,
        spacing_minutes=rule.spacing_minutes,
        limits=facts.BurdenLimits(study.attempts_a_day, study.attempts_a_week),
        slot_offset=person.pk.int % len(SLOTS),
        attempts=_past(sittings, follow_up, claim),
        not_before=_not_before(sittings, follow_up),
        holds=tuple(
            facts.Hold(facts.HoldKind(one.kind), one.until) for one in known.holds.get(person.pk, [])
        ),
        appointment=_appointment(known.appointments.get(follow_up.pk)),
        reconnection=_reconnection(sittings, known.numbers.get(person.pk, [])),
        claim=facts.LiveClaim(claim.enumerator_id, claim.expires_at) if claim else None,
        dialled=_dialled(sittings, claim),
        caller_gender=None if person.caller_gender == Gender.NOT_SAID else person.caller_gender,
        team_id=person.team_id,
        barred_callers=frozenset(known.barred.get(person.pk, [])),
        refused_to=_refused_to(sittings, follow_up),
    )


def _permission(consents: Consents, purpose: Purpose) -> facts.Permission:
    folded = consents.of(purpose)
    return facts.Permission(facts.Standing(folded.standing.value), folded.expires_at)


def _state(follow_up: FollowUp, study_closed_at: datetime | None) -> facts.FollowUpState:
    return (
        facts.FollowUpState.CANCELLED
        if study_closed_at
        else facts.FollowUpState(State(follow_up.state).value)
    )


def _numbers(person: Respondent, known: Known) -> tuple[facts.NumberFacts, ...]:
    return tuple(
        facts.NumberFacts(
            id=point.pk,
            status=NumberStatus(point.status),
            is_barred=point.is_barred or point.pk in known.barred_lines,
            may_call=point.whose != Whose.TRUSTED and bool(point.value),
            safe=safe_rules(point),
            dials=tuple(known.dials.get(point.pk, ())),
        )
        for point in known.numbers.get(person.pk, [])
    )


def safe_rules(point: ContactPoint) -> SafeRules:
    """What the person said about when this number is safe; hours they left open mean the study's hours."""
    hours = {}
    if point.safe_from and point.safe_until:
        hours["hours"] = (ClockHours(point.safe_from, point.safe_until),)
    if point.unsafe_from and point.unsafe_until:
        hours["unsafe_hours"] = (ClockHours(point.unsafe_from, point.unsafe_until),)
    return SafeRules(days=frozenset(point.safe_days), **hours)


def _past(sittings: list[Attempt], follow_up: FollowUp, claim: Claim | None) -> tuple[facts.PastAttempt, ...]:
    return tuple(
        facts.PastAttempt(one.started_at, one.counts_as_burden, one.follow_up_id == follow_up.pk)
        for one in sittings
        if not _is_in_progress(one, claim)
    )


def _is_in_progress(attempt: Attempt, claim: Claim | None) -> bool:
    return claim is not None and attempt.claim_id == claim.pk and attempt.recorded_at is None


def _not_before(sittings: list[Attempt], follow_up: FollowUp) -> datetime | None:
    """The rest that the last recorded outcome of this round asked for."""
    recorded = [one for one in sittings if one.follow_up_id == follow_up.pk and one.recorded_at]
    if not recorded:
        return None
    last = max(recorded, key=lambda one: one.started_at)
    minutes = disposition(last.disposition).delay_minutes
    return last.started_at + timedelta(minutes=minutes) if minutes else None


def _appointment(row: Appointment | None) -> facts.Appointment | None:
    if row is None:
        return None
    return facts.Appointment(facts.AppointmentKind(row.kind), row.starts_at, row.until, row.made_at)


def _reconnection(sittings: list[Attempt], points: list[ContactPoint]) -> facts.Reconnection | None:
    """One call back after a dropped line, where the person agreed to that beforehand."""
    if not sittings or not any(point.may_call_back_if_cut for point in points):
        return None
    last = sittings[-1]
    if last.recorded_at is None or last.disposition != DROPPED_LINE:
        return None
    return facts.Reconnection(last.recorded_at, last.recorded_at + RECONNECTION)


def _dialled(sittings: list[Attempt], claim: Claim | None) -> frozenset[UUID]:
    current = next((one for one in sittings if _is_in_progress(one, claim)), None)
    if current is None:
        return frozenset()
    return frozenset(current.dials.values_list("contact_point_id", flat=True))


def _refused_to(sittings: list[Attempt], follow_up: FollowUp) -> frozenset[UUID]:
    """Those who heard a soft refusal in this round: the one retry is made by somebody else."""
    here = [one for one in sittings if one.follow_up_id == follow_up.pk and one.recorded_at]
    return frozenset(
        one.enumerator_id for one in here if disposition(one.disposition).rank is FinalRank.SOFT_REFUSAL
    )
