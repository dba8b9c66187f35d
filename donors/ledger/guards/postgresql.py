"""
The guards as PostgreSQL triggers.

Their functions run with their owner's rights: the application role needs none to change a balance.
"""

# ruff: noqa: S608 - the texts are constants of this package; nothing from outside goes into them

from donors.ledger.guards import conditions as c

_HEADER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $guard$"


def _refuse(rules: list[c.Refusal]) -> str:
    """The outer condition looks at the row alone, which costs nothing; the inner one may be a query."""
    return "\n".join(
        f"IF {rule.when} THEN IF {rule.condition} THEN "
        f"RAISE EXCEPTION 'ledger: {rule.message}' USING ERRCODE = 'check_violation'; END IF; END IF;"
        for rule in rules
    )


def _function(name: str, body: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger {_HEADER}\n"
        f"BEGIN\n{body}\nRETURN NEW;\nEND $guard$"
    )


def _trigger(name: str, when: str, table: str) -> tuple[str, str]:
    return table, f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


def _forbid(name: str, act: str, table: str) -> tuple[str, str]:
    return (
        table,
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION ledger_refuse()",
    )


def _no_truncate(name: str, table: str) -> tuple[str, str]:
    return table, (
        f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"
    )


_SUMS = ", ".join(
    f"COALESCE(SUM(l.amount_fen) FILTER (WHERE l.account = '{account}'), 0)::bigint AS {account}"
    for account in c.ACCOUNTS
)
_SET = ", ".join(f"{account}_fen = b.{account}_fen + s.{account}" for account in c.ACCOUNTS)
_POST = f"""
UPDATE {c.BALANCE} b SET {_SET}, last_seq = NEW.seq, last_hash = NEW.hash
FROM (SELECT {_SUMS} FROM {c.LEG} l WHERE l.transaction_id = NEW.id) s
WHERE b.fund_id = NEW.fund_id;
IF NEW.kind IN ('disburse', 'release', 'reverse') AND NEW.reservation_id IS NOT NULL THEN
  UPDATE {c.RESERVATION} r SET
    posted_fen = r.posted_fen + CASE NEW.kind WHEN 'disburse' THEN NEW.amount_fen
                                              WHEN 'reverse' THEN -NEW.amount_fen ELSE 0 END,
    released_fen = r.released_fen + CASE NEW.kind WHEN 'release' THEN NEW.amount_fen ELSE 0 END
  WHERE r.opening_id = NEW.reservation_id;
END IF;
"""

FUNCTIONS: list[str] = [
    f"CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger {_HEADER}\n"
    "BEGIN RAISE EXCEPTION 'ledger: % is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation'; "
    "END $guard$",
    _function("ledger_entry_is_whole", _refuse(c.ENTRY_RULES)),
    _function("ledger_entry_moves_balance", _POST),
    _function("ledger_leg_comes_first", _refuse(c.LEG_RULES)),
    _function("ledger_balance_opens_empty", _refuse(c.BALANCE_OPENING_RULES)),
    _function("ledger_balance_follows_entries", _refuse(c.BALANCE_RULES)),
    _function("ledger_reservation_opens_whole", _refuse(c.RESERVATION_OPENING_RULES)),
    _function("ledger_reservation_follows_entries", _refuse(c.RESERVATION_RULES)),
]

GUARDS: dict[str, tuple[str, str]] = {
    "ledger_entry_is_whole": _trigger("ledger_entry_is_whole", "BEFORE INSERT", c.ENTRY),
    "ledger_entry_moves_balance": _trigger("ledger_entry_moves_balance", "AFTER INSERT", c.ENTRY),
    "ledger_entry_stays": _forbid("ledger_entry_stays", "UPDATE", c.ENTRY),
    "ledger_entry_is_kept": _forbid("ledger_entry_is_kept", "DELETE", c.ENTRY),
    "ledger_entry_not_emptied": _no_truncate("ledger_entry_not_emptied", c.ENTRY),
    "ledger_leg_comes_first": _trigger("ledger_leg_comes_first", "BEFORE INSERT", c.LEG),
    "ledger_leg_stays": _forbid("ledger_leg_stays", "UPDATE", c.LEG),
    "ledger_leg_is_kept": _forbid("ledger_leg_is_kept", "DELETE", c.LEG),
    "ledger_leg_not_emptied": _no_truncate("ledger_leg_not_emptied", c.LEG),
    "ledger_balance_opens_empty": _trigger("ledger_balance_opens_empty", "BEFORE INSERT", c.BALANCE),
    "ledger_balance_follows_entries": _trigger("ledger_balance_follows_entries", "BEFORE UPDATE", c.BALANCE),
    "ledger_balance_is_kept": _forbid("ledger_balance_is_kept", "DELETE", c.BALANCE),
    "ledger_balance_not_emptied": _no_truncate("ledger_balance_not_emptied", c.BALANCE),
    "ledger_reservation_opens_whole": _trigger(
        "ledger_reservation_opens_whole", "BEFORE INSERT", c.RESERVATION
    ),
    "ledger_reservation_follows_entries": _trigger(
        "ledger_reservation_follows_entries", "BEFORE UPDATE", c.RESERVATION
    ),
    "ledger_reservation_is_kept": _forbid("ledger_reservation_is_kept", "DELETE", c.RESERVATION),
    "ledger_reservation_not_emptied": _no_truncate("ledger_reservation_not_emptied", c.RESERVATION),
    "ledger_charter_stays": _forbid("ledger_charter_stays", "UPDATE", c.CHARTER),
    "ledger_charter_is_kept": _forbid("ledger_charter_is_kept", "DELETE", c.CHARTER),
    "ledger_charter_not_emptied": _no_truncate("ledger_charter_not_emptied", c.CHARTER),
}
