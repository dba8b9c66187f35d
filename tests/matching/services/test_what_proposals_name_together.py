"""One deletes what another's proposal names, at the same moment: in either order, no proposal names what is gone."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection

from donors.models import Fund, GoodsLot, ServiceOffer
from matching.models import MatchRun, Proposal
from needs.models import NeedItem
from tests.town import NOW, Town, build_town

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
NAMED = {
    "run_id": MatchRun,
    "item_id": NeedItem,
    "fund_id": Fund,
    "offer_id": ServiceOffer,
    "lot_id": GoodsLot,
}
HALF_A_MINUTE = 30


@pytest.fixture
def town(transactional_db: None) -> Town:
    return build_town()


def bare_rows(town: Town) -> dict[str, UUID]:
    """Return the keys of new bare rows that a proposal may name and nothing else does."""
    keys: dict[str, UUID] = {}
    town.verified()
    town.fund(yuan=0)
    town.offer()
    town.lot()
    MatchRun.objects.create(at=NOW, by=town.chen, rule_version="0", engine_version="0", header={}, summary={})
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for named, model in NAMED.items():
            keys[named] = uuid4()
            table = connection.ops.quote_name(model._meta.db_table)
            columns = [
                field.column
                for field in model._meta.concrete_fields
                if not field.generated and not field.primary_key
            ]
            listed = ", ".join(f'"{column}"' for column in columns)
            values = listed.replace('"name"', "gen_random_uuid()")
            copy = f"INSERT INTO {table} (id, {listed}) SELECT %s, {values} FROM {table} LIMIT 1"  # noqa: S608  # ours
            cursor.execute(copy, [keys[named]])
        cursor.execute("SET session_replication_role = DEFAULT")
    return keys


class Session:
    """A transaction of its own, whose statements may wait in a thread."""

    def __init__(self) -> None:
        self.link = psycopg.connect(**connection.get_connection_params())
        self.refusal: Exception | None = None
        self.thread: threading.Thread | None = None

    def begin(self, statement: str, keys: list[Any]) -> None:
        """Run the statement in a thread."""

        def run() -> None:
            try:
                self.link.execute(statement, keys)
            except psycopg.Error as refusal:
                self.refusal = refusal

        self.thread = threading.Thread(target=run)
        self.thread.start()

    def wait_for_its_lock(self) -> None:
        """Return as soon as the server has this session wait for a lock."""
        until = time.monotonic() + HALF_A_MINUTE
        with connection.cursor() as cursor:
            asked = "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'"
            while not cursor.execute(asked, [self.link.info.backend_pid]).fetchone():
                assert time.monotonic() < until
                assert self.thread is not None
                assert self.thread.is_alive(), self.refusal

    def joined(self) -> Exception | None:
        """Return what refused the statement, when it is over."""
        assert self.thread is not None
        self.thread.join(HALF_A_MINUTE)
        assert not self.thread.is_alive()
        return self.refusal


@contextmanager
def two_sessions() -> Iterator[tuple[Session, Session]]:
    """Yield two transactions at once; neither outlives the block."""
    both = Session(), Session()
    try:
        yield both
    finally:
        for one in both:
            one.link.close()


def insert(rows: dict[str, UUID], named: str) -> tuple[str, list[Any]]:
    """Return the statement that proposes with this row, and its values."""
    supply = named if named in {"offer_id", "lot_id"} else "fund_id"
    return (
        f"INSERT INTO matching_proposal (id, run_id, item_id, {supply}, amount, rules_passed, rank, competitors, "  # noqa: S608  # ours
        "idle_otherwise, price_step, weeks, state, expires_at, decline_reason) "
        "VALUES (%s, %s, %s, %s, 1, 1, 1, 0, false, -1, 0, 'proposed', now(), '')",
        [uuid4(), rows["run_id"], rows["item_id"], rows[supply]],
    )


def delete(rows: dict[str, UUID], named: str) -> tuple[str, list[Any]]:
    """Return the statement that deletes this row."""
    return f"DELETE FROM {NAMED[named]._meta.db_table} WHERE id = %s", [rows[named]]  # noqa: S608  # ours


@pytest.mark.parametrize("first_commits", [True, False])
@pytest.mark.parametrize("first", [insert, delete])
def test_the_second_waits_for_the_first_and_knows_what_became_of_it(
    town: Town, first_commits: bool, first: Any
) -> None:
    second = delete if first is insert else insert
    for named, model in NAMED.items():
        rows = bare_rows(town)
        with two_sessions() as (one, other):
            one.begin(*first(rows, named))
            assert one.joined() is None
            other.begin(*second(rows, named))
            other.wait_for_its_lock()
            (one.link.commit if first_commits else one.link.rollback)()
            refusal = other.joined()
            assert (
                isinstance(refusal, psycopg.errors.ForeignKeyViolation) if first_commits else refusal is None
            )
            (other.link.rollback if refusal else other.link.commit)()
        is_there = model._default_manager.filter(pk=rows[named]).exists()
        assert is_there is (first_commits if first is insert else not first_commits), named
    assert_names_are_there()


def test_whoever_writes_proposals_may_turn_to_the_row_that_another_waits_to_delete(town: Town) -> None:
    rows = bare_rows(town)
    with two_sessions() as (writer, deleter):
        writer.begin(*insert(rows, "item_id"))
        assert writer.joined() is None
        deleter.begin(*delete(rows, "item_id"))
        deleter.wait_for_its_lock()
        writer.begin("SELECT FROM needs_needitem WHERE id = %s FOR UPDATE", [rows["item_id"]])
        assert writer.joined() is None
        writer.link.commit()
        assert isinstance(deleter.joined(), psycopg.errors.ForeignKeyViolation)


def test_many_at_once_leave_no_proposal_of_nothing(town: Town) -> None:
    refusals: list[str] = []
    for _ in range(5):
        rows = bare_rows(town)
        start = threading.Barrier(8)

        def act(number: int, rows: dict[str, UUID] = rows, start: threading.Barrier = start) -> None:
            session = Session()
            named = ["item_id", "fund_id", "offer_id", "lot_id"][number // 2]
            statement, values = (insert, delete)[number % 2](rows, named)
            start.wait(HALF_A_MINUTE)
            try:
                session.link.execute(statement, values)
                session.link.commit()
            except psycopg.Error as refusal:
                refusals.append(type(refusal).__name__)
            finally:
                session.link.close()

        threads = [threading.Thread(target=act, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(HALF_A_MINUTE)
    assert set(refusals) == {"ForeignKeyViolation"}
    assert_names_are_there()


def assert_names_are_there() -> None:
    """Assert that every row that a proposal names is there."""
    for named, model in NAMED.items():
        missing = Proposal.objects.exclude(**{named: None}).exclude(
            **{f"{named}__in": model._default_manager.values("pk")}
        )
        assert not missing.exists()
