"""After warming nobody waits for the compiler."""

import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import matching.engine
from matching.engine.compiled import Loop
from matching.engine.warming import warm


def test_machine_code_of_every_loop_is_kept_after_warming() -> None:
    warm()
    cold: set[str] = set()
    for found in pkgutil.walk_packages(matching.engine.__path__, "matching.engine."):
        if found.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(found.name)).items():
            if isinstance(value, Loop) and value.targetoptions.get("inline", "never") == "never":
                kept = Path(value.stats.cache_path or "").glob(f"*{name}-*.nbi")
                cold |= set() if any(kept) else {name}
    assert cold <= {"serve_without_rerouting"}  # the baseline of the benchmarks, never run by the engine


def test_whoever_solves_nothing_does_not_load_the_compiler() -> None:
    loads = "import sys, matching.engine.warming; print('numba' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
