"""The demand side's records."""

from needs.models.case_record import CaseRecord
from needs.models.delivery import Delivery
from needs.models.gate import GateDecision
from needs.models.handover import Handover
from needs.models.household import Household, Person
from needs.models.integrity import IntegrityFlag
from needs.models.lease import CatalogueLease
from needs.models.local_rules import ApprovalRule, IntegrityRule, LocalStandard
from needs.models.need import Need, NeedItem
from needs.models.plan import RiskPlan
from needs.models.project import ProgressUpdate, Project, ProjectItem, SpentNumber
from needs.models.score_version import ScoreVersion
from needs.models.told_text import ToldText
from needs.models.verification import Appeal, Conference, Consent, EconomicCheck, ItemReturn

__all__ = [
    "Appeal",
    "ApprovalRule",
    "CaseRecord",
    "CatalogueLease",
    "Conference",
    "Consent",
    "Delivery",
    "EconomicCheck",
    "GateDecision",
    "Handover",
    "Household",
    "IntegrityFlag",
    "IntegrityRule",
    "ItemReturn",
    "LocalStandard",
    "Need",
    "NeedItem",
    "Person",
    "ProgressUpdate",
    "Project",
    "ProjectItem",
    "RiskPlan",
    "ScoreVersion",
    "SpentNumber",
    "ToldText",
]
