"""Measure the matching engine: `python bench/matching.py --needs N --resources M --caps on|off --json`.

This file bears the name of the package that it measures, and Python puts a script's own folder first on the path; so
the measuring is done in `matching_runs.py`, started with -P, which leaves that folder out.
"""

import subprocess
import sys
from pathlib import Path

if __name__ == "__main__":
    runs = Path(__file__).with_name("matching_runs.py")
    sys.exit(subprocess.call([sys.executable, "-P", str(runs), *sys.argv[1:]]))
