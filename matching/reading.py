"""Columns of whole numbers and keys out of the database: by COPY from PostgreSQL, by one cursor from SQLite.

A queryset's `values_list` of such columns becomes arrays without a Python object for each row. Every column has to be
a UUID or a whole number, and never null.
"""

import json
from typing import Any, ClassVar

import numpy as np
import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import BigIntegerField, Case, F, Func, QuerySet, UUIDField, Value, When
from django.db.models.functions import Cast, Coalesce
from psycopg.pq import ExecStatus

from matching import columns as c

_TOGETHER = 4096
_BEGIN, _END = 19, 2  # PostgreSQL's binary form: signature, flags and extension; −1 in the place of a row
_FIRST_DAY = "0001-01-01"


def number(expression: Any) -> Any:
    """Return the expression as a whole number; null counts as 0."""
    return Coalesce(Cast(expression, BigIntegerField()), Value(0, output_field=BigIntegerField()))


def flag(expression: str) -> Any:
    """Return a truth as 1 or 0."""
    return number(Case(When(**{expression: True}, then=Value(1)), default=Value(0)))


def place_in(field: str, places: dict[str, int]) -> Any:
    """Return the place of a code in its list. An unknown code is a fault of the data: it comes out as −1."""
    whens = [When(**{field: code}, then=Value(place)) for code, place in places.items()]
    return number(Case(*whens, default=Value(-1)))


class Ordinal(Func):
    """The ordinal of a day, as Python counts them; 0 for none."""

    output_field = BigIntegerField()

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # type: ignore[override]
        """Count days in SQLite."""
        return super().as_sql(
            compiler, connection,
            template=f"COALESCE(CAST(julianday(%(expressions)s) - julianday('{_FIRST_DAY}') AS INTEGER) + 1, 0)",
            **extra,
        )  # fmt: skip

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Count days in PostgreSQL."""
        template = f"COALESCE((%(expressions)s - DATE '{_FIRST_DAY}' + 1)::bigint, 0)"
        return super().as_sql(compiler, connection, template=template, **extra)


class CodesMask(Func):
    """One bit for each word in a JSON list, at its place; words are letters, digits and underscores."""

    output_field = BigIntegerField()
    contains: ClassVar[dict[str, str]] = {
        "postgresql": "(CASE WHEN jsonb_exists({0}, '{1}') THEN {2} ELSE 0 END)",
        "sqlite": "(CASE WHEN instr({0}, '\"{1}\"') THEN {2} ELSE 0 END)",
    }

    def __init__(self, expression: str, places: dict[str, int], **extra: Any) -> None:
        super().__init__(F(expression), **extra)
        self.places = places

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # type: ignore[override]
        """Add the bits up. The codes are our own constants, the column a name of the ORM's."""
        column, params = compiler.compile(self.source_expressions[0])
        form = self.contains[connection.vendor]
        if (
            connection.vendor == "sqlite"
        ):  # where JSON is text, and every letter beyond ASCII is written as its number
            told = {json.dumps(code)[1:-1]: place for code, place in self.places.items()}
        else:
            told = self.places
        bits = [form.format(column, code, 1 << place) for code, place in told.items()]
        return (
            f"({' + '.join(bits)})::bigint" if connection.vendor == "postgresql" else f"({' + '.join(bits)})",
            [*params] * len(bits),
        )


def read(rows: QuerySet[Any], **expressions: Any) -> c.Columns:
    """Return the columns of a queryset, in its order; each is the name of a field or an expression.

    Names must not be those of the model's fields; give them a prefix or another word.
    """
    chosen = rows.annotate(
        **{f"col_{name}": (F(what) if isinstance(what, str) else what) for name, what in expressions.items()}
    )
    listed = chosen.values_list(*(f"col_{name}" for name in expressions))
    kinds = [_is_key(listed.query.annotations[f"col_{name}"]) for name in expressions]
    try:
        sql, params = listed.query.sql_with_params()
    except EmptyResultSet:  # `in` an empty list: Django knows the answer
        return {
            name: c.keys_from(b"") if key else np.zeros(0, dtype=np.int64)
            for name, key in zip(expressions, kinds, strict=True)
        }
    raw = _copied(sql, params, kinds) if connection.vendor == "postgresql" else _fetched(sql, params, kinds)
    return dict(zip(expressions, raw, strict=True))


def _is_key(annotation: Any) -> bool:
    field = annotation.output_field
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return isinstance(field, UUIDField)


def _copied(sql: str, params: Any, kinds: list[bool]) -> list[c.Column]:
    """Read PostgreSQL's binary rows: every column has a fixed width, so the whole is one array of records."""
    raw = _drained(f"COPY ({sql}) TO STDOUT (FORMAT BINARY)", params)
    fields = [("fields", ">i2")]
    for place, key in enumerate(kinds):
        fields += [(f"length{place}", ">i4"), (f"value{place}", "S16" if key else ">i8")]
    rows = np.frombuffer(memoryview(raw)[_BEGIN : len(raw) - _END], dtype=np.dtype(fields))
    columns: list[c.Column] = [np.empty(len(rows), dtype="S16" if key else np.int64) for key in kinds]
    for low in range(0, len(rows), _TOGETHER):  # so many rows stay in the processor's cache
        some = rows[low : low + _TOGETHER]
        for place, key in enumerate(kinds):
            assert (some[f"length{place}"] == (16 if key else 8)).all(), (
                "a column is null or not of its width"
            )
            columns[place][low : low + _TOGETHER] = some[f"value{place}"]
    return columns


def _drained(sql: str, params: Any) -> bytearray:
    """Return all that the COPY gives. The driver's own loop takes four Python calls for each row; this takes one."""
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.execute("SELECT 1")  # opens the transaction where one is due
        wire = connection.connection
        bound = psycopg.ClientCursor(wire).mogrify(sql, params)
        link = wire.pgconn
        began = link.exec_(bound.encode())
        if began.status != ExecStatus.COPY_OUT:
            raise psycopg.errors.error_from_result(began)
        taken = bytearray()
        size, block = link.get_copy_data(0)
        while size > 0:
            taken += block
            size, block = link.get_copy_data(0)
        ended = link.get_result()
        while link.get_result() is not None:
            pass
        if ended is not None and ended.status != ExecStatus.COMMAND_OK:
            raise psycopg.errors.error_from_result(ended)
    return taken


def _fetched(sql: str, params: Any, kinds: list[bool]) -> list[c.Column]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(kinds)
    return [
        c.keys_from(bytes.fromhex("".join(column))) if key else np.array(column, dtype=np.int64)
        for column, key in zip(columns, kinds, strict=True)
    ]
