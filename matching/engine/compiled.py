"""The one place that names the compiler: `compiled` turns an annotated function into cached machine code.

Machine code is kept beside the sources, in a folder named by a digest of all of them: numba looks only at the file that
a function stands in, and would go on using code with the columns of yesterday if a table changed in another file.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

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


class Loop:
    """A function that becomes machine code when it is first asked for.

    The compiler takes eighty megabytes and most of a second to load: a process that solves nothing does
    without. To numba it is what it holds, also inside of other loops.
    """

    def __init__(self, function: Callable[..., Any], **options: Any) -> None:
        self._function, self._options = function, options
        self.__name__, self.__doc__ = function.__name__, function.__doc__

    @cached_property
    def code(self) -> Any:
        """The compiled function, as numba knows it."""
        import numba

        settings: Any = numba.config
        before = settings.CACHE_DIR
        settings.CACHE_DIR = before or CACHE_FOLDER
        try:
            return numba.njit(**self._options)(self._function)
        finally:
            settings.CACHE_DIR = before

    def __call__(self, *arguments: Any) -> Any:
        """Call the compiled function."""
        return self.code(*arguments)

    def __getattr__(self, name: str) -> Any:
        """Return what numba asks of its own functions: their type, source and options."""
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.code, name)


def compiled(function: F) -> F:
    """Return the function compiled by numba on its first call, and kept on disk after it."""
    return cast(F, Loop(function, cache=True))


def inlined(function: F) -> F:
    """Return the function for compiled ones to take its body in: a call would count references on each array."""
    return cast(F, Loop(function, inline="always"))
