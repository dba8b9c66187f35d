"""The main menu: the catalogue, then the pages that editors put into it."""

from dataclasses import dataclass

from django.utils.translation import gettext
from wagtail.models import Page

from cms.site.models import CatalogueIndexPage

CATALOGUE = "/projects/"
MENU_DEPTH = 3  # root, home, and the pages right below it


@dataclass(frozen=True)
class Entry:
    """One line of the menu; `here` when the reader is on it or below it."""

    address: str
    label: str
    here: bool


def menu_of(path: str) -> list[Entry]:
    """Return the menu as seen from this path, a query for each type of page."""
    found = Page.objects.live().in_menu().filter(depth=MENU_DEPTH).not_type(CatalogueIndexPage)
    pages = found.order_by("path").specific()
    lines = [(CATALOGUE, gettext("Projects"))] + [(f"/{page.slug}/", page.shown_title) for page in pages]
    return [Entry(address, label, path.startswith(address)) for address, label in lines]
