"""An independent checker: what is wrong with an allocation, pair by pair, in plain Python from the columns alone.

It imports nothing of the engine but the shape of an instance, lists every pair, and knows nothing of how grants were
found: charters, caps, promises, minimums, balances and gaps are written out a second time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from matching.engine import CashInstance

Grant = tuple[int, int, int]
"""Position of the need, position of the fund, fen."""


def lies_in(region: int, code: int) -> bool:
    """Return whether a region is a code of GB/T 2260 or below it, read as digits; 000000 is the nation."""
    digits = f"{code:06d}"
    prefix = digits[:2] * (digits[:2] != "00")
    for start in (2, 4):
        if any(digit != "0" for digit in digits[start:]):
            prefix = digits[: start + 2]
    return f"{region:06d}".startswith(prefix)


def has_bit(mask: int, number: int) -> bool:
    """Return whether a mask names a number; no mask names all."""
    return mask == 0 or bool(mask >> number & 1)


def broken_charter(instance: CashInstance, need: int, fund: int) -> list[str]:
    """Return the charter's rules that the pair breaks."""
    needs, funds = instance.needs, instance.funds
    codes = [int(code) for code in funds.regions_of(fund)]
    opens, expires = int(funds.opens_on[fund]), int(funds.expires_on[fund])
    groups = int(funds.groups[fund])
    kept = {
        "region": not codes or any(lies_in(int(needs.region[need]), code) for code in codes),
        "category": has_bit(int(funds.categories[fund]), int(needs.category[need])),
        "tier": has_bit(int(funds.tiers[fund]), int(needs.tier[need])),
        "groups": groups == 0 or groups & int(needs.groups[need]) != 0,
        "government first": not funds.government_first[fund] or bool(needs.government_done[need]),
        "period": not instance.today
        or (opens <= instance.today and (expires == 0 or expires >= instance.today)),
    }
    return [rule for rule, holds in kept.items() if not holds]


def promised(instance: CashInstance) -> tuple[dict[Grant, int], dict[Grant, int]]:
    """Return what stands promised, by (fund id, need id, 0) and by (fund id, household, 0)."""
    by_need: dict[Grant, int] = defaultdict(int)
    by_household: dict[Grant, int] = defaultdict(int)
    rows = instance.promises
    for need, household, fund, amount in zip(
        rows.need_id, rows.household, rows.fund_id, rows.amount_fen, strict=True
    ):
        by_need[int(fund), int(need), 0] += int(amount)
        if household:
            by_household[int(fund), int(household), 0] += int(amount)
    return by_need, by_household


def own_cap(instance: CashInstance, need: int, fund: int, before: int) -> int:
    """Return what charter, case cap and share cap leave to one pair, with `before` promised already."""
    if broken_charter(instance, need, fund):
        return 0
    needs, funds = instance.needs, instance.funds
    cap = int(needs.gap_fen[need])
    if funds.per_case_cap_fen[fund]:
        cap = min(cap, int(funds.per_case_cap_fen[fund]) - before)
    if funds.share_cap_permille[fund]:
        cap = min(cap, int(needs.required_fen[need]) * int(funds.share_cap_permille[fund]) // 1000 - before)
    return max(cap, 0)


def faults(instance: CashInstance, grants: Iterable[Grant]) -> list[str]:
    """Return every rule that an allocation breaks; an empty list means that all are kept."""
    needs, funds = instance.needs, instance.funds
    by_need, by_household = promised(instance)
    found: list[str] = []
    got, spent = [0] * len(needs), [0] * len(funds)
    of_household: dict[Grant, int] = defaultdict(int)
    seen: set[tuple[int, int]] = set()
    for need, fund, amount in grants:
        need_id, fund_id, household = int(needs.id[need]), int(funds.id[fund]), int(needs.household[need])
        name = f"need {need_id} from fund {fund_id}"
        found += [f"{name}: {rule}" for rule in broken_charter(instance, need, fund)]
        if amount <= 0 or (need, fund) in seen:
            found.append(f"{name}: no amount, or given twice")
        seen.add((need, fund))
        if amount > own_cap(instance, need, fund, by_need[fund_id, need_id, 0]):
            found.append(f"{name}: {amount} is over its cap")
        if amount < int(funds.minimum_grant_fen[fund]):
            found.append(f"{name}: {amount} is under the minimum")
        got[need] += amount
        spent[fund] += amount
        of_household[fund, household, 0 if household else need_id] += amount
    for (fund, household, alone), amount in of_household.items():
        cap, fund_id = int(funds.per_household_cap_fen[fund]), int(funds.id[fund])
        before = by_need[fund_id, alone, 0] if not household else by_household[fund_id, household, 0]
        if cap and amount > max(cap - before, 0):
            found.append(f"fund {fund_id}: {amount} to household {household} is over its cap")
    found += [f"need {needs.id[k]}: over its gap" for k in range(len(needs)) if got[k] > needs.gap_fen[k]]
    found += [
        f"fund {funds.id[k]}: over its balance"
        for k in range(len(funds))
        if spent[k] > funds.available_fen[k]
    ]
    return found
