"""The demand side's records."""

from needs.models.case_record import CaseRecord
from needs.models.gate import GateDecision
from needs.models.household import Household, Person
from needs.models.need import Need, NeedItem
from needs.models.project import ProgressUpdate, Project, ProjectItem

__all__ = [
    "CaseRecord",
    "GateDecision",
    "Household",
    "Need",
    "NeedItem",
    "Person",
    "ProgressUpdate",
    "Project",
    "ProjectItem",
]
