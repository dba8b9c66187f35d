"""
Measures the ledger: `python -m bench.ledger [--seconds N] [--funds N] [--processes N] [--entries N]`.

Prints one JSON object. Through the services and the ORM: postings a second and the 99th percentile on
one hot fund and over many funds, beside the same rows by raw SQL in the same run; the same with an audit entry
beside each posting, in one trail and in trails of their own; a storm of processes over hot funds with random kills
while balances are read; verification of an exported ledger. Needs DATABASE_URL to name a PostgreSQL; works in a
database of its own (`test_…`), which it drops.
"""

import argparse
import json
import multiprocessing
import os
import random
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from bench.database import in_a_fresh_database
from donors.ledger import errors, rules, services
from donors.ledger.checking import check_books
from donors.ledger.models import FundBalance, LedgerTransaction
from donors.ledger.verify import HEADER, genesis, verify
from donors.models import Fund
from jiujinan.audit.services import record
from tests.donors.world import make_fund, make_world

NOW = datetime(2026, 7, 6, 2, 0, tzinfo=UTC)
FORK = multiprocessing.get_context("fork")
PERCENT_99 = 0.99


def in_processes(count: int, work: Callable[[int, Any], None]) -> list[Any]:
    """Run `work(number, queue)` in forked processes and return what they put."""
    connection.close()
    queue = FORK.Queue()
    processes = [FORK.Process(target=work, args=(number, queue)) for number in range(count)]
    for process in processes:
        process.start()
    results = [queue.get() for _ in processes]
    for process in processes:
        process.join()
    return results


def postings(
    funds: list[Fund], seconds: float, processes: int, post: Callable[[Fund, str], Any]
) -> dict[str, float]:
    """Post as fast as it goes and return the rate and the slow end."""

    def work(number: int, queue: Any) -> None:
        rng, took = random.Random(number), []
        connection.ensure_connection()
        until = time.perf_counter() + seconds
        while (start := time.perf_counter()) < until:
            post(rng.choice(funds), uuid.uuid4().hex)
            took.append(time.perf_counter() - start)
        queue.put(took)

    took = sorted(second for part in in_processes(processes, work) for second in part)
    return {
        "per_second": round(len(took) / seconds),
        "p50_ms": round(took[len(took) // 2] * 1000, 2),
        "p99_ms": round(took[int(len(took) * PERCENT_99)] * 1000, 2),
    }


def by_service(fund: Fund, key: str) -> None:
    """Post through the public service."""
    services.receive(fund=fund, amount_fen=100, key=key, by=None, now=NOW, refs={"donor": "bench"})


def by_sql(fund: Fund, key: str) -> None:
    """Write the same rows, under the same lock and guards, with bare SQL."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT last_seq, last_hash FROM ledger_fundbalance WHERE fund_id = %s FOR NO KEY UPDATE",
            [fund.pk],
        )
        seq, head = cursor.fetchone()
        own = uuid.uuid4()
        cursor.execute(
            "INSERT INTO ledger_leg (transaction_id, account, amount_fen) "
            "VALUES (%s, 'available', 100), (%s, 'external', -100)",
            [own, own],
        )
        digest = rules.digest([str(own), seq + 1, head])
        cursor.execute(
            "INSERT INTO ledger_ledgertransaction (id, fund_id, seq, kind, amount_fen, refs, key, body_hash, at, "
            "prev_hash, hash) VALUES (%s, %s, %s, 'receive', 100, '{}', %s, %s, %s, %s, %s)",
            [own, fund.pk, seq + 1, key, "0" * 64, NOW, head, digest],
        )


def with_trail(stream_of: Callable[[Fund], str]) -> Callable[[Fund, str], None]:
    """Return a posting that leaves an audit entry too, in the stream that the fund has."""

    def post(fund: Fund, key: str) -> None:
        with transaction.atomic():
            by_service(fund, key)
            record(stream=stream_of(fund), action="bench", by=None, subject=f"fund:{fund.pk}", now=NOW)

    return post


def storm(funds: list[Fund], processes: int, seconds: float) -> dict[str, float]:
    """Let processes post on hot funds, kill some at random, and look whether every read sums."""
    stop = FORK.Event()

    def work(seed: int) -> None:
        rng = random.Random(seed)
        while not stop.is_set():
            fund, key = rng.choice(funds), uuid.uuid4().hex
            try:
                held = services.reserve(fund=fund, amount_fen=rng.randint(1, 90), key=key, by=None, now=NOW)
                services.disburse(reservation=held, key=f"{key}-d", by=None, now=NOW)
            except errors.LedgerError:
                services.receive(fund=fund, amount_fen=500, key=f"{key}-r", by=None, now=NOW)

    def start(seed: int) -> Any:
        connection.close()
        process = FORK.Process(target=work, args=(seed,))
        process.start()
        return process

    rng, reads, wrong, kills = random.Random(1), 0, 0, 0
    alive = [start(seed) for seed in range(processes)]
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for book in FundBalance.objects.all():
            reads += 1
            total = (
                book.external_fen + book.available_fen + book.reserved_fen + book.disbursed_fen + book.fee_fen
            )
            wrong += total != 0 or book.available_fen < 0
        place = rng.randrange(len(alive))
        alive[place].kill()
        alive[place].join()
        kills += 1
        alive[place] = start(1000 + kills)
        time.sleep(0.05)
    stop.set()
    for process in alive:
        process.join()
    start_of_check = time.perf_counter()
    entries = check_books()
    return {
        "reads": reads,
        "reads_that_did_not_sum": wrong,
        "kills": kills,
        "entries_verified_in_place": entries,
        "seconds_to_verify_in_place": round(time.perf_counter() - start_of_check, 1),
    }


def verification(entries: int) -> dict[str, float]:
    """Verify a synthetic export of that many entries over a thousand books."""
    lines = synthetic_export(entries)
    start = time.perf_counter()
    count = verify(lines)
    return {"entries": count, "seconds": round(time.perf_counter() - start, 1)}


def synthetic_export(entries: int) -> list[str]:
    """Return the lines of an export of receipts, a thousand books in turn."""
    books = 1000
    lines, tails = [HEADER], []
    for book in range(books):
        fund = str(uuid.UUID(int=book))
        head, count = genesis(fund), entries // books
        for seq in range(1, count + 1):
            facts = {
                "id": f"{fund[:-4]}{seq:04x}",
                "fund": fund,
                "seq": seq,
                "kind": "receive",
                "amount_fen": 100,
                "reservation": None,
                "counterpart": None,
                "reverses": None,
                "refs": {"donor": "bench", "source": "charity"},
                "key": f"{book}:{seq}",
                "body_hash": "0" * 64,
                "by": 1,
                "at": rules.timestamp(NOW),
                "prev_hash": head,
            }
            legs = [("available", 100), ("external", -100)]
            head = rules.entry_hash(facts, legs)
            body = rules.canonical({**facts, "legs": [list(leg) for leg in legs]})
            lines.append(f"{head} {body}")
        sums = {"external": -100 * count, "available": 100 * count}
        rest = dict.fromkeys(("reserved", "disbursed", "fee", "transit"), 0)
        tails.append(f"={rules.canonical({'fund': fund, 'seq': count, 'hash': head, **sums, **rest})}")
    return [*lines, *tails, f"#end {entries // books * books}"]


def measure(options: argparse.Namespace) -> dict[str, object]:
    """Run every part in a fresh database."""
    world = make_world()
    funds = [make_fund(world, f"基金{number}") for number in range(options.funds)]
    workers = os.cpu_count() or 1
    timed = {"seconds": options.seconds, "processes": workers * 2}
    return {
        "cores": workers,
        "one_fund": postings(funds[:1], post=by_service, **timed),
        "one_fund_raw_sql": postings(funds[1:2], post=by_sql, **timed),
        "many_funds": {"funds": len(funds), **postings(funds[2:], post=by_service, **timed)},
        "many_funds_raw_sql": postings(funds[2:], post=by_sql, **timed),
        "many_funds_one_trail": postings(funds[2:], post=with_trail(lambda fund: "donors"), **timed),
        "many_funds_own_trails": postings(
            funds[2:], post=with_trail(lambda fund: f"fund:{fund.pk}"), **timed
        ),
        "posted": LedgerTransaction.objects.count(),
        "verification": verification(options.entries),
    }


def measure_storm(options: argparse.Namespace) -> dict[str, float]:
    """Run the storm in a fresh database of its own, so that its export can be verified whole."""
    world = make_world()
    hot = [make_fund(world, f"基金{number}") for number in range(20)]
    return storm(hot, options.processes, options.seconds)


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--funds", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=64, help="of the storm")
    parser.add_argument("--entries", type=int, default=1_000_000, help="to verify")
    options = parser.parse_args()
    if connection.vendor != "postgresql":
        print("DATABASE_URL must name a PostgreSQL", file=sys.stderr)
        return 2
    figures = in_a_fresh_database(measure, options)
    figures["storm"] = in_a_fresh_database(measure_storm, options)
    print(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
