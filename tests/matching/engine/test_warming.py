"""After warming nobody waits for the compiler."""

import importlib
import pkgutil
from pathlib import Path

from numba.core.dispatcher import Dispatcher

import matching.engine
from matching.engine.warming import warm


def test_machine_code_of_every_loop_is_kept_after_warming() -> None:
    warm()
    cold: set[str] = set()
    for found in pkgutil.walk_packages(matching.engine.__path__, "matching.engine."):
        if found.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(found.name)).items():
            if isinstance(value, Dispatcher) and value.targetoptions.get("inline", "never") == "never":
                kept = Path(value.stats.cache_path or "").glob(f"*{name}-*.nbi")
                cold |= set() if any(kept) else {name}
    assert cold <= {"serve_without_rerouting"}  # the baseline of the benchmarks, never run by the engine
