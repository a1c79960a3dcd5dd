"""PyTorch's classes of errors of accelerators, which programs name in `except` clauses. None is ever raised here."""

from __future__ import annotations


class OutOfMemoryError(RuntimeError):
    """An accelerator has no memory left: `torch.OutOfMemoryError`."""


class AcceleratorError(RuntimeError):
    """An accelerator has failed: `torch.AcceleratorError`."""
