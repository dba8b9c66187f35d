"""
Whether a fund's charter lets it give to a need item, and how much; from plain values alone.

Everyone who asks, asks here: proposals, the idle-money report, forms. An empty list in a charter
restricts nothing, save that a fund without categories gives to the cash categories.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from jiujinan.codes import CASH_CATEGORIES
from jiujinan.regions.rules import is_well_formed, is_within


class Rule(StrEnum):
    """The restrictions that can keep a fund from a need item, in the order in which they are told."""

    PERIOD = "period"
    REGION = "region"
    CATEGORY = "category"
    TIER = "tier"
    GROUP = "group"
    GOVERNMENT_FIRST = "government_first"
    CASE_CAP = "case_cap"
    SHARE_CAP = "share_cap"
    HOUSEHOLD_CAP = "household_cap"
    MINIMUM_GRANT = "minimum_grant"
    PAIRING = "pairing"  # not the charter's: asked by `matching.eligibility` of what a paired partner gives


class Terms(Protocol):
    """What the rules read of a charter; `donors.models.FundCharter` has it all, `PlainTerms` too."""

    @property
    def regions(self) -> Collection[str]: ...  # noqa: D102 - the field of the model
    @property
    def categories(self) -> Collection[str]: ...  # noqa: D102
    @property
    def tiers(self) -> Collection[str]: ...  # noqa: D102
    @property
    def groups(self) -> Collection[str]: ...  # noqa: D102
    @property
    def government_first(self) -> bool: ...  # noqa: D102
    @property
    def per_case_cap_fen(self) -> int | None: ...  # noqa: D102
    @property
    def share_cap_permille(self) -> int | None: ...  # noqa: D102
    @property
    def minimum_grant_fen(self) -> int: ...  # noqa: D102
    @property
    def per_household_cap_fen(self) -> int | None: ...  # noqa: D102
    @property
    def reserve_fen(self) -> int: ...  # noqa: D102
    @property
    def starts_on(self) -> date: ...  # noqa: D102
    @property
    def ends_on(self) -> date | None: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True)
class PlainTerms:
    """A charter's restrictions without a database: for engines, forms and tests."""

    starts_on: date
    ends_on: date | None = None
    regions: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    government_first: bool = False
    per_case_cap_fen: int | None = None
    share_cap_permille: int | None = None
    minimum_grant_fen: int = 0
    per_household_cap_fen: int | None = None
    reserve_fen: int = 0


@dataclass(frozen=True, kw_only=True)
class Subject:
    """
    A need item as a fund sees it; nothing in it tells who it is.

    `gap_fen` is what is still lacking, `required_fen` what the item needs in all. The `given_…` are what
    this fund has promised or paid to the item, to its case, and to the household within the charter's
    period. `items` is how many need items of one sort the row stands for (the idle-money report sums).
    """

    region: str
    category: str
    tier: str
    groups: frozenset[str] = frozenset()
    gap_fen: int
    required_fen: int
    government_decided: bool
    today: date
    given_to_item_fen: int = 0
    given_to_case_fen: int = 0
    given_to_household_fen: int = 0
    items: int = 1


@dataclass(frozen=True)
class FailedRule:
    """One restriction that is not met: what the charter asks for, and what is the case."""

    rule: Rule
    required: object
    actual: object


def why_not(charter: Terms, subject: Subject) -> list[FailedRule]:
    """Return every restriction that keeps the fund from the item, in the order of `Rule`; empty if none."""
    failed = (check(charter, subject) for check in _CHECKS)
    return [one for one in failed if one is not None]


def is_eligible(charter: Terms, subject: Subject) -> bool:
    """Return whether no restriction keeps the fund from the item."""
    return not why_not(charter, subject)


def grantable_fen(charter: Terms, subject: Subject, *, available_fen: int) -> int:
    """Return the most that the fund may give to the item now, 0 if it may not give."""
    if not is_eligible(charter, subject):
        return 0
    limits = [subject.gap_fen, available_fen - charter.reserve_fen, *_caps_left(charter, subject).values()]
    most_fen = max(min(limits), 0)
    return most_fen if most_fen >= charter.minimum_grant_fen else 0


def covers_region(regions: Collection[str], region: str) -> bool:
    """Return whether the division lies within one of these, or there is no restriction."""
    return not regions or any(is_well_formed(own) and is_within(region, own) for own in regions)


def serves_category(categories: Collection[str], category: str) -> bool:
    """Return whether the fund gives to the category; without a list it gives to the cash categories."""
    return category in categories if categories else category in CASH_CATEGORIES


def _caps_left(charter: Terms, subject: Subject) -> dict[Rule, int]:
    left: dict[Rule, int] = {}
    if charter.per_case_cap_fen is not None:
        left[Rule.CASE_CAP] = charter.per_case_cap_fen - subject.given_to_case_fen
    if charter.share_cap_permille is not None:
        share_fen = subject.required_fen * charter.share_cap_permille // 1000
        left[Rule.SHARE_CAP] = share_fen - subject.given_to_item_fen
    if charter.per_household_cap_fen is not None:
        left[Rule.HOUSEHOLD_CAP] = charter.per_household_cap_fen - subject.given_to_household_fen
    return left


def _period(charter: Terms, subject: Subject) -> FailedRule | None:
    starts, ends = charter.starts_on, charter.ends_on
    if subject.today < starts or (ends is not None and subject.today > ends):
        required = [starts.isoformat(), ends.isoformat() if ends else None]
        return FailedRule(Rule.PERIOD, required, subject.today.isoformat())
    return None


def _region(charter: Terms, subject: Subject) -> FailedRule | None:
    if covers_region(charter.regions, subject.region):
        return None
    return FailedRule(Rule.REGION, sorted(charter.regions), subject.region)


def _category(charter: Terms, subject: Subject) -> FailedRule | None:
    if serves_category(charter.categories, subject.category):
        return None
    return FailedRule(Rule.CATEGORY, sorted(charter.categories or CASH_CATEGORIES), subject.category)


def _tier(charter: Terms, subject: Subject) -> FailedRule | None:
    if not charter.tiers or subject.tier in charter.tiers:
        return None
    return FailedRule(Rule.TIER, sorted(charter.tiers), subject.tier)


def _group(charter: Terms, subject: Subject) -> FailedRule | None:
    if not charter.groups or not subject.groups.isdisjoint(charter.groups):
        return None
    return FailedRule(Rule.GROUP, sorted(charter.groups), sorted(subject.groups))


def _government_first(charter: Terms, subject: Subject) -> FailedRule | None:
    if not charter.government_first or subject.government_decided:
        return None
    return FailedRule(Rule.GOVERNMENT_FIRST, True, False)


def _cap(rule: Rule) -> Callable[[Terms, Subject], FailedRule | None]:
    def check(charter: Terms, subject: Subject) -> FailedRule | None:
        left_fen = _caps_left(charter, subject).get(rule)
        if left_fen is None or left_fen > 0:
            return None
        given_fen = _given_under(rule, subject)
        return FailedRule(rule, given_fen + left_fen, given_fen)

    return check


def _given_under(rule: Rule, subject: Subject) -> int:
    """Return what counts against the cap: a case, a single item (the share), or a household."""
    given = {Rule.SHARE_CAP: subject.given_to_item_fen, Rule.HOUSEHOLD_CAP: subject.given_to_household_fen}
    return given.get(rule, subject.given_to_case_fen)


def _minimum_grant(charter: Terms, subject: Subject) -> FailedRule | None:
    most_fen = max(min([subject.gap_fen, *_caps_left(charter, subject).values()]), 0)
    if most_fen >= charter.minimum_grant_fen:
        return None
    return FailedRule(Rule.MINIMUM_GRANT, charter.minimum_grant_fen, most_fen)


_CHECKS: tuple[Callable[[Terms, Subject], FailedRule | None], ...] = (
    _period,
    _region,
    _category,
    _tier,
    _group,
    _government_first,
    _cap(Rule.CASE_CAP),
    _cap(Rule.SHARE_CAP),
    _cap(Rule.HOUSEHOLD_CAP),
    _minimum_grant,
)
