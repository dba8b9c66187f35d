"""Application `outbox`."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Register the room under its label."""

    name = "jiujinan.outbox"
    label = "outbox"
