"""Loading the table."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from jiujinan.regions.lookup import Abolished
from jiujinan.regions.models import Region
from jiujinan.regions.services import LoadResult, load_lookup, load_regions

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DEMO = Path(settings.ROOT) / "demo" / "regions.csv"
pytestmark = pytest.mark.django_db


def test_a_second_load_writes_nothing() -> None:
    first = load_regions(now=NOW, extra=DEMO)
    assert first.created == Region.objects.count() > 3000
    again = load_regions(now=datetime(2027, 1, 1, tzinfo=UTC), extra=DEMO)
    assert again == LoadResult(created=0, updated=0, unchanged=first.created)
    assert Region.objects.filter(updated_at=NOW).count() == first.created


def test_a_changed_row_is_set_right_and_an_unknown_one_stays() -> None:
    load_regions(now=NOW)
    Region.objects.filter(code="370116").update(name="?")
    Region.objects.create(code="989898", name="旧", level=Region.Level.COUNTY, source="-", updated_at=NOW)
    assert load_regions(now=NOW).updated == 1
    assert Region.objects.get(code="370116").name == "莱芜区"
    assert Region.objects.filter(code="989898").exists()


def test_the_verbs_chain() -> None:
    load_regions(now=NOW, extra=DEMO)
    inside = Region.objects.within("990100").counties()
    assert [region.code for region in inside] == ["990121", "990122", "990123"]
    laiwu = Region.objects.within("371200")
    assert laiwu.valid_on(date(2018, 1, 1)).count() == 3
    assert laiwu.valid_on(date(2019, 1, 1)).count() == 0
    assert laiwu.current().count() == 0
    assert Region.objects.provinces().current().count() == 35
    assert Region.objects.within("990000").prefectures().count() == 2


def test_the_table_can_be_taken_into_memory() -> None:
    load_regions(now=NOW)
    assert isinstance(load_lookup().resolve("110104", on=NOW.date()), Abolished)


def test_the_command_loads_the_demonstration_on_request(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("load_regions")
    assert not Region.objects.filter(code="990121").exists()
    call_command("load_regions", demo=True)
    region = Region.objects.get(code="990121")
    assert (str(region), region.is_fictitious) == ("青禾县（虚构）", True)
    assert "6 new, 0 changed" in capsys.readouterr().out
