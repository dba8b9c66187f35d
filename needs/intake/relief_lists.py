"""A list of relief on its way in: checked at once, kept sealed, and taken in when who brought it says yes."""

import base64
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import transaction

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_import
from jiujinan.audit.services import record
from jiujinan.sealing.fields import Plain, SealedField
from jiujinan.tabular.outcome import Rejection
from needs.intake.imports import TooLarge, WrongStep
from needs.intake.models import ReliefList, ReliefState
from needs.intake.relief import ReliefRead, import_relief, known_people, read_relief

LARGEST_MB = 10  # some 200,000 rows; `manage.py import_relief` takes larger ones
PROBLEMS_KEPT = 1000
_LONGEST_NAME = 120


@transaction.atomic
def check_list(*, name: str, content: bytes, by: User, now: datetime) -> ReliefList:
    """Read the list, keep it sealed, and note what it would do; raise TooLarge, or NotAllowed for strangers."""
    if not can_import(by):
        raise NotAllowed("only a case officer or supervisor brings lists of relief")
    if len(content) > LARGEST_MB << 20:
        raise TooLarge(LARGEST_MB)
    with _as_file(content) as path:
        found = read_relief(path)
    is_unreadable = not found.new and not found.known and any(one.is_of_file for one in found.rejections)
    kept = ReliefList(
        file_name=name[-_LONGEST_NAME:],
        state=ReliefState.UNREADABLE if is_unreadable else ReliefState.CHECKED,
        counts=_counts(found),
        problems=[_told(one) for one in found.rejections[:PROBLEMS_KEPT]],
        by=by,
        received_at=now,
    )
    if not is_unreadable:
        kept.content = Plain(base64.b64encode(content).decode("ascii"))
    kept.save()
    _note(kept, f"relief.{kept.state}", by, now)
    return kept


@transaction.atomic
def approve_list(*, relief: ReliefList, by: User, now: datetime) -> ReliefList:
    """Take the good rows in; raise WrongStep unless the list waits, NotAllowed unless `by` brought it."""
    relief = _waiting(relief, by)
    field = ReliefList._meta.get_field("content")
    assert isinstance(field, SealedField)
    with _as_file(base64.b64decode(field.open(relief) or "")) as path:
        result = import_relief(path=path, by=by, now=now)
    relief.counts = {**relief.counts, "new": result.added, "known": result.known}
    return _end(relief, ReliefState.DONE, by, now)


@transaction.atomic
def discard_list(*, relief: ReliefList, by: User, now: datetime) -> ReliefList:
    """Throw the list away before anything of it is taken in."""
    return _end(_waiting(relief, by), ReliefState.DISCARDED, by, now)


def _waiting(relief: ReliefList, by: User) -> ReliefList:
    relief = ReliefList.objects.select_for_update(of=("self",)).get(pk=relief.pk)
    if relief.by_id != by.pk or not can_import(by):
        raise NotAllowed("only who brought the list decides about it")
    if relief.state != ReliefState.CHECKED:
        raise WrongStep(relief.state)
    return relief


def _end(relief: ReliefList, state: ReliefState, by: User, now: datetime) -> ReliefList:
    relief.state, relief.content, relief.finished_at = state, None, now
    relief.save(update_fields=["state", "content", "finished_at", "counts"])
    _note(relief, f"relief.{state}", by, now)
    return relief


@contextmanager
def _as_file(content: bytes) -> Iterator[Path]:
    """Put the list on the disk for the time of the block, where its owner alone reads it."""
    with tempfile.TemporaryDirectory(prefix="relief-") as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        yield path


def _counts(found: ReliefRead) -> dict[str, int]:
    return {
        "new": len(found.new),
        "of_known_people": known_people(found.new),
        "known": found.known,
        "bad_rows": len({(one.sheet, one.row) for one in found.rejections}),
        "problems": len(found.rejections),
    }


def _told(one: Rejection) -> dict[str, str | int]:
    """Return what a page says of the rejection; no text repeats what a sensitive column holds."""
    return {"row": one.row, "column": one.column, "message": one.message, "message_en": one.message_en}


def _note(relief: ReliefList, action: str, by: User, now: datetime) -> None:
    record(stream="relief", action=action, by=by, subject=f"relief:{relief.pk}", data=relief.counts, now=now)
