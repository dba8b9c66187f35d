"""Two hundred donors who answer for one need at the same moment, again and again. Shared with the bench."""

import multiprocessing
import random
import threading
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import connection

from donors.ledger.errors import InsufficientFunds
from donors.models import Fund
from matching.eligibility import OutsideCharter
from matching.engine import Rule
from matching.models import MatchRun, Proposal
from matching.services.proposals import accept_proposal
from needs.models import NeedItem
from needs.services.coverage import GapExceeded
from tests.town import NOW, Town

FORK = multiprocessing.get_context("fork")
REFUSALS = (GapExceeded, OutsideCharter, InsufficientFunds)
PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Round:
    """One need in public, and one proposal to each donor's fund."""

    item: NeedItem
    proposals: list[Proposal]


def needs_with_offers(
    town: Town, run: MatchRun, funds: list[Fund], rounds: int, *, gap_fen: int = 300_000
) -> list[Round]:
    """Return so many needs, each proposed to every fund: by even shares in one half, by random ones in the other."""
    rng, made = random.Random(20), []
    for number in range(rounds):
        need = town.verified(
            items=[{"kind": "cash", "category": "medical", "unit": "fen", "required": gap_fen}]
        )
        town.let_through(need)
        item = need.items.get()
        proposals = [
            Proposal(
                run=run,
                item=item,
                fund=fund,
                amount=gap_fen // 7 if number % 2 else rng.randint(1, gap_fen // 3),
                rules_passed=Rule.REGION,
                expires_at=NOW.replace(year=2027),
            )
            for fund in funds
        ]
        made.append(Round(item, Proposal.objects.bulk_create(proposals)))
    return made


def all_at_once(town: Town, rounds: list[Round], *, processes: int) -> list[Counter[str]]:
    """Let every donor accept, round by round, each on a connection of his own; return the outcomes by name.

    A barrier over all threads of all processes opens each round.
    """
    donors = len(rounds[0].proposals)
    start = FORK.Barrier(donors)
    told = FORK.SimpleQueue()

    def donor(place: int, outcomes: list[tuple[int, str]]) -> None:
        connection.ensure_connection()
        try:
            for number, one in enumerate(rounds):
                start.wait(PATIENCE_SECONDS)
                outcomes.append((number, _answer(one.proposals[place], town)))
        finally:
            connection.close()

    def process(own: range) -> None:
        outcomes: list[tuple[int, str]] = []
        threads = [threading.Thread(target=donor, args=(place, outcomes)) for place in own]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        told.put(outcomes)

    connection.close()
    places = range(donors)
    workers = [FORK.Process(target=process, args=(places[n::processes],)) for n in range(processes)]
    for worker in workers:
        worker.start()
    counted: list[Counter[str]] = [Counter() for _ in rounds]
    for _ in workers:
        for number, outcome in told.get():
            counted[number][outcome] += 1
    for worker in workers:
        worker.join()
    return counted


def _answer(proposal: Proposal, town: Town) -> str:
    try:
        accept_proposal(proposal=proposal, by=town.chen, now=NOW)
    except REFUSALS as refusal:
        return type(refusal).__name__
    except Exception as fault:  # the test looks for it: a deadlock, a broken connection
        return repr(fault)
    return "done"


def past_the_gap(rounds: list[Round]) -> list[Any]:
    """Return what is wrong with any round: served past its gap, or refused though it would have fitted."""
    wrong: list[Any] = []
    for one in rounds:
        item = NeedItem.objects.get(pk=one.item.pk)
        answered = Proposal.objects.filter(item=item)
        given = sum(answered.filter(state="accepted").values_list("amount", flat=True))
        left = list(answered.filter(state="proposed").values_list("amount", flat=True))
        if given != item.committed or item.gap != item.lacking - given or item.gap < 0:
            wrong.append((item.pk, given, item.committed))
        if left and min(left) <= item.gap:
            wrong.append((item.pk, "refused what fitted", min(left), item.gap))
    return wrong
