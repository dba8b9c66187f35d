"""Writes the cases of a file that was read: in parts, each whole, so that a killed import is run again."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db import transaction

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import can_handle_case
from jiujinan.audit.services import record
from jiujinan.tabular.outcome import Rejection
from needs.intake import records
from needs.intake.messages import TEXTS
from needs.intake.records import Records
from needs.intake.rows import CaseFile, CaseRow
from needs.intake.schema import CASES
from needs.models import CaseRecord, Household, Need, NeedItem, Person
from needs.services.consents import withdraw_by_file
from needs.services.measuring import outdate_plans
from needs.services.owners import receive
from needs.services.rescoring import owe_scores
from needs.services.returns import answer_by_source
from needs.states import CaseState

PART = 500  # cases written in one transaction
# A file may rewrite a case that nobody has judged yet.
REWRITABLE = frozenset({CaseState.RECEIVED, CaseState.RETURNED})
# A person of such a case may come with another one.
ENDED = frozenset({CaseState.REFUSED, CaseState.SUPERSEDED, CaseState.CLOSED})


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

    A case is known by source and number, its content by a keyed digest, a person by the blind index of
    the ID number. `batch` names the import in the audit trail.
    """
    counts: Counter[str] = Counter()
    rejections: list[Rejection] = []
    waiting = iter(file.cases)
    while part := list(islice(waiting, PART)):
        done = _import_part(cases=part, by=by, now=now, batch=batch)
        counts.update(done.counts)
        rejections.extend(done.rejections)
    return ImportResult(**counts, rejections=tuple(rejections))


@dataclass(slots=True)
class _Part:
    """What one transaction does."""

    known: dict[tuple[str, str], CaseRecord]
    people: dict[str, Person]
    busy: set[object]  # households with a case that has not ended
    counts: Counter[str] = field(default_factory=Counter)
    rejections: list[Rejection] = field(default_factory=list)
    new: list[Records] = field(default_factory=list)

    def refuse(self, row: CaseRow, outcome: str, column: str, code: str, **params: object) -> None:
        """Count the outcome and name the row."""
        self.counts[outcome] += 1
        self.rejections.append(
            Rejection(
                sheet=CASES.name_zh,
                row=row.row,
                column=CASES.column(column).name_zh,
                code=code,
                params=params,
                key=row.number,
                sheet_name=CASES.name,
                texts=TEXTS[code],
            )
        )


@transaction.atomic
def _import_part(*, cases: Sequence[CaseRow], by: User, now: datetime, batch: str) -> _Part:
    part = _look_up(cases)
    allowed = {region: can_handle_case(by, region=region) for region in {row.region for row in cases}}
    for row in cases:
        if not allowed[row.region]:
            part.refuse(row, "refused_region", "region", "region_not_yours")
            continue
        content = records.digest(row)
        case = part.known.get((row.source, row.number))
        if case is None:
            _take_new(part, row, content, now)
        else:
            _take_known(part, case, row, content, by, now)
    _write(part.new, by, now)
    outdate_plans(now=now)
    record(
        stream=f"import:{batch}",
        action="cases.imported",
        by=by,
        subject=f"import:{batch}",
        data={"rows": [cases[0].row, cases[-1].row], **part.counts},
        now=now,
    )
    return part


def _look_up(cases: Sequence[CaseRow]) -> _Part:
    """Lock the cases that are known by number, and find everybody who is known by ID number."""
    numbers = {row.number for row in cases}
    found = CaseRecord.objects.select_for_update(of=("self",)).filter(number__in=numbers)
    known = {(case.source, case.number): case for case in found.select_related("household")}
    indexes = {index for row in cases for index in records.indexes(row)}
    people = {person.id_index: person for person in Person.objects.filter(id_index__in=indexes)}
    homes = {person.household_id for person in people.values()}
    open_cases = CaseRecord.objects.filter(household__in=homes).exclude(state__in=ENDED)
    return _Part(known, people, set(open_cases.values_list("household_id", flat=True)))


def _take_new(part: _Part, row: CaseRow, content: str, now: datetime) -> None:
    head = part.people.get(records.id_index(row.id_number))
    if head is not None and (head.household_id in part.busy or not head.is_head):
        part.refuse(row, "duplicates", "id_number", "person_known")
        return
    made = records.build(row, content=content, now=now)
    if head is not None:
        _move_in(made, head, row)
    made.members = _unknown(part, made.members)
    for person in (made.head, *made.members):
        if person.id_index:
            part.people[person.id_index] = person
    part.busy.add(made.household.pk)
    part.new.append(made)
    part.counts["imported"] += 1


def _move_in(made: Records, head: Person, row: CaseRow) -> None:
    """Give the new case to the household that its head already has; its facts are written afresh."""
    home = head.household
    records.set_household(home, row)
    home.save()
    records.set_head(head, row)
    head.save()
    home.members.filter(is_head=False).delete()
    for member in made.members:
        member.household = home
    made.household, made.head, made.case.household = home, head, home


def _unknown(part: _Part, members: Iterable[Person]) -> list[Person]:
    """Return the members who are not known already, in this household or in another."""
    return [member for member in members if not member.id_index or member.id_index not in part.people]


def _take_known(part: _Part, case: CaseRecord, row: CaseRow, content: str, by: User, now: datetime) -> None:
    if case.row_digest == content:
        part.counts["unchanged"] += 1
    elif row.version < case.source_version:
        part.refuse(row, "refused_older", "version", "older_version", known=case.source_version)
    elif case.state not in REWRITABLE and row.consent_withdrawn_on and case.consent_withdrawn_on is None:
        withdraw_by_file(case=case, on=row.consent_withdrawn_on, version=row.version, by=by, now=now)
        part.refuse(row, "consents_withdrawn", "consent_withdrawn_on", "consent_withdrawn_taken")
    elif case.state not in REWRITABLE:
        part.refuse(row, "refused_settled", "number", "case_settled")
    else:
        _rewrite(part, case, row, content, by, now)


def _rewrite(part: _Part, case: CaseRecord, row: CaseRow, content: str, by: User, now: datetime) -> None:
    home = case.household
    head = home.members.get(is_head=True)
    index = records.id_index(row.id_number)
    known = part.people.get(index)
    if known is not None and known.pk != head.pk:
        part.refuse(row, "duplicates", "id_number", "person_known")
        return
    home.members.filter(is_head=False).delete()
    gone = [key for key, person in part.people.items() if person.household_id == home.pk and person != head]
    for key in gone:
        del part.people[key]
    records.set_household(home, row)
    home.save()
    records.set_head(head, row)
    head.save()
    part.people[index] = head
    members = _unknown(part, [records.member_of(home, member) for member in row.members])
    Person.objects.bulk_create(members)
    part.people.update((member.id_index, member) for member in members if member.id_index)
    records.set_case(case, row, content=content)
    case.save()
    need, _ = Need.objects.get_or_create(case=case, defaults={"tier": row.tier})
    need.items.all().delete()
    NeedItem.objects.bulk_create(records.items_of(need, row))
    answer_by_source(case=case, version=row.version, by=by, now=now)
    owe_scores(needs=Need.objects.filter(pk=need.pk), now=now)
    part.counts["updated"] += 1


def _write(new: Sequence[Records], by: User, now: datetime) -> None:
    receive(cases=[made.case for made in new], by=by, now=now)
    people = [person for made in new for person in (made.head, *made.members)]
    Household.objects.bulk_create([made.household for made in new if made.household._state.adding])
    Person.objects.bulk_create([person for person in people if person._state.adding])
    CaseRecord.objects.bulk_create([made.case for made in new])
    Need.objects.bulk_create([made.need for made in new])
    NeedItem.objects.bulk_create([item for made in new for item in made.items])
