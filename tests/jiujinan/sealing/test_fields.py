"""Sealed fields of a row: what the database holds, what Python shows, who opens them."""

import json
import logging
import traceback
from collections.abc import Iterator

import pytest
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from pytest_django import Settings

from jiujinan.audit.models import AuditEntry
from jiujinan.audit.services import first_broken_entry
from jiujinan.sealing.blind_index import blind_index
from jiujinan.sealing.cipher import CannotOpen
from jiujinan.sealing.fields import Plain, Sealed, ring
from jiujinan.sealing.services import ReasonMissing, open_fields
from needs.models import Household, Person
from tests.town import COUNTY, NOW, Town

NAME, NUMBER = "欧阳测试", "990121197005120017"
SECRETS = (NAME, NUMBER)


@pytest.fixture
def household(town: Town) -> Household:
    return Household.objects.create(region_id=COUNTY, size=1)


@pytest.fixture
def person(household: Household) -> Person:
    made = Person.objects.create(household=household, name=Plain(NAME), id_number=Plain(NUMBER))
    return Person.objects.get(pk=made.pk)


@pytest.fixture
def fresh_ring() -> Iterator[None]:
    """Let a test name other keys than the installation's."""
    ring.cache_clear()
    yield
    ring.cache_clear()


def column(person: Person, name: str) -> bytes:
    with connection.cursor() as cursor:
        # SQLite keeps a UUID as 32 digits, PostgreSQL as itself; both take this text.
        key = person.pk.hex if connection.vendor == "sqlite" else str(person.pk)
        cursor.execute(f"SELECT {name} FROM needs_person WHERE id = %s", [key])  # noqa: S608  # a test's own column
        return bytes(cursor.fetchone()[0])


def opened(person: Person, town: Town, *fields: str) -> dict[str, str | None]:
    [row] = open_fields(rows=[person], fields=fields, case="c1", by=town.lin, reason="回访核实", now=NOW)
    return row


def test_the_column_holds_no_text(person: Person) -> None:
    for name, secret in (("name", NAME), ("id_number", NUMBER)):
        held = column(person, name)
        assert secret.encode() not in held
        assert held[0] in (1, 2)


def test_rows_created_in_bulk_are_sealed_each_for_itself(household: Household, town: Town) -> None:
    people = Person.objects.bulk_create(Person(household=household, name=Plain(NAME)) for _ in range(3))
    held = [column(one, "name") for one in people]
    assert len(set(held)) == 3
    assert not any(NAME.encode() in one for one in held)
    assert [opened(one, town, "name") for one in Person.objects.all()] == [{"name": NAME}] * 3


def test_a_sealed_value_saved_again_stays_as_it_was(person: Person, town: Town) -> None:
    before = column(person, "name")
    person.save()
    assert column(person, "name") == before
    assert opened(person, town, "name") == {"name": NAME}


@pytest.mark.parametrize("wrap", [Plain, lambda text: Sealed(text.encode())])
def test_a_value_shows_nothing_wherever_it_is_printed(
    wrap: type[Plain], caplog: pytest.LogCaptureFixture
) -> None:
    value = wrap(NAME)
    caplog.set_level(logging.INFO)
    logging.getLogger("needs").info("person %s %r %s", value, value, {"name": value})
    shown = [str(value), repr(value), f"{value}", f"{value!r}", repr([value]), f"{value!s:>9}", caplog.text]
    for text in shown:
        assert NAME not in text
        assert "b'" not in text


def test_a_row_shows_nothing_in_repr_values_and_exports(person: Person) -> None:
    shown = [
        str(person),
        repr(person),
        repr(Person.objects.values("name", "id_number")),
        repr(list(Person.objects.values_list("name", flat=True))),
        serializers.serialize("json", Person.objects.all()),
        serializers.serialize("xml", Person.objects.all()),
    ]
    for text in shown:
        for secret in SECRETS:
            assert secret not in text
            assert secret.encode("unicode_escape").decode() not in text
    assert isinstance(Person.objects.values_list("name", flat=True).get(), Sealed)


def test_a_value_does_not_slip_into_json(person: Person) -> None:
    for value in (person.name, Plain(NAME)):
        with pytest.raises(TypeError) as refusal:
            json.dumps({"name": value}, cls=DjangoJSONEncoder)
        assert NAME not in str(refusal.value)


def test_text_that_nobody_sealed_is_refused_and_not_repeated(household: Household) -> None:
    with pytest.raises(TypeError) as refusal:
        Person.objects.create(household=household, name=NAME)
    with pytest.raises(TypeError) as raw:
        Person.objects.create(household=household, name=NAME.encode())
    with pytest.raises(TypeError) as bulk:
        Person.objects.filter(household=household).update(name=Plain(NAME))
    for one in (refusal, raw, bulk):
        assert NAME not in "".join(traceback.format_exception(one.value))


@pytest.mark.parametrize("target", ["row", "column"])
def test_a_value_copied_to_another_row_or_column_does_not_open(
    person: Person, household: Household, town: Town, target: str
) -> None:
    other = Person.objects.create(household=household, name=Plain("另一测试"), phone=Plain("1"))
    if target == "row":
        Person.objects.filter(pk=other.pk).update(name=person.name)
    else:
        Person.objects.filter(pk=other.pk).update(name=other.phone)
    other = Person.objects.get(pk=other.pk)
    with pytest.raises(CannotOpen) as refusal:
        opened(other, town, "name")
    assert NAME not in "".join(traceback.format_exception(refusal.value))
    assert not AuditEntry.objects.filter(action="sealed.opened").exists()


def test_after_a_new_key_comes_first_old_rows_open_and_new_rows_take_it(
    person: Person, household: Household, town: Town, settings: Settings, fresh_ring: None
) -> None:
    old = person.name.key_id
    settings.SEALING_KEYS = [f"next={'77' * 32}", *settings.SEALING_KEYS]
    settings.SEALING_CIPHER = "SM4-GCM"
    ring.cache_clear()
    newer = Person.objects.get(pk=Person.objects.create(household=household, name=Plain("新测试")).pk)
    assert (old, newer.name.key_id) == (person.name.key_id, "next")
    assert [opened(one, town, "name")["name"] for one in (person, newer)] == [NAME, "新测试"]


@pytest.mark.parametrize(("case", "reason"), [("", "回访"), ("c1", ""), ("c1", " \t\n")])
def test_opening_takes_a_case_and_a_reason(person: Person, town: Town, case: str, reason: str) -> None:
    with pytest.raises(ReasonMissing):
        open_fields(rows=[person], fields=["name"], case=case, by=town.lin, reason=reason, now=NOW)
    assert not AuditEntry.objects.filter(action="sealed.opened").exists()


def test_opening_leaves_one_entry_that_says_who_why_and_which_fields_but_not_what(
    person: Person, town: Town
) -> None:
    assert opened(person, town, "name", "id_number", "phone") == {
        "name": NAME,
        "id_number": NUMBER,
        "phone": None,
    }
    entry = AuditEntry.objects.get(action="sealed.opened")
    assert (entry.by, entry.subject, entry.reason, entry.at) == (town.lin, "case:c1", "回访核实", NOW)
    assert entry.data == {"fields": ["name", "id_number", "phone"], "rows": 1}
    assert not any(secret in json.dumps(entry.data, ensure_ascii=False) for secret in SECRETS)
    assert first_broken_entry(stream="case:c1") is None


def test_only_sealed_fields_are_opened(person: Person, town: Town) -> None:
    with pytest.raises(TypeError, match="name_index is not a sealed field"):
        opened(person, town, "name_index")


def test_a_blind_index_finds_the_same_value_and_keeps_kinds_and_keys_apart(settings: Settings) -> None:
    index = blind_index(NUMBER, kind="id_number")
    assert len(index) == 32
    assert index == blind_index(NUMBER, kind="id_number")
    assert index != blind_index(NUMBER, kind="phone")
    settings.BLIND_INDEX_KEY = "ab" * 32
    assert index != blind_index(NUMBER, kind="id_number")


def test_the_index_key_is_none_of_the_sealing_keys(settings: Settings) -> None:
    assert all(not entry.endswith(settings.BLIND_INDEX_KEY) for entry in settings.SEALING_KEYS)
