"""A second opinion, written without the engine: every rule as one plain question about one instant."""

from datetime import timedelta
from zoneinfo import ZoneInfo

DEAD = {"disconnected", "non_working", "changed", "wrong_person", "unsafe", "withdrawn"}


def shows(clock, hours):
    if hours.starts == hours.ends:
        return True
    if hours.starts < hours.ends:
        return hours.starts <= clock < hours.ends
    return clock >= hours.starts or clock < hours.ends


def is_safe(at, zones, calling, rules):
    for name in zones:
        there = at.astimezone(ZoneInfo(name))
        clock = there.time()
        if there.date() in calling.closed_on or there.weekday() not in rules.days:
            return False
        if not shows(clock, calling.hours) or any(shows(clock, pause) for pause in calling.pauses):
            return False
        for season in calling.seasons:
            if not season.from_on <= there.date() < season.until_on:
                continue
            if not shows(clock, season.hours) or any(shows(clock, pause) for pause in season.pauses):
                return False
        if not any(shows(clock, hours) for hours in rules.hours):
            return False
        if any(shows(clock, hours) for hours in rules.unsafe_hours):
            return False
    return bool(zones)


def within(moments, now, **length):
    return sum(now - timedelta(**length) < at <= now for at in moments)


def is_tired(moments, now):
    return within(moments, now, hours=24) >= 2 or within(moments, now, days=7) >= 5


def pending(s):
    """The appointment, if no ringing attempt has honoured it."""
    if s.appointment is None:
        return None
    start, _ = due(s.appointment)
    for attempt in s.attempts:
        if attempt.counts_as_burden and attempt.at > s.appointment.asked_at and attempt.at >= start:
            return None
    return s.appointment


def due(appointment):
    if appointment.kind == "firm":
        quarter = timedelta(minutes=15)
        return appointment.from_at - quarter, appointment.from_at + quarter
    return appointment.from_at, appointment.until_at


def is_granted(permission, now):
    return permission.standing == "granted" and (permission.expires_at is None or now < permission.expires_at)


def may_call(s, now):
    """Whether anybody may call this person at this instant."""
    rang = [attempt.at for attempt in s.attempts if attempt.counts_as_burden]
    call_back = pending(s)
    reconnects = (
        s.reconnection is not None
        and s.reconnection.agreed_at <= now < s.reconnection.until_at
        and not any(at > s.reconnection.agreed_at for at in rang)
    )
    is_expected = reconnects or (call_back is not None and due(call_back)[0] <= now < due(call_back)[1])
    return (
        s.respondent_status == "active"
        and is_granted(s.recontact, now)
        and is_granted(s.keep_number, now)
        and s.state in ("planned", "open", "ready", "resting")
        and s.stage not in ("crossing", "detained")
        and (s.stage != "unknown" or s.is_tracing)
        and all(hold.until is not None and hold.until <= now for hold in s.holds)
        and s.window is not None
        and s.window.opens_at <= now < s.window.closes_at
        and _is_under_round_cap(s, call_back)
        and not is_tired(rang, now)
        and (is_expected or not any(at <= now < at + timedelta(minutes=s.spacing_minutes) for at in rang))
        and (is_expected or s.not_before is None or s.not_before <= now)
        and (reconnects or call_back is None or due(call_back)[0] <= now)
        and (s.claim is None or s.claim.expires_at <= now)
        and any(_is_usable(number, s, now) for number in s.numbers)
    )


def _is_under_round_cap(s, call_back):
    made = [a.at for a in s.attempts if a.counts_as_burden and a.in_this_round]
    if len(made) < s.attempt_cap:
        return True
    return len(made) == s.attempt_cap and call_back is not None and call_back.asked_at >= max(made)


def _is_usable(number, s, now):
    return (
        number.status not in DEAD
        and not number.is_barred
        and number.may_call
        and number.id not in s.dialled
        and len(s.dialled) < 3
        and not is_tired(number.dials, now)
        and is_safe(now, s.zones, s.calling_hours, number.safe)
    )
