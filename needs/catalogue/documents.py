"""A project as Elasticsearch holds it: the entry's codes, the same terms, and every order's key."""

from typing import Any

from elasticsearch.dsl import Boolean, Document, Integer, Keyword, Long, Text

from jiujinan.regions.rules import parent_code
from jiujinan.text import CHAIN_VERSION
from needs.catalogue.columns import month_of
from needs.catalogue.entries import Row
from needs.catalogue.keys import number_key, sort_key
from needs.catalogue.question import FORCE_KINDS, Sort

MAPPING_VERSION = 1
GENERATION = f"v{CHAIN_VERSION}.{MAPPING_VERSION}"  # part of an index's name: another one means to build anew


class ProjectDocument(Document):
    """Exact values and pre-segmented terms; `whitespace` takes the terms as they are."""

    number = Keyword()
    standing = Boolean()
    place = Keyword()
    regions = Keyword()
    tier = Keyword()
    causes = Keyword()
    band = Keyword()
    kinds = Keyword()
    categories = Keyword()
    forces = Keyword()
    wanted = Integer()
    key_urgent = Long()
    key_new = Long()
    key_gap = Long()
    key_close = Long()
    key_soon = Long()
    terms = Text(analyzer="whitespace", index_options="docs", norms=False)

    class Meta:
        dynamic = "strict"


def key_field(sort: Sort) -> str:
    """Return the field that ascends in the order; the best matches are told apart by urgency."""
    return f"key_{Sort.URGENT if sort is Sort.BEST else sort}"


def document_of(row: Row, terms: str) -> dict[str, Any]:
    """Return the document of an entry; that of a project that no longer stands holds no words."""
    entry = row.entry
    kinds = entry.kinds.split()
    facts = {
        "urgency": entry.urgency,
        "covered": entry.covered,
        "published": month_of(entry.published_on),
        "wanted": month_of(entry.wanted_on),
        "number": number_key(entry.number),
    }
    return {
        "number": entry.number,
        "standing": entry.standing,
        "place": entry.region,
        "regions": _with_those_above(entry.region),
        "tier": entry.tier,
        "causes": [cause for cause in (entry.cause, entry.cause_group) if cause],
        "band": entry.band,
        "kinds": kinds,
        "categories": entry.categories.split(),
        "forces": sorted(force for force, its in FORCE_KINDS.items() if its & set(kinds)),
        "wanted": facts["wanted"],
        **{key_field(sort): sort_key(sort, **facts) for sort in Sort if sort is not Sort.BEST},
        "terms": terms if entry.standing else "",
    }


def _with_those_above(code: str) -> list[str]:
    found = [code]
    above = parent_code(code)
    while above is not None:
        found.append(above)
        above = parent_code(above)
    return found
