"""Lists of government relief and of other sources' help: read like a case file, kept to find duplicate aid by."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_import
from jiujinan.audit.services import record
from jiujinan.bulk import insert
from jiujinan.codes import CATEGORY_KINDS, ItemCategory
from jiujinan.sealing.blind_index import blind_index, blind_indexes
from jiujinan.sealing.fields import Plain
from jiujinan.tabular import lists
from jiujinan.tabular.outcome import Rejection, Row
from jiujinan.tabular.reading import read_rows
from jiujinan.tabular.schema import Code, CodeList, Column, Kind, Sheet
from jiujinan.tabular.writing import codes_of, guide_of, list_ranges, page_of, workbook_bytes
from needs.intake.models import AidRecord, AidSource
from needs.intake.records import fresh_key
from needs.models import Person
from needs.queries import people_numbered

_SOURCES = CodeList(
    "救助来源",
    (
        Code(AidSource.GOVERNMENT, "政府救助", ("民政部门", "临时救助")),
        Code(AidSource.OTHER, "其他来源", ("其他",)),
    ),
)
RELIEF = Sheet(
    "救助发放",
    "relief",
    (
        Column("发放编号", "reference", Kind.TEXT, required=True, limit=80, aliases=("编号",)),
        Column("来源", "source", Kind.CODE, codes=_SOURCES, help_zh="不填按政府救助计"),
        Column("身份证号", "id_number", Kind.ID_NUMBER, required=True, sensitive=True, aliases=("身份证号码",)),
        Column("用途", "category", Kind.CODE, required=True, codes=lists.CATEGORIES, aliases=("事项类别",)),
        Column("金额或数量", "amount", Kind.NUMBER, required=True, minimum=0, aliases=("金额", "数量")),
        Column("开始日期", "starts_on", Kind.DATE, required=True, aliases=("发放日期",)),
        Column("结束日期", "ends_on", Kind.DATE, help_zh="不填按开始日期计"),
    ),
)  # fmt: skip
_FEN = Decimal(100)
_REMARKS = ("红底表头为必填列；列的顺序不限。", "同一来源的同一发放编号只登记一次，重复报送不会重复登记。")


@dataclass(frozen=True, slots=True)
class ReliefResult:
    """How many records are new, how many were known, and what was wrong with the other rows."""

    added: int
    known: int
    rejections: tuple[Rejection, ...]


@dataclass(frozen=True, slots=True)
class ReliefRead:
    """A list as it was read: the good rows that are new, how many were known, and what was wrong with the others."""

    new: list[Row] = field(repr=False)
    known: int
    rejections: tuple[Rejection, ...]


@transaction.atomic
def import_relief(*, path: Path, by: User, now: datetime) -> ReliefResult:
    """Keep every good row once, by source and reference, whoever the person is; the same list again changes nothing."""
    if not can_import(by):
        raise NotAllowed("only a case officer or supervisor brings lists of relief")
    found = read_relief(path)
    new = found.new
    people = _people(new)
    insert([_record_of(row, people, now) for row in new])
    counts = Counter(added=len(new), known=found.known, rejected=len(found.rejections))
    record(stream="relief", action="relief.imported", by=by, subject="relief", data=dict(counts), now=now)
    return ReliefResult(len(new), found.known, found.rejections)


def read_relief(path: Path) -> ReliefRead:
    """Read the list and see which of its good rows are new; nothing is written."""
    outcomes = list(read_rows(path, [RELIEF]))
    rows = [one for one in outcomes if isinstance(one, Row)]
    rejections = [one for one in outcomes if isinstance(one, Rejection)]
    good = {(_source(row), row.values["reference"]): row for row in rows if not _wrong(row, rejections)}
    known = set(
        AidRecord.objects.filter(reference__among=[reference for _, reference in good]).values_list(
            "source", "reference"
        )
    )
    new = [row for key, row in good.items() if key not in known]
    return ReliefRead(new, len(good) - len(new), tuple(rejections))


def template() -> bytes:
    """Return the empty list with its code lists to choose from, and the guide."""
    pages = [
        page_of(RELIEF, [], lists=list_ranges([RELIEF])),
        codes_of([RELIEF]),
        guide_of([RELIEF], _REMARKS),
    ]
    return workbook_bytes(pages, title="救助发放清单模板")


def known_people(rows: Sequence[Row]) -> int:
    """Return how many of these rows are of somebody whom the platform knows."""
    people = _people(rows)
    return sum(row.values["id_number"] in people for row in rows)


def _wrong(row: Row, rejections: list[Rejection]) -> bool:
    """Return whether the row's days or amount are impossible, having said so."""
    ends_on, starts_on = row.values["ends_on"], row.values["starts_on"]
    code, column, params = "", "", {}
    if ends_on is not None and ends_on < starts_on:
        code, column, params = "date_order", "结束日期", {"other": "开始日期"}
    elif _amount(row) != _amount(row).to_integral_value():
        code, column = "not_whole", "金额或数量"
    if code:
        rejections.append(Rejection(row.title, row.number, column, code, params, sheet_name=row.sheet))
    return bool(code)


def _amount(row: Row) -> Decimal:
    amount: Decimal = row.values["amount"]
    return amount * _FEN if CATEGORY_KINDS[ItemCategory(row.values["category"])] == "cash" else amount


def _source(row: Row) -> str:
    return row.values["source"] or AidSource.GOVERNMENT


def _people(rows: Sequence[Row]) -> dict[str, Person]:
    numbers = {
        index: row.values["id_number"]
        for row in rows
        for index in blind_indexes(row.values["id_number"], kind="id_number")
    }
    found = people_numbered(numbers)
    return {numbers[person.id_index]: person for person in found}


def _record_of(row: Row, people: dict[str, Person], now: datetime) -> AidRecord:
    values = row.values
    number = values["id_number"]
    return AidRecord(
        id=fresh_key(),
        person=people.get(number),
        id_number=Plain(number),
        id_index=blind_index(number, kind="id_number"),
        source=_source(row),
        reference=values["reference"],
        category=values["category"],
        amount=int(_amount(row)),
        starts_on=values["starts_on"],
        ends_on=values["ends_on"] or values["starts_on"],
        recorded_at=now,
    )
