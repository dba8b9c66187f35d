"""Progress of long work on a terminal; quiet where nobody watches."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from matching.main_job.steps import Progress as Report


def step_labels() -> dict[str, str]:
    """Return what each step is called, in the reader's language."""
    return {
        "read": _("Read the files"),
        "verify": _("Assess and verify"),
        "publish": _("Gate and publish"),
        "match": _("Match"),
        "accept": _("Accept and commit"),
        "deliver": _("Disburse and hand over"),
        "refer": _("Refer to agencies"),
        "report": _("Report to donors"),
    }


@contextmanager
def shown_progress() -> Iterator[Report]:
    """Give a function that shows how far each step has come, one bar a step, on standard error."""
    labels, bars = step_labels(), dict[str, TaskID]()
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    ) as display:

        def report(step: str, done: int, total: int) -> None:
            if step not in bars:
                bars[step] = display.add_task(labels[step], total=total)
            display.update(bars[step], completed=done, total=total)

        yield report


def no_progress(step: str, done: int, total: int) -> None:
    """Show nothing."""
