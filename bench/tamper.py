"""
Measures whether edits are found: `python -m bench.tamper [--edits N] [--file-edits N]`.

Prints one JSON object: for each kind of edit, made in the database itself with triggers and foreign keys switched off,
how many were done and how many verification found; and the same for edits of an exported file. Each edit is verified
whole and undone by a savepoint. Works on PostgreSQL and on SQLite, in a database of its own (`test_…`), which it drops.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from bench.database import in_a_fresh_database
from donors.ledger.anchors import anchor_heads
from donors.ledger.checking import anchor_lines, check_books
from donors.ledger.verify import DoesNotHoldError, verify
from tests.donors.ledger import edits as file_edits
from tests.donors.ledger.superuser import tampered
from tests.donors.world import NOW, make_world


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Give the ledger some life, anchor it, and edit."""
    file_edits.some_life(make_world())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "anchors"
        anchor_heads(path=path, now=NOW)
        anchors = anchor_lines(path)
    start = time.perf_counter()
    with transaction.atomic():
        kinds = tampered(options.edits, anchors)
        transaction.set_rollback(True)
    seconds = time.perf_counter() - start
    check_books(anchors=anchors)
    return {
        "database": connection.vendor,
        "edits": sum(kind["edits"] for kind in kinds.values()),
        "found": sum(kind["found"] for kind in kinds.values()),
        "seconds": round(seconds, 1),
        "kinds": kinds,
        "file": in_the_file(options.file_edits, anchors),
    }


def in_the_file(count: int, anchors: list[str]) -> dict[str, int]:
    """Edit an exported file in every way, many times over, and count what verification finds."""
    lines, found = file_edits.exported(), 0
    for seed in range(count):
        edited = list(lines)
        file_edits.EDITS[seed % len(file_edits.EDITS)](edited, random.Random(seed))
        try:
            verify(edited, anchors)
        except DoesNotHoldError:
            found += 1
    return {"edits": count, "found": found}


def main() -> int:
    """Print the figures; status 1 if an edit was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=10_000, help="in the database")
    parser.add_argument("--file-edits", type=int, default=10_000, help="of the export")
    figures = in_a_fresh_database(measure, parser.parse_args())
    print(json.dumps(figures, indent=2))
    missed = figures["edits"] != figures["found"] or figures["file"]["edits"] != figures["file"]["found"]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
