"""Where the two sides meet."""

from matching.models.commitments import Commitment, Disbursement, Repayment
from matching.models.proposals import Proposal
from matching.models.publications import GrantCursor, PublicGrant, Release
from matching.models.referrals import Referral
from matching.models.reports import DonorReport
from matching.models.runs import MatchRun, OnlineMark, RunPart, SolvePart
from matching.models.weights import WeightVersion

__all__ = [
    "Commitment",
    "Disbursement",
    "DonorReport",
    "GrantCursor",
    "MatchRun",
    "OnlineMark",
    "Proposal",
    "PublicGrant",
    "Referral",
    "Release",
    "Repayment",
    "RunPart",
    "SolvePart",
    "WeightVersion",
]
