"""What each good case of a file does to what is known already, decided before anything is written."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from django.db.models import prefetch_related_objects

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import can_handle_case
from jiujinan.sealing.blind_index import blind_indexes
from jiujinan.tabular.outcome import Rejection
from needs.intake import records
from needs.intake.messages import TEXTS
from needs.intake.models import Outcome
from needs.intake.rows import CaseRow
from needs.intake.schema import CASES
from needs.models import CaseRecord, Person
from needs.queries import people_numbered
from needs.states import CaseState

# A file may rewrite a case that nobody has judged yet.
REWRITABLE = frozenset({CaseState.RECEIVED, CaseState.RETURNED})
# A person of such a case may come with another one.
ENDED = frozenset({CaseState.REFUSED, CaseState.SUPERSEDED, CaseState.CLOSED})


@dataclass(slots=True)
class Known:
    """What the database knows of a part's cases and people; `people` by ID number."""

    cases: dict[tuple[str, str], CaseRecord]
    heads: dict[object, Person]  # by household
    people: dict[str, Person] = field(repr=False)
    busy: set[object]  # households with a case that has not ended


@dataclass(frozen=True, slots=True)
class Decided:
    """What one row does; `case` is the one that it changes, `head` the known person whom a new case is of."""

    row: CaseRow
    content: str
    outcome: Outcome
    rejection: Rejection | None = None
    case: CaseRecord | None = None
    head: Person | None = None


def decide(
    *, cases: Sequence[CaseRow], by: User, known: Known, contents: Mapping[int, str] = MappingProxyType({})
) -> list[Decided]:
    """Return what each case of the part does, in their order; `contents` are digests by row, where known already."""
    allowed = {region: can_handle_case(by, region=region) for region in {row.region for row in cases}}
    return [
        _decide(row, contents.get(row.row) or records.digest(row), known, is_allowed=allowed[row.region])
        for row in cases
    ]


def counts(decided: Sequence[Decided]) -> Counter[str]:
    """Return how many cases have which outcome."""
    return Counter(str(one.outcome) for one in decided)


def look_up(cases: Sequence[CaseRow], *, lock: bool) -> Known:
    """Find the cases that are known by source and number, and everybody who is known by ID number."""
    sources, numbers = {row.source for row in cases}, {row.number for row in cases}
    found = CaseRecord.objects.filter(source__in=sources, number__among=numbers).select_related("household")
    if lock:
        found = found.select_for_update(of=("self",))
    by_number = {(case.source, case.number): case for case in found}
    heads = Person.objects.filter(
        household__in={case.household_id for case in by_number.values()}, is_head=True
    )
    people = _people(cases)
    homes = {person.household_id for person in people.values()}
    waiting = CaseRecord.objects.filter(household__in=homes).exclude(state__in=ENDED)
    return Known(
        by_number,
        {head.household_id: head for head in heads},
        people,
        set(waiting.values_list("household_id", flat=True)),
    )


def _people(cases: Sequence[CaseRow]) -> dict[str, Person]:
    """Return the known people of these cases by ID number: whoever was merged is the one that was kept."""
    numbers = {
        index: number for number in _numbers(cases) for index in blind_indexes(number, kind="id_number")
    }
    found = list(people_numbered(numbers))
    prefetch_related_objects(
        found, "household", "merged_into__household"
    )  # mostly nobody: then nothing more is asked
    return {numbers[person.id_index]: person.merged_into or person for person in found}


def _numbers(cases: Sequence[CaseRow]) -> Iterator[str]:
    for row in cases:
        yield row.id_number
        yield from (member.id_number for member in row.members if member.id_number)


def _decide(row: CaseRow, content: str, known: Known, *, is_allowed: bool) -> Decided:
    if not is_allowed:
        return _refused(row, content, Outcome.REFUSED_REGION, "region", "region_not_yours")
    case = known.cases.get((row.source, row.number))
    if case is not None:
        return _decide_known(row, content, case, known)
    head = known.people.get(row.id_number)
    if head is not None and (head.household_id in known.busy or not head.is_head):
        return _refused(row, content, Outcome.DUPLICATES, "id_number", "person_known")
    return Decided(row, content, Outcome.IMPORTED, head=head)


def _decide_known(row: CaseRow, content: str, case: CaseRecord, known: Known) -> Decided:
    if row.version < case.source_version:
        if records.known_digest(case) == content:
            return Decided(row, content, Outcome.UNCHANGED)
        return _refused(
            row, content, Outcome.REFUSED_OLDER, "version", "older_version", known=case.source_version
        )
    if records.known_digest(case) == content:
        return Decided(row, content, Outcome.UNCHANGED)
    if case.state not in REWRITABLE and row.consent_withdrawn_on and case.consent_withdrawn_on is None:
        refused = _refused(
            row, content, Outcome.CONSENTS_WITHDRAWN, "consent_withdrawn_on", "consent_withdrawn_taken"
        )
        return replace(refused, case=case)
    if case.state not in REWRITABLE:
        return _refused(row, content, Outcome.REFUSED_SETTLED, "number", "case_settled")
    person = known.people.get(row.id_number)
    if person is not None and person.pk != known.heads[case.household_id].pk:
        return _refused(row, content, Outcome.DUPLICATES, "id_number", "person_known")
    return Decided(row, content, Outcome.UPDATED, case=case)


def _refused(
    row: CaseRow, content: str, outcome: Outcome, column: str, code: str, **params: object
) -> Decided:
    rejection = Rejection(
        sheet=CASES.name_zh,
        row=row.row,
        column=CASES.column(column).name_zh,
        code=code,
        params=params,
        key=row.number,
        sheet_name=CASES.name,
        texts=TEXTS[code],
    )
    return Decided(row, content, outcome, rejection)
