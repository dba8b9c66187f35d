"""
When help for a person repeats help already given (pure); the table of rules is data: `rules.csv`, or one's own file.

One row a purpose: `once` – any other help for it, so many days ago at most, is a conflict that stops; `sum` – it may
come from several sides until the need is met, what goes beyond that stops; `warn` – it may repeat, and is only told.
Related purposes never stop. The windows are this platform's own; local rules go into a file of one's own.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from jiujinan.codes import ItemCategory

SHIPPED = Path(__file__).with_name("rules.csv")


class Level(StrEnum):
    """What a conflict does."""

    HARD = "hard"
    SOFT = "soft"


@dataclass(frozen=True, slots=True)
class AidRule:
    """What counts as repeated for one purpose, within so many days after earlier help ended."""

    purpose: str
    rule: str
    days: int
    related: frozenset[str]


@dataclass(frozen=True, slots=True)
class Given:
    """Help that reached the person: purpose, amount in its unit, its days, and from where."""

    purpose: str
    amount: int
    starts_on: date
    ends_on: date
    source: str
    reference: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a need asks for: `counted` of `required` is taken off already; `since` is the day of the application."""

    purpose: str
    required: int
    counted: int
    since: date
    today: date


@dataclass(frozen=True, slots=True)
class Conflict:
    """One purpose that is helped already, and by what."""

    level: Level
    purpose: str
    rule: str
    total: int
    given: tuple[Given, ...]


def conflicts(wanted: Wanted, given: Iterable[Given], rules: Mapping[str, AidRule]) -> list[Conflict]:
    """Return at most one conflict of the same purpose and one of related purposes."""
    rule = rules[wanted.purpose]
    near = [one for one in given if _overlaps(one, wanted, rule.days)]
    same = tuple(one for one in near if one.purpose == wanted.purpose)
    related = tuple(one for one in near if one.purpose in rule.related)
    found = []
    if same:
        total = sum(one.amount for one in same)
        level = _level(rule.rule, total, wanted)
        if level is not None:
            found.append(Conflict(level, wanted.purpose, rule.rule, total, same))
    if related:
        total = sum(one.amount for one in related)
        found.append(Conflict(Level.SOFT, wanted.purpose, "related", total, related))
    return found


def _level(rule: str, total: int, wanted: Wanted) -> Level | None:
    if rule == "once":
        return Level.HARD
    if rule == "warn":
        return Level.SOFT
    if total >= wanted.required:
        return Level.HARD
    return Level.SOFT if total > wanted.counted else None  # what the need counts already is no news


def _overlaps(one: Given, wanted: Wanted, days: int) -> bool:
    return one.starts_on <= wanted.today and one.ends_on + timedelta(days=days) >= wanted.since


@cache
def read_rules(path: Path = SHIPPED) -> Mapping[str, AidRule]:
    """Return the table by purpose; raise ValueError unless each purpose stands there once with a known rule."""
    with path.open(encoding="utf-8") as stream:
        rows = [_rule(row) for row in csv.DictReader(stream)]
    _check(rows)
    return {row.purpose: row for row in rows}


def _rule(row: Mapping[str, str]) -> AidRule:
    related = frozenset(part for part in row["related"].split(" ") if part)
    return AidRule(row["purpose"], row["rule"], int(row["days"]), related)


def _check(rows: Sequence[AidRule]) -> None:
    purposes = [row.purpose for row in rows]
    known = {str(category) for category in ItemCategory}
    if sorted(purposes) != sorted(known):
        raise ValueError(f"the aid rules need each purpose once: {sorted(set(purposes) ^ known)}")
    for row in rows:
        if row.rule not in {"once", "sum", "warn"} or row.days < 0 or not row.related <= known:
            raise ValueError(f"the aid rule of {row.purpose} is not understood")
