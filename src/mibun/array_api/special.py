"""Special functions under SciPy's names, where `scipy.special` looks for them in a namespace: recorded, not converted.

The standard has no extension `special`; SciPy calls the functions of one where a namespace has it, and computes with
NumPy otherwise, through which no gradient flows. What is not here goes that way.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..autograd.function import Function
from ..core.registry import FUNCTIONS
from ..core.tensor import Tensor
from ..ops.creation.filled import full
from ..ops.creation.from_data import as_tensor
from ..ops.pointwise import bessel, error_functions, logarithms
from ..ops.pointwise.gamma import zeta as _zeta
from .dtypes import broadcast_arrays, nan, pi, promoted, with_floating
from .searching import unique_values, where


def _promoted(*operands: Tensor | float) -> list[Tensor]:
    """Operands of one dtype. Integers count as the default dtype, whatever else there is, as SciPy has it."""
    return promoted(*(with_floating(x) if isinstance(x, Tensor) else x for x in operands))


def _of_one(name: str, function: Callable[..., Tensor]) -> Callable[[Any], Tensor]:
    def special(x: Tensor, /) -> Tensor:
        return function(with_floating(x))

    return _called(special, name)


def _of_two(name: str, function: Callable[..., Tensor]) -> Callable[[Any, Any], Tensor]:
    def special(x1: Tensor | float, x2: Tensor | float, /) -> Tensor:
        return function(*_promoted(x1, x2))

    return _called(special, name)


def _called(function: Any, name: str) -> Any:
    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"`scipy.special.{name}` on Tensors of any shape; differentiable. Integers count as floats."
    return function


# Of one operand, and of two: SciPy's name -> mibun's function.
_ONE: dict[str, Callable[..., Tensor]] = {
    name: FUNCTIONS[torch_name]
    for name, torch_name in {
        "digamma": "digamma",
        "erf": "erf",
        "erfc": "erfc",
        "erfinv": "erfinv",
        "exp2": "exp2",
        "expit": "sigmoid",
        "expm1": "expm1",
        "gammaln": "lgamma",
        "i0": "i0",
        "log1p": "log1p",
        "logit": "logit",
        "psi": "digamma",
        "sinc": "sinc",
    }.items()
}
_ONE |= {
    "entr": logarithms.entr,
    "erfcx": error_functions.erfcx,
    "i0e": bessel.i0e,
    "i1": bessel.i1,
    "i1e": bessel.i1e,
    "log_ndtr": error_functions.log_ndtr,
    "ndtr": error_functions.ndtr,
    "ndtri": error_functions.ndtri,
    "j0": bessel.FUNCTIONS_OF_ONE["bessel_j0"],
    "j1": bessel.FUNCTIONS_OF_ONE["bessel_j1"],
    "k0": bessel.FUNCTIONS_OF_ONE["modified_bessel_k0"],
    "k0e": bessel.FUNCTIONS_OF_ONE["scaled_modified_bessel_k0"],
    "k1": bessel.FUNCTIONS_OF_ONE["modified_bessel_k1"],
    "k1e": bessel.FUNCTIONS_OF_ONE["scaled_modified_bessel_k1"],
    "y0": bessel.FUNCTIONS_OF_ONE["bessel_y0"],
    "y1": bessel.FUNCTIONS_OF_ONE["bessel_y1"],
}
_TWO: dict[str, Callable[..., Tensor]] = {
    "chdtr": lambda v, x: FUNCTIONS["igamma"](v / 2, x / 2),
    "chdtrc": lambda v, x: FUNCTIONS["igammac"](v / 2, x / 2),
    "gammainc": FUNCTIONS["igamma"],
    "gammaincc": FUNCTIONS["igammac"],
    "xlog1py": logarithms.xlog1py,
    "xlogy": FUNCTIONS["xlogy"],
    "zeta": _zeta,
}


def multigammaln(a: Tensor, d: int | Tensor, /) -> Tensor:
    """`scipy.special.multigammaln`: the logarithm of the multivariate gamma function of dimension d, differentiable.

    >>> from mibun import array_api as xp
    >>> xp.special.multigammaln(xp.asarray([2.5]), 2)
    tensor([0.8570])
    """
    return FUNCTIONS["mvlgamma"](with_floating(a), int(d))


def polygamma(n: int | Tensor, x: Tensor, /) -> Tensor:
    """`scipy.special.polygamma`: the n-th derivative of digamma, differentiable in x; NaN for a negative n.

    n: a number, or a Tensor of them, broadcast against x.

    >>> from mibun import array_api as xp
    >>> xp.special.polygamma(1, xp.asarray([1.0]))
    tensor([1.6449])
    """
    x = _promoted(n, x)[1] if isinstance(n, Tensor) else with_floating(x)
    orders = n if isinstance(n, Tensor) else full((), n)
    result = full((), nan, dtype=x.dtype)
    for order in unique_values(orders).tolist():
        if order >= 0:
            result = where(orders == order, FUNCTIONS["polygamma"](int(order), x), result)
    return broadcast_arrays(result, x, orders)[0]


# --- SciPy's own, with the derivatives that have a closed form ---

# Each is a function of the arguments; None where there is none. The densities of probability distributions, mostly.


def _beta_density(a: Tensor, b: Tensor, x: Tensor) -> Tensor:
    log_beta = _log_gamma(a) + _log_gamma(b) - _log_gamma(a + b)
    return (FUNCTIONS["xlogy"](a - 1, x) + logarithms.xlog1py(b - 1, -x) - log_beta).exp()


def _f_density(m: Tensor, n: Tensor, x: Tensor) -> Tensor:
    # P(m, n, x) = betainc(m/2, n/2, y) with y = m x / (m x + n), of which dy/dx = m n / (m x + n)².
    scale = m * x + n
    return _beta_density(m / 2, n / 2, m * x / scale) * m * n / scale**2


def _t_density(n: Tensor, t: Tensor) -> Tensor:
    log_factor = _log_gamma((n + 1) / 2) - _log_gamma(n / 2) - (n * pi).log() / 2
    return (log_factor - (n + 1) / 2 * (t * t / n).log1p()).exp()


_log_gamma, _digamma = FUNCTIONS["lgamma"], FUNCTIONS["digamma"]
_DERIVATIVES: dict[str, tuple[Callable[..., Tensor] | None, ...]] = {
    "betainc": (None, None, _beta_density),
    "betaincc": (None, None, lambda a, b, x: -_beta_density(a, b, x)),
    "betaln": (lambda a, b: _digamma(a) - _digamma(a + b), lambda a, b: _digamma(b) - _digamma(a + b)),
    "cbrt": (lambda x: 1 / (3 * _of_scipy("cbrt", x) ** 2),),
    "exp10": (lambda x: math.log(10) * _of_scipy("exp10", x),),
    "fdtr": (None, None, _f_density),
    "fdtrc": (None, None, lambda m, n, x: -_f_density(m, n, x)),
    "gamma": (lambda x: _of_scipy("gamma", x) * _digamma(x),),
    "rgamma": (lambda x: -_of_scipy("rgamma", x) * _digamma(x),),
    "stdtr": (None, _t_density),
}


_PLACES = ("first", "second", "third")


class _OfSciPy(Function):
    """A function of `scipy.special` on Tensors of one shape and dtype, by its name."""

    @staticmethod
    def forward(name: str, *operands: Tensor) -> Tensor:  # type: ignore[override]
        from scipy import special  # installed, as it is SciPy that looks for these functions

        return as_tensor(np.asarray(getattr(special, name)(*(x.detach().numpy() for x in operands))))

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        ctx.name = inputs[0]
        ctx.save_for_backward(*inputs[1:])
        for needed, derivative, place in zip(ctx.needs_input_grad[1:], _DERIVATIVES[ctx.name], _PLACES, strict=False):
            if needed and derivative is None:
                raise NotImplementedError(
                    f"the derivative for '{ctx.name}' in its {place} argument is not implemented: it has no closed form"
                )

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        operands = ctx.saved_tensors
        return None, *(
            grads[0] * derivative(*operands) if needed and derivative is not None else None
            for needed, derivative in zip(ctx.needs_input_grad[1:], _DERIVATIVES[ctx.name], strict=True)
        )

    @staticmethod
    def vmap(info: Any, in_dims: tuple, name: str, *operands: Tensor) -> tuple[Tensor, int]:
        aligned = [x if dim is None else x.movedim(dim, 0) for x, dim in zip(operands, in_dims[1:], strict=True)]
        return _of_scipy(name, *aligned), 0


def _of_scipy(name: str, *operands: Tensor | float) -> Tensor:
    return _OfSciPy.apply(name, *broadcast_arrays(*_promoted(*operands)))


def _compiled(name: str) -> Callable[..., Tensor]:
    def special(*operands: Tensor | float) -> Tensor:
        return _of_scipy(name, *operands)

    _called(special, name)
    which = [f"its {place} argument" for place, known in zip(_PLACES, _DERIVATIVES[name], strict=False) if known]
    special.__doc__ = f"`scipy.special.{name}` on Tensors, differentiable in {' and '.join(which)}."
    return special


globals().update({name: _of_one(name, function) for name, function in _ONE.items()})
globals().update({name: _of_two(name, function) for name, function in _TWO.items()})
globals().update({name: _compiled(name) for name in _DERIVATIVES})

__all__ = sorted([*_ONE, *_TWO, *_DERIVATIVES, "multigammaln", "polygamma"])  # pyright: ignore[reportUnsupportedDunderAll]
