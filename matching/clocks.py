"""The clocks of what was promised and asked: the case's owner hears when it is late."""

from datetime import datetime

from jiujinan.clocks.models import Clock
from jiujinan.clocks.rules import Step
from jiujinan.clocks.services import start, stop
from matching.models import Commitment, Referral
from needs.models import NeedItem


def subject_of(thing: Commitment | Referral) -> str:
    """Return the name of the commitment or referral in clocks and trail."""
    return f"{'commitment' if isinstance(thing, Commitment) else 'referral'}:{thing.pk}"


def begin_clock(thing: Commitment | Referral, step: Step, item: NeedItem, now: datetime) -> Clock:
    """Start the clock of something promised or asked for an item, by its region and tier."""
    case = item.need.case
    return start(
        subject=subject_of(thing),
        step=step,
        case=case.pk,
        label=case.number,
        region=case.region_id,
        tier=item.need.tier,
        owner=case.owner,
        now=now,
    )


def end_clock(thing: Commitment | Referral, now: datetime, *, outcome: str = "") -> None:
    """Stop the clock: answered, paid, handed over or given back."""
    stop(subject=subject_of(thing), now=now, outcome=outcome)
