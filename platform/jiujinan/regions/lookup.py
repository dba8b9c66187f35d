"""
The division table in memory, for readers that resolve thousands of codes.

Pure: built from rows of any source. `RegionLookup.resolve` says whether a text names a division
that stood on a day, or one that was abolished (and what replaced it), or nothing.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from jiujinan.regions.rules import CODE_LENGTH, is_well_formed
from jiujinan.regions.source import RegionRow

_REMARK = re.compile(r"（[^）]*）$")
_LONGER_CODE = re.compile(r"^\d{9}$|^\d{12}$")  # township or village: its county comes first


@dataclass(frozen=True, slots=True)
class Found:
    """The division that stood on the day; `is_leaf` when nothing smaller stood inside it."""

    code: str
    name: str
    is_leaf: bool


@dataclass(frozen=True, slots=True)
class Abolished:
    """A division that no longer stood on the day, and the one that took its place, if known."""

    code: str
    name: str
    valid_to: date
    replaced_by: str | None
    replaced_by_name: str | None


@dataclass(frozen=True)
class RegionLookup:
    """Divisions by code and by unique full name."""

    facts: Mapping[str, RegionRow]
    _parents: frozenset[str] = field(repr=False)
    _codes_by_name: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, facts: Iterable[RegionRow]) -> "RegionLookup":
        """Return the lookup over these rows; names that two current divisions share are not searchable."""
        by_code = {fact.code: fact for fact in facts}
        current = [fact for fact in by_code.values() if fact.valid_to is None]
        parents = frozenset(fact.parent for fact in current if fact.parent is not None)
        names: dict[str, str | None] = {}
        for fact in current:
            for name in _names(fact, by_code):
                names[name] = fact.code if name not in names else None
        unique = {name: code for name, code in names.items() if code is not None}
        return cls(by_code, parents, unique)

    def resolve(self, text: str, *, on: date) -> Found | Abolished | None:
        """Return what the code (6, 9 or 12 digits) or unique name stood for on that day, None if nothing."""
        fact = self.facts.get(self._code(text))
        if fact is None or (fact.valid_from is not None and on < fact.valid_from):
            return None
        if fact.valid_to is None or on < fact.valid_to:
            return Found(fact.code, fact.name, fact.code not in self._parents)
        heir = self.facts.get(fact.replaced_by or "")
        return Abolished(fact.code, fact.name, fact.valid_to, fact.replaced_by, heir.name if heir else None)

    def name(self, code: str) -> str:
        """Return the division's own name; raise KeyError for an unknown code."""
        return self.facts[code].name

    def _code(self, text: str) -> str:
        if _LONGER_CODE.match(text):
            return text[:CODE_LENGTH]
        return text if is_well_formed(text) else self._codes_by_name.get(_REMARK.sub("", text), "")


def _names(fact: RegionRow, by_code: Mapping[str, RegionRow]) -> set[str]:
    """Return the own name, and the name after those above it, without remarks in brackets."""
    own = _REMARK.sub("", fact.name)
    names, above, path = {own}, fact.parent, own
    while above is not None and above in by_code:
        path = _REMARK.sub("", by_code[above].name) + path
        names.add(path)
        above = by_code[above].parent
    return names
