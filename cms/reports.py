"""Donor reports as printable pages that stand alone: no asset beside them, on this host or another."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

from cms.wording import idle_words
from jiujinan.codes import ITEM_CATEGORY_LABELS, ITEM_KIND_LABELS, ItemCategory, ItemKind
from matching.models.commitments import COMMITMENT_STATE_LABELS
from matching.reporting import FundReport, ReportLine
from matching.states import CommitmentState

STYLESHEET = "cms/site.css"


def render_donor_report(report: FundReport, *, language: str) -> str:
    """Return the report as one HTML document in the language (`zh-hans` or `en`)."""
    with translation.override(language):
        return render_to_string(
            "reports/donor_report.html",
            {
                "report": report,
                "stylesheet": stylesheet(),
                "lines": [_shown(line, language) for line in report.lines],
                "idle": idle_words(report.idle_reasons) if report.available_fen else "",
            },
        )


@cache
def stylesheet() -> str:
    """Return the design system's one stylesheet."""
    found = finders.find(STYLESHEET)
    assert isinstance(found, str), "the stylesheet is part of this app"
    return Path(found).read_text(encoding="utf-8")


@cache
def stylesheet_source() -> str:
    """Return the Content-Security-Policy source that allows this stylesheet inline, and nothing else."""
    digest = hashlib.sha256(stylesheet().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _shown(line: ReportLine, language: str) -> dict[str, object]:
    return {
        "project": line.project,
        "title": line.title_en if language.startswith("en") else line.title_zh,
        "category": translation.gettext(_asked_for(line)),
        "state": COMMITMENT_STATE_LABELS[CommitmentState(line.state)],
        "committed_fen": line.committed_fen,
        "disbursed_fen": line.disbursed_fen,
        "receipts": line.receipts,
        "fulfilled_percent": line.fulfilled_percent,
    }


def _asked_for(line: ReportLine) -> str:
    """Return the label of what was given, as finely as the gate lets it be said."""
    if line.category:
        return ITEM_CATEGORY_LABELS[ItemCategory(line.category)]
    return ITEM_KIND_LABELS[ItemKind(line.kind)]
