"""
Choose for every case at once how finely it may be told, so that the choice itself gives nothing away.

Were each record made as fine as its own class allows, a coarse record would say "my class was too
small", and a reader who knows the rule could strike out everybody whose class is not (Wong et al.,
Minimality attack, VLDB 2007). So the levels of the lattice are tried in one order for all cases: a class
is accepted when enough cases *that no finer level took* are in it. Those of a class get the same record
and can't be told apart by it, rule known or not.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from needs.anonymise.cases import EVERYTHING_SAID
from needs.anonymise.counting import ClassCounts, Integers, Row, class_key, row_of
from needs.anonymise.lattice import (
    FINEST,
    HIGHEST,
    Levels,
    Subject,
    above,
    coarsest,
    generalise,
    information_loss,
    lattice,
)
from needs.anonymise.register import Register
from needs.anonymise.risk import (
    COARSE_FLOOR,
    STANDARD,
    Crowds,
    Decision,
    Reason,
    failings,
    floor_for,
    forbidden,
    has_register,
    measure,
    measure_row,
)
from needs.anonymise.settings import Audience, RiskSettings


@dataclass(frozen=True)
class Plan:
    """The classes accepted at each level, with their sizes; make once a night or import, ask often."""

    crowds: Crowds
    settings: RiskSettings
    audience: Audience
    accepted: tuple[tuple[Levels, dict[int, int]], ...]
    # Subjects of whom the finest words would be the same get the same decision.
    _made: dict[tuple[int, Levels], Decision] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(
        cls, crowds: Crowds, settings: RiskSettings = STANDARD, *, audience: Audience = Audience.OPEN
    ) -> "Plan":
        """Return the plan for the cases whose notices fell in the months that a neighbour remembers."""
        return cls(crowds, settings, audience, tuple(_accept_classes(crowds, settings, audience)))

    def decide(self, subject: Subject, *, not_finer_than: Levels = FINEST) -> Decision:
        """
        Return the record that loses least and still hides the subject; held when there is none.

        Sensitive kinds and minors as main subject are always held: they speak through aggregates alone.
        `k_notice` in the decision's measures counts the cases that get the very same record.
        """
        reasons = forbidden(subject, self.crowds, self.settings)
        if reasons:
            return Decision(None, None, reasons)
        floor = coarsest(not_finer_than, floor_for(subject, self.crowds, self.settings))
        key = (class_key(row_of(subject), floor, EVERYTHING_SAID), floor)
        if key not in self._made:
            self._made[key] = self._decide(subject, floor)
        return self._made[key]

    def _decide(self, subject: Subject, floor: Levels) -> Decision:
        missing = () if has_register(subject, self.crowds) else (Reason.REGISTER_MISSING,)
        found = self._finest_accepted(subject, floor)
        if found is None:
            highest = measure(subject, HIGHEST, self.crowds, self.settings)
            return Decision(None, highest, (Reason.NO_SAFE_LEVEL, *missing))
        levels, size = found
        measures = replace(measure(subject, levels, self.crowds, self.settings), k_notice=size)
        return Decision(generalise(subject, levels), measures, (*missing, *self._why_coarser(subject, floor)))

    def _finest_accepted(self, subject: Subject, floor: Levels) -> tuple[Levels, int] | None:
        row = row_of(subject)
        for levels, classes in self.accepted:
            size = classes.get(class_key(row, levels, EVERYTHING_SAID)) if floor.is_at_most(levels) else None
            if size is not None:
                return levels, size
        return None

    def _why_coarser(self, subject: Subject, floor: Levels) -> tuple[Reason, ...]:
        measures = measure(subject, floor, self.crowds, self.settings)
        return failings(measures, self.settings, self.settings.needed_k_ref(self.audience))


def choose_generalisation(
    subject: Subject,
    crowds: Crowds,
    settings: RiskSettings = STANDARD,
    *,
    audience: Audience = Audience.OPEN,
) -> Decision:
    """Return the decision for one subject alone; for more than one make a `Plan` and ask it."""
    return Plan.of(crowds, settings, audience=audience).decide(subject)


def recheck(
    subject: Subject,
    published: Levels,
    crowds: Crowds,
    settings: RiskSettings = STANDARD,
    *,
    audience: Audience = Audience.OPEN,
    first: Levels | None = None,
) -> Decision:
    """
    Return the decision for a record that is public at these levels: the same, coarser, or held.

    `crowds.month` is the month of publication; its cases and the register are today's. Nothing becomes
    finer, since earlier snapshots stay in the readers' hands. For the same reason a record is held once the
    register has fewer than promised who fit what it said at `first` (default: `published`): coarser words take
    nothing back, and every day it stood longer would let who kept the page strike out those who leave.
    """
    reasons = forbidden(subject, crowds, settings)
    if reasons:
        return Decision(None, None, reasons)
    promised = settings.promised_k_ref(audience)
    kept_pages = measure(subject, first or published, crowds, settings)
    if kept_pages.k_ref is not None and kept_pages.k_ref < promised:
        return Decision(None, kept_pages, (Reason.K_REF,))
    floor = coarsest(published, floor_for(subject, crowds, settings))
    row, at_floor = row_of(subject), None
    for levels in above(floor):
        measures = measure_row(row, levels, crowds, settings)
        failing = failings(measures, settings, promised)
        at_floor = failing if at_floor is None else at_floor
        if not failing:
            return Decision(generalise(subject, levels), measures, at_floor)
    return Decision(None, measure_row(row, HIGHEST, crowds, settings), (Reason.NO_SAFE_LEVEL,))


def _steps(settings: RiskSettings) -> Iterable[tuple[Levels, int]]:
    """Yield the levels to try and the class wanted at each, in the order of preference."""
    allowed = [levels for levels in lattice() if settings.finest.is_at_most(levels)]
    lost_already = information_loss(settings.finest)
    in_county = [
        levels
        for levels in allowed
        if levels.region == 0 and information_loss(levels) - lost_already <= settings.county_is_worth
    ]
    for some in (in_county, allowed):
        for wanted in (max(settings.k_notice, settings.k_notice_wanted), settings.k_notice):
            yield from ((levels, wanted) for levels in some)


def _accept_classes(
    crowds: Crowds, settings: RiskSettings, audience: Audience
) -> Iterable[tuple[Levels, dict[int, int]]]:
    recent = crowds.cases.crowd(until=crowds.month, months=settings.notice_months)
    columns, weights = recent.columns, recent.weights
    may_be_fine = np.array([_is_covered(county, crowds.register) for county in columns[:, 0]], dtype=bool)
    waiting = np.ones(len(columns), dtype=bool)
    for levels, wanted in _steps(settings):
        asked = np.flatnonzero(waiting if COARSE_FLOOR.is_at_most(levels) else waiting & may_be_fine)
        if not len(asked):
            continue
        counts = ClassCounts(columns[asked], weights[asked], EVERYTHING_SAID)
        keys, inverse = counts.classes(levels)
        sizes = np.bincount(inverse, weights=counts.weights, minlength=len(keys)).astype(np.int64)
        good = np.zeros(len(keys), dtype=bool)
        for place in np.flatnonzero(sizes >= wanted):
            members = counts.columns[inverse == place]
            good[place] = _hides(members, int(sizes[place]), levels, crowds, settings, audience)
        if good.any():
            yield levels, {int(keys[place]): int(sizes[place]) for place in np.flatnonzero(good)}
            waiting[asked[good[inverse]]] = False


def _hides(
    members: Integers,
    size: int,
    levels: Levels,
    crowds: Crowds,
    settings: RiskSettings,
    audience: Audience,
) -> bool:
    """Return whether the class meets every threshold, for members with and without a register."""
    needed = settings.needed_k_ref(audience)
    for row in _one_of_each_kind(members, crowds.register):
        measures = replace(measure_row(row, levels, crowds, settings), k_notice=size)
        if failings(measures, settings, needed):
            return False
    return True


def _one_of_each_kind(members: Integers, register: Register | None) -> Iterable[Row]:
    kinds: dict[bool, Row] = {}
    for values in members.tolist():
        row: Row = tuple(values)
        kinds.setdefault(_is_covered(row[0], register), row)
    return kinds.values()


def _is_covered(county: int, register: Register | None) -> bool:
    return register is not None and register.covers(f"{county:06d}")
