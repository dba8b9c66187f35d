"""What beat has done about organisations. A task may run twice without harm."""

from celery import shared_task
from django.utils import timezone

from jiujinan.accounts.evidence import remind_of_expiry


@shared_task
def remind_of_evidence(**kwargs: object) -> int:
    """Tell organisations in time that their evidence ends; return how many were told."""
    now = timezone.now()
    return remind_of_expiry(now=now, today=timezone.localdate(now))
