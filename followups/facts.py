"""Puts what the tables say of a follow-up into the facts that the pure engine decides on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Gender, User
from consent.asking import Consents
from consent.purposes import Purpose
from followups.calendars import Calendars, calendars_of, countries_of
from followups.dispositions import DISPOSITIONS, disposition
from followups.known import Known, is_search, read
from followups.models import Appointment, Attempt, Claim, Dial, FollowUp
from followups.models.follow_ups import State
from followups.scheduling import situation as facts
from followups.scheduling import tracing_order
from followups.scheduling.outcomes import FinalRank
from followups.scheduling.planning import Window
from followups.scheduling.safe_times import ClockHours, SafeRules
from followups.scheduling.situation import Situation
from followups.scheduling.slots import SLOTS
from followups.scheduling.tracing_order import Began
from kernel.statements import statement
from tracker.models import ContactPoint, Respondent
from tracker.models.contact_points import Whose
from tracker.models.respondents import Status
from tracker.number_status import NumberStatus
from tracker.stages import Stage

RECONNECTION = timedelta(minutes=30)
DROPPED_LINE = "technical"
TOLD = frozenset(DISPOSITIONS) - {"not_connected"}
"""What says something of a number; a call that did not go out, or has no outcome yet, does not."""

STATUSES = {
    Status.ACTIVE: facts.RespondentStatus.ACTIVE,
    Status.DECEASED: facts.RespondentStatus.DECEASED,
    Status.ERASED: facts.RespondentStatus.ERASED,
}
"""Every other status is a person who is not called: to the engine, withdrawn."""


def follow_up(pk: UUID) -> FollowUp:
    """One follow-up with all that its situation is read from joined in."""
    return _with_facts.get(pk)


@statement
def _with_facts(pk: UUID) -> QuerySet[FollowUp]:
    return FollowUp.objects.with_facts().filter(pk=pk)


def situations(
    follow_ups: Sequence[FollowUp], *, now: datetime, with_sharers: bool = False
) -> dict[UUID, Situation]:
    """The situation of each follow-up, by its id.

    `follow_ups` come with rule, respondent and study joined (`FollowUps.with_facts`). `with_sharers` also asks the
    phone index who else has the same numbers: for the one row of a claim or a dial; raises Locked with the vault.
    """
    known = read(follow_ups, now, with_sharers)
    calendars = calendars_of([one.respondent for one in follow_ups], now)
    return {one.pk: _situation(one, known, calendars, now) for one in follow_ups}


def situation_of(follow_up: FollowUp, *, now: datetime, with_sharers: bool = False) -> Situation:
    """The situation of one follow-up."""
    return situations([follow_up], now=now, with_sharers=with_sharers)[follow_up.pk]


def without(situation: Situation, dial: Dial) -> Situation:
    """The situation as if this dial had not been ordered: for asking once more whether it may be."""
    return replace(
        situation,
        dialled=situation.dialled - {dial.contact_point_id},
        numbers=tuple(
            replace(
                number,
                dials=_without_one(number.dials, dial.ordered_at),
                tried=_without_one(number.tried, dial.ordered_at),
            )
            if number.id == dial.contact_point_id
            else number
            for number in situation.numbers
        ),
    )


def _without_one(dials: tuple[datetime, ...], at: datetime) -> tuple[datetime, ...]:
    place = dials.index(at) if at in dials else len(dials)
    return (*dials[:place], *dials[place + 1 :])


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


def _situation(follow_up: FollowUp, known: Known, calendars: Calendars, now: datetime) -> Situation:
    person, study, rule = follow_up.respondent, follow_up.enrolment.study, follow_up.rule
    countries = countries_of(person)
    sittings = known.attempts.get(person.pk, [])
    claim = known.claims.get(person.pk)
    consents = known.consents[person.pk]
    search = _search_of(follow_up, now)
    return Situation(
        respondent_id=person.pk,
        respondent_status=STATUSES.get(Status(person.status), facts.RespondentStatus.WITHDRAWN),
        recontact=_permission(consents, Purpose.RECONTACT),
        keep_number=_permission(consents, Purpose.KEEP_NUMBER),
        state=_state(follow_up, study.closed_at),
        stage=Stage(person.stage),
        is_tracing=search is not None,
        window=Window(follow_up.opens_at, follow_up.due_at, follow_up.closes_at),
        zones=tuple(person.zones),
        calling_hours=calendars.hours(ClockHours(study.calling_from, study.calling_until), countries),
        rest_days=calendars.rest_days(countries),
        numbers=_numbers(person, known, search),
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
        dialled=known.dialled.get(person.pk, frozenset()),
        caller_gender=None if person.caller_gender == Gender.NOT_SAID else person.caller_gender,
        team_id=person.team_id,
        barred_callers=frozenset(known.barred.get(person.pk, [])),
        refused_to=_refused_to(sittings, follow_up),
        newest_number_at=_newest_number_at(known.numbers.get(person.pk, [])),
        search_since=_tries_count_from(person, known, search),
        sitting_is_to_trusted=next((one.to_trusted for one in sittings if _is_in_progress(one, claim)), None),
    )


def _permission(consents: Consents, purpose: Purpose) -> facts.Permission:
    folded = consents.of(purpose)
    return facts.Permission(folded.standing, folded.expires_at)


def _state(follow_up: FollowUp, study_closed_at: datetime | None) -> facts.FollowUpState:
    return (
        facts.FollowUpState.CANCELLED
        if study_closed_at
        else facts.FollowUpState(State(follow_up.state).value)
    )


@dataclass(frozen=True, slots=True)
class _Search:
    """Since when somebody is looked for, from when trusted people count as troubled, and whether numbers look dead."""

    since: datetime
    trusted_since: datetime
    is_of_numbers: bool


def _search_of(follow_up: FollowUp, now: datetime) -> _Search | None:
    if not is_search(follow_up):
        return None
    since = follow_up.tracing_since or follow_up.issued_at or follow_up.opens_at
    # Over two searches too: starting anew never makes a trusted person be called more often.
    is_of_numbers = follow_up.tracing_since is not None and follow_up.tracing_why != Began.STAGE_UNKNOWN
    return _Search(since, min(since, now - tracing_order.SEARCH), is_of_numbers)


def _tries_count_from(person: Respondent, known: Known, search: _Search | None) -> datetime | None:
    """The start of the search, or the day of the newest number of their own: a new route has its tries again."""
    if search is None:
        return None
    own = (one.added_at for one in known.numbers.get(person.pk, []) if one.whose != Whose.TRUSTED)
    return max([search.since, *own])


def _numbers(person: Respondent, known: Known, search: _Search | None) -> tuple[facts.NumberFacts, ...]:
    points = known.numbers.get(person.pk, [])
    if search is None:
        return tuple(_number(point, known) for point in points)
    return tracing_order.in_order(
        (replace(_number(point, known), **_tries_of(point, known, search)), point.added_at)
        for point in points
    )


def _number(point: ContactPoint, known: Known) -> facts.NumberFacts:
    is_trusted = point.whose == Whose.TRUSTED
    return facts.NumberFacts(
        id=point.pk,
        status=NumberStatus(point.status),
        is_barred=point.is_barred or point.pk in known.barred_lines,
        may_call=not is_trusted or known.consents[point.respondent_id].permits(Purpose.TRUSTED_CONTACTS),
        safe=safe_rules(point),
        dials=tuple(known.dials.get(point.pk, ())),
        is_trusted=is_trusted,
        has_words=point.cover_words is not None,
        may_message=point.may_message,
    )


def _tries_of(point: ContactPoint, known: Known, search: _Search) -> dict[str, Any]:
    """What a search has made of this number: the dials that count in it, and whether it has long been silent."""
    dials = known.searched.get(point.pk, [])
    since = search.trusted_since if point.whose == Whose.TRUSTED else search.since
    heard = [tracing_order.Tried(at, disposition(gave).is_reached) for at, gave in dials if gave in TOLD]
    return {
        "tried": tuple(at for at, _gave in dials if at >= since),
        "is_silent": search.is_of_numbers and tracing_order.is_silent(heard),
    }


def _newest_number_at(points: list[ContactPoint]) -> datetime | None:
    return max((point.added_at for point in points if point.whose != Whose.TRUSTED), default=None)


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
        facts.PastAttempt(
            one.started_at, one.counts_as_burden, one.follow_up_id == follow_up.pk, one.was_reached
        )
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
    if last.recorded_at is None or last.disposition != DROPPED_LINE or last.to_trusted:
        return None
    return facts.Reconnection(last.recorded_at, last.recorded_at + RECONNECTION)


def _refused_to(sittings: list[Attempt], follow_up: FollowUp) -> frozenset[UUID]:
    """Those who heard a soft refusal in this round: the one retry is made by somebody else."""
    here = [one for one in sittings if one.follow_up_id == follow_up.pk and one.recorded_at]
    return frozenset(
        one.enumerator_id for one in here if disposition(one.disposition).rank is FinalRank.SOFT_REFUSAL
    )
