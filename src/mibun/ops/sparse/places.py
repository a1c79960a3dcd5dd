"""Between a sparse tensor and its values: the operators by which gradients come to the values and back.

A *pattern* is a sparse tensor of which only the places count. `with_values` puts values there, `values_at` reads any
tensor there; each is the other's derivative, and so is `masked` (to a pattern) its own. All of them take patterns in
any layout, and read dense and sparse tensors alike.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.dtypes import sparse_coo
from ...core.dtypes import strided as _strided
from ...dispatch.declare import linear, op
from ...xp.sparse.array import Coordinates
from ...xp.sparse.coordinates import coalesce as _coalesce
from ...xp.sparse.coordinates import narrow
from ...xp.sparse.namespace import KERNELS, masked_by, refusal
from ...xp.sparse.namespace import in_layout as _in_layout


def sparse_op(*args: Any, **options: Any) -> Callable[[Callable], Any]:
    """Declare an operator whose kernel is for sparse arrays: `op`, and the table of the sparse namespace."""

    def declare(kernel: Callable) -> Any:
        record = op(*args, **options)(kernel)
        KERNELS[record.name] = record.kernel
        return record

    return declare


def _with_values(name: str, node: str) -> Any:
    @sparse_op(
        linear,
        name=name,
        node=node,
        dtype=None,
        constant=("pattern",),
        vjp={"values": lambda xp, g, pattern: xp.values_at(g, pattern)},
    )
    def kernel(xp, values, pattern):
        return pattern.like(values)

    return kernel


with_values = _with_values("with_values", "SparseCooTensorWithDimsAndTensorsBackward0")
with_values_compressed = _with_values("with_values_compressed", "SparseCompressedTensorBackward0")


@sparse_op(
    linear,
    name="values_at",
    dtype=None,
    constant=("pattern",),
    vjp={"input": lambda xp, g, pattern: xp.with_values(g, pattern)},
)
def values_at(xp, input, pattern):
    """The elements of `input`, dense or sparse, at the places of a pattern, in its order."""
    return masked_by(input, pattern).values


@sparse_op(
    linear,
    name="values_of",
    node="ValuesBackward0",
    dtype=None,
    vjp=lambda xp, g, input: xp.with_values(g, input),
)
def values_of(xp, input):
    """The values of a sparse tensor; of one in COO it has to be coalesced."""
    return input.values


@sparse_op(
    linear,
    name="masked",
    node="SparseMaskBackward0",
    dtype=None,
    constant=("mask",),
    vjp={"input": lambda xp, g, mask, dense: xp.densified(g) if dense else xp.masked(g, mask, dense=False, once=False)},
)
def masked(xp, input, mask, *, dense, once):
    """The elements of `input` at the places of `mask`.

    dense: whether the gradient is to be dense, as `input` is. once: each place once, though the mask may name it twice.
    """
    return masked_by(input, _coalesce(mask) if once and isinstance(mask, Coordinates) else mask)


@sparse_op(linear, name="densified", dtype=None, vjp=lambda xp, g: g)
def densified(xp, input):
    """A gradient as a dense one."""
    return _in_layout(input, _strided)


@sparse_op(
    linear,
    name="in_layout",
    node="ToSparseBackward0",
    dtype=None,
    vjp=lambda xp, g, origin: xp.returned(g, layout=origin),
)
def in_layout(xp, input, *, layout, sparse_dim, blocksize, dense_dim, origin):
    """A tensor in another layout. origin: the one that it has."""
    return _in_layout(input, layout, sparse_dim, blocksize, dense_dim)


@sparse_op(linear, name="returned", dtype=None, vjp=lambda xp, g: g)
def returned(xp, input, *, layout):
    """A gradient in the layout of what it is the gradient of; a dense one stays as it is."""
    return _in_layout(input, layout) if hasattr(input, "layout") else input


@sparse_op(
    linear,
    name="to_dense",
    node="ToDenseBackward0",
    dtype=None,
    vjp=lambda xp, g, input, masked: (
        xp.masked(g, input, dense=False, once=True) if masked else xp.returned_to(g, input)
    ),
)
def to_dense(xp, input, *, masked):
    """All elements. masked: whether the gradient has elements at the same places alone."""
    return input.dense()


@sparse_op(linear, name="returned_to", dtype=None, constant=("like",), vjp={"input": lambda xp, g, like: g})
def returned_to(xp, input, like):
    """A dense gradient in the layout of a sparse tensor: all that is not zero."""
    sparse_dim = getattr(like, "sparse_dim", None)
    return _in_layout(input, like.layout, sparse_dim, getattr(like, "block", ()), getattr(like, "dense_dim", None))


@sparse_op(
    linear,
    name="sparse_narrow",
    node="NarrowCopyBackward0",
    dtype=None,
    vjp=lambda xp, g, input_shape, dim, start: xp.sparse_widen(g, shape=input_shape, dim=dim, start=start),
)
def sparse_narrow(xp, input, *, dim, start, length):
    """A stretch along a dimension of a COO tensor."""
    if not isinstance(input, Coordinates):
        raise refusal("narrow_copy", input)
    return narrow(input, dim, start, length)


@sparse_op(
    linear,
    name="sparse_widen",
    dtype=None,
    vjp=lambda xp, g, input_shape, dim, start: xp.sparse_narrow(g, dim=dim, start=start, length=input_shape[dim]),
)
def sparse_widen(xp, input, *, shape, dim, start):
    """The transpose of `sparse_narrow`."""
    input = _in_layout(input, sparse_coo)
    indices, values = input.indices.copy(), input.values
    if dim < input.sparse_dim:
        indices[dim] += start
    else:
        axis = dim - input.sparse_dim + 1
        values = np.zeros((*values.shape[:axis], shape[dim], *values.shape[axis + 1 :]), values.dtype)
        values[(slice(None),) * axis + (slice(start, start + input.shape[dim]),)] = input.values
    return Coordinates(indices, values, shape, input.coalesced)


def rows_at(rows: Any, indices: Any, n: int, excluded: int) -> Coordinates:
    """Rows (*, d) by index (*) as a COO array (n, d); those at the index `excluded` are left out."""
    places = np.asarray(indices).reshape(-1).astype(np.int64)
    values = np.asarray(rows).reshape((len(places), -1))
    if excluded >= 0:
        kept = places != excluded
        places, values = places[kept], values[kept]
    return Coordinates(places[None], np.array(values), (n, values.shape[1]))


@sparse_op(
    linear,
    name="sparse_element",
    dtype=None,
    constant=("index",),
    vjp={"grad": lambda xp, g, index, dim: xp.gather_along(xp.densified(g), index, dim=dim)},
)
def sparse_element(xp, grad, index, *, shape, dim):
    """Elements by their index along a dimension: the transpose of `gather`, with one for each index."""
    where = np.indices(index.shape).reshape(index.ndim, -1)
    where[dim] = np.asarray(index).reshape(-1)
    return Coordinates(where.astype(np.int64), np.array(np.asarray(grad).reshape(-1)), tuple(shape))


@sparse_op(linear, name="coalesce", dtype=None, vjp=lambda xp, g: g)
def coalesce(xp, input):
    """Sorted indices that occur once each."""
    return _coalesce(input)
