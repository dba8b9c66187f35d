"""Writing a run down: its parts, and a proposal for each grant, straight from the columns.

PostgreSQL takes the proposals by COPY, SQLite by one prepared statement; a run may make a million of them.
"""

import os
from collections.abc import Iterator
from datetime import datetime

import numpy as np
from django.db import connection
from django.utils import timezone

from jiujinan.bulk import insert
from jiujinan.clocks.queries import current_limits
from jiujinan.clocks.rules import Step
from matching import columns as c
from matching import snapshot as s
from matching.engine import Kind
from matching.models import MatchRun, Proposal
from matching.parts import parts_of
from matching.solving import KIND_PLACE, Solved
from matching.states import ProposalState

COLUMNS = ("id", "run_id", "item_id", "fund_id", "offer_id", "lot_id", "amount", "reasons", "state", "expires_at",
           "decline_reason")  # fmt: skip
BLOCK = 20_000
_PASSED = {
    Kind.CASH: '["region","category","tier","group","government_first","period","minimum_grant","case_cap",'
    '"share_cap","household_cap","balance","gap"]',
    Kind.SERVICE: '["region","category","group","language","period","capacity"]',
    Kind.GOODS: '["region","category","group","period","capacity"]',
}
Values = tuple[str | None, ...]


def keep(*, run: MatchRun, snapshot: s.Snapshot, solved: Solved) -> None:
    """Write the parts and proposals of a run that is saved already; in the caller's transaction."""
    insert(list(parts_of(run, snapshot, solved)))
    for table in s.SUPPLY_OF:
        _write(list(_proposals(run, snapshot, solved, table)))


def _proposals(run: MatchRun, snapshot: s.Snapshot, solved: Solved, table: str) -> Iterator[Values]:
    """Yield the values of the proposals of one kind, as text."""
    grants, items = solved.grants(table), snapshot.tables[table]
    size = len(grants["amount"])
    if not size:
        return
    keys, run_key = _fresh_keys(size), run.pk.hex
    item_keys, supply_keys = _hexes(items["id"]), _hexes(snapshot.tables[s.SUPPLY_OF[table]]["id"])
    moments, end_of = answer_dates(items, run.at)
    ends = [_time(moment) for moment in moments]
    kind, spot = KIND_PLACE[table], list(s.SUPPLY_OF).index(table)
    price = np.where(grants["price"] >= 0, solved.tables[table]["place"][grants["price"]], -1)
    rows = zip(
        grants["item"].tolist(), grants["supply"].tolist(), grants["amount"].tolist(), grants["rank"].tolist(),
        grants["competitors"].tolist(), price.tolist(), grants["weeks"].tolist(), strict=True,
    )  # fmt: skip
    for place, (item, supply, amount, rank, rivals, step, weeks) in enumerate(rows):
        named: list[str | None] = [None, None, None]
        named[spot] = supply_keys[supply]
        idle = "true" if step < 0 and kind == Kind.CASH else "false"
        reasons = (
            f'{{"outcome":"matched","passed":{_PASSED[kind]},"rank":{rank},"competitors":{max(rivals, 0)},'
            f'"idle_otherwise":{idle},"price_step":{step},"weeks":{weeks}}}'
        )
        yield (
            keys[place], run_key, item_keys[item], *named, str(amount), reasons, ProposalState.PROPOSED.value,
            ends[end_of[item]], "",
        )  # fmt: skip


def answer_dates(items: c.Columns, at: datetime) -> tuple[list[datetime], list[int]]:
    """Return until when proposals wait by the dated limits of region and tier, and which of these is each item's."""
    limits, since = current_limits(), timezone.localtime(at)
    pairs, which = np.unique(items["region"] * 8 + items["tier"], return_inverse=True)
    ends = [
        limits.timing(
            Step.PROPOSAL, tier=str(s.TIERS[pair % 8]), region=f"{pair // 8:06d}", since=since
        ).due_at
        for pair in pairs.tolist()
    ]
    return ends, which.reshape(-1).tolist()


def _time(moment: datetime) -> str:
    text: str = Proposal._meta.get_field("expires_at").get_db_prep_save(moment, connection)
    return str(text)


def _write(rows: list[Values]) -> None:
    table = connection.ops.quote_name(Proposal._meta.db_table)
    names = ", ".join(COLUMNS)
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            marks = ", ".join(["%s"] * len(COLUMNS))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608  # our own names
            return
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for start in range(0, len(rows), BLOCK):
                copy.write("".join(_line(row) for row in rows[start : start + BLOCK]))


def _line(row: Values) -> str:
    """Return a row as COPY reads it; no value has a tab, a line break or a backslash."""
    return "\t".join([r"\N" if value is None else value for value in row]) + "\n"


def _hexes(keys: c.Keys) -> list[str]:
    text = keys.tobytes().hex()
    return [text[start : start + 32] for start in range(0, len(text), 32)]


def _fresh_keys(size: int) -> list[str]:
    """Return so many random keys (UUID version 4), without an object for each."""
    raw = np.frombuffer(os.urandom(16 * size), dtype=np.uint8).reshape(size, 16).copy()
    raw[:, 6] = raw[:, 6] & 0x0F | 0x40
    raw[:, 8] = raw[:, 8] & 0x3F | 0x80
    text = raw.tobytes().hex()
    return [text[start : start + 32] for start in range(0, len(text), 32)]
