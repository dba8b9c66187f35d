"""Measure the matching engine: `python bench/matching.py --needs N --resources M --caps on|off --json`.

`python -m bench.matching …` is the same. What is measured, and how, stands in `matching_runs`.
"""

import sys
from pathlib import Path


def main() -> int:
    """Run with the project's folder first on the path, and without this one.

    Python puts a script's own folder first on the path, and this file bears the name of the package that it measures.
    """
    here = Path(__file__).resolve().parent
    sys.path[:] = [str(here.parent), *(entry for entry in sys.path if Path(entry or ".").resolve() != here)]
    from bench.matching_runs import main as measure

    return measure()


if __name__ == "__main__":
    sys.exit(main())
