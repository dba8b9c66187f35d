"""
Measure how well a record hides its subject.

Three crowds are counted: people of the reference register (k_ref), cases of the last twelve months
(k_case) and cases whose notice a neighbour may have read lately (k_notice); the last once more as givers see
it who are bound to one place and one kind of help (k_offer). Each record is generalised for itself, so its class
is everybody who fits *that* record.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from needs.anonymise.cases import CaseClasses
from needs.anonymise.counting import Row, county_of, row_of
from needs.anonymise.lattice import (
    HIGHEST,
    Generalised,
    Levels,
    Subject,
    coarsest,
    information_loss,
    told_in_offers,
)
from needs.anonymise.register import Register
from needs.anonymise.settings import RiskSettings, WithoutRegister

STANDARD = RiskSettings()
# Without a register nothing finer than this is said: province, group of causes, wide amount, no tier.
COARSE_FLOOR = Levels(region=2, cause=1, age=2, trait=1, amount=1, category=0, tier=1)


class Reason(StrEnum):
    """Why a record is held, or what had to be weighed before it was published."""

    SENSITIVE = "sensitive"
    MINOR_SUBJECT = "minor_subject"
    REGISTER_MISSING = "register_missing"
    NO_SAFE_LEVEL = "no_safe_level"
    K_REF = "k_ref"
    K_CASE = "k_case"
    K_NOTICE = "k_notice"
    K_OFFER = "k_offer"
    L_DIVERSITY = "l_diversity"
    T_CLOSENESS = "t_closeness"


@dataclass(frozen=True, slots=True)
class Crowds:
    """Who the subject can be confused with, as of the month of publication (see `month_number`)."""

    cases: CaseClasses
    register: Register | None
    month: int


@dataclass(frozen=True, slots=True)
class Measures:
    """
    What was counted for one subject at one step of the lattice; `k_ref` None without a register.

    `place` is the finest region level that an offer to a fund may name: 0 the county, else that of the record.
    """

    levels: Levels
    k_ref: int | None
    k_case: int
    k_notice: int
    l: int  # noqa: E741 (the measure's name)
    t: float
    information_loss: float
    k_offer: int = 0
    place: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """
    What may be published about a subject, on which measures; `published` is None when it is held.

    `reasons` say why it is held or, for a published record, which measures asked for coarser words.
    """

    published: Generalised | None
    measures: Measures | None
    reasons: tuple[Reason, ...]

    @property
    def is_held(self) -> bool:
        """Whether nothing but aggregates may speak of the subject."""
        return self.published is None


def measure(
    subject: Subject, levels: Levels, crowds: Crowds, settings: RiskSettings = STANDARD, *, place: int = 0
) -> Measures:
    """Return how well the subject is hidden at these levels, where offers name no finer place."""
    return measure_row(row_of(subject), levels, crowds, settings, place=place)


def measure_row(
    row: Row, levels: Levels, crowds: Crowds, settings: RiskSettings, *, place: int = 0
) -> Measures:
    """Return how well whoever has this row is hidden at these levels, where offers name no finer place."""
    until, months = crowds.month, settings.case_months
    distinct, distance = crowds.cases.spread(until=until, months=months).spread(row, levels)
    recent = crowds.cases.crowd(until=until, months=settings.notice_months)
    register = crowds.register
    covered = register is not None and register.covers(county_of(row))
    return Measures(
        levels=levels,
        k_ref=register.people_like(row, levels) if register and covered else None,
        k_case=crowds.cases.crowd(until=until, months=months).count(row, levels),
        k_notice=recent.count(row, levels),
        l=distinct,
        t=round(distance, 4),
        information_loss=information_loss(levels),
        k_offer=recent.count(row, told_in_offers(levels, place)),
        place=place,
    )


def failings(measures: Measures, settings: RiskSettings, needed_k_ref: int) -> tuple[Reason, ...]:
    """Return the measures that are not met; without a register the class of cases must be larger."""
    has_counts = measures.k_ref is not None
    needed_cases = settings.k_case if has_counts else settings.k_case_without_register
    says_cause = measures.levels.cause < HIGHEST.cause
    failing = {
        Reason.K_REF: has_counts and (measures.k_ref or 0) < needed_k_ref,
        Reason.K_CASE: measures.k_case < needed_cases,
        Reason.K_NOTICE: measures.k_notice < settings.k_notice,
        Reason.K_OFFER: measures.k_offer < settings.k_offer,
        Reason.L_DIVERSITY: says_cause and measures.l < settings.l_diversity,
        Reason.T_CLOSENESS: says_cause and measures.t > settings.t_closeness,
    }
    return tuple(reason for reason, fails in failing.items() if fails)


def what_coarsening_would_do(
    subject: Subject, at: Levels, crowds: Crowds, settings: RiskSettings = STANDARD, *, place: int = 0
) -> dict[str, Measures]:
    """Return the measures after one step coarser in each attribute that has one left, by its name."""
    steps = {name: getattr(at, name) + 1 for name in Levels.__slots__}
    return {
        name: measure(subject, replace(at, **{name: step}), crowds, settings, place=place)
        for name, step in steps.items()
        if step <= getattr(HIGHEST, name)
    }


def forbidden(subject: Subject, crowds: Crowds, settings: RiskSettings) -> tuple[Reason, ...]:
    """Return why nothing but aggregates may speak of the subject, whatever the crowds; often nothing."""
    held = {
        Reason.SENSITIVE: bool(subject.sensitive),
        Reason.MINOR_SUBJECT: subject.is_minor,
        Reason.REGISTER_MISSING: settings.without_register is WithoutRegister.HOLD
        and not has_register(subject, crowds),
    }
    return tuple(reason for reason, holds in held.items() if holds)


def floor_for(subject: Subject, crowds: Crowds, settings: RiskSettings) -> Levels:
    """Return the finest levels that may be tried for the subject."""
    return settings.finest if has_register(subject, crowds) else coarsest(settings.finest, COARSE_FLOOR)


def has_register(subject: Subject, crowds: Crowds) -> bool:
    """Return whether people of the subject's county are counted in the reference register."""
    return crowds.register is not None and crowds.register.covers(subject.county)
