"""`manage.py start [--port N]`: everything that `make run` promises, after the environment stands."""

import errno
import os
import signal
import socket
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.management.demo import FUND_MANAGER
from cms.management.preparing import prepare_database
from cms.site.services import build_site
from jiujinan.accounts.models import User
from needs.catalogue.upkeep import mend_calmly as mend_search

PORT_TAKEN, STOPPED = 3, 130
DEMO = settings.ROOT / "demo"


class Command(BaseCommand):
    """Migrate, load the demo once, serve until Ctrl-C."""

    help = "Prepare the database, run the main job on the demo (the first time), and serve the site."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the port."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--prepare-only", action="store_true", help="Do everything but serve.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring the database up to date, fill it the first time, then become the server."""
        try:
            self._start(options["port"], prepare_only=options["prepare_only"])
        except KeyboardInterrupt:
            self.stderr.write(_("Stopped. Nothing is lost: the next start goes on from here."))
            sys.exit(STOPPED)

    def _start(self, port: int, *, prepare_only: bool) -> None:
        if not prepare_only and not port_is_free(port):
            self.stderr.write(
                _("Port %(port)s is taken. Stop what listens there, or choose another: make run PORT=9000")
                % {"port": port}
            )
            sys.exit(PORT_TAKEN)
        self._prepare()
        if not prepare_only:
            self._serve(port)

    def _prepare(self) -> None:
        prepare_database(self.stdout.write)
        mend_search(now=timezone.now())
        build_site(now=timezone.now(), with_examples=settings.DEMO)
        if not settings.DEBUG and not static_files_are_fresh():
            call_command("collectstatic", interactive=False, verbosity=0)
        if settings.DEMO and not User.objects.filter(username=FUND_MANAGER).exists():
            self._run_demo()

    def _run_demo(self) -> None:
        """Run the main job on the demo's files; its bad rows are meant to be there."""
        self.stdout.write(_("Running the main job on the demo: %(folder)s") % {"folder": DEMO})
        out = settings.VAR / "main-job"
        try:
            call_command(
                "run_main_job",
                cases=Path(DEMO / "case-records.xlsx"),
                resources=Path(DEMO / "resources.xlsx"),
                out=out,
                stdout=self.stdout,
            )
        except SystemExit as end:
            if end.code == 2:
                raise
        call_command("create_demo_accounts", stdout=self.stdout)
        call_command("add_demo_gift", stdout=self.stdout)
        call_command("add_demo_reports", stdout=self.stdout)

    def _serve(self, port: int) -> None:
        """Become gunicorn: one process tree, so that Ctrl-C ends all of it."""
        self.stdout.write(_("Serving on http://127.0.0.1:%(port)s – Ctrl-C ends it.") % {"port": port})
        self.stdout.flush()
        connection.close()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        gunicorn = str(Path(sys.executable).with_name("gunicorn"))
        os.execv(  # noqa: S606  # our own server, from our own environment
            gunicorn,
            [
                gunicorn,
                "jiujinan.wsgi",
                f"--bind=127.0.0.1:{port}",
                "--workers=2",
                "--threads=4",
                "--graceful-timeout=3",
                "--log-level=warning",
            ],
        )


def static_files_are_fresh() -> bool:
    """Return whether the collected files are newer than our own sources and the locked packages."""
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    sources = [*settings.ROOT.glob("cms/**/static/**/*"), settings.ROOT / "requirements.lock"]
    return manifest.exists() and manifest.stat().st_mtime > max(path.stat().st_mtime for path in sources)


def port_is_free(port: int) -> bool:
    """Return whether something can listen on the loopback port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            raise
    return True
