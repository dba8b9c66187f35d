"""The three reports as tables: the same rows on the page, in the workbook and in the comma-separated file."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cms import places
from jiujinan.codes import TIER_LABELS, Tier
from jiujinan.regions.models import Region
from jiujinan.tabular.writing import Page, workbook_bytes
from needs.reporting.measures import measures
from needs.reporting.periods import Week
from needs.reporting.scorecard import Scorecard, Standard, headings, rate
from needs.reporting.timing import time_to_help
from needs.reporting.weekly import COLUMNS, weekly_report

Cell = str | int | float | None
FEN = 100
INDENT = "　"
SHEET_NAME_LIMIT = 31  # of a workbook's sheet
WEEKLY_LABELS: Mapping[str, str] = {
    "reports": gettext_noop("Reports received"),
    "received": gettext_noop("Cases received"),
    "found": gettext_noop("of these found"),
    "verified": gettext_noop("Verified"),
    "published": gettext_noop("Published"),
    "refused": gettext_noop("Refused"),
    "returned": gettext_noop("Returned for more"),
    "households": gettext_noop("Households helped"),
    "fen": gettext_noop("Money delivered (yuan)"),
    "session": gettext_noop("Service sessions"),
    "piece": gettext_noop("Goods (pieces)"),
    "waiting": gettext_noop("Waiting at the end of the week"),
    "late": gettext_noop("of these overdue"),
}


@dataclass(frozen=True)
class Table:
    """A report ready to be read: `rows` have as many cells as `header`; the first cell names the row."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    text: frozenset[int] = frozenset({0})  # columns that a spreadsheet keeps as text

    def workbook(self) -> bytes:
        """Return the table as an .xlsx file."""
        page = Page(self.title[:SHEET_NAME_LIMIT], self.header, self.rows, text=self.text)
        return workbook_bytes([page], title=self.title)

    def lines(self) -> bytes:
        """Return the table as comma-separated text that a spreadsheet reads as UTF-8."""
        text = io.StringIO()
        csv.writer(text).writerows([self.header, *self.rows])
        return text.getvalue().encode("utf-8-sig")

    def file(self, kind: str) -> bytes:
        """Return the file of that kind, `xlsx` or `csv`."""
        return self.workbook() if kind == "xlsx" else self.lines()


def weekly_table(*, region: str, week: Week) -> Table:
    """Return the weekly report of a division and of all inside it."""
    rows = [
        [
            INDENT * line.depth + (places.text(line) if line.name else _("The whole country")),
            *(line.figures[name] / FEN if name == "fen" else line.figures[name] for name in COLUMNS),
        ]
        for line in weekly_report(region=region, week=week)
    ]
    title = _("Weekly report %(week)s") % {"week": week.label}
    return Table(title, [_("Region"), *(_(WEEKLY_LABELS[name]) for name in COLUMNS)], rows)


def timing_table(*, region: str, since: date, until: date) -> Table:
    """Return how long it takes from the first word to the first help, by division and tier."""
    rows: list[list[Cell]] = [
        [
            places.text(line) if line.name else _("The whole country"),
            _(TIER_LABELS[Tier(line.tier)]) if line.tier else _("All"),
            line.timing.helped,
            line.timing.waiting,
            _days(line.timing.median_hours),
            _days(line.timing.p90_hours),
        ]
        for line in time_to_help(region=region, since=since, until=until)
    ]
    header = [
        _("Region"), _("Urgency"), _("Helped"), _("Not yet helped"),
        _("Median (days)"), _("90th percentile (days)"),
    ]  # fmt: skip
    return Table(_("From the first word to the first help"), header, rows)


def scorecards(*, region: str, since: date, until: date, now: datetime) -> list[tuple[str, Scorecard]]:
    """Return the scorecards of the division and of its parts, each with its name."""
    parts = [
        *Region.objects.filter(pk=region),
        *Region.objects.current().filter(parent=region or None).order_by("code"),
    ]
    cards = [(places.text(part), part.code) for part in parts] if region else [(_("The whole country"), "")]
    return [(name, rate(measures(region=code, since=since, until=until, now=now))) for name, code in cards]


def scorecard_table(cards: Sequence[tuple[str, Scorecard]]) -> Table:
    """Return the standards as rows, under indicator and content: what was measured in the division, points in each.

    The score comes first; the division is the first card.
    """
    header = [
        _("Indicator"), _("Content"), _("Standard"), _("Points"), _("Full points at"), _("Measured"),
        *(name for name, _card in cards),
    ]  # fmt: skip
    score = [_("Score (of 100)"), "", "", 100, "", "", *(card.score for _name, card in cards)]
    rows: list[list[Cell]] = [score]
    for place, one in enumerate(cards[0][1].rated):
        standard = one.standard
        rows.append(
            [
                in_language(headings()[standard.indicator]),
                in_language(headings()[standard.content]),
                in_language((standard.name_zh, standard.name_en)),
                standard.points,
                _measured(standard, standard.full_at),
                _measured(standard, one.value),
                *(card.rated[place].points for _name, card in cards),
            ]
        )
    return Table(_("Evaluation scorecard"), header, rows, text=frozenset({0, 1, 2}))


def _measured(standard: Standard, value: float | None) -> str | None:
    """Return a measure in its unit, as the measure's name says: hours, days and counts as they are, shares as %."""
    if value is None:
        return None
    is_plain = standard.measure.endswith(("_hours", "_days", "_used"))
    return f"{value:.4g}" if is_plain else f"{100 * value:.1f}%"


def in_language(names: tuple[str, str]) -> str:
    """Return the Chinese or the English of a pair of names."""
    return names[1] if (translation.get_language() or "").startswith("en") else names[0]


def _days(hours: float | None) -> float | None:
    return None if hours is None else round(hours / 24, 1)
