"""The ranked list as a table to take along: codes and figures of cases, nothing that is sealed."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from cms.templatetags.cms_ui import place
from cms.wording import listed
from jiujinan.codes import GROUP_LABELS, Group
from jiujinan.tabular.writing import Page, workbook_bytes
from needs.models import CaseRecord

MOST_ROWS = 50_000
FEN = 100
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def header() -> list[str]:
    """Return the columns' names in the reader's language."""
    return [
        _("Rank"), _("Case number"), _("Region code"), _("Region"), _("State"), _("Difficulty score"),
        _("Relief circle"), _("Cause"), _("Urgency"), _("Discovery channel"), _("Source"), _("Groups"),
        _("People of the household"), _("Cash still lacking (yuan)"), _("Applied or found on"),
        _("Waiting (days)"), _("Person in charge"), _("Answer due"),
    ]  # fmt: skip


def row_of(rank: int, case: CaseRecord, now: datetime) -> list[object]:
    """Return the cells of one case."""
    need = getattr(case, "need", None)
    groups = listed(_(GROUP_LABELS[Group(code)]) for code in case.groups if code in set(Group))
    due = timezone.localtime(case.due_at).strftime("%Y-%m-%d %H:%M") if case.due_at else ""
    gap: int = case.cash_gap  # type: ignore[attr-defined]  # annotated by ranked_cases
    return [
        rank,
        case.number,
        case.region_id,
        place(case.region),
        str(case.get_state_display()),
        need.score if need else None,
        str(case.household.get_circle_display()),
        str(case.get_cause_display()),
        str(case.get_tier_display()),
        str(case.get_channel_display()),
        str(case.get_source_display()),
        groups,
        case.household.size,
        gap / FEN,
        case.applied_on,
        (timezone.localdate(now) - case.applied_on).days,
        str(case.owner),
        due,
    ]


def workbook(cases: Iterable[CaseRecord], now: datetime) -> bytes:
    """Return the list as an .xlsx file."""
    rows = [row_of(rank, case, now) for rank, case in enumerate(cases, start=1)]
    title = _("Ranked cases")
    return workbook_bytes([Page(title, header(), rows, text=frozenset({1, 2}))], title=title)


def delimited(cases: Iterable[CaseRecord], now: datetime) -> bytes:
    """Return the list as CSV in UTF-8 with its mark, which spreadsheets need; no cell is read as a formula."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(header())
    for rank, case in enumerate(cases, start=1):
        writer.writerow([_harmless(cell) for cell in row_of(rank, case, now)])
    return stream.getvalue().encode("utf-8-sig")


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
