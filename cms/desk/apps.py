"""Application `cms.desk`."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Register the room under its label."""

    name = "cms.desk"
    label = "desk"
