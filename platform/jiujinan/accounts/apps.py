"""Application `accounts`."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Register the room under its label."""

    name = "jiujinan.accounts"
    label = "accounts"
