"""The engine for large installations: the same question, answered by Elasticsearch from the same terms."""

import time
from collections.abc import Mapping
from typing import Any

from elasticsearch.dsl import A, Q, Search
from elasticsearch.dsl.query import Query

from jiujinan.regions.rules import is_well_formed, prefix
from needs.catalogue import cluster
from needs.catalogue.cluster import FAILURES, NoSearchService
from needs.catalogue.columns import BANDS, CATEGORIES, CAUSES, KINDS, TIERS
from needs.catalogue.counting import one_step_below
from needs.catalogue.documents import key_field
from needs.catalogue.keys import month_index, read_cursor, write_cursor
from needs.catalogue.lexicon import Lexicon
from needs.catalogue.question import FORCE_KINDS, Answer, Note, Question, Sort, TimeLeft
from needs.catalogue.reading import Reading, Terms, readings

MOST_PLACES = 4000  # divisions of the country
FIELDS = {
    "tier": "tier", "kind": "kinds", "category": "categories", "cause": "causes", "amount": "band", "force": "forces",
}  # fmt: skip
VALUES = {
    "tier": list(TIERS), "kind": list(KINDS), "category": list(CATEGORIES), "cause": list(CAUSES),
    "amount": list(BANDS), "force": list(FORCE_KINDS),
}  # fmt: skip


def find(question: Question, *, lexicon: Lexicon) -> Answer:
    """Answer the question from Elasticsearch; raise NoSearchService where it does not answer in time."""
    until = time.monotonic() + cluster.PATIENCE_SECONDS
    tried = readings(question.text, lexicon) if question.text.strip() else [Reading(())]
    answer = None
    for reading in tried:
        answer = _ask(question, reading, until)
        if answer is not None:
            return answer
    nothing = Reading(((),), note=Note.NOTHING)
    return _ask(question, nothing, until) or Answer((), 0, note=Note.NOTHING)


def _ask(question: Question, reading: Reading, until: float) -> Answer | None:
    """Return the answer for one reading; None when no project at all holds its words."""
    search = _search(question, reading)
    patience = until - time.monotonic()
    if patience <= 0:
        raise NoSearchService("out of time")
    client = cluster.client().options(request_timeout=patience)
    try:
        found = client.search(index=cluster.alias(), body=None, **_body(search))
    except FAILURES as error:
        raise NoSearchService(type(error).__name__) from error
    aggregations = found["aggregations"]
    if found["_shards"]["failed"] or found["timed_out"]:
        raise NoSearchService("some shards did not answer")
    if reading.hard and reading.note is not Note.NOTHING and not aggregations["matched"]["doc_count"]:
        return None
    return _answer(question, reading, found.body)


def _body(search: Search[Any]) -> dict[str, Any]:
    return dict(search.to_dict())


def _search(question: Question, reading: Reading) -> Search[Any]:
    """Return the whole search: words in the query, filters after it, one count for each facet beside it."""
    filters = _filters(question)
    base = [Q("term", standing=True), *_holding(reading.hard)]
    ranks = reading.ranks if question.order is Sort.BEST else ()
    should = [_ranked(_holding(terms), float(worth)) for terms, worth in ranks]
    backwards = question.backwards and read_cursor(question.cursor, question.order) is not None
    up, down = ("desc", "asc") if backwards else ("asc", "desc")
    search: Search[Any] = Search().query(Q("bool", filter=base, should=should))
    search = search.post_filter(Q("bool", filter=list(filters.values())))
    search = search.sort({"_score": {"order": down}}, {key_field(question.order): {"order": up}})
    search = search.source(["number"]).extra(size=question.size + 1, track_total_hits=True)
    place = read_cursor(question.cursor, question.order)
    if place is not None:
        search = search.extra(search_after=[float(place[0]), place[1]])
    _count_facets(search, question, filters)
    search.aggs.bucket("matched", A("filter", Q("match_all")))
    whole = search.aggs.bucket("whole", A("global"))
    whole.bucket("narrowed", A("filter", Q("bool", filter=[Q("term", standing=True), *filters.values()])))
    return search


def _holding(terms: Terms) -> list[Query]:
    return [Q("terms", terms=list(words)) for words in terms]


def _ranked(queries: list[Query], boost: float) -> Query:
    return Q("constant_score", filter=Q("bool", filter=queries), boost=boost)


def _filters(question: Question) -> dict[str, Query]:
    found = {
        name: Q("term", **{field: getattr(question, name)})
        for name, field in FIELDS.items()
        if getattr(question, name)
    }
    if question.region:
        found["region"] = (
            Q("prefix", place=prefix(question.region)) if is_well_formed(question.region) else Q("match_none")
        )
    if question.left:
        found["left"] = _left(question).get(question.left, Q("match_none"))
    return found


def _left(question: Question) -> dict[str, Query]:
    now = month_index(question.today.year, question.today.month)
    return {
        TimeLeft.OVER: Q("range", wanted={"lt": now}),
        TimeLeft.THIS_MONTH: Q("term", wanted=now),
        TimeLeft.NEXT_MONTH: Q("term", wanted=now + 1),
        TimeLeft.LATER: Q("range", wanted={"gt": now + 1}),
    }


def _count_facets(search: Search[Any], question: Question, filters: Mapping[str, Query]) -> None:
    for name in (*FIELDS, "left", "region"):
        others = [query for other, query in filters.items() if other != name]
        bucket = search.aggs.bucket(name, A("filter", Q("bool", filter=others)))
        if name == "left":
            bucket.bucket("values", A("filters", filters=_left(question)))
        elif name == "region":
            inside = f"{prefix(question.region)}.*" if is_well_formed(question.region) else ".*"
            bucket.bucket("values", A("terms", field="place", size=MOST_PLACES, include=inside))
        else:
            bucket.bucket("values", A("terms", field=FIELDS[name], size=len(VALUES[name])))


def _answer(question: Question, reading: Reading, found: Mapping[str, Any]) -> Answer:
    place = read_cursor(question.cursor, question.order)
    backwards = question.backwards and place is not None
    hits = found["hits"]["hits"]
    more = len(hits) > question.size
    shown = hits[: question.size]
    if backwards:
        shown = shown[::-1]

    def cursor(hit: Mapping[str, Any]) -> str:
        score, key = hit["sort"]
        return write_cursor(question.order, round(score), int(key))

    before = bool(shown) and (more if backwards else place is not None)
    after = bool(shown) and (True if backwards else more)
    aggregations = found["aggregations"]
    without = {name: aggregations[name]["doc_count"] for name in _filters(question)}
    if question.text.strip():
        without["q"] = aggregations["whole"]["narrowed"]["doc_count"]
    return Answer(
        numbers=tuple(hit["_source"]["number"] for hit in shown),
        count=found["hits"]["total"]["value"],
        facets=_facets(question, aggregations),
        before=cursor(shown[0]) if before else "",
        after=cursor(shown[-1]) if after else "",
        without=without,
        note=reading.note,
        read_as=reading.read_as,
    )


def _facets(question: Question, aggregations: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    facets = {}
    for name, values in VALUES.items():
        counted = {one["key"]: one["doc_count"] for one in aggregations[name]["values"]["buckets"]}
        facets[name] = {str(value): counted.get(value, 0) for value in values}
    left = aggregations["left"]["values"]["buckets"]
    facets["left"] = {str(name): left[name]["doc_count"] for name in TimeLeft}
    places = {one["key"]: one["doc_count"] for one in aggregations["region"]["values"]["buckets"]}
    facets["region"] = one_step_below(question.region, places)
    return facets
