"""
Check an exported ledger on any machine, with nothing but Python: `python -m donors.ledger.verify FILE`.

The format and the promises are in docs/ledger.md. This file shares no code with the platform on
purpose: it can be read in one sitting, copied out, and run by somebody who doesn't trust us. Exit
status 0: every entry holds. 1: one doesn't, and the first such entry is named. 2: no readable file.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

HEADER = "#jiujinan-ledger 1"
MOVES = {
    "receive": ("external", "available"),
    "reserve": ("available", "reserved"),
    "release": ("reserved", "available"),
    "disburse": ("reserved", "disbursed"),
    "return": ("disbursed", "available"),
    "refund": ("available", "external"),
    "fee": ("available", "fee"),
    "transfer_out": ("available", "transit"),
    "transfer_in": ("transit", "available"),
}
ACCOUNTS = ("external", "available", "reserved", "disbursed", "fee", "transit")
NEVER_NEGATIVE = ("available", "reserved", "disbursed", "fee")
REVERSIBLE = frozenset({"receive", "disburse", "return", "refund", "fee"})
TRANSFERS = {"transfer_out": "transfer_in", "transfer_in": "transfer_out"}


class DoesNotHoldError(Exception):
    """An entry, a balance or an anchor that is not what it should be."""

    def __init__(self, fund: str, seq: int, reason: str) -> None:
        super().__init__(f"fund {fund} entry {seq}: {reason}")
        self.fund, self.seq, self.reason = fund, seq, reason


@dataclass
class Book:
    """One fund's running state."""

    seq: int
    head: str
    sums: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ACCOUNTS, 0))


@dataclass
class Ledger:
    """All that has been read so far."""

    books: dict[str, Book] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    reversible: dict[str, tuple[str, str, int, str | None]] = field(default_factory=dict)
    outstanding: dict[str, tuple[str, int]] = field(default_factory=dict)
    transfers: dict[str, tuple[str, int, str, int, str]] = field(default_factory=dict)
    anchored: dict[tuple[str, int], str] = field(default_factory=dict)
    heads: set[str] = field(default_factory=set)
    entries: int = 0


def sha256(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode("ascii", "surrogateescape")).hexdigest()


def genesis(fund: str) -> str:
    """Return what the first entry of a fund continues."""
    return sha256(json.dumps({"fund": fund, "ledger": 1}, separators=(",", ":"), sort_keys=True))


def verify(lines: Iterable[str], anchors: Iterable[str] = ()) -> int:
    """Return how many entries there are if all of them hold; raise DoesNotHoldError at the first that doesn't."""
    ledger = Ledger(anchored=read_anchors(anchors))
    told_end = False
    for line in _after_header(lines):
        if told_end:
            raise DoesNotHoldError("-", ledger.entries, "text after the end")
        if line.startswith("#end "):
            told_end = _end(ledger, line)
        elif line.startswith("="):
            _head(ledger, _parse(line[1:], ledger))
        else:
            _entry(ledger, line)
    if not told_end:
        raise DoesNotHoldError("-", ledger.entries, "the file has no end: it was cut off")
    _nothing_left_over(ledger)
    return ledger.entries


def read_anchors(lines: Iterable[str]) -> dict[tuple[str, int], str]:
    """Return (fund, seq) → hash of an anchor file; its lines are chained to one another."""
    anchored: dict[tuple[str, int], str] = {}
    previous = "0" * 64
    for number, line in enumerate(_stripped(lines), start=1):
        try:
            anchor = json.loads(line)
            fund, seq, head = anchor["fund"], anchor["seq"], anchor["hash"]
        except (ValueError, KeyError, TypeError) as error:
            raise DoesNotHoldError("-", number, "an anchor that cannot be read") from error
        if anchor.get("prev") != previous:
            raise DoesNotHoldError(fund, seq, f"anchor {number} does not follow the one before it")
        anchored[fund, seq] = head
        previous = sha256(line)
    return anchored


def _entry(ledger: Ledger, line: str) -> None:
    stated, _, body = line.partition(" ")
    facts = _parse(body, ledger)
    fund, seq = _place(facts)
    book = ledger.books.get(fund) or ledger.books.setdefault(fund, Book(0, genesis(fund)))
    if seq != book.seq + 1:
        raise DoesNotHoldError(fund, seq, f"out of sequence: entry {book.seq + 1} was expected")
    if facts.get("prev_hash") != book.head:
        raise DoesNotHoldError(fund, seq, "does not continue the entry before it")
    if sha256(body) != stated:
        raise DoesNotHoldError(fund, seq, "its hash is not that of its facts")
    if ledger.anchored.get((fund, seq), stated) != stated:
        raise DoesNotHoldError(fund, seq, "is not the entry that was anchored")
    try:
        _accounting(ledger, book, facts)
    except (KeyError, TypeError, ValueError) as error:
        raise DoesNotHoldError(fund, seq, f"lacks a fact: {error}") from error
    book.seq, book.head = seq, stated
    ledger.entries += 1


def _accounting(ledger: Ledger, book: Book, facts: dict[str, Any]) -> None:
    def fail(reason: str) -> None:
        raise DoesNotHoldError(facts["fund"], facts["seq"], reason)

    legs = dict(facts["legs"])
    amount, kind = facts["amount_fen"], facts["kind"]
    if len(legs) < 2 or len(legs) != len(facts["legs"]) or not all(type(fen) is int for fen in legs.values()):
        fail("has not two legs on accounts of their own")
    if sum(legs.values()) != 0:
        fail("does not sum to zero")
    if type(amount) is not int or amount <= 0:
        fail("has no positive amount")
    if facts["key"] in ledger.keys:
        fail("repeats the key of another entry")
    ledger.keys.add(facts["key"])
    expected = _expected_legs(ledger, facts)
    if expected is None:
        fail("is of no known kind, or undoes what cannot be undone")
    if legs != expected:
        fail("does not move its amount between the accounts of its kind")
    for account, fen in legs.items():
        book.sums[account] += fen
        if book.sums[account] < 0 and account in NEVER_NEGATIVE:
            fail(f"leaves less than nothing in {account}")
    if not _follow_reservation(ledger, facts):
        fail("does not fit its reservation")
    if kind in TRANSFERS and not _pair(ledger, facts):
        fail("does not agree with the other side of the transfer")


def _expected_legs(ledger: Ledger, facts: dict[str, Any]) -> dict[str, int] | None:
    kind, amount = facts["kind"], facts["amount_fen"]
    if kind == "reverse":
        fund, undone, undone_amount, reservation = ledger.reversible.pop(facts["reverses"], ("", "", 0, None))
        if (fund, undone_amount, reservation) != (facts["fund"], amount, facts["reservation"]):
            return None
        leaves, enters = MOVES[undone]
        return {leaves: amount, enters: -amount}
    if kind not in MOVES:
        return None
    if kind in REVERSIBLE:
        ledger.reversible[facts["id"]] = (facts["fund"], kind, amount, facts["reservation"])
    leaves, enters = MOVES[kind]
    return {leaves: -amount, enters: amount}


def _follow_reservation(ledger: Ledger, facts: dict[str, Any]) -> bool:
    kind, reservation, amount = facts["kind"], facts["reservation"], facts["amount_fen"]
    if kind == "reserve":
        ledger.outstanding[reservation] = (facts["fund"], amount)
        return bool(reservation == facts["id"])
    if kind not in {"release", "disburse"} and not (kind == "reverse" and reservation):
        return reservation is None
    fund, left = ledger.outstanding.get(reservation, ("", 0))
    left += amount if kind == "reverse" else -amount
    ledger.outstanding[reservation] = (fund, left)
    return bool(fund == facts["fund"] and left >= 0)


def _pair(ledger: Ledger, facts: dict[str, Any]) -> bool:
    own, other = facts["id"], facts["counterpart"]
    side = (facts["fund"], facts["seq"], facts["kind"], facts["amount_fen"], own)
    waiting = ledger.transfers.pop(own, None)
    if waiting is None:
        ledger.transfers[other] = side
        return True
    fund, _, kind, amount, its_id = waiting
    expected = (TRANSFERS[facts["kind"]], facts["amount_fen"], other)
    return fund != facts["fund"] and (kind, amount, its_id) == expected


def _head(ledger: Ledger, facts: dict[str, Any]) -> None:
    fund, seq = _place(facts)
    book = ledger.books.get(fund) or ledger.books.setdefault(fund, Book(0, genesis(fund)))
    ledger.heads.add(fund)
    if seq != book.seq or facts.get("hash") != book.head:
        raise DoesNotHoldError(fund, book.seq + 1, f"the book ends at entry {seq}, its entries at {book.seq}")
    for account in ACCOUNTS:
        if facts.get(account) != book.sums[account]:
            raise DoesNotHoldError(
                fund,
                seq,
                f"the balance of {account} is {facts.get(account)}, its entries say {book.sums[account]}",
            )


def _end(ledger: Ledger, line: str) -> bool:
    if line != f"#end {ledger.entries}":
        raise DoesNotHoldError("-", ledger.entries, f"the file says {line[5:]} entries")
    return True


def _nothing_left_over(ledger: Ledger) -> None:
    for fund, seq, _, _, _ in ledger.transfers.values():
        raise DoesNotHoldError(fund, seq, "a transfer without its other side")
    for fund in ledger.books.keys() - ledger.heads:
        raise DoesNotHoldError(fund, ledger.books[fund].seq, "the fund has entries but no balance")
    for (fund, seq), _head in sorted(ledger.anchored.items()):
        last = ledger.books[fund].seq if fund in ledger.books else 0
        if seq > last:
            raise DoesNotHoldError(fund, last + 1, f"entries up to {seq} were anchored and are gone")


def _place(facts: dict[str, Any]) -> tuple[str, int]:
    fund, seq = facts.get("fund"), facts.get("seq")
    if not isinstance(fund, str) or type(seq) is not int:
        raise DoesNotHoldError(str(fund), 0, "has no fund or no number")
    return fund, seq


def _parse(text: str, ledger: Ledger) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise DoesNotHoldError("-", ledger.entries + 1, "a line that cannot be read")
    return value


def _after_header(lines: Iterable[str]) -> Iterator[str]:
    stripped = _stripped(lines)
    if next(stripped, "") != HEADER:
        raise DoesNotHoldError("-", 0, f"the file does not begin with {HEADER}")
    return stripped


def _stripped(lines: Iterable[str]) -> Iterator[str]:
    return (line.rstrip("\n") for line in lines)


def main(arguments: list[str] | None = None) -> int:
    """Verify the file named on the command line and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m donors.ledger.verify", description="Verify an exported ledger."
    )
    parser.add_argument("file", help="what `manage.py export_ledger --out FILE` wrote")
    parser.add_argument("--anchors", help="the anchor file, kept outside the database")
    options = parser.parse_args(arguments)
    try:
        anchors = _open_lines(options.anchors) if options.anchors else []
        count = verify(_open_lines(options.file), anchors)
    except OSError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the program's output
        return 2
    except DoesNotHoldError as fault:
        print(fault)  # noqa: T201
        return 1
    print(f"{count} entries hold")  # noqa: T201
    return 0


def _open_lines(path: str) -> Iterator[str]:
    with open(path, encoding="ascii", errors="surrogateescape", newline="\n") as file:  # noqa: PTH123 - streams
        yield from file


if __name__ == "__main__":
    sys.exit(main())
