"""Writing a run down: its parts, and a proposal for each grant, straight from the columns.

PostgreSQL takes the proposals by COPY in its binary form, SQLite by one prepared statement; a run may make a million of
them, so no step is taken row by row: what varies is laid side by side as bytes of a fixed width.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt
from django.db import connection
from django.utils import timezone

from jiujinan.bulk import insert
from jiujinan.clocks.queries import current_limits
from jiujinan.clocks.rules import Step
from matching import columns as c
from matching import snapshot as s
from matching.engine import Kind
from matching.engine.codes import Rule
from matching.engine.columns import Int64
from matching.models import MatchRun, Proposal
from matching.parts import packing
from matching.queries import SUPPLY_FIELD
from matching.solving import KIND_PLACE, Solved
from matching.states import ProposalState

BLOCK = 50_000
_MEMORY = "256MB"
_COPY_BEGIN, _COPY_END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
_FIRST_MOMENT = 946_684_800_000_000  # microseconds from 1970 to 2000, where PostgreSQL begins to count
_PASSED = {
    Kind.CASH: Rule.REGION | Rule.CATEGORY | Rule.TIER | Rule.GROUP | Rule.GOVERNMENT_FIRST | Rule.PERIOD
    | Rule.MINIMUM_GRANT | Rule.CASE_CAP | Rule.SHARE_CAP | Rule.HOUSEHOLD_CAP | Rule.BALANCE | Rule.GAP,
    Kind.SERVICE: Rule.REGION | Rule.CATEGORY | Rule.GROUP | Rule.LANGUAGE | Rule.PERIOD | Rule.CAPACITY,
    Kind.GOODS: Rule.REGION | Rule.CATEGORY | Rule.GROUP | Rule.PERIOD | Rule.CAPACITY,
}  # fmt: skip
"""Rules that a proposal of each kind has passed, by bit."""
_REASONS = {
    "rules_passed": ">i4", "rank": ">i4", "competitors": ">i4", "idle_otherwise": "?", "price_step": ">i4",
    "weeks": ">i8",
}  # fmt: skip
"""The columns that say why, as PostgreSQL reads them."""
Bytes = npt.NDArray[np.uint8]
"""One row of bytes for each proposal. Shape (n, width)."""


def keep(*, run: MatchRun, snapshot: s.Snapshot, solved: Solved) -> None:
    """Write the parts and proposals of a run that is saved already; in the caller's transaction.

    The parts are packed while the database takes the proposals.
    """
    with packing(run, snapshot, solved) as parts:
        for table in s.SUPPLY_OF:
            grants = solved.grants(table)
            if len(grants["amount"]):
                _propose(_Rows.of(run, snapshot, solved, table, grants), SUPPLY_FIELD[s.SUPPLY_OF[table]])
        insert(parts())


def _propose(rows: "_Rows", supply: str) -> None:
    """Write the proposals of one kind."""
    names = [
        "id",
        "run_id",
        "item_id",
        f"{supply}_id",
        "amount",
        *_REASONS,
        "state",
        "expires_at",
        "decline_reason",
    ]
    target = f"{connection.ops.quote_name(Proposal._meta.db_table)} ({', '.join(names)})"
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            marks = ", ".join(["%s"] * len(names))
            told = f"INSERT INTO {target} VALUES ({marks})"  # noqa: S608  # our own names
            cursor.executemany(told, list(rows.as_values()))
            return
        cursor.execute(
            f"SET LOCAL work_mem = '{_MEMORY}'"
        )  # for the statement's check of what is named (decision 126)
        with cursor.copy(f"COPY {target} FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(_COPY_BEGIN)
            for low in range(0, len(rows.keys), BLOCK):
                copy.write(rows.as_bytes(slice(low, low + BLOCK), len(names)).tobytes())
            copy.write(_COPY_END)


@dataclass(frozen=True)
class _Rows:
    """The proposals of one kind, as columns: keys, whom and what they name, fen or units, why, until when."""

    run: bytes
    keys: c.Keys
    item: c.Keys
    supply: c.Keys
    amount: Int64
    reasons: c.Columns
    ends: list[datetime]
    which: Int64

    @classmethod
    def of(
        cls, run: MatchRun, snapshot: s.Snapshot, solved: Solved, table: str, grants: c.Columns
    ) -> "_Rows":
        """Return the rows of these grants."""
        items, supplies = snapshot.tables[table], snapshot.tables[s.SUPPLY_OF[table]]
        ends, which = answer_dates(items, run.at)
        return cls(
            run.pk.bytes,
            _fresh_keys(len(grants["amount"]), run.at),
            items["id"][grants["item"]],
            supplies["id"][grants["supply"]],
            grants["amount"],
            _reasons(table, grants, solved),
            ends,
            which[grants["item"]],
        )

    def as_values(self) -> Iterator[tuple[str | int, ...]]:
        """Yield the rows as SQLite stores them."""
        ends = [_time(moment) for moment in self.ends]
        reasons = zip(*(column.tolist() for column in self.reasons.values()), strict=True)
        for key, item, supply, amount, why, end in zip(
            _hexes(self.keys), _hexes(self.item), _hexes(self.supply), self.amount.tolist(), reasons,
            self.which.tolist(), strict=True,
        ):  # fmt: skip
            yield (
                key, self.run.hex(), item, supply, amount, *why, ProposalState.PROPOSED.value, ends[end], "",
            )  # fmt: skip

    def as_bytes(self, part: slice, columns: int) -> Bytes:
        """Return some of the rows as PostgreSQL's binary COPY reads them."""
        reasons = [_field(_raw(column[part])) for column in self.reasons.values()]
        return _side_by_side(
            columns.to_bytes(2, "big"), _field(_raw(self.keys[part])), _field_of(self.run),
            _field(_raw(self.item[part])), _field(_raw(self.supply[part])),
            _field(_raw(self.amount[part].astype(">i8"))), *reasons, _field_of(ProposalState.PROPOSED.value.encode()),
            _field(_raw(self._moments[self.which[part]])), _field_of(b""),
        )  # fmt: skip

    @cached_property
    def _moments(self) -> c.Column:
        told = [round(end.timestamp() * 1_000_000) - _FIRST_MOMENT for end in self.ends]
        return np.array(told, dtype=">i8")


def _reasons(table: str, grants: c.Columns, solved: Solved) -> c.Columns:
    """Return why each proposal was made, by column, in the widths of the database."""
    kind = KIND_PLACE[table]
    step = np.where(grants["price"] >= 0, solved.tables[table]["place"][grants["price"]], -1)
    told = {
        "rules_passed": np.full(len(step), int(_PASSED[kind])),
        "rank": grants["rank"],
        "competitors": np.maximum(grants["competitors"], 0),
        "idle_otherwise": (step < 0) & (kind == Kind.CASH),
        "price_step": step,
        "weeks": grants["weeks"],
    }
    return {name: told[name].astype(width) for name, width in _REASONS.items()}


def answer_dates(items: c.Columns, at: datetime) -> tuple[list[datetime], Int64]:
    """Return until when proposals wait by the dated limits of region and tier, and which of these is each item's."""
    limits, since = current_limits(), timezone.localtime(at)
    pairs, which = np.unique(items["region"] * 8 + items["tier"], return_inverse=True)
    ends = [
        limits.timing(
            Step.PROPOSAL, tier=str(s.TIERS[pair % 8]), region=f"{pair // 8:06d}", since=since
        ).due_at
        for pair in pairs.tolist()
    ]
    return ends, which.reshape(-1).astype(np.int64)


def _time(moment: datetime) -> str:
    text: str = Proposal._meta.get_field("expires_at").get_db_prep_save(moment, connection)
    return str(text)


def _side_by_side(*columns: Bytes | bytes) -> Bytes:
    """Return the columns joined row by row; plain bytes stand in every row."""
    size = next(len(column) for column in columns if not isinstance(column, bytes))
    return np.concatenate(
        [
            np.broadcast_to(np.frombuffer(column, dtype=np.uint8), (size, len(column)))
            if isinstance(column, bytes)
            else column
            for column in columns
        ],
        axis=1,
    )


def _field(column: Bytes) -> Bytes:
    """Return the column with the length in front of each value, as binary COPY wants it."""
    return _side_by_side(column.shape[1].to_bytes(4, "big"), column)


def _field_of(value: bytes) -> bytes:
    return len(value).to_bytes(4, "big") + value


def _raw(column: c.Column) -> Bytes:
    return np.ascontiguousarray(column).view(np.uint8).reshape(len(column), column.dtype.itemsize)


def _hexes(keys: c.Keys) -> list[str]:
    text = keys.tobytes().hex()
    return [text[start : start + 32] for start in range(0, len(text), 32)]


def _fresh_keys(size: int, at: datetime) -> c.Keys:
    """Return so many new keys in ascending order (UUID version 7, RFC 9562): an index takes them at its end."""
    raw = np.zeros((size, 16), dtype=np.uint8)
    raw[:, :8] = np.frombuffer((int(at.timestamp() * 1000) << 16).to_bytes(8, "big"), dtype=np.uint8)
    raw[:, 6:8] = np.frombuffer(os.urandom(2), dtype=np.uint8)
    raw[:, 6] = raw[:, 6] & 0x0F | 0x70
    tail = np.sort(np.frombuffer(os.urandom(8 * size), dtype=np.uint64)) & np.uint64((1 << 62) - 1)
    raw[:, 8:] = _raw((np.sort(tail) | np.uint64(1 << 63)).astype(">u8"))
    return c.keys_from(raw.tobytes())
