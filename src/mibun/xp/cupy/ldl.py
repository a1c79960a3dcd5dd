"""LDL factorizations of CuPy's arrays: on the host, since every step depends on the values of the one before."""

from __future__ import annotations

from typing import Any

from ..numpy import ldl
from .library import np


def ldl_with_info(x: Any, hermitian: bool) -> tuple[Any, Any, Any]:
    """(LD, pivots, info) of each matrix: see `xp/numpy/ldl.py`."""
    factor, pivots, info = ldl.ldl_with_info(x.get(), hermitian)
    return np.asarray(factor), np.asarray(pivots), np.asarray(info)


def ldl_solution(ld: Any, pivots: Any, b: Any, hermitian: bool) -> Any:
    """X with A X = B, from the factorization of A; batches broadcast."""
    return np.asarray(ldl.ldl_solution(ld.get(), pivots.get(), b.get(), hermitian))
