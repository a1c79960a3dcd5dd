"""The error function and its kin: `erf`, `erfc`, `erfinv`, `erfcx`; and the normal distribution: `ndtr`, `ndtri`.

Real dtypes only; integers give the default dtype. Those that are not `erf`, `erfc` or `erfinv` are public as
`torch.special`'s. How they are computed is in `xp/special/functions.py` and `xp/special/normal.py`.
"""

from __future__ import annotations

import math
from typing import Any

from ...core.registry import Array
from ...dispatch.declare import op, pointwise
from ...dispatch.overloads import refusals


def bell(xp: Any, x: Array, scale: float) -> Array:
    """exp(-scale x²): 0 far out, and its derivatives too, where x² would overflow and make NaN of 0 * inf."""
    square = x * x
    return xp.exp(xp.where(square > 3600, 3600.0, square) * -scale)


@op(
    pointwise,
    dtype="float",
    refuses=refusals("erf_vml_cpu", "c"),
    vjp=lambda xp, g, input: g * (2 / math.sqrt(math.pi)) * bell(xp, input, 1.0),
)
def erf(xp, input):
    """The error function, elementwise: 2/sqrt(π) times the integral of exp(-t²) from 0 to input.

    Args:
        input: of any shape and real dtype. Integers and bools give the default dtype.

    Raises:
        NotImplementedError: for complex dtypes.

    >>> import mibun as torch
    >>> torch.erf(torch.tensor([0., 1.]))
    tensor([0.0000, 0.8427])
    """
    return xp.erf(input)


@op(
    pointwise,
    dtype="float",
    refuses=refusals("erfc_vml_cpu", "c"),
    vjp=lambda xp, g, input: g * (-2 / math.sqrt(math.pi)) * bell(xp, input, 1.0),
)
def erfc(xp, input):
    """1 - erf(input), elementwise, without loss of digits where that is small.

    >>> import mibun as torch
    >>> torch.erfc(torch.tensor([0., 10.], dtype=torch.float64))
    tensor([1.0000e+00, 2.0885e-45], dtype=torch.float64)
    """
    return xp.erfc(input)


def _erfinv_rule(xp, g, input):
    root = xp.erfinv(input)
    return g * (math.sqrt(math.pi) / 2) * xp.exp(root * root)


@op(pointwise, dtype="float", refuses=refusals("erfinv_vml_cpu", "c"), vjp=_erfinv_rule)
def erfinv(xp, input):
    """The inverse of `erf`, elementwise: infinite at ±1, NaN beyond.

    >>> import mibun as torch
    >>> torch.erfinv(torch.tensor([0., 0.5, 1.]))
    tensor([0.0000, 0.4769,    inf])
    """
    return xp.erfinv(input)


@op(
    pointwise,
    dtype="float",
    name="special_erfcx",
    public=False,
    refuses=refusals("erfcx_cpu", "c"),
    vjp=lambda xp, g, input: g * xp.erfcx_derivative(input, n=1),
)
def erfcx(xp, input):
    """exp(input²) * erfc(input), elementwise: erfc without its decay.

    >>> import mibun as torch
    >>> torch.special.erfcx(torch.tensor([0., 100.]))
    tensor([1.0000, 0.0056])
    """
    return xp.erfcx(input)


# 2 x erfcx(x) - 2 / sqrt(π) has no digits for large x, still less its derivatives.
@op(
    pointwise,
    name="erfcx_derivative",
    public=False,
    vjp=lambda xp, g, input, n: g * xp.erfcx_derivative(input, n=n + 1),
)
def _erfcx_derivative(xp, input, *, n):
    return xp.erfcx_slope(n, input)


# --- the normal distribution ---


_ROOT_TWO_PI = math.sqrt(2 * math.pi)


def _density(xp, g, input):
    return g * bell(xp, input, 0.5) / _ROOT_TWO_PI


def _log_ndtr_slope_rule(xp, g, input, out):
    # h = φ/Φ has h' = -h (x + h). On the left x + h is small: with y = -x/√2 it is √2 E(y) / erfcx(y), erfcx' = -2E.
    left = input < -1
    y = xp.where(left, input, -1.0) * -math.sqrt(0.5)
    tail = xp.erfcx_derivative(y, n=1) * -math.sqrt(0.5) / xp.special_erfcx(y)
    return g * -(out * xp.where(left, tail, input + out))


@op(pointwise, name="log_ndtr_slope", public=False, vjp=_log_ndtr_slope_rule)
def _log_ndtr_slope(xp, input):
    """The density over the distribution function; on the left, where both underflow, by erfcx."""
    left = input < -1
    tail = math.sqrt(2 / math.pi) / xp.erfcx(xp.where(left, input, -1.0) * -math.sqrt(0.5))
    right = xp.where(left, -1.0, input)
    return xp.where(left, tail, bell(xp, right, 0.5) / (xp.ndtr(right) * _ROOT_TWO_PI))


@op(
    pointwise,
    dtype="float",
    name="special_ndtr",
    node="MulBackward1",
    public=False,
    refuses=refusals("erf_vml_cpu", "c"),
    vjp=_density,
)
def ndtr(xp, input):
    """The distribution function of the normal distribution, elementwise: (1 + erf(input / sqrt(2))) / 2.

    >>> import mibun as torch
    >>> torch.special.ndtr(torch.tensor([0., 1.96]))
    tensor([0.5000, 0.9750])
    """
    return xp.ndtr(input)


@op(
    pointwise,
    dtype="float",
    name="special_log_ndtr",
    public=False,
    refuses=refusals("log_ndtr_cpu", "c"),
    vjp=lambda xp, g, input: g * xp.log_ndtr_slope(input),
)
def log_ndtr(xp, input):
    """The logarithm of `ndtr`, elementwise, also where that underflows.

    >>> import mibun as torch
    >>> torch.special.log_ndtr(torch.tensor([-40.]))
    tensor([-804.6085])
    """
    return xp.log_ndtr(input)


@op(
    pointwise,
    dtype="float",
    name="special_ndtri",
    public=False,
    refuses=refusals("ndtri_cpu", "c"),
    vjp=lambda xp, g, out: g * _ROOT_TWO_PI * xp.exp(0.5 * (out * out)),
)
def ndtri(xp, input):
    """The inverse of `ndtr`, elementwise: the quantiles of the normal distribution; NaN outside of [0, 1].

    >>> import mibun as torch
    >>> torch.special.ndtri(torch.tensor([0.5, 0.975]))
    tensor([0.0000, 1.9600])
    """
    return xp.ndtri(input)
