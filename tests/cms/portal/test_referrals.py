"""Luo, of the social work agency, answers a referral and gives its sessions."""

import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from jiujinan.accounts.models import User
from matching.models import Referral
from matching.services.proposals import accept_proposal
from matching.states import ReferralState
from needs.models import NeedItem
from tests.cms.conftest import propose
from tests.town import NOW, Town

SignIn = Callable[[User], Client]
COUNSELLING = [{"kind": "service", "category": "counselling", "unit": "session", "required": 4}]


@pytest.fixture
def referral(town: Town) -> Referral:
    item = NeedItem.objects.get(need=town.verified(items=COUNSELLING))
    made = accept_proposal(proposal=propose(town, item, 4, offer=town.offer()), by=town.luo, now=NOW)
    assert isinstance(made, Referral)
    return made


def act(client: Client, referral: Referral, name: str, outcome: str = "") -> str:
    response = client.post(
        f"/portal/referrals/{referral.pk}/act/", {"act": name, "outcome": outcome}, follow=True
    )
    return response.content.decode()


def test_a_referral_goes_from_acceptance_to_its_outcome(
    town: Town, referral: Referral, signed_in: SignIn
) -> None:
    client = signed_in(town.luo)
    for name in ("accept", "start"):
        act(client, referral, name)
    client.post(f"/portal/referrals/{referral.pk}/sessions/", {"sessions": 4, "key": uuid.uuid4()})
    assert "请填写结果" in act(client, referral, "complete")
    act(client, referral, "complete", "四次疏导后情绪稳定")
    referral.refresh_from_db()
    assert (referral.state, referral.given, referral.outcome) == (
        ReferralState.COMPLETED,
        4,
        "四次疏导后情绪稳定",
    )
    assert NeedItem.objects.get(pk=referral.item_id).fulfilled == 4


def test_sessions_that_are_sent_twice_are_given_once(
    town: Town, referral: Referral, signed_in: SignIn
) -> None:
    client = signed_in(town.luo)
    for name in ("accept", "start"):
        act(client, referral, name)
    form = {"sessions": 3, "key": uuid.uuid4()}
    for _ in range(2):
        client.post(f"/portal/referrals/{referral.pk}/sessions/", form)
    referral.refresh_from_db()
    assert referral.given == 3


def test_the_page_offers_only_what_the_state_allows(
    town: Town, referral: Referral, signed_in: SignIn
) -> None:
    client = signed_in(town.luo)
    page = client.get(f"/portal/referrals/{referral.pk}/").content.decode()
    assert 'value="accept"' in page
    assert 'value="complete"' not in page
    assert "已不能这样操作" in act(client, referral, "complete", "x")
    assert "已不能这样操作" in act(client, referral, "no such act")


def test_another_organisation_sees_nothing_of_it(town: Town, referral: Referral, signed_in: SignIn) -> None:
    client = signed_in(town.chen)
    assert client.get(f"/portal/referrals/{referral.pk}/").status_code == 404
    assert (
        client.post(f"/portal/referrals/{referral.pk}/act/", {"act": "reject", "outcome": "x"}).status_code
        == 404
    )
