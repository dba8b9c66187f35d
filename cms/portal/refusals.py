"""What the domain refuses, in words for the person who asked."""

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_noop

from cms.wording import FAILED
from donors.banking.payment_files import BadAnswerError
from donors.banking.statements import UnknownLayoutError
from donors.errors import InvalidCharter
from donors.ledger.errors import LedgerError
from jiujinan.accounts.evidence import AlreadyDecided, EvidenceLapsed
from jiujinan.accounts.evidence_rules import BadFile
from jiujinan.states import ForbiddenAct
from matching.eligibility import OutsideCharter
from matching.services.delivery import KeyReused, PaymentUnderWay, SecondApprovalMissing
from matching.services.proposals import AlreadyAnswered, AmountOutOfRange
from matching.services.referrals import OutcomeMissing
from needs.services.coverage import GapExceeded, NeedNotServed

REFUSALS = (
    AlreadyAnswered,
    AlreadyDecided,
    BadAnswerError,
    BadFile,
    EvidenceLapsed,
    KeyReused,
    PaymentUnderWay,
    SecondApprovalMissing,
    UnknownLayoutError,
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
    "already_in_payment": gettext_noop("It is already on its way in another batch."),
    "approver_not_independent": gettext_noop("Another person approves: nobody approves their own, or twice."),
    "wrong_state": gettext_noop("This is not possible any more; the page now shows how things stand."),
    "invalid_payment": gettext_noop(
        "The payments do not fit: check what is chosen and what is still payable."
    ),
    "consent_missing": gettext_noop(
        "This changes the purpose of money that was given: please record the donor's consent and its date."
    ),
    "finding_gone": gettext_noop("Somebody settled it in the meantime, or the bank sent more. Look again."),
    "act_not_fitting": gettext_noop(
        "This decision does not fit the fault: check the gift, the fund and the amount."
    ),
    "reason_missing": gettext_noop("Please give the reason."),
    "still_reserved": gettext_noop("Promised money has to be paid or released before the rest goes away."),
    "not_alike": gettext_noop("Please choose a fund of a like purpose that takes transfers."),
    "invalid_quantity": gettext_noop("The quantity has to cover what is already reserved and used."),
    "wrong_organisation": gettext_noop("An organisation of this kind cannot have that."),
}
FILE = {
    "empty": gettext_noop("The file is empty."),
    "too_large": gettext_noop("The file is larger than 10 MB."),
    "not_a_document": gettext_noop("Only PDF, PNG and JPEG are accepted, and the file must be what it says."),
}
CHARTER = {
    "unknown_code": gettext_noop("an unknown code"),
    "repeated_code": gettext_noop("a code twice"),
    "not_a_whole_number_in_range": gettext_noop("not a number in range"),
    "zero": gettext_noop("may not be zero"),
    "missing": gettext_noop("is missing"),
    "before_the_start": gettext_noop("lies before the start"),
    "goes_with_the_household_cap": gettext_noop("cap and period of a household go together"),
    "above_the_case_cap": gettext_noop("is above the cap for one case"),
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
    if isinstance(refusal, InvalidCharter):
        return _charter_words(refusal)
    if (told := _evidence_or_bank(refusal)) is not None:
        return told
    if isinstance(refusal, LedgerError) and refusal.code in SUPPLY:
        return gettext(SUPPLY[refusal.code])
    return gettext("This is not possible any more; the page now shows how things stand.")


def _evidence_or_bank(refusal: Exception) -> str | None:
    if isinstance(refusal, EvidenceLapsed):
        return gettext(
            "The evidence of the organisation expired on %(date)s. Nothing new is taken on until it is renewed: "
            "hand in a new document on the page of the organisation."
        ) % {"date": refusal.expired_on}
    if isinstance(refusal, BadFile):
        return gettext(FILE[refusal.code])
    if isinstance(refusal, BadAnswerError):
        return gettext(
            "Row %(row)d of the bank's answer cannot be right (%(code)s). Nothing was changed."
        ) % {
            "row": refusal.row,
            "code": refusal.code,
        }
    if isinstance(refusal, UnknownLayoutError):
        return gettext("The file is none of the known statements: CSV in UTF-8 or GB18030 with its headings.")
    if isinstance(refusal, PaymentUnderWay):
        return gettext("Some of it is on its way to the bank: cancel that batch, or enter the bank's answer.")
    if isinstance(refusal, SecondApprovalMissing):
        return gettext("Above the limit of the charter a second person approves: pay it in a batch.")
    if isinstance(refusal, KeyReused):
        return gettext(SUPPLY["key_reused"])
    return None


def _charter_words(refusal: InvalidCharter) -> str:
    told = "; ".join(f"{field}: {gettext(CHARTER.get(code, code))}" for field, code in refusal.problems)
    return gettext("This cannot be: %(problems)s.") % {"problems": told}


def tell_wrong(request: HttpRequest, form: BaseForm) -> None:
    """Tell what is wrong with a form that is not shown again."""
    for field, errors in form.errors.items():
        label = form.fields[field].label if field in form.fields else ""
        told = " ".join(str(error) for error in errors)
        messages.error(request, f"{label}: {told}" if label else told)
    if not form.errors:
        messages.error(request, gettext("There is less than that left."))
