"""The main job, whole: import → assess → verify → gate → publish → match → accept → deliver or refer → tell."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db.models import Sum
from django.utils import timezone

from donors.intake.reading import read_resources_file
from donors.intake.services import import_resources
from donors.models import Fund
from jiujinan.regions.rules import prefix
from jiujinan.regions.services import load_lookup
from matching.main_job.people import People, appoint, give_desk_duties, give_portal_duties
from matching.main_job.result import Items, Summary
from matching.main_job.steps import (
    PURPOSE,
    Progress,
    accept_all,
    deliver_all,
    publish_needs,
    verify_cases,
    watched,
)
from matching.main_job.telling import write_backs
from matching.models import Commitment, Referral
from matching.publishing.services import publish_release, release_grants
from matching.reporting import FundReport, file_report
from matching.services.runs import run_matching
from matching.states import CommitmentState
from needs.intake.reading import read_case_file
from needs.intake.services import import_cases
from needs.models import NeedItem
from needs.states import SERVED_NEEDS, Fulfilment

PERSON_KNOWN = "person_known"
WriteReport = Callable[[FundReport], None]


class NothingToStartWith(Exception):
    """A file can't be read at all; `rejected` says why."""

    def __init__(self, summary: Summary) -> None:
        super().__init__("; ".join(str(one["message"]) for one in summary.rejected))
        self.summary = summary


@dataclass(frozen=True)
class Sources:
    """The two files of a main job."""

    cases: Path
    resources: Path


def run(
    *, sources: Sources, out: Path, write_report: WriteReport, progress: Progress, now: datetime
) -> Summary:
    """Do the main job with two files; donor reports go to `write_report`, write-backs to `out`.

    Raises NothingToStartWith when either file can't be read; every bad row is in the summary instead.
    """
    started = time.monotonic()
    summary = Summary()
    people = appoint()
    _import(sources, summary, people=people, progress=progress, now=now)
    summary.verified = verify_cases(people=people, progress=progress, now=now)
    summary.published, summary.held = publish_needs(people=people, progress=progress, now=now)
    progress("match", 0, 1)
    run_matching(by=people.manager, now=now, purpose=PURPOSE)
    progress("match", 1, 1)
    accept_all(people=people, progress=progress, now=now)
    deliver_all(people=people, progress=progress, now=now)
    summary.donor_reports = _report(write_report, progress, now)
    release_grants(now=now)
    publish_release(now=now)
    summary.write_backs = write_backs(out / "write-backs.jsonl", now=now)
    _count(summary)
    summary.seconds = round(time.monotonic() - started, 2)
    return summary


def _import(sources: Sources, summary: Summary, *, people: People, progress: Progress, now: datetime) -> None:
    today = timezone.localdate(now)
    lookup = load_lookup()
    progress("read", 0, 2)
    cases = read_case_file(sources.cases, regions=lookup, today=today)
    progress("read", 1, 2)
    resources = read_resources_file(sources.resources, regions=lookup, today=today)
    progress("read", 2, 2)
    summary.rows = cases.rows + cases.member_rows + cases.item_rows + resources.rows
    summary.rejected = [one.as_dict() for one in (*cases.rejections, *resources.rejections)]
    if cases.is_unreadable or resources.is_unreadable:
        raise NothingToStartWith(summary)
    imported = import_resources(file=resources, by=people.officer, now=now, batch=sources.resources.name[:60])
    summary.rejected += [one.as_dict() for one in imported.rejections]
    give_desk_duties(people=people, provinces={_province(row.region) for row in cases.cases}, now=now)
    give_portal_duties(people=people)
    taken = import_cases(file=cases, by=people.officer, now=now, batch=sources.cases.name[:60])
    repeated = {one for one in taken.rejections if one.code == PERSON_KNOWN}
    summary.rejected += [one.as_dict() for one in taken.rejections if one not in repeated]
    summary.duplicates = len(cases.duplicates) + len(repeated)


def _report(write_report: WriteReport, progress: Progress, now: datetime) -> int:
    gave = Commitment.objects.exclude(state=CommitmentState.RELEASED).filter(fund__isnull=False)
    funds = list(
        Fund.objects.filter(pk__in=gave.values("fund"))
        .select_related("holder", "named_for", "balance")
        .order_by("pk")
    )
    for fund in watched("report", funds, progress):
        write_report(file_report(fund=fund, now=now))
    return len(funds)


def _count(summary: Summary) -> None:
    """Count what became of the items of all verified needs; those that the gate holds are open, and say so."""
    items = Items()
    for item in NeedItem.objects.filter(need__state__in=SERVED_NEEDS):
        match item.fulfilment:
            case Fulfilment.OPEN:
                items.open += 1
            case Fulfilment.PARTLY_COVERED:
                items.partly += 1
            case _:
                items.covered += 1
    summary.items = items
    standing = Commitment.objects.exclude(state=CommitmentState.RELEASED).filter(fund__isnull=False)
    summary.allotted_fen = standing.aggregate(total=Sum("amount"))["total"] or 0
    summary.referrals = Referral.objects.count()


def _province(code: str) -> str:
    return f"{prefix(code)[:2]}0000"
