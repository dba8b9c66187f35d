"""The same help for the same person twice: told, or stopped."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from jiujinan.codes import ItemCategory
from jiujinan.sealing.blind_index import blind_index
from needs.aid.queries import conflicts_of
from needs.aid.rules import AidRule, Given, Level, Wanted, conflicts, read_rules
from needs.intake.models import AidRecord
from needs.intake.relief import import_relief
from needs.models import GateDecision, Person
from needs.services import gate
from needs.services.cases import take_up, verify
from needs.services.coverage import HelpedAlready, commit, deliver
from needs.services.refusals import NotReady
from tests.needs.intake.casefiles import id_number
from tests.town import NOW, Town

TODAY = date(2026, 7, 6)
RULES = read_rules()
purposes = st.sampled_from([str(category) for category in ItemCategory])
days = st.dates(date(2024, 1, 1), date(2026, 12, 31))
givens = st.builds(
    lambda purpose, amount, start, length: Given(
        purpose, amount, start, start + timedelta(days=length), "government", "r"
    ),
    purposes, st.integers(1, 10**7), days, st.integers(0, 60),
)  # fmt: skip
wanteds = st.builds(
    lambda purpose, required, share, since: Wanted(purpose, required, required * share // 100, since, TODAY),
    purposes, st.integers(1, 10**7), st.integers(0, 100), st.dates(date(2025, 1, 1), TODAY),
)  # fmt: skip


def level(wanted: Wanted, known: list[Given]) -> int:
    return max((2 if one.level is Level.HARD else 1 for one in conflicts(wanted, known, RULES)), default=0)


@given(wanteds, st.lists(givens, max_size=5), givens)
def test_more_help_never_makes_a_conflict_smaller(wanted: Wanted, known: list[Given], more: Given) -> None:
    assert level(wanted, [*known, more]) >= level(wanted, known)


@given(wanteds, st.lists(givens, max_size=5))
def test_only_the_same_purpose_within_its_window_stops(wanted: Wanted, known: list[Given]) -> None:
    for one in conflicts(wanted, known, RULES):
        for given_ in one.given:
            assert given_.starts_on <= wanted.today
            assert given_.ends_on + timedelta(days=RULES[wanted.purpose].days) >= wanted.since
        if one.level is Level.HARD:
            assert {given_.purpose for given_ in one.given} == {wanted.purpose}
            assert RULES[wanted.purpose].rule != "warn"


@given(wanteds, st.lists(givens, max_size=5), st.randoms())
def test_the_order_of_what_was_given_changes_nothing(
    wanted: Wanted, known: list[Given], chance: object
) -> None:
    mixed = sorted(known, key=lambda _one: chance.random())  # type: ignore[attr-defined]
    assert level(wanted, mixed) == level(wanted, known)


@given(wanteds, st.lists(givens, max_size=5))
def test_what_stops_warns_or_passes_is_what_the_table_says(wanted: Wanted, known: list[Given]) -> None:
    rule = RULES[wanted.purpose]
    near = [
        one
        for one in known
        if one.starts_on <= wanted.today and (wanted.since - one.ends_on).days <= rule.days
    ]
    same = [one for one in near if one.purpose == wanted.purpose]
    total = sum(one.amount for one in same)
    expected = {
        "once": 2 if same else 0,
        "warn": 1 if same else 0,
        "sum": 2 if same and total >= wanted.required else int(bool(same) and total > wanted.counted),
    }[rule.rule]
    if any(one.purpose in rule.related for one in near):
        expected = max(expected, 1)
    assert level(wanted, known) == expected


def test_help_that_the_need_counts_already_is_no_conflict() -> None:
    wanted = Wanted("medical", 10_000, 3_000, TODAY - timedelta(days=10), TODAY)
    relief = [Given("medical", 3_000, TODAY, TODAY, "government", "r")]
    assert conflicts(wanted, relief, RULES) == []
    assert level(wanted, [*relief, *relief]) == 1
    assert level(wanted, relief * 4) == 2


@pytest.mark.parametrize("row", ["medical,sum,180,", "x,once,1,"])
def test_a_table_that_is_not_whole_is_refused(tmp_path: Path, row: str) -> None:
    path = tmp_path / "rules.csv"
    path.write_text(f"purpose,rule,days,related\n{row}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="each purpose once"):
        read_rules(path)
    assert RULES["funeral"] == AidRule("funeral", "once", 3650, frozenset())


def relief(tmp_path: Path, *rows: list[object]) -> Path:
    book = Workbook()
    sheet = book.active
    sheet.title = "救助发放"
    sheet.append(["发放编号", "来源", "身份证号", "用途", "金额或数量", "开始日期", "结束日期"])
    for row in rows:
        sheet.append(row)
    book.save(tmp_path / "relief.xlsx")
    return tmp_path / "relief.xlsx"


def known_as(town: Town, number: str) -> None:
    """Let the town's newest person bear the number."""
    head = Person.objects.order_by("household__cases__number").last()
    Person.objects.filter(pk=head.pk).update(id_index=blind_index(number, kind="id_number"))


def test_a_list_of_relief_is_kept_once_and_its_bad_rows_are_named(town: Town, tmp_path: Path) -> None:
    day = date(2026, 6, 1)
    path = relief(
        tmp_path,
        ["G1", "政府救助", id_number(1), "医疗费用", 3000, day, None],
        ["G2", None, id_number(2), "被褥", 2, day, None],
        ["G3", None, "1.10105E+17", "被褥", 1, day, None],
        ["G4", None, id_number(3), "被褥", 1, day, date(2026, 5, 1)],
        ["G5", None, id_number(3), "被褥", 1.5, day, None],
    )
    result = import_relief(path=path, by=town.lin, now=NOW)
    assert (result.added, result.known) == (2, 0)
    assert sorted((one.row, one.code) for one in result.rejections) == [
        (4, "id_scientific"), (5, "date_order"), (6, "not_whole"),
    ]  # fmt: skip
    assert list(AidRecord.objects.order_by("reference").values_list("amount", flat=True)) == [300_000, 2]
    assert import_relief(path=path, by=town.lin, now=NOW).known == 2


def test_relief_that_meets_the_need_stops_verification_publication_and_commitment(
    town: Town, tmp_path: Path
) -> None:
    need = town.verified(yuan=3000)
    item = need.items.get()
    known_as(town, id_number(1))
    rows = [["G1", None, id_number(1), "医疗费用", 3000, date(2026, 6, 25), None]]
    import_relief(path=relief(tmp_path, *rows), by=town.lin, now=NOW)
    with pytest.raises(HelpedAlready):
        commit(item=item, amount=1000, now=NOW)
    gate.decide(need=need, by=town.wu, now=NOW)
    assert GateDecision.objects.get(need=need).reasons == ["duplicate_aid"]
    case = take_up(case=town.case(yuan=2000), by=town.lin, now=NOW)
    known_as(town, id_number(2))
    rows = [["G2", None, id_number(2), "医疗费用", 2000, date(2026, 6, 25), None]]
    import_relief(path=relief(tmp_path, *rows), by=town.lin, now=NOW)
    with pytest.raises(NotReady, match="duplicate_aid"):
        verify(case=case, by=town.zhou, now=NOW)


def test_relief_that_leaves_a_gap_warns_and_stops_nothing(town: Town, tmp_path: Path) -> None:
    need = town.verified(yuan=3000)
    known_as(town, id_number(1))
    rows = [["G1", None, id_number(1), "医疗费用", 500, date(2026, 6, 25), None]]
    import_relief(path=relief(tmp_path, *rows), by=town.lin, now=NOW)
    [found] = conflicts_of(need=need, today=TODAY).values()
    assert [one.level for one in found] == [Level.SOFT]
    commit(item=need.items.get(), amount=1000, now=NOW)


def test_what_the_platform_delivered_to_an_earlier_need_of_the_household_counts(town: Town) -> None:
    first = town.verified(items=[{"kind": "goods", "category": "bedding", "unit": "piece", "required": 2}])
    item = first.items.get()
    deliver(item=commit(item=item, amount=2, now=NOW), amount=2, now=NOW)
    assert conflicts_of(need=first, today=TODAY) == {}
    second = town.verified(items=[{"kind": "goods", "category": "bedding", "unit": "piece", "required": 2}])
    second.case.household_id = first.case.household_id
    second.case.save(update_fields=["household"])
    with pytest.raises(HelpedAlready):
        commit(item=second.items.get(), amount=1, now=NOW)
