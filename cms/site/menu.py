"""The main menu: the catalogue, then the pages that editors put into it."""

from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import get_language, gettext
from wagtail.models import Page

from cms.site.models import CatalogueIndexPage, StandardPage

CATALOGUE = "/projects/"
REMEMBERED_SECONDS = 60
MENU_DEPTH = 3  # root, home, and the pages right below it


@dataclass(frozen=True)
class Entry:
    """One line of the menu; `here` when the reader is on it or below it, `is_text` where it is a page of text."""

    address: str
    label: str
    here: bool
    is_text: bool = False


def menu_of(path: str) -> list[Entry]:
    """Return the menu as seen from this path; what editors change in it shows within a minute."""
    key = f"menu-lines:{get_language()}"
    lines: list[tuple[str, str, bool]] | None = cache.get(key)
    if lines is None:
        lines = _lines()
        cache.set(key, lines, REMEMBERED_SECONDS)
    return [Entry(address, label, path.startswith(address), text) for address, label, text in lines]


def _lines() -> list[tuple[str, str, bool]]:
    """Return address, label and whether it is a page of text, in order, a query for each type of page."""
    found = Page.objects.live().in_menu().filter(depth=MENU_DEPTH).not_type(CatalogueIndexPage)
    pages = found.order_by("path").specific()
    return [(CATALOGUE, gettext("Projects"), False)] + [
        (f"/{page.slug}/", str(page.shown_title), isinstance(page, StandardPage)) for page in pages
    ]
