"""`manage.py run_main_job --cases FILE --resources FILE --out DIR [--json]`."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.management.preparing import prepare_database
from cms.management.progress import no_progress, shown_progress
from cms.reports import render_donor_report
from matching.main_job.job import NothingToStartWith, Sources, run
from matching.main_job.result import Summary
from matching.reporting import FundReport

ALL_WENT_IN, SOME_WENT_IN, NOTHING_STARTED = 0, 1, 2


class Command(BaseCommand):
    """Run the main job on two files."""

    help = "From a case file and a resources file to donor reports and case-record write-backs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the two files, the folder for the results, and how to tell them."""
        parser.add_argument("--cases", type=Path, required=True, metavar="FILE")
        parser.add_argument("--resources", type=Path, required=True, metavar="FILE")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
        parser.add_argument("--json", action="store_true", help="Print one JSON object and nothing else.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the job; exit with 0 when every row went in, 1 when some did, 2 when nothing could start."""
        summary, started = self._run(options)
        if options["json"]:
            self.stdout.write(json.dumps(summary.as_dict(), ensure_ascii=False))
        else:
            self.stdout.write(told(summary, options["out"]))
        if not started:
            sys.exit(NOTHING_STARTED)
        sys.exit(SOME_WENT_IN if summary.rejected or summary.duplicates else ALL_WENT_IN)

    def _run(self, options: dict[str, Any]) -> tuple[Summary, bool]:
        sources = Sources(options["cases"], options["resources"])
        reports = options["out"] / "donor-reports"
        obstacle = self._obstacle(sources, reports)
        if obstacle:
            return Summary(rejected=[obstacle]), False

        prepare_database(self.stderr.write)

        def write_report(report: FundReport) -> None:
            html = render_donor_report(report, language="zh-hans")
            (reports / f"{report.fund}.html").write_text(html, encoding="utf-8")

        try:
            if options["json"]:
                return self._job(sources, options["out"], write_report, no_progress), True
            with shown_progress() as progress:
                return self._job(sources, options["out"], write_report, progress), True
        except NothingToStartWith as stop:
            return stop.summary, False

    def _job(self, sources: Sources, out: Path, write_report: Any, progress: Any) -> Summary:
        return run(sources=sources, out=out, write_report=write_report, progress=progress, now=timezone.now())

    def _obstacle(self, sources: Sources, reports: Path) -> dict[str, str | int] | None:
        """Return why the job can't start at all, shaped as a rejection; make the folder for the reports."""
        for path in (sources.cases, sources.resources):
            if not path.is_file():
                return _whole_file("file_missing", _("There is no file %(path)s.") % {"path": path})
        try:
            reports.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            return _whole_file("out_not_writable", f"{reports}: {error.strerror}")
        return None


def _whole_file(code: str, message: str) -> dict[str, str | int]:
    return {"sheet": "", "row": 0, "column": "", "code": code, "message": message}


def told(summary: Summary, out: Path) -> str:
    """Return the summary as a person reads it."""
    lines = [
        (_("Rows read"), summary.rows),
        (_("Rejected"), len(summary.rejected)),
        (_("Duplicates"), summary.duplicates),
        (_("Verified"), summary.verified),
        (_("Held by the gate"), summary.held),
        (_("Published"), summary.published),
        (
            _("Items covered / partly / open"),
            f"{summary.items.covered} / {summary.items.partly} / {summary.items.open}",
        ),
        (_("Money allotted"), f"¥{summary.allotted_fen / 100:,.2f}"),
        (_("Referrals made"), summary.referrals),
        (_("Donor reports"), summary.donor_reports),
        (_("Write-backs"), summary.write_backs),
        (_("Seconds"), summary.seconds),
    ]
    text = [f"  {label}: {value}" for label, value in lines]
    text += [
        f"  ✗ {one['sheet']} · {one['row']} · {one['column']} · {one['message']}" for one in summary.rejected
    ]
    return "\n".join([_("The main job is done; results are in %(out)s") % {"out": out}, *text])
