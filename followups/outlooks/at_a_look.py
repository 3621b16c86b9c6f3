"""The outlooks a look of the tick goes by: those of the night, or new ones where something happened since."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from followups.contact_model.parameters import Parameters
from followups.contact_model.yields import last_in_turn
from followups.models import ContactModel, FollowUp, Outlook
from followups.outlooks.foreseeing import outlooks_of
from followups.outlooks.making import is_on, parameters_of
from followups.outlooks.packing import WHOLE, unpacked
from followups.outlooks.reading import Person, number_at, of_people, seconds
from followups.scheduling.situation import SlotOutlook
from kernel.statements import statement
from tracker.models import ContactPoint

TOO_OLD = timedelta(days=7)
"""A night's outlook that no other has replaced for so long is worked out again."""
KEY = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was written one night."""

    chances: tuple[float, ...]
    doubts: tuple[float, ...]
    least: float
    alive: float
    model: int
    made_at: datetime


def outlooks_for(
    follow_ups: Sequence[FollowUp], changed_at: Mapping[UUID, datetime], now: datetime
) -> dict[UUID, SlotOutlook]:
    """By follow-up, what the newest model says; empty without a model, or with it switched off.

    `changed_at` is when an outcome of the round was last recorded, or a number given. `follow_ups` come with their
    respondents and rules.
    """
    model = _newest.first() if is_on() and follow_ups else None
    if model is None:
        return {}
    kept = {
        one[0]: _Kept(*unpacked(one[1]), one[2] / WHOLE, *one[3:])
        for one in _stored([one.pk for one in follow_ups])
    }
    stale = [one for one in follow_ups if _is_stale(kept.get(one.pk), one, changed_at.get(one.pk), now)]
    parameters = parameters_of(model)
    kept |= _afresh(stale, model, parameters, now)
    caps = {one.pk: one.rule.attempt_cap for one in follow_ups}
    return {
        pk: SlotOutlook(
            one.chances, one.doubts, one.alive, one.least * last_in_turn(parameters, caps[pk]),
            pk.int & KEY, model.seed, one.model,
        )
        for pk, one in kept.items()
    }  # fmt: skip


@statement
def _newest() -> QuerySet[ContactModel]:
    return ContactModel.objects.newest_first()[:1]


@statement
def _stored(follow_ups: Collection[UUID]) -> QuerySet[Outlook, Any]:
    rows = Outlook.objects.filter(follow_up__in=follow_ups)
    return rows.values_list("follow_up_id", "chances", "alive", "model_id", "made_at")


@statement
def _numbers(people: Collection[UUID]) -> QuerySet[ContactPoint]:
    return ContactPoint.objects.filter(respondent__in=people)


def _is_stale(kept: _Kept | None, row: FollowUp, changed_at: datetime | None, now: datetime) -> bool:
    if kept is None or kept.made_at < now - TOO_OLD:
        return True
    return row.respondent.stage_since > kept.made_at or bool(changed_at and changed_at > kept.made_at)


def _afresh(
    rows: Sequence[FollowUp], model: ContactModel, parameters: Parameters, now: datetime
) -> dict[UUID, _Kept]:
    """From the counts of this moment; nothing is written, for the night does that."""
    if not rows:
        return {}
    people = list({one.respondent_id: one.respondent for one in rows}.values())
    points: dict[UUID, list[ContactPoint]] = {one.pk: [] for one in people}
    for point in _numbers([one.pk for one in people]):
        points[point.respondent_id].append(point)
    known = [
        Person(
            one.pk,
            one.stage,
            one.sex,
            one.country,
            one.best_slot,
            seconds(one.stage_since),
            number_at(points[one.pk]),
        )
        for one in people
    ]
    chances, alive = outlooks_of(of_people(known, now), parameters, now)
    place = {one.pk: number for number, one in enumerate(people)}
    return {
        one.pk: _Kept(
            *unpacked(chances[place[one.respondent_id]]), alive[place[one.respondent_id]] / WHOLE,
            model.version, now,
        )
        for one in rows
    }  # fmt: skip
