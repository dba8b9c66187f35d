"""What beat asks about the reading of personal data."""

from celery import shared_task
from django.utils import timezone

from jiujinan.sealing.alarms import find_idle_readings


@shared_task
def look_for_idle_readings(**kwargs: object) -> int:
    """Raise alarms for openings that no act followed; return how many."""
    return find_idle_readings(now=timezone.now())
