"""PostgreSQL's text index is written anew beside the one that answers, and takes its place whole."""

import pytest
from django.db import connection, transaction

from needs.catalogue import checking, engine, swapping
from needs.catalogue.swapping import TABLE
from needs.models import Project
from tests.needs.catalogue.finding import found
from tests.needs.catalogue.world import build_world

pytestmark = pytest.mark.postgres


@pytest.fixture
def numbers(db: None) -> list[str]:
    return sorted(build_world(6))


def rights() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT grantee::text, privilege_type FROM pg_class, aclexplode(relacl) WHERE oid = %s::regclass",
            [TABLE],
        )
        return set(cursor.fetchall())


def columns_and_indexes() -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname::text, atttypid::regtype::text, attstorage::text, attnotnull::text FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0"
            " UNION ALL SELECT indexname::text, indexdef, '', '' FROM pg_indexes WHERE tablename = %s"
            " UNION ALL SELECT 'options', reloptions::text, '', '' FROM pg_class WHERE oid = %s::regclass ORDER BY 1",
            [TABLE, TABLE, TABLE],
        )
        return list(cursor.fetchall())


def test_the_new_table_is_made_and_read_as_the_old_one(numbers: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT SELECT ON {TABLE} TO PUBLIC")
    before = columns_and_indexes(), rights()
    assert swapping.may_swap()
    assert checking.rebuild() == len(numbers)
    assert (columns_and_indexes(), rights()) == before
    assert checking.differences() == []
    assert found() == set(numbers)


def test_what_happens_meanwhile_is_taken_over(numbers: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "CHUNK", 2)
    withdrawn, changed = numbers[0], numbers[1]

    def meanwhile(done: int) -> None:
        if done == len(numbers):  # all are in the new table already
            with transaction.atomic():
                Project.objects.filter(pk=withdrawn).update(state="withdrawn")
                engine.withdraw_project(withdrawn)
                engine.index_projects([Project.objects.get(pk=changed)])

    checking.rebuild(progress=meanwhile)
    assert found() == set(numbers[1:])
    assert checking.differences() == []


def test_who_does_not_own_the_table_writes_row_by_row(numbers: list[str]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE ROLE catalogue_writer")
        cursor.execute(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO catalogue_writer"
        )
        cursor.execute("SET LOCAL ROLE catalogue_writer")
        assert not swapping.may_swap()
        cursor.execute("RESET ROLE")
        transaction.set_rollback(True)
