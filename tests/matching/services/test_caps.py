"""What was paid counts towards a charter's caps for ever, also when the rest was given back."""

from datetime import timedelta

import pytest

from donors.ledger.models import FundBalance
from jiujinan.accounts.evidence import EvidenceLapsed
from matching.eligibility import OutsideCharter
from matching.engine import Rule
from matching.models import Commitment, Proposal
from matching.reporting import report_on
from matching.services.delivery import deliver_commitment, release_commitment
from matching.services.proposals import accept_proposal
from matching.services.runs import run_matching
from tests.town import NOW, Town


@pytest.fixture
def partly_paid(town: Town) -> Commitment:
    """1,500 of 2,000 yuan paid, the rest given back; the charter allows 2,000 a case."""
    need = town.verified(yuan=5000)
    town.let_through(need)
    town.fund(yuan=10_000, per_case_cap_fen=200_000)
    proposal = Proposal.objects.get(run=run_matching(by=town.chen, now=NOW))
    commitment = accept_proposal(proposal=proposal, by=town.chen, now=NOW)
    assert isinstance(commitment, Commitment)
    deliver_commitment(
        commitment=commitment, amount=150_000, key="p", payer=town.he, approver=None, now=NOW, bank_line="B1"
    )
    return release_commitment(commitment=commitment, reason="另有安排", by=town.chen, now=NOW)


def test_a_cap_counts_what_was_paid_before_the_rest_was_given_back(
    town: Town, partly_paid: Commitment
) -> None:
    run = run_matching(by=town.chen, now=NOW)
    proposal = Proposal.objects.get(run=run)
    assert proposal.amount == 50_000
    proposal.amount = 50_001
    proposal.save()
    with pytest.raises(OutsideCharter):
        accept_proposal(proposal=proposal, by=town.chen, now=NOW)
    accept_proposal(proposal=proposal, by=town.chen, now=NOW, amount=50_000)
    book = FundBalance.objects.get(fund=partly_paid.fund)
    assert book.reserved_fen + book.disbursed_fen == 200_000


def test_the_donor_is_told_of_what_was_paid_before_the_rest_was_given_back(
    town: Town, partly_paid: Commitment
) -> None:
    assert partly_paid.fund is not None
    lines = report_on(fund=partly_paid.fund, now=NOW).lines
    assert sum(line.disbursed_fen for line in lines) == partly_paid.fund.balance.disbursed_fen == 150_000


def test_a_household_gets_no_more_from_one_fund_within_the_period_and_again_after_it(town: Town) -> None:
    need = town.verified(yuan=5000)
    town.let_through(need)
    town.fund(yuan=10_000, per_household_cap_fen=200_000, household_period_days=30)
    first = Proposal.objects.get(run=run_matching(by=town.chen, now=NOW))
    assert first.amount == 200_000
    accept_proposal(proposal=first, by=town.chen, now=NOW)
    another = Proposal.objects.create(
        run=first.run,
        item=first.item,
        fund=first.fund,
        amount=1,
        rules_passed=Rule.REGION,
        expires_at=NOW.replace(year=2028),
    )
    with pytest.raises(OutsideCharter) as refusal:
        accept_proposal(proposal=another, by=town.chen, now=NOW + timedelta(days=30))
    assert [(one.rule, one.required, one.actual) for one in refusal.value.failed] == [
        ("household_cap", 200_000, 200_001)
    ]
    accept_proposal(proposal=another, by=town.chen, now=NOW + timedelta(days=31))


@pytest.mark.parametrize("kind", ["fund", "offer", "lot"])
def test_whose_evidence_lapsed_after_the_proposal_cannot_accept_it(town: Town, kind: str) -> None:
    items = {
        "fund": {"kind": "cash", "category": "medical", "unit": "fen", "required": 300_000},
        "offer": {"kind": "service", "category": "counselling", "unit": "session", "required": 6},
        "lot": {"kind": "goods", "category": "food", "unit": "piece", "required": 3},
    }
    need = town.verified(items=[items[kind]])
    town.let_through(need)
    resource = {"fund": town.fund, "offer": town.offer, "lot": town.lot}[kind]()
    owner, by = {
        "fund": (town.charity, town.chen),
        "offer": (town.agency, town.luo),
        "lot": (town.station, town.liang),
    }[kind]
    proposal = Proposal.objects.get(run=run_matching(by=town.chen, now=NOW))
    owner.evidence_expires_on = NOW.date() - timedelta(days=1)
    owner.save()
    with pytest.raises(EvidenceLapsed):
        accept_proposal(proposal=proposal, by=by, now=NOW)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.item.committed) == ("proposed", 0)
    assert not Proposal.objects.filter(run=run_matching(by=town.chen, now=NOW)).exists()
    owner.evidence_expires_on = NOW.date()
    owner.save()
    accept_proposal(proposal=proposal, by=by, now=NOW)
    assert resource.pk in {proposal.fund_id, proposal.offer_id, proposal.lot_id}
