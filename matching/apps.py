"""Application `matching`: the only one that knows both sides."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """Register the room under its label."""

    name = "matching"
