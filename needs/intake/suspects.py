"""Finding people who may be one, without anything private lying open.

Candidates are found by keyed blind indexes alone (the same phone; family name, birth date and sex; the sound of the
name and the year of birth; the name within the county). Only they are opened, inside this process, to be compared
(`similarity.py`); what is kept of it are likenesses by field. The audit entry of the import says how many were.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from jiujinan.sealing.fields import SealedField
from jiujinan.tabular.numbers import birth_date
from needs.intake.models import PossibleDuplicate
from needs.intake.records import fresh_key
from needs.intake.similarity import POSSIBLE, VERSION, Identity, compare
from needs.models import Person

_KEYS = (("phone_index",), ("birth_index",), ("sound_index",), ("name_index", "household__region_id"))
_LARGEST_BLOCK = 12  # a key that so many share tells nothing; another one finds them
_CLOSE_YEARS = 10
Pair = tuple[Person, Person]
Keys = tuple[UUID, UUID]
Shared = tuple[str, ...]


class _Known(NamedTuple):
    """What it takes to tell whether somebody is worth comparing."""

    pk: UUID
    household: UUID
    born: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """How many pairs were compared, and which of them a person should look at; nothing is saved yet."""

    compared: int = 0
    suspects: tuple[PossibleDuplicate, ...] = ()

    def figures(self) -> dict[str, int]:
        """Return what the import's audit entry says of it."""
        return {"compared": self.compared, "possible_duplicates": len(self.suspects)} if self.compared else {}


def find(*, people: Sequence[Person], now: datetime) -> Found:
    """Compare people who are being written with each other and with everybody known; those need not be saved yet."""
    pairs = _pairs(people)
    known = PossibleDuplicate.objects.filter(first__in={first.pk for first, _ in pairs.values()})
    for pair in known.values_list("first_id", "second_id"):
        pairs.pop(pair, None)
    persons = {person.pk: person for pair in pairs.values() for person in pair}
    facts = {key: identity(person) for key, person in persons.items()}
    found = []
    for (one, other), (first, _) in pairs.items():
        likeness = compare(facts[one], facts[other])
        if likeness.score >= POSSIBLE:
            found.append(
                PossibleDuplicate(
                    id=fresh_key(),
                    first_id=one,
                    second_id=other,
                    region_id=first.household.region_id,
                    score=round(likeness.score * 100),
                    parts=dict(likeness.parts),
                    score_version=VERSION,
                    found_at=now,
                )
            )
    return Found(len(pairs), tuple(found))


def _pairs(people: Sequence[Person]) -> dict[Keys, Pair]:
    """Return the pairs to compare by their keys, the smaller first; none is within one household."""
    keys = {pair for columns in _KEYS for pair in _sharing(people, columns)}
    persons = {person.pk: person for person in people}
    elsewhere = {pk for pair in keys for pk in pair if pk not in persons}
    persons |= Person.objects.select_related("household").in_bulk(list(elsewhere))
    return {(one, other): (persons[one], persons[other]) for one, other in keys}


def _sharing(people: Sequence[Person], columns: tuple[str, ...]) -> Iterator[Keys]:
    """Yield the keys of pairs that share these columns, unless too many do; of people known only what that takes."""
    fresh: defaultdict[Shared, list[_Known]] = defaultdict(list)
    for person in people:
        if getattr(person, columns[0]):
            shared = tuple(attrgetter(column.replace("__", "."))(person) for column in columns)
            fresh[shared].append(_Known(person.pk, person.household_id, person.birth_year))
    blocks = {shared: {one.pk: one for one in block} for shared, block in fresh.items()}
    for row in _known(columns, set(fresh)):
        block = blocks.get(row[3:])
        if block is not None and len(block) <= _LARGEST_BLOCK:
            block[row[0]] = _Known(*row[:3])
    for shared, new in fresh.items():
        if len(blocks[shared]) <= _LARGEST_BLOCK:
            for one in new:
                for other in blocks[shared].values():
                    if _is_worth_comparing(one, other):
                        yield (one.pk, other.pk) if str(one.pk) < str(other.pk) else (other.pk, one.pk)


def _known(columns: tuple[str, ...], shared: set[Shared]) -> Iterator[tuple[Any, ...]]:
    """Yield person, household, year of birth and the columns of everybody saved who may share them, row by row."""
    wanted: dict[str, object] = {f"{columns[0]}__among": {one[0] for one in shared}}
    for place, column in enumerate(columns[1:], start=1):
        wanted[f"{column}__in"] = {one[place] for one in shared}
    known = Person.objects.filter(merged_into=None, **wanted)
    return known.values_list("pk", "household_id", "birth_year", *columns).iterator(chunk_size=5000)


def _is_worth_comparing(one: _Known, other: _Known) -> bool:
    if one.pk == other.pk or one.household == other.household:
        return False
    return one.born is None or other.born is None or abs(one.born - other.born) <= _CLOSE_YEARS


def identity(person: Person) -> Identity:
    """Return what is known of the person, opened for a comparison by the program alone."""
    opened = {
        name: _field(name).open(person) or "" for name in ("name", "id_number", "born_on", "phone", "address")
    }
    return Identity(
        name=opened["name"],
        id_number=opened["id_number"],
        born_on=_born_on(opened["id_number"], opened["born_on"]),
        sex=person.sex,
        region=person.household.region_id,
        phone=opened["phone"],
        address=opened["address"],
    )


def _born_on(number: str, born_on: str) -> date | None:
    if number:
        return birth_date(number)
    return date.fromisoformat(born_on) if born_on else None


def _field(name: str) -> SealedField:
    field = Person._meta.get_field(name)
    assert isinstance(field, SealedField)
    return field
