"""A transactional test leaves nothing in the catalogue for those after it."""

from datetime import date

from django.core.management import call_command
from django.db import connection

from tests.projects import shown_project
from tests.town import COUNTY, build_town


def test_the_flush_after_a_transactional_test_empties_the_catalogue_too(transactional_db: None) -> None:
    build_town()
    month = date(2026, 7, 1)
    shown_project(region_id=COUNTY, title_zh="一户", urgency=1, published_month=month, updated_month=month)
    assert held() == [1, 1]
    call_command("flush", interactive=False, inhibit_post_migrate=True, verbosity=0)
    assert held() == [0, 0]


def held() -> list[int]:
    """Return how many entries the catalogue holds, and for how many of them words."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM needs_projectindex), (SELECT count(*) FROM needs_projectterms)"
        )
        return list(cursor.fetchone())
