"""A file's way from arriving to being taken in."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from jiujinan.accounts.predicates import NotAllowed
from jiujinan.audit.models import AuditEntry
from jiujinan.tabular.limits import DEFAULT
from needs.intake import imports
from needs.intake.imports import TooLarge, WrongStep, advance, approve, claim, discard, receive, waiting
from needs.intake.models import (
    Import,
    ImportBadRow,
    ImportChunk,
    ImportPart,
    ImportProblem,
    ImportRow,
    ImportState,
)
from needs.intake.packing import pack, unpack
from needs.models import CaseRecord, Person
from tests.needs.intake.casefiles import case, case_row, id_number, member_row, write
from tests.town import NOW, Town


def bring(town: Town, path: Path, *, name: str = "案卷.xlsx", source: str = "hospital") -> Import:
    return receive(
        name=name, pieces=[path.read_bytes()], source=source, channel="department", by=town.lin, now=NOW
    )


def checked(town: Town, path: Path) -> Import:
    return advance(batch=bring(town, path), clock=lambda: NOW)


def taken(town: Town, path: Path) -> Import:
    batch = approve(batch=checked(town, path), by=town.lin, now=NOW)
    return advance(batch=batch, clock=lambda: NOW)


def test_checking_foresees_and_writes_no_case(town: Town, tmp_path: Path) -> None:
    batch = checked(town, write(tmp_path / "a.xlsx", [case(1), case(2), case(3, id_number="1.10105E+17")]))
    assert (batch.state, batch.total, batch.counts["imported"], batch.counts["bad_rows"]) == (
        ImportState.CHECKED, 2, 2, 1,
    )  # fmt: skip
    assert not CaseRecord.objects.exists()
    assert list(batch.problems.values_list("row", "column", "code")) == [(4, "身份证号", "id_scientific")]
    assert not ImportChunk.objects.exists()


def test_approved_all_good_rows_come_in_with_source_version_and_channel(town: Town, tmp_path: Path) -> None:
    rows = [case(1), case(2, source="学校", version=7), case(3, id_number="1")]
    batch = taken(town, write(tmp_path / "a.xlsx", rows))
    assert (batch.state, batch.done, batch.counts["imported"]) == (ImportState.DONE, 2, 2)
    cases = CaseRecord.objects.order_by("number").values_list("number", "source", "source_version", "channel")
    assert list(cases) == [("A1", "hospital", 1, "department"), ("A2", "school", 7, "department")]
    assert not ImportPart.objects.exists()


def test_the_same_file_again_changes_nothing_and_an_older_one_is_refused_row_by_row(
    town: Town, tmp_path: Path
) -> None:
    newer = write(tmp_path / "b.xlsx", [case(1, version=3, size=4), case(2, version=3, size=4)])
    taken(town, newer)
    before = list(CaseRecord.objects.order_by("number").values("pk", "source_version", "household__size"))
    assert taken(town, newer).counts["unchanged"] == 2
    older = taken(town, write(tmp_path / "a.xlsx", [case(1, version=2), case(2, version=2)]))
    assert older.counts["refused_older"] == 2
    assert [p.code for p in older.problems.all()] == ["older_version"] * 2
    assert (
        list(CaseRecord.objects.order_by("number").values("pk", "source_version", "household__size"))
        == before
    )


def test_what_is_kept_in_between_is_sealed(town: Town, tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", [case(1, name="欧阳甲乙"), case(2, name="司徒丙丁", id_number="坏")])
    batch = bring(town, path)
    secrets = ["欧阳甲乙".encode(), "司徒丙丁".encode(), id_number(1).encode(), path.read_bytes()[:40]]
    for _step in range(2):
        with connection.cursor() as cursor:
            for table in (
                "importchunk",
                "importpart",
                "importbadrow",
                "importproblem",
                "importrow",
                "import",
            ):
                cursor.execute(f"SELECT * FROM intake_{table}")  # noqa: S608
                held = b" ".join(
                    bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode()
                    for row in cursor.fetchall() for v in row
                )  # fmt: skip
                assert not [secret for secret in secrets if secret in held]
        batch = advance(batch=batch, clock=lambda: NOW)


def test_a_file_that_cannot_be_read_says_why(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0 old")
    batch = checked(town, path)
    assert (batch.state, batch.problems.get().code) == (ImportState.UNREADABLE, "old_excel")


def test_too_large_a_file_is_refused_before_it_is_read_whole(town: Town) -> None:
    given = 0

    def endless():  # noqa: ANN202
        nonlocal given
        while True:
            given += 1
            yield b"0" * 1024 * 1024

    with pytest.raises(TooLarge):
        receive(name="x", pieces=endless(), source="hospital", channel="department", by=town.lin, now=NOW)
    assert given == DEFAULT.file_bytes // 1024 // 1024 + 1
    assert not Import.objects.exists()
    assert not ImportChunk.objects.exists()


def test_only_case_officers_bring_files_and_only_who_brought_one_decides(town: Town, tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", [case(1)])
    with pytest.raises(NotAllowed):
        receive(name="x", pieces=[b"x"], source="hospital", channel="department", by=town.chen, now=NOW)
    batch = checked(town, path)
    for act in (approve, discard):
        with pytest.raises(NotAllowed):
            act(batch=batch, by=town.zhou, now=NOW)


def test_a_discarded_file_leaves_nothing_of_its_content(town: Town, tmp_path: Path) -> None:
    batch = discard(
        batch=checked(town, write(tmp_path / "a.xlsx", [case(1), case(2, size=0)])), by=town.lin, now=NOW
    )
    assert batch.state == ImportState.DISCARDED
    assert not any(kind.objects.exists() for kind in (ImportChunk, ImportPart, ImportBadRow, CaseRecord))
    with pytest.raises(WrongStep):
        approve(batch=batch, by=town.lin, now=NOW)
    assert AuditEntry.objects.filter(stream_id=f"import:{batch.pk}").count() == 3


def test_one_process_works_on_a_file_and_after_silence_another_goes_on(town: Town, tmp_path: Path) -> None:
    batch = bring(town, write(tmp_path / "a.xlsx", [case(1)]))
    assert claim(batch=batch, now=NOW)
    assert not claim(batch=batch, now=NOW + timedelta(minutes=1))
    assert list(waiting(NOW + timedelta(minutes=3))) == [batch]
    assert claim(batch=batch, now=NOW + timedelta(minutes=3))


def test_checked_twice_it_is_kept_once(town: Town, tmp_path: Path) -> None:
    batch = bring(town, write(tmp_path / "a.xlsx", [case(1), case(2, size=0)]))
    twin = Import.objects.get(pk=batch.pk)
    with imports._as_file(twin) as path:  # the other process read the file at the same time
        found = imports.checking.check(
            path=path, source="hospital", channel="department", by=town.lin, now=NOW
        )
    advance(batch=batch, clock=lambda: NOW)
    imports.checking.keep(batch_id=batch.pk, found=found, now=NOW)
    assert (ImportRow.objects.count(), ImportProblem.objects.count(), ImportPart.objects.count()) == (1, 1, 1)


def test_taken_in_part_by_part_and_gone_on_with_after_a_stop(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("needs.intake.checking.PART", 2)
    batch = approve(
        batch=checked(town, write(tmp_path / "a.xlsx", [case(n) for n in range(1, 8)])), by=town.lin, now=NOW
    )
    steps = imports.take_in(batch=batch, clock=lambda: NOW)
    assert [next(steps).done for _ in range(2)] == [2, 4]
    steps.close()
    assert CaseRecord.objects.count() == 4
    done = advance(batch=Import.objects.get(pk=batch.pk), clock=lambda: NOW)
    assert (done.state, done.done, CaseRecord.objects.count(), Person.objects.count()) == (
        ImportState.DONE,
        7,
        7,
        7,
    )


def test_what_changed_between_checking_and_taking_in_is_told(town: Town, tmp_path: Path) -> None:
    batch = checked(town, write(tmp_path / "a.xlsx", [case(1), case(2)]))
    taken(town, write(tmp_path / "b.xlsx", [case(1, number="other")]))
    done = advance(batch=approve(batch=batch, by=town.lin, now=NOW), clock=lambda: NOW)
    assert (done.counts["imported"], done.counts["duplicates"]) == (1, 1)
    assert [p.code for p in done.problems.all()] == ["person_known"]
    assert done.rows.get(number="A1").outcome == "duplicates"


def test_packed_cases_come_back_equal() -> None:
    rows = [case_row(1, members=(member_row(), member_row(501))), case_row(2, consent_on=None)]
    assert unpack(pack(rows)) == rows
