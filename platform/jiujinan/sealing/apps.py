"""Application `sealing`."""

from django.apps import AppConfig


class SealingConfig(AppConfig):
    """Register the room under its label."""

    name = "jiujinan.sealing"
    label = "sealing"
