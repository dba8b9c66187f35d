"""Finding people who may be one, without anything private lying open.

Candidates are found by keyed blind indexes alone (the same phone; family name, birth date and sex; the sound of the
name and the year of birth; the name and the day of birth without its year). Only they are opened, inside this process,
to be compared (`similarity.py`); what is kept of it are likenesses by field. The audit entry of the import says how
many were.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from jiujinan.sealing.fields import SealedField
from jiujinan.tabular.numbers import birth_date
from needs.intake.models import PossibleDuplicate
from needs.intake.records import fresh_key
from needs.intake.similarity import POSSIBLE, VERSION, Identity, compare
from needs.models import Person

_KEYS = ("phone_index", "birth_index", "sound_index", "name_index")
_LARGEST_BLOCK = 12  # a key that so many share tells nothing; another one finds them
_CLOSE_YEARS = 10
Keys = tuple[UUID, UUID]


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
    pairs = {pair for column in _KEYS for pair in _sharing(people, column)} - _asked(people)
    wanted = {pk for pair in pairs for pk in pair}
    facts = {person.pk: identity(person) for person in people if person.pk in wanted}
    facts |= _identities(wanted - facts.keys())
    found = []
    for one, other in pairs:
        likeness = compare(facts[one], facts[other])
        if likeness.score >= POSSIBLE:
            found.append(
                PossibleDuplicate(
                    id=fresh_key(),
                    first_id=one,
                    second_id=other,
                    region_id=facts[one].region,
                    score=round(likeness.score * 100),
                    parts=dict(likeness.parts),
                    score_version=VERSION,
                    found_at=now,
                )
            )
    return Found(len(pairs), tuple(found))


def _asked(people: Sequence[Person]) -> set[Keys]:
    """Return the pairs with one of these people that were asked about before; who is new was in none."""
    known = [person.pk for person in people if not person._state.adding]
    if not known:
        return set()
    among = Q(first__in=known) | Q(second__in=known)
    return set(PossibleDuplicate.objects.filter(among).values_list("first_id", "second_id"))


def _sharing(people: Sequence[Person], column: str) -> Iterator[Keys]:
    """Yield the keys of pairs that share this index, unless too many do; of people known only what that takes."""
    fresh: defaultdict[str, list[_Known]] = defaultdict(list)
    for person in people:
        if shared := getattr(person, column):
            fresh[shared].append(_Known(person.pk, person.household_id, person.birth_year))
    blocks = {shared: {one.pk: one for one in block} for shared, block in fresh.items()}
    known = Person.objects.filter(**{f"{column}__among": list(fresh)})
    facts = known.values_list(column, "merged_into_id", "pk", "household_id", "birth_year")
    for shared, merged_into, pk, household, born in facts:
        # Asked for by the database, the merged would lead it past the index of the column (SQLite).
        if merged_into is None and len(blocks[shared]) <= _LARGEST_BLOCK:
            blocks[shared][pk] = _Known(pk, household, born)
    for shared, new in fresh.items():
        if len(blocks[shared]) <= _LARGEST_BLOCK:
            for one in new:
                for other in blocks[shared].values():
                    if _is_worth_comparing(one, other):
                        yield (one.pk, other.pk) if str(one.pk) < str(other.pk) else (other.pk, one.pk)


def _is_worth_comparing(one: _Known, other: _Known) -> bool:
    if one.pk == other.pk or one.household == other.household:
        return False
    return one.born is None or other.born is None or abs(one.born - other.born) <= _CLOSE_YEARS


def identity(person: Person) -> Identity:
    """Return what is known of the person, opened for a comparison by the program alone."""
    sealed = [field.open(person) for field in _fields()]
    return _identity(sealed, person.sex, person.household.region_id)


def _identities(keys: Collection[UUID]) -> dict[UUID, Identity]:
    """Return the same of saved people by key: a thousand of them for each part of a file, so not as models."""
    fields = _fields()
    found = Person.objects.filter(pk__among=keys).order_by()
    rows = found.values_list("pk", "sex", "household__region_id", *(field.name for field in fields))
    return {
        pk: _identity(
            [field.opened(value, pk) for field, value in zip(fields, sealed, strict=True)], sex, region
        )
        for pk, sex, region, *sealed in rows
    }


def _identity(sealed: Sequence[str | None], sex: str, region: str) -> Identity:
    name, number, born_on, phone, address = (text or "" for text in sealed)
    return Identity(
        name=name,
        id_number=number,
        born_on=_born_on(number, born_on),
        sex=sex,
        region=region,
        phone=phone,
        address=address,
    )


def _born_on(number: str, born_on: str) -> date | None:
    if number:
        return birth_date(number)
    return date.fromisoformat(born_on) if born_on else None


@cache
def _fields() -> tuple[SealedField, ...]:
    found = [Person._meta.get_field(name) for name in ("name", "id_number", "born_on", "phone", "address")]
    return tuple(field for field in found if isinstance(field, SealedField))
