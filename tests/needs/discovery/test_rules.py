"""What a tracking number shows, and the state table of reports."""

import itertools

import pytest

from jiujinan.states import ForbiddenAct
from needs.discovery.rules import Step, Whose, progress, tier_of
from needs.discovery.states import REPORT_ACTS, WAITING, ReportState
from needs.states import CaseState, Fulfilment

FULFILMENTS = [frozenset(), *(frozenset({one}) for one in Fulfilment), frozenset(Fulfilment)]
SITUATIONS = [
    (report, case, fulfilments)
    for report, case, fulfilments in itertools.product(ReportState, [None, *CaseState], FULFILMENTS)
    if (case is not None) == (report is ReportState.FILED)
]


@pytest.mark.parametrize("whose", Whose)
def test_every_situation_shows_at_least_the_arrival_and_never_more_than_the_way(whose: Whose) -> None:
    for report, case, fulfilments in SITUATIONS:
        shown = progress(whose=whose, report=report, case=case, fulfilments=fulfilments)
        assert 1 <= shown.done <= len(shown.way)
        assert shown.way[0] is Step.RECEIVED


def test_a_neighbour_learns_neither_what_was_found_nor_whether_help_came() -> None:
    ways = {
        progress(whose=Whose.OTHER, report=report, case=case, fulfilments=fulfilments).way
        for report, case, fulfilments in SITUATIONS
    }
    assert len(ways) == 1
    assert not {Step.VERIFIED, Step.ARRANGED, Step.HELPED} & set(*ways)


def test_verified_and_refused_look_the_same_to_a_neighbour_until_the_end() -> None:
    def done(case: CaseState) -> int:
        return progress(
            whose=Whose.OTHER, report=ReportState.FILED, case=case, fulfilments=frozenset({Fulfilment.OPEN})
        ).done

    assert done(CaseState.UNDER_VERIFICATION) == done(CaseState.VERIFIED) < done(CaseState.REFUSED)


def test_ones_own_report_is_followed_to_the_end() -> None:
    shown = progress(
        whose=Whose.OWN,
        report=ReportState.FILED,
        case=CaseState.VERIFIED,
        fulfilments=frozenset({Fulfilment.FULFILLED}),
    )
    assert shown.way[shown.done - 1] is Step.HELPED


@pytest.mark.parametrize("act", REPORT_ACTS)
@pytest.mark.parametrize("state", ReportState)
def test_each_act_starts_only_where_the_table_says(act: str, state: ReportState) -> None:
    row = REPORT_ACTS[act]
    if state in row.sources:
        assert row.apply(state) is row.target
    else:
        with pytest.raises(ForbiddenAct):
            row.apply(state)


def test_every_waiting_report_can_still_be_answered() -> None:
    assert REPORT_ACTS["answer"].sources == WAITING == REPORT_ACTS["file"].sources


def test_danger_comes_before_everything() -> None:
    assert tier_of(in_danger=True, within_days=False) == "critical"
    assert tier_of(in_danger=False, within_days=True) == "joint"
    assert tier_of(in_danger=False, within_days=False) == "departmental"
