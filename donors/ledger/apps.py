"""Double entry in integer fen: the only writer of balances."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    """App of the ledger."""

    name = "donors.ledger"
    label = "ledger"
    verbose_name = _("Ledger")
