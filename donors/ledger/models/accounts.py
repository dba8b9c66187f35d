"""The chart of accounts, the same six for every fund, and the kinds of transaction."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Account(models.TextChoices):
    """Where a fund's money is. The six of one fund always sum to zero."""

    EXTERNAL = "external", _("Outside")  # the donors' side: minus what was received and not paid back
    AVAILABLE = "available", _("Available")
    RESERVED = "reserved", _("Reserved")
    DISBURSED = "disbursed", _("Disbursed")
    FEE = "fee", _("Management fee")
    TRANSIT = "transit", _("Moved between funds")  # the two sides of every transfer cancel out


class Kind(models.TextChoices):
    """What happened; `donors.ledger.rules.MOVES` says between which accounts."""

    RECEIVE = "receive", _("Received")
    RESERVE = "reserve", _("Reserved")
    RELEASE = "release", _("Released")
    DISBURSE = "disburse", _("Disbursed")
    RETURN = "return", _("Returned")  # a payee or later relief pays back
    REFUND = "refund", _("Refunded")  # to the donor
    FEE = "fee", _("Management fee")
    TRANSFER_OUT = "transfer_out", _("Transferred out")
    TRANSFER_IN = "transfer_in", _("Transferred in")
    REVERSE = "reverse", _("Reversed")
