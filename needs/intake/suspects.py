"""Finding people who may be one, without anything private lying open.

Candidates are found by keyed blind indexes alone (the same phone; family name, birth date and sex; the sound of the
name and the year of birth; the name within the county). Only they are opened, inside this process, to be compared
(`similarity.py`); what is kept of it are likenesses by field. The audit entry of the import says how many were.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from uuid import UUID

from jiujinan.sealing.fields import SealedField
from jiujinan.tabular.numbers import birth_date
from needs.intake.models import PossibleDuplicate
from needs.intake.records import fresh_key
from needs.intake.similarity import POSSIBLE, VERSION, Identity, compare
from needs.models import Person

_KEYS = ("phone_index", "birth_index", "sound_index")
_LARGEST_BLOCK = 12  # a key that so many share tells nothing; another one finds them
_CLOSE_YEARS = 10
Pair = tuple[Person, Person]
Keys = tuple[UUID, UUID]


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
    pairs: dict[Keys, Pair] = {}
    for column in _KEYS:
        keys = {key for person in people if (key := getattr(person, column))}
        _pair_up(pairs, people, _known(**{f"{column}__among": keys}), attrgetter(column))
    names = {person.name_index for person in people}
    counties = {person.household.region_id for person in people}
    same = _known(name_index__among=names, household__region__in=counties)
    _pair_up(pairs, people, same, lambda person: (person.name_index, person.household.region_id))
    return pairs


def _known(**wanted: object) -> Iterable[Person]:
    return Person.objects.filter(merged_into=None, **wanted).select_related("household")


def _pair_up(
    pairs: dict[Keys, Pair],
    people: Sequence[Person],
    known: Iterable[Person],
    key_of: Callable[[Person], Hashable],
) -> None:
    """Add the pairs that share a key, unless too many do."""
    blocks: defaultdict[Hashable, dict[object, Person]] = defaultdict(dict)
    for person in known:
        blocks[key_of(person)][person.pk] = person
    fresh: defaultdict[Hashable, list[Person]] = defaultdict(list)
    for person in people:
        if key := key_of(person):
            fresh[key].append(person)
            blocks[key][person.pk] = person
    for key, new in fresh.items():
        if 1 < len(blocks[key]) <= _LARGEST_BLOCK:
            for one in new:
                for other in blocks[key].values():
                    if _is_worth_comparing(one, other):
                        first, second = (one, other) if str(one.pk) < str(other.pk) else (other, one)
                        pairs[first.pk, second.pk] = first, second


def _is_worth_comparing(one: Person, other: Person) -> bool:
    if one.pk == other.pk or one.household_id == other.household_id:
        return False
    born, born_too = one.birth_year, other.birth_year
    return born is None or born_too is None or abs(born - born_too) <= _CLOSE_YEARS


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
