"""Filling Elasticsearch: all of it into a new index that takes over at one stroke, changes one by one.

Every document carries its entry's version, and the server refuses an older one: an event that comes late, or a
copy that began before a withdrawal, changes nothing. A withdrawn project stays as a document that does not stand.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from hashlib import blake2b
from typing import Any

from elasticsearch import ConflictError
from elasticsearch.helpers import streaming_bulk

from jiujinan.outbox.models import OutboxEvent
from jiujinan.outbox.services import DeliveryFailed, Relayed, relay
from needs.catalogue import cluster, entries
from needs.catalogue.cluster import FAILURES
from needs.catalogue.documents import GENERATION, ProjectDocument, document_of
from needs.catalogue.engine import DESTINATION
from needs.catalogue.entries import Row
from needs.catalogue.lease import leased

CHUNK = 2000
CONFLICT = 409
Progress = Callable[[int], None]


class IndexingFailed(Exception):
    """Documents were refused for another reason than being late."""


def deliver(*, now: datetime) -> Relayed:
    """Tell Elasticsearch what changed, in order for each project."""
    return relay(destination=DESTINATION, send=_send, now=now)


def _send(event: OutboxEvent) -> None:
    row = entries.read_one(str(event.payload["project"]))
    if row is None:
        return
    try:
        write_document(row, terms=entries.stored_terms([row.place]).get(row.place, ""))
    except FAILURES as error:
        raise DeliveryFailed(type(error).__name__) from error


def write_document(row: Row, *, terms: str) -> bool:
    """Write one document; return False where a newer one stands."""
    try:
        cluster.patient().index(
            index=cluster.alias(),
            id=row.entry.number,
            document=document_of(row, terms),
            version=row.version,
            version_type="external_gte",
            require_alias=True,
        )
    except ConflictError:
        return False
    return True


def rebuild(*, now: datetime, progress: Progress = lambda done: None) -> int:
    """Fill a new index, let it take over, drop the old ones; return how many documents it holds.

    One rebuild at a time (raises lease.Busy). What changes meanwhile is written to the old index by `deliver`
    and to the new one before and after the swap, from the marks of the entries.
    """
    with leased("catalogue-rebuild", now=now):
        name = f"{cluster.alias()}-{GENERATION}-{now:%Y%m%d%H%M%S%f}"
        _create(name)
        mark = entries.current_mark()
        count = _fill(name, entries.read_all(), progress)
        mark = _catch_up(name, mark)
        _swap(name)
        _catch_up(name, mark)
        cluster.patient().indices.refresh(index=name)
        return count


def _create(name: str) -> None:
    mapping = ProjectDocument._doc_type.mapping.to_dict()
    cluster.patient().indices.create(
        index=name, mappings=mapping, settings={"number_of_replicas": 0, "refresh_interval": "1s"}
    )


def _catch_up(name: str, mark: str) -> str:
    """Write what changed since the mark; return the mark of now."""
    fresh = entries.current_mark()
    _fill(name, entries.written_since(mark), lambda done: None)
    return fresh


def _fill(name: str, rows: Iterable[Row], progress: Progress) -> int:
    count = 0
    for _ in _written(_actions(name, rows)):
        count += 1
        if count % CHUNK == 0:
            progress(count)
    return count


def _written(actions: Iterator[dict[str, Any]]) -> Iterator[tuple[str, bool]]:
    """Write in bulk; yield each number, and whether its document was taken or a newer one stands."""
    for fine, result in streaming_bulk(cluster.patient(), actions, chunk_size=CHUNK, raise_on_error=False):
        told = next(iter(result.values()))
        if not fine and told["status"] != CONFLICT:
            raise IndexingFailed(str(result)[:300])
        yield str(told["_id"]), bool(fine)


def _actions(name: str, rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    chunk: list[Row] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield from _chunk_actions(name, chunk)
            chunk = []
    yield from _chunk_actions(name, chunk)


def _chunk_actions(name: str, rows: list[Row]) -> Iterator[dict[str, Any]]:
    terms = entries.stored_terms([row.place for row in rows])
    for row in rows:
        yield {
            "_op_type": "index",
            "_index": name,
            "_id": row.entry.number,
            "_source": document_of(row, terms.get(row.place, "")),
            "version": row.version,
            "version_type": "external_gte",
        }


def _swap(name: str) -> None:
    """Let the new index take over, and drop the others: also one that a broken rebuild left behind."""
    indices = cluster.patient().indices
    others = [held for held in indices.get(index=f"{cluster.alias()}-*") if _is_ours(held) and held != name]
    actions: list[dict[str, Any]] = [{"remove_index": {"index": other}} for other in others]
    indices.update_aliases(actions=[*actions, {"add": {"index": name, "alias": cluster.alias()}}])


def _is_ours(name: str) -> bool:
    return re.fullmatch(rf"{re.escape(cluster.alias())}-v\d+\.\d+-\d+", name) is not None


def has_index() -> bool:
    """Return whether an index of ours, and of this version's mapping and text chain, stands under the alias."""
    indices = cluster.patient().indices
    if not indices.exists_alias(name=cluster.alias()):
        return False
    return all(
        name.startswith(f"{cluster.alias()}-{GENERATION}-")
        for name in indices.get_alias(name=cluster.alias())
    )


def differences() -> list[str]:
    """Return the numbers whose documents are not what the entries say: missing, older, other, or of no project."""
    held = {number: _digest(document) for number, document in _held()}
    wrong = []
    for rows in _in_chunks(list(entries.read_all())):
        terms = entries.stored_terms([row.place for row in rows])
        wanted = {row.entry.number: _digest(document_of(row, terms.get(row.place, ""))) for row in rows}
        wrong += [number for number, digest in wanted.items() if held.pop(number, None) != digest]
    return sorted([*wrong, *held])


def _digest(document: dict[str, Any]) -> bytes:
    """Return what stands for a document while all of them are compared: 16 bytes instead of six thousand."""
    return blake2b(json.dumps(document, sort_keys=True).encode(), digest_size=16).digest()


def mend(numbers: Iterable[str]) -> int:
    """Write or delete the documents of these numbers; return how many."""
    wrong = list(numbers)
    for start in range(0, len(wrong), CHUNK):
        chunk = wrong[start : start + CHUNK]
        rows = {row.entry.number: row for row in entries.read_some(chunk)}
        refused = [
            number for number, taken in _written(_actions(cluster.alias(), rows.values())) if not taken
        ]
        for number in refused:
            _overwrite(rows[number])
        for number in set(chunk).difference(rows):
            cluster.patient().delete(index=cluster.alias(), id=number)
    cluster.patient().indices.refresh(index=cluster.alias())
    return len(wrong)


def _overwrite(row: Row) -> None:
    """Write the document even over one, or the trace of one, that claims a version which no entry has given."""
    terms = entries.stored_terms([row.place]).get(row.place, "")
    if not write_document(row, terms=terms):
        document = document_of(row, terms)
        written = cluster.patient().index(index=cluster.alias(), id=row.entry.number, document=document)
        entries.raise_version(row, to=written["_version"])


def _in_chunks(rows: list[Row]) -> Iterator[list[Row]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def _held() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every document with its id, in the order of numbers."""
    patient = cluster.patient()
    patient.indices.refresh(index=cluster.alias())
    after: list[Any] | None = None
    while True:
        found = patient.search(
            index=cluster.alias(),
            size=CHUNK,
            sort=[{"number": "asc"}],
            search_after=after,
            query={"match_all": {}},
        )
        hits = found["hits"]["hits"]
        for hit in hits:
            yield hit["_id"], hit["_source"]
        if len(hits) < CHUNK:
            return
        after = hits[-1]["sort"]
