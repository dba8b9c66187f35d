"""Writes of the supply side; money moves in `donors.ledger.services` alone."""

from donors.services.contributions import (
    announce_contribution,
    give_receipt_number,
    read_statement,
    settle_contributions,
)
from donors.services.funds import amend_charter, close_fund, create_fund
from donors.services.holds import expire_holds, hold_supply, release_hold, use_hold
from donors.services.payments import (
    PaymentRequest,
    approve_batch,
    cancel_batch,
    export_batch,
    prepare_batch,
    read_back_batch,
)
from donors.services.supplies import create_lot, create_offer, create_pairing, withdraw_supply

__all__ = [
    "PaymentRequest",
    "amend_charter",
    "announce_contribution",
    "approve_batch",
    "cancel_batch",
    "close_fund",
    "create_fund",
    "create_lot",
    "create_offer",
    "create_pairing",
    "expire_holds",
    "export_batch",
    "give_receipt_number",
    "hold_supply",
    "prepare_batch",
    "read_back_batch",
    "read_statement",
    "release_hold",
    "settle_contributions",
    "use_hold",
    "withdraw_supply",
]
