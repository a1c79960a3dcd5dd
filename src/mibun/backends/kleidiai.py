"""`torch.backends.kleidiai`, Arm's library of products: not available."""

from __future__ import annotations


def is_available() -> bool:
    """Whether it can be used: False."""
    return False
