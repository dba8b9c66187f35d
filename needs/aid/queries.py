"""What help is known of a case's people, from any source, and what of it a need would repeat."""

from datetime import date
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from needs.aid.rules import Conflict, Given, Level, Wanted, conflicts, read_rules
from needs.intake.models.aid import AidRecord
from needs.models import CaseRecord, Delivery, Need, NeedItem, Person

HARD_CODE = "duplicate_aid"


def conflicts_of(*, need: Need, today: date) -> dict[NeedItem, list[Conflict]]:
    """Return what each item of the need would repeat; items that repeat nothing are left out."""
    given, rules = known_aid(case=need.case, need=need), read_rules(Path(settings.AID_RULES))
    found = {}
    for item in need.items.all():
        wanted = Wanted(
            purpose=item.category,
            required=item.required,
            counted=item.government + item.insurance,
            since=need.case.applied_on,
            today=today,
        )
        if clashes := conflicts(wanted, given, rules):
            found[item] = clashes
    return found


def is_stopped(*, item: NeedItem, today: date) -> bool:
    """Return whether a hard conflict stops help for the item."""
    clashes = conflicts_of(need=item.need, today=today)
    return any(
        one.level is Level.HARD for item_, found in clashes.items() if item_.pk == item.pk for one in found
    )


def hard_obstacles(*, case: CaseRecord, today: date) -> list[str]:
    """Return the obstacle's code where any item of the case repeats what was given."""
    need = Need.objects.filter(case=case).first()
    if need is None:
        return []
    need.case = case
    clashes = conflicts_of(need=need, today=today)
    stopped = any(one.level is Level.HARD for found in clashes.values() for one in found)
    return [HARD_CODE] if stopped else []


def known_aid(*, case: CaseRecord, need: Need) -> list[Given]:
    """Return the help that reached the case's people: recorded relief, and what was delivered to other needs."""
    people, indexes = _people(case)
    records = AidRecord.objects.filter(Q(person__in=people) | Q(id_index__in=indexes))
    deliveries = Delivery.objects.filter(item__need__case__household__members__in=people).exclude(
        item__need=need
    )
    return [
        *(
            Given(one.category, one.amount, one.starts_on, one.ends_on, one.source, one.reference)
            for one in records.distinct()
        ),
        *(
            Given(one.item.category, one.amount, day, day, "platform", str(one.pk))
            for one in deliveries.select_related("item").distinct()
            for day in [timezone.localtime(one.at).date()]
        ),
    ]


def _people(case: CaseRecord) -> tuple[set[UUID], set[str]]:
    """Return the ids and identity indexes of the household's people and of whoever was found to be one of them.

    Two reads by indexed columns: one condition over both tables would walk through everybody who is known.
    """
    columns = ("pk", "merged_into_id", "id_index")
    found = list(Person.objects.filter(household=case.household_id).values_list(*columns))
    members, kept = {pk for pk, _, _ in found}, {into for _, into, _ in found if into}
    doubles = Person.objects.filter(Q(merged_into__in=members) | Q(pk__in=kept))
    found += doubles.values_list(*columns)
    return {pk for pk, _, _ in found}, {index for _, _, index in found if index}
