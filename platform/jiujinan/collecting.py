"""
Letting the garbage collector rest while much is held at once.

It looks through everything that a process holds whenever a few hundred things were made, and again when a few thousand
were: reading fifty thousand rows or building their records, a third of the time went there, and nothing was found.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def resting() -> Iterator[None]:
    """Let the collector rest for the time of the block, and collect at its end.

    Long work calls `gc.collect()` itself between its pieces; what was there before the block is not looked through.
    """
    worked = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if worked:
            gc.enable()
        gc.collect()  # a large file leaves tens of megabytes behind in cycles
