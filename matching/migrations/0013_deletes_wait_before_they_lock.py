"""Whoever deletes what proposals may name waits for writers of proposals before the first row is locked, not after it.

The lock was taken row by row, each row locked already: a writer of proposals that then turned to the same row waited for
whoever waited for it, and PostgreSQL ended one of them (decision 126).
"""

from typing import ClassVar

from django.db import migrations

NAMED = {
    "run_id": "matching_matchrun",
    "item_id": "needs_needitem",
    "fund_id": "donors_fund",
    "offer_id": "donors_serviceoffer",
    "lot_id": "donors_goodslot",
}
LOCK = 824_207


def wait_first(apps, editor):  # noqa: ANN001, ANN201
    """Add a trigger of the statement that takes the lock (PostgreSQL); those of the rows go on looking."""
    if editor.connection.vendor != "postgresql":
        return
    editor.execute(
        f"""
CREATE FUNCTION matching_wait_for_proposals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock({LOCK});
    RETURN NULL;
END $$;
""",
        params=None,
    )
    for column, table in NAMED.items():
        editor.execute(
            f"CREATE TRIGGER matching_{column}_waits BEFORE DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION matching_wait_for_proposals()",
            params=None,
        )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("matching", "0012_parts_of_a_solve_say_when")]
    operations: ClassVar = [migrations.RunPython(wait_first, migrations.RunPython.noop)]
