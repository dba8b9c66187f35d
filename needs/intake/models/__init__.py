"""What intake keeps: files on their way in, people who may be one, help that was given."""

from needs.intake.models.aid import AidRecord, AidSource, ReliefList, ReliefState
from needs.intake.models.drafts import CaseDraft
from needs.intake.models.duplicates import Merge, PossibleDuplicate, Verdict
from needs.intake.models.imports import (
    TAKEN,
    WORKING,
    Import,
    ImportBadRow,
    ImportChunk,
    ImportPart,
    ImportProblem,
    ImportRow,
    ImportState,
    IntakeReceipt,
    Outcome,
)

__all__ = [
    "TAKEN",
    "WORKING",
    "AidRecord",
    "AidSource",
    "CaseDraft",
    "Import",
    "ImportBadRow",
    "ImportChunk",
    "ImportPart",
    "ImportProblem",
    "ImportRow",
    "ImportState",
    "IntakeReceipt",
    "Merge",
    "Outcome",
    "PossibleDuplicate",
    "ReliefList",
    "ReliefState",
    "Verdict",
]
