"""PyTorch's classes of errors of accelerators, which programs name in `except` clauses. None is ever raised here."""

from __future__ import annotations


class OutOfMemoryError(RuntimeError):
    """An accelerator has no memory left: `torch.OutOfMemoryError`. (The CPU's memory ends with a MemoryError.)"""


class AcceleratorError(RuntimeError):
    """An accelerator has failed, with its number of the error as `error_code`: `torch.AcceleratorError`."""

    error_code: int


__all__ = ["AcceleratorError", "OutOfMemoryError"]
