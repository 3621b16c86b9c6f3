"""Statements worked out once per connection and sent again with other values: making one costs more than running it.

    @statement
    def owed_to(respondent_id: UUID) -> QuerySet[FollowUp]:
        return FollowUp.objects.filter(respondent=respondent_id).unfinished()

`owed_to(person.pk)` is then a list, read at once. What is kept is the text of the statement and never a row or a
value, so an answer is as fresh as any other query's. The function may not look at its values: it is called with
stand-ins, once for each shape of them. Several ids are a list; it is sent padded with its last one to the next power
of two, so that few shapes exist.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from django.core.exceptions import EmptyResultSet
from django.db import connections, models, router, transaction
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)
from django.db.models.sql import InsertQuery, UpdateQuery

Row = TypeVar("Row")
Plain = UUID | datetime | str | int
Value = Plain | Sequence[Plain]
Params = tuple[Any, ...]
Change = tuple[models.QuerySet[Any], dict[str, object]]
"""The rows to change, and what to write into each column."""

MOST_KEPT = 1000
_EPOCH = datetime(1971, 1, 1, tzinfo=UTC)


class StandInLost(TypeError):
    """A value of a statement is nowhere in its SQL: the function looked at its values, or converts them on the way."""


@dataclass(frozen=True, slots=True)
class _Text:
    """One statement: its SQL, its parameters with a hole for each value, and which value goes into which hole."""

    sql: str
    params: Params
    holes: tuple[tuple[int, int, type | None], ...]

    def filled(self, values: Sequence[Any]) -> Params:
        params = list(self.params)
        for hole, value, wrapper in self.holes:
            params[hole] = wrapper(values[value]) if wrapper else values[value]
        return tuple(params)


class _Select:
    """A queryset whose SQL, and the way from its columns to its rows, are worked out; one connection's."""

    def __init__(self, rows: models.QuerySet[Any], connection: Any, stand_ins: Sequence[Any]) -> None:
        compiler: Any = rows.query.get_compiler(connection=connection)
        self.connection = connection
        self.locks = rows.query.select_for_update and connection.features.has_select_for_update
        self.text: _Text | None = None
        try:
            self.text = _with_holes(compiler.as_sql(), stand_ins, connection)
        except EmptyResultSet:
            return
        columns = [one[0] for one in compiler.select[: compiler.col_count]]
        self.converters = list(compiler.get_converters(columns).items())
        self.make = _maker(rows, compiler, connection.alias)

    def read(self, values: Sequence[Any]) -> list[Any]:
        if self.text is None:
            return []
        if self.locks and self.connection.get_autocommit():
            raise transaction.TransactionManagementError("Rows are locked inside a transaction only.")
        with self.connection.cursor() as cursor:
            cursor.execute(self.text.sql, self.text.filled(values))
            found = cursor.fetchall()
        return [self.make(self._converted(row)) for row in found]

    def _converted(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for place, (converters, expression) in self.converters:
            value = values[place]
            for convert in converters:
                value = convert(value, expression, self.connection)
            values[place] = value
        return values


def _maker(rows: Any, compiler: Any, alias: str) -> Callable[[list[Any]], Any]:
    """What makes a row of converted columns: as Django's own reading does, with its questions asked once."""
    kind, columns = rows._iterable_class, compiler.col_count
    if kind is FlatValuesListIterable:
        return lambda row: row[0]
    if kind is ValuesListIterable:
        return lambda row: tuple(row[:columns])
    if kind is not ModelIterable or rows._prefetch_related_lookups or compiler.annotation_col_map:
        raise TypeError("a statement reads models, or lists of values")
    info = compiler.klass_info
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [one[0].target.attname for one in compiler.select[first:last]]
    joined = get_related_populators(info, compiler.select, alias)  # type: ignore[call-arg]
    model = info["model"]

    def make(row: list[Any]) -> Any:
        made = model.from_db(alias, names, row[first:last])
        for one in joined:
            one.populate(row, made)
        return made

    return make


class _Prepared:
    """What statements and changes have in common: the shapes they were asked in, per connection."""

    def __init__(self, build: Callable[..., Any]) -> None:
        self._build = build
        self._alias: str | None = None
        self.__doc__ = build.__doc__

    def _ready(self, values: tuple[Value, ...], make: Callable[..., Any]) -> tuple[Any, list[Any]]:
        shape, flat = _flattened(values)
        if self._alias is not None:
            connection = connections[self._alias]
            made = vars(connection).setdefault("statements", {})
            if (ready := made.get((self, shape))) is not None:
                return ready, [_sent(value, connection) for value in flat]
        stand_ins = [_stand_in(value, place) for place, value in enumerate(flat)]
        ready, connection = make(self._build(*_shaped(stand_ins, shape)), stand_ins)
        self._alias = connection.alias
        _keep(vars(connection).setdefault("statements", {}), (self, shape), ready)
        return ready, [_sent(value, connection) for value in flat]


class Statement(_Prepared, Generic[Row]):
    """A question; see the module."""

    def __call__(self, *values: Value) -> list[Row]:
        ready, sent = self._ready(values, _select)
        return ready.read(sent)  # type: ignore[no-any-return]

    def first(self, *values: Value) -> Row | None:
        """The first row; the function should ask for one only."""
        rows = self(*values)
        return rows[0] if rows else None


class Changing(_Prepared):
    """A change of rows; how many there were."""

    def __call__(self, *values: Value) -> int:
        (text, connection), sent = self._ready(values, _update)
        if text is None:
            return 0
        with (
            transaction.mark_for_rollback_on_error(using=connection.alias),
            connection.cursor() as cursor,
        ):
            cursor.execute(text.sql, text.filled(sent))
            return int(cursor.rowcount)

    def many(self, each: Sequence[tuple[Value, ...]]) -> None:
        """The same change for each of these values, in one go; all of one shape."""
        if not each:
            return
        (text, connection), _first = self._ready(each[0], _update)
        sent = [[_sent(value, connection) for value in _flattened(values)[1]] for values in each]
        with (
            transaction.mark_for_rollback_on_error(using=connection.alias),
            connection.cursor() as cursor,
        ):
            cursor.executemany(text.sql, [text.filled(one) for one in sent])


def statement(build: Callable[..., models.QuerySet[Any, Row]]) -> Statement[Row]:
    """The rows of the queryset that `build` makes of its values."""
    return Statement(build)


def change(build: Callable[..., Change]) -> Changing:
    """Writes the columns that `build` names into the rows that it names."""
    return Changing(build)


def _keep(made: dict[Any, Any], key: Any, ready: Any) -> None:
    """More shapes than a program has come from lists of all lengths: then it begins anew."""
    if len(made) >= MOST_KEPT:
        made.clear()
    made[key] = ready


def _select(rows: models.QuerySet[Any], stand_ins: Sequence[Any]) -> tuple[_Select, Any]:
    connection = connections[rows.db]
    return _Select(rows, connection, stand_ins), connection


def _update(wanted: Change, stand_ins: Sequence[Any]) -> tuple[tuple[_Text | None, Any], Any]:
    rows, columns = wanted
    connection = connections[router.db_for_write(rows.model)]
    query: Any = rows.query.chain(UpdateQuery)
    query.add_update_values(columns)
    query.clear_ordering(force=True)
    try:
        made = query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return (None, connection), connection
    return (_with_holes(made, stand_ins, connection), connection), connection


def _with_holes(made: tuple[str, Iterable[Any]], stand_ins: Sequence[Any], connection: Any) -> _Text:
    sql, params = made
    places = {_sent(one, connection): place for place, one in enumerate(stand_ins)}
    found = tuple(params)
    holes = tuple(
        (hole, places[param], _wrapper(param)) for hole, param in enumerate(found) if _is_in(param, places)
    )
    if len({value for _hole, value, _wrapper in holes}) != len(stand_ins):
        raise StandInLost("each value of a statement has to reach its SQL as it is")
    return _Text(sql, found, holes)


def _is_in(param: Any, places: dict[Any, int]) -> bool:
    return isinstance(param, UUID | datetime | str | int) and param in places


def _wrapper(param: Any) -> type | None:
    """PostgreSQL is told how wide a number is by its class; everything else goes as it is."""
    return type(param) if isinstance(param, int) and type(param) is not int else None


def _flattened(values: tuple[Value, ...]) -> tuple[tuple[Any, ...], list[Any]]:
    """Kinds and lengths, and every value in a row; lists padded."""
    shape: list[Any] = []
    flat: list[Any] = []
    for value in values:
        if isinstance(value, list | tuple):
            padded = [*value, *value[-1:] * (_next_power(len(value)) - len(value))]
            shape.append((_kind(padded[0]) if padded else None, len(padded)))
            flat += padded
        else:
            shape.append(_kind(value))
            flat.append(value)
    return tuple(shape), flat


def _next_power(length: int) -> int:
    return 1 << (length - 1).bit_length() if length else 0


def _kind(value: Any) -> type:
    for kind in (UUID, datetime, str, int):
        if isinstance(value, kind) and not isinstance(value, bool):
            return kind
    raise TypeError(f"a statement takes no {type(value).__name__}")


def _shaped(flat: Sequence[Any], shape: tuple[Any, ...]) -> list[Any]:
    left = iter(flat)
    return [
        [next(left) for _each in range(one[1])] if isinstance(one, tuple) else next(left) for one in shape
    ]


def _stand_in(value: Any, place: int) -> Any:
    """Something of the same kind that nothing else in the statement can be equal to."""
    kind = _kind(value)
    if kind is UUID:
        return uuid4()
    if kind is datetime:
        return _EPOCH + timedelta(microseconds=uuid4().int % 10**12)
    return f"stand-in {uuid4().hex}" if kind is str else 31_000 + place


def _sent(value: Any, connection: Any) -> Any:
    """The value as the driver of this database takes it, as Django's fields would hand it over."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return str(value) if isinstance(value, str) else value


def insert(rows: Sequence[models.Model]) -> None:
    """Write rows of one model that were made just now, in one statement, in their order; numbered keys are filled in.

    For models without parents and signals, which ours are: `bulk_create` without its ceremony.
    """
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    made = vars(connection).setdefault("statements", {})
    if (ready := made.get((model, len(rows)))) is None:
        ready = _insertion(model, rows, connection)
        _keep(made, (model, len(rows)), ready)
    sql, fields, returned = ready
    params = [
        field.get_db_prep_save(field.pre_save(row, add=True), connection) for row in rows for field in fields
    ]
    with transaction.mark_for_rollback_on_error(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = cursor.fetchall() if returned else [()] * len(rows)
    for row, values in zip(rows, found, strict=True):
        for field, value in zip(returned, values, strict=True):
            setattr(row, field.attname, value)
        row._state.adding, row._state.db = False, connection.alias


def _insertion(model: type[models.Model], rows: Sequence[models.Model], connection: Any) -> tuple[Any, ...]:
    returned = model._meta.db_returning_fields
    fields = [field for field in model._meta.local_concrete_fields if field not in returned]
    query: Any = InsertQuery(model)
    # One row, and its place repeated: of several, PostgreSQL's compiler makes arrays instead.
    query.insert_values(fields, list(rows[:1]))
    compiler: Any = query.get_compiler(connection=connection)
    compiler.returning_fields = returned
    [(sql, _params)] = compiler.as_sql()
    into, _values, rest = sql.partition(" VALUES ")
    place, returning, columns = rest.partition(" RETURNING ")
    return f"{into} VALUES {', '.join([place] * len(rows))}{returning}{columns}", fields, returned
