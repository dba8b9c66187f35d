"""The home page and plain pages: how it works, policies, about."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from cms.site.figures import site_figures
from cms.site.models.articles import StoryPage
from cms.site.models.bilingual import BilingualPage
from matching.models import Release
from needs.models import Project

URGENT_SHOWN = 6
STORIES_SHOWN = 3


class HomePage(BilingualPage):
    """The face of the platform: what it is, the figures that matter, the most urgent projects, stories."""

    hero_title = models.CharField(_("headline"), max_length=120)
    hero_title_en = models.CharField(_("headline in English"), max_length=160, blank=True)

    template = "site/home_page.html"
    max_count = 1
    parent_page_types: ClassVar = ["wagtailcore.Page"]
    subpage_types: ClassVar = [
        "site.CatalogueIndexPage",
        "site.StatisticsPage",
        "site.OpenDataPage",
        "site.StoryIndexPage",
        "site.NewsIndexPage",
        "site.OrganisationsPage",
        "site.StandardPage",
    ]
    content_panels: ClassVar = [
        FieldPanel("hero_title"),
        FieldPanel("hero_title_en"),
        *BilingualPage.content_panels,
    ]

    class Meta:
        verbose_name = _("home page")

    @property
    def shown_headline(self) -> str:
        """The headline in the reader's language."""
        return str(self._shown("hero_title"))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the figures, the most urgent projects and the latest stories, in constant queries."""
        stories = StoryPage.objects.live().select_related("picture").order_by("-told_on", "-pk")
        release = Release.objects.first()
        urgent = Project.objects.public().filter(covered_percent__lt=100).urgent_first()
        return {
            **super().get_context(request, *args, **kwargs),
            "release": release,
            "figures": site_figures(release),
            "urgent": urgent.select_related("region__parent").prefetch_related("items")[:URGENT_SHOWN],
            "stories": stories[:STORIES_SHOWN],
        }


class StandardPage(BilingualPage):
    """A page of text."""

    template = "site/standard_page.html"
    parent_page_types: ClassVar = ["site.HomePage", "site.StandardPage"]
    subpage_types: ClassVar = ["site.StandardPage"]

    class Meta:
        verbose_name = _("page of text")

    def above(self) -> list[tuple[str, str]]:
        """Return address and title of the text pages above this one, one query if it lies deeper."""
        pages = (
            StandardPage.objects.ancestor_of(self)
            if self.depth > Page.get_first_root_node().depth + 2
            else []
        )
        return [(page.url, page.shown_title) for page in pages]
