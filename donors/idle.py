"""
The idle-money report: what each fund could not give, and which restriction kept it from how much need.

Pure. It answers the carry-over of a help fund that grows while people ask in vain: not by blaming the
fund, but by naming the smallest relaxation of its charter that would let the money work.
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from donors.rules import Rule, Subject, Terms, why_not

# Rules that a charter can relax. A period that is over or a cap that is used up counts like any other.
_LARGEST_RELAXATION = 3


@dataclass(frozen=True, kw_only=True)
class Kept:
    """How much open need one restriction keeps from the fund, of which tier and where."""

    rule: Rule
    tier: str
    region: str
    items: int
    gap_fen: int
    alone_fen: int  # the part of gap_fen that only this restriction keeps away


@dataclass(frozen=True, kw_only=True)
class Relaxation:
    """Restrictions that would have to give way together, and how much of the idle money that would place."""

    rules: tuple[Rule, ...]
    gap_fen: int
    placed_fen: int


@dataclass(frozen=True, kw_only=True)
class IdleMoney:
    """One fund's part of the report. Amounts in fen, the rate in permille of what was spent (None: nothing)."""

    idle_fen: int
    spent_fen: int
    carry_over_permille: int | None
    reachable_gap_fen: int
    stranded_fen: int
    kept: tuple[Kept, ...]
    smallest_relaxation: Relaxation | None


def idle_money(
    charter: Terms, *, available_fen: int, spent_fen: int, subjects: Iterable[Subject]
) -> IdleMoney:
    """
    Return what keeps a fund's money from the open needs.

    `spent_fen` is what it paid in the past year, `subjects` the open need items (or classes of them with
    summed gaps). `stranded_fen` is the idle money beyond all need that the charter lets it reach.
    """
    idle_fen = max(available_fen - charter.reserve_fen, 0)
    failures = [
        (subject, frozenset(failed.rule for failed in why_not(charter, subject))) for subject in subjects
    ]
    reachable_fen = sum(subject.gap_fen for subject, failed in failures if not failed)
    stranded_fen = max(idle_fen - reachable_fen, 0)
    return IdleMoney(
        idle_fen=idle_fen,
        spent_fen=spent_fen,
        carry_over_permille=idle_fen * 1000 // spent_fen if spent_fen else None,
        reachable_gap_fen=reachable_fen,
        stranded_fen=stranded_fen,
        kept=tuple(_kept(failures)),
        smallest_relaxation=_smallest_relaxation(failures, stranded_fen),
    )


def gathered(charter: Terms, subjects: Iterable[Subject]) -> list[Subject]:
    """
    Return the same need in fewer rows: items of one sort summed, where that changes no answer of this charter.

    Items that are under the smallest grant, or to which the fund has given before, stay rows of their own.
    """
    sums: dict[tuple[object, ...], Subject] = {}
    alone: list[Subject] = []
    for one in subjects:
        if _stands_alone(charter, one):
            alone.append(one)
            continue
        sort = (one.region, one.category, one.tier, one.groups, one.government_decided, one.today)
        same = sums.get(sort)
        sums[sort] = (
            replace(
                same,
                gap_fen=same.gap_fen + one.gap_fen,
                required_fen=same.required_fen + one.required_fen,
                items=same.items + one.items,
            )
            if same
            else one
        )
    return [*sums.values(), *alone]


def _stands_alone(charter: Terms, one: Subject) -> bool:
    if one.given_to_item_fen or one.given_to_case_fen or one.given_to_household_fen:
        return True
    share = charter.share_cap_permille
    most_fen = min(one.gap_fen, one.required_fen * share // 1000 if share else one.gap_fen)
    if charter.per_case_cap_fen is not None:
        most_fen = min(most_fen, charter.per_case_cap_fen)
    return most_fen < max(charter.minimum_grant_fen, 1)


def _kept(failures: Sequence[tuple[Subject, frozenset[Rule]]]) -> list[Kept]:
    items: Counter[tuple[Rule, str, str]] = Counter()
    gaps: Counter[tuple[Rule, str, str]] = Counter()
    alone: Counter[tuple[Rule, str, str]] = Counter()
    for subject, failed in failures:
        for rule in failed:
            place = (rule, subject.tier, subject.region)
            items[place] += subject.items
            gaps[place] += subject.gap_fen
            alone[place] += subject.gap_fen if len(failed) == 1 else 0
    kept = [
        Kept(rule=rule, tier=tier, region=region, items=count, gap_fen=gaps[key], alone_fen=alone[key])
        for key, count in items.items()
        for rule, tier, region in [key]
    ]
    return sorted(kept, key=lambda one: (-one.gap_fen, one.rule, one.tier, one.region))


def _smallest_relaxation(
    failures: Sequence[tuple[Subject, frozenset[Rule]]], stranded_fen: int
) -> Relaxation | None:
    """Return the fewest restrictions that place the most; None if nothing is stranded or nothing helps."""
    by_failed: Counter[frozenset[Rule]] = Counter()
    for subject, failed in failures:
        by_failed[failed] += subject.gap_fen if failed else 0
    rules = sorted({rule for failed in by_failed for rule in failed})
    best: Relaxation | None = None
    for size in range(1, _LARGEST_RELAXATION + 1):
        for chosen in itertools.combinations(rules, size):
            gap_fen = sum(fen for failed, fen in by_failed.items() if failed and failed <= set(chosen))
            placed_fen = min(gap_fen, stranded_fen)
            if placed_fen > 0 and (best is None or _is_better(placed_fen, gap_fen, size, best)):
                best = Relaxation(rules=chosen, gap_fen=gap_fen, placed_fen=placed_fen)
    return best


def _is_better(placed_fen: int, gap_fen: int, size: int, best: Relaxation) -> bool:
    """More money placed wins; with the same money placed, fewer restrictions; then the larger need."""
    return (placed_fen, -size, gap_fen) > (best.placed_fen, -len(best.rules), best.gap_fen)
