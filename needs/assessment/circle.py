"""Relief circle, expenditure test and statutory limits (pure). Figures come from the region's dated standard."""

from dataclasses import dataclass
from enum import StrEnum

from jiujinan.codes import ReliefCircle
from needs.assessment.standards import Standard


class NationalCircle(StrEnum):
    """The three circles of 分层分类 relief (中办发〔2020〕18号)."""

    FIRST = "first"  # 低保、特困
    SECOND = "second"  # 低保边缘、支出型困难
    THIRD = "third"  # 其他困难


class Ring(StrEnum):
    """The rings of Beilin: income a head up to so many times the local standard."""

    RING_100 = "ring_100"
    RING_150 = "ring_150"
    RING_200 = "ring_200"
    BEYOND = "beyond"


NATIONAL = {
    ReliefCircle.BASIC: NationalCircle.FIRST,
    ReliefCircle.EDGE: NationalCircle.SECOND,
}


@dataclass(frozen=True)
class Means:
    """What a household has and must spend; money in fen, expenses over 12 months."""

    size: int
    monthly_income_fen: int
    expenses_fen: int
    declared: str = ""  # a circle that the government has already established


@dataclass(frozen=True)
class Standing:
    """Where a household stands, with the figures that say so (fen a month and head)."""

    circle: ReliefCircle
    ring: Ring
    is_poor_by_expenditure: bool
    is_declared: bool
    per_head_fen: int
    left_per_head_fen: int

    @property
    def national(self) -> NationalCircle:
        """The national circle of the relief circle."""
        return NATIONAL.get(self.circle, NationalCircle.THIRD)


def standing(means: Means, *, standard_fen: int, expense_permille: int = 0) -> Standing:
    """Return circle, ring and expenditure test of a household against the local monthly standard.

    An established circle holds. Otherwise income a head against the standard: 1.0, 1.5 and 2.0 rings (Beilin);
    a household whose unavoidable spending eats what lies above the standard, and takes at least `expense_permille` of
    its income, counts as poor by expenditure (支出型, 民发〔2021〕57号) and stands on the edge ring.
    """
    per_head = means.monthly_income_fen // means.size
    left = (means.monthly_income_fen * 12 - means.expenses_fen) // (12 * means.size)
    ring = _ring(per_head, standard_fen)
    is_heavy = means.expenses_fen * 1000 >= expense_permille * means.monthly_income_fen * 12
    is_poor_by_expenditure = ring != Ring.RING_100 and left <= standard_fen and is_heavy
    circle = ReliefCircle(means.declared) if means.declared else _circle(ring, is_poor_by_expenditure)
    return Standing(circle, ring, is_poor_by_expenditure, bool(means.declared), per_head, left)


def circle(means: Means, *, standard_fen: int) -> ReliefCircle:
    """Return the circle alone."""
    return standing(means, standard_fen=standard_fen).circle


def _ring(per_head: int, standard_fen: int) -> Ring:
    if per_head <= standard_fen:
        return Ring.RING_100
    if 2 * per_head <= 3 * standard_fen:
        return Ring.RING_150
    return Ring.RING_200 if per_head <= 2 * standard_fen else Ring.BEYOND


def _circle(ring: Ring, is_poor_by_expenditure: bool) -> ReliefCircle:
    if is_poor_by_expenditure:
        return ReliefCircle.EDGE
    return {
        Ring.RING_100: ReliefCircle.BASIC,
        Ring.RING_150: ReliefCircle.RING_150,
        Ring.RING_200: ReliefCircle.RING_200,
        Ring.BEYOND: ReliefCircle.OTHER,
    }[ring]


def temporary_relief_limit_fen(*, people: int, standard: Standard, hard_case: bool) -> int:
    """Return the statutory ceiling of temporary relief: so many monthly standards a person, more in hard cases.

    Source of the usual 6 and 12 months: Xianning 2017; Zhejiang 2020, art. 39–40. The region's own row decides.
    """
    months = standard.hard_case_months if hard_case else standard.relief_months
    return people * standard.monthly_fen * months
