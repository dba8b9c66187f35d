"""What beat has done for the clocks. A task may run twice without harm."""

from celery import shared_task
from django.utils import timezone

from jiujinan.clocks import evidence


@shared_task
def tell_ending_evidence(**kwargs: object) -> int:
    """Tell of organisations' papers that end; return how many notices were new."""
    return evidence.tell_ending_evidence(now=timezone.now())
