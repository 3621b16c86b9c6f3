"""What the tables say of a batch of respondents, read in a fixed number of queries whatever its size."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from consent.asking import Consents, consents_of
from followups import leaps
from followups.models import Appointment, Attempt, BarredEnumerator, Claim, Dial, FollowUp, Hold
from kernel.statements import statement
from tracker.models import ContactPoint
from tracker.stages import Stage, is_tracing_only
from vault import lines

WEEK = timedelta(days=7)
A_SEARCH_LOOKS_BACK = timedelta(days=60)

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
    searched: dict[UUID, list[tuple[datetime, str]]]


def is_search(follow_up: FollowUp) -> bool:
    """Whether this person is being looked for: they are in tracing, or nobody knows where they are."""
    return follow_up.tracing_since is not None or is_tracing_only(Stage(follow_up.respondent.stage))


def read(follow_ups: Sequence[FollowUp], now: datetime, with_sharers: bool) -> Known:
    """All that the rules ask about these follow-ups."""
    people = [one.respondent_id for one in follow_ups]
    numbers = _grouped(_numbers(people), "respondent_id")
    sharers = _sharers(numbers, with_sharers)
    rounds = [one.pk for one in follow_ups]
    claims = {one.respondent_id: one for one in _claims(people, now)}
    return Known(
        consents=consents_of(people, now=now),
        numbers=numbers,
        dials=_dials(sharers, now),
        attempts=_grouped(_in_the_past(_attempts(people, rounds, now - WEEK), now), "respondent_id"),
        holds=_grouped(_holds(people, now), "respondent_id"),
        appointments={one.follow_up_id: one for one in _promised(rounds)},
        claims=claims,
        barred=_barred(people),
        barred_lines=_barred_lines(numbers, sharers) | _refused_lines(numbers, with_sharers),
        dialled=_dialled(claims, sharers),
        searched=_searched(follow_ups, numbers, sharers, now),
    )


@statement
def _numbers(people: Collection[UUID]) -> QuerySet[ContactPoint]:
    return ContactPoint.objects.in_use().filter(respondent__in=people)


@statement
def _claims(people: Collection[UUID], now: datetime) -> QuerySet[Claim]:
    return Claim.objects.live(now).filter(respondent__in=people)


@statement
def _attempts(people: Collection[UUID], rounds: Collection[UUID], since: datetime) -> QuerySet[Attempt]:
    """Those of the last days, and all of the round, oldest first."""
    recent_or_in_round = Q(started_at__gt=since) | Q(follow_up__in=rounds)
    return Attempt.objects.filter(recent_or_in_round, respondent__in=people).order_by("started_at")


def _in_the_past(sittings: list[Attempt], now: datetime) -> list[Attempt]:
    """The same, with what a clock that was ahead has stamped dated to when that clock came back, at the latest."""
    for one in sittings:
        if one.started_at > now:
            one.started_at = leaps.dated(one.started_at, now)
            one.recorded_at = leaps.dated(one.recorded_at, now) if one.recorded_at else None
    return sittings


@statement
def _holds(people: Collection[UUID], now: datetime) -> QuerySet[Hold]:
    return Hold.objects.standing(now).filter(respondent__in=people)


@statement
def _promised(rounds: Collection[UUID]) -> QuerySet[Appointment]:
    return Appointment.objects.open().filter(follow_up__in=rounds)


@statement
def _rung(points: Collection[UUID], since: datetime) -> QuerySet[Dial, Any]:
    rung = Dial.objects.that_may_have_rung().filter(contact_point_id__in=points, ordered_at__gt=since)
    return rung.values_list("contact_point_id", "ordered_at")


def _searched(
    follow_ups: Sequence[FollowUp], numbers: dict[UUID, list[ContactPoint]], sharers: Sharers, now: datetime
) -> dict[UUID, list[tuple[datetime, str]]]:
    """The dials made for those who are being looked for, by number, and what each gave; asked about nobody else.

    A number given a second time is the same number: where the phone index is asked, its dials are counted together.
    """
    sought = {one.respondent_id for one in follow_ups if is_search(one)}
    points = {point.pk: sharers.get(point.pk, {point.pk}) for one in sought for point in numbers.get(one, ())}
    if not points:
        return {}
    made: dict[UUID, list[tuple[datetime, str]]] = defaultdict(list)
    everywhere = list({other for others in points.values() for other in others})
    for point_id, at, gave in _dialled_for(everywhere, list(sought), now - A_SEARCH_LOOKS_BACK):
        made[point_id].append((leaps.dated(at, now), gave))
    return {point: [dial for other in others for dial in made[other]] for point, others in points.items()}


@statement
def _dialled_for(points: Collection[UUID], people: Collection[UUID], since: datetime) -> QuerySet[Dial, Any]:
    dials = Dial.objects.not_cancelled().filter(contact_point_id__in=points, ordered_at__gt=since)
    return dials.filter(attempt__respondent__in=people).values_list(
        "contact_point_id", "ordered_at", "result"
    )


@statement
def _harmed(points: Collection[UUID]) -> QuerySet[ContactPoint, UUID]:
    return ContactPoint.objects.filter(pk__in=points).harmful().order_by().values_list("pk", flat=True)


@statement
def _in_sitting(claims: Collection[UUID]) -> QuerySet[Dial, Any]:
    """The dials of sittings without an outcome; a cancelled order dialled nothing."""
    dials = Dial.objects.not_cancelled().filter(attempt__claim__in=claims, attempt__recorded_at=None)
    return dials.values_list("attempt__respondent_id", "contact_point_id")


@statement
def _barred_pairs(people: Collection[UUID]) -> QuerySet[BarredEnumerator, Any]:
    return BarredEnumerator.objects.filter(respondent__in=people).values_list(
        "respondent_id", "enumerator_id"
    )


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
    at: dict[UUID, list[datetime]] = defaultdict(list)
    for point_id, ordered_at in _rung(_all_in(sharers), now - WEEK):
        at[point_id].append(leaps.dated(ordered_at, now))
    return {point: [moment for other in others for moment in at[other]] for point, others in sharers.items()}


def _barred_lines(numbers: dict[UUID, list[ContactPoint]], sharers: Sharers) -> frozenset[UUID]:
    """The numbers that somebody who shares them has barred, or on which a stranger or a danger was met."""
    known = {point.pk: point for points in numbers.values() for point in points}
    harmed = {pk for pk, point in known.items() if point.is_harmful}
    harmed.update(_harmed([pk for pk in _all_in(sharers) if pk not in known]))
    return frozenset(point for point, others in sharers.items() if others & harmed)


def _all_in(sharers: Sharers) -> list[UUID]:
    return list({other for others in sharers.values() for other in others})


def _refused_lines(numbers: dict[UUID, list[ContactPoint]], with_sharers: bool) -> frozenset[UUID]:
    """The numbers whose holder asked that they be refused: nothing is sealed there.

    Asked at a claim and a dial only, as for those who share a number: on a page they look like any other.
    """
    if not with_sharers:
        return frozenset()
    return frozenset(point.pk for points in numbers.values() for point in points if point.value is None)


def _dialled(claims: dict[UUID, Claim], sharers: Sharers) -> dict[UUID, frozenset[UUID]]:
    """The numbers dialled in the sitting that is in progress, by respondent.

    Somebody who gave the same number twice is rung on it once.
    """
    found: dict[UUID, frozenset[UUID]] = defaultdict(frozenset)
    for respondent_id, point_id in _in_sitting([claim.pk for claim in claims.values()]):
        same = sharers.get(point_id, frozenset()).intersection(sharers)
        found[respondent_id] |= same | {point_id}
    return found


def _barred(people: list[UUID]) -> dict[UUID, list[UUID]]:
    barred: dict[UUID, list[UUID]] = defaultdict(list)
    for respondent_id, enumerator_id in _barred_pairs(people):
        barred[respondent_id].append(enumerator_id)
    return barred
