"""The special functions of the NumPy namespace: SciPy's compiled ones where it is installed, else mibun's own.

SciPy is imported when one of them is first called. Its gamma functions are less exact near their zeros than mibun's,
which are used in any case.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import special_functions


def _in_float64(x: Any, function: Callable) -> Any:
    return function(np, x.astype(np.float64)).astype(x.dtype)


def _prefer_scipy(name: str) -> Callable:
    own = getattr(special_functions, name)
    found: list = []

    def function(x: Any) -> Any:
        if not found:
            try:
                import scipy.special

                found.append(getattr(scipy.special, name))
            except ImportError:
                found.append(None)
        if found[0] is not None and x.dtype.kind == "f" and x.dtype.itemsize > 2:
            return found[0](x)
        return _in_float64(x, own)

    function.__name__ = name
    function.__doc__ = own.__doc__
    return function


erf = _prefer_scipy("erf")
erfc = _prefer_scipy("erfc")
erfinv = _prefer_scipy("erfinv")
i0 = _prefer_scipy("i0")
i1 = _prefer_scipy("i1")


def lgamma(x: Any) -> Any:
    """log |gamma(x)|."""
    return _in_float64(x, special_functions.lgamma)


def digamma(x: Any) -> Any:
    """The derivative of log gamma."""
    return _in_float64(x, special_functions.digamma)


def polygamma(n: int, x: Any) -> Any:
    """The n-th derivative of digamma."""
    return special_functions.polygamma(np, n, x.astype(np.float64)).astype(x.dtype)
