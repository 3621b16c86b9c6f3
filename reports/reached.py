"""When people are reached: by slot, foreseen and as it was; and the model's choices beside random ones."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import Any

import numpy as np
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from accounts.scoping import by_team
from followups.contact_model.choosing import RANDOM_SHARE
from followups.contact_model.evidence import NOT_STATED, nothing_yet
from followups.contact_model.outlook import outlook_of
from followups.models import Attempt, ContactModel
from followups.outlooks.history import ANY
from followups.outlooks.making import is_on, newest, parameters_of
from followups.scheduling.slots import SLOTS, Daypart, Slot
from reports.charts import LineChart, line_chart
from reports.rates import Rate
from reports.wanted import Wanted
from tracker.best_times import BestTime

SEEN = timedelta(days=90)
"""How far back dials are counted: far enough for a few, near enough for the model of today."""
_CHOICE = "follow_up__slot_choices"


@dataclass(frozen=True, slots=True)
class SlotLine:
    """One slot: what the model foresees of somebody of whom nothing is known, and how dials in it went."""

    slot: Slot
    foreseen: Rate | None
    seen: Rate

    @property
    def label(self) -> str:
        return str(BestTime(self.slot.code).label)


@dataclass(frozen=True, slots=True)
class Compared:
    """Dials in slots the model chose, and in slots drawn at random among the same admissible ones."""

    chosen: Rate
    random: Rate

    @property
    def difference(self) -> float | None:
        """In shares; None while one of them has no dials."""
        if self.chosen.value is None or self.random.value is None:
            return None
        return self.chosen.value - self.random.value

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the difference: R. G. Newcombe, Statistics in Medicine 17 (1998), method 10."""
        if self.difference is None or self.chosen.interval is None or self.random.interval is None:
            return None
        (low, high), (least, most) = self.chosen.interval, self.random.interval
        p, q = self.chosen.value or 0.0, self.random.value or 0.0
        return (
            self.difference - sqrt((p - low) ** 2 + (most - q) ** 2),
            self.difference + sqrt((high - p) ** 2 + (q - least) ** 2),
        )

    @property
    def share_random(self) -> Rate:
        return Rate(self.random.denominator, self.random.denominator + self.chosen.denominator)


@dataclass(frozen=True, slots=True)
class Reached:
    """All of the page."""

    model: ContactModel | None
    is_on: bool
    since: datetime
    lines: tuple[SlotLine, ...]
    charts: tuple[tuple[str, LineChart], ...]
    compared: Compared
    random_share: Rate = Rate(RANDOM_SHARE, 1)


def reached_of(wanted: Wanted) -> Reached:
    """As the reader may see it: dials of their own teams, and one model, which is made from everybody."""
    model, since = newest(), wanted.now - SEEN
    made, answered = _counted(wanted, since)
    foreseen = _foreseen(model)
    lines = tuple(
        SlotLine(slot, foreseen[place], Rate(_of(answered, slot=slot.code), _of(made, slot=slot.code)))
        for place, slot in enumerate(SLOTS)
    )
    compared = Compared(*(Rate(_of(answered, how=how), _of(made, how=how)) for how in ("chosen", "random")))
    return Reached(model, is_on(), since, lines, _charts(lines), compared)


def _counted(wanted: Wanted, since: datetime) -> tuple[Counter[Any], Counter[Any]]:
    """Dials made in the slot that was chosen for them, and those that reached the person, by slot and by how it was."""
    same = {f"{_CHOICE}__attempt_number": F("number"), f"{_CHOICE}__slot": F("slot")}
    dials = Attempt.objects.recorded().filter(
        by_team(wanted.reader, "follow_up__team"), started_at__gte=since, **same
    )
    rows = (
        dials.order_by()
        .values_list("slot", f"{_CHOICE}__is_random", f"{_CHOICE}__model")
        .annotate(made=Count("pk"), answered=Count("pk", filter=Q(was_reached=True)))
    )
    made, answered = Counter[Any](), Counter[Any]()
    for slot, is_random, model, many, reached in rows:
        how = "in turn" if model is None else "random" if is_random else "chosen"
        made[slot, how] += many
        answered[slot, how] += reached
    return made, answered


def _of(counts: Counter[Any], slot: str | None = None, how: str | None = None) -> int:
    return sum(many for key, many in counts.items() if slot in (None, key[0]) and how in (None, key[1]))


def _foreseen(model: ContactModel | None) -> list[Rate | None]:
    """The pooled chances on a number that works, of somebody of whom nothing is known."""
    if model is None:
        return [None] * len(SLOTS)
    nobody = nothing_yet((ANY,), np.zeros(1, np.int64), np.full(1, NOT_STATED))
    return [Rate(float(chance), 1) for chance in outlook_of(parameters_of(model), nobody).chances[0]]


def _charts(lines: tuple[SlotLine, ...]) -> tuple[tuple[str, LineChart], ...]:
    """One picture for working days, one for days of rest."""
    names = {False: _("Working days"), True: _("Days of rest")}
    return tuple(
        (name, _chart([one for one in lines if one.slot.is_rest_day is rest])) for rest, name in names.items()
    )


def _chart(lines: list[SlotLine]) -> LineChart:
    words = {
        Daypart.MORNING: _("morning"),
        Daypart.MIDDAY: _("midday"),
        Daypart.AFTERNOON: _("afternoon"),
        Daypart.EVENING: _("evening"),
    }
    return line_chart(
        [[one.seen.value for one in lines], [one.foreseen.value if one.foreseen else None for one in lines]],
        [str(words[one.slot.daypart]) for one in lines],
        [one.seen.interval for one in lines],
    )
