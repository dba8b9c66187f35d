"""A real Elasticsearch for the catalogue's tests, or a skip by name; under CI a failure."""

import os
import uuid
from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from pytest_django import Settings

from needs.catalogue import cluster, indexing

MISSING = "needs Elasticsearch: .ci/elasticsearch start, then set ELASTICSEARCH_URL"


@pytest.fixture(scope="session")
def elasticsearch_address() -> str:
    """The server's address."""
    address = os.environ.get("ELASTICSEARCH_URL", "")
    if not address:
        if os.environ.get("CI") == "true":
            pytest.fail("CI promised Elasticsearch")
        pytest.skip(MISSING)
    return address


@pytest.fixture
def elasticsearch(
    db: None, settings: Settings, elasticsearch_address: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """An installation with Elasticsearch and an empty index; what it made there goes away afterwards.

    It is waited for longer than a visitor would be: a busy machine is not a failing server.
    """
    monkeypatch.setattr(cluster, "PATIENCE_SECONDS", 20.0)
    settings.ELASTICSEARCH_URL = elasticsearch_address
    settings.ELASTICSEARCH_PREFIX = f"test-{uuid.uuid4().hex[:8]}"
    cluster.resume()
    indexing.rebuild(now=timezone.now())
    yield elasticsearch_address
    cluster.resume()
    assert django_settings.ELASTICSEARCH_PREFIX.startswith("test-")
    held = cluster.patient().indices.get(index=f"{django_settings.ELASTICSEARCH_PREFIX}-*")
    for name in held:
        cluster.patient().indices.delete(index=name)
    cluster.resume()
