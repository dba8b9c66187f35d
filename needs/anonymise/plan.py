"""
Choose for every case at once how finely it may be told, so that the choice itself gives nothing away.

Were each record made as fine as its own class allows, a coarse record would say "my class was too
small", and a reader who knows the rule could strike out everybody whose class is not (Wong et al.,
Minimality attack, VLDB 2007). So the levels of the lattice are tried in one order for all cases: a class
is accepted when enough cases *that no finer level took* are in it. Those of a class get the same record
and can't be told apart by it, rule known or not.

Givers know more than the record: a fund bound to a county or to a kind of help knows these of whatever it is
offered. So only those cases make up a class of whom enough are alike in county and kinds of help too. What is left
over after all levels goes through them once more, with the county kept from givers as well: it is offered to those
funds alone whose charters reach as far as the record's own place.
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
    told_in_offers,
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


@dataclass(frozen=True, slots=True)
class Accepted:
    """
    What one walk through the classes of a level accepted, and the finest place (region level) that its offers name.

    `classes` maps the key of what givers know (`told_in_offers`) to how many get the very same record.
    """

    levels: Levels
    place: int
    classes: dict[int, int]

    def size(self, row: Row) -> int | None:
        """Return how many get the same record as a case with this row, None where its class was not accepted."""
        return self.classes.get(class_key(row, told_in_offers(self.levels, self.place), EVERYTHING_SAID))


@dataclass(frozen=True)
class Plan:
    """The classes accepted at each level, with their sizes; make once a night or import, ask often."""

    crowds: Crowds
    settings: RiskSettings
    audience: Audience
    accepted: tuple[Accepted, ...]
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
        key = (class_key(row_of(subject), told_in_offers(floor, 0), EVERYTHING_SAID), floor)
        if key not in self._made:
            self._made[key] = self._decide(subject, floor)
        return self._made[key]

    def _decide(self, subject: Subject, floor: Levels) -> Decision:
        missing = () if has_register(subject, self.crowds) else (Reason.REGISTER_MISSING,)
        found = self._finest_accepted(subject, floor)
        if found is None:
            highest = measure(subject, HIGHEST, self.crowds, self.settings)
            return Decision(None, highest, (Reason.NO_SAFE_LEVEL, *missing))
        levels, place, size = found
        measures = measure(subject, levels, self.crowds, self.settings, place=place)
        measures = replace(measures, k_notice=size)
        return Decision(generalise(subject, levels), measures, (*missing, *self._why_coarser(subject, floor)))

    def _finest_accepted(self, subject: Subject, floor: Levels) -> tuple[Levels, int, int] | None:
        row = row_of(subject)
        for step in self.accepted:
            size = step.size(row) if floor.is_at_most(step.levels) else None
            if size is not None:
                return step.levels, step.place, size
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
    place: int = 0,
) -> Decision:
    """
    Return the decision for a record that is public at these levels: the same, coarser, or held.

    `crowds.month` is the month of publication; its cases and the register are today's. Nothing becomes
    finer, since earlier snapshots stay in the readers' hands. For the same reason a record is held once the
    register has fewer than promised who fit what it said at `first` (default: `published`): coarser words take
    nothing back, and every day it stood longer would let who kept the page strike out those who leave. `place` is
    the finest that its offers named, and name.
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
        measures = measure_row(row, levels, crowds, settings, place=place)
        failing = failings(measures, settings, promised)
        at_floor = failing if at_floor is None else at_floor
        if not failing:
            return Decision(generalise(subject, levels), measures, at_floor)
    return Decision(None, measure_row(row, HIGHEST, crowds, settings), (Reason.NO_SAFE_LEVEL,))


def _steps(settings: RiskSettings) -> Iterable[tuple[Levels, int, int]]:
    """Yield the levels to try, the finest place that offers may name then, and the class wanted, as preferred."""
    allowed = [levels for levels in lattice() if settings.finest.is_at_most(levels)]
    lost_already = information_loss(settings.finest)
    in_county = [
        levels
        for levels in allowed
        if levels.region == 0 and information_loss(levels) - lost_already <= settings.county_is_worth
    ]
    for some in (in_county, allowed):
        for wanted in (max(settings.k_notice, settings.k_notice_wanted), settings.k_notice):
            yield from ((levels, 0, wanted) for levels in some)
    beyond_the_county = [levels for levels in allowed if levels.region]
    for wanted in (max(settings.k_notice, settings.k_notice_wanted), settings.k_notice):
        yield from ((levels, levels.region, wanted) for levels in beyond_the_county)


def _accept_classes(crowds: Crowds, settings: RiskSettings, audience: Audience) -> Iterable[Accepted]:
    recent = crowds.cases.crowd(until=crowds.month, months=settings.notice_months)
    columns, weights = recent.columns, recent.weights
    may_be_fine = np.array([_is_covered(county, crowds.register) for county in columns[:, 0]], dtype=bool)
    waiting = np.ones(len(columns), dtype=bool)
    for levels, place, wanted in _steps(settings):
        asked = np.flatnonzero(waiting if COARSE_FLOOR.is_at_most(levels) else waiting & may_be_fine)
        asked, known = _enough_alike_to_givers(
            columns, weights, asked, told_in_offers(levels, place), settings
        )
        if not len(asked):
            continue
        counts = ClassCounts(columns[asked], weights[asked], EVERYTHING_SAID)
        keys, inverse = counts.classes(levels)
        sizes = np.bincount(inverse, weights=counts.weights, minlength=len(keys)).astype(np.int64)
        good = np.zeros(len(keys), dtype=bool)
        for at in np.flatnonzero(sizes >= wanted):
            members = counts.columns[inverse == at]
            good[at] = _hides(members, int(sizes[at]), levels, place, crowds, settings, audience)
        taken = good[inverse]
        if taken.any():
            classes = dict(zip(known[taken].tolist(), sizes[inverse[taken]].tolist(), strict=True))
            yield Accepted(levels, place, classes)
            waiting[asked[taken]] = False


def _enough_alike_to_givers(
    columns: Integers, weights: Integers, asked: Integers, told: Levels, settings: RiskSettings
) -> tuple[Integers, Integers]:
    """Return which of these rows enough others are like for whoever knows this much, and each one's key for it."""
    counts = ClassCounts(columns[asked], weights[asked], EVERYTHING_SAID)
    keys, inverse = counts.classes(told)
    enough = np.bincount(inverse, weights=counts.weights, minlength=len(keys)) >= settings.k_offer
    kept = enough[inverse]
    return asked[kept], keys[inverse][kept]


def _hides(
    members: Integers,
    size: int,
    levels: Levels,
    place: int,
    crowds: Crowds,
    settings: RiskSettings,
    audience: Audience,
) -> bool:
    """Return whether the class meets every threshold, for members with and without a register."""
    needed = settings.needed_k_ref(audience)
    for row in _one_of_each_kind(members, crowds.register):
        measures = replace(measure_row(row, levels, crowds, settings, place=place), k_notice=size)
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
