"""What an empty list offers instead: divisions around the one asked for, and the projects nearest to it."""

from dataclasses import dataclass, replace

from django.http import QueryDict

from cms.site.catalogue.listing import count_words, first_page
from jiujinan.regions.models import Region
from jiujinan.regions.rules import parent_code
from jiujinan.text import normalise, to_simplified
from jiujinan.text.segmenting import fold
from needs.anonymise.public_counts import public_count
from needs.catalogue import engine
from needs.catalogue.question import Answer, Question

SHOWN = 4  # two rows of two
SHORTEST_NAME, LONGEST_NAME = 2, 15
GENERIC = ("", "县", "市", "区", "旗", "省")


@dataclass(frozen=True)
class Around:
    """A division around the one asked for, with how many projects stand in it, ready to read."""

    code: str
    name: str
    count: str
    query: str


@dataclass(frozen=True)
class Nearby:
    """The division that was asked for, what stands around it (the nearest first), and the nearest answer there is."""

    asked: Region | None
    around: list[Around]
    answer: Answer


def nearby(question: Question, given: QueryDict) -> Nearby:
    """Return what comes nearest to a question that nothing answers: around its place, else everywhere."""
    asked = _asked(question)
    wide = replace(
        question, text="" if not question.region else question.text, sort=None, cursor="", size=SHOWN
    )
    around, nearest = [], None
    for region in _above(asked) if asked else []:
        answer = engine.find(replace(wide, region=region.code))
        if answer.count:
            around.append(_around(region, answer, first_page(given), keeps_words=bool(wide.text)))
            nearest = nearest or answer
    return Nearby(asked, around, nearest or engine.find(Question(today=question.today, size=SHOWN)))


def _around(region: Region, answer: Answer, query: QueryDict, *, keeps_words: bool) -> Around:
    query["region"] = region.code
    if not keeps_words:
        query.pop("q", None)
    return Around(region.code, region.name, count_words(public_count(answer.count)), query.urlencode())


def _asked(question: Question) -> Region | None:
    """Return the division that the filter names, else the one with the longest name in the text; one query."""
    current = Region.objects.current()
    if question.region:
        return current.filter(pk=question.region).first()
    names = _names_in(fold(to_simplified(normalise(question.text))))
    found = current.filter(name__in=[name + term for name in names for term in GENERIC])
    return max(found, key=lambda region: (len(region.name), -int(region.code)), default=None)


def _names_in(text: str) -> set[str]:
    """Return every stretch of the text that is a division's name, whole or without its generic term."""
    return {
        text[start:end]
        for start in range(len(text))
        for end in range(start + SHORTEST_NAME, min(len(text), start + LONGEST_NAME) + 1)
    } & engine.lexicon().known_names


def _above(region: Region) -> list[Region]:
    """Return the divisions above, the nearest first; one query."""
    codes: list[str] = []
    while above := parent_code(codes[-1] if codes else region.code):
        codes.append(above)
    found = Region.objects.in_bulk(codes)
    return [found[code] for code in codes if code in found]
