"""Writes of the division table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from jiujinan.regions import source
from jiujinan.regions.lookup import RegionLookup
from jiujinan.regions.models import Region
from jiujinan.regions.source import RegionRow

_FIELDS = ("name", "level", "parent_id", "valid_from", "valid_to", "replaced_by_id", "source")
_BATCH = 500


@dataclass(frozen=True, slots=True)
class LoadResult:
    """How many divisions a load found new, changed, and as they were."""

    created: int
    updated: int
    unchanged: int


@transaction.atomic
def load_regions(*, now: datetime, extra: Path | None = None) -> LoadResult:
    """
    Load the national table, the abolished codes and, where given, a further table.

    A second load of the same sources writes nothing. Divisions that a source no longer names stay:
    records may point to them.
    """
    tables: list[list[RegionRow]] = [source.read_package(), source.read_abolished()]
    if extra is not None:
        tables.append(source.read_csv(extra))
    known = {region.code: region for region in Region.objects.all()}
    new, changed, same = [], [], 0
    for row in source.merge(*tables):
        region = _as_region(row, now)
        if row.code not in known:
            new.append(region)
        elif _differs(region, known[row.code]):
            changed.append(region)
        else:
            same += 1
    Region.objects.bulk_create(new, batch_size=_BATCH)
    Region.objects.bulk_update(changed, [*_names(), "updated_at"], batch_size=_BATCH)
    return LoadResult(len(new), len(changed), same)


def load_lookup() -> RegionLookup:
    """Return the whole division table in memory, one query."""
    return RegionLookup.of(_rows(Region.objects.all()))


def _rows(regions: Iterable[Region]) -> Iterable[RegionRow]:
    for region in regions:
        yield RegionRow(
            region.code,
            region.name,
            region.parent_id,
            region.source,
            region.valid_from,
            region.valid_to,
            region.replaced_by_id,
        )


def _as_region(row: RegionRow, now: datetime) -> Region:
    return Region(
        code=row.code,
        name=row.name,
        level=row.level.value,
        parent_id=row.parent,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        replaced_by_id=row.replaced_by,
        source=row.source,
        updated_at=now,
    )


def _differs(left: Region, right: Region) -> bool:
    return any(getattr(left, name) != getattr(right, name) for name in _FIELDS)


def _names() -> list[str]:
    return [name.removesuffix("_id") for name in _FIELDS]
