"""Fixtures of the supply side."""

import pytest

from donors.models import Fund
from tests.donors.world import World, make_fund, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def fund(world: World) -> Fund:
    return make_fund(world)
