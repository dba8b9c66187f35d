"""Bringing everything under a new key while the site works."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import Settings

from jiujinan.audit.models import AuditEntry
from jiujinan.sealing.blind_index import blind_index, blind_indexes, index_mark
from jiujinan.sealing.fields import ring
from jiujinan.sealing.rotation import left_over, rotate, sealed_models
from jiujinan.sealing.services import open_fields
from needs.intake.services import import_cases
from needs.models import Person
from tests.needs.intake.casefiles import case_row, file_of, id_number, member_row
from tests.town import NOW, Town


@pytest.fixture
def new_keys(settings: Settings) -> Iterator[None]:
    """Put new keys before the installation's own once the test asks for them."""
    yield
    ring.cache_clear()


def change_keys(settings: Settings, cipher: str = "AES-256-GCM") -> None:
    settings.SEALING_KEYS = [f"next={'77' * 32}", *settings.SEALING_KEYS]
    settings.RETIRED_INDEX_KEYS = [settings.BLIND_INDEX_KEY]
    settings.BLIND_INDEX_KEY = "ab" * 32
    settings.SEALING_CIPHER = cipher
    ring.cache_clear()


def drop_old_keys(settings: Settings) -> None:
    settings.SEALING_KEYS, settings.RETIRED_INDEX_KEYS = settings.SEALING_KEYS[:1], []
    ring.cache_clear()


def fill(town: Town, count: int = 5) -> None:
    rows = [
        case_row(n, size=3, members=(member_row(500 + n), member_row(900 + n, id_number="")))
        for n in range(1, count + 1)
    ]
    import_cases(file=file_of(*rows), by=town.lin, now=NOW, batch="before")


def rotate_all(**options: int) -> int:
    return sum(step.rows for step in rotate(now=NOW, **options))


@pytest.mark.parametrize("cipher", ["AES-256-GCM", "SM4-GCM"])
def test_after_rotation_the_old_keys_are_needed_for_nothing(
    town: Town, settings: Settings, new_keys: None, cipher: str
) -> None:
    fill(town)
    change_keys(settings, cipher)
    assert left_over()["needs.Person"] == 15
    rotate_all(part=4)
    assert not any(left_over().values())
    drop_old_keys(settings)
    opened = open_fields(
        rows=Person.objects.filter(is_head=True), fields=["name", "id_number", "phone"],
        case="c", by=town.lin, reason="核对", now=NOW,
    )  # fmt: skip
    assert sorted(str(one["id_number"]) for one in opened) == sorted(id_number(n) for n in range(1, 6))
    assert Person.objects.filter(id_index=blind_index(id_number(2), kind="id_number")).count() == 1
    same = import_cases(
        file=file_of(case_row(1, size=3, members=(member_row(501), member_row(901, id_number="")))),
        by=town.lin,
        now=NOW,
        batch="again",
    )
    assert same.unchanged == 1


def test_every_index_of_every_person_is_what_a_fresh_import_would_write(
    town: Town, settings: Settings, new_keys: None
) -> None:
    fill(town)
    change_keys(settings)
    rotate_all()
    columns = Person.INDEX_COLUMNS
    rotated = set(Person.objects.values_list(*columns))
    assert all(not value or value.startswith(index_mark()) for row in rotated for value in row)
    fill_again = [
        case_row(n, size=3, members=(member_row(500 + n), member_row(900 + n, id_number="")))
        for n in range(1, 6)
    ]
    from needs.intake import records  # the same rows built under the new key

    built = [records.build(row, content="", now=NOW) for row in fill_again]
    fresh = {tuple(getattr(p, c) for c in columns) for made in built for p in (made.head, *made.members)}
    assert rotated == fresh


def test_stopped_in_the_middle_it_goes_on_where_it_was(
    town: Town, settings: Settings, new_keys: None
) -> None:
    fill(town)
    change_keys(settings)
    steps = rotate(now=NOW, part=4)
    next(steps)
    steps.close()
    left = sum(left_over().values())
    assert left > 0
    assert rotate_all(part=4) == left
    assert rotate_all() == 0


def test_people_are_known_under_both_keys_while_it_runs(
    town: Town, settings: Settings, new_keys: None
) -> None:
    fill(town, 1)
    change_keys(settings)
    again = case_row(7, number="B7", id_number=id_number(1), name="测试1", source="hospital")
    result = import_cases(file=file_of(again), by=town.lin, now=NOW, batch="between")
    assert result.duplicates == 1
    assert len(blind_indexes("x", kind="name")) == 2


def test_the_command_proves_that_nothing_is_left_or_says_what_is(
    town: Town, settings: Settings, new_keys: None
) -> None:
    fill(town, 2)
    change_keys(settings)
    with pytest.raises(SystemExit):
        call_command("rotate_keys", check=True, stdout=StringIO(), stderr=StringIO())
    out = StringIO()
    call_command("rotate_keys", part=3, stdout=out, stderr=StringIO())
    assert "needs.Person: 0" in out.getvalue()
    entry = AuditEntry.objects.filter(action="sealing.rotated").first()
    assert entry is not None
    assert (entry.data["key"], entry.data["needs.Person"]) == ("next", 6)


def test_every_model_with_blind_indexes_says_how_they_are_made_afresh() -> None:
    for model in sealed_models():
        names = {f.name for f in model._meta.concrete_fields if f.name.endswith("_index")}
        if names:
            assert set(getattr(model, "INDEX_COLUMNS", ())) >= names - {"origin_index"}, model


def test_a_row_that_was_saved_under_the_old_key_meanwhile_is_met_in_the_next_round(
    town: Town, settings: Settings, new_keys: None
) -> None:
    fill(town, 1)
    late = Person.objects.filter(is_head=True).get()
    change_keys(settings)
    rotate_all()
    late.save()  # somebody had read the row before, and writes it back as it was
    assert left_over()["needs.Person"] == 1
    assert rotate_all() == 1
