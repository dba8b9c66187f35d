"""Every list of the desk asks the database as often for one row as for three and three hundred."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiujinan.accounts.models import User
from tests.cms.desk.everything import NO_LISTS, fill, lists, overseer, without_argument
from tests.town import Town

MOST = 60  # the scorecard reads sixteen standards


def test_no_page_of_the_desk_is_left_out() -> None:
    assert without_argument() >= NO_LISTS
    assert len(lists()) >= 25


@pytest.mark.slow
def test_every_list_holds_its_number_of_queries_at_1_3_and_300_rows(
    town: Town, signed_in: Callable[[User], Client]
) -> None:
    user = overseer(town)
    client = signed_in(user)
    asked: dict[str, list[int]] = {path: [] for path in lists()}
    for further in (1, 2, 297):
        fill(town, user, further)
        for path in asked:
            client.get(path)  # what is looked up once for a process is not counted
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200, path
            asked[path].append(len(queries))
    assert {path: found for path, found in asked.items() if len(set(found)) > 1 or max(found) > MOST} == {}
