"""Writes the cases of a file that was read: in parts, each whole, so that a killed import is run again."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import transaction

from jiujinan.accounts.models import User
from jiujinan.audit.services import record
from jiujinan.bulk import insert
from jiujinan.tabular.outcome import Rejection
from needs.intake import records, suspects
from needs.intake.ahead import Built
from needs.intake.deciding import Decided, Known, counts, decide, look_up
from needs.intake.models import Outcome
from needs.intake.records import Records
from needs.intake.rows import CaseFile, CaseRow
from needs.models import Need, NeedItem, Person
from needs.queries import channel_of_first_word
from needs.services.consents import withdraw_by_file
from needs.services.measuring import outdate_plans
from needs.services.owners import receive
from needs.services.rescoring import owe_scores
from needs.services.returns import answer_by_source

PART = 1000  # cases written in one transaction


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of a file's cases; `rejections` name each row that was not written, with the reason."""

    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: int = 0
    refused_older: int = 0
    refused_settled: int = 0
    consents_withdrawn: int = 0
    refused_region: int = 0
    rejections: tuple[Rejection, ...] = field(default=(), repr=False)


def import_cases(*, file: CaseFile, by: User, now: datetime, batch: str) -> ImportResult:
    """
    Write every case of the file that is new or newer; the same file again changes nothing.

    A case is known by source and number, its content by a sealed digest, a person by the blind index of
    the ID number. `batch` names the import in the audit trail.
    """
    total: Counter[str] = Counter()
    rejections: list[Rejection] = []
    waiting = iter(file.cases)
    while part := list(islice(waiting, PART)):
        done = import_part(cases=part, by=by, now=now, batch=batch)
        total.update(counts(done))
        rejections.extend(one.rejection for one in done if one.rejection is not None)
    return ImportResult(**total, rejections=tuple(rejections))


@transaction.atomic
def import_part(
    *, cases: Sequence[CaseRow], by: User, now: datetime, batch: str, built: Sequence[Built] | None = None
) -> list[Decided]:
    """
    Write what the cases ask for and note who may be known under another number; return what was decided.

    `built` are the cases' new rows where another process built them ahead.
    """
    known = look_up(cases, lock=True)
    ahead = dict(zip((row.row for row in cases), built or (), strict=built is not None))
    contents = {row: content for row, (content, _) in ahead.items()}
    decided = decide(cases=cases, by=by, known=known, contents=contents)
    new = [_build(one, known, now, ahead) for one in decided if one.outcome == Outcome.IMPORTED]
    found = suspects.find(people=[person for made in new for person in (made.head, *made.members)], now=now)
    _write(new, by, now)
    changed = []
    for one in decided:
        if one.outcome == Outcome.UPDATED:
            changed += _rewrite(one, known, by, now)
        elif one.outcome == Outcome.CONSENTS_WITHDRAWN:
            _withdraw(one, by, now)
    outdate_plans(now=now)
    found_too = suspects.find(people=changed, now=now) if changed else suspects.Found()
    insert([*found.suspects, *found_too.suspects])
    record(
        stream=f"import:{batch}",
        action="cases.imported",
        by=by,
        subject=f"import:{batch}",
        data={
            "rows": [cases[0].row, cases[-1].row],
            **counts(decided),
            **(Counter(found.figures()) + Counter(found_too.figures())),
        },
        now=now,
    )
    return decided


def _build(one: Decided, known: Known, now: datetime, ahead: Mapping[int, Built]) -> Records:
    if one.row.row in ahead:
        made = ahead[one.row.row][1]
        made.case.received_at = made.need.score_due_at = now
    else:
        made = records.build(one.row, content=one.content, now=now)
    if one.head is not None:
        _move_in(made, one.head, one.row)
    made.members = _unknown(made.members, one.row, known)
    known.people[one.row.id_number] = made.head
    return made


def _move_in(made: Records, head: Person, row: CaseRow) -> None:
    """Give the new case to the household that its head already has; its facts are written afresh."""
    home = head.household
    records.set_household(home, row)
    home.save()
    records.set_head(head, row)
    head.save()
    _forget_members([home.pk])
    for member in made.members:
        member.household = home
    made.household, made.head, made.case.household = home, head, home


def _unknown(members: Sequence[Person], row: CaseRow, known: Known) -> list[Person]:
    """Return the members who are not known already, in this household or in another, and know them from now on."""
    new = []
    for member, said in zip(members, row.members, strict=True):
        if said.id_number and known.people.setdefault(said.id_number, member) is not member:
            continue
        new.append(member)
    return new


def _withdraw(one: Decided, by: User, now: datetime) -> None:
    """Follow a newer row that withdraws the consent of a case which a file may not rewrite any more."""
    assert one.case is not None
    assert one.row.consent_withdrawn_on is not None
    withdraw_by_file(case=one.case, on=one.row.consent_withdrawn_on, version=one.row.version, by=by, now=now)


def _rewrite(one: Decided, known: Known, by: User, now: datetime) -> list[Person]:
    """Write the changed case over the known one; return its people."""
    case, row = one.case, one.row
    assert case is not None
    home, head = case.household, known.heads[case.household_id]
    helped = case.beneficiary.id_index if case.beneficiary is not None else ""
    _forget_members([home.pk])
    gone = [key for key, person in known.people.items() if person.household_id == home.pk and person != head]
    for key in gone:
        del known.people[key]
    records.set_household(home, row)
    home.save()
    records.set_head(head, row)
    head.save()
    known.people[row.id_number] = head
    members = _unknown([records.member_of(home, member) for member in row.members], row, known)
    insert(members)
    records.set_case(case, row, content=one.content)
    case.channel = channel_of_first_word(case) or case.channel
    case.beneficiary = next(
        (person for person in (head, *members) if helped and person.id_index == helped), None
    )
    case.save()
    need, _ = Need.objects.get_or_create(case=case, defaults={"tier": row.tier})
    need.items.all().delete()
    insert(records.items_of(need, row))
    answer_by_source(case=case, version=row.version, by=by, now=now)
    owe_scores(needs=Need.objects.filter(pk=need.pk), now=now)
    return [head, *members]


def _forget_members(homes: Sequence[UUID]) -> None:
    """Delete the households' members, who are written afresh, but for those whom something else refers to."""
    members = Person.objects.filter(household__in=homes, is_head=False, merged_into=None)
    members.filter(merged=None, aid=None).delete()


def _write(new: Sequence[Records], by: User, now: datetime) -> None:
    receive(cases=[made.case for made in new], by=by, now=now)
    people = [person for made in new for person in (made.head, *made.members)]
    insert([made.household for made in new if made.household._state.adding])
    insert([person for person in people if person._state.adding])
    insert([made.case for made in new])
    insert([made.need for made in new])
    items: list[NeedItem] = [item for made in new for item in made.items]
    insert(items)
