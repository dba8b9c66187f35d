"""Runs as parts: tables cut into pieces of a few thousand rows, and one row read back from its piece alone."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from matching import columns as c
from matching import snapshot as s
from matching.models import MatchRun, RunPart
from matching.solving import Solved

ROWS = 1024
PACKERS = 4
TABLES = (*s.SUPPLY_OF, *s.SUPPLY_OF.values(), s.PROMISES)
OF_KIND = {
    "fund": s.FUNDS,
    "offer": s.OFFERS,
    "lot": s.LOTS,
    "cash": s.CASH,
    "service": s.SERVICES,
    "goods": s.GOODS,
}


class NotKept(LookupError):
    """The run keeps no such table: it was made before runs kept their parts."""


@dataclass(frozen=True)
class Row:
    """One row of a run's table: what the run saw of it, and what became of it; `place` is its position."""

    place: int
    key: UUID
    seen: c.Columns
    became: c.Columns


@contextmanager
def packing(run: MatchRun, snapshot: s.Snapshot, solved: Solved) -> Iterator[Callable[[], list[RunPart]]]:
    """Pack the parts of a run in threads for the time of the block; what it gives waits for them.

    They come unsaved and in order. The run's grants are its proposals.
    """
    pieces = []
    for table in TABLES:
        size = len(snapshot.tables[table]["id"])
        pieces += [(table, number, low) for number, low in enumerate(range(0, max(size, 1), ROWS))]

    def packed(piece: tuple[str, int, int]) -> RunPart:
        table, number, low = piece
        seen, became = snapshot.tables[table], solved.tables.get(table, {})
        high = min(low + ROWS, len(seen["id"]))
        return RunPart(
            run=run,
            table=table,
            number=number,
            first=c.uuid_at(seen["id"], low).hex if high > low else "",
            rows=high - low,
            seen=c.pack(c.cut(seen, low, high)),
            became=c.pack(c.cut(became, low, high)) if became else b"",
        )

    with ThreadPoolExecutor(PACKERS) as packers:  # packing leaves the interpreter's lock alone
        coming = packers.map(packed, pieces)
        yield lambda: list(coming)


def snapshot_of_run(run: MatchRun) -> s.Snapshot:
    """Return what the run saw. Raises NotKept."""
    return s.Snapshot.of(run.header, {table: whole(run, table, "seen") for table in TABLES})


def whole(run: MatchRun, table: str, side: str) -> c.Columns:
    """Return one table of the run: `side` is "seen" or "became". Raises NotKept."""
    blobs = RunPart.objects.filter(run=run, table=table).order_by("number").values_list(side, flat=True)
    parts = [c.unpack(bytes(blob)) for blob in blobs]
    if not parts:
        raise NotKept(f"{run}: {table}")
    return c.join(parts)


def row_of(run: MatchRun, table: str, key: UUID) -> Row | None:
    """Return one row of the run's table by its key; None where the run did not see it."""
    part = (
        RunPart.objects.filter(run=run, table=table, first__lte=key.hex).order_by("-first", "-number").first()
    )
    if part is None:
        return None
    seen = bytes(part.seen)
    spot = int(c.places(c.only(seen, "id"), c.keys_of([key]))[0])
    if spot < 0:
        return None
    became = c.pick(bytes(part.became), spot) if part.became else {}
    return Row(part.number * ROWS + spot, key, c.pick(seen, spot), became)


def key_at(run: MatchRun, table: str, place: int) -> UUID | None:
    """Return the key of the row at this position; None for −1."""
    if place < 0:
        return None
    part = RunPart.objects.filter(run=run, table=table, number=place // ROWS).first()
    return c.uuid_at(c.only(bytes(part.seen), "id"), place % ROWS) if part else None


def value_at(run: MatchRun, table: str, name: str, place: int) -> int:
    """Return what became of the row at this position, in one column; −1 for −1."""
    if place < 0:
        return -1
    blob = RunPart.objects.values_list("became", flat=True).get(run=run, table=table, number=place // ROWS)
    return int(c.only(bytes(blob), name)[place % ROWS])


def promises_by(run: MatchRun, fund: UUID) -> c.Columns:
    """Return what the fund had promised before the run."""
    parts = RunPart.objects.filter(run=run, table=s.PROMISES).order_by("number")
    firsts = list(parts.values_list("number", "first", "rows"))
    wanted = [number for place, (number, first, rows) in enumerate(firsts) if rows and first <= fund.hex
              and (place + 1 == len(firsts) or firsts[place + 1][1] >= fund.hex)]  # fmt: skip
    found = [c.unpack(bytes(part.seen)) for part in parts.filter(number__in=wanted)]
    if not found:
        return s.empty(s.PROMISES)
    table = c.join(found)
    own = table["id"] == c.keys_of([fund])[0]
    return {name: column[own] for name, column in table.items()}


def sizes(run: MatchRun) -> Mapping[str, int]:
    """Return how many rows each table of the run has."""
    rows = RunPart.objects.filter(run=run).values_list("table", "rows")
    counted: dict[str, int] = dict.fromkeys(TABLES, 0)
    for table, number in rows:
        counted[table] += number
    return counted
