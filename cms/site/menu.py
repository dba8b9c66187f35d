"""The main menu: the catalogue, then the pages that editors put into it."""

from dataclasses import dataclass

from django.utils.translation import gettext

from cms.site.models import StandardPage

CATALOGUE = "/projects/"
MENU_DEPTH = 3  # root, home, and the pages right below it


@dataclass(frozen=True)
class Entry:
    """One line of the menu; `here` when the reader is on it or below it."""

    address: str
    label: str
    here: bool


def menu_of(path: str) -> list[Entry]:
    """Return the menu as seen from this path, one query."""
    pages = StandardPage.objects.live().in_menu().filter(depth=MENU_DEPTH).order_by("path")
    lines = [(CATALOGUE, gettext("Projects"))] + [(f"/{page.slug}/", page.shown_title) for page in pages]
    return [Entry(address, label, path.startswith(address)) for address, label in lines]
