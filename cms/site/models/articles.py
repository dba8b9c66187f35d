"""Stories and news: what editors tell, in the order of the days on which it was told."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.models import PageQuerySet

from cms.site.blocks import StoryBlock
from cms.site.models.bilingual import BilingualPage
from needs.models import Project

SHOWN_ON_A_PAGE = 12


class Article(BilingualPage):
    """What a story and a piece of news have in common."""

    told_on = models.DateField(_("told on"), default=timezone.localdate)
    picture = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )
    picture_alt = models.CharField(_("what the picture shows"), max_length=200, blank=True)
    picture_alt_en = models.CharField(_("what the picture shows, in English"), max_length=200, blank=True)
    is_invented = models.BooleanField(
        _("invented"), default=False, help_text=_("An example for a demonstration; the page says so.")
    )
    body = StreamField(StoryBlock(), verbose_name=_("body"), blank=True)
    body_en = StreamField(StoryBlock(), verbose_name=_("body in English"), blank=True)

    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar = [
        *BilingualPage.content_panels,
        MultiFieldPanel(
            [FieldPanel("picture"), FieldPanel("picture_alt"), FieldPanel("picture_alt_en")],
            heading=_("Picture"),
        ),
        FieldPanel("told_on"),
        FieldPanel("is_invented"),
    ]

    class Meta:
        abstract = True

    @property
    def shown_picture_alt(self) -> str:
        """What the picture shows, in the reader's language."""
        return str(self._shown("picture_alt"))

    def clean(self) -> None:
        """Ask for the words of a picture."""
        super().clean()
        if self.picture_id and not self.picture_alt:
            raise ValidationError(
                {"picture_alt": _("Say what the picture shows, for those who can't see it.")}
            )

    def linked_projects(self) -> dict[str, Project]:
        """Return the linked projects that stand in public now, by number; two queries at most."""
        numbers = {str(block.value) for block in self.shown_body if block.block_type == "project"}
        if not numbers:
            return {}
        found = Project.objects.public().filter(number__in=numbers)
        return {one.number: one for one in found.select_related("region__parent").prefetch_related("items")}

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the linked projects; one that was withdrawn is not among them."""
        parent = self.get_parent()
        return {
            **super().get_context(request, *args, **kwargs),
            "projects": self.linked_projects(),
            "above": [(parent.url, parent.specific.shown_title)] if parent else [],
        }


class ArticleIndex(RoutablePageMixin, BilingualPage):
    """A list of articles, the newest first, with its feeds."""

    parent_page_types: ClassVar = ["site.HomePage"]

    class Meta:
        abstract = True

    def articles(self) -> PageQuerySet[Any]:
        """Return the articles in public, the newest first."""
        raise NotImplementedError

    @path("")
    def list(self, request: HttpRequest) -> HttpResponse:
        """Show one page of the list."""
        page = Paginator(self.articles(), SHOWN_ON_A_PAGE).get_page(request.GET.get("page"))
        numbers = page.paginator.get_elided_page_range(page.number)
        shown = {"articles": page, "page_range": numbers}
        response: HttpResponse = self.render(request, context_overrides=shown)
        return response

    @path("atom/", name="atom")
    def atom(self, request: HttpRequest) -> HttpResponse:
        """Answer the latest articles as Atom."""
        from cms.site.articles.feeds import AtomFeed

        return AtomFeed(self)(request)

    @path("rss/", name="rss")
    def rss(self, request: HttpRequest) -> HttpResponse:
        """Answer the latest articles as RSS."""
        from cms.site.articles.feeds import RssFeed

        return RssFeed(self)(request)


class StoryIndexPage(ArticleIndex):
    """`/stories/`."""

    template = "site/article_index.html"
    max_count = 1
    subpage_types: ClassVar = ["site.StoryPage"]

    class Meta:
        verbose_name = _("list of stories")

    def articles(self) -> "PageQuerySet[StoryPage]":
        """Return the stories in public, the newest first."""
        return StoryPage.objects.live().child_of(self).select_related("picture").order_by("-told_on", "-pk")


class StoryPage(Article):
    """How a household was helped, told so that nobody is recognised."""

    template = "site/article.html"
    parent_page_types: ClassVar = ["site.StoryIndexPage"]

    class Meta:
        verbose_name = _("story")


class NewsIndexPage(ArticleIndex):
    """`/news/`."""

    template = "site/article_index.html"
    max_count = 1
    subpage_types: ClassVar = ["site.NewsPage"]

    class Meta:
        verbose_name = _("list of news")

    def articles(self) -> "PageQuerySet[NewsPage]":
        """Return the news in public, the newest first."""
        return NewsPage.objects.live().child_of(self).select_related("picture").order_by("-told_on", "-pk")


class NewsPage(Article):
    """A piece of news of the platform."""

    template = "site/article.html"
    parent_page_types: ClassVar = ["site.NewsIndexPage"]

    class Meta:
        verbose_name = _("piece of news")
