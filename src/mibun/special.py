"""Special functions, as `torch.special` names them. An index: the operators are in `ops/`, by family."""

from __future__ import annotations

from typing import Any

from .core.registry import FUNCTIONS, OPS
from .core.tensor import Tensor
from .dispatch.forms import function_of
from .dispatch.public import name_as, publish
from .ops.nn.softmax import log_softmax as _log_softmax
from .ops.nn.softmax import softmax as _softmax
from .ops.pointwise.bessel import FUNCTIONS_OF_ONE, POLYNOMIALS
from .ops.pointwise.incomplete import zeta as zeta
from .ops.pointwise.normal import xlog1py as xlog1py

_SHARED = {
    "digamma": "digamma",
    "erf": "erf",
    "erfc": "erfc",
    "erfinv": "erfinv",
    "exp2": "exp2",
    "expit": "sigmoid",
    "expm1": "expm1",
    "gammainc": "igamma",
    "gammaincc": "igammac",
    "gammaln": "lgamma",
    "i0": "i0",
    "log1p": "log1p",
    "logit": "logit",
    "logsumexp": "logsumexp",
    "multigammaln": "mvlgamma",
    "polygamma": "polygamma",
    "psi": "digamma",
    "round": "round",
    "sinc": "sinc",
    "xlogy": "xlogy",
}
_OWN = {
    "entr": "special_entr",
    "erfcx": "special_erfcx",
    "i0e": "special_i0e",
    "i1": "bessel_i1",
    "i1e": "special_i1e",
    "log_ndtr": "special_log_ndtr",
    "modified_bessel_i0": "special_modified_bessel_i0",
    "modified_bessel_i1": "special_modified_bessel_i1",
    "ndtr": "special_ndtr",
    "ndtri": "special_ndtri",
    **{name: "special_" + name for name in FUNCTIONS_OF_ONE},
}


def _function(name: str, operator: str) -> Any:
    function = function_of(OPS[operator])
    name_as(function, __name__, name)
    return function


def _polynomial(name: str) -> Any:
    apply_to = function_of(OPS["special_" + name])

    def function(input: Any, n: Any, *, out: Any = None) -> Any:
        if not isinstance(input, Tensor) and not isinstance(n, Tensor):
            raise TypeError(
                f"special_{name}() received an invalid combination of arguments - got ({type(input).__name__}, "
                f"{type(n).__name__}), but expected at least one Tensor"
            )
        return apply_to(input, n, out=out)

    name_as(function, __name__, name)
    function.__doc__ = OPS["special_" + name].doc
    return function


def softmax(input: Any, dim: int, *, dtype: Any = None) -> Any:
    """exp(input) divided by its sum along a dimension."""
    return _softmax(input, dim, dtype)


def log_softmax(input: Any, dim: int, *, dtype: Any = None) -> Any:
    """The logarithm of `softmax`, without underflow."""
    return _log_softmax(input, dim, dtype)


globals().update({name: FUNCTIONS[shared] for name, shared in _SHARED.items()})
globals().update({name: _function(name, operator) for name, operator in _OWN.items()})
globals().update({name: _polynomial(name) for name in POLYNOMIALS})
__all__ = sorted([*_SHARED, *_OWN, *POLYNOMIALS, "log_softmax", "softmax", "xlog1py", "zeta"])  # pyright: ignore[reportUnsupportedDunderAll]
publish(__name__, globals())
