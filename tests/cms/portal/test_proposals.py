"""Chen, who manages the charity's funds, answers what is proposed."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from donors.ledger.models import FundBalance
from donors.models import Fund
from jiujinan.accounts.models import User
from matching.models import Commitment, Proposal
from matching.services.proposals import accept_proposal
from matching.states import ProposalState
from needs.models import GateDecision, NeedItem
from tests.cms.conftest import make_project, propose
from tests.town import NOW, PREFECTURE, Town

SignIn = Callable[[User], Client]


@pytest.fixture
def fund(town: Town) -> Fund:
    return town.fund(yuan=10_000, starts_on=date(2020, 1, 1))


@pytest.fixture
def proposal(town: Town, fund: Fund) -> Proposal:
    item = NeedItem.objects.get(need=town.verified(yuan=3000))
    return propose(town, item, 300_000, fund=fund)


def test_the_manager_reads_the_reasons_and_sees_gap_and_balance(
    town: Town, proposal: Proposal, signed_in: SignIn
) -> None:
    page = signed_in(town.chen).get(f"/portal/proposals/{proposal.pk}/").content.decode()
    for text in ("所在地属于服务区域", "排第 1 位", "另有 2 项需求", "¥3,000", "¥10,000"):
        assert text in page


def test_a_donor_reads_of_a_need_what_its_public_record_says_and_no_more(
    town: Town, fund: Fund, signed_in: SignIn
) -> None:
    need = town.let_through(town.verified(yuan=3000, tier="critical"))
    item = NeedItem.objects.get(need=need)
    client, coarse = signed_in(town.chen), propose(town, item, 200_000, fund=fund)
    commitment = accept_proposal(proposal=propose(town, item, 100_000, fund=fund), by=town.chen, now=NOW)
    for path in (
        "",
        "proposals/",
        f"proposals/{coarse.pk}/",
        "commitments/",
        f"commitments/{commitment.pk}/",
    ):
        page = client.get(f"/portal/{path}").content.decode()
        for finer in ("医疗", "青禾县", "急难型", "critical"):
            assert finer not in page, (path, finer)


def test_accepting_lets_the_balance_and_the_gap_fall(
    town: Town, fund: Fund, proposal: Proposal, signed_in: SignIn
) -> None:
    client = signed_in(town.chen)
    before = client.get(f"/portal/proposals/{proposal.pk}/confirm/", {"amount": "1200.50"}).content.decode()
    assert "¥1,799.50" in before
    assert FundBalance.objects.get(fund=fund).reserved_fen == 0
    after = client.post(f"/portal/proposals/{proposal.pk}/accept/", {"amount": "1200.50"}, follow=True)
    assert "¥8,799.50" in after.content.decode()
    item = NeedItem.objects.get(pk=proposal.item_id)
    balance = FundBalance.objects.get(fund=fund)
    assert (item.gap, balance.available_fen, balance.reserved_fen) == (179_950, 879_950, 120_050)
    assert Proposal.objects.get(pk=proposal.pk).state == ProposalState.ADJUSTED


def test_a_second_click_has_no_second_effect(
    town: Town, fund: Fund, proposal: Proposal, signed_in: SignIn
) -> None:
    client = signed_in(town.chen)
    for _ in range(2):
        client.post(f"/portal/proposals/{proposal.pk}/accept/", {"amount": "3000"})
    assert Commitment.objects.get().amount == 300_000
    assert FundBalance.objects.get(fund=fund).available_fen == 700_000


@pytest.mark.parametrize("amount", ["3000.01", "0", "-5", "0.001", "", "many", "NaN", "1e9"])
def test_an_amount_outside_the_proposal_is_refused_with_words(
    town: Town, proposal: Proposal, signed_in: SignIn, amount: str
) -> None:
    client = signed_in(town.chen)
    for method, act in ((client.get, "confirm"), (client.post, "accept")):
        response = method(f"/portal/proposals/{proposal.pk}/{act}/", {"amount": amount})
        assert response.status_code == 422
        assert "errorlist" in response.content.decode()
    assert not Commitment.objects.exists()


def test_when_somebody_else_was_faster_nothing_changes_and_the_manager_is_told(
    town: Town, fund: Fund, proposal: Proposal, signed_in: SignIn
) -> None:
    other = propose(town, proposal.item, 300_000, fund=town.fund(starts_on=date(2020, 1, 1)))
    accept_proposal(proposal=other, by=town.chen, now=NOW)
    page = signed_in(town.chen).post(
        f"/portal/proposals/{proposal.pk}/accept/", {"amount": "3000"}, follow=True
    )
    assert "已有其他单位先行认领" in page.content.decode()
    assert FundBalance.objects.get(fund=fund).available_fen == 1_000_000


def test_declining_needs_a_reason_from_the_list(town: Town, proposal: Proposal, signed_in: SignIn) -> None:
    client = signed_in(town.chen)
    address = f"/portal/proposals/{proposal.pk}/decline/"
    assert client.post(address, {"reason": "because"}).status_code == 422
    client.post(address, {"reason": "not_now"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decline_reason) == (ProposalState.DECLINED, "not_now")
    assert "暂不考虑" in client.get(f"/portal/proposals/{proposal.pk}/").content.decode()


@pytest.mark.parametrize(("person", "status"), [("qian", 404), ("luo", 404), ("he", 404)])
def test_nobody_answers_for_anothers_fund(
    town: Town, proposal: Proposal, signed_in: SignIn, person: str, status: int
) -> None:
    client = signed_in(getattr(town, person))
    assert client.get(f"/portal/proposals/{proposal.pk}/").status_code == status
    assert client.post(f"/portal/proposals/{proposal.pk}/accept/", {"amount": "1"}).status_code == status
    assert str(proposal.pk) not in client.get("/portal/proposals/").content.decode()


def test_the_door_is_closed_to_visitors_and_leads_staff_to_their_desk(
    client: Client, town: Town, signed_in: SignIn
) -> None:
    assert client.get("/portal/").url == "/accounts/login/?next=/portal/"
    assert signed_in(town.lin).get("/portal/").url == "/admin/"
    stranger = User.objects.create(username="stranger")
    assert signed_in(stranger).get("/portal/").status_code == 403


def test_an_acceptance_by_link_alone_is_impossible(town: Town, proposal: Proposal, signed_in: SignIn) -> None:
    response = signed_in(town.chen).get(f"/portal/proposals/{proposal.pk}/accept/", {"amount": "1"})
    assert response.status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(town.chen, backend="django.contrib.auth.backends.ModelBackend")
    assert strict.post(f"/portal/proposals/{proposal.pk}/accept/", {"amount": "1"}).status_code == 403


def test_lists_ask_the_database_as_often_for_one_row_as_for_three(
    town: Town,
    fund: Fund,
    proposal: Proposal,
    signed_in: SignIn,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    client = signed_in(town.chen)
    paths = ("/portal/", "/portal/proposals/", "/portal/commitments/")
    counts = []
    for further in (0, 2):
        for _ in range(further):
            item = NeedItem.objects.get(need=town.verified(yuan=500))
            propose(town, item, 50_000, fund=fund)
            item = NeedItem.objects.get(need=town.verified(yuan=500))
            accept_proposal(proposal=propose(town, item, 50_000, fund=fund), by=town.chen, now=NOW)
        if not further:
            item = NeedItem.objects.get(need=town.verified(yuan=500))
            accept_proposal(proposal=propose(town, item, 50_000, fund=fund), by=town.chen, now=NOW)
        for path in paths:
            client.get(path)
            with django_assert_max_num_queries(25) as asked:  # type: ignore[attr-defined]  # a context manager
                client.get(path)
            counts.append(len(asked))
    assert counts[: len(paths)] == counts[len(paths) :]


def test_the_donor_report_opens_under_the_content_policy(
    town: Town, fund: Fund, proposal: Proposal, signed_in: SignIn
) -> None:
    accept_proposal(proposal=proposal, by=town.chen, now=NOW)
    client = signed_in(town.chen)
    response = client.get(f"/portal/funds/{fund.pk}/report/")
    assert "¥3,000" in response.content.decode()
    assert "'sha256-" in response["Content-Security-Policy"]
    assert signed_in(town.qian).get(f"/portal/funds/{fund.pk}/report/").status_code == 404


def test_the_place_is_never_finer_than_the_gate_let_through(
    town: Town, proposal: Proposal, signed_in: SignIn
) -> None:
    project = make_project(region=PREFECTURE)
    GateDecision.objects.create(
        need=proposal.item.need, outcome="published", project=project, by=town.wu, at=NOW
    )
    client = signed_in(town.chen)
    for path in ("/portal/", "/portal/proposals/", f"/portal/proposals/{proposal.pk}/"):
        page = client.get(path).content.decode()
        assert "云川市" in page
        assert "青禾县" not in page
