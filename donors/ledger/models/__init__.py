"""Models of the ledger; nothing outside `donors.ledger` writes them, and guards in the database agree."""

from donors.ledger.models.accounts import Account, Kind
from donors.ledger.models.balances import FundBalance
from donors.ledger.models.entries import LedgerTransaction, Leg
from donors.ledger.models.reservations import Reservation, ReservationQuerySet

__all__ = [
    "Account",
    "FundBalance",
    "Kind",
    "LedgerTransaction",
    "Leg",
    "Reservation",
    "ReservationQuerySet",
]
