"""What goes back to the sender of a case file: the rows that were not taken, with what to do; an empty template."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_import
from jiujinan.sealing.services import open_fields
from jiujinan.tabular.schema import Sheet
from jiujinan.tabular.writing import Page, codes_of, guide_of, list_ranges, page_of, workbook_bytes
from needs.intake.models import Import, ImportProblem
from needs.intake.schema import SHEETS

Reasons = Mapping[tuple[str, int], list[ImportProblem]]
_REASON = "未导入原因"
_ROW = "原行号"
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_REMARKS = (
    "红底表头为必填列；列的顺序不限。",
    "“代码表”列出的代码、名称和其他写法都可以填写，选项可在单元格中直接选择。",
)


def template() -> bytes:
    """Return the empty case file with its code lists to choose from, and the guide."""
    lists = list_ranges(SHEETS)
    pages = [page_of(sheet, [], lists=lists) for sheet in SHEETS]
    return workbook_bytes([*pages, codes_of(SHEETS), guide_of(SHEETS, _REMARKS)], title="救急难案卷模板")


@transaction.atomic
def bad_rows_workbook(*, batch: Import, by: User, now: datetime) -> bytes:
    """Return the rows that were not taken as a workbook of the same form, the reason in each wrong cell's comment.

    Only who brought the file gets it: it holds what that person sent. The opening leaves its entry in the trail.
    """
    reasons, cells = _reasons(batch), _opened(batch, by, now)
    return workbook_bytes([_page(sheet, cells, reasons) for sheet in SHEETS], title="未导入的行")


@transaction.atomic
def bad_rows_csv(*, batch: Import, by: User, now: datetime) -> bytes:
    """Return the same rows of the case sheet as CSV (UTF-8 with mark), with the reasons in a column of their own."""
    reasons, cells = _reasons(batch), _opened(batch, by, now)
    sheet = SHEETS[0]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([*(column.name_zh for column in sheet.columns), _ROW, _REASON])
    for number, row in sorted(cells[sheet.name].items()):
        told = "；".join(f"{one.column} {one.message}".strip() for one in reasons[sheet.name, number])
        values = [_harmless(row.get(column.name, "")) for column in sheet.columns]
        writer.writerow([*values, number, told])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _page(sheet: Sheet, cells: Mapping[str, Mapping[int, Mapping[str, object]]], reasons: Reasons) -> Page:
    columns = {column.name_zh: index for index, column in enumerate(sheet.columns)}
    rows, comments = [], {}
    for place, (number, row) in enumerate(sorted(cells[sheet.name].items())):
        rows.append([row.get(column.name) for column in sheet.columns])
        told: defaultdict[int, list[str]] = defaultdict(list)
        for one in reasons[sheet.name, number]:
            told[columns.get(one.column, 0)].append(one.message)
        comments.update({(place, index): "\n".join(texts) for index, texts in told.items()})
    return page_of(sheet, rows, comments=comments)


def _reasons(batch: Import) -> Reasons:
    found: defaultdict[tuple[str, int], list[ImportProblem]] = defaultdict(list)
    for one in batch.problems.order_by("pk"):
        found[one.sheet_name, one.row].append(one)
    return found


def _opened(batch: Import, by: User, now: datetime) -> Mapping[str, dict[int, dict[str, object]]]:
    if batch.by_id != by.pk or not can_import(by):
        raise NotAllowed("the rows go back to who brought the file")
    rows = list(batch.bad_rows.order_by("sheet_name", "row"))
    opened = open_fields(
        rows=rows, fields=["cells"], case=f"import-{batch.pk}", by=by, reason="退回未导入的行供更正", now=now
    )
    cells: defaultdict[str, dict[int, dict[str, object]]] = defaultdict(dict)
    for row, fields in zip(rows, opened, strict=True):
        cells[row.sheet_name][row.row] = json.loads(fields["cells"] or "{}")
    return cells


def _harmless(value: object) -> object:
    """Return a text that a spreadsheet does not run."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value
