"""The latest stories or news as RSS and Atom, in the reader's language."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django.contrib.syndication.views import Feed
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed

if TYPE_CHECKING:
    from cms.site.models.articles import Article, ArticleIndex

LATEST = 20


class RssFeed(Feed):  # type: ignore[type-arg]  # its item is an article, its object nothing
    """RSS 2.0 of one list of articles."""

    feed_type: type[SyndicationFeed] = Rss201rev2Feed

    def __init__(self, index: "ArticleIndex") -> None:
        self.index = index

    def title(self) -> str:
        """Return the list's title."""
        return self.index.shown_title

    def description(self) -> str:
        """Return the list's introduction."""
        return self.index.shown_intro

    subtitle = description

    def link(self) -> str:
        """Return the list's address."""
        return str(self.index.url)

    def items(self) -> "Iterable[Article]":
        """Return the latest articles."""
        return list(self.index.articles()[:LATEST])

    def item_title(self, item: Any) -> str:
        """Return an article's title."""
        return str(item.shown_title)

    def item_description(self, item: Any) -> str:
        """Return an article's introduction."""
        return str(item.shown_intro)

    def item_link(self, item: Any) -> str:
        """Return an article's address."""
        return str(item.url)

    def item_pubdate(self, item: Any) -> datetime:
        """Return the day on which it was told, as a moment."""
        return timezone.make_aware(datetime.combine(item.told_on, time()))

    def item_updateddate(self, item: Any) -> datetime:
        """Return when it was last changed."""
        changed: datetime = item.last_published_at or self.item_pubdate(item)
        return changed


class AtomFeed(RssFeed):
    """Atom 1.0 of one list of articles."""

    feed_type = Atom1Feed
