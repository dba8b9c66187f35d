"""Writes on the site: laying out its first pages."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from cms.site import content
from cms.site.articles import examples
from cms.site.articles.examples import Example
from cms.site.content import Text
from cms.site.models import (
    BilingualPage,
    CatalogueIndexPage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    OpenDataPage,
    OrganisationsPage,
    SavedProject,
    StandardPage,
    StatisticsPage,
    StoryIndexPage,
    StoryPage,
)
from cms.site.models.articles import Article, ArticleIndex
from cms.site.workflow import install_workflow, name_roots
from jiujinan.accounts.models import User
from needs.models import Project

_SINGLE_PAGES: tuple[tuple[type[BilingualPage], Text, bool], ...] = (
    (StatisticsPage, content.STATISTICS, True),
    (OpenDataPage, content.OPEN_DATA, False),
    (StoryIndexPage, content.STORIES, True),
    (NewsIndexPage, content.NEWS, False),
    (OrganisationsPage, content.ORGANISATIONS, False),
)


@transaction.atomic
def build_site(*, now: datetime, with_examples: bool = False) -> HomePage:
    """Lay out home, catalogue and the first pages; what already stands is left as editors have it.

    Editors write and send to moderation, moderators publish. `with_examples` adds invented stories and news, marked
    as invented, where there are none.
    """
    home = HomePage.objects.first() or _make_home(now)
    if not CatalogueIndexPage.objects.exists():
        _add(home, CatalogueIndexPage(**_fields(content.CATALOGUE)), now)
    for kind, text, in_menu in _SINGLE_PAGES:
        if not kind.objects.exists():
            _add(home, kind(**_fields(text), show_in_menus=in_menu), now)
    for text in content.PAGES:
        if not Page.objects.child_of(home).filter(slug=text.slug).exists():
            _add(home, StandardPage(**_fields(text), show_in_menus=True), now)
    install_workflow()
    name_roots()
    if with_examples:
        _tell_examples(now)
    return home


def save_project(*, user: User, project: Project, now: datetime) -> None:
    """Keep the project for the person; twice is once."""
    SavedProject.objects.get_or_create(user=user, project=project, defaults={"at": now})


def forget_project(*, user: User, project: Project, now: datetime) -> None:
    """Keep the project no longer."""
    SavedProject.objects.filter(user=user, project=project).delete()


def _tell_examples(now: datetime) -> None:
    """Add the invented stories and news below their lists, where these are empty."""
    kinds: tuple[tuple[type[ArticleIndex], type[Article], tuple[Example, ...]], ...] = (
        (StoryIndexPage, StoryPage, examples.STORIES),
        (NewsIndexPage, NewsPage, examples.NEWS),
    )
    for index, kind, told in kinds:
        parent = index.objects.get()
        if kind.objects.exists():
            continue
        for example in told:
            days = {"told_on": timezone.localtime(now).date() - timedelta(days=example.days_ago)}
            _add(parent, kind(**_fields(example.text), **days, is_invented=True), now)


def _make_home(now: datetime) -> HomePage:
    """Put the home page in the place of Wagtail's welcome page and make it the site's root."""
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    welcome = Page.objects.child_of(root).filter(slug="home").first()
    if welcome:
        welcome.slug = "welcome"
        welcome.save(update_fields=["slug"])
    home = HomePage(**_fields(content.HOME), hero_title=content.HEADLINE, hero_title_en=content.HEADLINE_EN)
    _add(root, home, now)
    address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": address.hostname or "localhost",
            "port": port,
            "root_page": home,
            "site_name": settings.WAGTAIL_SITE_NAME,
        },
    )
    if welcome:
        welcome.delete()
    return home


def _add(parent: Page, page: BilingualPage, now: datetime) -> None:
    page.first_published_at = page.last_published_at = now
    parent.add_child(instance=page)


def _fields(text: Text) -> dict[str, Any]:
    return {
        "slug": text.slug,
        "title": text.title,
        "title_en": text.title_en,
        "intro": text.intro,
        "intro_en": text.intro_en,
        "body": list(text.body),
        "body_en": list(text.body_en),
        "locale": Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)[0],
    }
