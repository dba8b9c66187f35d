"""What axe or a sideways scroll bar finds on a page, in both themes of one load.

A theme changes colours and nothing else (`test_the_dark_theme_changes_colours_alone`), so in the second theme axe
repeats what it says about colours, and only that.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from axe_core_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OTHER = {"light": "dark", "dark": "light"}
RUN = """([part, rules, colours]) => {
  const about = axe.getRules(rules).filter((rule) => rule.tags.includes("cat.color"));
  const runOnly = colours ? about.map((rule) => rule.ruleId) : rules;
  return axe.run(part || document, {runOnly, resultTypes: ["violations"]})
    .then((found) => found.violations.map((one) => `${one.id} at ${one.nodes[0].target}`));
}"""


@dataclass(frozen=True)
class Reader:
    """Somebody who looks: the language by the browser's name and the site's, the theme of the first look, the width."""

    locale: str
    language: str
    theme: str
    width: int

    @property
    def context(self) -> dict[str, Any]:
        """What the browser is told; nothing moves, so that no colour is met on its way into another."""
        return {
            "locale": self.locale,
            "color_scheme": self.theme,
            "reduced_motion": "reduce",
            "viewport": {"width": self.width, "height": 900},
        }


READERS = [Reader("zh-CN", "zh-hans", "light", 1280), Reader("en-US", "en", "dark", 390)]


def look_at(page: Page, where: str, reader: Reader, *, part: str | None = None) -> list[str]:
    """Return the faults of the page, or of a part of it, a line each: in the reader's theme, then in the other."""
    page.evaluate(Axe().axe_script)
    name = f"{where} {reader.language}"
    found = [f"{name} {reader.theme}: {fault}" for fault in page.evaluate(RUN, [part, RULES, False])]
    if page.evaluate("document.documentElement.scrollWidth") > reader.width:
        found.append(f"{name}: scrolls sideways")
    other: Any = OTHER[reader.theme]
    page.emulate_media(color_scheme=other)
    found += [f"{name} {other}: {fault}" for fault in page.evaluate(RUN, [part, RULES, True])]
    page.emulate_media(color_scheme=reader.theme)  # type: ignore[arg-type]  # a literal, by its table
    return found


def ours(*folders: str) -> set[str]:
    """Return the names of all our templates, or of those in folders of these names."""
    roots = [settings.ROOT / "cms/templates", *(settings.ROOT / "cms").glob("*/templates")]
    found = {path.relative_to(root).as_posix() for root in roots for path in Path(root).rglob("*.*")}
    return {name for name in found if not folders or not set(folders).isdisjoint(name.split("/")[:-1])}
