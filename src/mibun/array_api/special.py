"""Special functions under SciPy's names, where `scipy.special` looks for them in a namespace: recorded, not converted.

The standard has no extension `special`; SciPy calls the functions of one where a namespace has it, and computes with
NumPy otherwise, through which no gradient flows. What is not here goes that way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.registry import FUNCTIONS
from ..core.tensor import Tensor
from ..ops.pointwise import bessel, error_functions, logarithms
from ..ops.pointwise.gamma import zeta as _zeta
from .dtypes import promoted, with_floating


def _of_one(name: str, function: Callable[..., Tensor]) -> Callable[[Any], Tensor]:
    def special(x: Tensor, /) -> Tensor:
        return function(with_floating(x))

    return _called(special, name)


def _of_two(name: str, function: Callable[..., Tensor]) -> Callable[[Any, Any], Tensor]:
    def special(x1: Tensor | float, x2: Tensor | float, /) -> Tensor:
        return function(*promoted(x1, x2, floating=True))

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
    "gammainc": FUNCTIONS["igamma"],
    "gammaincc": FUNCTIONS["igammac"],
    "xlog1py": logarithms.xlog1py,
    "xlogy": FUNCTIONS["xlogy"],
    "zeta": _zeta,
}
globals().update({name: _of_one(name, function) for name, function in _ONE.items()})
globals().update({name: _of_two(name, function) for name, function in _TWO.items()})

__all__ = sorted([*_ONE, *_TWO])  # pyright: ignore[reportUnsupportedDunderAll]
