"""Why the ledger refuses; every refusal leaves the books as they were."""

from typing import Any


class LedgerError(Exception):
    """Base of all refusals. `code` is stable, `facts` are what the message is filled with."""

    code = "refused"

    def __init__(self, **facts: Any) -> None:
        super().__init__(f"{self.code}: {facts}" if facts else self.code)
        self.facts = facts


class InvalidAmount(LedgerError):
    """The amount is no whole, positive number of fen within the limit."""

    code = "invalid_amount"


class InvalidKey(LedgerError):
    """The idempotency key is empty, too long, or has other characters than ASCII letters, digits, `:._-/`."""

    code = "invalid_key"


class InvalidReference(LedgerError):
    """A reference is not a short text under a plain name."""

    code = "invalid_reference"


class KeyReused(LedgerError):
    """The key was used before, for something else."""

    code = "key_reused"


class UnknownBook(LedgerError):
    """The fund has no book: it was not opened through `donors.services.create_fund`."""

    code = "unknown_book"


class FundClosed(LedgerError):
    """A closed fund receives and promises nothing."""

    code = "fund_closed"


class OutsidePeriod(LedgerError):
    """The fund's period has not begun, or is over (dates of Beijing time)."""

    code = "outside_period"


class InsufficientFunds(LedgerError):
    """The fund has less than that available above its reserve."""

    code = "insufficient_funds"


class ExceedsReservation(LedgerError):
    """The reservation holds less than that."""

    code = "exceeds_reservation"


class ExceedsDisbursed(LedgerError):
    """More would come back than was paid out."""

    code = "exceeds_disbursed"


class FeeAboveCap(LedgerError):
    """The fees would pass the share of what was received that the charter allows."""

    code = "fee_above_cap"


class TransferNotAllowed(LedgerError):
    """One of the two charters doesn't allow the transfer, or both sides are one fund."""

    code = "transfer_not_allowed"


class NotReversible(LedgerError):
    """The entry is of a kind that is not reversed, or was reversed before."""

    code = "not_reversible"
