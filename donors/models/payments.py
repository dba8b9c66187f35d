"""Payments that go to the bank in batches, approved by others than the one who prepared them."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from donors.models.charters import SecondApproval


class BatchState(models.TextChoices):
    """draft → approved → exported → settled; what has not gone to the bank may be cancelled."""

    DRAFT = "draft", _("Draft")
    APPROVED = "approved", _("Approved")
    EXPORTED = "exported", _("At the bank")
    SETTLED = "settled", _("Settled")
    CANCELLED = "cancelled", _("Cancelled")


class PaymentState(models.TextChoices):
    """What the bank said of one payment."""

    WAITING = "waiting", _("Waiting")
    PAID = "paid", _("Paid")
    PARTLY_PAID = "partly_paid", _("Partly paid")
    FAILED = "failed", _("Failed")


class PaymentBatch(models.Model):
    """Payments of one charity that go to its bank together."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    holder = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="payment_batches"
    )
    state = models.CharField(_("state"), max_length=10, choices=BatchState, default=BatchState.DRAFT)
    needs_second_approval = models.BooleanField(_("needs a second approval"), default=False)
    second_approval_by = models.CharField(
        _("second approval by"),
        max_length=16,
        choices=SecondApproval,
        default=SecondApproval.PAYMENT_APPROVER,
    )
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(_("prepared at"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    second_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    second_approved_at = models.DateTimeField(_("second approval at"), null=True, blank=True)

    class Meta:
        verbose_name = _("payment batch")
        verbose_name_plural = _("payment batches")
        ordering: ClassVar = ["-prepared_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("prepared_by")),
                name="batch_approver_is_not_the_preparer",
            ),
            models.CheckConstraint(
                condition=Q(second_approved_by__isnull=True)
                | (~Q(second_approved_by=F("prepared_by")) & ~Q(second_approved_by=F("approved_by"))),
                name="batch_second_approver_is_a_third_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"])
                | (
                    Q(approved_by__isnull=False)
                    & (Q(needs_second_approval=False) | Q(second_approved_by__isnull=False))
                ),
                name="batch_leaves_the_house_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class Payment(models.Model):
    """One payment of a batch, out of one reservation; whom it goes to is known by a pseudonym only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(PaymentBatch, on_delete=models.PROTECT, related_name="payments")
    reservation = models.ForeignKey("ledger.Reservation", on_delete=models.PROTECT, related_name="payments")
    payee_ref = models.CharField(_("payee"), max_length=64)
    amount_fen = models.BigIntegerField(_("amount"))
    paid_fen = models.BigIntegerField(_("paid"), default=0)
    state = models.CharField(_("state"), max_length=12, choices=PaymentState, default=PaymentState.WAITING)
    bank_serial = models.CharField(_("bank's serial number"), max_length=64, blank=True)
    failure = models.CharField(_("why it failed"), max_length=200, blank=True)
    entry = models.OneToOneField(
        "ledger.LedgerTransaction", on_delete=models.PROTECT, null=True, blank=True, related_name="payment"
    )

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering: ClassVar = ["batch", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0) & Q(paid_fen__gte=0) & Q(paid_fen__lte=F("amount_fen")),
                name="payment_is_paid_within_its_amount",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["paid", "partly_paid"], paid_fen__gt=0, entry__isnull=False)
                | Q(state__in=["waiting", "failed"], paid_fen=0, entry__isnull=True),
                name="payment_is_paid_with_its_entry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_fen} {self.state}"
