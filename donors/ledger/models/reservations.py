"""Reservations: money promised to something, until it is posted, released or expired."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ReservationQuerySet(models.QuerySet["Reservation"]):
    """Reads that more than one caller needs."""

    def outstanding(self) -> Self:
        """Keep the reservations that still hold money back."""
        return self.filter(amount_fen__gt=F("posted_fen") + F("released_fen"))

    def expired(self, now: datetime) -> Self:
        """Keep those that still hold money back after their time, and have no payment under way."""
        return self.outstanding().filter(expires_at__lte=now).exclude(payments__state="waiting")


class Reservation(models.Model):
    """
    An amount set aside from one fund; its primary key is the id of the entry that opened it.

    Posted and released are raised by the trigger that runs after an entry, never by hand.
    """

    opening = models.OneToOneField(
        "ledger.LedgerTransaction", on_delete=models.PROTECT, primary_key=True, related_name="opened"
    )
    fund = models.ForeignKey("donors.Fund", on_delete=models.PROTECT, related_name="reservations")
    amount_fen = models.BigIntegerField(_("amount"))
    posted_fen = models.BigIntegerField(_("posted"), default=0)
    released_fen = models.BigIntegerField(_("released"), default=0)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))

    objects = ReservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        ordering: ClassVar = ["created_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0)
                & Q(posted_fen__gte=0)
                & Q(released_fen__gte=0)
                & Q(amount_fen__gte=F("posted_fen") + F("released_fen")),
                name="reservation_ends_within_its_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund_id} {self.outstanding_fen}/{self.amount_fen}"

    @property
    def outstanding_fen(self) -> int:
        """Fen that are set aside and neither posted nor given back."""
        return self.amount_fen - self.posted_fen - self.released_fen
