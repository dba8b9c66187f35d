"""Two hundred donors at one need at once: never past the gap. `python -m bench.crowd` does a hundred rounds."""

import pytest

from matching.models import MatchRun
from matching.services.runs import run_matching
from tests.matching.invariants import everything_holds, trails_hold
from tests.matching.services.crowding import all_at_once, needs_with_offers, past_the_gap
from tests.town import NOW, Town, build_town

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
DONORS, ROUNDS = 200, 10


@pytest.fixture
def town(transactional_db: None) -> Town:
    return build_town()


@pytest.fixture
def run(town: Town) -> MatchRun:
    return run_matching(by=town.chen, now=NOW)


def test_two_hundred_donors_at_one_need_at_once_never_pass_its_gap(town: Town, run: MatchRun) -> None:
    funds = [town.fund(yuan=1_000_000) for _ in range(DONORS)]
    rounds = needs_with_offers(town, run, funds, ROUNDS)
    outcomes = all_at_once(town, rounds, processes=4)
    assert {name for counted in outcomes for name in counted} <= {"done", "GapExceeded", "OutsideCharter"}
    assert {sum(counted.values()) for counted in outcomes} == {DONORS}
    assert {counted["done"] for counted in outcomes[1::2]} == {7}  # seven equal shares fill the gap
    assert past_the_gap(rounds) == []
    everything_holds()
    trails_hold()
