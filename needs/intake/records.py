"""From a case row to the rows of the database; nothing here is saved."""

import hashlib
import os
import uuid
from dataclasses import dataclass
from datetime import date, datetime

from jiujinan.bulk import fresh
from jiujinan.sealing.fields import Plain, SealedField
from jiujinan.tabular.numbers import birth_date, sex
from needs.intake.rows import CaseRow, MemberRow
from needs.models import CaseRecord, Household, Need, NeedItem, Person
from needs.models.household import person_indexes
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
    """Return what tells whether the row's content changed; it is kept sealed, since it could be guessed at."""
    return hashlib.sha256(row.canonical()).hexdigest()


def known_digest(case: CaseRecord) -> str:
    """Return the digest that the case was last written with. It names nobody, so opening it leaves no entry."""
    field = CaseRecord._meta.get_field("row_digest")
    assert isinstance(field, SealedField)
    return field.open(case) or ""


def fresh_key() -> uuid.UUID:
    """Return a random key, without the detours of `uuid4`."""
    return uuid.UUID(bytes=os.urandom(16), version=4)


def build(row: CaseRow, *, content: str, now: datetime) -> Records:
    """Return new, unsaved rows for a case; each has its key, so that they can be saved in bulk."""
    household = fresh(Household, id=fresh_key())
    set_household(household, row)
    head = fresh(Person, id=fresh_key(), household=household)
    set_head(head, row)
    case = fresh(CaseRecord, id=fresh_key(), household=household, state=CaseState.RECEIVED, received_at=now)
    set_case(case, row, content=content)
    need = fresh(Need, id=fresh_key(), case=case, state=NeedState.DRAFT, tier=row.tier, score_due_at=now)
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
    household.circle = row.circle


def set_head(head: Person, row: CaseRow) -> None:
    """Write who the head is, sealed."""
    head.is_head, head.relation, head.groups = True, _HEAD, list(row.groups)
    head.sex = sex(row.id_number)
    _set_identity(head, row.name, row.id_number, birth_date(row.id_number), row.phone)
    head.address, head.bank_account = (Plain(text) if text else None for text in (row.address, row.account))


def set_case(case: CaseRecord, row: CaseRow, *, content: str) -> None:
    """Write what the row says of the case itself; its state stays."""
    case.source, case.number, case.source_version = row.source, row.number, row.version
    case.row_digest = Plain(content)
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
    member = fresh(
        Person,
        id=fresh_key(),
        household=household,
        relation=row.relation,
        sex=row.sex,
        groups=list(row.groups),
    )
    _set_identity(member, row.name, row.id_number, row.born_on, "")
    return member


def items_of(need: Need, row: CaseRow) -> list[NeedItem]:
    """Return the need's new items."""
    return [
        fresh(
            NeedItem,
            id=fresh_key(),
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


def _set_identity(person: Person, name: str, number: str, born_on: date, phone: str) -> None:
    person.name = Plain(name)
    person.id_number = Plain(number) if number else None
    person.phone = Plain(phone) if phone else None
    person.born_on = None if number else Plain(born_on.isoformat())
    person.birth_year = born_on.year
    found = person_indexes(name=name, number=number, phone=phone, born_on=born_on, sex=person.sex)
    for column, index in found.items():
        setattr(person, column, index)
