"""`torch.backends.mps`: Apple's GPUs, which are not used."""

from __future__ import annotations


def is_available() -> bool:
    """Whether an Apple GPU can be used: False."""
    return False


def is_built() -> bool:
    """Whether support for them was compiled in: False."""
    return False
