"""Why the supply side refuses."""

from donors.ledger.errors import KeyReused, LedgerError

__all__ = [
    "ActNotFitting",
    "AlreadyInPayment",
    "ApproverNotIndependent",
    "ConsentMissing",
    "DonorsError",
    "ExceedsHold",
    "FindingGone",
    "InvalidCharter",
    "InvalidPayment",
    "InvalidQuantity",
    "KeyReused",
    "NotAlike",
    "NotEnough",
    "NotOffered",
    "ReasonMissing",
    "StillReserved",
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


class FindingGone(DonorsError):
    """What matching finds is no longer that: somebody settled it, or the bank sent more."""

    code = "finding_gone"


class ActNotFitting(DonorsError):
    """The decision doesn't fit the fault: `reason` says what is missing."""

    code = "act_not_fitting"


class ReasonMissing(DonorsError):
    """A decision by hand says why."""

    code = "reason_missing"


class StillReserved(DonorsError):
    """Promised money is paid or released before the rest of a fund goes away."""

    code = "still_reserved"


class NotAlike(DonorsError):
    """The rest goes to a fund of a like purpose that may take it (慈善法 58)."""

    code = "not_alike"


class WrongState(DonorsError):
    """The batch is not in a state for that."""

    code = "wrong_state"
