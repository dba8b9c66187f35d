"""How the desk hangs in Wagtail's admin."""

from collections.abc import Callable

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLResolver, include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from jiujinan.accounts.predicates import Visitor, can_enter_desk, can_import

FIRST = 50


def _asked_once(request: HttpRequest, predicate: Callable[[Visitor], bool]) -> bool:
    """Ask the predicate once for a request, however many lines the menu has."""
    name = f"_desk_{predicate.__name__}"
    if not hasattr(request, name):
        setattr(request, name, predicate(request.user))
    return bool(getattr(request, name))


class DeskMenuItem(MenuItem):
    """The desk's line in the menu, for its members alone."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask the predicate."""
        return _asked_once(request, can_enter_desk)


class DeskSubmenu(SubmenuMenuItem):
    """A part of the desk with several pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask the predicate."""
        return _asked_once(request, can_enter_desk)


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLResolver]:
    """Put the desk below the admin."""
    return [path("desk/", include("cms.desk.urls"))]


@hooks.register("register_admin_menu_item")
def desk_menu_item() -> DeskMenuItem:
    """Put the case records first in the menu."""
    return DeskMenuItem(
        _("Case records"), reverse("desk:cases"), name="cases", icon_name="folder-inverse", order=FIRST
    )


class ImportMenuItem(MenuItem):
    """The line of those who may bring case files."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask the predicate."""
        return _asked_once(request, can_import)


@hooks.register("register_admin_menu_item")
def intake_menu_item() -> SubmenuMenuItem:
    """Put what comes in, who may be one person and who read what beside the case records."""
    return DeskSubmenu(
        _("Intake"),
        Menu(
            items=[
                ImportMenuItem(
                    _("Case files"), reverse("desk:imports"), name="imports", icon_name="upload", order=10
                ),
                DeskMenuItem(
                    _("Possible duplicates"),
                    reverse("desk:duplicates"),
                    name="duplicates",
                    icon_name="copy",
                    order=20,
                ),
                DeskMenuItem(
                    _("Unusual reading"), reverse("desk:alarms"), name="alarms", icon_name="warning", order=30
                ),
            ]
        ),
        name="intake",
        icon_name="upload",
        order=FIRST + 1,
    )


@hooks.register("register_admin_menu_item")
def texts_menu_item() -> DeskMenuItem:
    """Put the texts that wait for two people beside the case records."""
    return DeskMenuItem(
        _("Texts to confirm"), reverse("desk:texts"), name="texts", icon_name="doc-full", order=FIRST + 2
    )


@hooks.register("register_admin_menu_item")
def day_menu_item() -> DeskMenuItem:
    """Put the person's own day before everything else."""
    return DeskMenuItem(
        _("My day"), reverse("desk:day"), name="day", icon_name="calendar-alt", order=FIRST - 1
    )


@hooks.register("register_admin_menu_item")
def assessment_menu_item() -> SubmenuMenuItem:
    """Put what ranks and measures cases beside them."""
    pages = (
        (_("Ranked cases"), reverse("desk:ranking"), "ranking", "order"),
        (_("Difficulty score"), reverse("desk:scores"), "scores", "tasks"),
        (_("Rules of the region"), reverse("desk:rules", args=["standards"]), "rules", "cog"),
    )
    items = [
        DeskMenuItem(label, address, name=name, icon_name=icon, order=10 * place)
        for place, (label, address, name, icon) in enumerate(pages, start=1)
    ]
    return DeskSubmenu(
        _("Assessment"), Menu(items=items), name="assessment", icon_name="tasks", order=FIRST + 2
    )


@hooks.register("register_admin_menu_item")
def discovery_menu_item() -> SubmenuMenuItem:
    """Put what finds people beside the case records."""
    return DeskSubmenu(
        _("Discovery"),
        Menu(
            items=[
                DeskMenuItem(
                    _("Reports of a need"),
                    reverse("desk:reports"),
                    name="reports",
                    icon_name="mail",
                    order=10,
                ),
                DeskMenuItem(
                    _("Complaints and corrections"),
                    reverse("desk:complaints"),
                    name="complaints",
                    icon_name="warning",
                    order=15,
                ),
                DeskMenuItem(_("Visits"), reverse("desk:visits"), name="visits", icon_name="group", order=20),
                DeskMenuItem(
                    _("Watch groups"),
                    reverse("desk:watch_groups"),
                    name="watch-groups",
                    icon_name="tag",
                    order=30,
                ),
                DeskMenuItem(
                    _("Discovery channels"),
                    reverse("desk:channels"),
                    name="channels",
                    icon_name="view",
                    order=40,
                ),
            ]
        ),
        name="discovery",
        icon_name="search",
        order=FIRST + 1,
    )


@hooks.register("register_admin_menu_item")
def reporting_menu_item() -> DeskMenuItem:
    """Put the reports up the levels below the discovery pages."""
    return DeskMenuItem(
        _("Reports up the levels"),
        reverse("desk:weekly"),
        name="reporting",
        icon_name="table",
        order=FIRST + 2,
    )


@hooks.register("register_admin_menu_item")
def organisations_menu_item() -> DeskMenuItem:
    """Put the organisations after the case records."""
    return DeskMenuItem(
        _("Organisations"),
        reverse("desk:organisations"),
        name="organisations",
        icon_name="group",
        order=FIRST + 20,
    )


@hooks.register("register_admin_menu_item")
def idle_menu_item() -> DeskMenuItem:
    """Put the idle money after the organisations."""
    return DeskMenuItem(
        _("Idle money"), reverse("desk:idle"), name="idle", icon_name="order-down", order=FIRST + 21
    )


@hooks.register("insert_global_admin_css")
def admin_colours() -> str:
    """Show the admin in the platform's colours."""
    return format_html('<link rel="stylesheet" href="{}">', static("cms/admin.css"))
