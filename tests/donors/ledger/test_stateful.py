"""The ledger against a model of a few lines: any sequence of acts, the same sums and the same refusals."""

import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from donors.ledger import errors, services
from donors.ledger.anchors import anchor_heads
from donors.ledger.checking import anchor_lines, check_books
from donors.ledger.models import LedgerTransaction, Reservation
from donors.ledger.queries import balance_of, replayed, traced
from donors.ledger.rules import genesis_hash
from donors.models import Fund
from donors.services import close_fund
from tests.donors.world import NOW, make_fund, make_world

FEE_PERMILLE = 100
KEPT_FEN = 20
ENDS_AFTER_DAYS = 12
# The first two may transfer to one another; the third may not, and its period is short.
CHARTERS: dict[str, dict[str, Any]] = {
    "甲基金": {"transfers_in": True, "transfers_out": True},
    "乙基金": {"transfers_in": True, "transfers_out": True},
    "丙基金": {"ends_on": (NOW + timedelta(days=ENDS_AFTER_DAYS)).date()},
}
SHORT = 2
TABLES = ("ledger_ledgertransaction", "ledger_leg", "ledger_fundbalance", "ledger_reservation")
which = st.sampled_from([0, 0, 1, 1, SHORT])
fen = st.integers(1, 400)


@dataclass
class Sums:
    """What the model knows of one fund."""

    available: int = 0
    reserved: int = 0
    disbursed: int = 0
    fee: int = 0
    external: int = 0
    transit: int = 0
    entries: int = 0


@dataclass
class Held:
    """What the model knows of one reservation."""

    fund: int
    left: int
    row: Reservation
    expires_in: int | None
    posted: list[LedgerTransaction] = field(default_factory=list)


class Books(RuleBasedStateMachine):
    """Three funds and everything that can be done to them. docs/ledger.md names the rules beside the promises."""

    held = Bundle("held")
    entries = Bundle("entries")

    @initialize()
    def open_books(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        world = make_world()
        terms = {"fee_cap_permille": FEE_PERMILLE, "reserve_fen": KEPT_FEN}
        self.funds = [make_fund(world, name, **terms, **own) for name, own in CHARTERS.items()]
        self.sums = [Sums() for _ in self.funds]
        self.closed: set[int] = set()
        self.paid = [0 for _ in self.funds]
        self.folder = tempfile.TemporaryDirectory()
        self.anchors = Path(self.folder.name) / "anchors"
        self.undone: set[Any] = set()
        self.done: list[tuple[str, dict[str, Any]]] = []
        self.day = 0

    def act(self, name: str, **request: Any) -> Any:
        """Call the service under a new key, inside a savepoint as a caller would."""
        request |= {"key": f"k{len(self.done)}", "by": None, "now": NOW + timedelta(days=self.day)}
        with transaction.atomic():
            result = getattr(services, name)(**request)
        self.done.append((name, request))
        return result

    def refused(self, error: type[errors.LedgerError], name: str, **request: Any) -> None:
        with pytest.raises(error):
            self.act(name, **request)

    def refusal_to_promise(self, n: int) -> type[errors.LedgerError] | None:
        """Return why the fund promises nothing now, whatever the amount."""
        if n in self.closed:
            return errors.FundClosed
        return errors.OutsidePeriod if n == SHORT and self.day > ENDS_AFTER_DAYS else None

    @rule(n=which, amount=fen, target=entries)
    def receive(self, n: int, amount: int) -> Any:
        if n in self.closed:
            self.refused(errors.FundClosed, "receive", fund=self.funds[n], amount_fen=amount)
            return multiple()
        entry = self.act("receive", fund=self.funds[n], amount_fen=amount)
        self.move(n, "external", "available", amount)
        return n, entry

    @rule(n=which, amount=fen, target=entries)
    def refund(self, n: int, amount: int) -> Any:
        if amount > self.sums[n].available:
            self.refused(errors.InsufficientFunds, "refund", fund=self.funds[n], amount_fen=amount)
            return multiple()
        entry = self.act("refund", fund=self.funds[n], amount_fen=amount)
        self.move(n, "available", "external", amount)
        return n, entry

    @rule(n=which, amount=fen, days=st.none() | st.integers(1, 5), target=held)
    def reserve(self, n: int, amount: int, days: int | None) -> Any:
        expires = None if days is None else self.day + days
        at = None if expires is None else NOW + timedelta(days=expires)
        request = {"fund": self.funds[n], "amount_fen": amount, "expires_at": at}
        if refusal := self.refusal_to_promise(n):
            self.refused(refusal, "reserve", **request)
            return multiple()
        if amount > max(self.sums[n].available - KEPT_FEN, 0):
            self.refused(errors.InsufficientFunds, "reserve", **request)
            return multiple()
        row = self.act("reserve", **request)
        self.move(n, "available", "reserved", amount)
        return Held(n, amount, row, expires)

    @rule(one=held, amount=fen, kind=st.sampled_from(["release", "disburse"]))
    def end(self, one: Held, amount: int, kind: str) -> None:
        if amount > one.left:
            self.refused(errors.ExceedsReservation, kind, reservation=one.row, amount_fen=amount)
            return
        entry = self.act(kind, reservation=one.row, amount_fen=amount)
        one.left -= amount
        self.move(one.fund, "reserved", "available" if kind == "release" else "disbursed", amount)
        if kind == "disburse":
            one.posted.append(entry)
            self.paid[one.fund] += amount

    @rule(one=held)
    def undo_a_payment(self, one: Held) -> None:
        if not one.posted:
            return
        entry = one.posted.pop()
        if self.sums[one.fund].disbursed < entry.amount_fen:
            self.refused(errors.ExceedsDisbursed, "reverse", entry=entry)
            one.posted.append(entry)
            return
        self.act("reverse", entry=entry)
        one.left += entry.amount_fen
        self.paid[one.fund] -= entry.amount_fen
        self.move(one.fund, "disbursed", "reserved", entry.amount_fen)

    @rule(pair=entries)
    def undo(self, pair: tuple[int, LedgerTransaction]) -> None:
        n, entry = pair
        if entry.pk in self.undone:
            self.refused(errors.NotReversible, "reverse", entry=entry)
        elif entry.kind == "receive" and self.sums[n].available < entry.amount_fen:
            self.refused(errors.InsufficientFunds, "reverse", entry=entry)
        else:
            self.act("reverse", entry=entry)
            self.undone.add(entry.pk)
            forward = ("available", "external"), ("external", "available")
            leaves, enters = forward[0] if entry.kind == "receive" else forward[1]
            self.move(n, leaves, enters, entry.amount_fen)

    @rule(n=which, amount=fen)
    def give_back(self, n: int, amount: int) -> None:
        if amount > self.sums[n].disbursed:
            self.refused(errors.ExceedsDisbursed, "return_", fund=self.funds[n], amount_fen=amount)
            return
        self.act("return_", fund=self.funds[n], amount_fen=amount)
        self.move(n, "disbursed", "available", amount)

    @rule(n=which, amount=st.integers(1, 40))
    def charge(self, n: int, amount: int) -> None:
        sums, request = self.sums[n], {"fund": self.funds[n], "amount_fen": amount}
        if refusal := self.refusal_to_promise(n):
            self.refused(refusal, "charge_fee", **request)
        elif sums.fee + amount > -sums.external * FEE_PERMILLE // 1000:
            self.refused(errors.FeeAboveCap, "charge_fee", **request)
        elif amount > sums.available:
            self.refused(errors.InsufficientFunds, "charge_fee", **request)
        else:
            self.act("charge_fee", **request)
            self.move(n, "available", "fee", amount)

    @rule(n=which, to=which, amount=fen)
    def transfer(self, n: int, to: int, amount: int) -> None:
        request = {"fund": self.funds[n], "to_fund": self.funds[to], "amount_fen": amount}
        if n == to or SHORT in {n, to}:
            self.refused(errors.TransferNotAllowed, "transfer", **request)
        elif to in self.closed:
            self.refused(errors.FundClosed, "transfer", **request)
        elif amount > self.sums[n].available:
            self.refused(errors.InsufficientFunds, "transfer", **request)
        else:
            self.act("transfer", **request)
            self.move(n, "available", "transit", amount)
            self.move(to, "transit", "available", amount)

    @precondition(lambda self: len(self.done) > 12)
    @rule(n=which)
    def close(self, n: int) -> None:
        """From now on the fund takes and promises nothing, and pays what it promised."""
        close_fund(fund=self.funds[n], by=None, now=NOW + timedelta(days=self.day), reason="-")
        self.closed.add(n)

    @rule()
    def anchor(self) -> None:
        """Write the heads down; at the end every anchored entry must still be there."""
        anchor_heads(path=self.anchors, now=NOW + timedelta(days=self.day))

    @rule(table=st.sampled_from(TABLES), sql=st.sampled_from(["UPDATE {} SET {} = {} + 1", "DELETE FROM {}"]))
    def edit(self, table: str, sql: str) -> None:
        """Somebody goes around the code: nothing is changed and nothing removed."""
        column = "available_fen" if table == "ledger_fundbalance" else "amount_fen"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM {table}")  # noqa: S608 - constants of this file
            if cursor.fetchone()[0] == 0:
                return
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.format(table, column, column))

    @rule(one=held, days=st.integers(0, 3))
    def wait(self, one: Held, days: int) -> None:
        self.day += days
        if one.expires_in is not None and one.expires_in <= self.day and one.left:
            self.move(one.fund, "reserved", "available", one.left)
            one.left = 0
            key = f"expire:{one.row.pk}"
            request = {"reservation": one.row, "key": key, "by": None, "now": NOW + timedelta(days=self.day)}
            services.release(**request)

    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        """The same key again: the same entry, or a refusal if anything differs."""
        if not self.done:
            return
        name, request = data.draw(st.sampled_from(self.done))
        getattr(services, name)(**request)
        changed = {**request, "refs": {"donor": "another"}}
        with pytest.raises(errors.KeyReused), transaction.atomic():
            getattr(services, name)(**changed)

    def move(self, n: int, leaves: str, enters: str, amount: int) -> None:
        sums = self.sums[n]
        setattr(sums, leaves, getattr(sums, leaves) - amount)
        setattr(sums, enters, getattr(sums, enters) + amount)
        sums.entries += 1

    @invariant()
    def numbers_have_no_gap_and_hashes_a_chain(self) -> None:
        for fund in getattr(self, "funds", []):
            links = LedgerTransaction.objects.filter(fund=fund).order_by("seq")
            head = genesis_hash(str(fund.pk))
            for place, (seq, previous, own) in enumerate(links.values_list("seq", "prev_hash", "hash"), 1):
                assert (seq, previous) == (place, head)
                head = own

    @invariant()
    def balances_are_what_the_model_says(self) -> None:
        for fund, sums in zip(getattr(self, "funds", []), getattr(self, "sums", []), strict=True):
            self.compare(fund, sums)

    @staticmethod
    def compare(fund: Fund, sums: Sums) -> None:
        book = balance_of(fund=fund)
        accounts = ("external", "available", "reserved", "disbursed", "fee", "transit")
        stored = {account: getattr(book, f"{account}_fen") for account in accounts}
        assert stored == {account: getattr(sums, account) for account in accounts}
        assert book.last_seq == sums.entries

    def teardown(self) -> None:
        if not hasattr(self, "atomic"):
            return
        try:
            self.everything_can_be_recomputed()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)
            self.folder.cleanup()

    def everything_can_be_recomputed(self) -> None:
        for fund, sums in zip(self.funds, self.sums, strict=True):
            expected = {name: value for name, value in vars(sums).items() if name != "entries"}
            assert replayed(fund=fund) == expected
        for fund, paid in zip(self.funds, self.paid, strict=True):
            assert sum(share.fen for share in traced(fund=fund)) == paid
        anchored = anchor_lines(self.anchors) if self.anchors.exists() else []
        assert check_books(anchors=anchored) == sum(sums.entries for sums in self.sums)


@pytest.mark.django_db
def test_any_sequence_of_acts_agrees_with_the_model() -> None:
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
