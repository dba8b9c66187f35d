"""Application `cms.api`."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Register the room under its label."""

    name = "cms.api"
    label = "api"
