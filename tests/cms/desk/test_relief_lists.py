"""Lin brings a list of relief: she sees what it would do and what is wrong row by row, then says yes."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from openpyxl import Workbook, load_workbook

from jiujinan.accounts.models import User
from jiujinan.audit.models import AuditEntry
from needs.intake.models import AidRecord, ReliefList
from needs.intake.services import import_cases
from tests.needs.intake.casefiles import case_row, file_of, id_number
from tests.town import NOW, Town

SignIn = Callable[[User], Client]
RELIEF = "/admin/desk/relief/"
HEADERS = ["发放编号", "来源", "身份证号", "用途", "金额或数量", "开始日期", "结束日期"]


def a_list(*rows: Sequence[object]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADERS, *rows):
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


GOOD = [
    ["R1", "政府救助", id_number(1), "医疗费用", "1200.50", "2026-03-01", ""],
    ["R2", "", id_number(2), "食品", "4", "2026-03-01", "2026-03-31"],
]
BAD = [
    ["R3", "", "110105", "医疗费用", "100", "2026-03-01", ""],
    ["R4", "", id_number(3), "医疗费用", "100", "2026-03-05", "2026-03-01"],
    ["R5", "", id_number(3), "游艇", "100", "2026-02-30", ""],
]


def bring(client: Client, content: bytes) -> str:
    answer = client.post(RELIEF, {"file": SimpleUploadedFile("relief.xlsx", content)})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_nothing_is_taken_in_before_the_yes_and_then_the_good_rows_once(
    town: Town, signed_in: SignIn
) -> None:
    import_cases(file=file_of(case_row()), by=town.lin, now=NOW, batch="first")
    client = signed_in(town.lin)
    address = bring(client, a_list(*GOOD, *BAD))
    relief = ReliefList.objects.get()
    assert relief.counts == {"new": 2, "of_known_people": 1, "known": 0, "bad_rows": 3, "problems": 4}
    page = client.get(address).content.decode()
    for column in ("身份证号", "结束日期", "用途", "开始日期"):
        assert column in page
    assert not AidRecord.objects.exists()
    client.post(f"{address}approve/")
    assert sorted(AidRecord.objects.values_list("reference", "source", "category", "amount")) == [
        ("R1", "government", "medical", 120_050),
        ("R2", "government", "food", 4),
    ]
    assert AidRecord.objects.get(reference="R1").person is not None
    assert "页面已显示最新情况" in client.post(f"{address}approve/", follow=True).content.decode()
    assert AidRecord.objects.count() == 2
    again = bring(client, a_list(*GOOD))
    assert "2" in client.get(again).content.decode()
    assert ReliefList.objects.latest("received_at").counts["known"] == 2
    assert list(
        AuditEntry.objects.filter(stream="relief").order_by("seq").values_list("action", flat=True)
    ) == ["relief.checked", "relief.imported", "relief.done", "relief.checked"]


def test_the_list_lies_sealed_and_goes_when_it_is_decided_about(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.lin)
    address = bring(client, a_list(*GOOD))
    with connection.cursor() as cursor:
        cursor.execute("SELECT content, problems FROM intake_relieflist")
        content, problems = cursor.fetchone()
    assert id_number(1) not in str(bytes(content)) + str(problems)
    client.post(f"{address}discard/")
    relief = ReliefList.objects.get()
    assert (relief.state, relief.content) == ("discarded", None)
    client.post(f"{address}approve/")
    assert not AidRecord.objects.exists()


def test_a_file_that_cannot_be_read_says_so_and_offers_no_yes(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.lin)
    for content in (b"PK\x03\x04 no workbook", a_list()):
        page = client.get(bring(client, content)).content.decode()
        assert "approve" not in page
        assert "<td" in page
    empty = client.post(RELIEF, {"file": SimpleUploadedFile("relief.xlsx", b"")})
    assert empty.status_code == 422


def test_a_file_too_large_for_a_page_is_refused_in_words(
    town: Town, signed_in: SignIn, tmp_path: Path
) -> None:
    answer = signed_in(town.lin).post(
        RELIEF, {"file": SimpleUploadedFile("relief.csv", b"x" * ((10 << 20) + 1))}
    )
    assert answer.status_code == 422
    assert "10" in answer.content.decode()


def test_only_who_brought_a_list_sees_it(town: Town, signed_in: SignIn) -> None:
    address = bring(signed_in(town.lin), a_list(*GOOD))
    other = signed_in(town.zhou)
    for path in (RELIEF, address):
        assert "relief.xlsx" not in other.get(path, follow=True).content.decode()
    other.post(f"{address}approve/")
    assert not AidRecord.objects.exists()


def test_the_template_holds_every_column_and_reads_back(town: Town, signed_in: SignIn) -> None:
    content = signed_in(town.lin).get(f"{RELIEF}template.xlsx").content
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == HEADERS
