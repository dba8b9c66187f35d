"""What beat has done while nobody looks. A task is one domain call; it may run twice without harm."""

from celery import shared_task
from django.utils import timezone

from matching.main_job.people import appoint
from matching.publishing.services import publish_release, release_grants
from matching.services import online, paying, referrals
from matching.services.delivery import expire_commitments
from matching.services.runs import expire_proposals, run_matching


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
    return str(run_matching(by=appoint().manager, now=timezone.now()).pk)


@shared_task
def propose_at_once(**kwargs: object) -> int:
    """Propose for what changed since this process looked last, by its resident engine; return how many."""
    return online.step(by=appoint().manager, now=timezone.now())


@shared_task
def publish_figures(**kwargs: object) -> int:
    """Make the week's release of public figures and release the grants whose blocks are full; return how many."""
    publish_release(now=timezone.now())
    return release_grants(now=timezone.now())
