"""Transactions and their legs: append-only, balanced, chained for each fund."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from donors.ledger.models.accounts import Account, Kind


class LedgerTransaction(models.Model):
    """
    One entry of one fund's book.

    Its legs are written first and the transaction last, so that the guard on this table sees the whole
    entry and refuses it unless it balances, follows the last one and continues the hash chain.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    fund = models.ForeignKey(
        "donors.Fund",
        on_delete=models.PROTECT,
        related_name="entries",
        db_index=False,  # the unique (fund, seq) serves
    )
    seq = models.PositiveBigIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    amount_fen = models.BigIntegerField(_("amount"))
    reservation = models.ForeignKey(
        "ledger.Reservation", on_delete=models.PROTECT, null=True, blank=True, related_name="entries"
    )
    counterpart = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("other side"),
    )
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    refs = models.JSONField(_("references"), default=dict, blank=True)
    key = models.CharField(_("idempotency key"), max_length=120, unique=True)
    body_hash = models.CharField(max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # never searched by person
    )
    at = models.DateTimeField(_("at"))
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("ledger transaction")
        verbose_name_plural = _("ledger transactions")
        ordering: ClassVar = ["fund", "seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fund", "seq"], name="entry_number_once_for_each_fund"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="entry_numbers_start_at_one"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="entry_amount_is_positive"),
            models.CheckConstraint(
                condition=Q(kind__in=["transfer_out", "transfer_in"], counterpart__isnull=False)
                | (~Q(kind__in=["transfer_out", "transfer_in"]) & Q(counterpart__isnull=True)),
                name="entry_has_another_side_only_in_a_transfer",
            ),
            models.CheckConstraint(
                condition=Q(kind="reverse", reverses__isnull=False)
                | (~Q(kind="reverse") & Q(reverses__isnull=True)),
                name="entry_names_what_it_reverses",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["reserve", "release", "disburse"], reservation__isnull=False)
                | (~Q(kind__in=["reserve", "release", "disburse", "reverse"]) & Q(reservation__isnull=True))
                | Q(kind="reverse"),
                name="entry_names_its_reservation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund_id} #{self.seq} {self.kind} {self.amount_fen}"


class Leg(models.Model):
    """One side of an entry: plus is into the account, minus is out of it, in fen."""

    id = models.BigAutoField(primary_key=True)
    transaction = models.ForeignKey(
        LedgerTransaction,
        on_delete=models.PROTECT,
        related_name="legs",
        db_index=False,  # the unique (transaction, account) serves
    )
    account = models.CharField(max_length=12, choices=Account)
    amount_fen = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["transaction", "account"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["transaction", "account"], name="leg_once_for_each_account"),
            models.CheckConstraint(condition=~Q(amount_fen=0), name="leg_moves_something"),
            models.CheckConstraint(condition=Q(account__in=Account.values), name="leg_is_on_a_known_account"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount_fen:+d}"
