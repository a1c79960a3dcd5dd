"""The special functions that JAX has. The others are mibun's own (`xp/generic/special.py`), of arrays of JAX's."""

from __future__ import annotations

from typing import Any

import jax.scipy.special as special
from jax import lax

erf = lax.erf
erfc = lax.erfc
erfinv = lax.erf_inv
lgamma = lax.lgamma
digamma = lax.digamma
i0e, i1e = special.i0e, special.i1e
i0, i1 = special.i0, special.i1
igamma, igammac = special.gammainc, special.gammaincc
ndtr, log_ndtr, ndtri = special.ndtr, special.log_ndtr, special.ndtri
zeta = special.zeta
quick_ndtr = ndtr


def polygamma(n: int, x: Any) -> Any:
    """The n-th derivative of digamma."""
    return digamma(x) if n == 0 else special.polygamma(n, x)


def times_ndtr(x: Any) -> Any:
    """x times the distribution function of the normal distribution."""
    return x * ndtr(x)
