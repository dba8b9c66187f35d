"""
The way of a case file: received → checked (only what it would do is written) → approved → taken in.

Each step can be killed anywhere and is simply done again: checking writes its result in one transaction, taking in
writes part by part, each with its mark. Whoever works on a file says so (`worked_at`); after a while of silence
another process goes on.
"""

import base64
import gc
import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_import
from jiujinan.audit.services import record
from jiujinan.bulk import sparing
from jiujinan.collecting import resting
from jiujinan.sealing.fields import Plain, SealedField
from jiujinan.tabular.limits import DEFAULT, MEGABYTE
from needs.intake import checking
from needs.intake.ahead import Ahead
from needs.intake.deciding import Decided
from needs.intake.models import (
    WORKING,
    Import,
    ImportChunk,
    ImportPart,
    ImportProblem,
    ImportRow,
    ImportState,
)
from needs.intake.packing import unpack
from needs.intake.services import import_part

SILENCE = timedelta(minutes=2)
_LONGEST_NAME = 120
Clock = Callable[[], datetime]  # work that takes minutes asks again what time it is


class TooLarge(ValueError):
    """The file is larger than is read; `limit_mb` says how large it may be."""

    def __init__(self, limit_mb: int) -> None:
        super().__init__(f"more than {limit_mb} MB")
        self.limit_mb = limit_mb


class WrongStep(ValueError):
    """The file is not where that step begins: somebody was faster."""


@transaction.atomic
def receive(
    *, name: str, pieces: Iterable[bytes], source: str, channel: str, by: User, now: datetime
) -> Import:
    """Keep the file, sealed, until it is read; raise TooLarge as soon as it is, NotAllowed for strangers."""
    if not can_import(by):
        raise NotAllowed("only a case officer or supervisor brings case files")
    batch = Import.objects.create(
        file_name=name[-_LONGEST_NAME:], file_bytes=0, source=source, channel=channel, by=by, received_at=now
    )
    digest, size = hashlib.sha256(), 0
    for seq, piece in enumerate(pieces, start=1):
        size += len(piece)
        if size > DEFAULT.file_bytes:
            raise TooLarge(DEFAULT.file_bytes // MEGABYTE)
        digest.update(piece)
        ImportChunk.objects.create(
            batch=batch, seq=seq, content=Plain(base64.b64encode(piece).decode("ascii"))
        )
    batch.file_bytes, batch.file_digest = size, digest.hexdigest()
    batch.save(update_fields=["file_bytes", "file_digest"])
    _note(batch, "import.received", by, now, {"bytes": size})
    return batch


@transaction.atomic
def approve(*, batch: Import, by: User, now: datetime) -> Import:
    """Let the good rows in; raise WrongStep unless the file is checked, NotAllowed unless `by` brought it."""
    batch = _locked(batch, by)
    if batch.state != ImportState.CHECKED:
        raise WrongStep(batch.state)
    batch.state, batch.approved_at, batch.worked_at = ImportState.APPROVED, now, None
    batch.save(update_fields=["state", "approved_at", "worked_at"])
    _note(batch, "import.approved", by, now, {})
    return batch


@transaction.atomic
def discard(*, batch: Import, by: User, now: datetime) -> Import:
    """Throw the file away before anything is taken in; what was kept of its content goes."""
    batch = _locked(batch, by)
    if batch.state not in {ImportState.RECEIVED, ImportState.CHECKED}:
        raise WrongStep(batch.state)
    batch.state, batch.finished_at = ImportState.DISCARDED, now
    batch.save(update_fields=["state", "finished_at"])
    for kept in (batch.chunks, batch.parts, batch.bad_rows):
        kept.all().delete()
    _note(batch, "import.discarded", by, now, {})
    return batch


def waiting(now: datetime) -> QuerySet[Import]:
    """Return the files that something is to be done about and nobody works on."""
    silent = Q(worked_at=None) | Q(worked_at__lt=now - SILENCE)
    return Import.objects.filter(silent, state__in=WORKING).order_by("received_at", "pk")


def claim(*, batch: Import, now: datetime) -> bool:
    """Take the file on; return False if another process has it."""
    return bool(waiting(now).filter(pk=batch.pk).order_by().update(worked_at=now))


def advance(*, batch: Import, clock: Clock) -> Import:
    """Do what is to be done about the file now: check it, or take its good rows in."""
    with sparing(), resting():
        if batch.state == ImportState.RECEIVED:
            _check(batch, clock)
        elif batch.state == ImportState.APPROVED:
            for _done in take_in(batch=batch, clock=clock):
                pass
    batch.refresh_from_db()
    return batch


def take_in(*, batch: Import, clock: Clock) -> Iterator[Import]:
    """Write the file part by part, yielding after each; ends when everything is in."""
    with Ahead(parts=batch.parts.filter(content__isnull=False).count()) as ahead:
        while (done := _take_part(batch_id=batch.pk, ahead=ahead, now=clock())) is not None:
            gc.collect()
            yield done


def _check(batch: Import, clock: Clock) -> None:
    with _as_file(batch) as path:
        found = checking.check(
            path=path, source=batch.source, channel=batch.channel, by=batch.by, now=clock()
        )
    checking.keep(batch_id=batch.pk, found=found, now=clock())


@contextmanager
def _as_file(batch: Import) -> Iterator[Path]:
    """Put the file on the disk for the time of the block, where its owner alone reads it."""
    field = ImportChunk._meta.get_field("content")
    assert isinstance(field, SealedField)
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        path = Path(folder) / "file"
        with path.open("wb") as stream:
            for chunk in batch.chunks.order_by("seq").iterator(chunk_size=4):
                stream.write(base64.b64decode(field.open(chunk) or ""))
        yield path


@transaction.atomic
def _take_part(*, batch_id: UUID, ahead: Ahead, now: datetime) -> Import | None:
    """Write the next part, with the mark that it is done; return None when there is nothing left to do."""
    batch = Import.objects.select_for_update(of=("self",)).select_related("by").get(pk=batch_id)
    if batch.state != ImportState.APPROVED:
        return None
    waiting = list(batch.parts.filter(content__isnull=False).order_by("seq")[:2])
    if not waiting:
        _finish(batch, now)
        return None
    field = ImportPart._meta.get_field("content")
    assert isinstance(field, SealedField)
    part, texts = waiting[0], [field.open(one) or "" for one in waiting]
    cases = unpack(texts[0])
    built = ahead.built(part.pk, cases)
    if len(waiting) > 1:
        ahead.begin(waiting[1].pk, texts[1], now)
    decided = import_part(cases=cases, by=batch.by, now=now, batch=str(batch.pk), built=built)
    _settle_rows(batch, decided)
    ImportPart.objects.filter(pk=part.pk).update(content=None)
    batch.done, batch.worked_at = batch.done + len(cases), now
    batch.save(update_fields=["done", "worked_at"])
    return batch


def _settle_rows(batch: Import, decided: list[Decided]) -> None:
    """Write what really became of the rows where it is not what was foreseen."""
    numbers = [one.row.row for one in decided]
    span = (min(numbers), max(numbers))
    foreseen = dict(batch.rows.filter(row__range=span).values_list("row", "outcome"))
    for one in decided:
        if foreseen.get(one.row.row) != one.outcome:
            ImportRow.objects.filter(batch=batch, row=one.row.row).update(outcome=one.outcome)
            if one.rejection is not None:
                ImportProblem.objects.create(**checking.problem_of(batch.pk, one.rejection))


def _finish(batch: Import, now: datetime) -> None:
    outcomes = batch.rows.values_list("outcome", flat=True)
    batch.counts = checking.counted(batch.counts, outcomes)
    batch.state, batch.finished_at = ImportState.DONE, now
    batch.save(update_fields=["counts", "state", "finished_at"])
    batch.parts.all().delete()
    _note(batch, "import.done", batch.by, now, batch.counts)


def _locked(batch: Import, by: User) -> Import:
    batch = Import.objects.select_for_update().get(pk=batch.pk)
    if batch.by_id != by.pk or not can_import(by):
        raise NotAllowed("only who brought the file decides about it")
    return batch


def _note(batch: Import, action: str, by: User, now: datetime, data: dict[str, object]) -> None:
    subject = f"import:{batch.pk}"
    record(stream=subject, action=action, by=by, subject=subject, data=data, now=now)
