"""What only shows among some hundred needs: stretches served together, and room for draws that runs out."""

from dataclasses import replace

import numpy as np
import pytest

from bench.instances import make_instance
from matching.engine import CashInstance, ascent
from matching.engine.ascent_tables import State
from matching.engine.certificate import certified_bound
from matching.engine.columns import Int64
from matching.engine.compressed import Allocation, prepare, solve_compressed


def covered(instance: CashInstance, found: Allocation) -> Int64:
    got = np.zeros(len(instance.needs), dtype=np.int64)
    np.add.at(got, found.need, found.amount_fen)
    return got


@pytest.mark.parametrize("scenario", ["national", "local"])
@pytest.mark.parametrize("equals", [1, 20_000])
@pytest.mark.parametrize("seed", range(4))
def test_every_level_of_many_needs_reaches_its_certified_bound(scenario: str, equals: int, seed: int) -> None:
    instance = make_instance(400, 60, scenario, caps=False, seed=seed)
    instance = replace(instance, needs=replace(instance.needs, priority=instance.needs.priority // equals))
    ready = prepare(instance)
    found = solve_compressed(instance, ready)
    got, level = covered(instance, found), ready.ranks.level
    for last in range(0, int(level.max()) + 1, max(1, int(level.max()) // 40)):
        assert certified_bound(instance, found.price_level, last) == got[level <= last].sum()
    spent = np.zeros(len(instance.funds), dtype=np.int64)
    np.add.at(spent, found.fund, found.amount_fen)
    assert (spent <= instance.funds.available_fen).all()
    assert (got <= instance.needs.gap_fen).all()


def test_serving_in_stretches_covers_what_serving_one_by_one_covers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    instance = make_instance(600, 60, "local", caps=False)
    together = covered(instance, solve_compressed(instance))
    monkeypatch.setattr(ascent, "SHORT_STRETCH", 0)
    assert np.array_equal(covered(instance, solve_compressed(instance)), together)


def test_an_instance_that_outgrows_the_room_for_draws_is_still_solved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    instance = make_instance(4_000, 60, "national", caps=False)
    expected = covered(instance, solve_compressed(instance))
    enlarged, more = [], ascent._with_more_room

    def with_more_room(state: State) -> State:
        enlarged.append(len(state.draws))
        return more(state)

    monkeypatch.setattr(ascent, "DRAWS_PER_NODE", 0)
    monkeypatch.setattr(ascent, "_with_more_room", with_more_room)
    assert np.array_equal(covered(instance, solve_compressed(instance)), expected)
    assert enlarged
