"""Relief circle and statutory limits (pure). Sources: LAW.md of the house's knowledge, cited beside each rule."""

from dataclasses import dataclass

from jiujinan.codes import ReliefCircle


@dataclass(frozen=True)
class Means:
    """What a household has and must spend; money in fen, expenses over 12 months."""

    size: int
    monthly_income_fen: int
    expenses_fen: int
    declared: str = ""  # a circle that the government has already established


def circle(means: Means, *, standard_fen: int) -> ReliefCircle:
    """Return the ring that the household stands in.

    An established circle holds. Otherwise income a head against the local standard: 1.0, 1.5 and 2.0
    rings (Beilin); a household whose unavoidable spending eats what lies above the standard counts as
    poor by expenditure (支出型, 民发〔2021〕57号) and stands on the edge ring.
    """
    if means.declared:
        return ReliefCircle(means.declared)
    per_head = means.monthly_income_fen // means.size
    if per_head <= standard_fen:
        return ReliefCircle.BASIC
    if (means.monthly_income_fen * 12 - means.expenses_fen) // (12 * means.size) <= standard_fen:
        return ReliefCircle.EDGE
    if 2 * per_head <= 3 * standard_fen:
        return ReliefCircle.RING_150
    return ReliefCircle.RING_200 if per_head <= 2 * standard_fen else ReliefCircle.OTHER


def temporary_relief_limit_fen(*, people: int, standard_fen: int, hard_case: bool) -> int:
    """Return the statutory ceiling of temporary relief: 6 monthly standards a person, 12 in hard cases.

    Source: Xianning 2017; Zhejiang 2020, art. 39–40. A setting by region replaces both once entered.
    """
    return people * standard_fen * (12 if hard_case else 6)
