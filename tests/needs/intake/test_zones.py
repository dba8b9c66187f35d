"""Certain, possible, unique: everybody who comes in falls into exactly one of the three zones."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from jiujinan.sealing.blind_index import blind_index
from needs.intake.models import PossibleDuplicate
from needs.intake.services import import_cases
from needs.intake.similarity import POSSIBLE, Identity, compare
from needs.intake.suspects import identity
from needs.models import CaseRecord, Person
from needs.models.household import person_indexes
from tests.needs.intake.casefiles import case_row, file_of, id_number
from tests.needs.intake.test_duplicates import identities
from tests.town import NOW, Town, build_town

numbers = st.builds(id_number, st.integers(0, 400))
days = st.builds(
    date, st.sampled_from([1970, 1971, 1979]), st.sampled_from([5, 12]), st.sampled_from([5, 12])
)
people = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["李建国", "李健国", "李建", "王芳", "汪方", "欧阳芳"]),
        "id_number": st.sampled_from(
            [id_number(n, born) for n in (1, 3, 5) for born in ("19700512", "19700521")]
        ),
        "phone": st.sampled_from(["", "13900000001", "13900000002"]),
        "address": st.sampled_from(["", "某村一组", "某村二组三号"]),
        "region": st.sampled_from(["990121", "990122"]),
    }
)


def _is_dated(one: Identity) -> bool:
    return one.born_on is not None


@given(numbers, numbers)
def test_certain_is_the_same_number_and_nothing_else(one: str, other: str) -> None:
    same = blind_index(one, kind="id_number") == blind_index(other, kind="id_number")
    assert same == (one == other)


@given(identities.filter(_is_dated), identities)
@settings(max_examples=60)
def test_two_who_agree_on_name_birth_date_and_sex_share_keys_whatever_else_differs(
    one: Identity, other: Identity
) -> None:
    other = replace(other, name=one.name, born_on=one.born_on, sex=one.sex)
    first, second = (
        person_indexes(name=o.name, number=o.id_number, phone=o.phone, born_on=o.born_on, sex=o.sex)
        for o in (one, other)
    )
    for key in ("name_index", "birth_index", "sound_index"):
        assert first[key] == second[key] != ""


@given(identities, identities, days, days)
@settings(max_examples=200)
def test_namesakes_whom_a_person_should_look_at_share_a_key(
    one: Identity, other: Identity, born: date, born_too: date
) -> None:
    one, other = replace(one, born_on=born), replace(other, name=one.name, born_on=born_too)
    if compare(one, other).score < POSSIBLE:
        return
    first, second = map(_indexes, (one, other))
    assert any(first[key] == second[key] != "" for key in first)


def _indexes(one: Identity) -> dict[str, str]:
    return person_indexes(name=one.name, number="", phone=one.phone, born_on=one.born_on, sex=one.sex)


class Zones(TestCase):
    """Two cases come in, one after the other."""

    town: Town

    @classmethod
    def setUpTestData(cls) -> None:
        """Build the town once."""
        cls.town = build_town()

    @given(people, people)
    @settings(max_examples=25)
    def test_the_second_falls_into_the_zone_that_the_rules_say(
        self, one: dict[str, str], other: dict[str, str]
    ) -> None:
        rows = [
            case_row(n, number=f"Z{n}", size=1, source=source, **facts)
            for n, (source, facts) in enumerate((("hospital", one), ("school", other)))
        ]
        results = [
            import_cases(file=file_of(row), by=self.town.lin, now=NOW, batch=f"b{n}")
            for n, row in enumerate(rows)
        ]
        assert results[0].imported == 1
        pairs = list(PossibleDuplicate.objects.all())
        if one["id_number"] == other["id_number"]:  # certain: stopped, whatever else the row says
            assert (results[1].duplicates, CaseRecord.objects.count(), pairs) == (1, 1, [])
            return
        assert (results[1].imported, CaseRecord.objects.count()) == (1, 2)
        first, second = Person.objects.select_related("household")
        score = compare(identity(first), identity(second)).score
        meets = any(
            getattr(first, column) and getattr(first, column) == getattr(second, column)
            for column in ("phone_index", "birth_index", "sound_index", "name_index")
        )
        is_possible = meets and score >= POSSIBLE
        assert (
            len(pairs) == is_possible
        )  # possible: one question, and both are kept until a person answers it
        for pair in pairs:
            assert {pair.first_id, pair.second_id} == {first.pk, second.pk}
            assert pair.score == round(score * 100)
