"""Faults of a statement, settled by hand with a reason."""

import pytest

from donors.banking.reconciling import Finding, Verdict
from donors.errors import ActNotFitting, FindingGone, ReasonMissing
from donors.ledger.models import LedgerTransaction
from donors.ledger.queries import balance_of, received_by_source
from donors.models import BankLine, Contribution, Fund, Settlement, SettlementAct, Source
from donors.services import announce_contribution, read_statement, settle_contributions
from donors.services.settling import Decision, acts_for, finding_key, settle_by_hand
from jiujinan.audit.models import AuditEntry
from tests.donors.world import NOW, World

HEAD = "流水号;记账日期;对方名称;发生额;用途\n"


def announce(fund: Fund, amount_fen: int = 50_000) -> Contribution:
    return announce_contribution(
        fund=fund, donor_name="明月食品公司", source=Source.ENTERPRISE, amount_fen=amount_fen, now=NOW
    )


def found(world: World, *rows: str) -> Finding:
    data = (HEAD + "\n".join(rows)).encode()
    read_statement(holder=world.charity, data=data, by=world.lin, now=NOW)
    (finding,) = settle_contributions(holder=world.charity, by=world.lin, now=NOW)
    return finding


def decide(world: World, finding: Finding, act: SettlementAct, **facts: object) -> Settlement:
    decision = Decision(act=act, reason=str(facts.pop("reason", "已与捐赠人核对")), **facts)
    return settle_by_hand(
        holder=world.charity, key=finding_key(finding), decision=decision, by=world.lin, now=NOW
    )


@pytest.mark.parametrize(
    ("verdict", "rows", "act", "booked_fen"),
    [
        (Verdict.WRONG_AMOUNT, [("明月食品公司", "480.00")], SettlementAct.ACCEPT, 48_000),
        (Verdict.WRONG_NAME, [("他人", "500.00")], SettlementAct.ACCEPT, 50_000),
        (Verdict.DOUBLE, [("明月食品公司", "500")] * 2, SettlementAct.ACCEPT, 100_000),
        (Verdict.DOUBLE, [("明月食品公司", "500")] * 2, SettlementAct.ACCEPT_ONCE, 50_000),
        (
            Verdict.REFUND,
            [("明月食品公司", "500"), ("明月食品公司", "-100")],
            SettlementAct.ACCEPT,
            40_000,
        ),
    ],
)
def test_what_came_is_booked_once_with_its_reason(
    world: World,
    fund: Fund,
    verdict: Verdict,
    rows: list[tuple[str, str]],
    act: SettlementAct,
    booked_fen: int,
) -> None:
    one = announce(fund)
    lines = [
        f"C{number};2026-07-05;{name};{amount};{one.reference}" for number, (name, amount) in enumerate(rows)
    ]
    finding = found(world, *lines)
    assert finding.verdict is verdict
    settlement = decide(world, finding, act)
    one.refresh_from_db()
    assert (one.state, one.received_fen, settlement.booked_fen) == ("received", booked_fen, booked_fen)
    assert balance_of(fund=fund).available_fen == booked_fen
    assert settlement.lines.count() == len(rows)
    assert settle_contributions(holder=world.charity, by=world.lin, now=NOW) == []
    with pytest.raises(FindingGone):
        decide(world, finding, act)
    entry = AuditEntry.objects.get(action="settle_by_hand")
    assert (entry.reason, entry.data["verdict"]) == ("已与捐赠人核对", verdict)


def test_money_that_came_and_went_cancels_the_announcement(world: World, fund: Fund) -> None:
    one = announce(fund)
    finding = found(
        world,
        f"C1;2026-07-05;明月食品公司;500;{one.reference}",
        f"C2;2026-07-06;明月食品公司;-500;{one.reference}",
    )
    assert acts_for(finding) == (SettlementAct.CANCEL,)
    decide(world, finding, SettlementAct.CANCEL)
    one.refresh_from_db()
    assert (one.state, balance_of(fund=fund).available_fen) == ("cancelled", 0)


def test_a_stray_line_is_assigned_or_becomes_a_gift_or_is_set_aside(world: World, fund: Fund) -> None:
    one = announce(fund)
    finding = found(world, "C1;2026-07-05;明月;499.00;捐款")
    assert finding.verdict is Verdict.STRAY
    decide(world, finding, SettlementAct.ASSIGN, contribution=one)
    one.refresh_from_db()
    assert one.received_fen == 49_900
    finding = found(world, "C2;2026-07-05;路人;20.00;")
    decide(world, finding, SettlementAct.NEW_GIFT, fund=fund, source=Source.INDIVIDUAL)
    assert received_by_source(fund=fund) == {"enterprise": 49_900, "individual": 2_000}
    finding = found(world, "C3;2026-07-05;银行;0.37;结息")
    decide(world, finding, SettlementAct.SET_ASIDE)
    assert settle_contributions(holder=world.charity, by=world.lin, now=NOW) == []
    assert BankLine.objects.filter(settlement=None).count() == 0


def test_money_sent_back_after_it_was_booked_is_refunded_once_and_within_what_came(
    world: World, fund: Fund
) -> None:
    one = announce(fund)
    row = f"C1;2026-07-05;明月食品公司;500;{one.reference}"
    assert found(world, row).verdict is Verdict.MATCHED
    finding = found(world, f"C2;2026-07-09;明月食品公司;-500.01;{one.reference}")
    with pytest.raises(ActNotFitting):
        decide(world, finding, SettlementAct.REFUND, contribution=one)
    decide(world, finding, SettlementAct.SET_ASIDE)
    finding = found(world, f"C3;2026-07-09;明月食品公司;-200;{one.reference}")
    assert acts_for(finding) == (SettlementAct.REFUND, SettlementAct.SET_ASIDE)
    decide(world, finding, SettlementAct.REFUND, contribution=one)
    one.refresh_from_db()
    assert (one.refunded_fen, balance_of(fund=fund).available_fen) == (20_000, 30_000)
    assert LedgerTransaction.objects.get(kind="refund").refs["contribution"] == str(one.pk)


def test_a_decision_needs_its_reason_and_fits_its_fault(world: World, fund: Fund) -> None:
    announce(fund)
    finding = found(world, "C1;2026-07-05;路人;20.00;")
    with pytest.raises(ReasonMissing):
        decide(world, finding, SettlementAct.SET_ASIDE, reason="  ")
    for act in (SettlementAct.ACCEPT, SettlementAct.CANCEL, SettlementAct.REFUND):
        with pytest.raises(ActNotFitting):
            decide(world, finding, act)
    with pytest.raises(ActNotFitting):
        decide(world, finding, SettlementAct.NEW_GIFT)
    assert not Settlement.objects.exists()
