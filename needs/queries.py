"""Reads of the demand side that more than one caller needs: dated figures, the score in force, people and clocks."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from jiujinan.bulk import Among
from jiujinan.clocks.rules import Level
from jiujinan.regions.rules import prefix
from needs.anonymise.lattice import coarser_region
from needs.assessment.approval import Approval
from needs.assessment.score import SHIPPED, VERSION
from needs.assessment.score_table import ScoreTable, parse_table
from needs.assessment.standards import Standard, known_standards
from needs.models import (
    ApprovalRule,
    CaseRecord,
    GateDecision,
    IntegrityFlag,
    LocalStandard,
    Need,
    Person,
    ScoreVersion,
)
from needs.states import CaseState, NeedState

ENDED_CASES = frozenset({CaseState.REFUSED, CaseState.SUPERSEDED, CaseState.CLOSED})
ENDED_NEEDS = frozenset({NeedState.CLOSED, NeedState.WITHDRAWN})


def current_standards() -> tuple[Standard, ...]:
    """Return every local standard, shipped and entered; of two alike the one entered later counts."""
    entered = tuple(
        Standard(
            row.place,
            row.monthly_fen,
            row.valid_from,
            row.source,
            row.relief_months,
            row.hard_case_months,
            row.expense_permille,
        )
        for row in LocalStandard.objects.order_by("valid_from", "pk")
    )
    return (*known_standards(), *entered)


def current_approvals() -> tuple[Approval, ...]:
    """Return every row of the tables that say which level approves what."""
    rows = ApprovalRule.objects.order_by("valid_from", "pk")
    return tuple(
        Approval(Level(row.level), row.tier, row.up_to_fen, row.place, row.valid_from) for row in rows
    )


def score_in_force() -> tuple[int, ScoreTable]:
    """Return number and table of the score in force: the published version, or the shipped one."""
    version = ScoreVersion.objects.filter(state="published").first()
    return (version.number, parse_table(version.table)) if version else (VERSION, SHIPPED)


def open_needs() -> QuerySet[Need]:
    """Return the needs that a score still places: neither they nor their cases have ended."""
    return Need.objects.exclude(state__in=ENDED_NEEDS).exclude(case__state__in=ENDED_CASES)


def within(region: str, *, field: str) -> Q:
    """Return the condition that the field's region is the division or lies inside it; "" is the nation."""
    return Q(**{f"{field}__code__startswith": prefix(region)}) if region else Q()


def standing_flags(case: CaseRecord) -> QuerySet[IntegrityFlag]:
    """Return the integrity flags that stand against the case's household."""
    return IntegrityFlag.objects.filter(household=case.household_id, ended_at=None)


def channel_of_first_word(case: CaseRecord) -> str:
    """Return the channel of the first report of a need that came before the case record; "" where none did."""
    reports = case.reports.filter(received_at__lte=case.received_at).order_by("received_at", "pk")
    return reports.values_list("channel", flat=True).first() or ""


def places_kept_from_funds() -> dict[UUID, str]:
    """
    Return, by need, the place that stands in offers to funds instead of the county.

    Only needs are in it whose crowd would be too small for givers who know the county (`Measures.place`): a fund that
    is bound to less than the place of the public record is offered none of them.
    """
    standing = GateDecision.objects.filter(outcome="published", withdrawn_at=None, measures__place__gt=0)
    rows = standing.values_list("need_id", "need__case__region_id", "measures__place")
    return {need: coarser_region(county, place) for need, county, place in rows}


def place_for_funds(need: Need) -> str:
    """Return the region code that stands in offers of this need to funds: its county, or the place of its record."""
    standing = GateDecision.objects.filter(need=need, outcome="published", withdrawn_at=None)
    levels = standing.values_list("measures__place", flat=True).first()
    return coarser_region(need.case.region_id, levels or 0)


def people_numbered(indexes: Iterable[str]) -> QuerySet[Person]:
    """Return whose ID number has one of these blind indexes, thousands of them at once.

    That none is empty is said as well: the unique index leaves the empty ones out, and neither database would use it
    otherwise.
    """
    return Person.objects.filter(**{f"id_index__{Among.lookup_name}": list(indexes)}).exclude(id_index="")
