"""Exceptions of accelerators. mibun raises none of them; programs name them in `except` clauses."""

from __future__ import annotations


class AcceleratorError(RuntimeError):
    """What a device reports, with its number of the error as `error_code`."""

    error_code: int


class OutOfMemoryError(RuntimeError):
    """A device has no memory left. (The CPU's memory ends with Python's MemoryError.)"""


__all__ = ["AcceleratorError", "OutOfMemoryError"]
