"""
Free text about a need: masked when it is proposed, confirmed by two other people, and only then told.

What was typed is stored nowhere, so nobody who confirms or publishes can see it. `told_text` is the one question
that the gate asks; its answer is None unless everything still holds.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_confirm_text, can_handle_case
from jiujinan.audit.services import record
from jiujinan.sealing.services import open_fields
from needs.anonymise.known import find_known
from needs.anonymise.numbers import find_numbers
from needs.anonymise.redact import MASK, RULES_VERSION, Redacted, redact
from needs.models import CaseRecord, Need, ToldText
from needs.services.cases import NotReady

SEALED = ("name", "id_number", "phone", "address", "bank_account")
SHORTEST, LONGEST = 10, 1_000
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Proposed:
    """What became of a proposal: the masked text, and its row unless it is blocked."""

    redacted: Redacted
    told: ToldText | None


class NotSeen(Exception):
    """What was confirmed is not what stands there now: the page must be read again."""


def text_hash(text: str, spans: Sequence[Sequence[object]]) -> str:
    """Return the SHA-256 (hex) of a masked text with its spans and the version of the rules."""
    said = json.dumps([RULES_VERSION, text, [list(span) for span in spans]], ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", errors="surrogatepass")).hexdigest()


@transaction.atomic
def propose_text(
    *, need: Need, text: str, also_hide: Iterable[str] = (), by: User, now: datetime
) -> Proposed:
    """Mask a text and put it before two others; a text that masking can't mend is returned and not stored.

    Known values are those sealed about the household, opened with a trace, and what `also_hide` adds. Raises
    NotAllowed unless `by` is a case officer of the region; NotReady for a text of fewer than 10 or more than
    1,000 characters.
    """
    case = CaseRecord.objects.select_for_update().get(pk=need.case_id)
    if not can_handle_case(by, region=case.region_id):
        raise NotAllowed("only a case officer of the region proposes a text")
    text = text.strip()
    if not SHORTEST <= len(text) <= LONGEST:
        raise NotReady(["text_length"])
    redacted = redact(text, [*_known(case, by, now, "masking a text for the public"), *also_hide])
    if redacted.blocked:
        _note(case, "text.blocked", by, now, {"kinds": _kinds(redacted)})
        return Proposed(redacted, None)
    ToldText.objects.filter(need=need, set_aside_at=None).update(set_aside_at=now, set_aside_by=by)
    spans = [[span.start, span.end, span.kind.value] for span in redacted.spans]
    told = ToldText.objects.create(
        need=need,
        text=redacted.text,
        spans=spans,
        text_hash=text_hash(redacted.text, spans),
        rules_version=RULES_VERSION,
        proposed_by=by,
        proposed_at=now,
    )
    _note(case, "text.proposed", by, now, {"text": told.text_hash, "kinds": _kinds(redacted)})
    return Proposed(redacted, told)


@transaction.atomic
def confirm_text(*, told: ToldText, seen: str, by: User, now: datetime) -> ToldText:
    """Confirm having seen the masked text and every span; the second confirmation lets it be told.

    `seen` is the hash of the page that was read. Raises NotAllowed unless `by` verifies or publishes in the
    region and neither proposed nor confirmed it; NotSeen when the text is another by now or is set aside.
    """
    told = ToldText.objects.select_for_update().get(pk=told.pk)
    case = CaseRecord.objects.get(need=told.need_id)
    had_a_hand = {told.proposed_by_id, told.first_by_id, told.second_by_id} - {None}
    if not can_confirm_text(by, region=case.region_id, had_a_hand=had_a_hand):
        raise NotAllowed("two people who had no hand in the text confirm it")
    if told.set_aside_at or told.confirmations > 1 or seen != told.text_hash or not _is_whole(told):
        raise NotSeen
    if told.first_by_id is None:
        told.first_by, told.first_at, told.first_hash = by, now, seen
        told.save(update_fields=["first_by", "first_at", "first_hash"])
    else:
        told.second_by, told.second_at, told.second_hash = by, now, seen
        told.save(update_fields=["second_by", "second_at", "second_hash"])
    _note(case, "text.confirmed", by, now, {"text": seen, "confirmations": told.confirmations})
    return told


@transaction.atomic
def set_text_aside(*, told: ToldText, reason: str, by: User, now: datetime) -> ToldText:
    """Keep a text from being told: anyone who could confirm it, or the officer, may say that it tells too much."""
    told = ToldText.objects.select_for_update().get(pk=told.pk)
    case = CaseRecord.objects.get(need=told.need_id)
    may = can_confirm_text(by, region=case.region_id, had_a_hand=set())
    if not (may or can_handle_case(by, region=case.region_id)):
        raise NotAllowed("only somebody of the desk that covers the region sets a text aside")
    if not reason.strip():
        raise NotReady(["reason_missing"])
    if told.set_aside_at is None:
        told.set_aside_at, told.set_aside_by, told.set_aside_reason = now, by, reason.strip()[:LONGEST_REASON]
        told.save(update_fields=["set_aside_at", "set_aside_by", "set_aside_reason"])
        _note(case, "text.set_aside", by, now, {"text": told.text_hash}, reason.strip()[:LONGEST_REASON])
    return told


def told_text(*, need: Need, by: User | None, now: datetime) -> str:
    """Return the text that may be told beside the composed words, "" unless everything still holds.

    Asked by the gate alone, inside its transaction. Two different people confirmed these very bytes under
    today's rules, and no value that is sealed about the household by now stands in them. Fails closed: by
    nobody (the clock), or where anything doubtful is found, there is no text.
    """
    told = ToldText.objects.filter(need=need, set_aside_at=None).first()
    if told is None or by is None or told.confirmations != 2 or not _is_whole(told):
        return ""
    people = {told.proposed_by_id, told.first_by_id, told.second_by_id}
    if len(people) != 3 or {told.first_hash, told.second_hash} != {told.text_hash}:
        return ""
    case = CaseRecord.objects.get(pk=need.case_id)
    known = _known(case, by, now, "checking a masked text before it is told")
    left = told.text.replace(MASK, "\n")
    if any(find_known(left, known)) or any(find_numbers(left)):
        return ""
    return told.text


def _is_whole(told: ToldText) -> bool:
    """Return whether the row is what was hashed, and was hashed by today's rules."""
    return told.rules_version == RULES_VERSION and told.text_hash == text_hash(told.text, told.spans)


def _known(case: CaseRecord, by: User, now: datetime, reason: str) -> list[str]:
    people = list(case.household.members.all())
    opened = open_fields(rows=people, fields=SEALED, case=str(case.pk), by=by, reason=reason, now=now)
    return [value for fields in opened for value in fields.values() if value] + [case.number]


def _kinds(redacted: Redacted) -> list[str]:
    return sorted({span.kind.value for span in redacted.spans})


def _note(
    case: CaseRecord, act: str, by: User, now: datetime, data: dict[str, object], reason: str = ""
) -> None:
    subject = f"case:{case.pk}"
    record(stream=subject, action=act, by=by, subject=subject, reason=reason, data=data, now=now)
