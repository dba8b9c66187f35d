"""The way of a complaint from its arrival to its answer, as one table (pure)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from jiujinan.codes import Tier
from jiujinan.codes.labels import gettext_noop
from jiujinan.states import table


class ComplaintKind(StrEnum):
    """What is wrong."""

    POINTS_TO_PERSON = "points_to_person"
    WRONG_FACT = "wrong_fact"
    MONEY = "money"
    CONDUCT = "conduct"
    OTHER = "other"


class ComplaintState(StrEnum):
    """Where the complaint stands."""

    RECEIVED = "received"
    IN_HAND = "in_hand"
    ANSWERED = "answered"


class Outcome(StrEnum):
    """How a complaint was answered."""

    CORRECTED = "corrected"
    TAKEN_DOWN = "taken_down"
    EXPLAINED = "explained"
    PASSED_ON = "passed_on"


KIND_LABELS: Mapping[ComplaintKind, str] = MappingProxyType(
    {
        ComplaintKind.POINTS_TO_PERSON: gettext_noop("This project might point to a person"),
        ComplaintKind.WRONG_FACT: gettext_noop("Something on the site is wrong"),
        ComplaintKind.MONEY: gettext_noop("Somebody asked me for money or a fee"),
        ComplaintKind.CONDUCT: gettext_noop("How somebody treated me or decided"),
        ComplaintKind.OTHER: gettext_noop("Something else"),
    }
)
STATE_LABELS: Mapping[ComplaintState, str] = MappingProxyType(
    {
        ComplaintState.RECEIVED: gettext_noop("Complaint received"),
        ComplaintState.IN_HAND: gettext_noop("Being looked into"),
        ComplaintState.ANSWERED: gettext_noop("Answered"),
    }
)
OUTCOME_LABELS: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.CORRECTED: gettext_noop("It was wrong and has been corrected"),
        Outcome.TAKEN_DOWN: gettext_noop("The project was taken down"),
        Outcome.EXPLAINED: gettext_noop("It was looked into; nothing had to change"),
        Outcome.PASSED_ON: gettext_noop("Another office is in charge and has been told"),
    }
)

# Against officers and about money a supervisor answers, not the officer who might be meant.
FOR_SUPERVISORS = frozenset({ComplaintKind.MONEY, ComplaintKind.CONDUCT})
OPEN_STATES = frozenset({ComplaintState.RECEIVED, ComplaintState.IN_HAND})
COMPLAINT_ACTS = table(
    ("look_into", {ComplaintState.RECEIVED}, ComplaintState.IN_HAND),
    ("answer", {ComplaintState.RECEIVED, ComplaintState.IN_HAND}, ComplaintState.ANSWERED),
)


def tier_of(kind: ComplaintKind) -> Tier:
    """Return how fast an answer is due: what might point to a person waits for hours, not days."""
    return Tier.CRITICAL if kind is ComplaintKind.POINTS_TO_PERSON else Tier.JOINT
