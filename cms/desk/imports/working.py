"""Who does the work of an import: the worker that beat wakes, or, embedded, a process beside the site."""

import subprocess
import sys

from django.conf import settings
from django.db import transaction


def set_to_work() -> None:
    """See that somebody advances the waiting files once this transaction holds; with a broker beat does (15 s)."""
    if settings.CELERY_TASK_ALWAYS_EAGER and not settings.TESTING:
        transaction.on_commit(_start)


def _start() -> None:
    subprocess.Popen(  # noqa: S603  # our own command, without any argument from outside
        [sys.executable, str(settings.ROOT / "manage.py"), "advance_imports"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
