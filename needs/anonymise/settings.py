"""Thresholds of the publish gate, each with its source; none is a constant in code."""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from needs.anonymise.lattice import Levels

NEITHER_AGE_NOR_TRAIT = Levels(age=2, trait=1)


class Audience(StrEnum):
    """Who will see the record."""

    OPEN = "open"  # the open web
    VETTED = "vetted"  # a signed-in, vetted organisation


class WithoutRegister(StrEnum):
    """What to do for an area that has no reference register."""

    HOLD = "hold"
    COARSE = "coarse"


@dataclass(frozen=True, slots=True)
class RiskSettings:
    """
    How sure the gate must be before it publishes.

    * `k_ref_open` 20, `k_ref_vetted` 5: smallest class in the reference register for the open web (risk ≤
      0.05) and for controlled access; GB/T 42460-2023 as coded by implementers, El Emam, EMA 0.09.
    * `register_churn` 0.2: the share of a register that may leave it within a year. A class must still
      be large enough when only those who stayed are counted, so the needed class is k ÷ (1 − churn).
    * `k_case` 5: smallest class among the area's cases of `case_months` 12 months, this case included.
    * `k_notice` 5, `k_notice_wanted` 20: smallest and wanted class among the cases whose village notice
      fell in the `notice_months` 3 months up to the month of publication: what a neighbour who read the
      notices can compare with. Classes of 20 are sought first; smaller ones only rather than losing the
      county (down to a record that lost `county_is_worth` 0.25 of its information) or the record.
    * `k_offer` 5: smallest class among the same cases for givers who put together what their charters bind them
      to: the county, and every kind of help that the case lacks, even where the record withholds them.
    * `l_diversity` 3, `t_closeness` 0.3: distinct causes in the class of region, age and amount, and
      the distance of its causes from those of all cases (Machanavajjhala 2007; Li 2007).
    * `finest`: nothing finer is ever said; neither age nor trait, so that a record has at most four
      coarse dimensions beside its month (region, cause, amount, category).
    * `without_register` coarse, `k_case_without_register` 20: without a register the class of cases
      itself must reach 20, and nothing finer is said than province, group of causes, wide amount.
    """

    k_ref_open: int = 20
    k_ref_vetted: int = 5
    register_churn: float = 0.2
    k_case: int = 5
    case_months: int = 12
    k_notice: int = 5
    k_notice_wanted: int = 20
    county_is_worth: float = 0.25
    notice_months: int = 3
    k_offer: int = 5
    l_diversity: int = 3
    t_closeness: float = 0.3
    finest: Levels = NEITHER_AGE_NOR_TRAIT
    without_register: WithoutRegister = WithoutRegister.COARSE
    k_case_without_register: int = 20

    def __post_init__(self) -> None:
        """Refuse settings that would publish anybody (ValueError)."""
        smallest = min(
            self.k_ref_open, self.k_ref_vetted, self.k_case, self.k_notice, self.k_offer, self.l_diversity
        )
        if smallest < 2 or not 0 <= self.register_churn < 1 or not 0 < self.t_closeness < 1:
            message = "classes need at least two members; churn and t are shares"
            raise ValueError(message)

    def promised_k_ref(self, audience: Audience) -> int:
        """Return the class in the register that the audience never gets below."""
        return self.k_ref_open if audience is Audience.OPEN else self.k_ref_vetted

    def needed_k_ref(self, audience: Audience) -> int:
        """Return the class that the register must hold today so that the promise holds for a year."""
        return ceil(self.promised_k_ref(audience) / (1 - self.register_churn) - 1e-9)
