"""`np.add.reduce`, `np.maximum.accumulate` and the like, by which sums, products and extremes are made too."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from ...core.tensor import Tensor
from .arguments import NO_VALUE, axes_of, axis_of, cast, given, ops, tensor_of, written
from .ufuncs import METHODS, operator_of

_REDUCTIONS = {"add": "sum", "maximum": "amax", "minimum": "amin", "fmax": "amax", "fmin": "amin"}


def _sequentially(ufunc: np.ufunc, tensor: Tensor, axis: int) -> list[Tensor]:
    """The partial results along an axis, for ufuncs without an operator of their own for it."""
    function = operator_of(ufunc)
    if function is None or ufunc.nin != 2 or ufunc.nout != 1:
        raise RuntimeError(
            "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead. "
            f"(np.{ufunc.__name__}.reduce has no derivative here)"
        )
    parts = tensor.unbind(axis)
    results = [parts[0]]
    for part in parts[1:]:
        results.append(function(results[-1], part))
    return results


def _identity(ufunc: np.ufunc, tensor: Tensor) -> Any:
    """What changes nothing: for elements that `where` leaves out, and for none at all."""
    if ufunc in (np.maximum, np.fmax):
        return -math.inf
    if ufunc in (np.minimum, np.fmin):
        return math.inf
    return ufunc.identity if ufunc.identity is not None else NO_VALUE


def reduce(
    ufunc: np.ufunc,
    a: Any,
    axis: Any = 0,
    dtype: Any = None,
    out: Any = None,
    keepdims: bool = False,
    initial: Any = NO_VALUE,
    where: Any = True,
) -> Tensor:
    """One axis, several or all (None) put together by a ufunc of two operands."""
    tensor = cast(tensor_of(a), dtype)
    if tensor._array_.dtype.kind in "biu" and dtype is None and ufunc in (np.add, np.multiply):
        tensor = cast(tensor, np.add.reduce(np.zeros(1, tensor._array_.dtype)).dtype)
    axes = axes_of(axis, tensor.ndim)
    masked = where is not True and where is not NO_VALUE
    if masked:
        neutral = _identity(ufunc, tensor)
        if neutral is NO_VALUE or (math.inf in (neutral, -neutral) and not given(initial)):
            raise ValueError(
                f"reduction operation '{ufunc.__name__}' does not have an identity, so to use a where mask one has to "
                "specify 'initial'"
            )
        tensor = ops.where(tensor_of(where), tensor, ops.full((), neutral, dtype=tensor.dtype))
    n = math.prod([tensor.shape[one] for one in axes])
    if not n and (ufunc.identity is None or ufunc in (np.maximum, np.minimum)) and not given(initial):
        raise ValueError(f"zero-size array to reduction operation {ufunc.__name__} which has no identity")
    if not n:
        start = initial if given(initial) else ufunc.identity
        shape = [size for i, size in enumerate(tensor.shape) if i not in axes]
        result = cast(tensor_of(start), tensor.dtype).broadcast_to(shape) + tensor.sum()
        initial = NO_VALUE
    elif not axes:
        result = tensor + 0
    elif ufunc in (np.fmax, np.fmin):
        result = functools.reduce(operator_of(ufunc), _flat(tensor, axes).unbind(-1))  # type: ignore[arg-type]
    elif ufunc.__name__ in _REDUCTIONS:
        result = getattr(ops, _REDUCTIONS[ufunc.__name__])(tensor, axes)
    elif ufunc is np.multiply:
        result = _flat(tensor, axes).prod(-1)
    elif ufunc is np.logaddexp:
        result = ops.logsumexp(tensor, axes)
    else:
        result = _flat(tensor, axes)
        result = _sequentially(ufunc, result, result.ndim - 1)[-1]
    if given(initial):
        function = operator_of(ufunc)
        assert function is not None
        result = function(cast(tensor_of(initial), result.dtype).broadcast_to(result.shape), result)
    if keepdims is not NO_VALUE and keepdims:
        for one in sorted(axes):
            result = result.unsqueeze(one)
    return written(result, out, f"{ufunc.__name__}.reduce")


def _flat(tensor: Tensor, axes: tuple[int, ...]) -> Tensor:
    """The tensor with these axes as one, the last."""
    rest = [axis for axis in range(tensor.ndim) if axis not in axes]
    return tensor.permute(*rest, *axes).reshape([*[tensor.shape[axis] for axis in rest], -1])


def accumulate(ufunc: np.ufunc, array: Any, axis: int = 0, dtype: Any = None, out: Any = None) -> Tensor:
    """The partial results along an axis."""
    tensor = cast(tensor_of(array), dtype)
    axis = axis_of(axis, tensor.ndim)
    if ufunc is np.add:
        result = ops.cumsum(tensor, axis)
    elif ufunc is np.multiply:
        result = ops.cumprod(tensor, axis)
    elif ufunc is np.logaddexp:
        result = ops.logcumsumexp(tensor, axis)
    elif ufunc is np.maximum:
        result = ops.cummax(tensor, axis)[0]
    elif ufunc is np.minimum:
        result = ops.cummin(tensor, axis)[0]
    else:
        result = ops.stack(_sequentially(ufunc, tensor, axis), axis) if tensor.shape[axis] else tensor + 0
    return written(result, out, f"{ufunc.__name__}.accumulate")


METHODS.update(reduce=reduce, accumulate=accumulate)
