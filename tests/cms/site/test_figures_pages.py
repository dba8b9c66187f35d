"""Statistics and open data: one source, rounded and withheld, whole files that read back."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from cms.site.models import HomePage
from cms.site.open_data.catalogue import FORM_CHANGES, VERSION, version_on
from cms.site.open_data.files import as_csv, as_json, flattened
from cms.site.statistics.tiles import PLACES, tiles
from jiujinan.accounts.models import Organisation
from matching.publishing.services import publish_release, release_grants
from needs.models import Project
from tests.matching.publishing.test_services import paid
from tests.town import NOW, PROVINCE, Town

Publish = Callable[..., Project]
FILES = [
    f"{name}.{form}"
    for name, forms in {
        "projects": ("csv", "json"), "grants": ("csv", "json"), "organisations": ("json",),
        "statistics": ("csv", "json"), "unmet": ("csv", "json"),
    }.items()
    for form in forms
]  # fmt: skip
cells = st.none() | st.integers() | st.text(max_size=20)


def fetched(client: Client, name: str) -> str:
    answer = client.get(f"/open-data/files/{name}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]


def test_before_the_first_release_the_pages_say_so(client: Client, site: HomePage) -> None:
    assert "首期数据发布后" in client.get("/statistics/").content.decode()
    assert client.get("/open-data/").status_code == 200
    assert client.get("/open-data/files/statistics.json").status_code == 404


def test_page_and_files_show_the_same_numbers(client: Client, publish: Publish) -> None:
    for _ in range(37):
        publish(tier="joint")
    for _ in range(4):
        publish(tier="critical")
    publish_release(now=NOW)
    told = {
        (row["table"], row["key"]): row["value"]
        for row in json.loads(fetched(client, "statistics.json"))["statistics"]
    }
    page = client.get("/statistics/").content.decode()
    assert told["projects.by_tier", "total"] == 40
    assert told["projects.by_tier.cells", "critical"] is None
    assert "约 40 个项目" in page
    assert "少于 20" in page
    written = list(csv.DictReader(io.StringIO(fetched(client, "statistics.csv"))))
    assert {(row["table"], row["key"]) for row in written} == set(told)


@pytest.mark.parametrize("name", FILES)
def test_each_file_reads_back_and_no_cache_keeps_it(
    client: Client, site: HomePage, town: Town, name: str
) -> None:
    paid(town, 20)
    release_grants(now=NOW)
    publish_release(now=NOW)
    assert "no-cache" in client.get(f"/open-data/files/{name}")["Cache-Control"]
    text = fetched(client, name)
    if name.endswith("json"):
        assert json.loads(text)["license"]
    else:
        assert len({len(row) for row in csv.reader(io.StringIO(text))}) == 1


def test_a_withdrawn_project_is_in_no_file(client: Client, publish: Publish) -> None:
    stays, goes = publish(), publish(state="withdrawn")
    for name in ("projects.csv", "projects.json"):
        text = fetched(client, name)
        assert stays.number in text
        assert goes.number not in text


def test_grants_have_what_360giving_asks_of_grants_to_individuals(
    client: Client, site: HomePage, town: Town
) -> None:
    paid(town, 20)
    release_grants(now=NOW)
    grants = json.loads(fetched(client, "grants.json"))["grants"]
    assert len({grant["id"] for grant in grants}) == 20
    for grant in grants:
        assert {"id", "title", "description", "currency", "amountAwarded", "awardDate"} <= set(grant)
        assert {"id", "name"} <= set(grant["fundingOrganization"][0])
        assert grant["recipientIndividual"]["name"] == "Individual Recipient"
        assert grant["awardDate"].endswith("-01")
    assert len({grant["amountAwarded"] for grant in grants}) == 1


def test_the_columns_of_the_grants_are_written_as_spreadsheets_of_360giving_write_them(
    client: Client, site: HomePage, town: Town
) -> None:
    paid(town, 20)
    release_grants(now=NOW)
    rows = list(csv.DictReader(io.StringIO(fetched(client, "grants.csv"))))
    grants = json.loads(fetched(client, "grants.json"))["grants"]
    assert [row["fundingOrganization/0/id"] for row in rows] == [
        grant["fundingOrganization"][0]["id"] for grant in grants
    ]
    assert {key for grant in grants for key in flattened(grant)} <= set(rows[0])


def test_before_the_first_grant_is_told_there_is_no_file_of_none(client: Client, site: HomePage) -> None:
    assert client.get("/open-data/files/grants.json").status_code == 404
    page = client.get("/open-data/").content.decode()
    assert "/open-data/files/grants" not in page
    assert "/open-data/files/projects.csv" in page


def test_only_verified_organisations_are_listed_with_their_services(
    client: Client, site: HomePage, town: Town
) -> None:
    town.offer()
    Organisation.objects.filter(pk=town.other_charity.pk).update(verified_at=None)
    listed = {one["name"]: one for one in json.loads(fetched(client, "organisations.json"))["organizations"]}
    assert town.other_charity.name not in listed
    assert town.desk.name not in listed
    (service,) = listed[town.agency.name]["services"]
    assert service["status"] == "active"
    assert service["organization_id"] == listed[town.agency.name]["id"]


def test_the_feed_tells_every_release(client: Client, site: HomePage) -> None:
    publish_release(now=NOW)
    feed = client.get("/open-data/releases.atom")
    assert feed["Content-Type"].startswith("application/atom+xml")
    assert "第 1 期" in feed.content.decode()


def test_page_and_feed_tell_every_change_of_the_files_form(client: Client, site: HomePage) -> None:
    assert FORM_CHANGES[0].version == VERSION
    days = [change.day for change in FORM_CHANGES]
    assert days == sorted(days, reverse=True)
    for address in ("/open-data/releases.atom", "/open-data/"):
        told = client.get(address).content.decode()
        assert all(f"form-{change.version}" in told for change in FORM_CHANGES)
    assert version_on(date(2000, 1, 1)) == FORM_CHANGES[-1].version
    assert version_on(date(2100, 1, 1)) == VERSION


def test_the_statistics_page_asks_the_database_the_same_number_of_times(
    client: Client, publish: Publish
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/statistics/")
        return len(asked)

    publish()
    publish_release(now=NOW)
    client.get("/statistics/")
    one = queries()
    for _ in range(30):
        publish()
    assert queries() == one


@pytest.mark.parametrize("address", ["x.csv", "projects.exe", "projects.csv%00", "..%2f.json"])
def test_what_is_no_file_is_not_found(client: Client, site: HomePage, address: str) -> None:
    assert client.get(f"/open-data/files/{address}").status_code == 404


@given(st.lists(st.fixed_dictionaries({"a": cells, "b": cells}), max_size=5))
def test_whatever_the_cells_hold_the_files_read_back(rows: list[dict[str, object]]) -> None:
    assert json.loads("".join(as_json(rows, around={"v": 1}, within="rows")))["rows"] == rows
    text = "".join(as_csv(rows, ("a", "b"))).removeprefix("\ufeff")
    if not any("\r" in str(cell) or "\n" in str(cell) for row in rows for cell in row.values()):
        assert len(list(csv.reader(io.StringIO(text)))) == len(rows) + 1


def test_a_cell_never_becomes_a_formula() -> None:
    lines = "".join(as_csv([{"a": "=1+1"}, {"a": -5}], ("a",))).splitlines()
    assert lines[1:] == ["'=1+1", "-5"]


def test_no_two_provinces_share_a_tile_and_an_invented_one_is_drawn_only_where_it_counts() -> None:
    assert len(set(PLACES.values())) == len(PLACES)
    names = {"110000": "北京市", "150000": "内蒙古自治区", PROVINCE: "华云省"}
    drawn = {tile.name: tile for tile in tiles({"110000": 40, "150000": None}, names)}
    assert set(drawn) == {"北京", "内蒙古"}
    assert (drawn["北京"].shade, drawn["内蒙古"].shade) == (4, 0)
    assert "华云" in {tile.name for tile in tiles({PROVINCE: 20}, names)}
