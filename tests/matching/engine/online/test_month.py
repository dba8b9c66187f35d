"""A month lived through need by need comes close to what hindsight would have done, and greedy does not."""

import numpy as np

from bench.instances import make_instance
from bench.online import live_through, shares
from matching.engine import solve_cash


def test_prices_keep_98_percent_of_the_optimum_in_hindsight_and_the_critical_tier_whole() -> None:
    instance = make_instance(2000, 200, "national", caps=True)
    best = solve_cash(instance, method="large").covered_fen
    priced, greedy = (shares(instance.needs, live_through(instance, count)[0], best) for count in (4, 0))
    assert priced["of_covered"] >= 0.98
    assert priced["of_weighted"] >= 0.98
    assert priced["up_to_tier"]["0"] >= 0.99
    assert greedy["of_weighted"] < 0.95
    assert np.all(best <= instance.needs.gap_fen)
