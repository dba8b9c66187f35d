"""
The conditions of the guards, in the SQL that both databases share. NEW and OLD are the row's two sides.

Each is a list of refusals: when the row is of a sort, a condition that must not be true, and the words.
"""

# ruff: noqa: S608 - the texts are constants of this package; nothing from outside goes into them

from typing import NamedTuple

from donors.ledger.rules import MOVES

ENTRY = "ledger_ledgertransaction"
LEG = "ledger_leg"
BALANCE = "ledger_fundbalance"
RESERVATION = "ledger_reservation"
FUND = "donors_fund"
CHARTER = "donors_fundcharter"

APPEND_ONLY = (ENTRY, LEG)
ACCOUNTS = ("external", "available", "reserved", "disbursed", "fee", "transit")


class Refusal(NamedTuple):
    """The row is refused with the message if `when` (cheap: the row alone) and the condition are true."""

    condition: str
    message: str
    when: str = "1 = 1"


def _by_kind(side: int) -> str:
    branches = " ".join(f"WHEN '{kind}' THEN '{move[side]}'" for kind, move in MOVES.items())
    return f"CASE NEW.kind {branches} ELSE '' END"


_LEGS = f"{LEG} l WHERE l.transaction_id = NEW.id"
_HEAD = f"{BALANCE} b WHERE b.fund_id = NEW.fund_id"


def _charter_allows(flag: str) -> str:
    newest = f"(SELECT MAX(v.version) FROM {CHARTER} v WHERE v.fund_id = c.fund_id)"
    charter = f"{CHARTER} c WHERE c.fund_id = NEW.fund_id AND c.version = {newest}"
    return f"EXISTS (SELECT 1 FROM {charter} AND c.{flag})"


ENTRY_RULES: list[Refusal] = [
    Refusal(f"(SELECT COUNT(*) FROM {_LEGS}) < 2", "an entry has at least two legs"),
    Refusal(f"(SELECT SUM(l.amount_fen) FROM {_LEGS}) <> 0", "an entry sums to zero"),
    Refusal(
        f"NOT EXISTS (SELECT 1 FROM {_HEAD} AND b.last_seq + 1 = NEW.seq)",
        "an entry follows the last one of its fund",
    ),
    Refusal(
        f"NOT EXISTS (SELECT 1 FROM {_HEAD} AND b.last_hash = NEW.prev_hash)",
        "an entry continues the chain of its fund",
    ),
    Refusal(
        f"(SELECT COUNT(*) FROM {_LEGS} AND ("
        f"(l.account = {_by_kind(0)} AND l.amount_fen = -NEW.amount_fen) OR "
        f"(l.account = {_by_kind(1)} AND l.amount_fen = NEW.amount_fen))) <> 2",
        "an entry moves its amount between the accounts of its kind",
        when="NEW.kind <> 'reverse'",
    ),
    Refusal(
        f"(SELECT COUNT(*) FROM {_LEGS}) <> 2",
        "an entry of this kind has two legs",
        when="NEW.kind <> 'reverse'",
    ),
    Refusal(
        f"EXISTS (SELECT 1 FROM {FUND} f WHERE f.id = NEW.fund_id AND f.state <> 'open')",
        "a closed fund takes and promises nothing",
        when="NEW.kind IN ('receive', 'reserve', 'fee', 'transfer_in')",
    ),
    Refusal(
        f"NOT {_charter_allows('transfers_out')}",
        "the charter allows no transfer out",
        when="NEW.kind = 'transfer_out'",
    ),
    Refusal(
        f"NOT {_charter_allows('transfers_in')}",
        "the charter allows no transfer in",
        when="NEW.kind = 'transfer_in'",
    ),
    Refusal(
        f"EXISTS (SELECT 1 FROM {ENTRY} o WHERE o.id = NEW.counterpart_id AND (o.fund_id = NEW.fund_id OR "
        "o.amount_fen <> NEW.amount_fen OR o.counterpart_id <> NEW.id OR o.kind = NEW.kind))",
        "the two sides of a transfer agree",
        when="NEW.counterpart_id IS NOT NULL",
    ),
    Refusal(
        f"NOT EXISTS (SELECT 1 FROM {RESERVATION} r WHERE r.opening_id = NEW.id "
        "AND NEW.reservation_id = NEW.id AND r.fund_id = NEW.fund_id AND r.amount_fen = NEW.amount_fen)",
        "a reserving entry opens its own reservation",
        when="NEW.kind = 'reserve'",
    ),
    Refusal(
        f"EXISTS (SELECT 1 FROM {RESERVATION} r WHERE r.opening_id = NEW.id)",
        "only a reserving entry opens a reservation",
        when="NEW.kind <> 'reserve'",
    ),
    Refusal(
        f"NOT EXISTS (SELECT 1 FROM {RESERVATION} r "
        "WHERE r.opening_id = NEW.reservation_id AND r.fund_id = NEW.fund_id)",
        "an entry uses a reservation of its own fund",
        when="NEW.reservation_id IS NOT NULL",
    ),
    Refusal(
        f"NOT EXISTS (SELECT 1 FROM {ENTRY} o WHERE o.id = NEW.reverses_id "
        "AND o.fund_id = NEW.fund_id AND o.amount_fen = NEW.amount_fen "
        "AND o.kind IN ('receive', 'disburse', 'return', 'refund', 'fee') "
        "AND COALESCE(o.reservation_id, o.id) = COALESCE(NEW.reservation_id, o.id))",
        "a reversal names an entry of its fund that can be reversed",
        when="NEW.kind = 'reverse'",
    ),
    Refusal(
        f"(EXISTS (SELECT 1 FROM {LEG} o WHERE o.transaction_id = NEW.reverses_id "
        f"AND NOT EXISTS (SELECT 1 FROM {_LEGS} AND l.account = o.account AND l.amount_fen = -o.amount_fen)) "
        f"OR (SELECT COUNT(*) FROM {_LEGS}) <> "
        f"(SELECT COUNT(*) FROM {LEG} o WHERE o.transaction_id = NEW.reverses_id))",
        "a reversal undoes exactly the legs of the entry",
        when="NEW.kind = 'reverse'",
    ),
]

LEG_RULES: list[Refusal] = [
    Refusal(
        f"EXISTS (SELECT 1 FROM {ENTRY} e WHERE e.id = NEW.transaction_id)",
        "an entry that is written takes no more legs",
    ),
]

_ZERO = " OR ".join(f"NEW.{account}_fen <> 0" for account in ACCOUNTS)
BALANCE_OPENING_RULES: list[Refusal] = [
    Refusal(f"{_ZERO} OR NEW.last_seq <> 0", "a balance starts at zero"),
    Refusal(
        f"EXISTS (SELECT 1 FROM {ENTRY} e WHERE e.fund_id = NEW.fund_id)", "the book of a fund is opened once"
    ),
]

_CHANGES = ", ".join(f"NEW.{account}_fen - OLD.{account}_fen" for account in ACCOUNTS)
_SUMS = ", ".join(
    f"COALESCE(SUM(CASE WHEN l.account = '{account}' THEN l.amount_fen ELSE 0 END), 0)"
    for account in ACCOUNTS
)
_MOVED = (
    f"({_CHANGES}) <> (SELECT {_SUMS} FROM {LEG} l JOIN {ENTRY} e ON e.id = l.transaction_id "
    "WHERE e.fund_id = NEW.fund_id AND e.seq = NEW.last_seq)"
)
BALANCE_RULES: list[Refusal] = [
    Refusal(
        "NEW.fund_id <> OLD.fund_id OR NEW.last_seq <> OLD.last_seq + 1 OR NOT EXISTS "
        f"(SELECT 1 FROM {ENTRY} e WHERE e.fund_id = NEW.fund_id AND e.seq = NEW.last_seq "
        "AND e.hash = NEW.last_hash)",
        "a balance moves on with the next entry only",
    ),
    Refusal(_MOVED, "a balance moves by the legs of the entry"),
]

_OF = f"FROM {ENTRY} e WHERE e.reservation_id = NEW.opening_id"
_SUM = f"(SELECT COALESCE(SUM(CASE {{cases}} ELSE 0 END), 0) {_OF})"
POSTED = _SUM.format(
    cases="WHEN e.kind = 'disburse' THEN e.amount_fen WHEN e.kind = 'reverse' THEN -e.amount_fen"
)
RELEASED = _SUM.format(cases="WHEN e.kind = 'release' THEN e.amount_fen")
RESERVATION_OPENING_RULES: list[Refusal] = [
    Refusal("NEW.posted_fen <> 0 OR NEW.released_fen <> 0", "a reservation starts whole"),
    Refusal(
        f"EXISTS (SELECT 1 FROM {ENTRY} e WHERE e.id = NEW.opening_id)",
        "a reservation is written before its entry",
    ),
]
RESERVATION_RULES: list[Refusal] = [
    Refusal(
        "NEW.opening_id <> OLD.opening_id OR NEW.fund_id <> OLD.fund_id OR NEW.amount_fen <> OLD.amount_fen",
        "a reservation keeps its fund and its amount",
    ),
    Refusal(
        f"NEW.posted_fen <> {POSTED} OR NEW.released_fen <> {RELEASED}",
        "a reservation ends by its entries only",
    ),
]
