"""
Writing many new rows of one model at once, several times as fast as `bulk_create`.

PostgreSQL takes them by COPY, SQLite by one prepared statement. For rows that are new, complete and have their key
(or one that the database counts up). No signals are sent, and nothing is read back.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from operator import attrgetter, itemgetter
from typing import Any, TypeVar

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.base import ModelState
from django.db.models.sql.compiler import SQLCompiler

from jiujinan.sealing.fields import SealedField

Prepare = Callable[[Any], Any]
Row = TypeVar("Row", bound=models.Model)


def fresh(model: type[Row], /, **values: Any) -> Row:
    """Return a new, unsaved row, several times as fast as calling the model.

    `values` are by field name, for a relation the row that it points to; other fields take their plain defaults.
    """
    row = model.__new__(model)
    state = ModelState()
    held = row.__dict__
    plain, made = _defaults(model)
    held.update(plain)
    for name, make in made.items():
        if name not in values:
            held[name] = make()
    held["_state"] = state
    for name, value in values.items():
        if isinstance(value, models.Model):
            state.fields_cache[name] = value
            held[f"{name}_id"] = value.pk
        else:
            held[name] = value
    return row


def flat(row: models.Model) -> dict[str, Any]:
    """Return the row's values by attribute, sealed, for another process."""
    for field in row._meta.concrete_fields:
        if isinstance(field, SealedField):
            field.pre_save(row, add=True)
    return {name: value for name, value in row.__dict__.items() if name != "_state"}


def revived(model: type[Row], values: dict[str, Any], /, **related: models.Model) -> Row:
    """Return the new, unsaved row of those values, `related` the rows that it points to."""
    row = model.__new__(model)
    state = ModelState()
    state.fields_cache.update(related)
    row.__dict__.update(values, _state=state)
    return row


@cache
def _defaults(model: type[models.Model]) -> tuple[Mapping[str, Any], Mapping[str, Callable[[], Any]]]:
    """Return the defaults that are values, and the makers of those that every row has for itself (a key, a list)."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    made = {f.attname: f.default for f in fields if f.has_default() and callable(f.default)}
    return {f.attname: f.get_default() for f in fields if f.attname not in made}, made


@models.CharField.register_lookup
class Among(models.Lookup):
    """`name__among=[…]`: like `in`, with the whole list as one parameter, for lists of hundreds."""

    lookup_name = "among"

    def get_prep_lookup(self) -> list[str]:
        """Take the values as they are."""
        return [str(value) for value in self.rhs]

    def get_db_prep_lookup(self, value: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Return the one parameter."""
        return "%s", (list(value),)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        """Compare with any element of an array."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*params, self.rhs)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Compare with the elements of a JSON list (SQLite)."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} IN (SELECT value FROM json_each(%s))", (*params, json.dumps(self.rhs))  # noqa: S608


@models.UUIDField.register_lookup
class AmongKeys(Among):
    """The same for keys: `pk__among=[…]`."""

    def get_prep_lookup(self) -> list[Any]:
        """Take the keys as they are."""
        return list(self.rhs)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Compare with the elements of a JSON list, as SQLite keeps keys."""
        column, params = self.process_lhs(compiler, connection)
        keys = json.dumps([key.hex for key in self.rhs])
        return f"{column} IN (SELECT value FROM json_each(%s))", (*params, keys)  # noqa: S608


@contextmanager
def sparing() -> Iterator[None]:
    """Let SQLite hold little of its file in memory for the time of the block; elsewhere do nothing.

    A site asks for the same pages again and again, so much is kept and mapped; a large import touches all of them once.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = {}
        for name, little in _SPARING.items():
            cursor.execute(f"PRAGMA {name}")
            for (held,) in cursor.fetchall():  # none where the database is in memory itself
                before[name] = held
                cursor.execute(f"PRAGMA {name}={little}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for name, held in before.items():
                cursor.execute(f"PRAGMA {name}={held}")


_SPARING = {"cache_size": -8_192, "mmap_size": 0}  # kB; bytes


def insert(rows: Sequence[models.Model]) -> None:
    """Insert the rows, all of one model, in the caller's transaction."""
    if not rows:
        return
    model = type(rows[0])
    fields = [
        field
        for field in model._meta.concrete_fields
        if not field.generated and not isinstance(field, models.AutoField)
    ]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    values = list(
        _values(rows, fields)
    )  # before the copy begins: while it runs, the connection takes nothing else
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row_values in values:
                    copy.write_row(row_values)
        else:
            places = ", ".join(["%s"] * len(fields))
            statement = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608  # names of our own models
            cursor.executemany(statement, values)
    for row in rows:
        row._state.adding = False


def _values(rows: Sequence[models.Model], fields: Sequence[Any]) -> Iterator[list[Any]]:
    """Yield each row's values as the driver takes them; only columns that need it are prepared."""
    pick = itemgetter(*(field.attname for field in fields))  # past the descriptors of relations
    sealed = [(field.attname, field) for field in fields if isinstance(field, SealedField)]
    prepared = [(place, prepare) for place, field in enumerate(fields) if (prepare := _preparing(field))]
    for row in rows:
        held = row.__dict__
        for name, field in sealed:
            if held[name] is not None:
                field.pre_save(row, add=True)
        values = list(pick(held))
        for place, prepare in prepared:
            value = values[place]
            if value is not None:
                values[place] = prepare(value)
        yield values


def _preparing(field: Any) -> Prepare | None:
    """Return how a value of the field becomes the driver's; None where the driver takes it as it is."""
    if isinstance(field, SealedField):
        return attrgetter("blob")
    if isinstance(field, models.JSONField):
        return _json
    target = _target(field)
    if connection.vendor == "postgresql":
        return None if isinstance(target, _NATIVE) else _generic(field)
    if isinstance(target, models.UUIDField):
        return attrgetter("hex")
    if isinstance(target, models.DateField):
        return lru_cache(maxsize=64)(_generic(field))  # one import knows few moments and days
    return None if isinstance(target, _PLAIN) else _generic(field)


_PLAIN = (models.CharField, models.IntegerField, models.BooleanField)
_NATIVE = (*_PLAIN, models.UUIDField, models.DateField)
_encode = json.JSONEncoder(ensure_ascii=False).encode


def _json(value: Any) -> str:
    return "[]" if value == [] else _encode(value)


def _target(field: Any) -> Any:
    """Return the field whose values a foreign key holds, or the field itself."""
    while field.is_relation:
        field = field.target_field
    return field


def _generic(field: Any) -> Prepare:
    return lambda value: field.get_db_prep_save(value, connection)
