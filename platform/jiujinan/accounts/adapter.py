"""Nobody signs up alone: accounts come with an organisation that somebody verified."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

logger = logging.getLogger(__name__)


class ClosedSignup(DefaultAccountAdapter):
    """Close the public sign-up form."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: organisations invite their members."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail about an account; a mail server that fails is logged, and the page is answered all the same."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as error:
            logger.error("a mail about an account was not sent: %s", type(error).__name__)  # no address
