"""What happens when NumPy asks a Tensor to do one of its functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.tensor import Tensor
from ...core.views import own_array
from . import elements, fourier, linalg, pointwise, polynomials, products, reductions, statistics, ufuncs  # noqa: F401
from .arguments import ALWAYS, TABLE, cast, find, followed, replaced, tensors_in

# Functions whose result does not change with small changes of the elements: they see the values alone.
CONSTANT = (
    "all allclose any argmax argmin argpartition argsort array_equal array_equiv bincount can_cast count_nonzero "
    "diag_indices_from digitize einsum_path empty_like flatnonzero histogram histogram2d histogram_bin_edges "
    "histogramdd isclose iscomplexobj isin isneginf isposinf isrealobj ix_ lexsort linalg.matrix_rank "
    "may_share_memory nanargmax nanargmin ndim nonzero ones_like ravel_multi_index searchsorted shape shares_memory "
    "tril_indices_from triu_indices_from unique_counts unravel_index zeros_like"
)
# Those that see arrays and give what they give: PyTorch's tensors are no arguments for them.
OVER_ARRAYS = (
    "array2string array_repr array_str common_type iscomplex isreal min_scalar_type result_type copyto put "
    "putmask place"
)
# Those whose dtype follows from more than the operands: integers among NumPy's own numbers, say. They are tried.
BY_TRIAL = (
    "corrcoef cov geomspace gradient insert linspace logspace nanpercentile nanquantile pad percentile polyder polyint "
    "quantile select vander"
)
_BY_TRIAL = {find(name) for name in BY_TRIAL.split()}
_CONSTANT = {find(name) for name in CONSTANT.split()}
_OVER_ARRAYS = {find(name) for name in OVER_ARRAYS.split()}


call_ufunc = ufuncs.call


def name_of(function: Any) -> str:
    """How users write a function of NumPy's."""
    module = function.__module__.replace("numpy", "np", 1)
    return f"{module}.{function.__name__}"


def _in_numpys_dtype(function: Any, args: tuple, kwargs: dict[str, Any], result: Any) -> Any:
    """A result in the dtype that NumPy's has; where all operands are in double precision it needs no trial."""
    operands = list(tensors_in((args, kwargs)))
    if all(tensor._array_.dtype in (np.float64, np.complex128) for tensor in operands) or kwargs.get("out") is not None:
        return result
    args, kwargs = replaced((args, kwargs), lambda tensor: tensor._array_)
    with np.errstate(all="ignore"):
        expected = function._implementation(*args, **kwargs)
    if isinstance(result, tuple):
        return tuple([cast(one, other.dtype) for one, other in zip(result, expected, strict=True)])
    return cast(result, expected.dtype)


def call(function: Any, types: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """Do a function of NumPy's that has been given Tensors.

    Where derivatives are asked for, by the table; elsewhere NumPy does what it does with PyTorch's tensors, so that
    the result is of the same type.
    """
    if not all(issubclass(kind, (Tensor, np.ndarray)) for kind in types):
        return NotImplemented
    recorded = followed(args) or followed(kwargs)
    implementation = TABLE.get(function)
    if implementation is not None and (recorded or function in ALWAYS):
        result = implementation(*args, **kwargs)
        return _in_numpys_dtype(function, args, kwargs, result) if function in _BY_TRIAL else result
    if function in _OVER_ARRAYS and not (recorded and function in (np.copyto, np.put, np.putmask, np.place)):
        args, kwargs = replaced((args, kwargs), lambda tensor: own_array(tensor.detach()))
    elif recorded:
        if function not in _CONSTANT:
            raise RuntimeError(
                "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead. "
                f"({name_of(function)} has no derivative here)"
            )
        args, kwargs = replaced((args, kwargs), lambda tensor: tensor.detach())
    return function._implementation(*args, **kwargs)
