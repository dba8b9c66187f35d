"""One case that somebody types in: read by the schema and the rules of the case file, owned from its first minute."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from jiujinan.accounts.models import User
from jiujinan.audit.services import record
from jiujinan.sealing.blind_index import blind_indexes
from jiujinan.tabular.numbers import id_number as read_id_number
from jiujinan.tabular.outcome import CellError
from needs.intake.deciding import ENDED
from needs.intake.models import CaseDraft, Outcome
from needs.intake.programs import take_json
from needs.intake.schema import CASES
from needs.models import CaseRecord

_POINTER = re.compile(r"^/cases/0(?:/(?P<sheet>members|items)/(?P<place>\d+))?(?:/(?P<column>\w+))?$")
_KNOWN_CASE = frozenset(Outcome) - {Outcome.IMPORTED, Outcome.DUPLICATES, Outcome.REFUSED_REGION}
_KNOWN = (
    "已有此编号的案卷；请核对编号，或在该案卷上办理变更。",
    "A case of this number exists already; check the number, or change that case on its page.",
)


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing to mend: the `place`-th row (from 0) of a sheet, its column ("" for the row), and what to do."""

    sheet: str
    place: int
    column: str
    code: str
    message: str
    message_en: str


class NotTaken(Exception):
    """Nothing was written; `errors` say why, value by value."""

    def __init__(self, errors: list[Wrong]) -> None:
        super().__init__(", ".join(sorted({error.code for error in errors})))
        self.errors = errors


@transaction.atomic
def take_typed(*, typed: Mapping[str, Any], key: UUID, by: User, now: datetime) -> CaseRecord:
    """
    Take one case in and return it; the same form again returns the same case.

    `typed` is a case as a program sends it (`needs.intake.programs`), texts as they were typed; without a number it is
    given one. `key` names the form, and its draft, which goes with it. Raises NotTaken with what is to be mended,
    KeyReused where the form was taken in before with other words, NotAllowed for whoever may bring no cases.
    """
    number = str(typed.get("number") or "").strip() or number_of(key, now)
    source = str(typed.get("source") or "civil_affairs")
    case = {**typed, "number": number, "source": source}
    answer = take_json(cases=[case], source=source, channel="application", key=str(key), by=by, now=now)
    (result,) = answer["results"]
    if (
        result["outcome"] != Outcome.IMPORTED or result["errors"]
    ):  # a file's good part is taken, a form's is not
        raise NotTaken(_wrong(result, answer["errors"]))
    taken = CaseRecord.objects.get(source=source, number=result["number"])
    _end_draft(key, taken, by, now)
    return taken


def number_of(key: UUID, now: datetime) -> str:
    """Return the number of a case that has none yet: the day and a part of the form's key, so it is the same again."""
    return f"SG-{timezone.localdate(now):%Y%m%d}-{key.hex[:6].upper()}"


def standing_cases(*, id_number: str) -> QuerySet[CaseRecord]:
    """Return the cases in hand of the household whose member has this ID number, written as people write it."""
    try:
        indexes = blind_indexes(read_id_number(id_number), kind="id_number")
    except CellError:
        return CaseRecord.objects.none()
    return CaseRecord.objects.filter(household__members__id_index__in=indexes).exclude(state__in=ENDED)


def _end_draft(key: UUID, case: CaseRecord, by: User, now: datetime) -> None:
    """Delete the form's draft, and say in its trail what came of it: its openings were not idle."""
    ended, _ = CaseDraft.objects.filter(pk=key, by=by).delete()
    if ended:
        subject = f"case:draft-{key}"
        data = {"case": str(case.pk)}
        record(stream=subject, action="draft.taken_in", by=by, subject=subject, data=data, now=now)


def _wrong(result: Mapping[str, Any], others: list[Mapping[str, str]]) -> list[Wrong]:
    if result["outcome"] in _KNOWN_CASE:
        return [Wrong(CASES.name, 0, "number", "number_known", *_KNOWN)]
    return [_placed(error) for error in [*result["errors"], *others]]


def _placed(error: Mapping[str, str]) -> Wrong:
    found = _POINTER.match(error["pointer"])
    sheet, place, column = found.group("sheet", "place", "column") if found else (None, None, None)
    texts = (error["code"], error["message"], error["message_en"])
    return Wrong(sheet or CASES.name, int(place or 0), column or "", *texts)
