"""
Imports a case file into a database that knows many people already: one JSON object.

`python -m bench.import_cases [--rows N] [--known N]`. Reading and writing are both measured. The
database is a fresh SQLite file, or what DATABASE_URL names (then it must be empty).
"""

import argparse
import json
import os
import resource
import secrets
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jiujinan.accounts.models import User

_PART = 2000


def main() -> int:
    """Prepare a database, import a file of invented households, print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--known", type=int, default=500_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["JIUJINAN_VAR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "jiujinan.settings"
        import django

        django.setup()
        print(json.dumps(_measure(Path(folder), options.rows, options.known)))
    return 0


def _measure(folder: Path, rows: int, known: int) -> dict[str, object]:
    """Return seconds and megabytes of reading and of importing so many rows."""
    import multiprocessing

    from django.core.management import call_command

    from bench.intake import DEMO, write_file
    from jiujinan.regions.services import load_lookup, load_regions
    from needs.intake.reading import read_case_file
    from needs.intake.services import import_cases

    now = datetime(2026, 3, 2, 1, tzinfo=UTC)
    call_command("migrate", verbosity=0)
    load_regions(now=now, extra=DEMO / "regions.csv")
    officer = _officer(now)
    _know(known)
    path = folder / "cases.xlsx"
    writer = multiprocessing.get_context("spawn").Process(target=write_file, args=(path, rows))
    writer.start()
    writer.join()
    began = time.perf_counter()
    file = read_case_file(path, regions=load_lookup(), today=now.date())
    read = time.perf_counter()
    result = import_cases(file=file, by=officer, now=now, batch="bench")
    written = time.perf_counter()
    return {
        "rows": rows,
        "known": known,
        "imported": result.imported,
        "read_seconds": round(read - began, 1),
        "import_seconds": round(written - read, 1),
        "megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _officer(now: datetime) -> "User":
    from jiujinan.accounts.roles import OrganisationKind, Role
    from jiujinan.accounts.services import join, register_organisation, register_person

    officer = register_person(username="bench", full_name="bench", password=None)
    unit = register_organisation(
        name="bench",
        kind=OrganisationKind.CIVIL_AFFAIRS,
        region="990100",
        credit_code=None,
        by=officer,
        now=now,
    )
    join(user=officer, organisation=unit, role=Role.CASE_OFFICER)
    return officer


def _know(count: int) -> None:
    """Fill the tables with so many people who have an index each and nothing to read."""
    from jiujinan.sealing.fields import Plain
    from needs.models import Household, Person

    for first in range(0, count, _PART):
        homes = [Household(region_id="990121", size=1) for _ in range(min(_PART, count - first))]
        people = [
            Person(
                household=home, is_head=True, name=Plain("某"), id_index=secrets.token_hex(16), name_index="-"
            )
            for home in homes
        ]
        Household.objects.bulk_create(homes)
        Person.objects.bulk_create(people)


if __name__ == "__main__":
    sys.exit(main())
