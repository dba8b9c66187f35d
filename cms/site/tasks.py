"""What the clock does for the site."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def publish_scheduled_pages() -> None:
    """Publish and take down the pages whose moment has come."""
    call_command("publish_scheduled", verbosity=0)
