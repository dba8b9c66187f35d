"""Look up what proposals name by one anti-join for each column: PostgreSQL hashes those, and found rows one by one before."""

from django.db import migrations

NAMED = {
    "run_id": "matching_matchrun",
    "item_id": "needs_needitem",
    "fund_id": "donors_fund",
    "offer_id": "donors_serviceoffer",
    "lot_id": "donors_goodslot",
}
LOCK = 824_207


def look_up_one_by_one(apps, editor):  # noqa: ANN001, ANN201
    """Replace what the statement's trigger asks (PostgreSQL). The plan is made anew each time (EXECUTE)."""
    if editor.connection.vendor != "postgresql":
        return
    missing = " OR ".join(
        f"EXISTS (SELECT FROM fresh f WHERE f.{column} IS NOT NULL"
        f" AND NOT EXISTS (SELECT FROM {table} t WHERE t.id = f.{column}))"
        for column, table in NAMED.items()
    )
    editor.execute(
        f"""
CREATE OR REPLACE FUNCTION matching_proposals_name_rows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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
""",
        params=None,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0010_why_a_proposal_was_made_as_columns"),
    ]

    operations = [
        migrations.RunPython(look_up_one_by_one, migrations.RunPython.noop),
    ]
