"""
What somebody could do who may write everything in the database: no trigger, no foreign key in his way.

Each edit works on the real tables and makes good whatever it can: balances, hashes, numbers. It returns whether it
changed anything. Shared with the bench.
"""

import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, connection, transaction

from donors.ledger import guards, rules
from donors.ledger.checking import check_books
from donors.ledger.models import Account, FundBalance, LedgerTransaction, Leg, Reservation
from donors.ledger.posting import entry_facts
from donors.ledger.verify import DoesNotHoldError

Edit = Callable[[random.Random], None]


@contextmanager
def as_superuser() -> Iterator[None]:
    """Switch every trigger and foreign key off until the surrounding transaction is rolled back."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
    else:
        guards.remove(connection)
    yield


def any_entry(rng: random.Random, *kinds: str) -> LedgerTransaction:
    entries = LedgerTransaction.objects.order_by("fund_id", "seq")
    found = list(entries.filter(kind__in=kinds) if kinds else entries)
    return rng.choice(found)


def write(entry: LedgerTransaction, **values: Any) -> None:
    LedgerTransaction.objects.filter(pk=entry.pk).update(**values)


def scale(entry: LedgerTransaction, delta: int) -> None:
    """Change an entry's amount and its legs with it."""
    write(entry, amount_fen=entry.amount_fen + delta)
    for leg in entry.legs.all():
        Leg.objects.filter(pk=leg.pk).update(
            amount_fen=leg.amount_fen + (delta if leg.amount_fen > 0 else -delta)
        )


def balance_again(fund_id: uuid.UUID) -> None:
    """Set the stored balance to what the entries say now."""
    sums = dict.fromkeys(Account.values, 0)
    for account, fen in Leg.objects.filter(transaction__fund_id=fund_id).values_list("account", "amount_fen"):
        sums[account] += fen
    head = LedgerTransaction.objects.filter(fund_id=fund_id).order_by("-seq").first()
    FundBalance.objects.filter(fund_id=fund_id).update(
        **{f"{account}_fen": fen for account, fen in sums.items()},
        last_seq=head.seq if head else 0,
        last_hash=head.hash if head else rules.genesis_hash(str(fund_id)),
    )


def rechain(fund_id: uuid.UUID) -> None:
    """Number and hash all entries of a fund anew, and its balance, as somebody would who knows how."""
    head = rules.genesis_hash(str(fund_id))
    entries = LedgerTransaction.objects.filter(fund_id=fund_id).order_by("seq").prefetch_related("legs")
    for seq, entry in enumerate(entries, start=1):
        entry.seq, entry.prev_hash = seq, head
        legs = [(leg.account, leg.amount_fen) for leg in entry.legs.all()]
        head = rules.entry_hash(entry_facts(entry), legs)
        write(entry, seq=seq, prev_hash=entry.prev_hash, hash=head)
    balance_again(fund_id)


def erase(entry: LedgerTransaction) -> None:
    Leg.objects.filter(transaction_id=entry.pk)._raw_delete("default")
    LedgerTransaction.objects.filter(pk=entry.pk)._raw_delete("default")


def amount(rng: random.Random) -> None:
    """Another amount, legs and balance with it."""
    entry = any_entry(rng)
    scale(entry, rng.choice([-1, 1]) * rng.randint(1, 90))
    if rng.random() < 0.5:
        balance_again(entry.fund_id)


def leg_alone(rng: random.Random) -> None:
    """One leg only."""
    leg = rng.choice(list(Leg.objects.order_by("pk")))
    Leg.objects.filter(pk=leg.pk).update(amount_fen=leg.amount_fen + rng.choice([-1, 1]) * rng.randint(1, 90))


def words(rng: random.Random) -> None:
    """Who gave, who did it, when, under which key."""
    entry = any_entry(rng)
    change = rng.choice(["refs", "at", "key", "body_hash", "by"])
    if change == "refs":
        write(entry, refs={**entry.refs, "donor": f"z{rng.random()}"})
    elif change == "at":
        write(entry, at=entry.at.replace(second=(entry.at.second + rng.randint(1, 59)) % 60))
    elif change == "by":
        write(entry, by=None if entry.by_id else 1)
    else:
        write(entry, **{change: f"{rng.getrandbits(64):x}"})


def swap(rng: random.Random) -> None:
    """Two entries of a fund change their places, or their hashes."""
    one = any_entry(rng)
    others = LedgerTransaction.objects.filter(fund_id=one.fund_id).exclude(pk=one.pk)
    other = rng.choice(list(others.order_by("seq")))
    if rng.random() < 0.5:
        write(one, seq=2**40)
        write(other, seq=one.seq, prev_hash=one.prev_hash, hash=one.hash)
        write(one, seq=other.seq, prev_hash=other.prev_hash, hash=other.hash)
    else:
        write(one, amount_fen=other.amount_fen, hash=other.hash)
        write(other, amount_fen=one.amount_fen, hash=one.hash)


def middle_row(rng: random.Random) -> None:
    """A row out of the middle, the later ones moved up or not."""
    entry = any_entry(rng)
    if not LedgerTransaction.objects.filter(fund_id=entry.fund_id, seq__gt=entry.seq).exists():
        entry = LedgerTransaction.objects.get(fund_id=entry.fund_id, seq=1)
    erase(entry)
    if rng.random() < 0.5:
        for later in LedgerTransaction.objects.filter(fund_id=entry.fund_id, seq__gt=entry.seq).order_by(
            "seq"
        ):
            write(later, seq=later.seq - 1)
        balance_again(entry.fund_id)


def tail(rng: random.Random) -> None:
    """The last entries of a book, its balance and reservations set right."""
    fund_id = any_entry(rng).fund_id
    entries = list(LedgerTransaction.objects.filter(fund_id=fund_id).order_by("-seq"))
    for entry in entries[: rng.randint(1, len(entries))]:
        erase(entry)
    balance_again(fund_id)
    reservations_again()


def rechained_amount(rng: random.Random) -> None:
    """Another amount, and the whole fund chained anew: every hash, number and sum agrees."""
    entry = any_entry(rng, "receive")
    scale(entry, rng.randint(1, 90))
    rechain(entry.fund_id)


def rechained_words(rng: random.Random) -> None:
    """Another donor, and the whole fund chained anew."""
    entry = any_entry(rng)
    write(entry, refs={**entry.refs, "donor": f"z{rng.random()}"})
    rechain(entry.fund_id)


def rechained_row(rng: random.Random) -> None:
    """A receipt too many before the anchored end, and the whole fund chained anew."""
    fund_id = any_entry(rng).fund_id
    last = LedgerTransaction.objects.filter(fund_id=fund_id).count()
    after = LedgerTransaction.objects.get(fund_id=fund_id, seq=rng.randint(1, last - 1))
    later = LedgerTransaction.objects.filter(fund_id=after.fund_id, seq__gt=after.seq).order_by("-seq")
    for entry in later:
        write(entry, seq=entry.seq + 1)
    own, fen = uuid.UUID(int=rng.getrandbits(128)), rng.randint(1, 90)
    forged = LedgerTransaction(
        id=own,
        fund_id=after.fund_id,
        seq=after.seq + 1,
        kind="receive",
        amount_fen=fen,
        key=f"f:{own}",
        at=after.at,
    )
    forged.save(force_insert=True)
    Leg.objects.bulk_create(
        Leg(transaction_id=own, account=account, amount_fen=part)
        for account, part in rules.legs_of("receive", fen)
    )
    rechain(after.fund_id)


def balance_alone(rng: random.Random) -> None:
    """The stored balance only."""
    book = rng.choice(list(FundBalance.objects.order_by("fund_id")))
    fen = rng.randint(1, 90)
    FundBalance.objects.filter(pk=book.pk).update(
        available_fen=book.available_fen + fen, external_fen=book.external_fen - fen
    )


def reservation(rng: random.Random) -> None:
    """What a reservation holds, or the whole reservation."""
    row = rng.choice(list(Reservation.objects.order_by("pk")))
    rows = Reservation.objects.filter(pk=row.pk)
    if rng.random() < 0.3:
        rows._raw_delete("default")
    elif rng.random() < 0.5:
        rows.update(amount_fen=row.amount_fen + rng.randint(1, 90))
    else:
        rows.update(released_fen=row.released_fen + rng.randint(1, max(row.outstanding_fen, 1)))


def whole_fund(rng: random.Random) -> None:
    """Every trace of a fund's book."""
    fund_id = any_entry(rng).fund_id
    for entry in LedgerTransaction.objects.filter(fund_id=fund_id):
        erase(entry)
    Reservation.objects.filter(fund_id=fund_id)._raw_delete("default")
    FundBalance.objects.filter(fund_id=fund_id)._raw_delete("default")


def reservations_again() -> None:
    """Set every reservation to what the entries say now; those that were never opened go."""
    for row in Reservation.objects.all():
        entries = list(LedgerTransaction.objects.filter(reservation_id=row.pk))
        rows = Reservation.objects.filter(pk=row.pk)
        if not any(entry.kind == "reserve" for entry in entries):
            rows._raw_delete("default")
            continue
        fen = {
            kind: sum(e.amount_fen for e in entries if e.kind == kind)
            for kind in ("disburse", "reverse", "release")
        }
        rows.update(posted_fen=fen["disburse"] - fen["reverse"], released_fen=fen["release"])


EDITS: tuple[Edit, ...] = (
    amount,
    leg_alone,
    words,
    swap,
    middle_row,
    tail,
    rechained_amount,
    rechained_words,
    rechained_row,
    balance_alone,
    reservation,
    whole_fund,
)
ONLY_ANCHORS_TELL = (rechained_amount, rechained_words, rechained_row)


def found(edit: Edit, seed: int, anchors: list[str]) -> bool | None:
    """Do one edit, verify, and undo it; return whether it was found, None if a constraint refused it."""
    try:
        with transaction.atomic():
            edit(random.Random(seed))
            holds = _holds(anchors)
            transaction.set_rollback(True)
    except IntegrityError:
        return None
    return not holds


def _holds(anchors: list[str]) -> bool:
    try:
        check_books(anchors=anchors)
    except DoesNotHoldError:
        return False
    return True


def tampered(count: int, anchors: list[str]) -> dict[str, dict[str, int]]:
    """Do so many edits, each kind in turn; return for each kind how many were done and how many were found."""
    told = {edit.__name__: {"edits": 0, "found": 0} for edit in EDITS}
    seed = 0
    with as_superuser():
        while sum(kind["edits"] for kind in told.values()) < count:
            edit = EDITS[seed % len(EDITS)]
            answer = found(edit, seed, anchors)
            told[edit.__name__]["edits"] += answer is not None
            told[edit.__name__]["found"] += answer is True
            seed += 1
    return told
