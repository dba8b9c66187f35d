"""Nobody signs up alone: accounts come with an organisation that somebody verified."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignup(DefaultAccountAdapter):
    """Close the public sign-up form."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: organisations invite their members."""
        return False
