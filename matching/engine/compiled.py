"""The one place that names the compiler: `compiled` turns an annotated function into cached machine code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
from numba import njit

Integers = npt.NDArray[np.integer[Any]]
"""Arrays of any integer type; compiled code is made for each combination that it meets."""
F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Return the function compiled by numba on its first call, and kept on disk after it."""
    code: Any = njit(cache=True)(function)
    return cast(F, code)


def inlined(function: F) -> F:
    """Return the function for compiled ones to take its body in: a call would count references on each array."""
    code: Any = njit(inline="always")(function)
    return cast(F, code)
