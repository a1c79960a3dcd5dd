"""`torch.backends.mkl`: whether Intel's library does the linear algebra, which is for NumPy to say."""

from __future__ import annotations

import numpy as np


def is_available() -> bool:
    """Whether NumPy was built with MKL."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"]  # type: ignore[index]
    return "mkl" in blas
