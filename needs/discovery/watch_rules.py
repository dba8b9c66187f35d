"""Watch groups by rule (pure): who belongs to a group follows from facts, so that nobody is left off a list by hand.

A rule is data: `{"all": [...]}`, `{"any": [...]}`, `{"not": {...}}` around conditions
`{"group": code}`, `{"kind": sensitive kind}`, `{"cause": code}`, `{"circle": code}`, `{"region": division code}`,
`{"size_up_to": people}`, `{"everybody_from_age": years}`, `{"somebody_from_age": years}` and
`{"somebody_below_age": years}`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jiujinan.codes import Cause, Group, ReliefCircle, SensitiveKind
from jiujinan.regions.rules import is_well_formed, is_within

Rule = Mapping[str, object]
DEEPEST = 5
OLDEST = 130


class WrongRule(ValueError):
    """The rule cannot be read; `where` names the part, `what` says what is wrong with it."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.where, self.what = where, what


@dataclass(frozen=True)
class Facts:
    """What is known of a household without opening anything: ages in whole years, codes."""

    region: str
    size: int
    ages: tuple[int, ...] = ()
    groups: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    causes: frozenset[str] = frozenset()
    circle: str = ""


def _everybody(facts: Facts, years: int) -> bool:
    """Unknown ages are nobody's proof: all members must be known."""
    return len(facts.ages) >= facts.size > 0 and min(facts.ages) >= years


_CONDITIONS: dict[str, Callable[[Facts, str], bool]] = {
    "group": lambda facts, code: code in facts.groups,
    "kind": lambda facts, code: code in facts.kinds,
    "cause": lambda facts, code: code in facts.causes,
    "circle": lambda facts, code: code == facts.circle,
    "region": lambda facts, code: is_within(facts.region, code),
}
_NUMBERS: dict[str, Callable[[Facts, int], bool]] = {
    "size_up_to": lambda facts, people: facts.size <= people,
    "everybody_from_age": _everybody,
    "somebody_from_age": lambda facts, years: any(age >= years for age in facts.ages),
    "somebody_below_age": lambda facts, years: any(age < years for age in facts.ages),
}
_CODES = {
    "group": frozenset(Group),
    "kind": frozenset(SensitiveKind),
    "cause": frozenset(Cause),
    "circle": frozenset(ReliefCircle),
}


def belongs(rule: Rule, facts: Facts) -> bool:
    """Return whether the household belongs to the group; the rule must have passed `check`."""
    ((name, value),) = rule.items()
    if name == "all":
        return all(belongs(part, facts) for part in value)  # type: ignore[attr-defined]
    if name == "any":
        return any(belongs(part, facts) for part in value)  # type: ignore[attr-defined]
    if name == "not":
        return not belongs(value, facts)  # type: ignore[arg-type]
    if name in _NUMBERS:
        return _NUMBERS[name](facts, int(str(value)))
    return _CONDITIONS[name](facts, str(value))


def check(rule: object, *, where: str = "rule", depth: int = 0) -> None:
    """Raise WrongRule, naming the part, unless the rule can be read."""
    if not isinstance(rule, dict) or len(rule) != 1:
        raise WrongRule(where, "one condition in braces")
    if depth > DEEPEST:
        raise WrongRule(where, f"more than {DEEPEST} levels deep")
    ((name, value),) = rule.items()
    inside = f"{where}.{name}"
    if name in {"all", "any"}:
        if not isinstance(value, list) or not value:
            raise WrongRule(inside, "a list of at least one condition")
        for place, part in enumerate(value):
            check(part, where=f"{inside}[{place}]", depth=depth + 1)
    elif name == "not":
        check(value, where=inside, depth=depth + 1)
    elif name in _NUMBERS:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= OLDEST:
            raise WrongRule(inside, f"a whole number from 0 to {OLDEST}")
    elif name == "region":
        if not isinstance(value, str) or not is_well_formed(value):
            raise WrongRule(inside, "a six-digit division code")
    elif name in _CODES:
        if value not in _CODES[name]:
            raise WrongRule(inside, "one of " + ", ".join(sorted(_CODES[name])))
    else:
        raise WrongRule(inside, "an unknown condition")
