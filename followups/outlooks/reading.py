"""Reading histories, of a handful of people in one statement or of a stretch of the panel, from attempts alone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connections
from django.db.models import (
    BigIntegerField,
    CharField,
    FilteredRelation,
    Func,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Cast

from followups.contact_model.evidence import NOT_STATED
from followups.models import Attempt, FollowUp
from followups.models.follow_ups import LIVE, State
from followups.outlooks.history import History
from followups.outlooks.silence import weight_of
from followups.scheduling.slots import SLOTS
from kernel.statements import statement
from tracker.models import ContactPoint, Respondent
from tracker.models.contact_points import Whose

SOON = timedelta(days=2)
"""Windows that open so soon are looked at as if they were open, so that their first look finds an outlook."""
PLACES: Mapping[str, int] = {slot.code: place for place, slot in enumerate(SLOTS)}
DIAL = ("told__started_at", "told__slot", "told__disposition", "told__was_reached")

Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Person:
    """What a history begins with; `key` is the respondent's id as the rows have it, moments are whole seconds."""

    key: Any
    stage: str
    sex: str
    country: str
    best_slot: str
    stage_at: int
    number_at: int

    @property
    def segment(self) -> str:
        return segment_of(self.stage, self.sex, self.country)


def segment_of(stage: str, sex: str, country: str) -> str:
    """Whose people keep the same hours: by stage, sex and country."""
    return f"{stage}/{sex}/{country}"


@dataclass(frozen=True, slots=True)
class Stretch:
    """The follow-ups owed to respondents whose ids lie in a stretch, each with its person's place in the history."""

    follow_ups: tuple[Any, ...]
    person: tuple[int, ...]
    history: History


# --- A handful ------------------------------------------------------------------------------------------------


def of_people(people: Sequence[Person], now: datetime) -> History:
    """The history of a few people, in one statement; `key` is the respondent's id."""
    rows = _told([one.key for one in people], now + SOON) if people else []
    return history_of(people, [_in_seconds(row) for row in rows])


def number_at(points: Iterable[ContactPoint]) -> int:
    """When the person's newest number of their own was added; 0 without one."""
    return max((seconds(one.added_at) for one in points if one.whose != Whose.TRUSTED), default=0)


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


@statement
def _told(people: Collection[UUID], soon: datetime) -> QuerySet[FollowUp, Any]:
    rounds = _with_dials().filter(_begun(soon), respondent__in=people)
    return rounds.values_list("respondent_id", "opens_at", "stage", *DIAL)


def _in_seconds(row: Row) -> Row:
    person, opens_at, stage, at, *dial = row
    return (person, seconds(opens_at), stage, seconds(at) if at else None, *dial)


# --- A stretch of the panel -----------------------------------------------------------------------------------


class Seconds(Func):
    """A moment in whole seconds since 1970, worked out by the database."""

    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "CAST(strftime('%%%%s', %(expressions)s) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint"
        return self.as_sql(compiler, connection, template=template, **extra)


def owed_in(first: UUID, last: UUID, now: datetime) -> Stretch:
    """What is owed to respondents whose ids lie in [first, last], and their history."""
    owed = _fetched(_owed(first, last, now + SOON))
    places: dict[Any, int] = {}
    person = tuple(places.setdefault(row[1], len(places)) for row in owed)
    kept = {row[1]: Person(*row[1:]) for row in owed}
    rows = _fetched(_rounds_in(first, last, now + SOON)) if owed else []
    return Stretch(tuple(row[0] for row in owed), person, history_of(list(kept.values()), rows))


def tried_in(first: UUID, last: UUID, now: datetime) -> History:
    """The history of everybody in [first, last] whom somebody has tried, owed or not: what a model is made from."""
    # The stretch is named in the inner question too: it is as long as the panel's history otherwise.
    dialled = Attempt.objects.recorded().filter(respondent__gte=first, respondent__lte=last).order_by()
    tried = Respondent.objects.filter(pk__gte=first, pk__lte=last, pk__in=dialled.values("respondent"))
    people = [Person(*row) for row in _fetched(tried.order_by().values_list(*_facts("")))]
    return history_of(people, _fetched(_rounds_in(first, last, now + SOON)) if people else [])


def _owed(first: UUID, last: UUID, soon: datetime) -> QuerySet[FollowUp, Any]:
    owed = FollowUp.objects.filter(_is_owed(soon), respondent__gte=first, respondent__lte=last).order_by()
    return owed.values_list(Cast("pk", CharField()), *_facts("respondent__"))


def _facts(path: str) -> tuple[Any, ...]:
    """The columns of a `Person`, from the table that `path` leads away from."""
    numbers = ContactPoint.objects.filter(respondent=OuterRef(f"{path}pk")).exclude(whose=Whose.TRUSTED)
    newest = numbers.order_by().values("respondent").values(at=Max("added_at"))
    names = ("stage", "sex", "country", "best_slot")
    return (
        Cast(f"{path}pk", CharField()),
        *(f"{path}{name}" for name in names),
        Seconds(f"{path}stage_since"),
        Seconds(Subquery(newest)),
    )


def _rounds_in(first: UUID, last: UUID, soon: datetime) -> QuerySet[FollowUp, Any]:
    """Rounds and dials of a stretch. The stretch is named for the dials too: PostgreSQL would else read them all."""
    within = {"respondent__gte": first, "respondent__lte": last}
    dials = Q(**{f"attempts__{name}": value for name, value in within.items()})
    rounds = _with_dials(dials).filter(_begun(soon), **within)
    at, *dial = DIAL
    return rounds.values_list(
        Cast("respondent", CharField()), Seconds("opens_at"), "stage", Seconds(at), *dial
    )


def _fetched(rows: QuerySet[Any, Any]) -> list[Any]:
    """Rows as the driver gives them, nothing converted: millions come by here."""
    connection = connections[rows.db]
    sql, params = rows.query.get_compiler(connection=connection).as_sql()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


# --- Both -----------------------------------------------------------------------------------------------------


def _is_owed(soon: datetime) -> Q:
    return Q(state__in=LIVE) | Q(state=State.PLANNED, opens_at__lte=soon)


def _begun(soon: datetime) -> Q:
    """Rounds that were issued, and those about to be."""
    return Q(issued_at__isnull=False) | _is_owed(soon)


def _with_dials(more: Q = Q()) -> QuerySet[FollowUp]:  # noqa: B008  (frozen)
    theirs = Q(attempts__recorded_at__isnull=False, attempts__to_trusted=False)
    told = FilteredRelation("attempts", condition=theirs & more)
    return FollowUp.objects.annotate(told=told).order_by()


def history_of(people: Sequence[Person], rows: Sequence[Row]) -> History:
    """Columns from rows: respondent, opening, stage of the round, and of each dial moment, slot, outcome, reached."""
    place = {one.key: number for number, one in enumerate(people)}
    known = [row for row in rows if row[0] in place]
    dials = [row for row in known if row[3] is not None]
    names = tuple(sorted({one.segment for one in people}))
    segment = {name: number for number, name in enumerate(names)}
    return History(
        segments=names,
        segment=_whole(segment[one.segment] for one in people),
        stated=_whole(PLACES.get(one.best_slot, NOT_STATED) for one in people),
        stage_at=_whole(one.stage_at or 0 for one in people),
        number_at=_whole(one.number_at or 0 for one in people),
        round_person=_whole(place[row[0]] for row in known),
        round_at=_whole(row[1] for row in known),
        round_stage=np.array([row[2] for row in known], np.str_),
        dial_person=_whole(place[row[0]] for row in dials),
        dial_at=_whole(row[3] for row in dials),
        dial_slot=_whole(PLACES.get(row[4], -1) for row in dials),
        dial_reached=np.array([bool(row[6]) for row in dials], np.bool_),
        dial_weight=np.array([weight_of(row[5]) for row in dials], np.float32),
    )


def _whole(values: Iterable[int]) -> Any:
    return np.fromiter(values, np.int64)
