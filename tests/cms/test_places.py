"""Divisions are named in Chinese; to readers of English romanised, with the Chinese beside it and marked as such."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from cms import places
from jiujinan.regions.models import Region
from needs.models import Project

COUNTY = Region(code="990121", name="青禾县", parent=Region(code="990100", name="云川市"))
BANNER = Region(code="150121", name="土默特左旗", parent=Region(code="150100", name="呼和浩特市"))


def test_a_reader_of_chinese_sees_the_name_alone() -> None:
    assert places.text(COUNTY) == places.html(COUNTY) == "青禾县"
    assert places.path_text(COUNTY) == places.path_html(COUNTY) == "云川市 青禾县"


def test_a_reader_of_english_sees_it_romanised_with_the_chinese_beside_it() -> None:
    with translation.override("en"):
        assert places.text(COUNTY) == "Qinghe County 青禾县"
        assert places.html(COUNTY) == 'Qinghe County <span lang="zh-Hans">青禾县</span>'
        marked = 'Qinghe County, Yunchuan City <span lang="zh-Hans">云川市 青禾县</span>'
        assert places.path_html(COUNTY) == marked


def test_a_name_whose_reading_is_not_known_stands_in_chinese_alone() -> None:
    with translation.override("en"):
        assert places.html(BANNER) == '<span lang="zh-Hans">土默特左旗</span>'
        assert places.path_text(BANNER) == "呼和浩特市 土默特左旗"


def test_names_are_escaped() -> None:
    with translation.override("en"):
        assert "<b>" not in places.html(Region(code="990122", name="<b>县"))


@pytest.mark.parametrize(("language", "roman"), [("zh-CN", False), ("en", True)])
def test_catalogue_and_project_name_their_division_in_both_languages(
    client: Client, publish: Callable[..., Project], language: str, roman: bool
) -> None:
    number = publish().number
    for path in ("/projects/", "/projects/?region=990100", f"/projects/{number}/"):
        page = client.get(path, headers={"accept-language": language}).content.decode()
        assert "青禾县" in page
        assert ("Qinghe County" in page) is roman
        assert (' lang="zh-Hans">' in page.partition("<main")[2]) is roman


def test_no_template_names_a_division_past_the_one_place() -> None:
    found = [path for path in (settings.ROOT / "cms").rglob("*.html") if "region.name" in path.read_text()]
    assert found == []
