"""Many at the same moment, and some killed on the way, on a real PostgreSQL."""

import io
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from django.db import connection

from donors.ledger import errors, services
from donors.ledger.export import export_to
from donors.ledger.models import Account, FundBalance, LedgerTransaction, Reservation
from donors.ledger.queries import balance_of, replayed
from donors.ledger.verify import verify
from donors.models import Fund
from tests.donors.world import NOW, make_fund, make_world
from tests.killing import FORK, Point, was_killed_at

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def funds(request: pytest.FixtureRequest) -> list[Fund]:
    world = make_world()
    count = getattr(request, "param", 4)
    funds = [make_fund(world, f"基金{n}", transfers_in=True, transfers_out=True) for n in range(count)]
    for fund in funds:
        services.receive(fund=fund, amount_fen=1_000, key=f"seed:{fund.pk}", by=None, now=NOW)
    return funds


def everything_holds() -> int:
    for fund in Fund.objects.all():
        book = balance_of(fund=fund)
        assert {name: getattr(book, f"{name}_fen") for name in replayed(fund=fund)} == replayed(fund=fund)
    file = io.StringIO()
    export_to(file=file)
    return verify(file.getvalue().splitlines())


def at_once(acts: list[Callable[[], Any]]) -> Counter[str]:
    """Run the acts in as many threads, started together; count the outcomes by name."""
    start = threading.Barrier(len(acts))

    def one(act: Callable[[], Any]) -> str:
        start.wait(timeout=30)
        try:
            act()
        except errors.LedgerError as refusal:
            return refusal.code
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(one, acts))


def test_twenty_who_reserve_at_once_never_take_more_than_there_is(funds: list[Fund]) -> None:
    def reserve(n: int) -> Callable[[], Any]:
        return lambda: services.reserve(fund=funds[0], amount_fen=150, key=f"v{n}", by=None, now=NOW)

    for round_ in range(5):
        outcome = at_once([reserve(round_ * 20 + n) for n in range(20)])
        assert outcome == (
            {"done": 6, "insufficient_funds": 14} if round_ == 0 else {"insufficient_funds": 20}
        )
    assert balance_of(fund=funds[0]).available_fen == 100
    assert everything_holds() == 4 + 6


def test_one_key_used_by_many_at_once_has_one_effect(funds: list[Fund]) -> None:
    def receive() -> Any:
        return services.receive(fund=funds[0], amount_fen=5, key="same", by=None, now=NOW)

    assert at_once([receive] * 16) == {"done": 16}
    assert LedgerTransaction.objects.filter(key="same").count() == 1


def test_one_key_used_at_once_for_different_funds_serves_one_of_them(funds: list[Fund]) -> None:
    def receive(fund: Fund) -> Callable[[], Any]:
        return lambda: services.receive(fund=fund, amount_fen=5, key="same", by=None, now=NOW)

    assert at_once([receive(fund) for fund in funds]) == {"done": 1, "key_reused": 3}


def test_transfers_in_both_directions_do_not_wait_for_one_another_for_ever(funds: list[Fund]) -> None:
    def transfer(n: int) -> Callable[[], Any]:
        giver, taker = (funds[0], funds[1]) if n % 2 else (funds[1], funds[0])
        return lambda: services.transfer(
            fund=giver, to_fund=taker, amount_fen=10, key=f"t{n}", by=None, now=NOW
        )

    assert at_once([transfer(n) for n in range(16)]) == {"done": 16}
    assert everything_holds() == 4 + 32


def test_a_reservation_is_posted_or_released_never_both(funds: list[Fund]) -> None:
    held = services.reserve(fund=funds[0], amount_fen=100, key="v", by=None, now=NOW)

    def end(n: int) -> Callable[[], Any]:
        act = services.disburse if n % 2 else services.release
        row = Reservation.objects.get(pk=held.pk)
        return lambda: act(reservation=row, key=f"e{n}", by=None, now=NOW)

    assert at_once([end(n) for n in range(12)]) == {"done": 1, "exceeds_reservation": 11}


def receive_once(funds: list[Fund]) -> None:
    services.receive(fund=funds[0], amount_fen=7, key="once", by=None, now=NOW)


def reserve_once(funds: list[Fund]) -> None:
    services.reserve(fund=funds[0], amount_fen=7, key="once", by=None, now=NOW)


def transfer_once(funds: list[Fund]) -> None:
    services.transfer(fund=funds[0], to_fund=funds[1], amount_fen=7, key="once", by=None, now=NOW)


@pytest.mark.parametrize("act", [receive_once, reserve_once, transfer_once])
def test_whoever_is_killed_after_any_statement_and_tries_again_has_one_effect(
    funds: list[Fund], act: Callable[[list[Fund]], None]
) -> None:
    before = {book.pk: book.available_fen for book in FundBalance.objects.all()}
    killed = 0
    for statement in range(1, 20):
        point = Point(f"statement {statement}", after=".", nth=statement)
        if not was_killed_at(point, lambda: act(funds)):
            break  # there are fewer statements than that: the act went through
        killed += 1
        assert {book.pk: book.available_fen for book in FundBalance.objects.all()} == before
    assert killed >= 4  # receiving, the shortest act, has four statements
    act(funds)
    effects = LedgerTransaction.objects.filter(key__startswith="once")
    assert effects.count() == (2 if act is transfer_once else 1)
    everything_holds()


def _worker(seed: int, fund_ids: list[Any], until: Any) -> None:
    rng = random.Random(seed)
    funds = list(Fund.objects.filter(pk__in=fund_ids))
    turn = 0
    while time.monotonic() < until.value:
        turn += 1
        giver, taker = rng.sample(funds, 2)
        key, amount = f"w{seed}-{turn}", rng.randint(1, 90)
        try:
            if rng.random() < 0.3:
                services.transfer(fund=giver, to_fund=taker, amount_fen=amount, key=key, by=None, now=NOW)
                continue
            held = services.reserve(fund=giver, amount_fen=amount, key=key, by=None, now=NOW)
            act = rng.choice([services.disburse, services.release])
            act(reservation=held, key=f"{key}-end", by=None, now=NOW)
        except errors.LedgerError:
            services.receive(fund=giver, amount_fen=50, key=f"{key}-more", by=None, now=NOW)


def processes_at_work(funds: list[Fund], count: int, seconds: float) -> Generator[list[Any], None, None]:
    """Keep that many processes at work, yielding them again and again until it is closed or the time is over."""
    until = FORK.Value(
        "d", time.monotonic() + seconds, lock=False
    )  # a lock might be held by one that is killed
    ids = [fund.pk for fund in funds]
    connection.close()
    alive = [FORK.Process(target=_worker, args=(n, ids, until)) for n in range(count)]
    for process in alive:
        process.start()
    seed = count
    try:
        while time.monotonic() < until.value:
            yield alive
            for place, process in enumerate(alive):
                if not process.is_alive():
                    connection.close()
                    seed += 1
                    alive[place] = FORK.Process(target=_worker, args=(seed, ids, until))
                    alive[place].start()
    finally:
        until.value = 0
        for process in alive:
            process.join(timeout=60)


def sums_of_one_moment() -> list[tuple[Any, ...]]:
    """Return, for every fund, its stored sums, what its legs add up to, and its numbers, all of one snapshot."""
    stored = ", ".join(f"b.{account}_fen" for account in Account.values)
    replayed_ = ", ".join(
        f"COALESCE(SUM(l.amount_fen) FILTER (WHERE l.account = '{account}'), 0)" for account in Account.values
    )
    query = (
        f"SELECT {stored}, {replayed_}, b.last_seq, COUNT(DISTINCT t.id), MAX(t.seq) "  # noqa: S608 - constants
        "FROM ledger_fundbalance b JOIN ledger_ledgertransaction t ON t.fund_id = b.fund_id "
        "JOIN ledger_leg l ON l.transaction_id = t.id GROUP BY b.fund_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def assert_every_sum(rows: list[tuple[Any, ...]]) -> None:
    accounts = len(Account.values)
    transit = Account.values.index("transit")
    for row in rows:
        stored, said, (last_seq, count, highest) = row[:accounts], row[accounts:-3], row[-3:]
        assert sum(stored) == 0
        assert list(stored) == list(said)
        assert last_seq == count == highest
        assert all(fen >= 0 for place, fen in enumerate(stored[1:], 1) if place != transit)
    assert sum(row[transit] for row in rows) == 0


@pytest.mark.slow
@pytest.mark.parametrize(("funds", "processes"), [(20, 64)], indirect=["funds"])
def test_every_read_sums_while_64_processes_post_and_some_are_killed(
    funds: list[Fund], processes: int
) -> None:
    rng, reads, kills, began = random.Random(7), 0, 0, time.monotonic()
    with closing(processes_at_work(funds, count=processes, seconds=120)) as at_work:
        for alive in at_work:
            rows = sums_of_one_moment()
            assert len(rows) == len(funds)
            assert_every_sum(rows)
            reads += 1
            if rng.random() < 0.5:
                rng.choice(alive).kill()
                kills += 1
            if reads > 20 and kills > 5 and time.monotonic() > began + 8:
                break
            time.sleep(0.01)
    assert (reads > 4, kills > 1) == (True, True)  # even on a machine with much else to do
    assert everything_holds() > 50
