"""What all reductions share: their dimensions and keepdim arguments, their results' dtypes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ...core.dtypes import as_dtype, dtype
from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch.arguments import check_tensor, wrap_dim, wrap_dims

INT64 = np.dtype("int64")


def reduced_dims(input: Tensor, dim: int | Sequence[int] | None, name: str) -> tuple[int, ...]:
    """The dimensions to reduce, from 0 up; None and () mean all of them, and a 0-d tensor has none."""
    ndim = input._array_.ndim
    if type(dim) is int and -ndim <= dim < ndim:
        return (dim if dim >= 0 else dim + ndim,)
    if dim is None or (dim.__class__ in (tuple, list) and not dim):
        return tuple(range(ndim))
    if isinstance(dim, (str, float)):
        if name not in ("sum", "mean", "any", "all"):  # those without overloads
            raise TypeError(f"{name}(): argument 'dim' (position 1) must be tuple of ints, not {type(dim).__name__}")
        raise TypeError(
            f"{name}() received an invalid combination of arguments - got ({type(dim).__name__}), but expected one of: "
            "(Tensor input), (Tensor input, tuple of ints dim, bool keepdim)"
        )
    dims = wrap_dims(dim, ndim, name)
    return dims if ndim else ()


def one_dim(input: Tensor, dim: int, name: str) -> int:
    """The one dimension that is meant, from 0 up."""
    if isinstance(dim, (tuple, list, float, str)) or dim is None:
        raise TypeError(f"{name}(): argument 'dim' must be int, not {type(dim).__name__}")
    return wrap_dim(dim, input._array_.ndim, name)


def spread(xp: Any, g: Array, shape: tuple[int, ...], dims: tuple[int, ...]) -> Array:
    """The gradient of a reduction with its reduced dimensions put back, of size 1."""
    return xp.reshape(g, tuple([1 if i in dims else size for i, size in enumerate(shape)]))


def count(shape: tuple[int, ...], dims: Iterable[int]) -> int:
    """How many elements are reduced into one."""
    return math.prod([shape[i] for i in dims])


def dtype_for(out: Tensor | None, dtype: dtype | None, name: str) -> dtype | None:
    """The dtype to compute in, which `out` gives where `dtype` does not. RuntimeError where the two differ."""
    if out is None or dtype is None:
        return dtype if out is None else out.dtype
    if as_dtype(dtype, name) != out.dtype:
        raise RuntimeError(f"Expected out tensor to have dtype {dtype}, but got {out.dtype} instead ({name})")
    return dtype


def in_dtype(input: Tensor, dtype: dtype | None, name: str) -> Tensor:
    """The input in the dtype asked for by `dtype=`."""
    check_tensor(input, name)
    if dtype is None:
        return input
    dtype = as_dtype(dtype, name)
    if input._array_.dtype == dtype.np:
        return input
    if dtype.category < 2 and input.requires_grad:
        raise RuntimeError(
            f"Autograd not support dtype: {dtype.scalar_name}: the result of {name}() in {dtype} has no gradient, but "
            "the input requires one"
        )
    return input.to(dtype)


def check_nonempty(input: Tensor, dims: tuple[int, ...], name: str, full: bool) -> None:
    """Raise PyTorch's error for a reduction without an identity over nothing."""
    shape = input._array_.shape
    if full:
        if input._array_.size == 0:
            raise RuntimeError(
                f"{name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim "
                "with the 'dim' argument."
            )
        return
    for dim in dims:
        if shape and shape[dim] == 0:
            raise IndexError(f"{name}(): Expected reduction dim {dim} to have non-zero size.")


def section(x: Array, dim: int, start: int | None, stop: int | None) -> Array:
    """`x[..., start:stop, ...]` along one dimension, of an array or a Tensor."""
    return x[(slice(None),) * dim + (slice(start, stop), ...)]


def refuse_complex(input: Tensor, kernel: str) -> None:
    """Raise PyTorch's error for a reduction that complex numbers have none of."""
    if input._array_.dtype.kind == "c":
        raise NotImplementedError(f"\"{kernel}\" not implemented for '{input.dtype.scalar_name}'")
