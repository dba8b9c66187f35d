"""The papers of an organisation end on a day: its members and the desk that vouched hear of it, before and after."""

from datetime import datetime, timedelta

from django.utils import timezone

from jiujinan.accounts.models import Organisation, User
from jiujinan.clocks.queries import current_limits, supervisors
from jiujinan.clocks.rules import LEVELS, Step
from jiujinan.clocks.services import notify


def tell_ending_evidence(*, now: datetime) -> int:
    """Tell, once before and once after the end, whoever belongs to it, vouched for it or watches over its region."""
    limits, today, told = current_limits(), timezone.localdate(now), 0
    ending = Organisation.objects.filter(evidence_expires_on__isnull=False).select_related("verified_by")
    widest = today + timedelta(days=366)
    for organisation in ending.filter(evidence_expires_on__lte=widest):
        limit = limits.limit(Step.EVIDENCE, tier="", region=organisation.region_id, on=today)
        end = organisation.evidence_expires_on
        assert end is not None, "filtered above"
        if end - timedelta(days=limit.amount) > today:
            continue
        kind = "reminder" if today <= end else "overdue"
        for person in _who_hears(organisation):
            told += notify(
                to=person,
                kind=kind,
                subject=f"organisation:{organisation.pk}",
                step=Step.EVIDENCE,
                label=organisation.name[:80],
                due_at=timezone.make_aware(datetime.combine(end, datetime.min.time())),
                key=f"evidence:{organisation.pk}:{end}:{kind}:{person.pk}",
                now=now,
            )
    return told


def _who_hears(organisation: Organisation) -> list[User]:
    people = {one.user_id: one.user for one in organisation.memberships.select_related("user")}
    if organisation.verified_by is not None:
        people[organisation.verified_by.pk] = organisation.verified_by
    above = supervisors(organisation.region_id)
    nearest = next((above[level] for level in LEVELS if level in above), [])
    people.update({person.pk: person for person in nearest})
    return [person for person in people.values() if person.is_active]
