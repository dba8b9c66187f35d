"""Writes on the site: laying out its first pages."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site

from cms.site import content
from cms.site.content import Text
from cms.site.models import (
    BilingualPage,
    CatalogueIndexPage,
    HomePage,
    OpenDataPage,
    SavedProject,
    StandardPage,
    StatisticsPage,
)
from jiujinan.accounts.models import User
from needs.models import Project


@transaction.atomic
def build_site(*, now: datetime) -> HomePage:
    """Lay out home, catalogue and the first pages of text; what already stands is left as editors have it."""
    home = HomePage.objects.first() or _make_home(now)
    if not CatalogueIndexPage.objects.exists():
        _add(home, CatalogueIndexPage(**_fields(content.CATALOGUE)), now)
    for kind, text in ((StatisticsPage, content.STATISTICS), (OpenDataPage, content.OPEN_DATA)):
        if not kind.objects.exists():
            _add(home, kind(**_fields(text), show_in_menus=kind is StatisticsPage), now)
    for text in content.PAGES:
        if not Page.objects.child_of(home).filter(slug=text.slug).exists():
            _add(home, StandardPage(**_fields(text), show_in_menus=True), now)
    return home


def save_project(*, user: User, project: Project, now: datetime) -> None:
    """Keep the project for the person; twice is once."""
    SavedProject.objects.get_or_create(user=user, project=project, defaults={"at": now})


def forget_project(*, user: User, project: Project, now: datetime) -> None:
    """Keep the project no longer."""
    SavedProject.objects.filter(user=user, project=project).delete()


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
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "root_page": home, "site_name": settings.WAGTAIL_SITE_NAME},
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
