"""Pictures for sharing, what search engines find, the style guide."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from cms.site.cards import drawing, fonts, views
from cms.site.models import CatalogueIndexPage, HomePage, StandardPage, StoryIndexPage, StoryPage
from cms.site.services import build_site
from jiujinan.accounts.models import User
from needs.models import Project
from needs.states import ProjectState
from tests.town import Town


def test_a_project_has_a_picture_of_the_size_that_networks_ask_for(
    client: Client, publish: Callable[..., Project]
) -> None:
    project = publish(covered_percent=60)
    address = f"/cards/{project.number}.png"
    answer = client.get(address)
    assert answer["Content-Type"] == "image/png"
    assert Image.open(BytesIO(answer.content)).size == (1200, 630)
    page = client.get(f"/projects/{project.number}/").content.decode()
    assert f"http://testserver{address}" in page
    assert "application/ld+json" in page
    Project.objects.update(covered_percent=80)
    assert client.get(address)["ETag"] != answer["ETag"]


def test_stories_pages_and_profiles_have_pictures_too(client: Client, site: HomePage, town: Town) -> None:
    build_site(now=timezone.now(), with_examples=True)
    draft = StandardPage.objects.first()
    assert draft is not None
    draft.unpublish()
    told = [StoryPage.objects.first(), site, StoryIndexPage.objects.get()]
    addresses = [f"/cards/page-{page.pk}.png" for page in told if page]
    for address in [*addresses, f"/cards/organisation-{town.charity.pk}.png"]:
        answer = client.get(address)
        assert Image.open(BytesIO(answer.content)).size == (1200, 630), address
    nowhere = (f"page-{draft.pk}", "page-1", f"page-{CatalogueIndexPage.objects.get().pk}", "organisation-0")
    for name in (*nowhere, f"organisation-{town.desk.pk}"):
        assert client.get(f"/cards/{name}.png").status_code == 404, name


def test_every_page_says_where_it_stands_and_how_it_is_shared(
    client: Client, publish: Callable[..., Project], town: Town
) -> None:
    build_site(now=timezone.now(), with_examples=True)
    project, story = publish(title_zh="冬天里的一户"), StoryPage.objects.first()
    assert story is not None
    pictures = {
        "/": "page-",
        f"/projects/{project.number}/": project.number,
        story.url: f"page-{story.pk}",
        f"/organisations/{town.charity.pk}/": f"organisation-{town.charity.pk}",
    }
    for path, picture in pictures.items():
        page = client.get(f"{path}?utm_source=x").content.decode()
        assert f'<link rel="canonical" href="http://testserver{path}">' in page
        assert f'property="og:url" content="http://testserver{path}"' in page
        assert f'property="og:image" content="http://testserver/cards/{picture}' in page
        assert (
            page.count("og:title") == page.count("og:description") == page.count("application/ld+json") == 1
        )
        assert 'property="og:locale" content="zh_CN"' in page
    lost = client.get("/nothing/").content.decode()
    assert "noindex" in lost
    assert "canonical" not in lost


@pytest.mark.parametrize("state", [ProjectState.WITHDRAWN, ProjectState.CLOSED])
def test_what_left_the_public_has_no_picture(
    client: Client, publish: Callable[..., Project], state: ProjectState
) -> None:
    project = publish()
    assert client.get(f"/cards/{project.number}.png").status_code == 200
    Project.objects.update(state=state)
    assert client.get(f"/cards/{project.number}.png").status_code == 410
    assert client.get("/cards/NOTHING9.png").status_code == 404


def test_without_a_chinese_typeface_the_picture_speaks_english(
    client: Client, publish: Callable[..., Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    project, cards = publish(), []
    monkeypatch.setattr(fonts, "KNOWN", ())
    fonts.face.cache_clear()
    monkeypatch.setattr(views, "drawn", lambda card: cards.append(card) or drawing.drawn(card))
    try:
        assert client.get(f"/cards/{project.number}.png").status_code == 200
    finally:
        fonts.face.cache_clear()
    (card,) = cards
    assert f"{card.brand}{card.place}{card.title}{card.words}".isascii()


def test_a_long_title_is_cut_and_never_leaves_the_picture() -> None:
    card = drawing.Card("救急难+", "云川市 青禾县", "很长的标题" * 40, "0%", 0, 0)
    assert Image.open(BytesIO(drawing.drawn(card))).size == (1200, 630)


def test_search_engines_find_pages_projects_and_profiles_until_they_leave(
    client: Client, publish: Callable[..., Project], town: Town
) -> None:
    project = publish()
    assert "sitemap-projects.xml" in client.get("/sitemap.xml").content.decode()
    assert project.number in client.get("/sitemap-projects.xml").content.decode()
    assert "<loc>http://testserver/stories/</loc>" in client.get("/sitemap-pages.xml").content.decode()
    assert f"/organisations/{town.charity.pk}/" in client.get("/sitemap-organisations.xml").content.decode()
    Project.objects.update(state=ProjectState.WITHDRAWN)
    assert project.number not in client.get("/sitemap-projects.xml").content.decode()
    assert client.get("/sitemap-nothing.xml").status_code == 404


def test_the_style_guide_is_for_staff(
    client: Client, site: HomePage, town: Town, signed_in: Callable[[User], Client]
) -> None:
    assert client.get("/style-guide/").status_code == 403
    assert signed_in(town.chen).get("/style-guide/").status_code == 403
    assert "swatch-primary" in signed_in(town.lin).get("/style-guide/").content.decode()
