"""What beat has done on the demand side while nobody looks. A task may run twice without harm."""

from celery import shared_task
from django.utils import timezone

from jiujinan.clocks.services import ring
from needs.catalogue import cluster, upkeep
from needs.catalogue.indexing import deliver
from needs.queries import open_needs
from needs.services.absences import move_absences
from needs.services.flags import expire_flags
from needs.services.help_first import suspend_overdue_files
from needs.services.rechecking import guard_the_public, remeasure
from needs.services.rescoring import owe_for_standards_now_in_force, owe_scores, rescore_due


@shared_task
def ring_clocks(**kwargs: object) -> list[int]:
    """Remind and escalate; return how many reminders, escalations and quiet ends there were."""
    rung = ring(now=timezone.now())
    return [rung.reminders, rung.escalations, rung.ended]


@shared_task
def pay_scores(**kwargs: object) -> int:
    """Score the needs that are owed it; return how many."""
    return rescore_due(now=timezone.now())


@shared_task
def end_what_is_over(**kwargs: object) -> list[int]:
    """End flags and absences whose time is over and suspend help whose file is overdue; return how many of each."""
    now = timezone.now()
    begun, ended = move_absences(now=now)
    return [expire_flags(now=now), begun, ended, suspend_overdue_files(now=now)]


@shared_task
def sweep_scores(**kwargs: object) -> int:
    """Owe a score to whatever was never scored, and where a standard came into force; return how many."""
    now = timezone.now()
    return owe_for_standards_now_in_force(now=now) + owe_scores(
        needs=open_needs().filter(scored_at=None), now=now
    )


@shared_task
def watch_what_is_public(**kwargs: object) -> list[int]:
    """End publications whose ground is gone and, after an import, measure anew; return ended, coarser, kept."""
    done = guard_the_public(now=timezone.now())
    return [done.ended, done.coarser, done.kept]


@shared_task
def measure_everybody(**kwargs: object) -> list[int]:
    """Measure the crowd anew and check everything public against it; return ended, coarser, kept."""
    done = remeasure(now=timezone.now())
    return [done.ended, done.coarser, done.kept]


@shared_task
def tell_search(**kwargs: object) -> list[int]:
    """Bring Elasticsearch in step, where there is one; return how many changes were told and how many wait."""
    if not cluster.is_wanted():
        return [0, 0]
    told = deliver(now=timezone.now())
    return [told.delivered, told.failed]


@shared_task
def check_catalogue(**kwargs: object) -> list[int]:
    """Mend what search holds otherwise than the projects say; return how many differed in each engine."""
    found = upkeep.mend_calmly(now=timezone.now())
    return [] if found is None else [found.database, found.elasticsearch or 0]
