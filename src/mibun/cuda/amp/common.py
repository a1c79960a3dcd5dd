"""Whether automatic mixed precision is of use on GPUs."""

from __future__ import annotations


def amp_definitely_not_available() -> bool:
    """Whether there is neither a GPU nor `torch_xla`: True."""
    return True


__all__ = ["amp_definitely_not_available"]
