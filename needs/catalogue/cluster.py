"""The way to Elasticsearch: one client, short patience, and a pause after a failure so that nobody waits twice."""

import time
from functools import cache

from django.conf import settings
from elasticsearch import ApiError, Elasticsearch, TransportError

PATIENCE_SECONDS = 0.6  # for a visitor; what is left of the second belongs to the database
BULK_PATIENCE_SECONDS = 60
PAUSE_SECONDS = 15.0
FAILURES = (ApiError, TransportError)

_silent_until = 0.0


class NoSearchService(Exception):
    """Elasticsearch is not there, too slow, or has no index of ours."""


@cache
def client() -> Elasticsearch:
    """Return the client; nothing is asked of the server yet."""
    return Elasticsearch(
        settings.ELASTICSEARCH_URL, max_retries=0, retry_on_timeout=False, request_timeout=PATIENCE_SECONDS
    )


def patient() -> Elasticsearch:
    """Return the client for work that nobody waits for."""
    return client().options(request_timeout=BULK_PATIENCE_SECONDS)


def alias() -> str:
    """Return the name under which the current index is asked."""
    return f"{settings.ELASTICSEARCH_PREFIX}-projects"


def is_wanted() -> bool:
    """Return whether this installation has an Elasticsearch at all."""
    return bool(settings.ELASTICSEARCH_URL)


def is_paused() -> bool:
    """Return whether it failed a moment ago."""
    return time.monotonic() < _silent_until


def pause() -> None:
    """Ask nothing for a while."""
    global _silent_until  # one for each process, by design
    _silent_until = time.monotonic() + PAUSE_SECONDS


def resume() -> None:
    """Ask again at once, with a new client."""
    global _silent_until
    _silent_until = 0.0
    client.cache_clear()
