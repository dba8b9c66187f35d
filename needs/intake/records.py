"""From a case row to the rows of the database; nothing here is saved or opened."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from jiujinan.sealing.blind_index import blind_index
from jiujinan.sealing.fields import Plain
from jiujinan.tabular.numbers import birth_date, sex
from needs.intake.rows import CaseRow, MemberRow
from needs.models import CaseRecord, Household, Need, NeedItem, Person
from needs.states import CaseState, NeedState

_HEAD = "02"  # GB/T 4761: 户主


@dataclass(slots=True)
class Records:
    """What one case row becomes."""

    household: Household
    head: Person
    members: list[Person]
    case: CaseRecord
    need: Need
    items: list[NeedItem]


def digest(row: CaseRow) -> str:
    """Return a keyed digest of the row's content, so that it tells nothing to whoever reads the table."""
    key = bytes.fromhex(settings.BLIND_INDEX_KEY)
    return hmac.new(key, b"case-row\x1f" + row.canonical(), hashlib.sha256).hexdigest()


def id_index(number: str) -> str:
    """Return the blind index of an ID number, empty where there is none."""
    return blind_index(number, kind="id_number") if number else ""


def indexes(row: CaseRow) -> Iterator[str]:
    """Yield the blind indexes of the head's and the members' ID numbers."""
    for number in (row.id_number, *(member.id_number for member in row.members)):
        if number:
            yield id_index(number)


def build(row: CaseRow, *, content: str, now: datetime) -> Records:
    """Return new, unsaved rows for a case; each has its key, so that they can be saved in bulk."""
    household = Household()
    set_household(household, row)
    head = Person(household=household)
    set_head(head, row)
    case = CaseRecord(household=household, state=CaseState.RECEIVED, received_at=now)
    set_case(case, row, content=content)
    need = Need(case=case, state=NeedState.DRAFT, tier=row.tier, score_due_at=now)
    members = [member_of(household, member) for member in row.members]
    return Records(household, head, members, case, need, items_of(need, row))


def set_household(household: Household, row: CaseRow) -> None:
    """Write what the row says of the household."""
    household.region_id = row.region
    household.size = row.size
    household.monthly_income_fen = row.monthly_income_fen
    household.medical_expense_fen = row.medical_expense_fen
    household.schooling_expense_fen = row.schooling_expense_fen
    household.other_expense_fen = row.other_expense_fen
    household.declared_circle = household.circle = row.circle


def set_head(head: Person, row: CaseRow) -> None:
    """Write who the head is, sealed."""
    head.is_head, head.relation, head.groups = True, _HEAD, list(row.groups)
    _set_identity(head, row.name, row.id_number)
    head.sex, head.birth_year = sex(row.id_number), birth_date(row.id_number).year
    head.phone, head.address, head.bank_account = (
        Plain(text) if text else None for text in (row.phone, row.address, row.account)
    )
    head.phone_index = blind_index(row.phone, kind="phone") if row.phone else ""


def set_case(case: CaseRecord, row: CaseRow, *, content: str) -> None:
    """Write what the row says of the case itself; its state stays."""
    case.source, case.number, case.source_version = row.source, row.number, row.version
    case.row_digest = content
    case.region_id = row.region
    case.channel, case.cause, case.tier = row.channel, row.cause, row.tier
    case.sensitive_kind = row.sensitive_kind
    case.groups = sorted({*row.groups, *(group for member in row.members for group in member.groups)})
    case.applied_on = row.applied_on
    case.economic_check = row.economic_check
    case.government_done = row.is_government_done
    case.consent_on, case.consent_withdrawn_on = row.consent_on, row.consent_withdrawn_on


def member_of(household: Household, row: MemberRow) -> Person:
    """Return a new member of the household, sealed."""
    member = Person(household=household, relation=row.relation, sex=row.sex, groups=list(row.groups))
    member.birth_year = row.born_on.year
    _set_identity(member, row.name, row.id_number)
    return member


def items_of(need: Need, row: CaseRow) -> list[NeedItem]:
    """Return the need's new items."""
    return [
        NeedItem(
            need=need,
            kind=item.kind,
            category=item.category,
            unit=item.unit,
            required=item.required,
            government=item.government,
            insurance=item.insurance,
        )
        for item in row.items
    ]


def _set_identity(person: Person, name: str, number: str) -> None:
    person.name = Plain(name)
    person.name_index = blind_index(name, kind="name")
    person.id_number = Plain(number) if number else None
    person.id_index = id_index(number)
