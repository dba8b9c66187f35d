"""The state tables of matching: each state with each act, nothing else."""

from itertools import product

import pytest

from jiujinan.states import ForbiddenAct
from matching.states import (
    ANSWERED_YES,
    COMMITMENT_ACTS,
    PROPOSAL_ACTS,
    REFERRAL_ACTS,
    RUNNING_REFERRALS,
    STANDING_COMMITMENTS,
    WAITING_REFERRALS,
    CommitmentState,
    ProposalState,
    ReferralState,
)

TABLES = {
    "proposal": (ProposalState, PROPOSAL_ACTS),
    "commitment": (CommitmentState, COMMITMENT_ACTS),
    "referral": (ReferralState, REFERRAL_ACTS),
}
ALLOWED = {
    ("proposal", "proposed"): {
        "accept": "accepted", "adjust": "adjusted", "decline": "declined", "expire": "expired",
    },
    ("commitment", "reserved"): {
        "disburse_part": "partly_disbursed", "complete": "completed", "release": "released",
    },
    ("commitment", "partly_disbursed"): {
        "disburse_part": "partly_disbursed", "complete": "completed", "release": "released",
    },
    ("referral", "requested"): {
        "receive": "received", "accept": "accepted", "reject": "rejected", "expire": "expired",
        "cancel": "cancelled",
    },
    ("referral", "received"): {
        "accept": "accepted", "reject": "rejected", "expire": "expired", "cancel": "cancelled",
    },
    ("referral", "accepted"): {"start": "in_progress", "fail": "failed", "cancel": "cancelled"},
    ("referral", "in_progress"): {
        "hold": "on_hold", "complete": "completed", "fail": "failed", "cancel": "cancelled",
    },
    ("referral", "on_hold"): {"start": "in_progress", "fail": "failed", "cancel": "cancelled"},
}  # fmt: skip
EVERY = [
    (name, state, act) for name, (states, acts) in TABLES.items() for state, act in product(states, acts)
]


@pytest.mark.parametrize(("name", "state", "act"), EVERY)
def test_an_act_is_possible_where_the_table_says_so_and_nowhere_else(name: str, state: str, act: str) -> None:
    row = TABLES[name][1][act]
    target = ALLOWED.get((name, str(state)), {}).get(act)
    if target is None:
        with pytest.raises(ForbiddenAct):
            row.apply(state)
    else:
        assert row.apply(state) == target


def test_the_named_sets_of_states_do_not_overlap() -> None:
    assert not WAITING_REFERRALS & RUNNING_REFERRALS
    assert {CommitmentState.RESERVED, CommitmentState.PARTLY_DISBURSED} == STANDING_COMMITMENTS
    assert {ProposalState.ACCEPTED, ProposalState.ADJUSTED} == ANSWERED_YES
