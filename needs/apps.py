"""Application `needs`: demand, from case record to project."""

from django.apps import AppConfig


class NeedsConfig(AppConfig):
    """Register the room under its label."""

    name = "needs"
