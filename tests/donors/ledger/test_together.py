"""Many at the same moment, and some killed on the way, on a real PostgreSQL."""

import io
import multiprocessing
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from donors.ledger import errors, services
from donors.ledger.export import export_to
from donors.ledger.models import FundBalance, LedgerTransaction, Reservation
from donors.ledger.queries import balance_of, replayed
from donors.ledger.verify import verify
from donors.models import Fund
from tests.donors.world import NOW, make_fund, make_world

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
FORK = multiprocessing.get_context("fork")


@pytest.fixture
def funds() -> list[Fund]:
    world = make_world()
    funds = [make_fund(world, f"基金{n}", transfers_in=True, transfers_out=True) for n in range(4)]
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


class Killer:
    """Ends its own process, as the power would, before or after a numbered statement or the commit."""

    def __init__(self, point: str) -> None:
        self.when, _, number = point.partition(" ")
        self.number, self.count = int(number or 0), 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        if (self.when, self.number) == ("before", self.count):
            os.kill(os.getpid(), signal.SIGKILL)
        result = execute(sql, params, many, context)
        if (self.when, self.number) == ("after", self.count):
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    def commit(self, original: Callable[[], None]) -> Callable[[], None]:
        def commit() -> None:
            if self.when == "uncommitted":
                os.kill(os.getpid(), signal.SIGKILL)
            original()
            if self.when == "committed":
                os.kill(os.getpid(), signal.SIGKILL)

        return commit


def in_a_process_killed_at(point: str, act: Callable[[list[Fund]], None], funds: list[Fund]) -> int:
    def child() -> None:
        killer = Killer(point)
        connection.ensure_connection()
        connection._commit = killer.commit(connection._commit)  # type: ignore[method-assign]
        with connection.execute_wrapper(killer):
            act(funds)
        os._exit(0)

    connection.close()
    process = FORK.Process(target=child)
    process.start()
    process.join(timeout=30)
    assert process.exitcode is not None
    return process.exitcode


POINTS = [f"{when} {number}" for number in range(1, 11) for when in ("before", "after")]


@pytest.mark.parametrize("act", [receive_once, reserve_once, transfer_once])
def test_whoever_is_killed_anywhere_and_tries_again_has_one_effect(
    funds: list[Fund], act: Callable[[list[Fund]], None]
) -> None:
    killed = 0
    before = {book.pk: book.available_fen for book in FundBalance.objects.all()}
    for point in [*POINTS, "uncommitted"]:
        killed += in_a_process_killed_at(point, act, funds) == -signal.SIGKILL
        if LedgerTransaction.objects.filter(key="once").exists():
            break  # there are fewer statements than that: the act went through
        assert {book.pk: book.available_fen for book in FundBalance.objects.all()} == before
    assert killed >= 8  # receiving, the shortest act, has four statements
    in_a_process_killed_at("committed", act, funds)
    act(funds)
    effects = LedgerTransaction.objects.filter(key__startswith="once")
    assert effects.count() == (2 if act is transfer_once else 1)
    everything_holds()


def _worker(seed: int, fund_ids: list[Any], until: float) -> None:
    rng = random.Random(seed)
    funds = list(Fund.objects.filter(pk__in=fund_ids))
    turn = 0
    while time.monotonic() < until:
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


def processes_at_work(funds: list[Fund], count: int, seconds: float) -> Iterator[list[Any]]:
    """Keep that many processes at work, yielding them again and again until the time is over."""
    until = time.monotonic() + seconds
    ids = [fund.pk for fund in funds]
    connection.close()
    alive = [FORK.Process(target=_worker, args=(n, ids, until)) for n in range(count)]
    for process in alive:
        process.start()
    seed = count
    while time.monotonic() < until:
        yield alive
        for place, process in enumerate(alive):
            if not process.is_alive() and time.monotonic() < until - 0.2:
                connection.close()
                seed += 1
                alive[place] = FORK.Process(target=_worker, args=(seed, ids, until))
                alive[place].start()
    for process in alive:
        process.join(timeout=30)


def test_every_read_sums_while_processes_are_killed_at_random(funds: list[Fund]) -> None:
    rng, reads, kills = random.Random(7), 0, 0
    for alive in processes_at_work(funds, count=6, seconds=4):
        sums = [
            (
                book.external_fen
                + book.available_fen
                + book.reserved_fen
                + book.disbursed_fen
                + book.transit_fen
            )
            for book in FundBalance.objects.all()
        ]
        assert sums == [0] * len(funds)
        assert sum(FundBalance.objects.values_list("transit_fen", flat=True)) == 0
        reads += 1
        if rng.random() < 0.2:
            rng.choice(alive).kill()
            kills += 1
        time.sleep(0.01)
    assert reads > 20
    assert kills > 3
    assert everything_holds() > 50
