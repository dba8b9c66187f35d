"""Laying out the first pages."""

from django.utils import timezone

from cms.site.models import HomePage, StandardPage
from cms.site.services import build_site


def test_building_twice_changes_nothing(site: HomePage) -> None:
    page = StandardPage.objects.get(slug="about")
    page.title = "改过的标题"
    page.save()
    assert build_site(now=timezone.now()).pk == site.pk
    assert site.get_children().count() == 9
    assert StandardPage.objects.get(slug="about").title == "改过的标题"


def test_pages_of_text_stand_below_the_home_page_alone(site: HomePage) -> None:
    assert HomePage.max_count == 1
    assert not HomePage.can_create_at(site)
    assert StandardPage.can_create_at(site)
