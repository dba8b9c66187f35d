"""Reading a large file by two processes: the cases here, their members and items beside it."""

import pickle
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from jiujinan.aside import Alone, Aside
from jiujinan.tabular.limits import DEFAULT, Limits
from jiujinan.tabular.outcome import Rejection, Row
from jiujinan.tabular.reading import read_rows
from needs.intake.schema import CASES, SHEETS

LARGE = 1_500_000  # bytes of a file from which on two processes are worth their beginning
_TOGETHER = 2000
_REST = frozenset(sheet.name for sheet in SHEETS) - {CASES.name}


def outcomes(path: Path, *, limits: Limits = DEFAULT) -> Iterator[Row | Rejection]:
    """Yield what `read_rows` yields, of a large file read by two processes."""
    if not path.is_file() or path.stat().st_size < LARGE:
        yield from read_rows(path, SHEETS, limits=limits)
        return
    with Aside("needs.intake.halves:rest") as aside:
        coming = aside.ask(path, limits)
        is_broken = False
        for outcome in read_rows(path, SHEETS, limits=limits, only={CASES.name}):
            is_broken |= isinstance(outcome, Rejection) and outcome.is_of_file and not outcome.sheet_name
            yield outcome
        if is_broken:
            return
        try:
            found: Iterable[bytes] = coming.result()
        except Alone:
            yield from read_rows(path, SHEETS, limits=limits, only=_REST)
            return
    for piece in found:
        yield from _unpacked(piece)


def rest(path: Path, limits: Limits) -> list[bytes]:
    """Return the outcomes of every sheet but the first, packed in pieces; the other process calls it."""
    waiting = read_rows(path, SHEETS, limits=limits, only=_REST)
    packed = []
    while piece := list(islice(waiting, _TOGETHER)):
        plain = [(o.sheet, o.title, o.number, o.values) if isinstance(o, Row) else o for o in piece]
        packed.append(pickle.dumps(plain, pickle.HIGHEST_PROTOCOL))
    return packed


def _unpacked(piece: bytes) -> Iterator[Row | Rejection]:
    for one in pickle.loads(piece):  # noqa: S301  # from our own child
        yield Row(*one) if isinstance(one, tuple) else one
