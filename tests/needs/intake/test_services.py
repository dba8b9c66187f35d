"""Writing a file's cases."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiujinan.audit.models import AuditEntry
from jiujinan.regions.services import load_regions
from jiujinan.sealing.services import open_fields
from needs.intake.rows import CaseRow
from needs.intake.services import PART, ImportResult, import_cases
from needs.models import CaseRecord, Need, NeedItem, Person
from needs.services.cases import take_up, verify
from needs.states import CaseState
from tests.needs.intake.casefiles import DEMO, case_row, file_of, id_number, item_row, member_row, read
from tests.town import NOW, Town


def run(town: Town, *cases: CaseRow, batch: str = "first") -> ImportResult:
    return import_cases(file=file_of(*cases), by=town.lin, now=NOW, batch=batch)


def test_a_case_becomes_a_household_its_people_a_case_a_draft_need_and_items(town: Town) -> None:
    row = case_row(members=(member_row(),), items=(item_row(), item_row(row=3, category="living")))
    assert run(town, row) == ImportResult(imported=1)
    case = CaseRecord.objects.get()
    assert (case.state, case.number, case.region_id, case.government_done) == (
        "received",
        "A1",
        "990121",
        True,
    )
    assert case.groups == ["severe_illness", "student"]
    assert case.due_at is not None
    assert case.due_at > NOW
    assert (case.household.size, case.household.medical_expense_fen) == (2, 3_600_000)
    assert sorted(case.household.members.values_list("is_head", "birth_year", "sex")) == [
        (False, 2012, "1"),
        (True, 1970, "1"),
    ]
    items = NeedItem.objects.filter(need__case=case).values_list("category", "required", "gap")
    assert sorted(items) == [("living", 1_200_000, 900_000), ("medical", 1_200_000, 900_000)]


def test_who_the_person_is_comes_back_only_when_opened(town: Town) -> None:
    run(town, case_row())
    head = Person.objects.get(is_head=True)
    assert "测试1" not in str(vars(head))
    opened = open_fields(
        rows=[head],
        fields=["name", "id_number", "phone", "address", "bank_account"],
        case="A1",
        by=town.lin,
        reason="test",
        now=NOW,
    )
    row = case_row()
    assert list(opened[0].values()) == [row.name, row.id_number, row.phone, row.address, row.account]


def test_the_same_file_again_changes_nothing(town: Town) -> None:
    rows = [case_row(1, members=(member_row(),)), case_row(2)]
    assert run(town, *rows).imported == 2
    before = list(CaseRecord.objects.order_by("number").values())
    assert run(town, *rows, batch="second") == ImportResult(unchanged=2)
    assert list(CaseRecord.objects.order_by("number").values()) == before
    assert (Person.objects.count(), NeedItem.objects.count(), Need.objects.count()) == (3, 2, 2)


def test_a_newer_version_rewrites_a_case_that_nobody_has_judged(town: Town) -> None:
    run(town, case_row(members=(member_row(500),)))
    newer = case_row(
        version=2, size=5, name="改名", members=(member_row(501),),
        items=(item_row(required=700_000, government=0),),
    )  # fmt: skip
    assert run(town, newer) == ImportResult(updated=1)
    case = CaseRecord.objects.get()
    assert (case.source_version, case.household.size, case.household.members.count()) == (2, 5, 2)
    assert list(case.need.items.values_list("required", "gap")) == [(700_000, 700_000)]


def test_a_newer_version_keeps_the_beneficiary_and_owes_the_case_a_score(town: Town) -> None:
    run(town, case_row(members=(member_row(),)))
    case = CaseRecord.objects.get()
    child = Person.objects.get(is_head=False)
    CaseRecord.objects.update(beneficiary=child)
    Need.objects.update(score_due_at=None)
    assert run(town, case_row(version=2, members=(member_row(),), size=5)).updated == 1
    case.refresh_from_db()
    assert case.beneficiary is not None
    assert case.beneficiary.id_index == child.id_index
    assert case.need.score_due_at == NOW
    assert run(town, case_row(version=3, members=(), size=4)).updated == 1
    case.refresh_from_db()
    assert case.beneficiary is None


def test_an_older_version_after_a_newer_one_is_refused_row_by_row(town: Town) -> None:
    run(town, case_row(1, version=3), case_row(2, version=1))
    result = run(town, case_row(1, version=2, size=9), case_row(2, version=2, size=9))
    assert (result.refused_older, result.updated) == (1, 1)
    assert [(r.row, r.column, r.code) for r in result.rejections] == [(2, "数据版本", "older_version")]
    assert "3" in result.rejections[0].message
    assert CaseRecord.objects.get(number="A1").household.size == 2


def test_a_case_that_is_being_judged_is_not_rewritten_by_a_file(town: Town) -> None:
    run(town, case_row())
    case = CaseRecord.objects.get()
    take_up(case=case, by=town.lin, now=NOW)
    verify(case=case, by=town.zhou, now=NOW)
    result = run(town, case_row(version=2, size=9))
    assert (result.refused_settled, result.rejections[0].code) == (1, "case_settled")
    assert CaseRecord.objects.get().household.size == 2


def test_a_person_with_a_case_in_hand_is_a_certain_duplicate_from_any_source(town: Town) -> None:
    run(town, case_row(1))
    other = case_row(2, source="hospital", number="H-9", id_number=id_number(1), name="测试1")
    result = run(town, other, batch="hospital")
    assert (result.duplicates, result.rejections[0].code) == (1, "person_known")
    assert CaseRecord.objects.count() == Person.objects.count() == 1


def test_a_person_whose_case_has_ended_comes_again_with_the_same_household(town: Town) -> None:
    run(town, case_row(1, members=(member_row(),)))
    CaseRecord.objects.update(state=CaseState.CLOSED)
    again = case_row(1, number="A1-2", size=4, members=(member_row(501), member_row(500)))
    assert run(town, again).imported == 1
    first, second = CaseRecord.objects.order_by("number")
    assert first.household_id == second.household_id
    assert (second.household.size, second.household.members.count()) == (4, 2)


def test_a_member_who_is_known_elsewhere_stays_there(town: Town) -> None:
    run(town, case_row(1, members=(member_row(500),)), case_row(2, members=(member_row(500),)))
    assert Person.objects.filter(is_head=False).count() == 1
    assert CaseRecord.objects.count() == 2


def test_members_without_numbers_are_all_kept(town: Town) -> None:
    nobody = member_row(id_number="")
    run(town, case_row(1, size=4, members=(nobody, nobody)), case_row(2, members=(nobody,)))
    assert Person.objects.filter(is_head=False, id_index="").count() == 3


def test_cases_outside_the_officers_area_are_refused(town: Town) -> None:
    stranger = town.chen
    result = import_cases(file=file_of(case_row()), by=stranger, now=NOW, batch="x")
    assert (result.refused_region, result.rejections[0].column) == (1, "区划代码")
    assert not CaseRecord.objects.exists()


def test_every_part_leaves_its_entry_in_the_trail_without_a_name(town: Town) -> None:
    run(town, case_row(1), case_row(2, name="远方", phone=""))
    entry = AuditEntry.objects.get(action="cases.imported")
    assert entry.data == {"rows": [2, 3], "imported": 2}
    assert entry.by == town.lin


def _stranger(serial: int) -> CaseRow:
    """Return a case of somebody whom nobody resembles."""
    name = chr(0x4E00 + 40 * serial) * 2
    return case_row(serial, name=name, phone="", id_number=id_number(serial, f"{1940 + serial}0512"), size=1)


def test_a_part_costs_the_same_number_of_queries_at_one_row_and_at_thirty(town: Town) -> None:
    counts = []
    for first, size in ((1, 1), (2, 3), (10, 30)):
        rows = [_stranger(n) for n in range(first, first + size)]
        with CaptureQueriesContext(connection) as queries:
            run(town, *rows, batch="one")
        counts.append(len(queries))
    assert counts[1] == counts[2]
    assert PART > 30


def test_the_demonstrations_file_goes_in_whole(town: Town) -> None:
    load_regions(now=NOW, extra=DEMO / "regions.csv")
    file = read(DEMO / "case-records.xlsx")
    result = import_cases(file=file, by=town.lin, now=NOW, batch="demo")
    assert result.imported + result.duplicates == len(file.cases)
    assert result.duplicates == 0
    again = import_cases(file=file, by=town.lin, now=NOW + timedelta(days=1), batch="demo")
    assert again == ImportResult(unchanged=len(file.cases))
