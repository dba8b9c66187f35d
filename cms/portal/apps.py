"""Application `cms.portal`."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Register the room under its label."""

    name = "cms.portal"
    label = "portal"
