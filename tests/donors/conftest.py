"""Fixtures of the supply side."""

import os

import pytest
from django.db import connection

from donors.models import Fund
from tests.donors.flush import flush_passes_the_guards
from tests.donors.world import World, make_fund, make_world

__all__ = ["flush_passes_the_guards"]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs PostgreSQL elsewhere; fail it where a lane was meant to have PostgreSQL."""
    if item.get_closest_marker("postgres") is None or connection.vendor == "postgresql":
        return
    if os.environ.get("CI") == "true" and "postgres" in os.environ.get("DATABASE_URL", ""):
        pytest.fail("this lane promised PostgreSQL")
    pytest.skip("needs PostgreSQL: set DATABASE_URL")


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def fund(world: World) -> Fund:
    return make_fund(world)
