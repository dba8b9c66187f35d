"""Models of the supply side, one file for each thing that can be given."""

from donors.models.charters import FundCharter, OnEnd, SecondApproval
from donors.models.contributions import (
    BankLine,
    Contribution,
    ContributionState,
    Settlement,
    SettlementAct,
    Source,
)
from donors.models.endings import EndingState, FundEnding
from donors.models.funds import Fund, FundKind, FundState
from donors.models.pairings import Pairing
from donors.models.payments import BatchState, Payment, PaymentBatch, PaymentState
from donors.models.supplies import GoodsLot, HoldMove, MoveKind, ServiceOffer, SupplyHold

__all__ = [
    "BankLine",
    "BatchState",
    "Contribution",
    "ContributionState",
    "EndingState",
    "Fund",
    "FundCharter",
    "FundEnding",
    "FundKind",
    "FundState",
    "GoodsLot",
    "HoldMove",
    "MoveKind",
    "OnEnd",
    "Pairing",
    "Payment",
    "PaymentBatch",
    "PaymentState",
    "SecondApproval",
    "ServiceOffer",
    "Settlement",
    "SettlementAct",
    "Source",
    "SupplyHold",
]
