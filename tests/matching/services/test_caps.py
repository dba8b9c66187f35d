"""What was paid counts towards a charter's caps for ever, also when the rest was given back."""

import pytest

from donors.ledger.models import FundBalance
from matching.eligibility import OutsideCharter
from matching.models import Commitment, Proposal
from matching.reporting import report_on
from matching.services.delivery import deliver_commitment, release_commitment
from matching.services.proposals import accept_proposal
from matching.services.runs import run_matching
from needs.models import Need
from needs.states import NeedState
from tests.town import NOW, Town


@pytest.fixture
def partly_paid(town: Town) -> Commitment:
    """1,500 of 2,000 yuan paid, the rest given back; the charter allows 2,000 a case."""
    need = town.verified(yuan=5000)
    Need.objects.filter(pk=need.pk).update(state=NeedState.PUBLISHED)
    town.fund(yuan=10_000, per_case_cap_fen=200_000)
    proposal = Proposal.objects.get(run=run_matching(by=town.chen, now=NOW))
    commitment = accept_proposal(proposal=proposal, by=town.chen, now=NOW)
    assert isinstance(commitment, Commitment)
    deliver_commitment(commitment=commitment, amount=150_000, key="p", payer=town.he, approver=None, now=NOW)
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
