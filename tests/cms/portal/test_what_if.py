"""A fund's manager asks what would be otherwise."""

from collections.abc import Callable

from django.test import Client

from jiujinan.accounts.models import User
from matching.models import MatchRun
from tests.matching.services.test_closed_loop import published
from tests.town import Town

SignIn = Callable[[User], Client]


def test_the_manager_sees_present_and_supposed_and_nothing_is_written(town: Town, signed_in: SignIn) -> None:
    published(town, yuan=500)
    fund, client = town.fund(yuan=0), signed_in(town.chen)
    page = f"/portal/funds/{fund.pk}/what-if/"
    assert client.get(page).status_code == 200
    answer = client.get(page, {"more": "300.00", "without": ["region"]})
    assert "¥300" in answer.content.decode()
    assert not MatchRun.objects.exists()


def test_a_wrong_amount_is_named_and_another_charitys_fund_is_not_found(
    town: Town, signed_in: SignIn
) -> None:
    fund, client = town.fund(yuan=0), signed_in(town.chen)
    page = f"/portal/funds/{fund.pk}/what-if/"
    for wrong in ("１００", "-1", "abc"):
        assert client.get(page, {"more": wrong}).status_code == 422
    assert client.get(page, {"without": "gravity"}).status_code == 422
    assert signed_in(town.qian).get(page).status_code == 404
