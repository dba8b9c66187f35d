"""The constraints behind 'never past the gap' and 'payer and approver are two', each taken away in turn."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from donors.models import BatchState, Payment, PaymentBatch
from matching.models import Commitment, Disbursement
from matching.services.proposals import accept_proposal
from matching.services.runs import run_matching
from needs.models import NeedItem
from tests.matching.services.crowding import needs_with_offers
from tests.mutation import without_constraint
from tests.town import NOW, Town

Attack = Callable[[Town], Any]


def an_item(town: Town) -> NeedItem:
    return town.verified().items.get()


def promised(town: Town) -> Commitment:
    run = run_matching(by=town.chen, now=NOW)
    [one] = needs_with_offers(town, run, [town.fund()], 1)
    outcome = accept_proposal(proposal=one.proposals[0], by=town.chen, now=NOW)
    assert isinstance(outcome, Commitment)
    return outcome


def item_set(**values: int) -> Attack:
    return lambda town: NeedItem.objects.filter(pk=an_item(town).pk).update(**values)


def batch(**values: Any) -> Attack:
    """Write a batch past the services; the people are named as Town names them."""

    def attack(town: Town) -> None:
        people = {field: getattr(town, name) for field, name in values.items() if field.endswith("_by")}
        facts = {"holder": town.charity, "prepared_by": town.he, "prepared_at": NOW}
        PaymentBatch.objects.create(**{**facts, **values, **people})

    return attack


def paid(**values: int) -> Attack:
    def attack(town: Town) -> None:
        batch()(town)
        Payment.objects.create(
            batch=PaymentBatch.objects.get(), reservation_id=promised(town).hold, payee_ref="p", **values
        )

    return attack


def disbursed(amount: int, approver: str) -> Attack:
    def attack(town: Town) -> None:
        Disbursement.objects.create(
            commitment=promised(town),
            amount=amount,
            key="k",
            payer=town.he,
            approver=getattr(town, approver),
            at=NOW,
        )

    return attack


def more_disbursed_than_promised(town: Town) -> None:
    one = promised(town)
    Commitment.objects.filter(pk=one.pk).update(disbursed=one.amount + 1)


ATTACKS: dict[str, tuple[Any, Attack]] = {
    "never_served_past_the_gap": (NeedItem, item_set(committed=300_001)),
    "delivered_what_was_committed": (NeedItem, item_set(fulfilled=1)),
    "an_item_lacks_something": (NeedItem, item_set(required=0)),
    "disbursed_within_the_commitment": (Commitment, more_disbursed_than_promised),
    "payer_and_approver_are_two": (Disbursement, disbursed(1, "he")),
    "a_disbursement_pays_something": (Disbursement, disbursed(0, "gao")),
    "batch_approver_is_not_the_preparer": (PaymentBatch, batch(approved_by="he")),
    "batch_second_approver_is_a_third_person": (
        PaymentBatch,
        batch(approved_by="gao", second_approved_by="gao"),
    ),
    "batch_leaves_the_house_approved": (PaymentBatch, batch(state=BatchState.EXPORTED)),
    "payment_is_paid_within_its_amount": (Payment, paid(amount_fen=-1)),
    "payment_is_paid_with_its_entry": (Payment, paid(amount_fen=5, paid_fen=5)),
}


def answer(attack: Attack, town: Town) -> str:
    try:
        with transaction.atomic():
            attack(town)
            transaction.set_rollback(True)
    except IntegrityError as refusal:
        return str(refusal)
    return ""


@pytest.mark.parametrize("name", ATTACKS)
def test_the_constraint_refuses_and_nothing_else_does(town: Town, name: str) -> None:
    model, attack = ATTACKS[name]
    without_constraint(model._meta.db_table, name)
    assert answer(attack, town) == ""


@pytest.mark.parametrize("name", ATTACKS)
def test_the_constraint_itself_refuses(town: Town, name: str) -> None:
    assert name in answer(ATTACKS[name][1], town)
