"""The state tables of the demand side: each state with each act, nothing else."""

from collections.abc import Mapping
from enum import StrEnum
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujinan.states import ForbiddenAct, Transition
from needs.rules import obstacles_to_publishing, obstacles_to_verifying
from needs.states import (
    CASE_ACTS,
    NEED_ACTS,
    PROJECT_ACTS,
    CaseState,
    Fulfilment,
    NeedState,
    ProjectState,
    fulfilment,
)

ALLOWED = {
    ("case", "received", "take_up"): "under_verification",
    ("case", "returned", "take_up"): "under_verification",
    ("case", "returned", "complete"): "under_verification",
    ("case", "refused", "reopen"): "under_verification",
    ("case", "under_verification", "return"): "returned",
    ("case", "under_verification", "verify"): "verified",
    ("case", "under_verification", "refuse"): "refused",
    ("case", "received", "supersede"): "superseded",
    ("case", "under_verification", "supersede"): "superseded",
    ("case", "returned", "supersede"): "superseded",
    ("case", "verified", "supersede"): "superseded",
    ("case", "refused", "supersede"): "superseded",
    ("case", "verified", "close"): "closed",
    ("case", "refused", "close"): "closed",
    ("need", "draft", "verify"): "verified",
    ("need", "verified", "publish"): "published",
    ("need", "draft", "withdraw"): "withdrawn",
    ("need", "verified", "withdraw"): "withdrawn",
    ("need", "published", "withdraw"): "withdrawn",
    ("need", "verified", "close"): "closed",
    ("need", "published", "close"): "closed",
    ("need", "published", "hold"): "verified",
    ("project", "prepared", "show"): "published",
    ("project", "published", "prepare"): "prepared",
    ("project", "published", "withdraw"): "withdrawn",
    ("project", "published", "close"): "closed",
}
TABLES: dict[str, tuple[type[StrEnum], Mapping[str, Transition[StrEnum]]]] = {
    "case": (CaseState, CASE_ACTS),
    "need": (NeedState, NEED_ACTS),
    "project": (ProjectState, PROJECT_ACTS),
}
EVERY = [
    (name, state, act) for name, (states, acts) in TABLES.items() for state, act in product(states, acts)
]


@pytest.mark.parametrize(("name", "state", "act"), EVERY)
def test_an_act_is_possible_where_the_table_says_so_and_nowhere_else(name: str, state: str, act: str) -> None:
    row = TABLES[name][1][act]
    target = ALLOWED.get((name, str(state), act))
    if target is None:
        with pytest.raises(ForbiddenAct):
            row.apply(state)
    else:
        assert row.apply(state) == target


@pytest.mark.parametrize("name", list(TABLES))
def test_a_state_that_nobody_knows_allows_nothing(name: str) -> None:
    for row in TABLES[name][1].values():
        with pytest.raises(ForbiddenAct):
            row.apply("never heard of")


def test_what_has_ended_does_not_begin_again() -> None:
    for name, state in (
        ("case", CaseState.CLOSED),
        ("case", CaseState.SUPERSEDED),
        ("need", NeedState.WITHDRAWN),
        ("need", NeedState.CLOSED),
        ("project", ProjectState.WITHDRAWN),
        ("project", ProjectState.CLOSED),
    ):
        assert not any(state in row.sources for row in TABLES[name][1].values())


@given(st.integers(0, 10**9), st.data())
def test_fulfilment_follows_from_the_amounts(lacking: int, data: st.DataObject) -> None:
    committed = data.draw(st.integers(0, lacking))
    fulfilled = data.draw(st.integers(0, committed))
    found = fulfilment(lacking=lacking, gap=lacking - committed, fulfilled=fulfilled)
    assert (found == Fulfilment.FULFILLED) is (fulfilled == lacking)
    assert (found == Fulfilment.OPEN) is (committed == 0 < lacking)
    assert (found == Fulfilment.PARTLY_COVERED) is (0 < committed < lacking)
    assert (found == Fulfilment.COVERED) is (fulfilled < committed == lacking)


@pytest.mark.parametrize("tier", ["critical", "joint", "departmental"])
@pytest.mark.parametrize("check", ["pending", "passed", "failed", "exempt"])
@pytest.mark.parametrize("items", [0, 1])
def test_what_stands_in_the_way_of_verifying(tier: str, check: str, items: int) -> None:
    found = obstacles_to_verifying(economic_check=check, items=items, tier=tier)
    assert ("nothing_lacking" in found) is (items == 0)
    assert ("economic_check_failed" in found) is (check == "failed")
    assert ("economic_check_pending" in found) is (check == "pending" and tier != "critical")


@pytest.mark.parametrize(
    ("consented", "withdrawn", "obstacles"),
    [
        (True, False, []),
        (False, False, ["consent_missing"]),
        (True, True, ["consent_withdrawn"]),
        (False, True, ["consent_withdrawn"]),
    ],
)
def test_nothing_is_published_without_standing_consent(
    consented: bool, withdrawn: bool, obstacles: list[str]
) -> None:
    assert obstacles_to_publishing(consented=consented, consent_withdrawn=withdrawn) == obstacles
