"""The supply side: funds with their charters, service offers, goods lots, pairings."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DonorsConfig(AppConfig):
    """App of organisations' resources."""

    name = "donors"
    label = "donors"
    verbose_name = _("Funds and resources")
