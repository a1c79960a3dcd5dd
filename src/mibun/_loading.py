"""Python's garbage collector rests while mibun is loaded: a fifth of the time of the import.

Loading makes a hundred thousand objects, and none of them is garbage; the collector would look through all of them
again and again. `mibun/__init__.py` imports this module first, and lets the collector go on at its end.
"""

from __future__ import annotations

import gc

import numpy  # noqa: F401  (which may fail, and is not mibun's to load)

WAS_COLLECTING = gc.isenabled()
gc.disable()


def done() -> None:
    """Let the collector go on, if it did before."""
    if WAS_COLLECTING:
        gc.enable()


__all__ = ["WAS_COLLECTING", "done"]
