"""Rotation meets every sealed field of every model; beside it another process writes."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as installed
from django.db import connection, models
from pytest_django import Settings

from jiujinan.codes import ItemCategory
from jiujinan.sealing.fields import NoKeyYet, Plain, SealedField, ring
from jiujinan.sealing.rotation import left_over, rotate, sealed_fields, sealed_models
from needs.discovery import rules
from needs.discovery.complaint_states import ComplaintKind
from needs.discovery.models import Complaint, NeedReport, Visit, WatchEntry, WatchGroup
from needs.discovery.rules import Whose
from needs.discovery.services import (
    FirstWord,
    Grievance,
    TooMany,
    follow,
    follow_complaint,
    install_groups,
    lodge,
    take_in,
)
from needs.intake.models import (
    AidRecord,
    CaseDraft,
    Import,
    ImportBadRow,
    ImportChunk,
    ImportPart,
    ReliefList,
)
from needs.models import CaseRecord, Household, Person
from needs.models.integrity import IntegrityFlag
from needs.models.verification import Conference
from tests.jiujinan.sealing.test_rotation import change_keys, drop_old_keys
from tests.needs.intake.casefiles import id_number
from tests.town import COUNTY, NOW, Town, build_town

MANAGE = Path(__file__).parents[3] / "manage.py"
MARK = "密封内容"
TEXTS = {"id_number": id_number(5), "born_on": "1970-05-12"}  # what their indexes are computed from is read


@pytest.fixture(autouse=True)
def own_ring() -> Iterator[None]:
    yield
    ring.cache_clear()


def word(token: str, phone: str = "13900000000") -> FirstWord:
    return FirstWord(token=token, whose=Whose.OWN, region=COUNTY, story=MARK, phone=phone)


def grievance(token: str) -> Grievance:
    return Grievance(
        token=token, kind=ComplaintKind.OTHER, words=MARK, region=COUNTY, name=MARK, phone="13900000001"
    )


def visit_of(case: CaseRecord, town: Town) -> Visit:
    install_groups()
    entry = WatchEntry.objects.create(
        group=WatchGroup.objects.all()[0],
        household=case.household,
        began_at=NOW,
        next_visit_on=NOW.date(),
    )
    return Visit(entry=entry, on=NOW.date(), by=town.lin, found=Visit.Found.WELL, recorded_at=NOW)


def import_of(town: Town) -> Import:
    return Import.objects.create(file_name="a", file_bytes=1, by=town.lin, received_at=NOW)


# How a row of each sealed model comes about; a model that is missing here fails the test below.
ROWS: dict[type[models.Model], Callable[[CaseRecord, Town], models.Model]] = {
    NeedReport: lambda case, town: NeedReport.objects.get(),
    Complaint: lambda case, town: Complaint.objects.get(),
    Visit: visit_of,
    AidRecord: lambda case, town: AidRecord(
        source="other",
        reference="r",
        category=ItemCategory.MEDICAL,
        amount=1,
        starts_on=NOW.date(),
        ends_on=NOW.date(),
        recorded_at=NOW,
    ),
    ImportBadRow: lambda case, town: ImportBadRow(batch=import_of(town), sheet_name="cases", row=2),
    ImportChunk: lambda case, town: ImportChunk(batch=import_of(town), seq=1),
    ImportPart: lambda case, town: ImportPart(batch=import_of(town), seq=1),
    CaseDraft: lambda case, town: CaseDraft(by=town.lin, saved_at=NOW),
    ReliefList: lambda case, town: ReliefList(file_name="a", state="checked", by=town.lin, received_at=NOW),
    CaseRecord: lambda case, town: case,
    Conference: lambda case, town: Conference(
        case=case, held_on=NOW.date(), decision="support", reason="r", by=town.wu, at=NOW
    ),
    IntegrityFlag: lambda case, town: IntegrityFlag(
        household=case.household,
        kind="concealment",
        effect="warn",
        raised_by=town.zhou,
        raised_at=NOW,
        expires_on=NOW.date() + timedelta(days=90),
    ),
    Person: lambda case, town: Person.objects.filter(household=case.household)[0],
}


def test_every_sealed_field_of_every_model_comes_under_the_new_key(town: Town, settings: Settings) -> None:
    everything = {model for model in apps.get_models(include_auto_created=True) if sealed_fields(model)}
    assert everything == set(sealed_models()) == set(ROWS)
    take_in(word=word("t"), origin="", now=NOW)
    lodge(grievance=grievance("t"), origin="", now=NOW)
    case = town.case()
    rows = []
    for make in ROWS.values():
        row = make(case, town)
        for field in sealed_fields(type(row)):
            setattr(row, field.attname, Plain(TEXTS.get(field.name, MARK)))
        row.save()
        rows.append(row)
    change_keys(settings)
    assert all(left_over().values())
    for _step in rotate(now=NOW):
        pass
    assert not any(left_over().values())
    drop_old_keys(settings)
    for row in rows:
        found = type(row)._default_manager.get(pk=row.pk)
        for field in sealed_fields(type(row)):
            assert field.open(found) == TEXTS.get(field.name, MARK)


def turn() -> None:
    for _step in rotate(now=NOW):
        pass


def test_numbers_lead_on_before_during_and_after_a_change_of_keys(town: Town, settings: Settings) -> None:
    def report() -> str:
        return take_in(word=word("form"), origin="192.0.2.1", now=NOW).number

    def complaint() -> str:
        return lodge(grievance=grievance("form"), origin="192.0.2.1", now=NOW).number

    def all_lead() -> bool:
        return follow(number=first) is not None and follow_complaint(number=second) is not None

    first, second = report(), complaint()
    change_keys(settings)
    assert all_lead()
    assert (report(), complaint()) == (first, second)  # the same forms sent again
    turn()
    assert not left_over()["discovery.NeedReport"] + left_over()["discovery.Complaint"]
    assert all_lead()
    assert (report(), complaint()) == (first, second)
    drop_old_keys(settings)
    assert all_lead()
    assert NeedReport.objects.count() == Complaint.objects.count() == 1


def test_the_number_itself_stands_nowhere_but_sealed(town: Town) -> None:
    numbers = [take_in(word=word("t"), origin="", now=NOW).number]
    numbers.append(lodge(grievance=grievance("t"), origin="", now=NOW).number)
    for model in apps.get_models():
        for row in model._default_manager.values():
            assert not any(number in repr(row) for number in numbers), model


@pytest.mark.parametrize("origin", ["", "192.0.2.1"])
def test_the_limit_for_one_sender_holds_across_a_change_of_keys(
    town: Town, settings: Settings, origin: str
) -> None:
    most = rules.MOST_BY_ORIGIN_AN_HOUR if origin else rules.MOST_BY_PHONE_A_DAY
    for n in range(most):
        take_in(
            word=word(f"f{n}", phone=f"1390000{n:04d}" if origin else "13900000000"), origin=origin, now=NOW
        )
    change_keys(settings)
    with pytest.raises(TooMany):
        take_in(word=word("one more"), origin=origin, now=NOW)


def test_nothing_is_sealed_for_a_row_that_has_no_key_yet(town: Town) -> None:
    person = Person(household=Household.objects.create(region_id=COUNTY, size=1), name=Plain(MARK))
    person.id = None  # as with a key that the database counts up
    field = Person._meta.get_field("name")
    with pytest.raises(NoKeyYet) as refusal:
        field.pre_save(person, True)
    assert MARK not in str(refusal.value)
    for model in sealed_models():
        assert model._meta.pk is not None
        assert model._meta.pk.has_default(), f"{model} gets its key too late to seal anything"


WRITER = """
import os
from jiujinan.sealing.fields import Plain
from needs.models import Household, Person
home = Household.objects.get(pk=os.environ["HOUSEHOLD"])
name = Person._meta.get_field("name")
print("ready", flush=True)
n = 0
while not os.path.exists(os.environ["ENOUGH"]):
    new = Person(household=home, sex="1", birth_year=1970)
    new.name, new.phone = Plain(f"new{n}"), Plain(str(n))
    new.save()
    kept = Person.objects.filter(household=home, is_head=True)[0]
    assert name.open(kept)
    kept.phone = Plain(f"changed{n}")
    kept.save(update_fields=["phone"])
    n += 1
print(n, flush=True)
"""


def manage(*words: str, sealing: list[str], indexing: list[str], **more: str) -> "subprocess.Popen[bytes]":
    """Start another process on the test's database, with keys of its own."""
    parts = connection.settings_dict
    password = f":{parts['PASSWORD']}" if parts["PASSWORD"] else ""
    url = f"postgres://{parts['USER']}{password}@{parts['HOST']}:{parts['PORT']}/{parts['NAME']}"
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "JIUJINAN_VAR": str(installed.VAR),
        "JIUJINAN_SEALING_KEYS": ",".join(sealing),
        "JIUJINAN_INDEX_KEY": ",".join(indexing),
        **more,
    }
    return subprocess.Popen(
        [sys.executable, str(MANAGE), *words],
        env=environment,
        cwd=MANAGE.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_beside_a_process_that_writes_it_is_run_again_and_nothing_is_lost_or_left_behind(
    transactional_db: None, settings: Settings, tmp_path: Path
) -> None:
    count = 600
    home = build_town().case().household
    for n in range(count):
        Person.objects.create(household=home, name=Plain(f"old{n}"), sex="1", birth_year=1970)
    head = Person.objects.filter(household=home, is_head=True)[0]
    old_first = [*settings.SEALING_KEYS, f"next={'77' * 32}"], [settings.BLIND_INDEX_KEY, "ab" * 32]
    change_keys(settings)
    new_first = settings.SEALING_KEYS, [settings.BLIND_INDEX_KEY, *settings.RETIRED_INDEX_KEYS]
    enough = tmp_path / "enough"

    def done() -> int:
        left = left_over()[
            "needs.Person"
        ]  # first, since the other process goes on adding rows to be left over
        return Person.objects.count() - left

    writer = manage(
        "shell", "--no-imports", "-c", WRITER,
        sealing=old_first[0], indexing=old_first[1], HOUSEHOLD=str(home.pk), ENOUGH=str(enough),
    )  # fmt: skip
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"ready\n"
    rotator = manage("rotate_keys", "--part", "5", sealing=new_first[0], indexing=new_first[1])
    until = time.monotonic() + 120
    while done() < 50 and rotator.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    rotator.kill()
    rotator.communicate()
    assert done() > 0  # stopped in the middle
    assert left_over()["needs.Person"] > 0
    turn()  # again, while the other process still seals by the old key
    enough.touch()
    written = int(writer.communicate()[0])
    assert written > 0
    assert writer.returncode == 0
    turn()
    assert not any(left_over().values())
    drop_old_keys(settings)
    name, phone = Person._meta.get_field("name"), Person._meta.get_field("phone")
    assert isinstance(name, SealedField)
    assert isinstance(phone, SealedField)
    names = [name.open(person) for person in Person.objects.filter(household=home, is_head=False)]
    assert sorted(map(str, names)) == sorted(
        [f"old{n}" for n in range(count)] + [f"new{n}" for n in range(written)]
    )
    assert phone.open(Person.objects.get(pk=head.pk)) == f"changed{written - 1}"
