"""`torch.backends.cusparselt`, NVIDIA's library of sparse products: not available."""

from __future__ import annotations


def is_available() -> bool:
    """Whether it can be used: False."""
    return False


def version() -> int | None:
    """Its version: None."""
    return None


def get_max_alg_id() -> int | None:
    """The number of its algorithms: None."""
    return None


__all__ = ["get_max_alg_id", "is_available", "version"]
