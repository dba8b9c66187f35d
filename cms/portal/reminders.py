"""What a member should look at, in the order of urgency: each a sentence with the page where it is done."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from cms.portal.access import organisation_ids, organisations_of
from cms.portal.queries import batches_to_approve
from donors.models import EndingState, FundEnding
from jiujinan.accounts.evidence_rules import has_lapsed, reminder_due
from jiujinan.accounts.models import User
from jiujinan.accounts.roles import Role
from matching.rules import APPROVE_WITHIN


@dataclass(frozen=True)
class Reminder:
    """One sentence, where to go, and whether something is already standing still."""

    words: str
    address: str
    is_late: bool = False


def reminders(user: User, *, now: datetime) -> list[Reminder]:
    """Return what waits for the user: evidence that ends, batches to approve, funds that ended."""
    found = [*_evidence(user, now), *_batches(user), *_endings(user)]
    return sorted(found, key=lambda one: not one.is_late)


def _evidence(user: User, now: datetime) -> list[Reminder]:
    today, found = timezone.localdate(now), []
    for mine in organisations_of(user):
        last = mine.evidence_expires_on
        address = reverse("portal:organisation_of", args=[mine.pk])
        facts = {"name": mine, "date": last}
        if last is not None and has_lapsed(last, today):
            words = gettext("The evidence of %(name)s expired on %(date)s: nothing new is taken on.")
            found.append(Reminder(words % facts, address, is_late=True))
        elif last is not None and reminder_due(last, today) is not None:
            words = gettext("The evidence of %(name)s is valid until %(date)s: please renew it in time.")
            found.append(Reminder(words % facts, address))
    return found


def _batches(user: User) -> list[Reminder]:
    waiting = batches_to_approve(user).aggregate(count=Count("pk"), first=Min("prepared_at"))
    if not waiting["count"]:
        return []
    words = ngettext(
        "%(count)d payment batch waits for your approval; the oldest is cancelled on %(date)s.",
        "%(count)d payment batches wait for your approval; the oldest is cancelled on %(date)s.",
        waiting["count"],
    )
    until = timezone.localdate(waiting["first"] + APPROVE_WITHIN)
    return [Reminder(words % {"count": waiting["count"], "date": until}, reverse("portal:payments"))]


def _endings(user: User) -> list[Reminder]:
    decide = FundEnding.objects.filter(
        state=EndingState.PROPOSED, fund__holder__in=organisation_ids(user, Role.FUND_MANAGER)
    )
    approve = FundEnding.objects.filter(
        state=EndingState.DECIDED, fund__holder__in=organisation_ids(user, Role.PAYMENT_APPROVER)
    ).exclude(decided_by=user)
    asked = (
        (decide, gettext("The period of %(name)s is over: please decide about what is left.")),
        (approve, gettext("What becomes of the rest of %(name)s waits for your approval.")),
    )
    return [
        Reminder(words % {"name": one.fund}, reverse("portal:fund", args=[one.fund_id]))
        for endings, words in asked
        for one in endings.select_related("fund").order_by("ended_on", "pk")
    ]
