"""Check what proposals name once for each statement, not once for each row.

A run writes a million proposals by one COPY. PostgreSQL's own foreign keys ask for each row of them, five times, and lock
what they find. These triggers refuse the same, in sets (decision 126); SQLite keeps its foreign keys.
"""

from django.db import migrations

TABLE = "matching_proposal"
NAMED = {
    "run_id": "matching_matchrun",
    "item_id": "needs_needitem",
    "fund_id": "donors_fund",
    "offer_id": "donors_serviceoffer",
    "lot_id": "donors_goodslot",
}
LOCK = 824_207


def _insert() -> str:
    """Plans are made anew each time (EXECUTE): one row is looked up by index, a million are joined."""
    joins = " ".join(f"LEFT JOIN {table} ON {table}.id = f.{column}" for column, table in NAMED.items())
    lost = " OR ".join(f"(f.{column} IS NOT NULL AND {table}.id IS NULL)" for column, table in NAMED.items())
    missing = f"EXISTS (SELECT FROM fresh f {joins} WHERE {lost})"
    return f"""
CREATE FUNCTION matching_proposals_name_rows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE missing boolean;
BEGIN
    PERFORM pg_advisory_xact_lock_shared({LOCK});
    EXECUTE 'SELECT {missing}' INTO missing;
    IF missing THEN
        RAISE EXCEPTION 'a proposal names what is not there' USING ERRCODE = '23503';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER matching_proposals_name_rows AFTER INSERT ON {TABLE} REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION matching_proposals_name_rows();
CREATE FUNCTION matching_proposals_keep_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a proposal keeps what it names' USING ERRCODE = '23503';
END $$;
CREATE TRIGGER matching_proposals_keep_names BEFORE UPDATE ON {TABLE} FOR EACH ROW
    WHEN (({", ".join(f"OLD.{column}" for column in NAMED)}) IS DISTINCT FROM ({", ".join(f"NEW.{column}" for column in NAMED)}))
    EXECUTE FUNCTION matching_proposals_keep_names();
"""


def _delete(column: str, table: str) -> str:
    name = f"matching_{column}_is_named"
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock({LOCK});
    IF EXISTS (SELECT FROM {TABLE} WHERE {column} = OLD.id) THEN
        RAISE EXCEPTION 'a proposal names this row' USING ERRCODE = '23503';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER {name}_on_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
CREATE TRIGGER {name}_on_update BEFORE UPDATE ON {table} FOR EACH ROW WHEN (OLD.id <> NEW.id)
    EXECUTE FUNCTION {name}();
"""


def check_by_statement(apps, editor):  # noqa: ANN001, ANN201
    """Put the triggers in the place of the foreign keys (PostgreSQL)."""
    if editor.connection.vendor != "postgresql":
        return
    with editor.connection.cursor() as cursor:
        found = editor.connection.introspection.get_constraints(cursor, TABLE)
    for name, constraint in found.items():
        if constraint["foreign_key"] and constraint["columns"][0] in NAMED:
            editor.execute(f'ALTER TABLE {TABLE} DROP CONSTRAINT "{name}"')
    editor.execute(_insert(), params=None)
    for column, table in NAMED.items():
        editor.execute(_delete(column, table), params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("donors", "0001_initial"),
        ("needs", "0001_initial"),
        ("matching", "0007_fewer_indexes_on_proposals"),
    ]

    operations = [
        migrations.RunPython(check_by_statement, migrations.RunPython.noop),
    ]
