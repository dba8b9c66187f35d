"""
How alike two people are, where no number says so for certain (pure).

Field by field a likeness from 0 to 1, weighted; what one side does not know counts for neither. After the method of
Fellegi and Sunter (A Theory for Record Linkage, JASA 1969), with fixed weights and rapidfuzz for texts. The score
decides nothing: from `POSSIBLE` on, a person looks at both records.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from rapidfuzz.distance import JaroWinkler, Levenshtein
from rapidfuzz.fuzz import ratio

from jiujinan.text.sounding import sound

VERSION = 1
POSSIBLE = 0.80
WEIGHTS: Mapping[str, float] = {
    "name": 0.35,
    "birth": 0.25,
    "phone": 0.15,
    "address": 0.12,
    "region": 0.08,
    "sex": 0.05,
}
_ENOUGH = 0.6  # of the weights must be known on both sides for a full score
_TWO_NUMBERS = 0.85  # two valid ID numbers that differ speak against one person …
_TYPED_WRONG = 2  # … unless so few characters differ
_SAME_SOUND, _ALMOST = 0.95, 0.7
_SAME_YEAR, _ONE_DIGIT = 0.4, 0.6
_UNKNOWN_SEX = frozenset({"", "0", "9"})


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of a person; empty where nothing is. Never shows in a `repr`."""

    name: str = field(repr=False)
    id_number: str = field(repr=False, default="")
    born_on: date | None = field(repr=False, default=None)
    sex: str = field(repr=False, default="")
    region: str = ""
    phone: str = field(repr=False, default="")
    address: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Likeness:
    """The score (0–1) and its parts by field (0–1); fields that one side does not know are missing."""

    score: float
    parts: Mapping[str, float]


def compare(one: Identity, other: Identity) -> Likeness:
    """Return how alike the two are; the order of the two does not matter."""
    parts = {"name": _names(one.name, other.name)}
    if one.born_on and other.born_on:
        parts["birth"] = _births(one.born_on, other.born_on)
    if one.phone and other.phone:
        parts["phone"] = _phones(one.phone, other.phone)
    if one.address and other.address:
        parts["address"] = ratio(one.address, other.address) / 100
    if one.region and other.region:
        parts["region"] = _regions(one.region, other.region)
    if not {one.sex, other.sex} & _UNKNOWN_SEX:
        parts["sex"] = float(one.sex == other.sex)
    known = sum(WEIGHTS[name] for name in parts)
    total = sum(WEIGHTS[name] * part for name, part in parts.items())
    score = total / max(known, _ENOUGH)
    if one.id_number and other.id_number:
        score *= _numbers(one.id_number, other.id_number)
    return Likeness(round(min(score, 1.0), 4), {name: round(part, 4) for name, part in parts.items()})


def _names(one: str, other: str) -> float:
    if one == other:
        return 1.0
    heard, heard_too = sound(one), sound(other)
    if heard == heard_too:
        return _SAME_SOUND
    return max(JaroWinkler.similarity(one, other), _SAME_SOUND * ratio(heard, heard_too) / 100) * _SAME_SOUND


def _births(one: date, other: date) -> float:
    if one == other:
        return 1.0
    same = (one.year == other.year) + (one.month == other.month) + (one.day == other.day)
    swapped = one.year == other.year and (one.month, one.day) == (other.day, other.month)
    if same == 2 or swapped:
        return _ALMOST
    return _SAME_YEAR if one.year == other.year else 0.0


def _phones(one: str, other: str) -> float:
    if one == other:
        return 1.0
    return _ONE_DIGIT if Levenshtein.distance(one, other) == 1 else 0.0


def _regions(one: str, other: str) -> float:
    if one == other:
        return 1.0
    return 0.5 if one[:4] == other[:4] else 0.0


def _numbers(one: str, other: str) -> float:
    return 1.0 if Levenshtein.distance(one, other) <= _TYPED_WRONG else _TWO_NUMBERS
