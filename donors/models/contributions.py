"""Money that was announced, and the lines of the bank's statements that show it."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    """Whose money it is; a special fund may have several, and reports keep them apart."""

    GOVERNMENT = "government", _("Government")
    LOTTERY = "lottery", _("Welfare lottery")
    CHARITY = "charity", _("Charity")
    ENTERPRISE = "enterprise", _("Enterprise")
    INDIVIDUAL = "individual", _("Individual donors")


class ContributionState(models.TextChoices):
    """How far the money has come."""

    ANNOUNCED = "announced", _("Announced")
    RECEIVED = "received", _("Received")
    CANCELLED = "cancelled", _("Cancelled")


class Contribution(models.Model):
    """
    An amount that a donor announced for a fund, and what came of it (`received_fen`, less `refunded_fen`).

    The donor pays the charity's own account and writes the reference into the transfer; the platform
    takes no money. Once the bank shows it, the ledger's entry is named here, with the receipt's number.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    fund = models.ForeignKey("donors.Fund", on_delete=models.PROTECT, related_name="contributions")
    donor = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="contributions"
    )
    donor_name = models.CharField(_("donor's name"), max_length=120)
    source = models.CharField(_("source"), max_length=12, choices=Source)
    amount_fen = models.BigIntegerField(_("amount"))
    reference = models.CharField(_("payment reference"), max_length=12, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=ContributionState, default="announced")
    announced_at = models.DateTimeField(_("announced at"))
    received_at = models.DateTimeField(_("received at"), null=True, blank=True)
    received_fen = models.BigIntegerField(_("amount received"), null=True, blank=True)
    refunded_fen = models.BigIntegerField(_("amount given back"), default=0)
    entry = models.OneToOneField(
        "ledger.LedgerTransaction",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contribution",
    )
    receipt_number = models.CharField(_("receipt number"), max_length=40, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering: ClassVar = ["-announced_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="contribution_amount_is_positive"),
            models.CheckConstraint(
                condition=Q(state="received", entry__isnull=False, received_at__isnull=False)
                | (~Q(state="received") & Q(entry__isnull=True)),
                name="contribution_is_received_with_its_entry",
            ),
            models.CheckConstraint(
                condition=Q(refunded_fen=0) | Q(refunded_fen__gt=0, refunded_fen__lte=F("received_fen")),
                name="contribution_gives_back_within_what_came",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.amount_fen}"


class BankLine(models.Model):
    """One line of a charity's bank statement, kept once whatever file it comes in. Out of the account is negative."""

    holder = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="bank_lines")
    serial = models.CharField(_("bank's serial number"), max_length=64)
    booked_on = models.DateField(_("booked on"))
    amount_fen = models.BigIntegerField(_("amount"))
    name = models.CharField(_("other side"), max_length=120, blank=True)
    memo = models.CharField(_("memo"), max_length=200, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    read_at = models.DateTimeField(_("read at"))
    settlement = models.ForeignKey(
        "donors.Settlement", on_delete=models.PROTECT, null=True, blank=True, related_name="lines"
    )

    class Meta:
        verbose_name = _("bank line")
        verbose_name_plural = _("bank lines")
        ordering: ClassVar = ["booked_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["holder", "serial"], name="bank_line_once_for_each_account"),
            models.CheckConstraint(condition=~Q(amount_fen=0), name="bank_line_moves_something"),
        ]

    def __str__(self) -> str:
        return f"{self.serial} {self.amount_fen:+d}"


class SettlementAct(models.TextChoices):
    """What a person decided about a fault of the statement."""

    ACCEPT = "accept", _("Book what the bank shows")
    ACCEPT_ONCE = "accept_once", _("Book the announced amount; the surplus is sent back")
    CANCEL = "cancel", _("Cancel the announcement")
    ASSIGN = "assign", _("It belongs to this announcement")
    NEW_GIFT = "new_gift", _("Book it as a gift to this fund")
    REFUND = "refund", _("It went back to the donor of this gift")
    SET_ASIDE = "set_aside", _("It is no gift: set aside")


class Settlement(models.Model):
    """A fault that was settled by hand: what, why, by whom; its lines are never matched again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    holder = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    contribution = models.ForeignKey(
        Contribution, on_delete=models.PROTECT, null=True, blank=True, related_name="settlements"
    )
    verdict = models.CharField(_("fault"), max_length=16)
    act = models.CharField(_("decision"), max_length=12, choices=SettlementAct)
    booked_fen = models.BigIntegerField(_("amount booked"), default=0)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("settlement")
        verbose_name_plural = _("settlements")
        ordering: ClassVar = ["-at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="settlement_has_its_reason")
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.act}"
