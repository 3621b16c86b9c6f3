"""The independent checker: from bare facts, every rule a call at one instant would break. Imports no rule of the house.

Each rule is one plain question about one instant (method, section 3.2); nothing is worked out ahead, kept or shared.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.followups.decisions.facts import Caller, Hours, Number, Person, Study

UNUSABLE = {"disconnected", "non_working", "changed", "wrong_person", "unsafe", "withdrawn"}
NOT_CALLED = {"crossing", "detained"}
ENDED = {"done", "missed", "cancelled"}
QUARTER = timedelta(minutes=15)
DIALS_A_SITTING = 3


def broken(person: Person, at: datetime, caller: Caller | None = None) -> set[str]:
    """The rules that a call to this person at this instant would break; by this caller, when one is named."""
    rules = {
        "withdrawn": person.status == "withdrawn",
        "deceased": person.status == "deceased",
        "erased": person.status == "erased",
        "recontact_not_permitted": not has_agreed(person, "recontact", at),
        "keep_number_not_permitted": not has_agreed(person, "keep_number", at),
        "follow_up_over": person.state in ENDED,
        "stage_not_called": person.stage in NOT_CALLED,
        "tracing_only": person.stage == "unknown" and not person.is_tracing,
        "on_hold": any(until is None or at < until for _kind, until in person.holds),
        "not_planned": person.opens_at is None,
        "window_not_open": person.opens_at is not None and at < person.opens_at,
        "window_closed": person.closes_at is not None and at >= person.closes_at,
        "claimed": is_anothers(person, at, caller),
        "tracing_cap": is_searched_enough(person, at),
    }
    found = {name for name, is_broken in rules.items() if is_broken}
    return found | too_much(person, at) | no_number(person, at) | not_this_caller(person, at, caller)


def has_agreed(person: Person, purpose: str, at: datetime) -> bool:
    standing, until = person.said[purpose]
    return standing == "granted" and (until is None or at < until)


def is_searched_enough(person: Person, at: datetime) -> bool:
    """In a search: three tries in 30 days, from when its tries count. A call they asked for is no try."""
    if not person.is_tracing or person.search_since is None or is_awaited(person, at):
        return False
    tries = [one.at for one in person.sittings if one.rang and one.at >= person.search_since]
    return count(tries, at, timedelta(days=30)) >= 3


def is_anothers(person: Person, at: datetime, caller: Caller | None) -> bool:
    if person.claim is None or person.claim[1] <= at:
        return False
    return caller is None or person.claim[0] != caller.id


# --- Too much ---------------------------------------------------------------------------------------------------------


def too_much(person: Person, at: datetime) -> set[str]:
    rings = [sitting.at for sitting in person.sittings if sitting.rang]
    asked = open_call_back(person)
    dropped, awaited = is_reconnecting(person, at), is_awaited(person, at)
    gap = timedelta(minutes=person.study.spacing_minutes)
    rules = {
        "round_cap": is_over_round(person, asked is not None),
        "week_cap": count(rings, at, timedelta(days=7)) >= person.study.a_week,
        "day_cap": count(rings, at, timedelta(hours=24)) >= person.study.a_day,
        "spacing": not awaited and any(ring <= at < ring + gap for ring in rings),
        "resting": not awaited and person.rest_until is not None and at < person.rest_until,
        "waiting_for_appointment": asked is not None and at < asked[0] and not dropped,
    }
    return {name for name, is_broken in rules.items() if is_broken}


def is_awaited(person: Person, at: datetime) -> bool:
    """Whether the person expects a call at this instant: one they asked for, or a line that was cut."""
    asked = open_call_back(person)
    return is_reconnecting(person, at) or (asked is not None and asked[0] <= at < asked[1])


def count(moments: Iterable[datetime], at: datetime, period: timedelta) -> int:
    return sum(at - period < moment <= at for moment in moments)


def open_call_back(person: Person) -> tuple[datetime, datetime] | None:
    """When the person expects the call they asked for; None when there is none, or it rang for it already."""
    if person.call_back is None:
        return None
    kind, starts, ends, asked_at = person.call_back
    if kind == "firm":
        starts, ends = starts - QUARTER, starts + QUARTER
    for sitting in person.sittings:
        if sitting.rang and sitting.at > asked_at and sitting.at >= starts:
            return None
    return starts, ends


def is_reconnecting(person: Person, at: datetime) -> bool:
    if person.reconnect is None:
        return False
    agreed_at, until = person.reconnect
    return agreed_at <= at < until and not any(one.rang and one.at > agreed_at for one in person.sittings)


def is_over_round(person: Person, is_asked: bool) -> bool:
    """The cap of the round; one more where the last of its attempts brought a call-back."""
    made = [one.at for one in person.sittings if one.rang and one.round == person.round]
    if len(made) < person.study.cap:
        return False
    if not is_asked or not made or person.call_back is None:
        return True
    return len(made) > person.study.cap or person.call_back[3] < max(made)


# --- Numbers and hours ------------------------------------------------------------------------------------------------


def no_number(person: Person, at: datetime) -> set[str]:
    """Why none of the numbers may be dialled now; nothing when one may."""
    if not any(is_in_turn(one, person) for one in person.numbers):
        return {"no_dialable_number"}
    left = [one for one in person.numbers if is_left(one, person)]
    if not left:
        return {"sitting_over"}
    rested = [one for one in left if not is_tired(one, person.study, at)]
    if not rested:
        return {"number_burden"}
    return set() if any(is_safe(one, person, at) for one in rested) else {"outside_safe_times"}


def may_dial(number: Number, person: Person, at: datetime) -> bool:
    """Whether this very number may ring now."""
    return is_left(number, person) and not is_tired(number, person.study, at) and is_safe(number, person, at)


def is_left(number: Number, person: Person) -> bool:
    """Whether it may still be dialled in this sitting: each number once, three at most."""
    is_new = number.line.name not in person.dialled and len(person.dialled) < DIALS_A_SITTING
    return is_new and is_in_turn(number, person)


def is_in_turn(number: Number, person: Person) -> bool:
    """Whether the sitting is about this number: their own; in a search, when none of those is left, a trusted one's.

    One sitting never mixes the two: somebody who was just called may still be on the line.
    """
    if not is_dialable(number, person):
        return False
    if number.whose != "trusted":
        return not (person.is_tracing and person.to_trusted)
    if not person.is_tracing or person.to_trusted is False:
        return False
    own = [one for one in person.numbers if one.whose != "trusted" and is_dialable(one, person)]
    return person.to_trusted is True or not own


def is_dialable(number: Number, person: Person) -> bool:
    if number.is_barred or number.line.is_refused or number.status in UNUSABLE:
        return False
    is_trusted = number.whose == "trusted"
    if is_trusted and not (person.asks_trusted and number.has_words):
        return False
    if not person.is_tracing or number.line.name in person.dialled:
        return True
    return len(number.tried) < 2 and (is_trusted or not number.is_silent)


def is_tired(number: Number, study: Study, at: datetime) -> bool:
    rings = number.line.rings
    day, week = timedelta(hours=24), timedelta(days=7)
    return count(rings, at, day) >= study.a_day or count(rings, at, week) >= study.a_week


def is_safe(number: Number, person: Person, at: datetime) -> bool:
    """Safe on every clock the person may go by; where none is known, never."""
    return bool(person.zones) and all(is_safe_there(number, person.study, at, name) for name in person.zones)


def is_safe_there(number: Number, study: Study, at: datetime, zone_name: str) -> bool:
    there = at.astimezone(ZoneInfo(zone_name))
    clock = there.time()
    today = [one for one in study.seasons if one.from_on <= there.date() < one.until_on]
    opening = [study.hours, *(one.hours for one in today)]
    is_open = there.date() not in study.closed_on and all(shows(clock, hours) for hours in opening)
    is_theirs = there.weekday() in number.days and any(shows(clock, hours) for hours in number.hours)
    pauses = [*study.pauses, *(pause for one in today for pause in one.pauses)]
    is_barred = any(shows(clock, hours) for hours in (*pauses, *number.unsafe))
    return is_open and is_theirs and not is_barred


def shows(clock: time, hours: Hours) -> bool:
    starts, ends = hours
    if starts == ends:
        return True
    if starts < ends:
        return starts <= clock < ends
    return clock >= starts or clock < ends


# --- This caller ------------------------------------------------------------------------------------------------------


def not_this_caller(person: Person, at: datetime, caller: Caller | None) -> set[str]:
    if caller is None:
        return set()
    rules = {
        "caller_barred": caller.id in person.barred_callers,
        "language_not_spoken": person.language not in caller.languages,
        "gender_not_wanted": person.wants_gender is not None and caller.gender != person.wants_gender,
        "other_team": person.team is not None and person.team not in caller.teams,
        "another_caller_after_refusal": caller.id in person.refused_to,
        "caller_has_another_claim": caller.calling not in (None, person.id),
    }
    return {name for name, is_broken in rules.items() if is_broken}
