"""The acts of the trails that the desk shows, in words; the trail itself keeps codes."""

from django.utils.translation import gettext, gettext_noop

ACTS = {
    # a case
    "case.take_up": gettext_noop("Taken up"),
    "case.complete": gettext_noop("Questions answered, back to verifying"),
    "case.return": gettext_noop("Returned for more"),
    "case.verify": gettext_noop("Verified"),
    "case.refuse": gettext_noop("Refused"),
    "case.reopen": gettext_noop("Opened again"),
    "case.supersede": gettext_noop("Superseded by another case"),
    "case.close": gettext_noop("Closed"),
    "case.appeal": gettext_noop("Appeal recorded"),
    "case.appeal_upheld": gettext_noop("Appeal: the refusal stands"),
    "case.appeal_overturned": gettext_noop("Appeal: the refusal was overturned"),
    "case.return_item": gettext_noop("Question about one item"),
    "case.answer_item": gettext_noop("Question answered"),
    "case.economic_check": gettext_noop("Economic check recorded"),
    "case.consent": gettext_noop("Consent recorded"),
    "case.consent_withdrawn": gettext_noop("Consent withdrawn"),
    "case.conference": gettext_noop("Conference recorded"),
    "case.conference_applied": gettext_noop("Conference's decision carried out"),
    "case.flag": gettext_noop("Integrity flag raised"),
    "case.flag_ended": gettext_noop("Integrity flag ended"),
    "case.circle": gettext_noop("Relief circle changed"),
    "case.groups": gettext_noop("Groups changed"),
    "case.means": gettext_noop("Income and expenses changed"),
    "case.tier": gettext_noop("Urgency changed"),
    "case.beneficiary": gettext_noop("Beneficiary changed"),
    "case.item": gettext_noop("Item's amounts changed"),
    "case.languages": gettext_noop("Languages changed"),
    "case.package": gettext_noop("Items tied together"),
    "case.channel": gettext_noop("Discovery channel taken from the report"),
    "case.file": gettext_noop("File not completed in time"),
    "case.file_completed": gettext_noop("File completed"),
    "case.suspend": gettext_noop("Further help suspended"),
    "case.lift_suspension": gettext_noop("Suspension lifted"),
    "case.reassign": gettext_noop("Passed on to a colleague"),
    "case.hand_over": gettext_noop("Handed over during an absence"),
    "case.owner_back": gettext_noop("Given back after an absence"),
    # the gate, and what is told
    "gate.publish": gettext_noop("Published by the gate"),
    "gate.hold": gettext_noop("Held by the gate"),
    "gate.coarsen": gettext_noop("Shown in coarser words"),
    "gate.withdraw": gettext_noop("Withdrawn from the public"),
    "text.blocked": gettext_noop("Text given back: it could point to somebody"),
    "text.proposed": gettext_noop("Text proposed"),
    "text.confirmed": gettext_noop("Text confirmed"),
    "text.set_aside": gettext_noop("Text set aside"),
    # a report of a need, a complaint
    "report.taken_in": gettext_noop("Report taken in"),
    "report.contacted": gettext_noop("In contact"),
    "report.tried": gettext_noop("Tried without success"),
    "report.filed": gettext_noop("Became a case"),
    "report.answered": gettext_noop("Answered"),
    "report.handed_over": gettext_noop("Handed over"),
    "complaint.lodged": gettext_noop("Complaint taken in"),
    "complaint.taken_down": gettext_noop("Project taken down first"),
    "complaint.looked_into": gettext_noop("Being looked into"),
    "complaint.answered": gettext_noop("Answered"),
    # organisations and their papers
    "evidence.upload": gettext_noop("Paper handed in"),
    "evidence.verified": gettext_noop("Paper verified"),
    "evidence.refused": gettext_noop("Paper refused"),
    "evidence.remind": gettext_noop("Told that the papers end"),
    # clocks and sealed fields
    "clock.escalate": gettext_noop("Overdue: told one level up"),
    "sealed.opened": gettext_noop("Sealed fields opened"),
}


def act_words(code: str) -> str:
    """Return the act in words; a code without words is shown as it is."""
    return gettext(ACTS[code]) if code in ACTS else code
