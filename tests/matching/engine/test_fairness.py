"""The order of service: weights, the guard for those who wait too long, the quota for the forgotten, equal shares."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import CashInstance, CashNeeds, Funds, solve_cash
from matching.engine.fairness import Ordered, Weights, order_by_fairness
from matching.engine.ranks import rank_needs


@st.composite
def ordered(draw: st.DrawFn, *, permille: int | None = None) -> tuple[Ordered, np.ndarray]:
    n = draw(st.integers(1, 14))

    def column(strategy: st.SearchStrategy[int]) -> np.ndarray:
        return np.array(draw(st.lists(strategy, min_size=n, max_size=n)), dtype=np.int64)

    needs = CashNeeds.of(
        ids=draw(st.permutations(range(50, 50 + n))),
        gap_fen=column(st.integers(1, 40)),
        tier=column(st.integers(0, 1)),
        groups=column(st.integers(0, 3)),
    )
    quota = draw(st.sampled_from([0, 100, 500, 1000])) if permille is None else permille
    waiting = column(st.sampled_from([0, 1, 4, 9, 16, 50, 400]))
    rules = Weights(groups=((0, 2500), (1, 4000)), forgotten_permille=quota)
    found = order_by_fairness(
        needs, difficulty=column(st.sampled_from([5, 12, 18, 55, 90])), waiting_days=waiting, weights=rules
    )
    return found, waiting


@settings(max_examples=40, deadline=None)
@given(case=ordered())
def test_nobody_past_the_limit_is_behind_a_younger_equal(case: tuple[Ordered, np.ndarray]) -> None:
    found, waiting = case
    rank = rank_needs(found.needs).rank
    for late in np.flatnonzero(found.overdue):
        equal = (found.needs.tier == found.needs.tier[late]) & (found.band == found.band[late])
        younger = equal & (waiting < waiting[late])
        assert (rank[younger] > rank[late]).all()


@settings(max_examples=30, deadline=None)
@given(case=ordered(), money=st.integers(0, 300))
def test_where_money_ends_no_younger_equal_was_served_while_an_overdue_one_waits(
    case: tuple[Ordered, np.ndarray], money: int
) -> None:
    found, waiting = case
    needs = found.needs
    covered = solve_cash(CashInstance(needs, Funds.of(ids=[1], available_fen=[money]))).covered_fen
    for late in np.flatnonzero(found.overdue & (covered < needs.gap_fen)):
        equal = (needs.tier == needs.tier[late]) & (found.band == found.band[late])
        assert not covered[equal & (waiting < waiting[late])].any()


@settings(max_examples=40, deadline=None)
@given(case=ordered())
def test_of_every_prefix_of_a_tier_the_forgotten_have_their_quota(case: tuple[Ordered, np.ndarray]) -> None:
    found, _ = case
    needs, ranks = found.needs, rank_needs(found.needs)
    for tier in np.unique(needs.tier):
        rows = [row for row in ranks.order if needs.tier[row] == tier]
        lost = others = 0
        for place, row in enumerate(rows):
            gap = int(needs.gap_fen[row])
            lost, others = (lost + gap, others) if found.forgotten[row] else (lost, others + gap)
            if found.forgotten[rows[place + 1 :]].any() and not found.forgotten[row]:
                assert lost * 1000 >= found.quota_permille * (lost + others)


@settings(max_examples=30, deadline=None)
@given(case=ordered(permille=100), bare=st.just(0))
def test_the_quota_never_sets_a_forgotten_need_back(case: tuple[Ordered, np.ndarray], bare: int) -> None:
    found, waiting = case
    plain = order_by_fairness(
        found.needs,
        difficulty=found.difficulty,
        waiting_days=waiting,
        weights=Weights(groups=((0, 2500), (1, 4000)), forgotten_permille=bare),
    )
    with_quota, without = rank_needs(found.needs), rank_needs(plain.needs)
    for row in np.flatnonzero(found.forgotten):
        ahead = (with_quota.rank < with_quota.rank[row]) & ~found.forgotten
        assert (without.rank[ahead] < without.rank[row]).all()


def test_claim_counts_difficulty_and_groups_and_waiting_orders_only_within_a_band() -> None:
    needs = CashNeeds.of(ids=[1, 2, 3, 4], gap_fen=[9, 9, 9, 9], groups=[0, 1, 0, 0])
    found = order_by_fairness(
        needs,
        difficulty=np.array([18, 18, 35, 18]),
        waiting_days=np.array([20, 0, 0, 0]),
        weights=Weights(groups=((0, 4000),)),
    )
    assert needs.id[rank_needs(found.needs).order].tolist() == [3, 2, 1, 4]
    assert found.claim.tolist() == [18_000, 22_000, 35_000, 18_000]


@settings(max_examples=25, deadline=None)
@given(
    gaps=st.lists(st.integers(1, 400), min_size=2, max_size=6),
    money=st.integers(0, 900),
)
def test_equals_share_nobody_gets_the_second_tenth_before_all_got_the_first(
    gaps: list[int], money: int
) -> None:
    needs = CashNeeds.of(ids=list(range(len(gaps))), gap_fen=gaps)
    covered = solve_cash(CashInstance(needs, Funds.of(ids=[1], available_fen=[money]))).covered_fen
    tenth = [
        max(k for k in range(11) if gap * k // 10 <= got) for gap, got in zip(gaps, covered, strict=True)
    ]
    reached = [
        min(k for k in range(11) if gap * k // 10 >= got) for gap, got in zip(gaps, covered, strict=True)
    ]
    assert max(reached) <= min(tenth) + 1


@settings(max_examples=40, deadline=None)
@given(
    days=st.lists(st.sampled_from([5, 60, 200, 900]), min_size=2, max_size=4, unique=True),
    gap=st.integers(1, 500),
)
def test_money_that_expires_first_is_spent_first(days: list[int], gap: int) -> None:
    today = 739_000
    funds = Funds.of(
        ids=list(range(len(days))), available_fen=[100] * len(days), expires_on=[today + day for day in days]
    )
    for method in ("pairs", "large"):
        solution = solve_cash(
            CashInstance(CashNeeds.of(ids=[1], gap_fen=[gap]), funds, today=today), method=method
        )
        spent = solution.spent_fen[np.argsort(days)].tolist()
        assert spent == [max(0, min(100, gap - 100 * place)) for place in range(len(days))]


def test_local_money_is_spent_before_national_and_one_fund_rather_than_two() -> None:
    needs = CashNeeds.of(ids=[1], gap_fen=[80], region=[990122])
    funds = Funds.of(ids=[1, 2, 3], available_fen=[100, 100, 100], regions=[[], [990000], [990122]])
    whole = Funds.of(ids=[1, 2], available_fen=[100, 100], per_case_cap_fen=[50, 0])
    for method in ("pairs", "large"):
        assert solve_cash(CashInstance(needs, funds), method=method).spent_fen.tolist() == [0, 0, 80]
    assert solve_cash(CashInstance(needs, whole)).spent_fen.tolist() == [0, 80]
