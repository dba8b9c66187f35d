"""Lists of hundreds as one parameter, and a connection that holds little for a while."""

import pytest
from django.db import connection

from jiujinan.bulk import sparing
from needs.models import Household, Person
from needs.queries import people_numbered
from tests.town import Town


def test_texts_and_keys_are_found_among_a_list(town: Town) -> None:
    cases = [town.case(yuan=1) for _ in range(3)]
    wanted = [case.household_id for case in cases[:2]]
    assert set(Household.objects.filter(pk__among=wanted).values_list("pk", flat=True)) == set(wanted)
    assert not Household.objects.filter(pk__among=[]).exists()
    Person.objects.filter(household=wanted[0]).update(id_index="a")
    Person.objects.filter(household=wanted[1]).update(id_index="b")
    assert people_numbered(["a", "c"]).get().household_id == wanted[0]
    assert not people_numbered([""]).exists()


def test_people_are_looked_up_by_the_unique_index_of_their_number(db: None) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # the table is empty: let it not be read as a whole for that
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
    plan = people_numbered([f"{n:032x}" for n in range(1500)]).explain()
    assert "one_person_per_id_number" in plan


def test_sqlite_holds_little_for_a_while_and_then_as_before(db: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("needs SQLite")

    def held() -> list[object]:
        with connection.cursor() as cursor:
            found = []
            for name in ("cache_size", "mmap_size"):
                cursor.execute(f"PRAGMA {name}")
                found.append(cursor.fetchone())
            return found

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size=-65536")
    before = held()
    with sparing():
        assert held()[0] == (-8_192,)
    assert held() == before
