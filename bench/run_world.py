"""The world of `bench.runs`: needs and funds of `bench.instances`, written around one real case and one real fund.

The role has to be a superuser: guards and foreign keys stand aside while the world is filled.
"""

import argparse
import json
from typing import Any

import numpy as np

from bench.instances import make_instance


def build_world(options: argparse.Namespace) -> Any:
    """Fill the database at hand with so many needs and funds; return the town whose people act in it."""
    from django.db import connection, transaction

    from matching.services.runs import run_matching
    from tests.town import NOW, build_town

    town = build_town()
    need = town.let_through(town.verified(yuan=1000))
    fund = town.fund(yuan=1)
    run_matching(by=town.chen, now=NOW)  # compiles what has to be compiled
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "DELETE FROM matching_proposal; DELETE FROM matching_runpart; DELETE FROM matching_matchrun"
        )
        instance = make_instance(
            options.needs, options.resources, options.scenario, caps=options.caps == "on"
        )
        fill_needs(cursor, instance, need)
        fill_funds(cursor, instance, fund)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return town


def fill_needs(cursor: Any, instance: Any, need: Any) -> None:
    """Write so many needs, each like the real one but for what the instance says of it."""
    from jiujinan.codes import Group, ItemCategory, Tier
    from needs.models import GateDecision

    rows, groups = instance.needs, list(Group)
    categories, tiers = list(ItemCategory), list(Tier)
    fill_regions(cursor, rows.region)
    cursor.execute(
        "CREATE TEMP TABLE demand (n int, region text, category text, tier text, groups jsonb, score int, gap bigint, "
        "days int, done bool) ON COMMIT DROP"
    )
    chance = np.random.default_rng(7)
    days = chance.integers(0, 60, len(rows))
    with cursor.copy("COPY demand FROM STDIN") as copy:
        for n in range(len(rows)):
            mask = int(rows.groups[n])
            named = [groups[bit].value for bit in range(len(groups)) if mask >> bit & 1]
            copy.write_row(
                (n, f"{rows.region[n]:06d}", categories[rows.category[n]].value, tiers[rows.tier[n]].value,
                 json.dumps(named), int(rows.priority[n]) // 1000, int(rows.gap_fen[n]), int(days[n]),
                 bool(rows.government_done[n]))
            )  # fmt: skip
    decision = GateDecision.objects.get(need=need)
    key = "md5('{}' || d.n)::uuid"
    like(
        cursor, "needs_household", need.case.household_id, {"id": key.format("home"), "region_id": "d.region"}
    )
    like(cursor, "needs_caserecord", need.case_id, {
        "id": key.format("case"), "household_id": key.format("home"), "number": "'B' || d.n", "region_id": "d.region",
        "tier": "d.tier", "groups": "d.groups", "applied_on": "DATE '2026-07-06' - d.days", "government_done": "d.done",
    })  # fmt: skip
    like(cursor, "needs_need", need.pk, {
        "id": key.format("need"), "case_id": key.format("case"), "tier": "d.tier", "score": "d.score",
    })  # fmt: skip
    like(cursor, "needs_needitem", need.items.get().pk, {
        "id": key.format("item"), "need_id": key.format("need"), "category": "d.category", "required": "d.gap",
    })  # fmt: skip
    project = decision.project
    assert project is not None
    number = "'B' || d.n"
    like(cursor, "needs_project", project.pk, {"number": number})
    like(cursor, "needs_gatedecision", decision.pk, {"need_id": key.format("need"), "project_id": number})


def fill_regions(cursor: Any, codes: Any) -> None:
    """Write the divisions that the needs lie in."""
    from jiujinan.regions.models import Region
    from tests.town import NOW

    known = set(Region.objects.values_list("code", flat=True))
    every = sorted({f"{code:06d}" for code in np.unique(codes).tolist()} - known)
    Region.objects.bulk_create(
        Region(
            code=code, name=f"县{code}", level="county", parent_id="990100", source="bench", updated_at=NOW
        )
        for code in every
    )


def fill_funds(cursor: Any, instance: Any, fund: Any) -> None:
    """Write so many funds, each like the real one but for its money and its charter."""
    from jiujinan.codes import Group, ItemCategory, Tier

    funds = instance.funds
    cursor.execute(
        "CREATE TEMP TABLE supply (n int, money bigint, regions jsonb, categories jsonb, tiers jsonb, groups jsonb, "
        "first bool, cap bigint, share int) ON COMMIT DROP"
    )

    def named(codes: Any, mask: int) -> str:
        return json.dumps([code.value for bit, code in enumerate(codes) if mask >> bit & 1])

    with cursor.copy("COPY supply FROM STDIN") as copy:
        for n in range(len(funds)):
            regions = [f"{code:06d}" for code in funds.regions_of(n).tolist()]
            copy.write_row(
                (n, int(funds.available_fen[n]), json.dumps(regions), named(ItemCategory, int(funds.categories[n])),
                 named(Tier, int(funds.tiers[n])), named(Group, int(funds.groups[n])),
                 bool(funds.government_first[n]), int(funds.per_case_cap_fen[n]) or None,
                 int(funds.share_cap_permille[n]) or None)
            )  # fmt: skip
    key = "md5('fund' || d.n)::uuid"
    like(cursor, "donors_fund", fund.pk, {"id": key, "name": "'款' || d.n"}, of="supply")
    like(cursor, "donors_fundcharter", fund.charters.get().pk, {
        "fund_id": key, "regions": "d.regions", "categories": "d.categories", "tiers": "d.tiers",
        "groups": "d.groups", "government_first": "d.first", "per_case_cap_fen": "d.cap",
        "share_cap_permille": "d.share",
    }, of="supply")  # fmt: skip
    table = type(fund.balance)._meta.db_table
    like(cursor, table, fund.balance.pk, {
        "fund_id": key, "available_fen": "d.money", "external_fen": "-d.money",
    }, of="supply")  # fmt: skip


def like(cursor: Any, table: str, pk: Any, changed: dict[str, str], *, of: str = "demand") -> None:
    """Insert one row for each row of the staging table `of` (d), like the row of this key (t) but for some columns."""
    cursor.execute(
        "SELECT column_name, is_identity = 'YES' OR column_default LIKE 'nextval%%' FROM information_schema.columns "
        "WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    columns = [name for name, counted in cursor.fetchall() if name in changed or not counted]
    cursor.execute(
        "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey) "
        "WHERE i.indrelid = %s::regclass AND i.indisprimary",
        [table],
    )
    (key,) = cursor.fetchone()
    values = ", ".join(changed.get(name, f't."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    insert = f"INSERT INTO {table} ({names}) SELECT {values} FROM {of} d, {table} t WHERE t.{key} = %s"  # noqa: S608
    cursor.execute(insert, [pk])
