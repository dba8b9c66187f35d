"""
Writes workbooks that come out byte for byte the same for the same content.

Pure apart from the file. Numbers that identify are written as text; a text that begins like a
formula is written as text too, so that a spreadsheet never runs it.
"""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from jiujinan.tabular.schema import KIND_LABELS, CodeList, Kind, Sheet

_EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001  # a workbook's properties have no zone
_ZIP_EPOCH = (2000, 1, 1, 0, 0, 0)
_HEAD = PatternFill("solid", fgColor="DCE6F1")
_HEAD_REQUIRED = PatternFill("solid", fgColor="FCE4D6")
_WRONG = PatternFill("solid", fgColor="FFC7CE")
_WIDE_FROM, _WIDEST = 10, 48
_CHOICES_ROWS = 5000
_TEXT_KINDS = frozenset({Kind.ID_NUMBER, Kind.PHONE, Kind.ACCOUNT, Kind.CREDIT_CODE, Kind.TEXT})


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that is to be a formula, on purpose."""

    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """
    One sheet to write: title, header, rows of cells.

    `required` are the columns (0-based) whose headers stand out, `text` those that hold text whatever
    it looks like, `merged` ranges such as `B3:C3`.
    """

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[object]]
    required: frozenset[int] = frozenset()
    text: frozenset[int] = frozenset()
    merged: tuple[str, ...] = ()
    comments: Mapping[tuple[int, int], str] = field(default_factory=dict)  # by 0-based row and column
    choices: Mapping[int, str] = field(default_factory=dict)  # by column: the range of what may be chosen


def page_of(
    sheet: Sheet,
    rows: Sequence[Sequence[object]],
    *,
    merged: tuple[str, ...] = (),
    comments: Mapping[tuple[int, int], str] | None = None,
    lists: Mapping[str, str] | None = None,
) -> Page:
    """Return the page of a declared sheet; each row has its cells in the order of the columns.

    `comments` say what is wrong with a cell, by 0-based row and column; `lists` are the ranges of the code lists by
    name, which the cells of their columns then offer to choose from (`list_ranges`).
    """
    columns = list(enumerate(sheet.columns))
    return Page(
        sheet.name_zh,
        [column.name_zh for column in sheet.columns],
        rows,
        frozenset(i for i, column in columns if column.required),
        frozenset(i for i, column in columns if column.kind in _TEXT_KINDS),
        merged,
        comments or {},
        {
            i: lists[column.codes.name_zh]
            for i, column in columns
            if lists and column.kind is Kind.CODE and column.codes is not None
        },
    )


def guide_of(sheets: Iterable[Sheet], remarks: Iterable[str]) -> Page:
    """Return the page 填写说明: remarks, then every column with its kind, duty, help and example."""
    rows: list[Sequence[object]] = [(remark,) for remark in remarks]
    rows.append(("工作表", "列", "必填", "内容", "说明", "示例"))
    rows += [
        (
            sheet.name_zh,
            column.name_zh,
            "必填" if column.required else "",
            KIND_LABELS[column.kind],
            column.help_zh,
            column.example,
        )
        for sheet in sheets
        for column in sheet.columns
    ]
    return Page("填写说明", (), rows, text=frozenset(range(6)))


def list_ranges(sheets: Iterable[Sheet]) -> dict[str, str]:
    """Return where the labels of each code list stand on the page 代码表."""
    ranges, top = {}, 2
    for codes in _lists_of(sheets):
        bottom = top + len(codes.entries) - 1
        ranges[codes.name_zh] = f"'代码表'!$C${top}:$C${bottom}"
        top = bottom + 1
    return ranges


def _lists_of(sheets: Iterable[Sheet]) -> list[CodeList]:
    found: dict[str, CodeList] = {}
    for column in (column for sheet in sheets for column in sheet.columns):
        if column.codes is not None:
            found.setdefault(column.codes.name_zh, column.codes)
    return list(found.values())


def codes_of(sheets: Iterable[Sheet]) -> Page:
    """Return the page 代码表: every code list that the sheets use, entry by entry."""
    rows = [
        (codes.name_zh, entry.code, entry.label, "、".join(entry.aliases))
        for codes in _lists_of(sheets)
        for entry in codes.entries
    ]
    return Page("代码表", ("代码表", "代码", "名称", "也可写作"), rows, text=frozenset(range(4)))


def write_workbook(path: Path, pages: Sequence[Page], *, title: str) -> None:
    """Write the pages as an .xlsx file whose bytes depend on its content alone."""
    path.write_bytes(workbook_bytes(pages, title=title))


def workbook_bytes(pages: Sequence[Page], *, title: str) -> bytes:
    """Return the workbook's bytes."""
    book = Workbook()
    book.remove(book.active)
    for page in pages:
        _fill(book.create_sheet(page.title), page)
    book.properties.title = title
    book.properties.creator = "jiujinan"
    book.properties.created = book.properties.modified = _EPOCH
    stream = io.BytesIO()
    book.save(stream)
    return _settled(stream.getvalue())


def _fill(sheet: Worksheet, page: Page) -> None:
    top = 0
    if page.header:
        top = 1
        for index, text in enumerate(page.header):
            cell = sheet.cell(1, index + 1, text)
            cell.font = Font(bold=True)
            cell.fill = _HEAD_REQUIRED if index in page.required else _HEAD
            cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.freeze_panes = "A2"
    for number, row in enumerate(page.rows, start=top + 1):
        for index, value in enumerate(row):
            if value is not None and value != "":
                _put(sheet.cell(number, index + 1), value, is_text=index in page.text)
    for ref in page.merged:
        sheet.merge_cells(ref)
    for (number, index), text in page.comments.items():
        cell = sheet.cell(top + 1 + number, index + 1)
        cell.comment, cell.fill = Comment(text, "救急难+"), _WRONG
    for index, source in page.choices.items():
        choice = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
        letter = get_column_letter(index + 1)
        choice.add(f"{letter}{top + 1}:{letter}{_CHOICES_ROWS}")
        sheet.add_data_validation(choice)
    for index in range(max((len(row) for row in (page.header, *page.rows)), default=0)):
        sheet.column_dimensions[get_column_letter(index + 1)].width = _width(page, index)


def _put(cell: Cell, value: object, *, is_text: bool) -> None:
    if isinstance(value, Formula):
        cell.value = value.text
        return
    cell.value = str(value) if is_text else value
    if isinstance(cell.value, str):
        cell.data_type = "s"  # never a formula
        if is_text:
            cell.number_format = "@"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"


def _width(page: Page, index: int) -> int:
    cells = [row[index] for row in (page.header, *page.rows[:200]) if index < len(row) and len(row) > 1]
    longest = max((sum(2 if ord(c) > 255 else 1 for c in str(cell)) for cell in cells), default=0)
    return max(_WIDE_FROM, min(_WIDEST, longest + 2))


def _settled(raw: bytes) -> bytes:
    """Return the archive with one fixed time on every part and the properties' time set back."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(stream, "w") as target:
        for part in source.infolist():
            content = source.read(part)
            if part.filename == "docProps/core.xml":
                content = _without_save_time(content)
            info = zipfile.ZipInfo(part.filename, _ZIP_EPOCH)
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, content, compresslevel=9)
    return stream.getvalue()


def _without_save_time(content: bytes) -> bytes:
    """Return the properties with the time of saving, which the library writes itself, set back."""
    stamp = _EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    opening, closing = b'<dcterms:modified xsi:type="dcterms:W3CDTF">', b"</dcterms:modified>"
    before, _, rest = content.partition(opening)
    return before + opening + stamp + closing + rest.partition(closing)[2] if rest else content
