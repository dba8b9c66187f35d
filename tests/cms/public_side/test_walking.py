"""The addresses of the public side, walked by a visitor under the public role on PostgreSQL."""

from collections.abc import Callable, Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from pytest_django import Settings

from cms.public_side.middleware import WORKING_PREFIXES
from matching.publishing.services import publish_release, release_grants
from needs.discovery.models import NeedReport
from needs.models import Project
from tests.cms.public_side.walking import asked_by_name
from tests.cms.site.test_report_a_need import PAGE, TRACK, filled, number_in, token
from tests.matching.publishing.test_services import paid
from tests.town import NOW, Town

pytestmark = pytest.mark.postgres
ROLE = "jiujinan_test_public"


@pytest.fixture
def role(db: None, settings: Settings) -> Iterator[str]:
    settings.PUBLIC_ROLE = ROLE
    call_command("create_public_role", role=ROLE, stdout=StringIO())
    yield ROLE
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


@pytest.fixture
def open_house(publish: Callable[..., Project], town: Town) -> Project:
    """A town with something on every page: projects, a release, grants, a service."""
    town.fund()
    town.offer()
    paid(town, 20)
    release_grants(now=NOW)
    project = [publish(tier="joint") for _ in range(3)][-1]
    publish_release(now=NOW)
    return project


def test_the_public_side_is_served_without_a_right_to_any_case(role: str, open_house: Project) -> None:
    addresses = {*asked_by_name(open_house), "/no-such-page/"}
    assert len(addresses) >= 40
    client = Client()
    for path in sorted(addresses):
        with transaction.atomic():
            answer = client.get(path, headers={"accept-language": "zh-hans"})
            expected = 404 if path == "/no-such-page/" else 301 if path == "/favicon.ico" else 200
            assert answer.status_code == expected, path
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert body or expected == 301, path
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone()[0] != role, path


def test_a_visitor_reports_a_need_and_follows_it_with_the_working_rights(
    role: str, open_house: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    assert "/report-a-need/" in WORKING_PREFIXES
    answer = client.post(PAGE, filled(token(monkeypatch)))
    assert answer.status_code == 200
    assert NeedReport.objects.count() == 1
    shown = client.post(TRACK, {"number": number_in(answer.content.decode())})
    assert shown.status_code == 200
