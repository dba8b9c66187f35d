"""What a plan costs and gives over many cases: how many can be told, how finely, and what is lost."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from needs.anonymise.lattice import Subject
from needs.anonymise.plan import Plan


@dataclass(frozen=True)
class Summary:
    """Shares are of all cases, 0 to 1; the losses of those that can be told. Least crowds None where nobody is told."""

    cases: int
    told: float
    at_county_level: float
    information_loss_mean: float
    least_k_ref: int | None
    least_k_case: int | None
    least_k_notice: int | None
    held_because: dict[str, int]

    def as_dict(self) -> dict[str, object]:
        """Return it as plain data."""
        return asdict(self)


def summarise(plan: Plan, subjects: Iterable[Subject]) -> Summary:
    """Return what the plan decides about these subjects, summed."""
    decisions = [plan.decide(subject) for subject in subjects]
    told = [one.measures for one in decisions if one.published is not None and one.measures is not None]
    held = Counter(str(reason) for one in decisions if one.is_held for reason in one.reasons)
    of = max(1, len(decisions))
    return Summary(
        cases=len(decisions),
        told=round(len(told) / of, 4),
        at_county_level=round(sum(one.levels.region == 0 for one in told) / of, 4),
        information_loss_mean=round(sum(one.information_loss for one in told) / max(1, len(told)), 4),
        least_k_ref=min((one.k_ref for one in told if one.k_ref is not None), default=None),
        least_k_case=min((one.k_case for one in told), default=None),
        least_k_notice=min((one.k_notice for one in told), default=None),
        held_because=dict(held),
    )
