"""Promised help and its delivery."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from matching.models.proposals import Proposal
from matching.models.resource import ResourceRow
from matching.states import CommitmentState, DisbursementState

COMMITMENT_STATE_LABELS = {
    CommitmentState.RESERVED: _("Reserved"),
    CommitmentState.PARTLY_DISBURSED: _("Partly disbursed"),
    CommitmentState.COMPLETED: _("Completed"),
    CommitmentState.RELEASED: _("Released"),
}
DISBURSEMENT_STATE_LABELS = {
    DisbursementState.PREPARED: _("Prepared"),
    DisbursementState.APPROVED: _("Approved"),
    DisbursementState.PAID: _("Paid"),
    DisbursementState.FAILED: _("Failed"),
    DisbursementState.CANCELLED: _("Cancelled"),
}


class Commitment(ResourceRow):
    """A fund or a goods lot promises so much to a need item; the gap falls at once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.OneToOneField(Proposal, models.PROTECT, null=True, related_name="commitment")
    item = models.ForeignKey("needs.NeedItem", models.PROTECT, related_name="commitments")
    amount = models.PositiveBigIntegerField(_("amount"))
    disbursed = models.PositiveBigIntegerField(_("disbursed"), default=0)
    state = models.CharField(
        _("state"), max_length=20, choices=COMMITMENT_STATE_LABELS, default=CommitmentState.RESERVED
    )
    repaid = models.PositiveBigIntegerField(_("paid back"), default=0)
    hold = models.UUIDField(help_text="The ledger's reservation or the supply's hold.")
    expires_at = models.DateTimeField(_("to be used by"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("committed at"))

    class Meta:
        ordering: ClassVar = ["-at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(fund__isnull=False, offer=None, lot=None)
                | Q(fund=None, offer=None, lot__isnull=False),
                name="a_commitment_is_of_money_or_goods",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, disbursed__lte=F("amount")), name="disbursed_within_the_commitment"
            ),
            models.CheckConstraint(
                condition=Q(repaid__lte=F("disbursed")), name="paid_back_within_what_was_disbursed"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["fund", "state"])]

    def __str__(self) -> str:
        return f"commitment {self.pk}"


class Disbursement(models.Model):
    """
    One payment or handover under a commitment. Payer and approver are two people.

    A payment that travels in a batch names its line; `amount` is what was asked for until the bank
    answers, then what it paid. Only `paid` ones count.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="disbursements")
    amount = models.PositiveBigIntegerField(_("amount"))
    key = models.CharField(max_length=120, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=DISBURSEMENT_STATE_LABELS)
    payment = models.OneToOneField(
        "donors.Payment", models.PROTECT, null=True, blank=True, related_name="disbursement"
    )
    payer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    receipt = models.CharField(_("receipt number"), max_length=40, blank=True)
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(payer=F("approver")), name="payer_and_approver_are_two"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_disbursement_pays_something"),
        ]

    def __str__(self) -> str:
        return f"disbursement {self.pk}"


class Repayment(models.Model):
    """Money of a revolving fund that came back from later relief (周转金); its key has one effect."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="repayments")
    amount = models.PositiveBigIntegerField(_("amount"))
    key = models.CharField(max_length=120, unique=True)
    entry = models.OneToOneField("ledger.LedgerTransaction", models.PROTECT, related_name="+")
    note = models.CharField(_("from which relief"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_repayment_pays_something")
        ]

    def __str__(self) -> str:
        return f"repayment {self.pk}"
