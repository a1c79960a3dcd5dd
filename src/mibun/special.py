"""Special functions, as `torch.special` names them. An index: the operators are in `ops/`, by family."""

from __future__ import annotations

from collections.abc import Callable

from .core.dtypes import dtype
from .core.missing import explain_missing_names as _explain_missing_names
from .core.registry import FUNCTIONS
from .core.tensor import Tensor
from .dispatch.declare import Op
from .dispatch.forms import function_of
from .dispatch.public import name_as, publish
from .ops.annotations import Number
from .ops.nn.softmax import log_softmax as _log_softmax
from .ops.nn.softmax import softmax as _softmax
from .ops.pointwise import bessel, error_functions, logarithms
from .ops.pointwise.gamma import zeta as zeta
from .ops.pointwise.logarithms import xlog1py as xlog1py
from .ops.pointwise.polynomials import POLYNOMIALS

# Other names for functions of `torch`, which are made from declarations and stand in the table of functions alone.
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
    "entr": logarithms.entr,
    "erfcx": error_functions.erfcx,
    "i0e": bessel.i0e,
    "i1": bessel.i1,
    "i1e": bessel.i1e,
    "log_ndtr": error_functions.log_ndtr,
    "modified_bessel_i0": bessel.modified_bessel_i0,
    "modified_bessel_i1": bessel.modified_bessel_i1,
    "ndtr": error_functions.ndtr,
    "ndtri": error_functions.ndtri,
    **bessel.FUNCTIONS_OF_ONE,
}


def _function(name: str, operator: Op) -> Callable[..., Tensor]:
    function = function_of(operator)
    name_as(function, __name__, name)
    return function


def _polynomial(name: str, operator: Op) -> Callable[..., Tensor]:
    apply_to = function_of(operator)

    def function(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
        if not isinstance(input, Tensor) and not isinstance(n, Tensor):
            raise TypeError(
                f"special_{name}() received an invalid combination of arguments - got ({type(input).__name__}, "
                f"{type(n).__name__}), but expected at least one Tensor"
            )
        return apply_to(input, n, out=out)

    name_as(function, __name__, name)
    function.__doc__ = operator.doc
    return function


def softmax(input: Tensor, dim: int, *, dtype: dtype | None = None) -> Tensor:
    """exp(input) divided by its sum along a dimension; computed in `dtype`, if that is given."""
    return _softmax(input, dim, dtype)


def log_softmax(input: Tensor, dim: int, *, dtype: dtype | None = None) -> Tensor:
    """The logarithm of `softmax`, without underflow."""
    return _log_softmax(input, dim, dtype)


name_as(zeta, __name__, "zeta")
name_as(xlog1py, __name__, "xlog1py")
globals().update({name: FUNCTIONS[shared] for name, shared in _SHARED.items()})
globals().update({name: _function(name, operator) for name, operator in _OWN.items()})
globals().update({name: _polynomial(name, operator) for name, operator in POLYNOMIALS.items()})
__all__ = sorted([*_SHARED, *_OWN, *POLYNOMIALS, "log_softmax", "softmax", "xlog1py", "zeta"])  # pyright: ignore[reportUnsupportedDunderAll]
publish(__name__, globals())

_explain_missing_names(__name__)
