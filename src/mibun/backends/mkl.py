"""`torch.backends.mkl`: whether Intel's library does the linear algebra, which is for NumPy to say."""

from __future__ import annotations

from typing import Any

import numpy as np

VERBOSE_OFF, VERBOSE_ON = 0, 1


def is_available() -> bool:
    """Whether NumPy was built with MKL."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"]  # type: ignore[index]
    return "mkl" in blas


class verbose:
    """A context in which MKL writes what it does, where PyTorch uses it; here it never is asked to.

    >>> import mibun as torch
    >>> with torch.backends.mkl.verbose(torch.backends.mkl.VERBOSE_ON):
    ...     _ = torch.ones(2, 2) @ torch.ones(2, 2)
    """

    def __init__(self, enable: int) -> None:
        self.enable = enable

    def __enter__(self) -> Any:
        return None if self.enable == VERBOSE_OFF else self

    def __exit__(self, *error: object) -> bool:
        return False
