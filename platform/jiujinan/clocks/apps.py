"""Application `clocks`."""

from django.apps import AppConfig


class ClocksConfig(AppConfig):
    """Register the room under its label."""

    name = "jiujinan.clocks"
    label = "clocks"
