"""How divisions are named to people: in Chinese as they are, in English romanised with the Chinese name beside it.

Every page, form and file that names a division does it through here. The Chinese is never left out, so that an
uncertain reading sends nobody to the wrong county; in HTML it is marked as Chinese, so that it is read aloud as such.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Protocol

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from jiujinan.regions.models import Region
from jiujinan.regions.romanising import INVENTED_IN_ENGLISH, english

REMEMBERED = 8192


class Named(Protocol):
    """Whatever has a division's code and name."""

    @property
    def code(self) -> str:
        """Six digits."""

    @property
    def name(self) -> str:
        """The Chinese name."""


def is_english() -> bool:
    """Return whether the reader reads English."""
    return (get_language() or "").startswith("en")


def text(region: Named) -> str:
    """Return a division's name where no HTML can stand: `青禾县`, or `Qinghe County 青禾县`."""
    return _joined(english(region.name, region.code), region.name) if is_english() else region.name


def html(region: Named) -> SafeString:
    """Return a division's name for a page, the Chinese marked as such for readers of English."""
    return _marked(english(region.name, region.code) if is_english() else None, region.name, is_english())


def path_text(region: Region) -> str:
    """Return the division with the one above it: `云川市 青禾县`, or `Qinghe County, Yunchuan City 云川市 青禾县`.

    Load `region__parent` with the row.
    """
    roman, chinese = _path(region)
    return _joined(roman, chinese) if is_english() else chinese


def path_html(region: Region) -> SafeString:
    """Return the same for a page, the Chinese marked as such for readers of English."""
    roman, chinese = _path(region)
    return _marked(roman if is_english() else None, chinese, is_english())


def names_of(codes: Iterable[str], show: Callable[[Named], str] = text) -> dict[str, str]:
    """Return the names of these divisions by code, in one query; in none for none."""
    asked = set(codes)
    return {one.code: show(one) for one in Region.objects.filter(pk__in=asked)} if asked else {}


def _path(region: Region) -> tuple[str | None, str]:
    """Return the romanised path, the smaller division first, None where that has no such name; and the Chinese one."""
    above = region.parent
    if above is None:
        return english(region.name, region.code), region.name
    own, parent = english(region.name, region.code), english(above.name, above.code)
    if own and parent and parent.endswith(INVENTED_IN_ENGLISH):
        own = own.removesuffix(INVENTED_IN_ENGLISH)  # said once, at the end
    roman = ", ".join(filter(None, (own, parent))) if own else None
    return roman, f"{above.name} {region.name}"


def _joined(roman: str | None, chinese: str) -> str:
    return f"{roman} {chinese}" if roman else chinese


@lru_cache(maxsize=REMEMBERED)
def _marked(roman: str | None, chinese: str, is_marked: bool) -> SafeString:
    if not is_marked:
        return format_html("{}", chinese)
    own = format_html('<span lang="zh-Hans">{}</span>', chinese)
    return format_html("{} {}", roman, own) if roman else own
