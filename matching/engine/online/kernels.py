"""Compiled loops of the resident engine: one need against all funds, one fund against all waiting needs."""

from __future__ import annotations

from matching.engine.codes import Rule
from matching.engine.columns import Int64
from matching.engine.compiled import compiled
from matching.engine.online import tables as t

CHARTER = (
    int(Rule.REGION),
    int(Rule.CATEGORY),
    int(Rule.TIER),
    int(Rule.GROUP),
    int(Rule.GOVERNMENT_FIRST),
    int(Rule.PERIOD),
)
AMOUNTS = tuple(
    int(rule)
    for rule in (
        Rule.GAP,
        Rule.MINIMUM_GRANT,
        Rule.CASE_CAP,
        Rule.SHARE_CAP,
        Rule.HOUSEHOLD_CAP,
        Rule.BALANCE,
    )
)
NO_LIMIT = 1 << 60
KEY, GAP, REGION, CATEGORY, TIER, GROUPS, DONE, REQUIRED = (
    t.KEY, t.GAP, t.REGION, t.CATEGORY, t.TIER, t.GROUPS, t.DONE, t.REQUIRED,
)  # fmt: skip
MONEY, CATEGORIES, TIERS, GROUP_MASK, FIRST, MINIMUM, CASE_CAP, SHARE_CAP, HOUSEHOLD_CAP = (
    t.MONEY, t.CATEGORIES, t.TIERS, t.GROUP_MASK, t.FIRST, t.MINIMUM, t.CASE_CAP, t.SHARE_CAP, t.HOUSEHOLD_CAP,
)  # fmt: skip
OPENS, EXPIRES, BID, FIRST_REGION, REGIONS = t.OPENS, t.EXPIRES, t.BID, t.FIRST_REGION, t.REGIONS


@compiled
def failed_charter(needs: Int64, need: int, funds: Int64, fund: int, regions: Int64, today: int) -> int:
    """Return the bits of the charter rules that this pair of rows fails."""
    failed = 0
    if funds[fund, REGIONS] > 0:
        inside = False
        for place in range(funds[fund, FIRST_REGION], funds[fund, FIRST_REGION] + funds[fund, REGIONS]):
            if regions[place, 0] <= needs[need, REGION] < regions[place, 1]:
                inside = True
                break
        if not inside:
            failed |= CHARTER[0]
    if funds[fund, CATEGORIES] != 0 and (funds[fund, CATEGORIES] >> needs[need, CATEGORY]) & 1 == 0:
        failed |= CHARTER[1]
    if funds[fund, TIERS] != 0 and (funds[fund, TIERS] >> needs[need, TIER]) & 1 == 0:
        failed |= CHARTER[2]
    if funds[fund, GROUP_MASK] != 0 and funds[fund, GROUP_MASK] & needs[need, GROUPS] == 0:
        failed |= CHARTER[3]
    if funds[fund, FIRST] != 0 and needs[need, DONE] == 0:
        failed |= CHARTER[4]
    if today > 0 and (funds[fund, OPENS] > today or (0 < funds[fund, EXPIRES] < today)):
        failed |= CHARTER[5]
    return failed


@compiled
def quick_tests(funds: Int64, fund: int, regions: Int64) -> tuple[int, int, int]:
    """Return the mask of categories and the bounds of the region that every need of the fund passes.

    Two comparisons spare most needs the whole charter, which is a call and far dearer.
    """
    accepted = funds[fund, CATEGORIES] if funds[fund, CATEGORIES] != 0 else -1
    lowest = 0
    highest = 1_000_000
    if funds[fund, REGIONS] == 1:
        lowest = regions[funds[fund, FIRST_REGION], 0]
        highest = regions[funds[fund, FIRST_REGION], 1]
    return accepted, lowest, highest


@compiled
def room_of(needs: Int64, need: int, funds: Int64, fund: int, given: int, household: int) -> int:
    """Return what the fund may still give to the need by gap and caps; `given` and `household` were given earlier."""
    room: int = needs[need, GAP]
    if funds[fund, CASE_CAP] > 0:
        room = min(room, funds[fund, CASE_CAP] - given)
    if funds[fund, SHARE_CAP] > 0:
        room = min(room, needs[need, REQUIRED] * funds[fund, SHARE_CAP] // 1000 - given)
    if funds[fund, HOUSEHOLD_CAP] > 0:
        room = min(room, funds[fund, HOUSEHOLD_CAP] - household)
    return room


@compiled
def failed_amounts(needs: Int64, need: int, funds: Int64, fund: int, given: int, household: int) -> int:
    """Return the bits of the rules about amounts that this pair of rows fails."""
    floor = funds[fund, MINIMUM]
    failed = 0
    if needs[need, GAP] <= 0:
        failed |= AMOUNTS[0]
    elif needs[need, GAP] < floor:
        failed |= AMOUNTS[1]
    for number in range(3):
        limit = NO_LIMIT
        if number == 0 and funds[fund, CASE_CAP] > 0:
            limit = funds[fund, CASE_CAP] - given
        elif number == 1 and funds[fund, SHARE_CAP] > 0:
            limit = needs[need, REQUIRED] * funds[fund, SHARE_CAP] // 1000 - given
        elif number == 2 and funds[fund, HOUSEHOLD_CAP] > 0:
            limit = funds[fund, HOUSEHOLD_CAP] - household
        if limit <= 0:
            failed |= AMOUNTS[2 + number]
        elif limit < floor:
            failed |= AMOUNTS[1]
    if funds[fund, MONEY] <= 0:
        failed |= AMOUNTS[5]
    elif funds[fund, MONEY] < max(floor, 1):
        failed |= AMOUNTS[1]
    return failed


@compiled
def look_at_funds(
    needs: Int64,
    need: int,
    funds: Int64,
    regions: Int64,
    given: Int64,
    household: Int64,
    barred: Int64,
    today: int,
    efforts: Int64,
    out_fund: Int64,
    out_room: Int64,
    seen: Int64,
) -> int:
    """Write the funds that may give, with how much; return how many.

    `seen` becomes: how many funds the charter admits, how many of them have money, the nearest fund that may not give
    (or -1), the rules that it fails, how many may give but are too dear, and the least dear of their prices.
    """
    count = 0
    least = 1 << 60
    seen[:] = 0
    seen[2] = -1
    for fund in range(len(funds)):
        failed = failed_charter(needs, need, funds, fund, regions, today)
        if failed == 0:
            seen[0] += 1
            if funds[fund, MONEY] > 0:
                seen[1] += 1
            failed = failed_amounts(needs, need, funds, fund, given[fund], household[fund])
            if failed == 0 and barred[fund] == 0:
                if needs[need, KEY] <= funds[fund, BID]:
                    out_fund[count] = fund
                    room = room_of(needs, need, funds, fund, given[fund], household[fund])
                    out_room[count] = min(funds[fund, MONEY], room)
                    count += 1
                else:
                    seen[4] += 1
                    seen[5] = max(seen[5], funds[fund, BID])
                continue
        if efforts[failed] < least:
            least = efforts[failed]
            seen[2] = fund
            seen[3] = failed
    return count


@compiled
def look_at_needs(
    funds: Int64,
    fund: int,
    regions: Int64,
    needs: Int64,
    order: Int64,
    start: int,
    given: Int64,
    today: int,
    enough: int,
    out_need: Int64,
    out_room: Int64,
) -> tuple[int, int]:
    """Write the waiting needs that the fund may give to, best first, until `enough` fen are asked for.

    Return how many, and where in the order to go on; household caps are left to the caller.
    """
    count = 0
    asked = 0
    place = start
    accepted, lowest, highest = quick_tests(funds, fund, regions)
    while place < len(order) and count < len(out_need) and asked < enough:
        need = order[place]
        if needs[need, KEY] > funds[fund, BID]:
            return count, len(order)
        place += 1
        if needs[need, GAP] <= 0 or (accepted >> needs[need, CATEGORY]) & 1 == 0:
            continue
        if not lowest <= needs[need, REGION] < highest:
            continue
        if failed_charter(needs, need, funds, fund, regions, today) != 0:
            continue
        if failed_amounts(needs, need, funds, fund, given[need], 0) == 0:
            out_need[count] = need
            out_room[count] = room_of(needs, need, funds, fund, given[need], 0)
            asked += out_room[count]
            count += 1
    return count, place


@compiled
def count_rivals(
    funds: Int64, fund: int, regions: Int64, needs: Int64, key: int, today: int
) -> tuple[int, int]:
    """Return how many waiting needs the charter admits, and how many of all waiting needs stand before this key."""
    rivals = 0
    before = 0
    accepted, lowest, highest = quick_tests(funds, fund, regions)
    for need in range(len(needs)):
        if needs[need, GAP] <= 0:
            continue
        if needs[need, KEY] < key:
            before += 1
        if (accepted >> needs[need, CATEGORY]) & 1 == 0 or not lowest <= needs[need, REGION] < highest:
            continue
        if failed_charter(needs, need, funds, fund, regions, today) == 0:
            rivals += 1
    return rivals, before
