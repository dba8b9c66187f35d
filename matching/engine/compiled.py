"""The one place that names the compiler: `compiled` turns an annotated function into cached machine code.

Machine code is kept beside the sources, in a folder named by a digest of all of them: numba looks only at the file that
a function stands in, and would go on using code with the columns of yesterday if a table changed in another file.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.integer[Any]]
"""Arrays of any integer type; compiled code is made for each combination that it meets."""
F = TypeVar("F", bound=Callable[..., Any])


def _cache_folder() -> str:
    """Return the folder for the machine code of the sources as they stand; numba goes elsewhere if it is read-only."""
    engine = Path(__file__).parent
    digest = sha256()
    for source in sorted(engine.rglob("*.py")):
        digest.update(source.read_bytes())
    return str(engine / "__pycache__" / f"compiled-{digest.hexdigest()[:16]}")


CACHE_FOLDER = _cache_folder()


def compiled(function: F) -> F:
    """Return the function compiled by numba on its first call, and kept on disk after it."""
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = before or CACHE_FOLDER
    try:
        code: Any = numba.njit(cache=True)(function)
    finally:
        settings.CACHE_DIR = before
    return cast(F, code)


def inlined(function: F) -> F:
    """Return the function for compiled ones to take its body in: a call would count references on each array."""
    code: Any = numba.njit(inline="always")(function)
    return cast(F, code)
