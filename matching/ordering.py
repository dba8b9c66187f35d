"""Who comes first: the published weights as a table that people can read, and the order that follows from it (pure).

The rule itself stands in `matching.engine.fairness`; here are its figures by the names of the field.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from jiujinan.codes import Group, Tier
from matching.engine import CashNeeds, Weights, order_by_fairness
from matching.engine.columns import Bool, Int64

LARGEST = 1_000_000
_PLAIN = ("difficulty", "waiting_day", "most_days", "band", "forgotten_permille")


class BadWeights(ValueError):
    """A figure of the table is missing, unknown or out of range; the text names it."""


@dataclass(frozen=True)
class WeightTable:
    """One published version of what counts how much; whole numbers. Neutral between groups at first."""

    version: str = "1"
    difficulty: int = 1000
    waiting_day: int = 100
    most_days: int = 365
    band: int = 10_000
    groups: Mapping[str, int] = field(default_factory=dict)
    wait_limit_days: Mapping[str, int] = field(
        default_factory=lambda: {Tier.CRITICAL: 3, Tier.JOINT: 15, Tier.DEPARTMENTAL: 30}
    )
    forgotten_after_days: Mapping[str, int] = field(
        default_factory=lambda: {Tier.CRITICAL: 7, Tier.JOINT: 45, Tier.DEPARTMENTAL: 90}
    )
    forgotten_permille: int = 100

    def told(self) -> dict[str, object]:
        """Return the table as plain values, in one form."""
        plain = asdict(self)
        return {name: dict(sorted(v.items())) if isinstance(v, dict) else v for name, v in plain.items()}

    @classmethod
    def read(cls, told: Mapping[str, object]) -> "WeightTable":
        """Return the checked table of plain values. Raises BadWeights."""
        if unknown := set(told) - set(cls.__dataclass_fields__):
            raise BadWeights(f"unknown figures: {', '.join(sorted(unknown))}")
        table = cls(**told)  # type: ignore[arg-type]  # checked below, figure by figure
        for name in _PLAIN:
            _check(name, getattr(table, name), least=int(name == "band"))
        if table.forgotten_permille > 1000:
            raise BadWeights("forgotten_permille: at most 1000")
        for name, codes in (("groups", Group), ("wait_limit_days", Tier), ("forgotten_after_days", Tier)):
            values = getattr(table, name)
            if not isinstance(values, Mapping) or set(values) - {code.value for code in codes}:
                raise BadWeights(f"{name}: unknown codes")
            for code, value in values.items():
                _check(f"{name}.{code}", value)
        for tier in Tier:
            limit, forgotten = table.wait_limit_days.get(tier), table.forgotten_after_days.get(tier)
            if limit is None or forgotten is None or forgotten < limit:
                raise BadWeights(f"{tier}: a limit, and a later day from which a need counts as forgotten")
        return table

    def weights(self) -> Weights:
        """Return the engine's weights."""
        bits = {code.value: place for place, code in enumerate(Group)}
        return Weights(
            version=self.version,
            groups=tuple(sorted((bits[code], weight) for code, weight in self.groups.items() if weight)),
            wait_limit_days=tuple(self.wait_limit_days[tier] for tier in Tier),
            forgotten_after_days=tuple(self.forgotten_after_days[tier] for tier in Tier),
            **{name: getattr(self, name) for name in _PLAIN},
        )


@dataclass(frozen=True)
class Order:
    """The priority of each item and what it was made of; arrays of one shape."""

    priority: Int64
    claim: Int64
    band: Int64
    overdue: Bool
    forgotten: Bool


def order_of(needs: CashNeeds, *, difficulty: Int64, waiting: Int64, table: WeightTable) -> Order:
    """Return the order of these needs; days that lie ahead count as none."""
    found = order_by_fairness(
        needs, difficulty=difficulty, waiting_days=waiting.clip(min=0), weights=table.weights()
    )
    return Order(found.needs.priority, found.claim, found.band, found.overdue, found.forgotten)


def _check(name: str, value: object, least: int = 0) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= LARGEST:
        raise BadWeights(f"{name}: a whole number from {least} to {LARGEST}")
