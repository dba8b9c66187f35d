"""`manage.py import_relief FILE --by USERNAME`: keeps a list of relief, to find duplicate aid by."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from jiujinan.accounts.models import User
from needs.intake.relief import import_relief


class Command(BaseCommand):
    """Import a list of government relief or of another source's help."""

    help = (
        "Import a list of relief (XLSX, CSV): 发放编号, 来源, 身份证号, 用途, 金额或数量, 开始日期, 结束日期."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and who brings it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and say what was wrong row by row."""
        user = User.objects.filter(username=options["by"], is_active=True).first()
        if user is None:
            raise CommandError(_("There is no active user of that name."))
        result = import_relief(path=options["file"], by=user, now=timezone.now())
        for one in result.rejections:
            self.stderr.write(f"{one.sheet} {one.row} {one.column} {one.message}")
        self.stdout.write(f"added {result.added}, known {result.known}, rejected {len(result.rejections)}")
