"""What templates of every room share: bars, places, amounts, the menu."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django import forms, template
from django.conf import settings
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from cms import places
from cms.portal.menu import Entry as PortalEntry
from cms.portal.menu import entries_for
from cms.site import structured
from cms.site.catalogue import marking
from cms.site.menu import Entry, menu_of
from cms.wording import listed
from jiujinan.accounts.models import Organisation
from jiujinan.codes import (
    AMOUNT_BAND_LABELS,
    TIER_LABELS,
    WIDE_AMOUNT_BAND_LABELS,
    AmountBand,
    ItemKind,
    WideAmountBand,
)
from jiujinan.regions.models import Region
from matching.models import Commitment, Proposal
from needs.labels import label_of
from needs.models import ProgressUpdate, Project, ProjectItem
from needs.rules import hoped_for_until

register = template.Library()
FEN = 100
MOST_ON_A_CARD = 3


@register.filter
def html_lang(code: str) -> str:
    """Return the language tag as BCP 47 writes it: `zh-Hans`, `en`."""
    head, _, tail = code.partition("-")
    return f"{head}-{tail.title()}" if tail else head


@register.filter
def og_locale(code: str) -> str:
    """Return the language as Open Graph writes it."""
    return "en_US" if code.startswith("en") else "zh_CN"


@register.filter
def yuan(fen: int | None) -> str:
    """Return an amount of fen as `¥1,234` or `¥1,234.50`; nothing for None."""
    if fen is None:
        return ""
    whole, rest = divmod(abs(fen), FEN)
    return f"{'−' if fen < 0 else ''}¥{whole:,}" + (f".{rest:02d}" if rest else "")


@register.filter
def amount(value: int, unit: str) -> str:
    """Return an amount in an item's unit: fen, sessions or pieces."""
    if unit == "fen":
        return yuan(value)
    if unit == "session":
        return ngettext("%(count)d session", "%(count)d sessions", value) % {"count": value}
    return ngettext("%(count)d piece", "%(count)d pieces", value) % {"count": value}


@register.filter
def quantity(item: ProjectItem) -> str:
    """Return how much of a thing or service a project asks for; nothing for cash."""
    if item.quantity is None or item.kind == ItemKind.CASH:
        return ""
    return amount(item.quantity, "session" if item.kind == ItemKind.SERVICE else "piece")


@register.filter
def band(code: str) -> str:
    """Return an amount band in words, be it fine or coarse: the gate may have widened it."""
    if code in set(WideAmountBand):
        return gettext(WIDE_AMOUNT_BAND_LABELS[WideAmountBand(code)])
    return gettext(AMOUNT_BAND_LABELS[AmountBand(code)]) if code in set(AmountBand) else ""


@register.filter
def asked_for(item: ProjectItem) -> str:
    """Return what an item asks for: its category, or only its kind where the gate said no more."""
    return str(item.get_category_display() or item.get_kind_display())


@register.filter
def all_asked_for(project: Project) -> str:
    """Return what a project asks for, in one line."""
    return listed(asked_for(item) for item in project.items.all())


@register.filter
def said_by(row: Proposal | Commitment, project: Project | None) -> str:
    """
    Return what a proposal or promise is for: its category where the public record names it, else its kind alone.

    What a service or stock brings is known from itself. Load the project's items with it.
    """
    item = row.item
    named = {one.category for one in project.items.all()} if project else set()
    finely = row.fund_id is None or item.category in named
    return str(item.get_category_display() if finely else item.get_kind_display())


@register.filter
def told_of(update: ProgressUpdate, items: Iterable[ProjectItem]) -> str:
    """Return which item a step is about, but only if the project itself names that category."""
    named = {item.category for item in items}
    return str(update.get_category_display()) if update.category and update.category in named else ""


@register.filter
def place(region: Region) -> SafeString:
    """Return the division with the one above it. Load `region__parent` with the row."""
    return places.path_html(region)


@register.filter
def place_text(region: Region) -> str:
    """Return the division with the one above it, where no HTML can stand."""
    return places.path_text(region)


@register.filter
def division(region: places.Named) -> SafeString:
    """Return a division's own name."""
    return places.html(region)


@register.filter
def hoped_until(project: Project) -> date:
    """Return the last day of the month until which help is hoped for."""
    return hoped_for_until(project.published_month, project.tier, months=settings.PROJECT_MONTHS)


@register.filter
def project_address(project: Project) -> str:
    """Return the path of a project's page."""
    return f"/projects/{project.number}/"


@register.filter
def marked(text: str, wanted: str) -> SafeString:
    """Return a text with what a search found marked."""
    return marking.marked(text, wanted)


@register.filter
def passage(project: Project, wanted: str) -> SafeString | None:
    """Return the stretch of a project's description that a search found, unless its title shows it already."""
    if marking.spans_of(project.title, wanted):
        return None
    return marking.passage(project.description, wanted)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Return whether the field is drawn as one box before its label."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def at(found: Mapping[Any, Any], key: Any) -> Any:
    """Return what stands under the key, None for nothing."""
    return found.get(key)


@register.filter
def words(text: str) -> list[str]:
    """Split a template's list of names."""
    return text.split()


@register.filter
def field(form: forms.Form, name: str) -> BoundField:
    """Return the form's field of that name."""
    return form[name]


@register.filter
def wrong_fields(form: forms.Form) -> list[BoundField]:
    """Return the fields that people see and that are to be looked at once more, in their order."""
    return [field for field in form.visible_fields() if field.errors]


@register.simple_tag(takes_context=True)
def without(context: Context, name: str) -> str:
    """Return the address of this page without one filter, on its first page."""
    query = context["request"].GET.copy()
    for dropped in (name, "after", "before", "page"):
        query.pop(dropped, None)
    return f"?{query.urlencode()}" if query else context["request"].path


@register.inclusion_tag("components/part_bar.html")
def part_bar(part: int, whole: int, words: str = "") -> dict[str, Any]:
    """Draw a part of a whole as a bar, at least a sliver of it where there is something."""
    percent = min(100, max(1, round(part * 100 / whole))) if part > 0 and whole > 0 else 0
    return {"percent": percent, "words": words}


@register.simple_tag(takes_context=True)
def portal_menu(context: Context) -> list[PortalEntry]:
    """Return the portal's menu for the member who is signed in."""
    return entries_for(context["request"].user)


@register.simple_tag
def gap_bar(shares: Project | ProjectItem) -> SafeString:
    """Draw how much is committed and delivered, with the same in words."""
    return _gap_bar(shares.covered_percent, shares.fulfilled_percent, get_language() or "")


@lru_cache(maxsize=512)
def _gap_bar(covered: int, delivered: int, language: str) -> SafeString:
    """Return the bar of these shares; shares are rounded to tens, so a list draws the same few again and again."""
    words = gettext("%(covered)d%% committed, %(delivered)d%% delivered") % {
        "covered": covered,
        "delivered": delivered,
    }
    shares = {"covered": covered, "delivered": delivered, "lacking": 100 - covered, "words": words}
    return render_to_string("components/bar.html", shares)


@register.simple_tag
def card_row(project: Project) -> SafeString:
    """Draw the tags above a project's title."""
    covered = project.covered_percent == 100
    return _card_row(project.tier, covered, place(project.region), get_language() or "")


@lru_cache(maxsize=4096)
def _card_row(tier: str, is_covered: bool, place: SafeString, language: str) -> SafeString:
    """Return the tags of such a project; there are far fewer kinds than projects, so lists draw the same ones again."""
    tier_name = label_of(TIER_LABELS, tier)
    shown = {"tier": tier, "tier_name": tier_name, "is_covered": is_covered, "place": place}
    return render_to_string("components/card_row.html", shown)


@register.simple_tag
def card_items(project: Project) -> SafeString:
    """Draw the first things that a project asks for."""
    first = tuple(
        (item.kind, item.category, item.amount_band, item.quantity)
        for item in project.items.all()[:MOST_ON_A_CARD]
    )
    return _card_items(first, get_language() or "")


@lru_cache(maxsize=4096)
def _card_items(first: tuple[tuple[str, str, str, int | None], ...], language: str) -> SafeString:
    """Return the list of such items; they come in codes and bands, so lists draw the same few again."""
    items = [
        ProjectItem(kind=kind, category=category, amount_band=band, quantity=quantity)
        for kind, category, band, quantity in first
    ]
    return render_to_string("components/card_items.html", {"items": items})


@register.simple_tag(takes_context=True)
def site_menu(context: Context) -> list[Entry]:
    """Return the main menu, read once for each request."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return []
    entries: list[Entry] | None = getattr(request, "_site_menu", None)
    if entries is None:
        entries = menu_of(request.path)
        request._site_menu = entries  # type: ignore[attr-defined]  # header and footer ask in one request
    return entries


@register.simple_tag(takes_context=True)
def article_data(context: Context, page: Any) -> SafeString:
    """Return what search engines read of a story or a piece of news."""
    return structured.as_script(structured.article(page, _address(context)))


@register.simple_tag(takes_context=True)
def project_data(context: Context, project: Project) -> SafeString:
    """Return what search engines read of a project."""
    picture = context["request"].build_absolute_uri(reverse("project_card", args=[project.number]))
    return structured.as_script(structured.project(project, _address(context), picture))


@register.simple_tag(takes_context=True)
def organisation_data(context: Context, organisation: Organisation) -> SafeString:
    """Return what search engines read of a social force."""
    return structured.as_script(structured.organisation(organisation, _address(context)))


@register.simple_tag(takes_context=True)
def site_data(context: Context) -> SafeString:
    """Return what search engines read of the site."""
    search = context["request"].build_absolute_uri("/projects/")
    return structured.as_script(structured.site(_address(context), search))


@register.simple_tag(takes_context=True)
def absolute(context: Context, path: str = "") -> str:
    """Return the whole address of a path, or of this page without its question."""
    return context["request"].build_absolute_uri(path) if path else _address(context)


def _address(context: Context) -> str:
    request: HttpRequest = context["request"]
    return request.build_absolute_uri(request.path)
