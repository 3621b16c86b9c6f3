"""What the tables say of a batch of respondents, read in a fixed number of queries whatever its size."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from consent.asking import Consents, consents_of
from followups.models import Appointment, Attempt, BarredEnumerator, Claim, Dial, FollowUp, Hold
from tracker.models import ContactPoint
from vault import lines

WEEK = timedelta(days=7)

Sharers = dict[UUID, frozenset[UUID]]
"""For each contact point, all that hold the same number, itself included."""


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
    dialled: dict[UUID, frozenset[UUID]]


def read(follow_ups: Sequence[FollowUp], now: datetime, with_sharers: bool) -> Known:
    """All that the rules ask about these follow-ups."""
    people = [one.respondent_id for one in follow_ups]
    numbers = _grouped(ContactPoint.objects.in_use().filter(respondent__in=people), "respondent_id")
    sharers = _sharers(numbers, with_sharers)
    rounds = [one.pk for one in follow_ups]
    attempts = Attempt.objects.filter(respondent__in=people).order_by("started_at")
    claims = {one.respondent_id: one for one in Claim.objects.live(now).filter(respondent__in=people)}
    return Known(
        consents=consents_of(people, now=now),
        numbers=numbers,
        dials=_dials(sharers, now),
        attempts=_grouped(_recent_or_in_round(attempts, rounds, now), "respondent_id"),
        holds=_grouped(Hold.objects.standing(now).filter(respondent__in=people), "respondent_id"),
        appointments={
            one.follow_up_id: one for one in Appointment.objects.open().filter(follow_up__in=rounds)
        },
        claims=claims,
        barred=_barred(people),
        barred_lines=_barred_lines(sharers) | _refused_lines(numbers, with_sharers),
        dialled=_dialled(claims, sharers),
    )


def _recent_or_in_round(attempts: Any, rounds: list[UUID], now: datetime) -> Any:
    recent = attempts.filter(started_at__gt=now - WEEK)
    return (recent | attempts.filter(follow_up__in=rounds)).distinct()


def _grouped(rows: Iterable[Any], key: str) -> dict[UUID, list[Any]]:
    groups: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, key)].append(row)
    return groups


def _sharers(numbers: dict[UUID, list[ContactPoint]], with_sharers: bool) -> Sharers:
    """For each contact point, all that hold the same number, itself included."""
    points = [point for points in numbers.values() for point in points]
    if not with_sharers:
        return {point.pk: frozenset({point.pk}) for point in points}
    return {point.pk: lines.sharing(point.value) | {point.pk} for point in points if point.value}


def _dials(sharers: Sharers, now: datetime) -> dict[UUID, list[datetime]]:
    """When each number rang in the last seven days, whoever of its sharers was called, in any study."""
    wanted = {other for others in sharers.values() for other in others}
    rung = Dial.objects.that_may_have_rung().filter(contact_point_id__in=wanted, ordered_at__gt=now - WEEK)
    at: dict[UUID, list[datetime]] = defaultdict(list)
    for point_id, ordered_at in rung.values_list("contact_point_id", "ordered_at"):
        at[point_id].append(ordered_at)
    return {point: [moment for other in others for moment in at[other]] for point, others in sharers.items()}


def _barred_lines(sharers: Sharers) -> frozenset[UUID]:
    """The numbers that somebody who shares them has barred, or on which a stranger or a danger was met."""
    wanted = {other for others in sharers.values() for other in others}
    harmed = set(ContactPoint.objects.filter(pk__in=wanted).harmful().values_list("pk", flat=True))
    return frozenset(point for point, others in sharers.items() if others & harmed)


def _refused_lines(numbers: dict[UUID, list[ContactPoint]], with_sharers: bool) -> frozenset[UUID]:
    """The numbers whose holder asked that they be refused: nothing is sealed there.

    Asked at a claim and a dial only, as for those who share a number: on a page they look like any other.
    """
    if not with_sharers:
        return frozenset()
    return frozenset(point.pk for points in numbers.values() for point in points if point.value is None)


def _dialled(claims: dict[UUID, Claim], sharers: Sharers) -> dict[UUID, frozenset[UUID]]:
    """The numbers dialled in the sitting that is in progress, by respondent; a cancelled order dialled nothing.

    Somebody who gave the same number twice is rung on it once.
    """
    wanted = [claim.pk for claim in claims.values()]
    dials = Dial.objects.not_cancelled().filter(attempt__claim__in=wanted, attempt__recorded_at=None)
    found: dict[UUID, frozenset[UUID]] = defaultdict(frozenset)
    for respondent_id, point_id in dials.values_list("attempt__respondent_id", "contact_point_id"):
        same = sharers.get(point_id, frozenset()).intersection(sharers)
        found[respondent_id] |= same | {point_id}
    return found


def _barred(people: list[UUID]) -> dict[UUID, list[UUID]]:
    barred: dict[UUID, list[UUID]] = defaultdict(list)
    pairs = BarredEnumerator.objects.filter(respondent__in=people).values_list(
        "respondent_id", "enumerator_id"
    )
    for respondent_id, enumerator_id in pairs:
        barred[respondent_id].append(enumerator_id)
    return barred
