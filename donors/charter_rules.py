"""What a charter may say: codes that exist, amounts that make sense, changes that need consent. Pure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Protocol

from donors.ledger.rules import LARGEST_AMOUNT_FEN
from jiujinan.accounts.roles import Role
from jiujinan.codes import Group, ItemCategory, Tier
from jiujinan.regions.rules import is_well_formed


class Purpose(Protocol):
    """What the comparison of purposes reads of a charter; an empty list stands for everything."""

    @property
    def categories(self) -> Collection[str]: ...  # noqa: D102 - the field of the model
    @property
    def tiers(self) -> Collection[str]: ...  # noqa: D102
    @property
    def groups(self) -> Collection[str]: ...  # noqa: D102


AMOUNTS = (
    "per_case_cap_fen",
    "minimum_grant_fen",
    "per_household_cap_fen",
    "reserve_fen",
    "second_approval_above_fen",
)
SHARES = ("share_cap_permille", "fee_cap_permille")
CODE_LISTS: Mapping[str, frozenset[str]] = {
    "categories": frozenset(ItemCategory),
    "tiers": frozenset(Tier),
    "groups": frozenset(Group),
}
# Roles in the holder that may give the second approval; `donors.models.SecondApproval` names them for people.
SECOND_APPROVERS = frozenset({Role.PAYMENT_APPROVER.value, Role.FUND_MANAGER.value})
# What the money is for and for whom, and what becomes of the rest (慈善法 56, 58).
PURPOSE = frozenset(
    {"purpose", "regions", "categories", "tiers", "groups", "on_end", "transfers_out", "fee_cap_permille"}
)
FIELDS = frozenset(
    {
        *AMOUNTS,
        *SHARES,
        *CODE_LISTS,
        *PURPOSE,
        "government_first",
        "second_approval_by",
        "household_period_days",
        "starts_on",
        "ends_on",
        "transfers_in",
    }
)


def charter_problems(values: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return (field, code of the problem) for everything that a charter of these values can't say."""
    problems = [(name, "unknown_field") for name in sorted(values.keys() - FIELDS)]
    for name in ("regions", *CODE_LISTS):
        problems += _list_problems(name, values.get(name, []))
    for name in AMOUNTS:
        problems += _whole_problems(name, values.get(name), LARGEST_AMOUNT_FEN)
    for name in SHARES:
        problems += _whole_problems(name, values.get(name), 1000)
    if values.get("second_approval_by", Role.PAYMENT_APPROVER) not in SECOND_APPROVERS:
        problems.append(("second_approval_by", "unknown_code"))
    return problems + _pair_problems(values)


def needs_consent(before: Mapping[str, object], after: Mapping[str, object]) -> bool:
    """Return whether going from one charter to the other changes the purpose."""
    return any(before.get(name) != after.get(name) for name in PURPOSE)


def are_alike(charter: Purpose, other: Purpose) -> bool:
    """Return whether the two serve something in common: a category, a group and a tier of cases (慈善法 58)."""
    pairs = (
        (charter.categories, other.categories),
        (charter.groups, other.groups),
        (charter.tiers, other.tiers),
    )
    return all(not own or not theirs or set(own) & set(theirs) for own, theirs in pairs)


def _list_problems(name: str, value: object) -> list[tuple[str, str]]:
    if not isinstance(value, list | tuple) or not all(isinstance(code, str) for code in value):
        return [(name, "not_a_list_of_codes")]
    known = all(_is_known(name, code) for code in value)
    once = len(set(value)) == len(value)
    return [(name, code) for code, fine in (("unknown_code", known), ("repeated_code", once)) if not fine]


def _is_known(name: str, code: str) -> bool:
    return is_well_formed(code) if name == "regions" else code in CODE_LISTS[name]


def _whole_problems(name: str, value: object, largest: int) -> list[tuple[str, str]]:
    if value is None:
        return []
    if type(value) is not int or not 0 <= value <= largest:
        return [(name, "not_a_whole_number_in_range")]
    return [(name, "zero")] if value == 0 and name in _NEVER_ZERO else []


_NEVER_ZERO: Iterable[str] = frozenset({"per_case_cap_fen", "per_household_cap_fen", "share_cap_permille"})


def _pair_problems(values: Mapping[str, object]) -> list[tuple[str, str]]:
    problems: list[tuple[str, str]] = []
    starts, ends = values.get("starts_on"), values.get("ends_on")
    if not isinstance(starts, date):
        problems.append(("starts_on", "missing"))
    elif isinstance(ends, date) and ends < starts:
        problems.append(("ends_on", "before_the_start"))
    cap, days = values.get("per_household_cap_fen"), values.get("household_period_days")
    if (cap is None) != (days is None) or (days is not None and (type(days) is not int or days < 1)):
        problems.append(("household_period_days", "goes_with_the_household_cap"))
    cap, least = values.get("per_case_cap_fen"), values.get("minimum_grant_fen")
    if type(cap) is int and type(least) is int and least > cap:
        problems.append(("minimum_grant_fen", "above_the_case_cap"))
    return problems
