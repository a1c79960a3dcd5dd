"""What operators do with sparse arrays: a kernel for each that PyTorch has one for, by the operator's name.

Most are the operator's own kernel over this namespace; those that give zero for zero work on the values alone; the rest
is written here. The rules are the operators' own: they run over this namespace too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.registry import OPS
from ..numpy import namespace as numpy_namespace
from . import compressed, coordinates
from .array import Compressed, Coordinates, Sparse
from .namespace import (
    KERNELS,
    as_coordinates,
    concat,
    masked_by,
    of_values,
    refusal,
    selected,
    sorted_values,
    transposed,
    zeros_like,
)

# The operator's own kernel, whose functions are those of the namespace.
_OWN = """
addmm addmv bmm conj conj_physical linear_with_bias linear_without_bias matmul_batched matmul_rows mm mv neg stack
sum sum_dim sum_integers to_copy vm
""".split()

# Of each value for itself, and zero for zero.
_OF_VALUES = """
abs asin asinh atan atanh ceil deg2rad erf erfinv expm1 floor frac isinf isnan isneginf isposinf log1p nan_to_num
rad2deg relu round_decimals round_whole sgn sign signbit sin sinh sqrt tan tanh trunc
""".split()


def _own(name: str) -> Callable:
    def kernel(xp: Any, *arrays: Any, **params: Any) -> Any:
        return OPS[name].kernel(xp, *arrays, **params)

    return kernel


def _of_values(name: str) -> Callable:
    def kernel(xp: Any, x: Any, **params: Any) -> Any:
        return of_values(lambda values: OPS[name].kernel(numpy_namespace, values, **params), x)

    return kernel


KERNELS.update({name: _own(name) for name in _OWN})
KERNELS.update({name: _of_values(name) for name in _OF_VALUES})


def kernel(*names: str) -> Callable[[Callable], Callable]:
    """Register a function as the kernel of these operators."""

    def register(f: Callable) -> Callable:
        for name in names:
            KERNELS[name] = f
        return f

    return register


def _refuse_dense(x: Any, y: Any) -> None:
    """PyTorch adds a sparse tensor to a dense one, but not the other way round."""
    if isinstance(x, Coordinates) and not isinstance(y, Sparse):
        raise RuntimeError("add(sparse, dense) is not supported. Use add(dense, sparse) instead.")
    shapes = [getattr(x, "shape", ()), getattr(y, "shape", ())]
    if isinstance(x, Compressed) and not isinstance(y, Sparse) and shapes[0] != shapes[1]:
        raise RuntimeError(
            f"add: expected 'self' and 'other' to have same size, but self has size {list(shapes[0])} while other has "
            f"size {list(shapes[1])}"
        )


@kernel("mul")
def _mul(xp: Any, x: Any, y: Any) -> Any:
    out = xp.multiply(x, y)
    if isinstance(out, Coordinates) and isinstance(x, Coordinates) and out.indices is x.indices:
        out.indices = x.indices[:]  # no longer the very same places: what `mul_` does is not seen by others
    return out


@kernel("add")
def _add(xp: Any, x: Any, y: Any) -> Any:
    _refuse_dense(x, y)
    return xp.add(x, y)


@kernel("add_scaled")
def _add_scaled(xp: Any, x: Any, y: Any, *, alpha: Any) -> Any:
    _refuse_dense(x, y)
    return xp.add(x, y * numpy_namespace.scalar(alpha, y.dtype))


@kernel("sub")
def _sub(xp: Any, x: Any, y: Any) -> Any:
    _refuse_dense(x, y)
    return xp.subtract(x, y)


@kernel("sub_scaled")
def _sub_scaled(xp: Any, x: Any, y: Any, *, alpha: Any) -> Any:
    _refuse_dense(x, y)
    return xp.subtract(x, y * numpy_namespace.scalar(alpha, y.dtype))


@kernel("div")
def _div(xp: Any, x: Any, y: Any) -> Any:
    if isinstance(x, Sparse) and (isinstance(y, Sparse) or getattr(y, "ndim", 0)):
        raise RuntimeError(
            "Sparse division requires a scalar or zero-dim dense tensor divisor "
            f"(got shape {list(getattr(y, 'shape', []))} for divisor)"
        )
    return xp.divide(x, y)


@kernel("twice")
def _twice(xp: Any, x: Any) -> Any:
    return x.like(x.values * 2)


@kernel("relu_backward")
def _relu_backward(xp: Any, g: Any, out: Any) -> Any:
    if not isinstance(g, Sparse):
        return g * (out.dense() > 0)
    g = sorted_values(g)
    return g.like(g.values * (masked_by(out, g).values > 0))


def _check_divisor(y: Any) -> None:
    if isinstance(y, Sparse) or getattr(y, "ndim", 0):
        raise RuntimeError(
            "Sparse floor division requires a scalar or zero-dim dense tensor divisor "
            f"(got shape {list(getattr(y, 'shape', []))} for divisor)"
        )


@kernel("floor_divide", "div_rounded")
def _floor_divide(xp: Any, x: Any, y: Any, **params: Any) -> Any:
    _check_divisor(y)
    op = OPS["div_rounded" if params else "floor_divide"]
    return of_values(lambda values: op.kernel(numpy_namespace, values, y, **params), x)


@kernel("pow_number")
def _pow_number(xp: Any, x: Any, *, exponent: Any) -> Any:
    if exponent == 0:
        raise RuntimeError("pow: cannot raise to zeroth power on sparse tensor; it would make the result tensor dense")
    return of_values(lambda values: OPS["pow_number"].kernel(numpy_namespace, values, exponent=exponent), x)


# --- copies ---


@kernel("clone")
def _clone(xp: Any, x: Any, *, memory_format: Any) -> Any:
    if memory_format is not dtypes.preserve_format:
        name = {"contiguous_format": "Contiguous", "channels_last": "ChannelsLast"}.get(str(memory_format)[6:], "given")
        raise RuntimeError(f"unsupported memory format option {name}")
    return x.copy()


@kernel("alias")
def _alias(xp: Any, x: Any) -> Any:
    return x.like(x.values)


@kernel("zero_")
def _zero(xp: Any, x: Any) -> Any:
    return zeros_like(x)


@kernel("copy_over")
def _copy_over(xp: Any, x: Any, source: Any) -> Any:
    if not (isinstance(x, Sparse) and isinstance(source, Sparse)):
        raise RuntimeError("copy_() between dense and sparse Tensors is not implemented!")
    if isinstance(x, Compressed) and isinstance(source, Compressed) and x.nnz != source.nnz:
        raise RuntimeError(
            "copy_sparse_compressed_: only sparse compressed tensors with the same number of specified elements are "
            "supported."
        )
    return source.copy()


# --- shapes ---


@kernel("transpose")
def _transpose(xp: Any, x: Any, *, dim0: int, dim1: int) -> Any:
    return transposed(x, dim0 % x.ndim, dim1 % x.ndim)


@kernel("t")
def _t(xp: Any, x: Any) -> Any:
    return transposed(x, 0, 1) if x.ndim == 2 else x.copy()


@kernel("permute")
def _permute(xp: Any, x: Any, *, dims: Any) -> Any:
    return xp.permute_dims(x, dims)


@kernel("unsqueeze")
def _unsqueeze(xp: Any, x: Any, *, dim: int) -> Any:
    return xp.expand_dims(x, dim)


@kernel("select")
def _select(xp: Any, x: Any, *, index: tuple) -> Any:
    for axis in reversed(range(len(index))):
        if isinstance(index[axis], (int, np.integer)):
            x = (
                selected(x, axis, int(index[axis]) % x.shape[axis])
                if isinstance(x, Sparse)
                else x.take(index[axis], axis)
            )
    return x


@kernel("unbind")
def _unbind(xp: Any, x: Any, *, dim: int) -> list[Any]:
    return [selected(x, dim, i) for i in range(x.shape[dim])]


@kernel("select_indices")
def _select_indices(xp: Any, x: Any, index: Any, *, dim: int) -> Any:
    if not isinstance(x, Coordinates):
        raise refusal("index_select", x, index)
    return coordinates.take(x, np.asarray(index).reshape(-1), dim)


@kernel("cat")
def _cat(xp: Any, *tensors: Any, dim: int) -> Any:
    return concat(tensors, dim)


@kernel("view", "_reshape_alias", "unsafe_view")
def _view(xp: Any, x: Any, **params: Any) -> Any:
    raise RuntimeError("reshape is not implemented for sparse tensors")


@kernel("expand", "repeat")
def _expand(xp: Any, x: Any, **params: Any) -> Any:
    raise RuntimeError(f"expand is unsupported for {x.kind} tensors")


# --- reductions ---


@kernel("any")
def _any(xp: Any, x: Any, *, dims: Any, keepdim: bool, dtype: Any) -> Any:
    if len(dims) < x.ndim or keepdim or isinstance(x, Compressed):
        raise refusal("any", x)
    return np.asarray(sorted_values(x).values.any()).astype(dtype)[()]


@kernel("vector_norm")
def _vector_norm(xp: Any, x: Any, *, ord: Any, dims: Any, keepdim: bool) -> Any:
    if isinstance(x, Compressed):
        raise refusal("norm", x)
    if len(dims) < x.ndim or keepdim:
        raise RuntimeError(
            "norm_sparse currently only supports full reductions, so 'dim' must either be empty or contain all "
            "dimensions of the input"
        )
    values = sorted_values(x).values.reshape(-1)
    return OPS["vector_norm"].kernel(numpy_namespace, values, ord=ord, dims=(0,), keepdim=False)


@kernel("addbmm", "baddbmm")
def _no_sum_of_batch(xp: Any, x: Any, a: Any, b: Any, **params: Any) -> Any:
    raise refusal("baddbmm", x, a, b)


def in_csr(x: Any) -> Compressed:
    """A matrix by rows."""
    return compressed.from_coordinates(as_coordinates(x), dtypes.sparse_csr)
