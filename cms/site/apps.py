"""Application `cms.site`."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Register the room under its label."""

    name = "cms.site"
    label = "site"
