"""The addresses of pictures for sharing. What left the public has none, whatever a cache kept."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.models import Page

from cms import places
from cms.site.cards.drawing import Card, drawn
from cms.site.cards.fonts import face
from cms.site.models import BilingualPage, CatalogueIndexPage, HomePage
from cms.site.organisations.listing import public_organisations
from jiujinan.regions.models import Region
from needs.models import Project
from needs.states import ProjectState

KEPT_SECONDS = 3600
GONE = 410


@require_safe
def project_card(request: HttpRequest, number: str) -> HttpResponse:
    """Answer the project's picture in the reader's language; 410 once it is withdrawn or closed."""
    project = get_object_or_404(Project.objects.select_related("region__parent"), number=number.upper())
    if project.state != ProjectState.PUBLISHED:
        return HttpResponse(status=GONE)
    with _language() as writes_chinese:
        return _answer(_card_of(project, named=writes_chinese))


@require_safe
def page_card(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the picture of a page that stands in public, in the reader's language."""
    page = get_object_or_404(Page.objects.live().public().not_type(CatalogueIndexPage), pk=pk).specific
    if not isinstance(page, BilingualPage):
        raise Http404
    with _language() as writes_chinese:
        headline = page.shown_headline if isinstance(page, HomePage) else page.shown_title
        told = [str(text) for text in (headline, page.shown_intro)]
        title, words = (text if writes_chinese or text.isascii() else "" for text in told)
        return _answer(Card(brand=_("Acute Difficulty Relief+"), place="", title=title, words=words))


@require_safe
def organisation_card(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the picture of a verified social force; without a typeface for Chinese its name is left out."""
    organisation = get_object_or_404(public_organisations(), pk=pk)
    with _language() as writes_chinese:
        card = Card(
            brand=_("Acute Difficulty Relief+"),
            place=_place(organisation.region, named=writes_chinese),
            title=organisation.name if writes_chinese else "",
            words=f"{organisation.get_kind_display()} · {_('Verified by civil affairs')}",
        )
        return _answer(card)


@contextmanager
def _language() -> Iterator[bool]:
    """Speak English where no typeface writes Chinese; give whether one does."""
    writes_chinese = face(32)[1]
    with translation.override(translation.get_language() if writes_chinese else "en"):
        yield writes_chinese


def _answer(card: Card) -> HttpResponse:
    key = f"card:{hashlib.sha256(repr(card).encode()).hexdigest()}"
    picture = cache.get(key)
    if picture is None:
        picture = drawn(card)
        cache.set(key, picture, KEPT_SECONDS)
    response = HttpResponse(picture, content_type="image/png")
    response["ETag"] = f'"{key[5:21]}"'
    response["Cache-Control"] = "no-cache"
    return response


def _place(region: Region, *, named: bool) -> str:
    """Return the division after the one above it; without a typeface for Chinese its code."""
    if not named:
        return f"GB/T 2260: {region.code}"
    return places.path_text(region)


def _card_of(project: Project, *, named: bool) -> Card:
    """Return what the picture shows; without a typeface for Chinese the place is left to its code."""
    shares = {"covered": project.covered_percent, "delivered": project.fulfilled_percent}
    words = _("%(covered)d%% committed, %(delivered)d%% delivered") % shares
    return Card(
        brand=_("Acute Difficulty Relief+"),
        place=_place(project.region, named=named),
        title=project.title,
        words=words,
        **shares,
    )
