"""Why the supply side refuses."""

from donors.ledger.errors import KeyReused, LedgerError

__all__ = [
    "AlreadyInPayment",
    "ApproverNotIndependent",
    "ConsentMissing",
    "DonorsError",
    "ExceedsHold",
    "InvalidCharter",
    "InvalidPayment",
    "InvalidQuantity",
    "KeyReused",
    "NotEnough",
    "NotOffered",
    "WrongOrganisation",
    "WrongState",
]


class DonorsError(LedgerError):
    """Base of the refusals about funds and resources; `code` and `facts` as in the ledger."""


class InvalidCharter(DonorsError):
    """The charter says what cannot be: `problems` is a list of (field, code of the problem)."""

    code = "invalid_charter"

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Each problem as (field, code), in the order of the fields."""
        return list(self.facts["problems"])


class ConsentMissing(DonorsError):
    """The purpose of money that was given may change only with the donor's recorded consent (慈善法 56)."""

    code = "consent_missing"


class WrongOrganisation(DonorsError):
    """An organisation of this kind cannot have that: funds are held by charities, lots by goods stations."""

    code = "wrong_organisation"


class InvalidQuantity(DonorsError):
    """The quantity is no whole, positive number."""

    code = "invalid_quantity"


class NotEnough(DonorsError):
    """The offer or lot has less than that free."""

    code = "not_enough"


class NotOffered(DonorsError):
    """The offer or lot is withdrawn, outside its period, or past its expiry."""

    code = "not_offered"


class ExceedsHold(DonorsError):
    """The hold has less than that outstanding."""

    code = "exceeds_hold"


class InvalidPayment(DonorsError):
    """The batch is empty, or the bank's answer doesn't fit it: `reason` says which."""

    code = "invalid_payment"


class AlreadyInPayment(DonorsError):
    """What the reservation holds is already on its way in another batch."""

    code = "already_in_payment"


class ApproverNotIndependent(DonorsError):
    """Who prepared a payment doesn't approve it, and nobody approves it twice."""

    code = "approver_not_independent"


class WrongState(DonorsError):
    """The batch is not in a state for that."""

    code = "wrong_state"
