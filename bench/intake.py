"""
Takes a case file of 50,000 rows in beside 500,000 known people, and says what it cost: one JSON object.

`python -m bench.intake [--rows N] [--form flat|sheets] [--known N]`. A flat file is one sheet whose rows are a
household each, with what it lacks first; in sheets, a household has about five rows: itself, its members, what it
lacks. The database is a fresh SQLite file, or an empty one that DATABASE_URL names. The whole way of a file is
measured: keeping it sealed, reading it and checking it against everybody known, taking it in part by part, possible
duplicates included. File and known people are made beforehand.
Seconds of the processor and megabytes are of the process and of those that it starts; PostgreSQL's own come on top.
Megabytes are the largest sum of what they held at one moment, looked at ten times a second (`anonymous_megabytes`
without the pages of the database's file that SQLite maps). `--folder` keeps file and database for a further one.
The baseline is what openpyxl alone takes to read the same file, in a process of its own just before: on a shared
machine compare by it, and by the processor's seconds, which stand beside those of the clock. Budget: 60 seconds
and 400 MB on two cores.
"""

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from demo.households import Household
    from jiujinan.accounts.models import User

BUDGET_SECONDS, BUDGET_MEGABYTES = 60, 400
DEMO = Path(__file__).resolve().parents[1] / "demo"
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
_PART = 5000


def write_file(path: Path, count: int, form: str) -> None:
    """Write a case file of so many rows of invented households: in one sheet, a row each, or in three."""
    from openpyxl import Workbook

    from needs.intake.schema import SHEETS

    rows = _flat(count) if form == "flat" else _in_sheets(count)
    book = Workbook(write_only=True)
    for sheet in SHEETS:
        if sheet.name in rows:
            page = book.create_sheet(sheet.name_zh)
            page.append([column.name_zh for column in sheet.columns])
            for row in rows[sheet.name]:
                page.append([row.get(column.name) for column in sheet.columns])
    book.save(path)


def _flat(count: int) -> dict[str, list[dict[str, object]]]:
    """Return one sheet, each row a household with what it lacks first."""
    return {"cases": [{**home.case, **home.items[0]} for home in _households(count)]}


def _in_sheets(count: int) -> dict[str, list[dict[str, object]]]:
    """Return the sheets of as many whole households as have so many rows together: about five each."""
    rows: dict[str, list[dict[str, object]]] = {"cases": [], "members": [], "items": []}
    for home in _households(count // 4):
        if sum(map(len, rows.values())) + 1 + len(home.members) + len(home.items) > count:
            break
        rows["cases"].append(home.case)
        rows["members"] += home.members
        rows["items"] += home.items
    return rows


def _households(count: int) -> "list[Household]":
    from demo.households import households
    from demo.people import Registry

    chance = Random(count)
    return households(chance, Registry(chance), count)


def prepare(path: Path, rows: int, known: int, form: str, results: "multiprocessing.Queue[int]") -> None:
    """Make the database with so many known people, the file, and its officer, whose key is put into the queue."""
    _setup()
    from django.core.management import call_command
    from django.db import connection

    from jiujinan.regions.services import load_regions

    call_command("migrate", verbosity=0)
    load_regions(now=NOW, extra=DEMO / "regions.csv")
    _know(known)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    officer = _officer()
    write_file(path, rows, form)
    results.put(officer.pk)


def baseline(path: Path, results: "multiprocessing.Queue[tuple[float, float]]") -> None:
    """Put the seconds, by the clock and of the processor, into the queue that openpyxl's own reader takes."""
    from openpyxl import load_workbook

    began, busy = time.perf_counter(), time.process_time()
    for sheet in load_workbook(path, read_only=True).worksheets:
        for _row in sheet.iter_rows(values_only=True):
            pass
    results.put((time.perf_counter() - began, time.process_time() - busy))


def measure(path: Path, officer: int, results: "multiprocessing.Queue[dict[str, object]]") -> None:
    """Put into the queue what each step cost, and what came of it."""
    _setup()
    from django.utils import timezone

    from jiujinan.accounts.models import User
    from needs.intake.imports import advance, approve, receive
    from needs.intake.models import PossibleDuplicate

    by, watch = User.objects.get(pk=officer), _Watch()
    marks, busy = [time.perf_counter()], [_busy()]

    def mark() -> None:
        marks.append(time.perf_counter())
        busy.append(_busy())

    with path.open("rb") as stream:
        pieces = iter(lambda: stream.read(1 << 20), b"")
        batch = receive(
            name=path.name,
            pieces=pieces,
            source="civil_affairs",
            channel="home_visit",
            by=by,
            now=timezone.now(),
        )
    mark()
    batch = advance(batch=batch, clock=timezone.now)
    mark()
    batch = advance(batch=approve(batch=batch, by=by, now=timezone.now()), clock=timezone.now)
    mark()
    steps = ("receive", "check", "take_in")
    found = {
        **{f"{step}_seconds": spent for step, spent in zip(steps, _spans(marks), strict=True)},
        **{f"{step}_cpu_seconds": spent for step, spent in zip(steps, _spans(busy), strict=True)},
        "seconds": round(marks[-1] - marks[0], 1),
        "cpu_seconds": round(busy[-1] - busy[0], 1),
        **watch.peaks(),
        "counts": batch.counts,
        "possible_duplicates": PossibleDuplicate.objects.count(),
        "file_megabytes": round(path.stat().st_size / 1e6, 1),
    }
    results.put(found)


def _busy() -> float:
    """Return the seconds of the processor that this process and its ended children took."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


class _Watch:
    """Looks every tenth of a second at what this process and its children hold (Linux)."""

    def __init__(self) -> None:
        self._most = {"VmRSS": 0, "RssAnon": 0}
        self._beside = 0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def peaks(self) -> dict[str, int]:
        """Stop looking; return the largest sums, and the largest that the children held, in megabytes."""
        self._is_over.set()
        self._thread.join()
        return {
            "megabytes": self._most["VmRSS"] >> 10,
            "anonymous_megabytes": self._most["RssAnon"] >> 10,
            "megabytes_beside": self._beside >> 10,
        }

    def _look(self) -> None:
        while not self._is_over.wait(0.1):
            own = _status(os.getpid())
            children = [_status(child) for child in _children()]
            for name, most in self._most.items():
                self._most[name] = max(most, sum(one.get(name, 0) for one in (own, *children)))
            self._beside = max(self._beside, sum(one.get("VmRSS", 0) for one in children))


def _children() -> list[int]:
    """Return the processes that a thread of this one started and that still run."""
    tasks = Path("/proc/self/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def _status(process: int) -> dict[str, int]:
    """Return what a process holds, in kB by name; nothing of one that has just ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return {}
    return {
        name: int(rest.split()[0])
        for name, _, rest in (line.partition(":") for line in lines)
        if rest.endswith(" kB")
    }


def _spans(marks: list[float]) -> list[float]:
    return [round(after - before, 1) for before, after in pairwise(marks)]


def _setup() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "jiujinan.settings"
    import django

    django.setup()


def _officer() -> "User":
    from jiujinan.accounts.roles import OrganisationKind, Role
    from jiujinan.accounts.services import join, register_organisation, register_person

    officer = register_person(username="bench", full_name="bench", password=None)
    unit = register_organisation(
        name="bench",
        kind=OrganisationKind.CIVIL_AFFAIRS,
        region="990000",
        credit_code=None,
        by=officer,
        now=NOW,
    )
    join(user=officer, organisation=unit, role=Role.CASE_OFFICER)
    return officer


def _know(count: int) -> None:
    """Fill the tables with so many people, each findable by every key that a duplicate is looked for by."""
    from django.db import transaction

    from demo.people import COUNTIES, GIVEN_FEMALE, GIVEN_MALE, SURNAMES
    from jiujinan.bulk import insert
    from jiujinan.sealing.fields import Plain
    from needs.intake.records import fresh_key
    from needs.models import Household, Person
    from needs.models.household import person_indexes

    chance, counties, given = Random(7), sorted(COUNTIES), GIVEN_MALE + GIVEN_FEMALE
    for first in range(0, count, _PART):
        homes, people = [], []
        for serial in range(first, min(first + _PART, count)):
            home = Household(id=fresh_key(), region_id=chance.choice(counties), size=1)
            born = date(1935, 1, 1) + timedelta(days=chance.randrange(31_000))
            name = chance.choice(SURNAMES) + "".join(chance.sample(given, chance.choice((1, 2, 2, 2))))
            sex, phone = chance.choice("12"), f"1{chance.randrange(10**10):010d}"
            number = f"known{serial}"
            person = Person(id=fresh_key(), household=home, is_head=True, sex=sex, birth_year=born.year)
            person.name, person.phone, person.born_on = Plain(name), Plain(phone), Plain(born.isoformat())
            found = person_indexes(name=name, number=number, phone=phone, born_on=born, sex=sex)
            for column, index in found.items():
                setattr(person, column, index)
            homes.append(home)
            people.append(person)
        with transaction.atomic():
            insert(homes)
            insert(people)


def _measured(
    folder: Path, rows: int, known: int, form: str, *, only_prepare: bool = False
) -> dict[str, Any]:
    """Return the baseline and what the import cost; what is not in the folder yet is made first."""
    os.environ["JIUJINAN_VAR"] = str(folder)
    spawn = multiprocessing.get_context("spawn")
    path, officer = folder / "cases.xlsx", folder / "officer"

    def apart(target: Callable[..., None], *arguments: object) -> Any:
        """Return what the function puts into its queue, called in a process of its own."""
        results = spawn.Queue()
        process = spawn.Process(target=target, args=(*arguments, results))
        process.start()
        found = results.get()
        process.join()
        return found

    if not officer.exists():
        officer.write_text(str(apart(prepare, path, rows, known, form)))
    if only_prepare:
        return {}
    alone, alone_busy = apart(baseline, path)
    return {
        "openpyxl_read_seconds": round(alone, 1),
        "openpyxl_read_cpu_seconds": round(alone_busy, 1),
        **apart(measure, path, int(officer.read_text())),
    }


def main() -> int:
    """Print the measurement; return 1 where it is over the budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--known", type=int, default=500_000)
    parser.add_argument("--form", choices=("flat", "sheets"), default="flat")
    parser.add_argument(
        "--folder", type=Path, help="keep file, keys and SQLite's database there; what is there is used"
    )
    parser.add_argument("--prepare", action="store_true", help="with --folder: make them, measure nothing")
    options = parser.parse_args()
    if options.folder is None:
        with tempfile.TemporaryDirectory() as folder:
            result = _measured(Path(folder), options.rows, options.known, options.form)
    else:
        options.folder.mkdir(parents=True, exist_ok=True)
        result = _measured(
            options.folder, options.rows, options.known, options.form, only_prepare=options.prepare
        )
    if not result:
        return 0
    database = "postgresql" if "postgres" in os.environ.get("DATABASE_URL", "") else "sqlite"
    seconds, megabytes = float(str(result["seconds"])), int(str(result["megabytes"]))
    within = seconds <= BUDGET_SECONDS and megabytes <= BUDGET_MEGABYTES
    print(
        json.dumps(
            {
                "database": database,
                "form": options.form,
                "rows": options.rows,
                "known": options.known,
                **result,
                "within_budget": within,
            }
        )
    )
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
