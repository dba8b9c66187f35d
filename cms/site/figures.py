"""The numbers on the home page: the same release as the statistics page and the open data."""

from dataclasses import dataclass

from django.utils.translation import gettext

from cms.site.statistics.charts import shown
from matching.models import Release

MONEY_STEP_FEN = 1_000_00
TEN_THOUSAND_FEN = 10_000_00


@dataclass(frozen=True)
class Figure:
    """One number with its name, both ready to read."""

    label: str
    value: str


def site_figures(release: Release | None) -> list[Figure]:
    """Return the figures of the home page, from a release; none before the first."""
    if release is None:
        return []
    tables = release.tables
    money = tables["money"]["promised_fen"]
    return [
        Figure(gettext("projects published"), shown(tables["projects"]["by_state"]["total"])),
        Figure(gettext("of them covered in full"), _share(tables["projects"]["covered_percent"])),
        Figure(gettext("promised from restricted funds"), "—" if money is None else shown_money(money)),
        Figure(gettext("social forces taking part"), f"{tables['forces']['total']:,}"),
    ]


def _share(percent: int | None) -> str:
    return "—" if percent is None else f"{percent}%"


def shown_money(fen: int) -> str:
    """Return a published sum, whole thousands of yuan, in units that are read at a glance."""
    rounded = fen // MONEY_STEP_FEN * MONEY_STEP_FEN
    words = {
        "thousands": f"{rounded // MONEY_STEP_FEN:,}",
        "ten_thousands": f"{rounded / TEN_THOUSAND_FEN:,.1f}".removesuffix(".0"),
    }
    # The Chinese reads "%(ten_thousands)s 万元".
    return gettext("¥%(thousands)s,000") % words if rounded else "¥0"
