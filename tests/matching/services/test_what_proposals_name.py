"""What a proposal names is there, and stays: held by the database, for one row and for a whole run."""

from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from donors.models import Fund
from matching.models import Proposal
from matching.services.runs import run_matching
from needs.models import NeedItem
from tests.matching.services.test_run_rules import offered
from tests.town import NOW, Town


@pytest.fixture
def proposal(town: Town) -> Proposal:
    """Return one proposal of a run."""
    offered(town)
    town.fund(yuan=1000)
    return Proposal.objects.get(run=run_matching(by=town.chen, now=NOW))


def checked_when(act: Callable[[], object]) -> None:
    """Act, and have every constraint looked at before the transaction ends."""
    with transaction.atomic():
        act()
        connection.check_constraints()


@pytest.mark.parametrize("named", ["run_id", "item_id", "fund_id"])
def test_a_proposal_of_nothing_is_refused(proposal: Proposal, named: str) -> None:
    proposal.pk = uuid4()
    setattr(proposal, named, uuid4())
    with pytest.raises(IntegrityError):
        checked_when(lambda: proposal.save(force_insert=True))


@pytest.mark.parametrize("named", ["run_id", "item_id", "fund_id"])
def test_a_proposal_does_not_turn_to_nothing(proposal: Proposal, named: str) -> None:
    with pytest.raises(IntegrityError):
        checked_when(lambda: Proposal.objects.filter(pk=proposal.pk).update(**{named: uuid4()}))


@pytest.mark.postgres
def test_what_a_proposal_names_cannot_be_deleted(proposal: Proposal) -> None:
    for model, key in ((NeedItem, proposal.item_id), (Fund, proposal.fund_id)):
        rows = model._default_manager.filter(pk=key)
        with pytest.raises(IntegrityError):
            checked_when(partial(rows._raw_delete, rows.db))  # as plain SQL would, past the models


def test_a_proposal_can_be_answered(proposal: Proposal) -> None:
    proposal.state = "expired"
    proposal.save()
    assert Proposal.objects.get().state == "expired"
