"""Case files and case rows for tests, from a good one with changes."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from jiujinan.regions import source
from jiujinan.regions.lookup import RegionLookup
from jiujinan.tabular.numbers import check_character
from needs.intake.reading import read_case_file
from needs.intake.rows import CaseFile, CaseRow, ItemRow, MemberRow

TODAY = date(2026, 3, 2)
DEMO = Path(__file__).parents[3] / "demo"
LOOKUP = RegionLookup.of(
    source.merge(source.read_package(), source.read_abolished(), source.read_csv(DEMO / "regions.csv"))
)
CASE_HEADERS = {
    "number": "案卷编号", "source": "来源", "version": "数据版本", "region": "区划代码",
    "applied_on": "申请日期", "cause": "困难原因", "tier": "紧急程度", "name": "户主姓名",
    "id_number": "身份证号", "phone": "电话", "address": "住址", "account": "银行账号", "size": "户口人数",
    "income": "月收入", "groups": "人群标记", "consent": "授权同意公开日期",
    "withdrawn": "授权撤回日期", "government": "政府救助状态",
}  # fmt: skip
ITEM_HEADERS = {
    "number": "案卷编号", "kind": "事项类型", "category": "事项类别", "required": "所需金额或数量",
    "unit": "单位", "covered": "政府已解决", "insured": "保险已赔付", "note": "事项说明",
}  # fmt: skip
MEMBER_HEADERS = {
    "number": "案卷编号", "name": "姓名", "relation": "与户主关系", "id_number": "身份证号",
    "born_on": "出生日期",
}  # fmt: skip
Cells = dict[str, Any]


def id_number(serial: int, born: str = "", county: str = "990121") -> str:
    """Return a well-formed number that is nobody's; after a thousand comes the next year of birth."""
    digits = f"{county}{born or f'{1970 + serial // 1000}0512'}{serial % 1000:03d}"
    return digits + check_character(digits)


def case(serial: int = 1, **changes: Any) -> Cells:
    """Return the cells of a good case."""
    cells = {
        "number": f"A{serial}", "region": "990121", "applied_on": date(2026, 1, 5), "cause": "重大疾病",
        "tier": "联合救助", "name": f"测试{serial}", "id_number": id_number(serial), "size": 3,
    }  # fmt: skip
    return {**cells, **changes}


def item(serial: int = 1, **changes: Any) -> Cells:
    """Return the cells of a good item."""
    return {"number": f"A{serial}", "category": "医疗费用", "required": 12000, **changes}


def write(
    path: Path,
    cases: Sequence[Cells],
    items: Sequence[Cells] | None = None,
    members: Sequence[Cells] = (),
) -> Path:
    """Write a workbook as a stranger would; without `items` every case gets a good one."""
    book = Workbook()
    book.remove(book.active)
    if items is None:
        items = [{**item(), "number": cells["number"]} for cells in cases]
    for title, headers, rows in (
        ("案卷", CASE_HEADERS, cases),
        ("需求事项", ITEM_HEADERS, items),
        ("家庭成员", MEMBER_HEADERS, members),
    ):
        sheet = book.create_sheet(title)
        sheet.append(list(headers.values()))
        for cells in rows:
            sheet.append([cells.get(name) for name in headers])
    book.save(path)
    return path


def read(path: Path) -> CaseFile:
    """Read with the whole division table, on the tests' day."""
    return read_case_file(path, regions=LOOKUP, today=TODAY)


def item_row(**changes: Any) -> ItemRow:
    """Return a good item, typed."""
    values: Cells = {
        "sheet": "需求事项", "row": 2, "kind": "cash", "category": "medical", "unit": "fen",
        "required": 1_200_000, "government": 300_000, "insurance": 0, "note": "",
    }  # fmt: skip
    return ItemRow(**{**values, **changes})


def member_row(serial: int = 500, **changes: Any) -> MemberRow:
    """Return a good member, typed."""
    values: Cells = {
        "row": 2, "relation": "20", "sex": "1", "groups": ("student",), "name": f"成员{serial}",
        "id_number": id_number(serial, "20120301"), "born_on": date(2012, 3, 1),
    }  # fmt: skip
    return MemberRow(**{**values, **changes})


def case_row(serial: int = 1, **changes: Any) -> CaseRow:
    """Return a good case, typed."""
    values: Cells = {
        "row": serial + 1, "number": f"A{serial}", "source": "civil_affairs", "version": 1,
        "channel": "home_visit", "region": "990121", "applied_on": date(2026, 1, 5), "cause": "illness",
        "tier": "joint", "size": 2, "monthly_income_fen": 180_000, "medical_expense_fen": 3_600_000,
        "schooling_expense_fen": 0, "other_expense_fen": 0, "circle": "", "groups": ("severe_illness",),
        "economic_check": "passed", "consent_on": date(2026, 1, 5), "consent_withdrawn_on": None,
        "government_status": "granted", "items": (item_row(),), "sensitive_kind": "",
        "name": f"测试{serial}", "id_number": id_number(serial), "phone": "10000000001", "address": "某村",
        "account": "9900000000000000001", "members": (),
    }  # fmt: skip
    return CaseRow(**{**values, **changes})


def file_of(*cases: CaseRow) -> CaseFile:
    """Return a file of these cases."""
    return CaseFile(cases, (), (), len(cases), 0, 0)
