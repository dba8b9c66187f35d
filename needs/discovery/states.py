"""The way of a report from the first word to its answer, as one table (pure)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from jiujinan.codes.labels import gettext_noop
from jiujinan.states import table


class ReportState(StrEnum):
    """Where the report of a need stands."""

    RECEIVED = "received"
    CONTACTED = "contacted"
    FILED = "filed"  # a case record goes on from here
    ANSWERED = "answered"  # ended without a case record, for one of the reasons below


class Answer(StrEnum):
    """Why a report ended without a case record of its own."""

    ALREADY_HELPED = "already_helped"  # a case record of the household runs already
    ADVISED = "advised"  # what was asked for is another office's; the person was told which
    NOT_IN_NEED = "not_in_need"
    NOT_REACHED = "not_reached"  # after three tries on different days
    TAKEN_BACK = "taken_back"  # the reporter took it back
    NOT_TRUE = "not_true"


STATE_LABELS: Mapping[ReportState, str] = MappingProxyType(
    {
        ReportState.RECEIVED: gettext_noop("Report received"),
        ReportState.CONTACTED: gettext_noop("In contact"),
        ReportState.FILED: gettext_noop("Case record opened"),
        ReportState.ANSWERED: gettext_noop("Answered"),
    }
)
ANSWER_LABELS: Mapping[Answer, str] = MappingProxyType(
    {
        Answer.ALREADY_HELPED: gettext_noop("The household is already being helped"),
        Answer.ADVISED: gettext_noop("Another office is in charge; the person was told which"),
        Answer.NOT_IN_NEED: gettext_noop("No acute difficulty was found on the visit"),
        Answer.NOT_REACHED: gettext_noop("Nobody could be reached after three tries"),
        Answer.TAKEN_BACK: gettext_noop("The reporter took it back"),
        Answer.NOT_TRUE: gettext_noop("What was reported is not so"),
    }
)

WAITING = frozenset({ReportState.RECEIVED, ReportState.CONTACTED})

REPORT_ACTS = table(
    ("contact", {ReportState.RECEIVED}, ReportState.CONTACTED),
    ("file", {ReportState.RECEIVED, ReportState.CONTACTED}, ReportState.FILED),
    ("answer", {ReportState.RECEIVED, ReportState.CONTACTED}, ReportState.ANSWERED),
)
