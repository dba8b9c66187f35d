"""Any order of preparing, approving and answering payments: never by one person alone, never more than is held."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from donors.errors import AlreadyInPayment, ApproverNotIndependent, WrongState
from donors.ledger import services as ledger
from donors.ledger.errors import ExceedsReservation
from donors.ledger.queries import balance_of
from donors.models import PaymentBatch
from donors.services import (
    PaymentRequest,
    approve_batch,
    cancel_batch,
    export_batch,
    prepare_batch,
    read_back_batch,
)
from jiujinan.accounts.models import User
from tests.donors.world import NOW, make_fund, make_world

LIMIT, HELD = 500, 2_000
people = st.integers(0, 2)
places = st.integers(0, 20)


class Payments(RuleBasedStateMachine):
    """One reservation, three people; the model knows of each batch its amount, its people and its state."""

    @initialize()
    def hold_money(self) -> None:
        self.undo = transaction.atomic()
        self.undo.__enter__()
        world = make_world()
        third = User.objects.create(username="sun", full_name="孙主任")
        self.people, self.holder = [world.lin, world.zhao, third], world.charity
        self.fund = make_fund(world, second_approval_above_fen=LIMIT)
        ledger.receive(fund=self.fund, amount_fen=HELD, key="r", by=None, now=NOW)
        self.held = ledger.reserve(fund=self.fund, amount_fen=HELD, key="v", by=None, now=NOW)
        self.batches: list[dict[str, Any]] = []
        self.paid = 0

    def pick(self, place: int) -> dict[str, Any]:
        return self.batches[place % len(self.batches)]

    @rule(by=people, fen=st.integers(1, 900))
    def prepare(self, by: int, fen: int) -> None:
        waiting = sum(one["fen"] for one in self.batches if one["state"] in {"draft", "approved", "exported"})
        asked = {
            "holder": self.holder,
            "requests": [PaymentRequest(self.held, "P-1", fen)],
            "by": self.people[by],
            "now": NOW,
        }
        if fen + waiting > HELD - self.paid:
            with pytest.raises((AlreadyInPayment, ExceedsReservation)), transaction.atomic():
                prepare_batch(**asked)
            return
        row = prepare_batch(**asked)
        self.batches.append({"row": row, "fen": fen, "state": "draft", "hands": [by]})

    @precondition(lambda self: self.batches)
    @rule(place=places, by=people)
    def approve(self, place: int, by: int) -> None:
        one = self.pick(place)
        asked = {"batch": one["row"], "by": self.people[by], "now": NOW}
        if one["state"] != "draft":
            self.refused(WrongState, approve_batch, asked)
        elif by in one["hands"]:
            self.refused(ApproverNotIndependent, approve_batch, asked)
        else:
            approve_batch(**asked)
            one["hands"].append(by)
            needed = 3 if one["fen"] > LIMIT else 2
            one["state"] = "approved" if len(one["hands"]) == needed else "draft"

    @precondition(lambda self: self.batches)
    @rule(place=places, by=people)
    def cancel(self, place: int, by: int) -> None:
        one = self.pick(place)
        asked = {"batch": one["row"], "by": self.people[by], "now": NOW}
        if one["state"] not in {"draft", "approved"}:
            self.refused(WrongState, cancel_batch, asked)
            return
        cancel_batch(**asked)
        one["state"] = "cancelled"

    @precondition(lambda self: self.batches)
    @rule(place=places, by=people)
    def export(self, place: int, by: int) -> None:
        one = self.pick(place)
        asked = {"batch": one["row"], "by": self.people[by], "now": NOW}
        if one["state"] not in {"approved", "exported"}:
            self.refused(WrongState, export_batch, asked)
            return
        assert export_batch(**asked) == export_batch(**asked)
        one["state"] = "exported"

    @precondition(lambda self: self.batches)
    @rule(place=places, by=people, share=st.sampled_from([0, 50, 100]))
    def answer(self, place: int, by: int, share: int) -> None:
        """The bank pays all, a part, or nothing; its answer is read twice."""
        one = self.pick(place)
        paid = one["fen"] * share // 100
        result = "成功" if paid == one["fen"] else "部分成功" if paid else "失败"
        payment = one["row"].payments.get()
        row = f"{payment.pk},{result},{paid / 100:.2f},S{payment.pk.hex[:8]},"
        data = f"付款编号,结果,实付金额,交易流水号,失败原因\r\n{row}\r\n".encode()
        asked = {"batch": one["row"], "data": data, "by": self.people[by], "now": NOW}
        if one["state"] == "settled":
            return
        if one["state"] != "exported":
            self.refused(WrongState, read_back_batch, asked)
            return
        read_back_batch(**asked)
        read_back_batch(**asked)
        one["state"] = "settled"
        self.paid += paid

    def refused(self, error: type[Exception], act: Any, asked: dict[str, Any]) -> None:
        with pytest.raises(error), transaction.atomic():
            act(**asked)

    def teardown(self) -> None:
        if not hasattr(self, "undo"):
            return
        try:
            book = balance_of(fund=self.fund)
            assert (book.reserved_fen, book.disbursed_fen) == (HELD - self.paid, self.paid)
            assert {one.pk: one.state for one in PaymentBatch.objects.all()} == {
                one["row"].pk: one["state"] for one in self.batches
            }
            for one in self.batches:
                assert len(set(one["hands"])) == len(one["hands"])
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)


@pytest.mark.django_db
def test_any_order_of_acts_on_payments_agrees_with_the_model() -> None:
    run_state_machine_as_test(
        Payments,
        settings=settings(
            max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
