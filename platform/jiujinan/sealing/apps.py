"""Application `sealing`."""

from django.apps import AppConfig

from jiujinan.sealing import redaction


class SealingConfig(AppConfig):
    """Register the room under its label."""

    name = "jiujinan.sealing"
    label = "sealing"

    def ready(self) -> None:
        """Mask what this process logs."""
        redaction.install()
