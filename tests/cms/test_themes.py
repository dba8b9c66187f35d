"""A theme changes colours and nothing else, so that what holds of a page's shape in one theme holds in the other."""

import re

from django.conf import settings

FOLDER = settings.ROOT / "cms/static/cms"
COLOUR = re.compile(r"#[0-9a-f]{3,8}")
NO_COLOURS = {"color-scheme", "--shadow"}


def declarations(css: str, selector: str) -> dict[str, str]:
    """Return what the first rule of this selector says."""
    rule = re.search(rf"^\s*{re.escape(selector)} \{{([^}}]*)\}}", css, re.MULTILINE)
    assert rule is not None
    lines = [line.strip() for line in rule[1].split(";") if line.strip()]
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def test_the_dark_theme_changes_colours_alone() -> None:
    css = (FOLDER / "site.css").read_text()
    light, dark = (declarations(css, f":root{which}") for which in ("", '[data-theme="dark"]'))
    assert set(dark) <= set(light)
    assert [
        name for name, value in dark.items() if name not in NO_COLOURS and not COLOUR.fullmatch(value)
    ] == []


def test_the_dark_theme_that_is_chosen_is_the_one_that_the_system_asks_for() -> None:
    css = (FOLDER / "site.css").read_text()
    assert declarations(css, ':root[data-theme="dark"]') == declarations(
        css, ':root:not([data-theme="light"])'
    )


def test_no_other_rule_asks_for_the_theme() -> None:
    asked = {path.name: path.read_text().count("prefers-color-scheme") for path in FOLDER.glob("*.css")}
    assert {name: count for name, count in asked.items() if count} == {"site.css": 1}
    assert (FOLDER / "site.css").read_text().count("[data-theme") == 4  # light and dark above, paper below


def test_every_box_that_may_scroll_is_reached_by_the_keyboard_and_has_a_name() -> None:
    boxes = re.compile(r'<\w+ class="[^"]*-scroll\b[^>]*>')
    found = [
        box for path in (settings.ROOT / "cms").rglob("*.html") for box in boxes.findall(path.read_text())
    ]
    assert len(found) > 20
    assert [box for box in found if 'tabindex="0"' not in box or "aria-label" not in box] == []
