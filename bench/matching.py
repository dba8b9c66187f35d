"""Measure the matching engine: `python bench/matching.py --needs N --resources M --caps on|off --json`.

`python -m bench.matching …` is the same. What is measured, and how, stands in `matching_runs`.
"""

import os
import sys
from pathlib import Path


def main() -> int:
    """Measure; run as a file, begin again as a module.

    Python looks first in a script's own folder, and this file bears the name of the package that it measures.
    """
    if __package__ != "bench":
        os.chdir(Path(__file__).resolve().parents[1])
        os.execv(  # noqa: S606  # ourselves, with our own arguments
            sys.executable, [sys.executable, "-m", "bench.matching", *sys.argv[1:]]
        )
    from bench.matching_runs import main as measure

    return measure()


if __name__ == "__main__":
    sys.exit(main())
