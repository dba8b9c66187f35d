"""What the clock does for discovery."""

from celery import shared_task
from django.utils import timezone

from needs.discovery.services import forget_origins, refresh_lists


@shared_task
def refresh_watch_lists() -> int:
    """Bring the watch lists in step with what is known today."""
    done = refresh_lists(now=timezone.now())
    return done.began + done.ended


@shared_task
def forget_where_forms_came_from() -> int:
    """Empty the digests that the limits needed."""
    return forget_origins(now=timezone.now())
