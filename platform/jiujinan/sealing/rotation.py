"""
Bringing every sealed value and every blind index under the first key, while the site goes on working.

Nothing is remembered between runs: whether a value is under the first key stands in the value itself, so a killed
rotation is simply run again. Rows that somebody holds locked are passed over and met in the next round.

A model whose rows carry blind indexes has a method `blind_indexes(opened)` that returns them by column, computed
from the opened fields; the sealing room names no app.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import F, Func, Q, QuerySet, Value

from jiujinan.audit.services import record
from jiujinan.sealing.blind_index import index_mark
from jiujinan.sealing.cipher import seal, unseal
from jiujinan.sealing.fields import Sealed, SealedField, ring

PART = 500


@dataclass(frozen=True, slots=True)
class Step:
    """So many rows of a model were brought under the first key."""

    model: str
    rows: int


def left_over() -> dict[str, int]:
    """Return how many rows of each model are not under the first keys; a full scan."""
    return {model._meta.label: stale(model).count() for model in sealed_models()}


def rotate(*, now: datetime, part: int = PART) -> Iterator[Step]:
    """Yield a step for each part that was brought under the first keys, each in its own transaction.

    Goes round until a whole round finds nothing more to do, or only what others hold locked or keep sealing by an
    older key: then `left_over` is not empty, and it is run again.
    """
    done: dict[str, int] = {}
    for model in sealed_models():
        label = model._meta.label
        last: Any = None
        while pks := _part_after(model, last, part):
            rows = _rotate_part(model, pks)
            done[label] = done.get(label, 0) + rows
            last = pks[-1]
            yield Step(label, rows)
    if any(done.values()):
        record(
            stream="sealing",
            action="sealing.rotated",
            by=None,
            subject="sealing",
            data={"key": ring().primary, "cipher": ring().cipher, "index": index_mark(), **done},
            now=now,
        )


def sealed_models() -> list[type[models.Model]]:
    """Return every model that has a sealed field, in a fixed order."""
    found = [model for model in apps.get_models() if sealed_fields(model)]
    return sorted(found, key=lambda model: model._meta.label)


def sealed_fields(model: type[models.Model]) -> list[SealedField]:
    """Return the model's sealed fields."""
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedField)]


def index_columns(model: type[models.Model]) -> tuple[str, ...]:
    """Return the columns of the model that hold blind indexes."""
    return tuple(getattr(model, "INDEX_COLUMNS", ()))


def stale(model: type[models.Model]) -> QuerySet[Any]:
    """Return the rows of which anything is not under the first sealing key, its cipher and the first index key."""
    mark = ring().mark
    rows = model._default_manager.all()
    wrong = []
    for field in sealed_fields(model):
        name = f"mark_of_{field.name}"
        head = Func(
            F(field.attname), Value(1), Value(len(mark)), function="SUBSTR", output_field=models.BinaryField()
        )
        rows = rows.alias(**{name: head})
        wrong.append(Q(**{f"{field.attname}__isnull": False}) & ~Q(**{name: mark}))
    mark_of_index = index_mark()
    wrong += [
        ~Q(**{column: ""}) & ~Q(**{f"{column}__startswith": mark_of_index}) for column in index_columns(model)
    ]
    return rows.filter(reduce(or_, wrong))


def _part_after(model: type[models.Model], last: Any, size: int) -> list[Any]:
    rows = stale(model).order_by("pk")
    if last is not None:
        rows = rows.filter(pk__gt=last)
    return list(rows.values_list("pk", flat=True)[:size])


@transaction.atomic
def _rotate_part(model: type[models.Model], pks: list[Any]) -> int:
    """Seal the rows afresh under their locks; return how many. What somebody else holds locked is left."""
    rows = list(
        model._default_manager.filter(pk__in=pks)
        .select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
        .order_by("pk")
    )
    fields, columns = sealed_fields(model), index_columns(model)
    names = [str(field.column) for field in fields] + list(columns)
    changes = [_fresh(row, fields, columns) for row in rows]
    quote = connection.ops.quote_name
    pk = model._meta.pk
    assert pk is not None
    sets = ", ".join(f"{quote(name)} = %s" for name in names)
    statement = f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {quote(str(pk.column))} = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(
            statement,
            [
                [*change, pk.get_db_prep_value(row.pk, connection)]
                for row, change in zip(rows, changes, strict=True)
            ],
        )
    return len(rows)


def _fresh(row: Any, fields: list[SealedField], columns: tuple[str, ...]) -> list[bytes | str | None]:
    """Return the row's values under the first keys: sealed fields, then indexes."""
    opened: dict[str, str | None] = {}
    blobs: list[bytes | None] = []
    for field in fields:
        value: Sealed | None = getattr(row, field.attname)
        place = field.place(row)
        text = None if value is None else unseal(value.blob, ring=ring(), place=place)
        opened[field.name] = text
        blobs.append(None if text is None else seal(text, ring=ring(), place=place))
    indexes: Mapping[str, str] = row.blind_indexes(opened) if columns else {}
    return [*blobs, *(indexes[column] for column in columns)]
