"""Application `audit`."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Register the room under its label."""

    name = "jiujinan.audit"
    label = "audit"
