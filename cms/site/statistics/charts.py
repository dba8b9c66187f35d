"""A chart is a title, a sentence that says what it shows, bars, and the same numbers as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from needs.anonymise.public_counts import SMALLEST_COUNT


@dataclass(frozen=True)
class Bar:
    """One bar: its label, its number in words, its length in percent of the longest (None: withheld)."""

    label: str
    value: str
    percent: int | None


@dataclass(frozen=True)
class Chart:
    """One figure of the statistics page. `name` is its anchor; empty `bars` mean that there is nothing to show yet."""

    name: str
    title: str
    sentence: str
    bars: Sequence[Bar]
    unit: str


def counts_chart(
    *,
    name: str,
    title: str,
    table: Mapping[str, object],
    labels: Mapping[str, str],
    unit: str,
    ordered: bool = False,
    exact: bool = False,
) -> Chart:
    """Return the chart of a table of counts; the largest first, unless the labels' own order counts.

    `exact` says that the counts are of organisations, not of people: nothing is rounded or withheld.
    """
    cells = table["cells"]
    assert isinstance(cells, dict), "a release keeps its cells by code"
    keys = (
        [key for key in labels if key in cells]
        if ordered
        else sorted(cells, key=lambda key: -(cells[key] or 0))
    )
    most = max((count for count in cells.values() if count), default=0)
    bars = [
        Bar(labels.get(key, "") or _("not told"), shown(cells[key]), _percent(cells[key], most))
        for key in keys
    ]
    return Chart(name, title, sentence(bars, shown_total(table), unit, exact=exact), bars, unit)


def shown(count: int | None) -> str:
    """Return a published count in words; a withheld one says so."""
    return _("fewer than %(limit)d") % {"limit": SMALLEST_COUNT} if count is None else f"{count:,}"


def shown_total(table: Mapping[str, object]) -> int | None:
    """Return a table's total as it was published."""
    total = table["total"]
    return total if isinstance(total, int) else None


def _percent(count: int | None, most: int) -> int | None:
    return None if count is None or not most else round(100 * count / most)


def sentence(bars: Sequence[Bar], total: int | None, unit: str, *, exact: bool = False) -> str:
    """Return what the bars show: the largest that says something, and how many say nothing."""
    told = [bar for bar in bars if bar.percent is not None and bar.label != _("not told")]
    if not told:
        return _("Too few to be told without pointing at somebody.")
    longest = max(told, key=lambda bar: bar.percent or 0)
    words = {"label": longest.label, "value": longest.value, "unit": unit}
    if exact:
        return _("Of %(total)s %(unit)s most are “%(label)s”: %(value)s.") % {
            **words,
            "total": f"{total or 0:,}",
        }
    if total is None:
        said = _("Most are “%(label)s”: about %(value)s %(unit)s.") % words
    else:
        said = _("Of about %(total)s %(unit)s most are “%(label)s”: about %(value)s.") % {
            **words,
            "total": f"{total:,}",
        }
    silent = next((bar.value for bar in bars if bar.label == _("not told") and bar.percent is not None), "")
    return _("%(said)s About %(value)s do not say.") % {"said": said, "value": silent} if silent else said
