"""What beat has done while nobody looks. A task is one domain call; it may run twice without harm."""

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from matching.main_job.people import appoint
from matching.publishing.services import publish_release, release_grants
from matching.services import online, paying, referrals
from matching.services.delivery import expire_commitments
from matching.services.expiring import expire_proposals
from matching.services.provinces import answer_part
from matching.services.runs import run_matching


@shared_task
def expire_unanswered(**kwargs: object) -> int:
    """End the proposals whose time is over; return how many."""
    return expire_proposals(now=timezone.now())


@shared_task
def expire_referrals(**kwargs: object) -> int:
    """End the referrals that no agency answered in time; return how many."""
    return referrals.expire_referrals(now=timezone.now())


@shared_task
def expire_promised(**kwargs: object) -> int:
    """End the commitments that nobody paid or handed over in time; return how many."""
    return expire_commitments(now=timezone.now())


@shared_task
def cancel_forgotten_payments(**kwargs: object) -> int:
    """Cancel the prepared payments that nobody approved in time; return how many batches."""
    return paying.cancel_forgotten(now=timezone.now())


@shared_task
def propose_matches(**kwargs: object) -> str:
    """Run the matching over what stands open now; return the run's id."""
    return str(run_matching(by=appoint().manager, now=timezone.now(), hand_out=_hand_out).pk)


@shared_task
def solve_province(*, part: int, round_: int, **kwargs: object) -> bool:
    """Solve one province of a solve under way; tell whether it was still to be done."""
    return answer_part(part=part, round_=round_)


def _hand_out(part: int, round_: int) -> None:
    try:
        solve_province.apply_async(kwargs={"part": part, "round_": round_}, retry=False)
    except OperationalError as error:  # the broker is down: whoever coordinates solves all parts
        raise OSError(str(error)) from error


@shared_task
def propose_at_once(**kwargs: object) -> int:
    """Propose for what changed since this process looked last, by its resident engine; return how many."""
    return online.step(by=appoint().manager, now=timezone.now())


@shared_task
def publish_figures(**kwargs: object) -> int:
    """Make the week's release of public figures and release the grants whose blocks are full; return how many."""
    publish_release(now=timezone.now())
    return release_grants(now=timezone.now())
