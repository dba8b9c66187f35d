"""The guards as SQLite triggers."""

# ruff: noqa: S608 - the texts are constants of this package; nothing from outside goes into them

from donors.ledger.guards import conditions as c


def _refuse(rules: list[c.Refusal]) -> str:
    return "\n".join(
        f"SELECT RAISE(ABORT, 'ledger: {rule.message}') WHERE {rule.when} AND ({rule.condition});"
        for rule in rules
    )


def _trigger(name: str, when: str, table: str, body: str) -> tuple[str, str]:
    return table, f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW BEGIN\n{body}\nEND"


def _forbid(name: str, act: str, table: str) -> tuple[str, str]:
    return _trigger(name, f"BEFORE {act}", table, f"SELECT RAISE(ABORT, 'ledger: {table} is append-only');")


_SUMS = ", ".join(
    f"{account}_fen = {account}_fen + (SELECT COALESCE(SUM(l.amount_fen), 0) FROM {c.LEG} l "
    f"WHERE l.transaction_id = NEW.id AND l.account = '{account}')"
    for account in c.ACCOUNTS
)
_POST = f"""
UPDATE {c.BALANCE} SET {_SUMS}, last_seq = NEW.seq, last_hash = NEW.hash WHERE fund_id = NEW.fund_id;
UPDATE {c.RESERVATION} SET
  posted_fen = posted_fen + CASE NEW.kind WHEN 'disburse' THEN NEW.amount_fen
                                          WHEN 'reverse' THEN -NEW.amount_fen ELSE 0 END,
  released_fen = released_fen + CASE NEW.kind WHEN 'release' THEN NEW.amount_fen ELSE 0 END
WHERE opening_id = NEW.reservation_id AND NEW.kind IN ('disburse', 'release', 'reverse');
"""

GUARDS: dict[str, tuple[str, str]] = {
    "ledger_entry_is_whole": _trigger(
        "ledger_entry_is_whole", "BEFORE INSERT", c.ENTRY, _refuse(c.ENTRY_RULES)
    ),
    "ledger_entry_moves_balance": _trigger("ledger_entry_moves_balance", "AFTER INSERT", c.ENTRY, _POST),
    "ledger_entry_stays": _forbid("ledger_entry_stays", "UPDATE", c.ENTRY),
    "ledger_entry_is_kept": _forbid("ledger_entry_is_kept", "DELETE", c.ENTRY),
    "ledger_leg_comes_first": _trigger(
        "ledger_leg_comes_first", "BEFORE INSERT", c.LEG, _refuse(c.LEG_RULES)
    ),
    "ledger_leg_stays": _forbid("ledger_leg_stays", "UPDATE", c.LEG),
    "ledger_leg_is_kept": _forbid("ledger_leg_is_kept", "DELETE", c.LEG),
    "ledger_balance_opens_empty": _trigger(
        "ledger_balance_opens_empty", "BEFORE INSERT", c.BALANCE, _refuse(c.BALANCE_OPENING_RULES)
    ),
    "ledger_balance_follows_entries": _trigger(
        "ledger_balance_follows_entries", "BEFORE UPDATE", c.BALANCE, _refuse(c.BALANCE_RULES)
    ),
    "ledger_balance_is_kept": _forbid("ledger_balance_is_kept", "DELETE", c.BALANCE),
    "ledger_reservation_opens_whole": _trigger(
        "ledger_reservation_opens_whole", "BEFORE INSERT", c.RESERVATION, _refuse(c.RESERVATION_OPENING_RULES)
    ),
    "ledger_reservation_follows_entries": _trigger(
        "ledger_reservation_follows_entries", "BEFORE UPDATE", c.RESERVATION, _refuse(c.RESERVATION_RULES)
    ),
    "ledger_reservation_is_kept": _forbid("ledger_reservation_is_kept", "DELETE", c.RESERVATION),
    "ledger_charter_stays": _forbid("ledger_charter_stays", "UPDATE", c.CHARTER),
    "ledger_charter_is_kept": _forbid("ledger_charter_is_kept", "DELETE", c.CHARTER),
}
