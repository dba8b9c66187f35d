"""A large file is read and built by two processes; what comes of it is what one process makes of it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jiujinan.aside import Aside
from jiujinan.sealing.fields import SealedField
from needs.intake import ahead, checking, halves
from needs.intake.models import ImportState
from needs.models import CaseRecord, Need, NeedItem, Person
from needs.models.household import person_indexes
from tests.needs.intake.casefiles import case, id_number, item, read, write
from tests.needs.intake.test_imports import taken
from tests.town import Town

COUNT = 12


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files of a few rows be large."""
    monkeypatch.setattr(halves, "LARGE", 1)
    monkeypatch.setattr(ahead, "LEAST_PARTS", 2)
    monkeypatch.setattr(checking, "PART", 5)


def some_file(folder: Path, **changes: Any) -> Path:
    cases = [
        case(n, phone=f"1390000{n:04d}", address=f"某街{n}号", account="62220212", **changes)
        for n in range(COUNT)
    ]
    members: list[dict[str, Any]] = [
        {"number": f"A{n}", "name": f"成员{n}", "relation": "子", "id_number": id_number(100 + n)}
        for n in range(COUNT)
    ]
    members += [
        {"number": "A1", "name": "孩子", "born_on": date(2020, 5, 1)},
        {"number": "A2", "name": "坏", "id_number": "1"},
    ]
    asked = [item(n) for n in range(COUNT)] + [item(3, required="许多"), {**item(1), "number": "没有"}]
    return write(folder / "a.xlsx", [*cases, case(50, id_number=id_number(50)[:-1] + "?")], asked, members)


def test_read_by_two_processes_a_file_says_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = some_file(tmp_path)
    alone = read(path)
    monkeypatch.setattr(halves, "LARGE", 1)
    assert read(path) == alone
    assert len(alone.cases) == COUNT
    assert {r.sheet_name for r in alone.rejections} == {"cases", "members", "items"}


@pytest.mark.parametrize(
    "spoil",
    [lambda path: path.write_bytes(path.read_bytes()[:-400]), lambda path: path.write_bytes(b"PK\3\4")],
)
def test_a_damaged_file_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Path], object]
) -> None:
    path = some_file(tmp_path)
    spoil(path)
    alone = read(path)
    monkeypatch.setattr(halves, "LARGE", 1)
    assert read(path) == alone
    assert [r.code for r in alone.rejections] == ["unreadable"]


def kept() -> list[tuple[object, ...]]:
    """Return everybody as the database knows them, opened."""
    fields = [f for f in Person._meta.concrete_fields if isinstance(f, SealedField)]
    people = Person.objects.select_related("household").order_by("id_index", "name_index")
    return [
        (
            *(field.open(one) for field in fields),
            *(getattr(one, column) for column in Person.INDEX_COLUMNS),
            one.is_head, one.relation, one.sex, one.birth_year, one.groups,
            one.household.region_id, one.household.size,
        )
        for one in people
    ]  # fmt: skip


def check_everything(town: Town, path: Path) -> None:
    batch = taken(town, path)
    assert (batch.state, batch.done, batch.counts["imported"]) == (ImportState.DONE, COUNT, COUNT)
    counts = [model.objects.count() for model in (CaseRecord, Need, NeedItem, Person)]
    assert counts == [COUNT, COUNT, COUNT, 2 * COUNT + 1]
    assert not CaseRecord.objects.filter(owner=None).exists()
    for one in Person.objects.filter(is_head=True):
        opened = {
            name: field.open(one)
            for name in ("name", "id_number", "phone")
            if isinstance(field := Person._meta.get_field(name), SealedField)
        }
        made = person_indexes(
            name=opened["name"] or "", number=opened["id_number"] or "", phone=opened["phone"] or "",
            born_on=date(1970, 5, 12), sex=one.sex,
        )  # fmt: skip
        assert {column: getattr(one, column) for column in made} == made
    assert taken(town, path).counts["unchanged"] == COUNT


def test_built_by_another_process_the_rows_are_what_one_process_writes(
    town: Town, tmp_path: Path, beside: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = []
    real = ahead.Ahead.built

    def watched(self: ahead.Ahead, *args: Any) -> Any:
        used.append(real(self, *args))
        return used[-1]

    monkeypatch.setattr(ahead.Ahead, "built", watched)
    check_everything(town, some_file(tmp_path))
    assert [built is not None for built in used[:3]] == [
        False,
        True,
        True,
    ]  # the first part has nobody before it
    together = kept()
    monkeypatch.setattr(ahead, "LEAST_PARTS", 99)
    assert taken(town, some_file(tmp_path, version=2, tier="特急救助")).counts["updated"] == COUNT
    assert kept() == together


def test_without_the_other_process_the_file_comes_in_all_the_same(
    town: Town, tmp_path: Path, beside: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = Aside.__init__

    def dead(self: Aside, *args: Any, **options: Any) -> None:
        begin(self, *args, **options)
        self._process.kill()
        self._process.wait()

    monkeypatch.setattr(Aside, "__init__", dead)
    check_everything(town, some_file(tmp_path))
