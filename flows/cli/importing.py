"""Imports of thousands of classes, without the garbage collector."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def heavy_imports() -> Iterator[None]:
    """While modules are imported that stay until the process ends.

    The collector goes through them in vain: a fifth of the import of Prefect, and half a second when the process
    ends. What was imported is left out of it from then on.
    """
    on = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if on:
            gc.enable()
