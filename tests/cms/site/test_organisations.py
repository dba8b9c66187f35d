"""Public profiles: what organisations declare, and nothing private."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cms.site.models import HomePage
from jiujinan.accounts.models import Organisation
from matching.models import PublicGrant
from tests.town import COUNTY, Town


def test_a_profile_tells_funds_in_plain_words_offers_and_goods(
    client: Client, site: HomePage, town: Town
) -> None:
    town.fund(name="青禾助医基金", yuan=77_777, regions=[COUNTY])
    told = client.get(f"/organisations/{town.charity.pk}/").content.decode()
    assert "青禾助医基金" in told
    assert "青禾县" in told
    for private in ("77,777", "chen", "Chen"):
        assert private not in told
    town.offer()
    assert "心理疏导" in client.get(f"/organisations/{town.agency.pk}/").content.decode()
    town.lot()
    assert client.get(f"/organisations/{town.station.pk}/").status_code == 200


def test_a_closed_fund_is_not_told(client: Client, site: HomePage, town: Town) -> None:
    fund = town.fund(name="旧基金", yuan=0)
    type(fund).objects.filter(pk=fund.pk).update(state="closed", closed_at=timezone.now())
    assert "旧基金" not in client.get(f"/organisations/{town.charity.pk}/").content.decode()


def test_only_verified_social_forces_have_a_profile(client: Client, site: HomePage, town: Town) -> None:
    Organisation.objects.filter(pk=town.agency.pk).update(verified_at=None)
    for hidden in (town.agency, town.desk):
        assert client.get(f"/organisations/{hidden.pk}/").status_code == 404
        assert hidden.name not in client.get("/organisations/").content.decode()
    assert client.get("/organisations/999999999999999999999/").status_code == 404


def test_released_grants_are_summed(client: Client, site: HomePage, town: Town) -> None:
    now = timezone.now()
    for place in range(20):
        PublicGrant.objects.create(
            number=f"G{place}", block="B", holder=town.charity, region_id=COUNTY, category="medical",
            month=(now - timedelta(days=40)).date().replace(day=1), amount_fen=1_000_00, released_at=now,
        )  # fmt: skip
    told = client.get(f"/organisations/{town.charity.pk}/").content.decode()
    assert "2 万元" in told


@pytest.mark.parametrize("count", [1, 3, 300])
def test_the_list_costs_the_same_however_long_it_is(
    client: Client, site: HomePage, town: Town, count: int, django_assert_num_queries: Any
) -> None:
    Organisation.objects.bulk_create(
        Organisation(name=f"慈善会{place}", kind="charity", region_id=COUNTY, verified_at=timezone.now())
        for place in range(count)
    )
    client.get("/organisations/")
    with django_assert_num_queries(8):
        assert client.get("/organisations/?kind=charity&q=慈善会").status_code == 200
    for odd in ("?page=-1", "?kind=x", "?q=%00", f"?q={'长' * 10_000}"):
        assert client.get(f"/organisations/{odd}").status_code == 200


@pytest.mark.parametrize("funds", [1, 4])
def test_a_profile_costs_the_same_however_many_funds(
    client: Client, site: HomePage, town: Town, funds: int, django_assert_num_queries: Any
) -> None:
    for _ in range(funds):
        town.fund(yuan=0, regions=[COUNTY])
    client.get(f"/organisations/{town.charity.pk}/")
    with django_assert_num_queries(12):
        client.get(f"/organisations/{town.charity.pk}/")


def test_a_profile_in_chinese_names_goods_in_chinese(client: Client, site: HomePage, town: Town) -> None:
    town.lot(category="clothing")
    page = client.get(f"/organisations/{town.station.pk}/").content.decode()
    assert "衣物" in page
    assert "Clothing" not in page
