"""Where the next yuan helps most, for desk and portal: from the latest run's prices, small counts withheld."""

from dataclasses import dataclass

from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy

from cms.idleness import place_names
from jiujinan.codes import ITEM_CATEGORY_LABELS, TIER_LABELS, ItemCategory, Tier
from matching.models import MatchRun
from matching.parts import whole
from matching.queries import latest_run
from matching.snapshot import CASH
from matching.where_next import Cell, Width, where_next
from needs.anonymise.public_counts import public_grid, public_sum_fen

CELLS_A_PAGE = 30
KEPT_SECONDS = 3600
WIDTH_LABELS = {
    Width.PROVINCE: gettext_lazy("Province"),
    Width.PREFECTURE: gettext_lazy("Prefecture"),
    Width.COUNTY: gettext_lazy("County"),
}


@dataclass(frozen=True)
class Shown:
    """One line: place, category, what lacks there, and whom one more yuan would reach."""

    place: str
    category: str
    items: int
    fen: int | None
    alone: bool
    tier: str
    tier_label: str
    elsewhere: bool


def where_next_context(request: HttpRequest) -> dict[str, object]:
    """Return what the template `components/where_next.html` shows."""
    run = latest_run()
    asked = request.GET.get("width", "")
    width = Width(asked) if asked in set(Width) else Width.PREFECTURE
    told, withheld = _told(_cells(run, width)) if run else ([], 0)
    paginator = Paginator(told, CELLS_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    names = place_names(cell.region for cell, _ in page)
    return {
        "run": run,
        "width": width,
        "widths": WIDTH_LABELS.items(),
        "rows": [_shown(cell, count, names) for cell, count in page],
        "withheld": withheld,
        "page": page,
        "page_range": paginator.get_elided_page_range(page.number),
    }


def _cells(run: MatchRun, width: Width) -> list[Cell]:
    """Return the run's cells; a run never changes, so they are reckoned once."""
    key = f"where-next:{run.pk}:{width}"
    found: list[Cell] | None = cache.get(key)
    if found is None:
        found = where_next(whole(run, CASH, "seen"), whole(run, CASH, "became"), width)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _told(cells: list[Cell]) -> tuple[list[tuple[Cell, int]], int]:
    """Return the cells whose count may be told, rounded, and how many are withheld: a small cell tells of a family."""
    counts = {(cell.region, cell.category): cell.open_items for cell in cells}
    regions, categories = {region for region, _ in counts}, {category for _, category in counts}
    full = {
        (region, category): counts.get((region, category), 0) for region in regions for category in categories
    }
    grid = public_grid(full)
    told = [(cell, grid.cells[cell.region, cell.category]) for cell in cells]
    shown = [(cell, count) for cell, count in told if count is not None]
    return shown, len(cells) - len(shown)


def _shown(cell: Cell, count: int, names: dict[str, str]) -> Shown:
    return Shown(
        place=names.get(cell.region, cell.region),
        category=gettext(ITEM_CATEGORY_LABELS[ItemCategory(cell.category)]),
        items=count,
        fen=public_sum_fen(total_fen=cell.open_fen, largest_fen=cell.largest_fen, count=cell.open_items),
        alone=cell.alone * 2 > cell.open_items,
        tier=cell.tier,
        tier_label=gettext(TIER_LABELS[Tier(cell.tier)]),
        elsewhere=cell.elsewhere,
    )
