"""What the search field offers while somebody types: divisions, categories and causes, in characters or pinyin."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from cms.places import is_english
from cms.site.catalogue.filters import plain_text
from jiujinan.codes import CAUSE_LABELS, ITEM_CATEGORY_LABELS
from jiujinan.regions.models import Region
from jiujinan.regions.romanising import english
from jiujinan.text import normalise, to_simplified
from needs.catalogue import engine
from needs.catalogue.lexicon import syllables

MOST = 8
SHORTEST_PINYIN = 2


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word to search for, what it is, and how it is typed in pinyin: whole and by initials; a division's code."""

    word: str
    what: str
    code: str
    letters: str
    initials: str

    def is_meant_by(self, typed: str) -> bool:
        """Return whether what is typed is the beginning of the word, a part of it, or of its pinyin."""
        if len(typed) < SHORTEST_PINYIN and typed.isascii():
            return self.word.lower().startswith(typed)
        return typed in self.word.lower() or self.letters.startswith(typed) or self.initials.startswith(typed)


def suggest(request: HttpRequest) -> HttpResponse:
    """Return the options of the search field's list, the best first; none for nothing."""
    typed = to_simplified(normalise(plain_text(request.GET.get("q", "")))).lower().replace(" ", "")
    found = [one for one in _suggestions(get_language() or "") if typed and one.is_meant_by(typed)]
    standing = engine.places_with_projects() if found else frozenset()
    found.sort(
        key=lambda one: (
            bool(one.code) and one.code not in standing,  # a county without projects leads to none
            not one.word.lower().startswith(typed),
            len(one.word),
        )
    )
    response = render(request, "site/suggestions.html", {"suggestions": found[:MOST]})
    response["Cache-Control"] = "public, max-age=300"
    return response


@cache
def _suggestions(language: str) -> tuple[Suggestion, ...]:
    """Return everything that can be offered in the language that is active."""
    labels = [(gettext(label), gettext("what is needed"), "") for label in ITEM_CATEGORY_LABELS.values()]
    labels += [(gettext(label), gettext("cause"), "") for label in CAUSE_LABELS.values()]
    regions = Region.objects.filter(valid_to=None).order_by("code")
    return tuple(_told([*labels, *((one.name, _what(one), one.code) for one in regions)]))


def _what(region: Region) -> str:
    """Return what a division is called in English, where that is read; else that it is one."""
    told = english(region.name, region.code) if is_english() else None
    return told or gettext("region")


def _told(offered: Iterable[tuple[str, str, str]]) -> Iterable[Suggestion]:
    for word, what, code in {word: (word, what, code) for word, what, code in offered}.values():
        sound = syllables(word)
        letters, initials = "".join(sound).lower(), "".join(one[:1] for one in sound).lower()
        yield Suggestion(word, what, code, letters, initials)
