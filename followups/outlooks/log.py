"""The log of slots chosen: a row for each attempt that a choice led to, by follow-up and number of the attempt."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from followups.models import SlotChoice
from followups.scheduling.slot_choice import Choice

WRITTEN = ("slot", "chance", "propensity", "is_random", "model", "seed", "made_at")


def keep(choices: Mapping[UUID, Choice], *, at: datetime) -> None:
    """Write these choices by follow-up; one for the same attempt replaces the one before, which led nowhere."""
    rows = [_row(follow_up, choice, at) for follow_up, choice in choices.items()]
    if rows:
        SlotChoice.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["follow_up", "attempt_number"],
            update_fields=list(WRITTEN),
        )


def drop(attempts: Collection[tuple[UUID, int]]) -> None:
    """Forget what was chosen for attempts made for another reason: an appointment, the only time there is."""
    if attempts:
        wanted = (Q(follow_up=follow_up, attempt_number=number) for follow_up, number in attempts)
        SlotChoice.objects.filter(reduce(or_, wanted)).delete()


def _row(follow_up: UUID, choice: Choice, at: datetime) -> SlotChoice:
    return SlotChoice(
        follow_up_id=follow_up,
        attempt_number=choice.attempt_number,
        slot=choice.slot.code,
        chance=choice.chance,
        propensity=choice.propensity,
        is_random=choice.is_random,
        model_id=choice.model,
        seed=choice.seed,
        made_at=at,
    )
