"""What the application's role may do with the ledger's tables on PostgreSQL, when it doesn't own them."""

import re

APPEND_ONLY = ("ledger_ledgertransaction", "ledger_leg", "donors_fundcharter")
MOVED_BY_TRIGGERS = {"ledger_fundbalance": "fund_id", "ledger_reservation": "expires_at"}
_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def rights(role: str) -> list[str]:
    """
    Return the statements that leave the role reading, adding and locking; run them as the tables' owner.

    PostgreSQL lets a role lock a row only if it may update some column of it; the one named here is one
    that the guards never let change, or, for a reservation, its expiry.
    """
    if not _ROLE.fullmatch(role):
        raise ValueError(f"not a plain role name: {role!r}")
    statements = []
    for table in (*APPEND_ONLY, *MOVED_BY_TRIGGERS):
        statements.append(f"REVOKE ALL ON {table} FROM {role}")
        statements.append(f"GRANT SELECT, INSERT ON {table} TO {role}")
    statements += [
        f"GRANT UPDATE ({column}) ON {table} TO {role}" for table, column in MOVED_BY_TRIGGERS.items()
    ]
    return statements
