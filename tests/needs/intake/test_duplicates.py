"""Two records that may be one person: found without lying open, decided by a person, merged consistently."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed
from jiujinan.accounts.roles import Role
from jiujinan.accounts.services import join
from needs.intake.duplicates import keep_apart, merge, undo
from needs.intake.models import PossibleDuplicate, Verdict
from needs.intake.services import import_cases
from needs.intake.similarity import POSSIBLE, WEIGHTS, Identity, compare
from needs.models import CaseRecord, NeedItem, Person
from needs.services.refusals import NotReady
from tests.needs.intake.casefiles import case_row, file_of, id_number, item_row
from tests.town import NOW, Town

names = st.text(alphabet="王李张建健国伟芳欧阳", min_size=2, max_size=4)
identities = st.builds(
    Identity,
    name=names,
    id_number=st.sampled_from(["", "990121197005120017", "990121197005120025", "990121198005120017"]),
    born_on=st.none() | st.dates(date(1950, 1, 1), date(2020, 1, 1)),
    sex=st.sampled_from(["1", "2", "9", ""]),
    region=st.sampled_from(["990121", "990122", "110101", ""]),
    phone=st.sampled_from(["", "10000000001", "10000000002", "10012345678"]),
    address=st.sampled_from(["", "某村一组", "某村二组三号", "别处"]),
)


@given(identities, identities)
@settings(max_examples=60)
def test_likeness_is_between_0_and_1_and_does_not_depend_on_the_order(one: Identity, other: Identity) -> None:
    there, back = compare(one, other), compare(other, one)
    assert there == back
    assert 0 <= there.score <= 1
    assert set(there.parts) <= set(WEIGHTS)


@given(identities.filter(lambda one: one.born_on is not None and one.region != ""))
@settings(max_examples=40)
def test_one_is_wholly_like_oneself(one: Identity) -> None:
    assert compare(one, one).score == 1


@given(identities, identities)
@settings(max_examples=40)
def test_two_different_numbers_never_make_two_people_more_alike(one: Identity, other: Identity) -> None:
    from dataclasses import replace

    nameless = compare(replace(one, id_number=""), replace(other, id_number="")).score
    assert compare(one, other).score <= nameless


def row(serial: int, **changes: Any) -> Any:
    """Return a case of somebody called the same, born the same day, with a number of their own."""
    facts = {"name": "李建国", "phone": "", "size": 1, "id_number": id_number(serial), **changes}
    return case_row(serial, **facts)


def pair_of(town: Town, *rows: Any) -> PossibleDuplicate:
    import_cases(file=file_of(*rows), by=town.lin, now=NOW, batch="b")
    return PossibleDuplicate.objects.get()


def test_a_name_that_sounds_the_same_is_found_and_nothing_private_is_kept(town: Town) -> None:
    pair = pair_of(town, row(1), row(3, name="李健国", source="hospital"))
    assert pair.score >= 100 * POSSIBLE
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM intake_possibleduplicate")
        held = str(cursor.fetchall())
    assert "李" not in held
    assert id_number(1) not in held


def test_a_case_that_comes_later_meets_one_that_is_known(town: Town) -> None:
    import_cases(file=file_of(row(1)), by=town.lin, now=NOW, batch="a")
    assert pair_of(town, row(3, source="school", region="990121")).verdict == Verdict.OPEN


def test_people_who_are_not_alike_are_not_asked_about(town: Town) -> None:
    import_cases(
        file=file_of(row(1), row(3, name="欧阳芳", id_number=id_number(3, "19900101"))),
        by=town.lin,
        now=NOW,
        batch="a",
    )
    assert not PossibleDuplicate.objects.exists()


def test_kept_apart_with_a_reason_and_never_asked_again(town: Town) -> None:
    pair = pair_of(town, row(1), row(3))
    with pytest.raises(NotReady):
        keep_apart(pair=pair, reason=" ", by=town.lin, now=NOW)
    with pytest.raises(NotAllowed):
        keep_apart(pair=pair, reason="两人", by=town.chen, now=NOW)
    assert keep_apart(pair=pair, reason="已核对，两人", by=town.lin, now=NOW).verdict == Verdict.APART
    import_cases(
        file=file_of(row(1, version=2, size=2), row(3, version=2, size=2)), by=town.lin, now=NOW, batch="c"
    )
    assert PossibleDuplicate.objects.count() == 1
    with pytest.raises(NotReady, match="decided_already"):
        merge(pair=pair, keep=pair.first, reason="x", by=town.lin, now=NOW)


@pytest.fixture
def song(town: Town) -> User:
    """A supervisor, who may both decide about pairs and end cases."""
    join(user=town.wu, organisation=town.desk, role=Role.SUPERVISOR)
    return town.wu


def test_merged_the_other_case_is_superseded_and_a_file_finds_the_person_under_both_numbers(
    town: Town, song: User
) -> None:
    other = row(
        3,
        number="H3",
        source="hospital",
        items=(item_row(), item_row(category="living", required=5000, government=0)),
    )
    pair = pair_of(town, row(1), other)
    keep = Person.objects.get(household__cases__number="A1")
    merge(pair=pair, keep=keep, reason="同一人两张身份证", by=song, now=NOW)
    assert dict(CaseRecord.objects.values_list("number", "state"))["H3"] == "superseded"
    items = NeedItem.objects.filter(need__case__number="A1").values_list("category", flat=True)
    assert sorted(items) == ["living", "medical"]
    again = row(3, number="S3", source="school")
    assert import_cases(file=file_of(again), by=town.lin, now=NOW, batch="d").duplicates == 1


def test_what_was_committed_moves_with_its_item_and_serves_nobody_twice(town: Town, song: User) -> None:
    pair = pair_of(town, row(1), row(3, number="H3", source="hospital"))
    keep = Person.objects.get(household__cases__number="A1")
    held = NeedItem.objects.get(need__case__number="H3")
    NeedItem.objects.filter(pk=held.pk).update(committed=100_000)
    NeedItem.objects.filter(need__case__number="H3").update(committed=100_000)
    with pytest.raises(NotReady, match="keep_the_other"):
        merge(pair=pair, keep=keep, reason="同一人", by=song, now=NOW)
    CaseRecord.objects.get(number="A1").need.__class__.objects.filter(case__number="A1").update(
        state="verified"
    )
    merge(pair=pair, keep=keep, reason="同一人", by=song, now=NOW)
    held.refresh_from_db()
    assert (held.need.case.number, held.committed, held.gap) == ("A1", 100_000, 0)


def test_a_merging_of_people_alone_can_be_taken_back_one_that_ended_a_case_cannot(
    town: Town, song: User
) -> None:
    pair = pair_of(town, row(1), row(3, number="H3", source="hospital"))
    done = merge(pair=pair, keep=pair.first, reason="同一人", by=song, now=NOW)
    with pytest.raises(NotReady, match="not_safe_to_undo"):
        undo(merge=done, reason="弄错", by=song, now=NOW)
