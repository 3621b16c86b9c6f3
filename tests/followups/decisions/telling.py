"""Tells the bare facts to the production engine, in its own value types."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from consent.folding import Standing
from followups.scheduling import situation as engine
from followups.scheduling.planning import Window
from followups.scheduling.safe_times import CallingHours, ClockHours, SafeRules, Season
from tests.followups.decisions.facts import Caller, Hours, Number, Person, Study
from tracker.number_status import NumberStatus
from tracker.stages import Stage


def situation_of(person: Person) -> engine.Situation:
    study = person.study
    return engine.Situation(
        respondent_id=person.id,
        respondent_status=engine.RespondentStatus(person.status),
        recontact=_permission(person, "recontact"),
        keep_number=_permission(person, "keep_number"),
        state=engine.FollowUpState(person.state),
        stage=Stage(person.stage),
        is_tracing=person.is_tracing,
        window=_window(person),
        zones=person.zones,
        calling_hours=_calling_hours(study),
        numbers=tuple(_number(one, person) for one in person.numbers),
        attempt_cap=study.cap,
        language=person.language,
        spacing_minutes=study.spacing_minutes,
        limits=engine.BurdenLimits(study.a_day, study.a_week),
        rest_days=study.rest_days,
        slot_offset=person.offset,
        attempts=tuple(
            engine.PastAttempt(one.at, one.rang, one.round == person.round) for one in person.sittings
        ),
        not_before=person.rest_until,
        holds=tuple(engine.Hold(engine.HoldKind(kind), until) for kind, until in person.holds),
        appointment=_appointment(person.call_back),
        reconnection=engine.Reconnection(*person.reconnect) if person.reconnect else None,
        claim=engine.LiveClaim(*person.claim) if person.claim else None,
        dialled=_dialled(person),
        caller_gender=person.wants_gender,
        team_id=person.team,
        barred_callers=person.barred_callers,
        refused_to=person.refused_to,
        outlook=_outlook(person),
        search_since=person.search_since,
        sitting_is_to_trusted=person.to_trusted,
    )


def caller_of(caller: Caller) -> engine.Caller:
    return engine.Caller(
        caller.id, caller.languages, caller.gender, caller.teams, is_on_shift=True, claim_on=caller.calling
    )


def _dialled(person: Person) -> frozenset[UUID]:
    """The numbers rung in this sitting; one that is no longer theirs has been rung all the same."""
    ids = {one.line.name: one.id for one in person.numbers}
    return frozenset(ids.get(name, UUID(int=abs(name))) for name in person.dialled)


def _permission(person: Person, purpose: str) -> engine.Permission:
    standing, until = person.said[purpose]
    return engine.Permission(Standing(standing), until)


def _window(person: Person) -> Window | None:
    if person.opens_at is None or person.closes_at is None:
        return None
    return Window(person.opens_at, person.opens_at, person.closes_at)


def _calling_hours(study: Study) -> CallingHours:
    seasons = tuple(
        Season(one.from_on, one.until_on, ClockHours(*one.hours), _clock_hours(one.pauses))
        for one in study.seasons
    )
    return CallingHours(ClockHours(*study.hours), _clock_hours(study.pauses), study.closed_on, seasons)


def _clock_hours(hours: tuple[Hours, ...]) -> tuple[ClockHours, ...]:
    return tuple(ClockHours(*one) for one in hours)


def _number(number: Number, person: Person) -> engine.NumberFacts:
    is_trusted = number.whose == "trusted"
    return engine.NumberFacts(
        id=number.id,
        status=NumberStatus(number.status),
        is_barred=number.is_barred or number.line.is_refused,
        may_call=not is_trusted or person.asks_trusted,
        safe=SafeRules(number.days, _clock_hours(number.hours), _clock_hours(number.unsafe)),
        dials=tuple(number.line.rings),
        is_trusted=is_trusted,
        has_words=number.has_words,
        tried=number.tried if person.is_tracing else (),
        is_silent=number.is_silent and person.is_tracing,
    )


def _outlook(person: Person) -> engine.SlotOutlook | None:
    if person.outlook is None:
        return None
    chances, alive = person.outlook
    key = person.id.int % 2**63
    least = (0.03, 0.055, 0.07)[key % 3]
    return engine.SlotOutlook(chances, (0.1,) * 8, alive, least, key=key, seed=key % 1000, model=1)


def _appointment(asked: tuple[str, datetime, datetime, datetime] | None) -> engine.Appointment | None:
    if asked is None:
        return None
    kind, starts_at, until, asked_at = asked
    return engine.Appointment(engine.AppointmentKind(kind), starts_at, until, asked_at)
