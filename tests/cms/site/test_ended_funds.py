"""What ended funds left is told to everybody, and nothing that is not yet carried out."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.site.models import HomePage
from donors.ledger.services import receive
from donors.models import Fund, FundEnding
from donors.services import create_fund
from donors.services.endings import carry_out_ending, decide_ending, propose_endings
from tests.town import NOW, Town

ADDRESS = "/open-data/ended-funds/"
TODAY = NOW.date()


def founded(town: Town, name: str, **charter: Any) -> Fund:
    terms = {"starts_on": TODAY - timedelta(days=90), **charter}
    fund = create_fund(
        holder=town.charity, name=name, charter=terms, by=town.chen, now=NOW - timedelta(days=80)
    )
    receive(fund=fund, amount_fen=123_400, key=f"gift:{fund.pk}", by=town.he, now=NOW - timedelta(days=70))
    return fund


def test_the_rest_of_an_ended_fund_stands_there_once_it_has_moved(
    town: Town, site: HomePage, client: Client
) -> None:
    to_fund = founded(town, "接续基金", transfers_in=True)
    old = founded(town, "满期基金甲", ends_on=TODAY - timedelta(days=1), on_end="similar_purpose")
    assert "目前" in (empty := client.get(ADDRESS).content.decode()) or "No fund" in empty
    propose_endings(now=NOW, today=TODAY)
    ending = FundEnding.objects.get(fund=old)
    decide_ending(ending=ending, to_fund=to_fund, reason="内部理由", by=town.chen, now=NOW)
    assert "满期基金甲" not in client.get(ADDRESS).content.decode()
    carry_out_ending(ending=ending, by=town.gao, now=NOW)
    page = client.get(ADDRESS).content.decode()
    for told in ("满期基金甲", "接续基金", "1,234", town.charity.name, "2026-07-05"):
        assert told in page
    assert "内部理由" not in page
    assert ADDRESS in client.get("/open-data/").content.decode()


@pytest.mark.parametrize("count", [1, 3, 300])
def test_the_list_asks_the_same_for_any_number_of_funds(
    town: Town, site: HomePage, client: Client, count: int
) -> None:
    to_fund = founded(town, "接续基金", transfers_in=True)
    funds = Fund.objects.bulk_create(
        Fund(holder=town.charity, name=f"基金{place}", created_at=NOW, state="closed", closed_at=NOW)
        for place in range(count)
    )
    FundEnding.objects.bulk_create(
        FundEnding(
            fund=fund, on_end="similar_purpose", ended_on=TODAY, rest_fen=100, state="done", to_fund=to_fund,
            proposed_at=NOW, decided_by=town.chen, decided_at=NOW, approved_by=town.gao, approved_at=NOW,
        )
        for fund in funds
    )  # fmt: skip
    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(ADDRESS).status_code == 200
    of_the_list = [one for one in queries.captured_queries if "donors_fundending" in one["sql"]]
    assert len(of_the_list) == 2
