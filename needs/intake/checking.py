"""Checking a file before anything of it is taken in: what is wrong with it, and what each good case would do."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from jiujinan.accounts.models import User
from jiujinan.audit.services import record
from jiujinan.bulk import fresh, insert
from jiujinan.regions.services import load_lookup
from jiujinan.sealing.fields import Plain
from jiujinan.tabular.outcome import Rejection
from jiujinan.tabular.reading import raw_rows
from needs.intake.deciding import decide, look_up
from needs.intake.models import (
    Import,
    ImportBadRow,
    ImportPart,
    ImportProblem,
    ImportRow,
    ImportState,
    Outcome,
)
from needs.intake.packing import pack
from needs.intake.reading import read_case_file
from needs.intake.rows import CaseFile, CaseRow
from needs.intake.schema import CASES, SHEETS
from needs.intake.services import PART

_MOST_BAD_ROWS = 20_000  # a file with more wrong rows than that is mended at its source
_LONGEST_MESSAGE = 300
Some = TypeVar("Some")


@dataclass(slots=True)
class Checked:
    """What checking found; `rows` are outcomes by case, `bad` the cells of rows that are not taken."""

    file: CaseFile = field(repr=False)
    rows: list[tuple[CaseRow, Outcome]] = field(default_factory=list, repr=False)
    problems: list[Rejection] = field(default_factory=list)
    bad: list[tuple[str, int, dict[str, object]]] = field(default_factory=list, repr=False)


def check(*, path: Path, source: str, channel: str, by: User, now: datetime) -> Checked:
    """Read the file and foresee what each good case does; nothing is written."""
    file = read_case_file(
        path,
        regions=load_lookup(),
        today=timezone.localtime(now).date(),
        defaults={"source": source, "channel": channel},
    )
    found = Checked(file, problems=[*file.rejections, *file.duplicates])
    for part in parts(file.cases):
        for one in decide(cases=part, by=by, known=look_up(part, lock=False)):
            found.rows.append((one.row, one.outcome))
            if one.rejection is not None:
                found.problems.append(one.rejection)
    wanted: dict[str, set[int]] = defaultdict(set)
    for problem in found.problems:
        if problem.row and sum(map(len, wanted.values())) < _MOST_BAD_ROWS:
            wanted[problem.sheet_name].add(problem.row)
    found.bad = [(sheet.name, row, cells) for sheet, row, cells in raw_rows(path, SHEETS, wanted)]
    return found


def parts(cases: Sequence[Some]) -> Iterator[Sequence[Some]]:
    """Yield the cases, or what was found of them, in the parts that they are written in."""
    for start in range(0, len(cases), PART):
        yield cases[start : start + PART]


@transaction.atomic
def keep(*, batch_id: UUID, found: Checked, now: datetime) -> None:
    """Write what checking found, at once and once; a second process that checked as well writes nothing."""
    batch = Import.objects.select_for_update(of=("self",)).select_related("by").get(pk=batch_id)
    if batch.state != ImportState.RECEIVED:
        return
    file = found.file
    for seq, part in enumerate(parts(file.cases), start=1):
        ImportPart.objects.create(batch=batch, seq=seq, content=Plain(pack(part)))
    for some in parts(found.rows):
        insert([_row_of(batch, row, outcome) for row, outcome in some])
    ImportProblem.objects.bulk_create(
        (ImportProblem(**problem_of(batch.pk, one)) for one in found.problems), batch_size=500
    )
    for sheet, number, cells in found.bad:
        ImportBadRow.objects.create(
            batch=batch, sheet_name=sheet, row=number, cells=Plain(json.dumps(cells, default=_text))
        )
    rejected = {(one.sheet_name, one.row) for one in found.problems}
    batch.total = len(file.cases)
    batch.counts = counted(
        {
            "rows": file.rows,
            "member_rows": file.member_rows,
            "item_rows": file.item_rows,
            "bad_rows": len(rejected),
            "bad_cases": len({row for sheet, row in rejected if sheet in {CASES.name, ""}}),
        },
        (outcome for _, outcome in found.rows),
    )
    batch.state = ImportState.UNREADABLE if file.is_unreadable else ImportState.CHECKED
    batch.checked_at, batch.worked_at = now, None
    batch.save(update_fields=["total", "counts", "state", "checked_at", "worked_at"])
    batch.chunks.all().delete()
    subject = f"import:{batch.pk}"
    record(
        stream=subject,
        action=f"import.{batch.state}",
        by=batch.by,
        subject=subject,
        data=batch.counts,
        now=now,
    )


def problem_of(batch_id: UUID, one: Rejection) -> dict[str, Any]:
    """Return the values of the row that keeps a rejection; neither text repeats what a sealed column holds."""
    return {
        "batch_id": batch_id,
        "sheet": one.sheet[:60],
        "sheet_name": one.sheet_name,
        "row": one.row,
        "column": one.column,
        "code": one.code,
        "message": one.message[:_LONGEST_MESSAGE],
        "message_en": one.message_en[:_LONGEST_MESSAGE],
    }


def counted(before: Mapping[str, int], outcomes: Iterable[str]) -> dict[str, int]:
    """Return the counts with those of the outcomes afresh."""
    kept = {name: count for name, count in before.items() if name not in Outcome.values}
    return {**kept, **Counter(str(outcome) for outcome in outcomes)}


def _row_of(batch: Import, row: CaseRow, outcome: Outcome) -> ImportRow:
    return fresh(
        ImportRow,
        batch=batch,
        row=row.row,
        number=row.number,
        source=row.source,
        version=row.version,
        channel=row.channel,
        region=row.region,
        outcome=outcome,
    )


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
