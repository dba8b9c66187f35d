"""The one query module of public figures: whatever a page, a chart or a file shows was counted here.

Counts go through `needs.anonymise.public_counts`, sums of money likewise; nothing else rounds or withholds.
"""

from collections import Counter
from collections.abc import Hashable
from typing import Any

from django.db.models import Count, Max, Sum

from jiujinan.accounts.models import Organisation
from jiujinan.accounts.roles import SOCIAL_FORCES
from jiujinan.codes import CAUSE_GROUPS, Cause
from jiujinan.regions.rules import Level, level, parent_code
from matching.columns import places
from matching.engine import Outcome
from matching.explaining import rule_names
from matching.models import Commitment
from matching.queries import latest_run, left_open
from matching.reading import read
from matching.states import CommitmentState
from needs.anonymise.public_counts import PublicTable, public_grid, public_share, public_sum_fen, public_table
from needs.models import NeedItem, Project, ProjectItem
from needs.states import SERVED_NEEDS, ProjectState

Table = dict[str, Any]


def all_tables() -> dict[str, Table]:
    """Return every public table, ready to be kept as JSON; a fixed number of queries."""
    return {
        "projects": _projects(),
        "places": _places(),
        "items": _items(),
        "money": _money(),
        "unmet": _unmet(),
        "forces": _forces(),
    }


def _told(table: PublicTable[Any]) -> Table:
    return {"cells": {str(key): count for key, count in table.cells.items()}, "total": table.total}


def _counted(field: str, **narrowed: object) -> dict[Hashable, int]:
    rows = Project.objects.exclude(state__in=[ProjectState.WITHDRAWN, ProjectState.PREPARED]).filter(
        **narrowed
    )
    return dict(rows.order_by().values(field).annotate(number=Count("pk")).values_list(field, "number"))


def _projects() -> Table:
    """Projects that stand in public or were closed, by what they say of themselves; "" is what the gate left out."""
    every = Project.objects.exclude(state__in=[ProjectState.WITHDRAWN, ProjectState.PREPARED])
    covered, whole = every.filter(covered_percent=100).count(), every.count()
    return {
        "by_tier": _told(public_table(_counted("tier"))),
        "by_cause": _told(public_table(_by_cause())),
        "by_month": _told(public_table(_counted("published_month"))),
        "by_state": _told(public_table(_counted("state"))),
        "covered_percent": public_share(covered, whole),
    }


def _by_cause() -> dict[Hashable, int]:
    """Count by the kind of difficulty; a project that names its cause belongs to the kind of that cause."""
    counted: Counter[Hashable] = Counter()
    for cause, number in _counted("cause").items():
        counted[CAUSE_GROUPS[Cause(str(cause))] if cause else ""] += number
    for group, number in _counted("cause_group", cause="").items():
        if group:
            counted[group] += number
            counted[""] -= number
    return {key: number for key, number in counted.items() if number}


def _places() -> Table:
    """Projects by province, and by county within their prefecture where they tell one."""
    counted = {str(code): number for code, number in _counted("region_id").items()}
    provinces: Counter[str] = Counter()
    counties: dict[str, dict[str, int]] = {}
    for code, number in counted.items():
        provinces[code[:2] + "0000"] += number
        if level(code) is Level.COUNTY:
            counties.setdefault(parent_code(code) or code, {})[code] = number
    return {
        "provinces": _told(public_table(provinces)),
        "counties": {above: _told(public_table(some)) for above, some in sorted(counties.items())},
    }


def _items() -> Table:
    """What the projects ask for, by kind."""
    shown = ProjectItem.objects.filter(project__state__in=[ProjectState.PUBLISHED, ProjectState.CLOSED])
    kinds = shown.order_by().values("kind").annotate(number=Count("pk")).values_list("kind", "number")
    return {"by_kind": _told(public_table(dict(kinds)))}


def _money() -> Table:
    """Money promised and paid from funds, by category of what it was for; yuan sums in fen."""
    given = Commitment.objects.filter(fund__isnull=False).exclude(state=CommitmentState.RELEASED).order_by()
    sums = given.values("item__category").annotate(
        promised=Sum("amount"), paid=Sum("disbursed"), largest=Max("amount"), number=Count("pk")
    )
    rows = list(sums.values_list("item__category", "promised", "paid", "largest", "number"))
    largest, number = max((row[3] for row in rows), default=0), sum(row[4] for row in rows)

    def told(total: int, most: int, count: int) -> int | None:
        return public_sum_fen(total_fen=total, largest_fen=min(most, total), count=count)

    return {
        "by_category": {
            category: {"promised_fen": told(promised, most, count), "paid_fen": told(paid, most, count)}
            for category, promised, paid, most, count in rows
        },
        "promised_fen": told(sum(row[1] for row in rows), largest, number),
        "paid_fen": told(sum(row[2] for row in rows), largest, number),
    }


def _unmet() -> Table:
    """Items that the latest run left without help, by reason and county, with the totals of both."""
    run = latest_run()
    counted: Counter[tuple[str, str]] = Counter()
    if run is not None:
        standing = read(
            NeedItem.objects.filter(gap__gt=0, need__state__in=SERVED_NEEDS).order_by("pk"), id="pk"
        )
        for left in left_open(run).values():
            rows = places(standing["id"], left["id"]) >= 0
            found = zip(left["region"][rows], left["failed"][rows], left["outcome"][rows], strict=True)
            for (region, failed, outcome), number in Counter(found).items():
                counted[f"{region:06d}", _reason(int(failed), int(outcome))] += number
    grid = public_grid(_complete(counted))
    return {
        "cells": [
            {"region": region, "reason": reason, "items": number}
            for (region, reason), number in sorted(grid.cells.items())
        ],
        "by_region": dict(grid.rows),
        "by_reason": dict(grid.columns),
        "total": grid.total,
    }


def _complete(counted: Counter[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return the table with its zeros: a cell that is missing would say that there is nobody."""
    regions, reasons = {region for region, _ in counted}, {reason for _, reason in counted}
    return {(region, reason): counted[region, reason] for region in regions for reason in reasons}


def _reason(failed: int, outcome: int) -> str:
    """Return the code of why: the first rule that the nearest resource fails, else the outcome."""
    return (rule_names(failed) or [Outcome(outcome).name.lower()])[0]


def _forces() -> Table:
    """Social forces that take part, by kind. Organisations, not people: told as they are."""
    kinds = Organisation.objects.filter(kind__in=SOCIAL_FORCES, verified_at__isnull=False).order_by()
    counted = dict(kinds.values("kind").annotate(number=Count("pk")).values_list("kind", "number"))
    return {"cells": counted, "total": sum(counted.values())}
