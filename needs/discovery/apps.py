"""Application `discovery`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DiscoveryConfig(AppConfig):
    """Register the room under its label."""

    name = "needs.discovery"
    label = "discovery"
    verbose_name = _("Discovery")
