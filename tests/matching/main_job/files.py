"""Two small files as a stranger would fill them in: alike cases of one county, and enough to help them all."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from stdnum.cn import uscc

from tests.needs.intake.casefiles import id_number

COUNT = 25
YUAN = 12_000
Rows = Sequence[dict[str, Any]]


def credit_code(serial: int) -> str:
    """Return a well-formed code that is nobody's."""
    body = f"51990100MJ{serial:07d}"
    return body + str(uscc.calc_check_digit(body))


CHARITY, AGENCY, STATION = (credit_code(serial) for serial in (1, 2, 3))


def case(serial: int, **changes: Any) -> dict[str, Any]:
    """Return the cells of one case, like all others."""
    return {
        "案卷编号": f"M{serial:03d}",
        "区划代码": "990121",
        "申请日期": date(2026, 1, 5),
        "困难原因": "重大疾病",
        "紧急程度": "联合救助",
        "户主姓名": f"测试{serial}",
        "身份证号": id_number(serial),
        "户口人数": 3,
        "月收入": 1500,
        "经济核对结果": "通过",
        "授权同意公开日期": date(2026, 1, 5),
        "政府救助状态": "已获救助",
        **changes,
    }


def items(number: str) -> Rows:
    """Return what every case lacks: money, sessions, pieces."""
    asked = {"医疗费用": YUAN, "心理疏导": 2, "食品": 3}
    return [{"案卷编号": number, "事项类别": name, "所需金额或数量": much} for name, much in asked.items()]


def write(path: Path, sheets: dict[str, Rows]) -> Path:
    """Write a workbook of these sheets; the first row names the columns."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append([row[name] for name in rows[0]])
    book.save(path)
    return path


def cases_file(path: Path, *bad: dict[str, Any], good: int = COUNT) -> Path:
    """Write the case file; `bad` cases come after the good ones. Few good ones are too few to publish."""
    cases = [case(serial) for serial in range(1, good + 1)] + list(bad)
    asked = [item for cells in cases for item in items(cells["案卷编号"])]
    return write(path, {"案卷": cases, "需求事项": asked})


def resources_file(path: Path) -> Path:
    """Write the resources file: a fund, an offer and a lot that suffice for everybody."""
    kinds = {CHARITY: "慈善组织", AGENCY: "社工机构", STATION: "爱心驿站"}
    return write(
        path,
        {
            "组织": [
                {"组织名称": f"测试{kind}", "组织类型": kind, "统一社会信用代码": code, "区划代码": "990100"}
                for code, kind in kinds.items()
            ],
            "基金": [
                {
                    "基金名称": "测试基金",
                    "持有组织": CHARITY,
                    "基金类型": "慈善基金",
                    "期初余额": COUNT * YUAN + 500,
                    "启用日期": date(2026, 1, 1),
                    "二次审批起点": 5000,
                }
            ],
            "服务": [
                {
                    "服务名称": "心理疏导",
                    "提供组织": AGENCY,
                    "服务类别": "心理疏导",
                    "每周容量": 100,
                    "总量": 2 * COUNT,
                    "开始日期": date(2026, 1, 1),
                }
            ],
            "物资": [{"物资名称": "米面", "爱心驿站": STATION, "物资类别": "食品", "数量": 3 * COUNT}],
        },
    )
