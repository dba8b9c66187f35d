"""How the desk hangs in Wagtail's admin."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLResolver, include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from cms.desk.home import edits_pages
from jiujinan.accounts.predicates import Visitor, can_enter_desk, can_import

FIRST = 50
Asks = Callable[[Visitor], bool]


def _asked_once(request: HttpRequest, predicate: Asks) -> bool:
    """Ask the predicate once for a request, however many lines the menu has."""
    name = f"_desk_{predicate.__name__}"
    if not hasattr(request, name):
        setattr(request, name, predicate(request.user))
    return bool(getattr(request, name))


@dataclass(frozen=True)
class Line:
    """One line of the menu: its words, its page, and who sees it."""

    label: Any
    view: str
    icon: str
    args: tuple[str, ...] = ()
    asks: Asks = can_enter_desk


class DeskMenuItem(MenuItem):
    """A line of the desk, for those whom it concerns."""

    def __init__(self, line: Line, order: int) -> None:
        address = reverse(f"desk:{line.view}", args=line.args)
        super().__init__(line.label, address, name=f"desk-{line.view}", icon_name=line.icon, order=order)
        self.asks = line.asks

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask the predicate."""
        return _asked_once(request, self.asks)


class DeskSubmenu(SubmenuMenuItem):
    """A part of the desk with several pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask the predicate."""
        return _asked_once(request, can_enter_desk)


# In the order of the work: what presses, what comes in, who is found, how it is judged, who helps, what came of it.
DAILY = (
    Line(_("My day"), "day", "calendar-alt"),
    Line(_("Case records"), "cases", "folder-inverse"),
)
PARTS: tuple[tuple[Any, str, str, tuple[Line, ...]], ...] = (
    (
        _("Intake"),
        "intake",
        "upload",
        (
            Line(_("Type a case in"), "typed_new", "edit", asks=can_import),
            Line(_("Case files"), "imports", "upload", asks=can_import),
            Line(_("Relief lists"), "relief_lists", "list-ul", asks=can_import),
            Line(_("Possible duplicates"), "duplicates", "copy"),
        ),
    ),
    (
        _("Discovery"),
        "discovery",
        "search",
        (
            Line(_("Reports of a need"), "reports", "mail"),
            Line(_("Visits"), "visits", "group"),
            Line(_("Watch groups"), "watch_groups", "tag"),
            Line(_("Discovery channels"), "channels", "view"),
        ),
    ),
    (
        _("Assessment"),
        "assessment",
        "tasks",
        (
            Line(_("Ranked cases"), "ranking", "order"),
            Line(_("Difficulty score"), "scores", "tasks"),
            Line(_("Rules of the region"), "rules", "cog", args=("standards",)),
        ),
    ),
    (
        _("Publication"),
        "publication",
        "doc-full",
        (
            Line(_("Texts to confirm"), "texts", "doc-full"),
            Line(_("Complaints and corrections"), "complaints", "warning"),
        ),
    ),
    (
        _("Social forces"),
        "social-forces",
        "group",
        (
            Line(_("Organisations"), "organisations", "group"),
            Line(_("Idle money"), "idle", "order-down"),
            Line(_("Where the next yuan helps most"), "where_next", "arrow-up"),
        ),
    ),
    (
        _("Oversight"),
        "oversight",
        "table",
        (
            Line(_("Reports up the levels"), "weekly", "table"),
            Line(_("Unusual reading"), "alarms", "warning"),
        ),
    ),
)


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLResolver]:
    """Put the desk below the admin."""
    return [path("desk/", include("cms.desk.urls"))]


def _put(place: int, line: Line) -> None:
    hooks.register("register_admin_menu_item", lambda: DeskMenuItem(line, FIRST + place))


def _put_part(place: int, label: Any, name: str, icon: str, lines: tuple[Line, ...]) -> None:
    def submenu() -> SubmenuMenuItem:
        items = [DeskMenuItem(line, order) for order, line in enumerate(lines)]
        return DeskSubmenu(label, Menu(items=items), name=name, icon_name=icon, order=FIRST + place)

    hooks.register("register_admin_menu_item", submenu)


for _place, _line in enumerate(DAILY):
    _put(_place, _line)
for _place, _part in enumerate(PARTS, start=len(DAILY)):
    _put_part(_place, *_part)


@hooks.register("construct_main_menu")
def without_editors_help(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave Wagtail's help, which is in English and about pages, to those who edit pages."""
    if can_enter_desk(request.user) and not edits_pages(request.user):
        items[:] = [item for item in items if item.name != "help"]


@hooks.register("insert_global_admin_css")
def admin_colours() -> str:
    """Show the admin in the platform's colours."""
    return format_html('<link rel="stylesheet" href="{}">', static("cms/admin.css"))
