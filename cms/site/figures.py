"""The numbers that the public sees. One module, so that every page and every file shows the same."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from donors.ledger.models import FundBalance
from jiujinan.accounts.models import Organisation
from jiujinan.accounts.roles import SOCIAL_FORCES
from needs.models import Project
from needs.states import ProjectState

SMALLEST_SHOWN = 5  # fewer than this would let a reader count single households
MONEY_STEP_FEN = 1_000_00
TEN_THOUSAND_FEN = 10_000_00


@dataclass(frozen=True)
class Figure:
    """One number with its name, both ready to read."""

    label: str
    value: str


def site_figures() -> list[Figure]:
    """Return the figures of the home page: three queries, small counts withheld."""
    projects = Project.objects.exclude(state=ProjectState.WITHDRAWN).aggregate(
        open=Count("pk", filter=Q(state=ProjectState.PUBLISHED, covered_percent__lt=100)),
        covered=Count("pk", filter=Q(covered_percent=100)),
    )
    forces = Organisation.objects.filter(kind__in=SOCIAL_FORCES).exclude(verified_at=None).count()
    money = FundBalance.objects.aggregate(
        promised=Coalesce(Sum("reserved_fen"), 0) + Coalesce(Sum("disbursed_fen"), 0)
    )["promised"]
    return [
        Figure(gettext("projects that still lack something"), shown_count(projects["open"])),
        Figure(gettext("projects covered in full"), shown_count(projects["covered"])),
        Figure(gettext("promised from restricted funds"), shown_money(money)),
        Figure(gettext("social forces taking part"), shown_count(forces)),
    ]


def shown_count(count: int) -> str:
    """Return the count, or "fewer than 5" where it would single somebody out; 0 stays 0."""
    if 0 < count < SMALLEST_SHOWN:
        return gettext("fewer than %(limit)d") % {"limit": SMALLEST_SHOWN}
    return f"{count:,}"


def shown_money(fen: int) -> str:
    """Return an amount rounded down to whole thousands of yuan, in units that are read at a glance."""
    rounded = fen // MONEY_STEP_FEN * MONEY_STEP_FEN
    if rounded == 0 < fen:
        return gettext("under ¥1,000")
    words = {
        "thousands": f"{rounded // MONEY_STEP_FEN:,}",
        "ten_thousands": f"{rounded / TEN_THOUSAND_FEN:,.1f}".removesuffix(".0"),
    }
    # The Chinese reads "%(ten_thousands)s 万元".
    return gettext("¥%(thousands)s,000") % words if rounded else "¥0"
