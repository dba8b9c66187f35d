"""
What a record may say about its subject, and how each statement is made coarser.

Seven attributes, each with its steps from fine to coarse. A `Levels` names one step for each; the set of
all of them, ordered by `information_loss`, is the generalisation lattice. Region codes are the six
digits of GB/T 2260: zeroing two digits gives the prefecture, four the province.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cache
from itertools import product
from operator import attrgetter
from typing import Self

from jiujinan.codes import (
    CATEGORY_KINDS,
    CAUSE_GROUPS,
    MINOR_AGE_BANDS,
    WIDE_AGE_BANDS,
    WIDE_AMOUNT_BANDS,
    AgeBand,
    AmountBand,
    Cause,
    CauseGroup,
    Group,
    ItemCategory,
    ItemKind,
    SensitiveKind,
    Tier,
    WideAgeBand,
    WideAmountBand,
)

REGION_CODE_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Subject:
    """
    The main subject of a case as the gate sees it: codes only, nobody's name.

    `county` is a code of GB/T 2260 (six digits). `age_band` is that of the main subject: the person
    helped, or the head of the household where the household is helped. `trait` is the one group that
    the description may mention. `month` is the month of the case (of its notice), year × 12 + month − 1.
    """

    county: str
    cause: Cause
    month: int
    age_band: AgeBand | None = None
    trait: Group | None = None
    amount_band: AmountBand | None = None
    categories: frozenset[ItemCategory] = frozenset()
    sensitive: frozenset[SensitiveKind] = frozenset()
    tier: Tier | None = None

    def __post_init__(self) -> None:
        """Refuse a region code that is not six digits (ValueError)."""
        if len(self.county) != REGION_CODE_LENGTH or not (self.county.isascii() and self.county.isdigit()):
            message = "a region code has six digits"
            raise ValueError(message)

    @property
    def is_minor(self) -> bool:
        """Whether the main subject is under 18."""
        return self.age_band in MINOR_AGE_BANDS


@dataclass(frozen=True, slots=True, order=True)
class Levels:
    """One step for each attribute; 0 is the finest."""

    region: int = 0  # county, prefecture, province
    cause: int = 0  # cause, group, not said
    age: int = 0  # ten years, twenty years, not said
    trait: int = 0  # said, not said
    amount: int = 0  # band, wide band, not said
    category: int = 0  # category of each item, only its kind
    tier: int = 0  # said, not said

    def is_at_most(self, other: Self) -> bool:
        """Return whether no attribute is coarser than in the other."""
        return all(mine <= theirs for mine, theirs in zip(steps_of(self), steps_of(other), strict=True))


# What `dataclasses.astuple` gives, without its deep copies: this is asked a hundred times for a decision.
steps_of: Callable[[Levels], tuple[int, ...]] = attrgetter(*(field.name for field in fields(Levels)))

FINEST = Levels()
HIGHEST = Levels(region=2, cause=2, age=2, trait=1, amount=2, category=1, tier=1)

# What a reader loses at each step; the weights sum to one. Where the need is and why it arose are what
# donors choose by; age and trait are only colour.
LOSS = {
    "region": (0.0, 0.30, 0.42),
    "cause": (0.0, 0.12, 0.22),
    "age": (0.0, 0.02, 0.04),
    "trait": (0.0, 0.04),
    "amount": (0.0, 0.04, 0.12),
    "category": (0.0, 0.11),
    "tier": (0.0, 0.05),
}


@dataclass(frozen=True, slots=True)
class Generalised:
    """What is published; None or an empty set means that it is not said."""

    region: str
    region_level: int
    cause: Cause | None
    cause_group: CauseGroup | None
    age_band: AgeBand | None
    wide_age_band: WideAgeBand | None
    trait: Group | None
    amount_band: AmountBand | None
    wide_amount_band: WideAmountBand | None
    categories: frozenset[ItemCategory]
    kinds: frozenset[ItemKind]
    tier: Tier | None = None


def coarser_region(code: str, level: int) -> str:
    """Return the code at the level: 0 as it is, 1 its prefecture, 2 its province."""
    kept = REGION_CODE_LENGTH - 2 * level
    return code[:kept].ljust(REGION_CODE_LENGTH, "0")


def generalise(subject: Subject, levels: Levels) -> Generalised:
    """Return what is said about the subject at these levels; a finer step implies the coarser one."""
    age, amount, cause = subject.age_band, subject.amount_band, subject.cause
    return Generalised(
        region=coarser_region(subject.county, levels.region),
        region_level=levels.region,
        cause=cause if levels.cause == 0 else None,
        cause_group=CAUSE_GROUPS[cause] if levels.cause <= 1 else None,
        age_band=age if levels.age == 0 else None,
        wide_age_band=WIDE_AGE_BANDS[age] if age and levels.age <= 1 else None,
        trait=subject.trait if levels.trait == 0 else None,
        amount_band=amount if levels.amount == 0 else None,
        wide_amount_band=WIDE_AMOUNT_BANDS[amount] if amount and levels.amount <= 1 else None,
        categories=subject.categories if levels.category == 0 else frozenset(),
        kinds=frozenset(CATEGORY_KINDS[category] for category in subject.categories),
        tier=subject.tier if levels.tier == 0 else None,
    )


def coarsest(one: Levels, other: Levels) -> Levels:
    """Return the coarser step of the two for each attribute."""
    return Levels(*(max(pair) for pair in zip(steps_of(one), steps_of(other), strict=True)))


def told_in_offers(levels: Levels, place: int) -> Levels:
    """
    Return what a giver knows of a record that says these levels, whatever its charter binds it to.

    A fund for one kind of help is offered that kind alone, though the record withholds it; a fund for one county is
    offered that county's, unless offers name no finer place than region level `place`. All givers together know this.
    """
    return replace(levels, region=min(place, levels.region), category=0)


def information_loss(levels: Levels) -> float:
    """Return the share of the record's information that is lost at these levels, 0 to 1."""
    losses: list[float] = [LOSS[field.name][getattr(levels, field.name)] for field in fields(Levels)]
    return round(sum(losses), 4)


@cache
def lattice() -> tuple[Levels, ...]:
    """Return all levels, the least loss first; ties in a fixed order."""
    steps = [range(getattr(HIGHEST, field.name) + 1) for field in fields(Levels)]
    return tuple(sorted((Levels(*step) for step in product(*steps)), key=lambda v: (information_loss(v), v)))


@cache
def above(floor: Levels) -> tuple[Levels, ...]:
    """Return these levels and all that are coarser, the least loss first: the floor itself comes first."""
    return tuple(levels for levels in lattice() if floor.is_at_most(levels))
