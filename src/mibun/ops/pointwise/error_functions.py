"""The error function and its kin: `erf`, `erfc`, `erfinv`, `erfcx`; and the normal distribution: `ndtr`, `ndtri`.

Real dtypes only; integers give the default dtype. Those that are not `erf`, `erfc` or `erfinv` are public as
`torch.special`'s. How they are computed is in `xp/special/functions.py` and `xp/special/normal.py`.
"""

from __future__ import annotations

import math

from ...dispatch.declare import op, pointwise
from ...dispatch.overloads import refusals


@op(
    pointwise,
    dtype="float",
    refuses=refusals("erf_vml_cpu", "c"),
    vjp=lambda xp, g, input: g * (2 / math.sqrt(math.pi)) * xp.exp(-(input * input)),
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
    vjp=lambda xp, g, input: g * (-2 / math.sqrt(math.pi)) * xp.exp(-(input * input)),
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
    vjp=lambda xp, g, input, out: g * (2 * input * out - 2 / math.sqrt(math.pi)),
)
def erfcx(xp, input):
    """exp(input²) * erfc(input), elementwise: erfc without its decay.

    >>> import mibun as torch
    >>> torch.special.erfcx(torch.tensor([0., 100.]))
    tensor([1.0000, 0.0056])
    """
    return xp.erfcx(input)


# --- the normal distribution ---


_ROOT_TWO_PI = math.sqrt(2 * math.pi)


def _density(xp, g, input):
    return g * xp.exp(-0.5 * (input * input)) / _ROOT_TWO_PI


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
    vjp=lambda xp, g, input: g * math.sqrt(2 / math.pi) / xp.special_erfcx(input * -math.sqrt(0.5)),
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
