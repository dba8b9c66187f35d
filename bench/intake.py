"""
Reads a case file of 50,000 households and says how long it took and how much memory: one JSON object.

`python -m bench.intake [--rows N]`. The file is made first, by another process, from invented people;
reading it is what is measured. Budget: 60 seconds and 400 MB for 50,000 rows on two cores.
"""

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from random import Random

from openpyxl import Workbook

from demo.households import households
from demo.people import Registry
from jiujinan.regions import source
from jiujinan.regions.lookup import RegionLookup
from needs.intake.reading import read_case_file
from needs.intake.schema import SHEETS

TODAY = date(2026, 3, 2)
BUDGET_SECONDS, BUDGET_MEGABYTES = 60, 400
DEMO = Path(__file__).resolve().parents[1] / "demo"


def write_file(path: Path, count: int) -> None:
    """Write a case file of so many invented households with their members and items."""
    chance = Random(count)
    found = households(chance, Registry(chance), count)
    rows = {
        "cases": [household.case for household in found],
        "members": [row for household in found for row in household.members],
        "items": [row for household in found for row in household.items],
    }
    book = Workbook(write_only=True)
    for sheet in SHEETS:
        page = book.create_sheet(sheet.name_zh)
        page.append([column.name_zh for column in sheet.columns])
        for row in rows[sheet.name]:
            page.append([row.get(column.name) for column in sheet.columns])
    book.save(path)


def measure(path: Path) -> dict[str, object]:
    """Return what reading the file cost, and what it gave."""
    table = source.merge(source.read_package(), source.read_csv(DEMO / "regions.csv"))
    lookup = RegionLookup.of(table)
    began, began_cpu = time.perf_counter(), time.process_time()
    file = read_case_file(path, regions=lookup, today=TODAY)
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - began_cpu
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "rows": file.rows,
        "member_rows": file.member_rows,
        "item_rows": file.item_rows,
        "cases": len(file.cases),
        "rejected": len(file.rejections),
        "duplicates": len(file.duplicates),
        "file_megabytes": round(path.stat().st_size / 1e6, 1),
        "seconds": round(seconds, 1),
        "cpu_seconds": round(cpu_seconds, 1),
        "megabytes": round(megabytes),
        "within_budget": seconds <= BUDGET_SECONDS and megabytes <= BUDGET_MEGABYTES,
    }


def main() -> int:
    """Print the measurement; return 1 where it is over the budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.xlsx"
        writer = multiprocessing.get_context("spawn").Process(target=write_file, args=(path, rows))
        writer.start()
        writer.join()
        result = measure(path)
    print(json.dumps(result))
    return 0 if result["within_budget"] else 1


if __name__ == "__main__":
    sys.exit(main())
