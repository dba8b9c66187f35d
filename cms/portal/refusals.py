"""What the domain refuses, in words for the person who asked."""

from django.utils.translation import gettext, gettext_noop

from cms.wording import FAILED
from donors.ledger.errors import LedgerError
from jiujinan.states import ForbiddenAct
from matching.eligibility import OutsideCharter
from matching.services.proposals import AlreadyAnswered, AmountOutOfRange
from matching.services.referrals import OutcomeMissing
from needs.services.coverage import GapExceeded, NeedNotServed

REFUSALS = (
    AlreadyAnswered,
    AmountOutOfRange,
    ForbiddenAct,
    GapExceeded,
    LedgerError,
    NeedNotServed,
    OutcomeMissing,
    OutsideCharter,
)
SUPPLY = {
    "insufficient_funds": gettext_noop("The fund has less than that available above its reserve."),
    "fund_closed": gettext_noop("The fund is closed."),
    "outside_period": gettext_noop("The fund's period has not begun, or is over."),
    "not_enough": gettext_noop("There is less than that left."),
    "not_offered": gettext_noop("The resource is no longer offered."),
    "exceeds_hold": gettext_noop("There is less than that left of what was reserved."),
    "key_reused": gettext_noop("This form was already sent with other values."),
    "invalid_amount": gettext_noop("The amount has to be a whole number of fen, more than nothing."),
    "invalid_key": gettext_noop("The form has lost its number; open the page again."),
    "invalid_reference": gettext_noop("A reference is too long, or is none."),
    "unknown_book": gettext_noop("The fund has no book yet."),
    "exceeds_reservation": gettext_noop("There is less than that left of what was reserved."),
    "exceeds_disbursed": gettext_noop("More would come back than was paid out."),
    "fee_above_cap": gettext_noop("The fee would pass the share that the charter allows."),
    "transfer_not_allowed": gettext_noop("Both charters have to allow the transfer."),
    "not_reversible": gettext_noop("This entry cannot be undone, or was undone before."),
}


def in_words(refusal: Exception) -> str:
    """Return what to tell the person; nothing was changed by a refused act."""
    if isinstance(refusal, GapExceeded):
        return gettext("Somebody else was faster: the gap is smaller by now. Nothing was changed.")
    if isinstance(refusal, AlreadyAnswered):
        return gettext("This proposal has been answered already, or its time is over.")
    if isinstance(refusal, NeedNotServed):
        return gettext("The need was closed or withdrawn in the meantime. Nothing was changed.")
    if isinstance(refusal, OutsideCharter):
        words = "; ".join(gettext(FAILED.get(str(one.rule), str(one.rule))) for one in refusal.failed)
        return gettext("The charter does not allow it: %(reasons)s.") % {"reasons": words}
    if isinstance(refusal, OutcomeMissing):
        return gettext("Please say what came of it.")
    if isinstance(refusal, AmountOutOfRange):
        return gettext("The amount has to be within what was proposed.")
    if isinstance(refusal, LedgerError) and refusal.code in SUPPLY:
        return gettext(SUPPLY[refusal.code])
    return gettext("This is not possible any more; the page now shows how things stand.")
