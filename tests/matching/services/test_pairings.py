"""A paired partner gives where and while its pairing says; its money and its services alike."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from donors.models import Fund, Pairing, ServiceOffer
from donors.queries import paired_regions
from donors.services import create_offer, create_pairing
from donors.services.supplies import set_active
from jiujinan.accounts.models import Organisation
from jiujinan.accounts.roles import OrganisationKind, Role
from jiujinan.accounts.services import join, register_organisation
from matching.eligibility import OutsideCharter
from matching.models import Proposal
from matching.queries import why_item
from matching.services.proposals import accept_proposal
from matching.services.runs import run_matching
from matching.services.supposing import suppose
from matching.what_if import FundChange
from needs.models import NeedItem
from tests.town import COUNTY, NEXT_COUNTY, NOW, PREFECTURE, Town

SESSIONS = [{"kind": "service", "category": "counselling", "unit": "session", "required": 2}]
TODAY = NOW.date()


@pytest.fixture
def partner(town: Town) -> Organisation:
    found = register_organisation(
        name="东海市对口协作办",
        kind=OrganisationKind.PARTNER,
        region=PREFECTURE,
        credit_code=None,
        by=town.lin,
        now=NOW,
    )
    join(user=town.luo, organisation=found, role=Role.PARTNER_MANAGER)
    return found


def pair(partner: Organisation, *regions: str, **facts: Any) -> Pairing:
    period = {"starts_on": TODAY - timedelta(days=9), **facts}
    return create_pairing(partner=partner, regions=regions, now=NOW, **period)


def offer_of(partner: Organisation) -> ServiceOffer:
    return create_offer(
        organisation=partner,
        name="心理疏导",
        category="counselling",
        unit="session",
        weekly_capacity=9,
        total=9,
        starts_on=date(2026, 1, 1),
        now=NOW,
    )


def open_item(town: Town, region: str, **facts: Any) -> NeedItem:
    need = town.verified(region=region, **facts)
    town.let_through(need)
    return need.items.get()


def places_of(proposals: Any) -> set[str]:
    return set(proposals.values_list("item__need__case__region_id", flat=True))


@pytest.mark.parametrize("is_money", [True, False])
def test_what_a_partner_gives_is_proposed_within_its_pairing_only(
    town: Town, partner: Organisation, is_money: bool
) -> None:
    pair(partner, NEXT_COUNTY)
    facts: dict[str, Any] = {"yuan": 100} if is_money else {"items": SESSIONS}
    items = [open_item(town, region, **facts) for region in (COUNTY, NEXT_COUNTY)]
    resource: Fund | ServiceOffer
    if is_money:
        resource = town.fund(yuan=5_000)
        Fund.objects.filter(pk=resource.pk).update(named_for=partner)
    else:
        resource = offer_of(partner)
    run = run_matching(by=town.chen, now=NOW)
    assert places_of(Proposal.objects.filter(run=run)) == {NEXT_COUNTY}
    why = why_item(kind=items[0].kind, item=items[0].pk, run=run)
    assert why is not None
    assert "region" in why.reasons.failed


@pytest.mark.parametrize(
    "facts",
    [{"ends_on": TODAY - timedelta(days=1)}, {"starts_on": TODAY + timedelta(days=1)}],
    ids=["over", "not begun"],
)
def test_a_partner_whose_pairing_is_not_in_force_is_asked_for_nothing(
    town: Town, partner: Organisation, facts: dict[str, date]
) -> None:
    pairing = pair(partner, COUNTY, **facts)
    offer_of(partner)
    open_item(town, COUNTY, items=SESSIONS)
    assert not Proposal.objects.filter(run=run_matching(by=town.chen, now=NOW)).exists()
    set_active(supply=pairing, active=False, by=town.luo, now=NOW)  # who is not paired gives as anybody does
    assert Proposal.objects.filter(run=run_matching(by=town.chen, now=NOW)).exists()


def moved_away(pairing: Pairing) -> None:
    Pairing.objects.filter(pk=pairing.pk).update(regions=[NEXT_COUNTY])


def ended(pairing: Pairing) -> None:
    Pairing.objects.filter(pk=pairing.pk).update(ends_on=TODAY - timedelta(days=1))


@pytest.mark.parametrize("change", [moved_away, ended])
@pytest.mark.parametrize("is_money", [True, False])
def test_the_pairing_is_asked_again_in_the_moment_of_accepting(
    town: Town, partner: Organisation, change: Callable[[Pairing], None], is_money: bool
) -> None:
    pairing = pair(partner, COUNTY)
    if is_money:
        open_item(town, COUNTY, yuan=100)
        Fund.objects.filter(pk=town.fund(yuan=5_000).pk).update(named_for=partner)
    else:
        open_item(town, COUNTY, items=SESSIONS)
        offer_of(partner)
    proposal = Proposal.objects.get(run=run_matching(by=town.chen, now=NOW))
    change(pairing)
    by = town.chen if is_money else town.luo
    with pytest.raises(OutsideCharter) as refusal:
        accept_proposal(proposal=proposal, by=by, now=NOW)
    assert [one.rule for one in refusal.value.failed] == ["pairing"]
    assert Proposal.objects.get().state == "proposed"


def test_several_pairings_add_up_and_one_without_regions_binds_nobody(
    town: Town, partner: Organisation
) -> None:
    assert paired_regions(today=TODAY) == {}
    pair(partner, COUNTY)
    pair(partner, NEXT_COUNTY)
    pair(partner, PREFECTURE, ends_on=TODAY - timedelta(days=1))
    assert paired_regions(today=TODAY) == {partner.pk: (COUNTY, NEXT_COUNTY)}
    assert paired_regions(today=TODAY, organisation_ids=[town.agency.pk]) == {}
    pair(partner)
    assert paired_regions(today=TODAY) == {}


def test_what_if_keeps_a_partner_within_its_pairing(town: Town, partner: Organisation) -> None:
    pair(partner, NEXT_COUNTY)
    open_item(town, COUNTY, yuan=500)
    fund = town.fund(yuan=0)
    more = FundChange(str(fund.pk), 100_000_00)
    assert suppose(changes=[more], now=NOW).reached == 1
    Fund.objects.filter(pk=fund.pk).update(named_for=partner)
    assert suppose(changes=[more], now=NOW).reached == 0
