"""Application `needs.intake`."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Register the room under its label."""

    name = "needs.intake"
    label = "intake"
