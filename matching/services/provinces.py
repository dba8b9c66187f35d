"""Solving by province in several processes: parts lie in the database, workers take one at a time.

Whoever coordinates takes parts too, so that nothing depends on there being workers or a broker; a part that a worker
took and did not answer in time is solved here. A part's answer is the same wherever it is solved.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import numpy as np

from matching import columns as c
from matching.engine import CashInstance, CashNeeds, Funds, Promises
from matching.engine.columns import Int64
from matching.engine.provinces import Part, PartAnswer, SolveParts, solve_part
from matching.models import SolvePart

HandOut = Callable[[int, int], None]
"""Tells workers that this part of this round is to be solved; raises OSError where nobody can be told."""
PATIENCE_SECONDS = 120
LEFT_AFTER = timedelta(days=1)
_LOOK_EVERY_SECONDS = 0.05


@contextmanager
def by_workers(hand_out: HandOut, *, now: datetime) -> Iterator[SolveParts]:
    """Yield what solves parts by workers; what lies in the database for it is gone afterwards.

    Whoever coordinated may have been killed: what it left is gone with the first solve a day later.
    """
    SolvePart.objects.filter(asked_at__lte=now - LEFT_AFTER).delete()
    solve = uuid4()
    try:
        yield _Coordinator(solve, hand_out, now)
    finally:
        SolvePart.objects.filter(solve=solve).delete()


def answer_part(*, part: int, round_: int) -> bool:
    """Solve one part, unless somebody has taken it or its round is over; tell whether this was the one who did."""
    rows = SolvePart.objects.filter(pk=part, round=round_)
    if not rows.filter(taken=False).update(taken=True):
        return False
    row = rows.first()
    if row is None:  # the solve was over in the same moment
        return False
    _solve(row)
    return True


class _Coordinator:
    def __init__(self, solve: UUID, hand_out: HandOut, now: datetime) -> None:
        self.solve, self.hand_out, self.now, self.round = solve, hand_out, now, 0

    def __call__(self, parts: Sequence[Part], shares: Sequence[Int64]) -> list[PartAnswer]:
        """Return the answers of all parts to these shares."""
        self._ask(parts, shares)
        rows = SolvePart.objects.filter(solve=self.solve)
        asked = list(rows.order_by("number").values_list("pk", flat=True))
        for key in asked:
            try:
                self.hand_out(key, self.round)
            except OSError:
                break
        for key in asked:
            answer_part(part=key, round_=self.round)
        until = time.monotonic() + PATIENCE_SECONDS
        while rows.filter(answer=None).exists():
            if time.monotonic() > until:
                for late in rows.filter(answer=None):
                    _solve(late)
            time.sleep(_LOOK_EVERY_SECONDS)
        blobs = rows.order_by("number").values_list("answer", flat=True)
        return [PartAnswer(**c.unpack(bytes(blob or b""))) for blob in blobs]

    def _ask(self, parts: Sequence[Part], shares: Sequence[Int64]) -> None:
        self.round += 1
        packed = [
            c.pack({"shared": part.shared, "fen": fen}) for part, fen in zip(parts, shares, strict=True)
        ]
        if self.round == 1:
            SolvePart.objects.bulk_create(
                SolvePart(
                    solve=self.solve,
                    number=number,
                    round=1,
                    asked_at=self.now,
                    instance=_packed(part.instance),
                    shares=packed[number],
                )
                for number, part in enumerate(parts)
            )
            return
        for number, blob in enumerate(packed):
            SolvePart.objects.filter(solve=self.solve, number=number).update(
                round=self.round, taken=False, shares=blob, answer=None
            )


def _solve(row: SolvePart) -> None:
    shares = c.unpack(bytes(row.shares))
    found = solve_part(_instance(bytes(row.instance)), shares["shared"], shares["fen"])
    blob = c.pack({name: getattr(found, name) for name in PartAnswer.__dataclass_fields__})
    SolvePart.objects.filter(pk=row.pk, round=row.round, answer=None).update(answer=blob)


_TABLES: dict[str, type[CashNeeds] | type[Funds] | type[Promises]] = {
    "needs": CashNeeds,
    "funds": Funds,
    "promises": Promises,
}
_FLAGS = ("government_done", "government_first")


def _packed(instance: CashInstance) -> bytes:
    columns = {
        f"{table}.{name}": getattr(getattr(instance, table), name)
        for table, kind in _TABLES.items()
        for name in kind.__dataclass_fields__
    }
    return c.pack({**columns, "today": np.array([instance.today])})


def _instance(blob: bytes) -> CashInstance:
    columns = c.unpack(blob)

    def of(table: str) -> dict[str, Any]:
        names = _TABLES[table].__dataclass_fields__
        own = {name: columns[f"{table}.{name}"] for name in names}
        return {name: column.astype(np.bool_) if name in _FLAGS else column for name, column in own.items()}

    today = int(columns["today"][0])
    return CashInstance(CashNeeds(**of("needs")), Funds(**of("funds")), Promises(**of("promises")), today)
