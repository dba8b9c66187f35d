"""The application's role on PostgreSQL adds entries and changes none, guards or not."""

from collections.abc import Iterator

import pytest
from django.db import ProgrammingError, connection, transaction

from donors.ledger import guards, services
from donors.ledger.guards.rights import APPEND_ONLY, MOVED_BY_TRIGGERS, rights
from donors.ledger.queries import balance_of
from donors.models import Fund
from tests.donors.world import NOW

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
ROLE = "ledger_test_application"


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def as_application(fund: Fund) -> Iterator[None]:
    run(
        f"CREATE ROLE {ROLE}",
        f"GRANT USAGE ON SCHEMA public TO {ROLE}",
        f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {ROLE}",
        f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {ROLE}",
        *rights(ROLE),
    )
    guards.remove(
        connection, [name for name in guards.statements("postgresql") if name != "ledger_entry_moves_balance"]
    )
    run(f"SET ROLE {ROLE}")
    yield
    run("RESET ROLE")


def test_the_application_moves_money(as_application: None, fund: Fund) -> None:
    services.receive(fund=fund, amount_fen=100, key="r", by=None, now=NOW)
    held = services.reserve(fund=fund, amount_fen=60, key="v", by=None, now=NOW)
    services.disburse(reservation=held, key="d", by=None, now=NOW)
    book = balance_of(fund=fund)
    assert (book.available_fen, book.disbursed_fen) == (40, 60)


@pytest.mark.parametrize("table", [*APPEND_ONLY, *MOVED_BY_TRIGGERS])
def test_the_application_changes_nothing_even_without_the_guards(
    as_application: None, fund: Fund, table: str
) -> None:
    column = {"ledger_fundbalance": "available_fen", "donors_fundcharter": "reserve_fen"}.get(
        table, "amount_fen"
    )
    update, delete = f"UPDATE {table} SET {column} = 1", f"DELETE FROM {table}"  # noqa: S608 - constants
    for statement in (update, delete, f"TRUNCATE {table} CASCADE"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            run(statement)


def test_only_a_plain_name_is_a_role() -> None:
    with pytest.raises(ValueError, match="plain role name"):
        rights("x; DROP TABLE y")
