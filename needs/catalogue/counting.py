"""Filters as masks over the columns, and the counts of every facet under all the other filters."""

from collections.abc import Mapping

import numpy as np

from jiujinan.accounts.roles import OrganisationKind
from jiujinan.codes import ItemKind
from jiujinan.regions.rules import Level, is_well_formed, level, parent_code, prefix
from needs.catalogue.columns import BANDS, CATEGORIES, CAUSES, KINDS, TIERS, Columns
from needs.catalogue.keys import month_index
from needs.catalogue.planes import Mask, Planes, packed
from needs.catalogue.question import FORCE_KINDS, Question, TimeLeft

_CODE_LENGTH = 6


def masks(columns: Columns, question: Question) -> dict[str, Mask]:
    """Return the mask of each filter that is asked; a value outside its code list keeps nothing."""
    facts = columns.facts
    found: dict[str, Mask] = {}
    if question.region:
        found["region"] = _within(columns, question.region)
    for name, codes, column in (("tier", TIERS, "tier"), ("amount", BANDS, "band")):
        value = getattr(question, name)
        if value:
            found[name] = facts[column] == codes.get(value, -1)
    if question.cause:
        found["cause"] = _of_cause(columns, question.cause)
    if question.kind:
        found["kind"] = _plane(columns.kinds, KINDS, question.kind)
    if question.category:
        found["category"] = _plane(columns.categories, CATEGORIES, question.category)
    if question.force:
        found["force"] = _of_force(columns, question.force)
    if question.left:
        found["left"] = _left(columns, question).get(question.left, np.zeros(columns.size, dtype=bool))
    return found


def facets(
    columns: Columns, question: Question, base: Mask, found: Mapping[str, Mask]
) -> dict[str, dict[str, int]]:
    """Return the counts of each facet among what passes `base` and every filter but its own."""
    every = _others(base, found, "")

    def others(name: str) -> Mask:
        return _others(base, found, name) if name in found else every

    whole = packed(every)
    counted = {
        name: planes.counts(packed(others(name)) if name in found else whole)
        for name, planes in _planes(columns, question).items()
    }
    return counted | {"region": _by_region(columns, question.region, others("region"))}


def without(base: Mask, found: Mapping[str, Mask]) -> dict[str, int]:
    """Return, for each filter, how many projects there are if it alone is dropped."""
    return {name: _count(_others(base, found, name)) for name in found}


def _planes(columns: Columns, question: Question) -> dict[str, Planes]:
    """Return what places have, by facet; only what the current month says is asked anew when it changes."""
    facts = columns.facts
    of = columns.planes
    return {
        "tier": of("tier", lambda: ((code, facts["tier"] == place) for code, place in TIERS.items())),
        "amount": of("amount", lambda: ((code, facts["band"] == place) for code, place in BANDS.items())),
        "cause": of("cause", lambda: ((code, _of_cause(columns, code)) for code in CAUSES)),
        "kind": of("kind", lambda: ((code, columns.kinds[place]) for code, place in KINDS.items())),
        "category": of(
            "category", lambda: ((code, columns.categories[place]) for code, place in CATEGORIES.items())
        ),
        "force": of("force", lambda: ((str(code), _of_force(columns, code)) for code in FORCE_KINDS)),
        "left": of("left", lambda: _left(columns, question).items(), at=_month(question)),
    }


def _others(base: Mask, found: Mapping[str, Mask], name: str) -> Mask:
    kept = base
    for other, mask in found.items():
        if other != name:
            kept = kept & mask
    return kept


def _count(mask: Mask) -> int:
    return int(np.count_nonzero(mask))


def _plane(planes: Mask, codes: Mapping[str, int], value: str) -> Mask:
    return planes[codes[value]] if value in codes else np.zeros(planes.shape[1], dtype=bool)


def _of_cause(columns: Columns, code: str) -> Mask:
    """Return what has the cause or, beside it or alone, the group of causes."""
    place = CAUSES.get(code, -1)
    held: Mask = (columns.facts["cause"] == place) | (columns.facts["group"] == place)
    return held


def _of_force(columns: Columns, force: str) -> Mask:
    if force not in FORCE_KINDS:
        return np.zeros(columns.size, dtype=bool)
    kinds = FORCE_KINDS[OrganisationKind(force)]
    planes: Mask = columns.kinds[[KINDS[kind] for kind in ItemKind if kind in kinds]]
    return np.logical_or.reduce(planes)  # type: ignore[no-any-return]  # numpy's stub says Any


def _month(question: Question) -> int:
    return month_index(question.today.year, question.today.month)


def _left(columns: Columns, question: Question) -> dict[str, Mask]:
    now = _month(question)
    wanted = columns.facts["wanted"]
    return {
        TimeLeft.OVER: wanted < now,
        TimeLeft.THIS_MONTH: wanted == now,
        TimeLeft.NEXT_MONTH: wanted == now + 1,
        TimeLeft.LATER: wanted > now + 1,
    }


def _within(columns: Columns, code: str) -> Mask:
    if not is_well_formed(code):
        return np.zeros(columns.size, dtype=bool)
    digits = len(prefix(code))
    step = 10 ** (_CODE_LENGTH - digits)
    inside: Mask = columns.facts["region"] // step == int(prefix(code))
    return inside


def _by_region(columns: Columns, code: str, kept: Mask) -> dict[str, int]:
    codes, which = columns.regions()
    counts = np.bincount(which[kept], minlength=len(codes))
    inside = prefix(code) if is_well_formed(code) else ""
    found = {f"{codes[place]:06d}": int(counts[place]) for place in np.flatnonzero(counts)}
    return one_step_below(code, {region: held for region, held in found.items() if region.startswith(inside)})


def one_step_below(code: str, counts: Mapping[str, int]) -> dict[str, int]:
    """Return the counts by division gathered one step below the code; what is told for the code itself is left out.

    A county that stands right under its province stands for itself. Without a code: the provinces.
    """
    standing = level(code) if is_well_formed(code) else None
    if standing is Level.COUNTY:
        return {}
    digits = {None: 2, Level.PROVINCE: 4, Level.PREFECTURE: 6}[standing]
    found: dict[str, int] = {}
    for region, count in counts.items():
        stands_directly = standing is Level.PROVINCE and parent_code(region) == code
        step = region if stands_directly else region[:digits].ljust(_CODE_LENGTH, "0")
        if step != code:
            found[step] = found.get(step, 0) + count
    return dict(sorted(found.items()))
