"""`torch.backends.openmp`: mibun's threads are Python's, and those of NumPy's BLAS."""

from __future__ import annotations


def is_available() -> bool:
    """Whether mibun's own operators use OpenMP: False."""
    return False
