"""Every word of the interface is there in Chinese."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from cms.translations.catalogues import untranslated, wanted
from cms.translations.po import parse
from jiujinan import codes

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "locale/zh_Hans/LC_MESSAGES"
CATALOGUES = pytest.mark.parametrize("catalogue", [FOLDER / "django.po", FOLDER / "djangojs.po"])
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@CATALOGUES
def test_no_message_of_the_source_or_of_wagtail_lacks_its_chinese(catalogue: Path) -> None:
    assert untranslated(ROOT, catalogue) == []


@CATALOGUES
def test_the_catalogue_holds_nothing_that_the_source_has_dropped(catalogue: Path) -> None:
    known = {entry.key for entry in parse(catalogue.read_text(encoding="utf-8")) if entry.text}
    assert known - {entry.key for entry in wanted(ROOT, catalogue)} == set()


@CATALOGUES
def test_placeholders_are_those_of_the_english(catalogue: Path) -> None:
    spare = {"ten_thousands", "thousands"}  # amounts are counted in 万 in Chinese
    for entry in parse(catalogue.read_text(encoding="utf-8")):
        asked = set(_PLACEHOLDER.findall(entry.text + entry.plural))
        for text in entry.strings if entry.text else []:
            assert set(_PLACEHOLDER.findall(text)) - spare == asked - spare, entry.text


@pytest.mark.parametrize("name", [name for name in dir(codes) if name.endswith("_LABELS")])
def test_the_labels_of_every_code_list_are_chinese(name: str) -> None:
    with translation.override("zh-hans"):
        for label in getattr(codes, name).values():
            assert _HAN.search(translation.gettext(label)), label
