"""Application `cms`: templates, styles and commands that its rooms share."""

from django.apps import AppConfig


class CmsConfig(AppConfig):
    """Register the room under its label."""

    name = "cms"
