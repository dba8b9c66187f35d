"""Balances: what the entries of a fund add up to, written by a trigger alone."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class FundBalance(models.Model):
    """
    The running sums of one fund's book, in fen, and the head of its chain.

    The row is also the fund's lock: whoever posts takes it first. Only the trigger that runs after an
    entry changes it; any other change is refused by the database.
    """

    fund = models.OneToOneField(
        "donors.Fund", on_delete=models.PROTECT, primary_key=True, related_name="balance"
    )
    external_fen = models.BigIntegerField(_("outside"), default=0)
    available_fen = models.BigIntegerField(_("available"), default=0)
    reserved_fen = models.BigIntegerField(_("reserved"), default=0)
    disbursed_fen = models.BigIntegerField(_("disbursed"), default=0)
    fee_fen = models.BigIntegerField(_("management fee"), default=0)
    transit_fen = models.BigIntegerField(_("moved between funds"), default=0)
    last_seq = models.PositiveBigIntegerField(_("last number"), default=0)
    last_hash = models.CharField(_("head of the chain"), max_length=64)

    class Meta:
        verbose_name = _("balance")
        verbose_name_plural = _("balances")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(available_fen__gte=0), name="balance_available_is_not_negative"
            ),
            models.CheckConstraint(condition=Q(reserved_fen__gte=0), name="balance_reserved_is_not_negative"),
            models.CheckConstraint(
                condition=Q(disbursed_fen__gte=0), name="balance_disbursed_is_not_negative"
            ),
            models.CheckConstraint(condition=Q(fee_fen__gte=0), name="balance_fee_is_not_negative"),
            models.CheckConstraint(
                condition=Q(
                    external_fen=-(
                        F("available_fen")
                        + F("reserved_fen")
                        + F("disbursed_fen")
                        + F("fee_fen")
                        + F("transit_fen")
                    )
                ),
                name="balance_sums_to_zero",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund_id} #{self.last_seq}: {self.available_fen}"
