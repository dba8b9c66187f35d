"""Who else works in the town."""

import pytest

from jiujinan.accounts.models import User
from jiujinan.accounts.roles import Role
from tests.people import person
from tests.town import Town


@pytest.fixture
def zheng(town: Town) -> User:
    return person("zheng", town.desk, Role.SUPERVISOR)
