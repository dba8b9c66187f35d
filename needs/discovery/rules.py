"""How much one sender may report, until when somebody calls back, and what a tracking number shows (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from jiujinan.codes import Tier
from jiujinan.codes.labels import gettext_noop
from needs.discovery.states import ReportState
from needs.states import CaseState, Fulfilment

# A form without a captcha: a person in need must not fail at a riddle, a machine meets these limits.
MOST_BY_ORIGIN_AN_HOUR = 5
MOST_BY_PHONE_A_DAY = 3
MOST_BY_ALL_A_MINUTE = 60
QUICKEST_SECONDS = 3  # nobody fills the form in faster
FORM_VALID_SECONDS = 24 * 3600
ORIGIN_KEPT_HOURS = 24


class Whose(StrEnum):
    """Whom a report is about."""

    OWN = "own"
    FAMILY = "family"
    OTHER = "other"


WHOSE_LABELS: Mapping[Whose, str] = MappingProxyType(
    {
        Whose.OWN: gettext_noop("Myself or my household"),
        Whose.FAMILY: gettext_noop("A relative"),
        Whose.OTHER: gettext_noop("Somebody else"),
    }
)


class Step(StrEnum):
    """What a tracking number shows, one step after the other."""

    RECEIVED = "received"
    CONTACTED = "contacted"
    TAKEN_UP = "taken_up"
    VERIFIED = "verified"
    ARRANGED = "arranged"
    HELPED = "helped"
    ENDED = "ended"


STEP_LABELS: Mapping[Step, str] = MappingProxyType(
    {
        Step.RECEIVED: gettext_noop("Your report has arrived"),
        Step.CONTACTED: gettext_noop("Somebody is in contact"),
        Step.TAKEN_UP: gettext_noop("A case officer is looking into it"),
        Step.VERIFIED: gettext_noop("The need has been verified"),
        Step.ARRANGED: gettext_noop("Help has been arranged"),
        Step.HELPED: gettext_noop("Help has arrived"),
        Step.ENDED: gettext_noop("The report has been answered"),
    }
)
_OWN_WAY = (Step.RECEIVED, Step.CONTACTED, Step.TAKEN_UP, Step.VERIFIED, Step.ARRANGED, Step.HELPED)
_OTHERS_WAY = (Step.RECEIVED, Step.CONTACTED, Step.TAKEN_UP, Step.ENDED)


@dataclass(frozen=True)
class Progress:
    """The steps of the way, and how many of them are done; nothing else of the case."""

    way: tuple[Step, ...]
    done: int


def progress(
    *, whose: Whose, report: ReportState, case: CaseState | None, fulfilments: frozenset[Fulfilment]
) -> Progress:
    """Return what the tracking number shows.

    Somebody who reported for another learns that it was looked into and that it was answered, but not what
    was found nor whether help came: that is the household's own affair (个人信息保护法 art. 5, 6).
    """
    if report is ReportState.ANSWERED or case in {CaseState.REFUSED, CaseState.SUPERSEDED}:
        way = _OTHERS_WAY if whose is Whose.OTHER else (Step.RECEIVED, Step.CONTACTED, Step.ENDED)
        return Progress(way, len(way))
    if whose is Whose.OTHER:
        return Progress(_OTHERS_WAY, _done_for_others(report, case, fulfilments))
    return Progress(_OWN_WAY, _OWN_WAY.index(_furthest(report, case, fulfilments)) + 1)


def _done_for_others(report: ReportState, case: CaseState | None, fulfilments: frozenset[Fulfilment]) -> int:
    reached = _furthest(report, case, fulfilments)
    if reached is Step.HELPED or case is CaseState.CLOSED:
        return len(_OTHERS_WAY)
    return min(_OWN_WAY.index(reached) + 1, len(_OTHERS_WAY) - 1)


def _furthest(report: ReportState, case: CaseState | None, fulfilments: frozenset[Fulfilment]) -> Step:
    if report is ReportState.RECEIVED:
        return Step.RECEIVED
    if report is ReportState.CONTACTED or case is None:
        return Step.CONTACTED
    if case not in {CaseState.VERIFIED, CaseState.CLOSED}:
        return Step.TAKEN_UP
    if fulfilments and fulfilments <= {Fulfilment.FULFILLED}:
        return Step.HELPED
    return Step.VERIFIED if fulfilments <= {Fulfilment.OPEN} else Step.ARRANGED


def tier_of(*, in_danger: bool, within_days: bool) -> Tier:
    """Return the first guess at the urgency, from two plain questions; the officer corrects it."""
    if in_danger:
        return Tier.CRITICAL
    return Tier.JOINT if within_days else Tier.DEPARTMENTAL
