"""The states of proposals, commitments, disbursements and referrals, each as one table of acts (pure)."""

from enum import StrEnum

from jiujinan.states import table


class ProposalState(StrEnum):
    """What was answered to a proposed match."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    ADJUSTED = "adjusted"
    DECLINED = "declined"
    EXPIRED = "expired"


class CommitmentState(StrEnum):
    """How far promised help has come."""

    RESERVED = "reserved"
    PARTLY_DISBURSED = "partly_disbursed"
    COMPLETED = "completed"
    RELEASED = "released"


class DisbursementState(StrEnum):
    """How far a payment or handover has come."""

    PREPARED = "prepared"
    APPROVED = "approved"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ReferralState(StrEnum):
    """FHIR SDOH Clinical Care, TaskForReferralManagement."""

    REQUESTED = "requested"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class DeclineReason(StrEnum):
    """Why a proposal was declined; it decides what follows."""

    NOT_NOW = "not_now"
    OUTSIDE_PURPOSE = "outside_purpose"
    ALREADY_HELPED = "already_helped"
    PREFERS_OTHER = "prefers_other"


ANSWERED_YES = frozenset({ProposalState.ACCEPTED, ProposalState.ADJUSTED})
STANDING_COMMITMENTS = frozenset({CommitmentState.RESERVED, CommitmentState.PARTLY_DISBURSED})
DISBURSEMENTS_UNDER_WAY = frozenset({DisbursementState.PREPARED, DisbursementState.APPROVED})
WAITING_REFERRALS = frozenset({ReferralState.REQUESTED, ReferralState.RECEIVED})
RUNNING_REFERRALS = frozenset({ReferralState.ACCEPTED, ReferralState.IN_PROGRESS, ReferralState.ON_HOLD})


PROPOSAL_ACTS = table(
    ("accept", {ProposalState.PROPOSED}, ProposalState.ACCEPTED),
    ("adjust", {ProposalState.PROPOSED}, ProposalState.ADJUSTED),
    ("decline", {ProposalState.PROPOSED}, ProposalState.DECLINED),
    ("expire", {ProposalState.PROPOSED}, ProposalState.EXPIRED),
)

COMMITMENT_ACTS = table(
    ("disburse_part", set(STANDING_COMMITMENTS), CommitmentState.PARTLY_DISBURSED),
    ("complete", set(STANDING_COMMITMENTS), CommitmentState.COMPLETED),
    ("release", set(STANDING_COMMITMENTS), CommitmentState.RELEASED),
)

DISBURSEMENT_ACTS = table(
    ("approve", {DisbursementState.PREPARED}, DisbursementState.APPROVED),
    ("pay", {DisbursementState.APPROVED}, DisbursementState.PAID),
    ("fail", {DisbursementState.APPROVED}, DisbursementState.FAILED),
    ("cancel", set(DISBURSEMENTS_UNDER_WAY), DisbursementState.CANCELLED),
)

REFERRAL_ACTS = table(
    ("receive", {ReferralState.REQUESTED}, ReferralState.RECEIVED),
    ("accept", set(WAITING_REFERRALS), ReferralState.ACCEPTED),
    ("reject", set(WAITING_REFERRALS), ReferralState.REJECTED),
    ("expire", set(WAITING_REFERRALS), ReferralState.EXPIRED),
    ("start", {ReferralState.ACCEPTED, ReferralState.ON_HOLD}, ReferralState.IN_PROGRESS),
    ("hold", {ReferralState.IN_PROGRESS}, ReferralState.ON_HOLD),
    ("complete", {ReferralState.IN_PROGRESS}, ReferralState.COMPLETED),
    ("fail", set(RUNNING_REFERRALS), ReferralState.FAILED),
    ("cancel", set(WAITING_REFERRALS) | set(RUNNING_REFERRALS), ReferralState.CANCELLED),
)
