"""From layout to layout, and the parts of sparse tensors: what the methods in `ops/conversion/layouts.py` do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.tensor import Tensor, wrap
from ...core.views import bump_version, edge_of
from ...dispatch.apply import apply
from ...xp.sparse import coordinates
from ...xp.sparse.array import Compressed, Coordinates, Sparse, kind_of
from ...xp.sparse.namespace import refusal
from . import places
from .checks import refuse_elsewhere


def to_dense(input: Tensor, masked_grad: bool | None) -> Tensor:
    return apply(places.to_dense, (input,), {"masked": masked_grad is not False})


def convert(
    input: Tensor,
    layout: Any,
    sparse_dim: int | None,
    blocksize: Sequence[int] | None,
    dense_dim: int | None,
    name: str,
) -> Tensor:
    """`to_sparse` and its kin."""
    array = input._array_
    refuse_elsewhere(name, input)
    origin = array.layout if isinstance(array, Sparse) else dtypes.strided
    block = () if blocksize is None else tuple([int(n) for n in blocksize])
    blocked = layout in (dtypes.sparse_bsr, dtypes.sparse_bsc)
    what = f"{'dense' if origin is dtypes.strided else 'sparse'}_to_{str(layout).removeprefix('torch.')}"
    if layout is dtypes.strided:
        return to_dense(input, None) if isinstance(array, Sparse) else input
    if blocked and blocksize is None:
        raise RuntimeError(f"to_sparse_{str(layout)[-3:]}: blocksize needs to be given for the layout {layout}")
    if not blocked and blocksize is not None:
        raise RuntimeError(f"to_sparse for {kind_of(origin)} to {kind_of(layout)} conversion does not use blocksize")
    if layout is dtypes.sparse_coo:
        if dense_dim is not None:
            raise RuntimeError(f"to_sparse for {kind_of(origin)} to Sparse conversion does not use dense_dim argument")
        if sparse_dim is not None:
            own = array.ndim if origin is dtypes.strided else sparse_dim_of(array)
            if origin is not dtypes.strided and sparse_dim != own:
                raise RuntimeError(
                    f"to_sparse: conversion from {kind_of(origin)} to Sparse with sparse_dim argument "
                    "!=self.sparse_dim() is not supported"
                )
            if not 0 <= sparse_dim <= own or (sparse_dim == 0 and own):
                raise RuntimeError(
                    f"dense_to_sparse: sparse_dim argument must be in [{min(own, 1)},{own}] range, but {sparse_dim} "
                    "is given"
                )
    elif array.ndim - (dense_dim or 0) < 2:
        raise RuntimeError(f"{what}: tensor dimensionality must be at least 2, but got {array.ndim}")
    elif blocked and origin is dtypes.strided:
        at = array.ndim - (dense_dim or 0) - 2
        size = array.shape[at : at + 2]
        if len(block) != 2 or min(block) < 1 or size[0] % block[0] or size[1] % block[1]:
            raise RuntimeError(
                f"dense_to_{str(layout).removeprefix('torch.')}: tensor sparse size ({size[0]},{size[1]}) must be "
                f"divisible by given blocksize ({','.join(map(str, block))})"
            )
    if origin is layout and (not blocked or array.block == block):
        return input
    params = {
        "layout": layout,
        "sparse_dim": sparse_dim,
        "blocksize": block,
        "dense_dim": dense_dim,
        "origin": origin,
    }
    return apply(places.in_layout, (input,), params)


def sparse_mask(input: Tensor, mask: Tensor) -> Tensor:
    array, pattern = input._array_, mask._array_
    if not isinstance(pattern, Sparse):
        raise RuntimeError("sparse_mask: the mask has to be a sparse tensor")
    if isinstance(pattern, Compressed) and isinstance(array, Coordinates):
        raise RuntimeError("sparse_mask_sparse_compressed expects self to be a sparse compressed or dense tensor")
    if isinstance(pattern, Coordinates) and isinstance(array, Compressed):
        raise RuntimeError("sparse_mask_sparse_compressed expects mask to have sparse compressed layout, got Sparse")
    if array.shape != pattern.shape:
        raise RuntimeError(
            f"sparse_mask(): operands have incompatible sizes; self has size {list(array.shape)} but mask has size "
            f"{list(pattern.shape)}"
        )
    return apply(places.masked, (input, mask), {"dense": not isinstance(array, Sparse), "once": False})


# --- the parts ---


def sparse_dim_of(array: Any) -> int:
    return array.sparse_dim if isinstance(array, Coordinates) else 2


def sparse_dim(input: Tensor) -> int:
    return sparse_dim_of(input._array_)


def dense_dim(input: Tensor) -> int:
    array: Any = input._array_
    return array.ndim - array.sparse_dim if isinstance(array, Coordinates) else array.dense_dim


def coordinates_of(input: Tensor, name: str) -> Coordinates:
    """The raw array of a COO tensor; RuntimeError for another layout."""
    array = input._array_
    if not isinstance(array, Coordinates):
        kind = kind_of(array.layout) if isinstance(array, Sparse) else "Strided"
        raise RuntimeError(f"{name} expected sparse coordinate tensor layout but got {kind}")
    return array


def coalesce(input: Tensor) -> Tensor:
    if coordinates_of(input, "coalesce").coalesced:
        return input
    return apply(places.coalesce, (input,), {})


def is_coalesced(input: Tensor) -> bool:
    return coordinates_of(input, "is_coalesced").coalesced


def set_coalesced(input: Tensor, coalesced: bool) -> Tensor:
    coordinates_of(input, "_coalesced_").coalesced = bool(coalesced)
    bump_version(input, "_coalesced_")
    return input


def indices(input: Tensor) -> Tensor:
    array = coordinates_of(input, "indices")
    if not array.coalesced:
        raise RuntimeError("Cannot get indices on an uncoalesced tensor, please call .coalesce() first")
    return wrap(array.indices)


def values(input: Tensor) -> Tensor:
    array = input._array_
    if isinstance(array, Coordinates) and not array.coalesced:
        raise RuntimeError("Cannot get values on an uncoalesced tensor, please call .coalesce() first")
    return apply(places.values_of, (input,), {})


def _indices(input: Tensor) -> Tensor:
    array = input._array_
    if not isinstance(array, Coordinates):
        raise refusal("_indices", array)
    return wrap(array.indices)


def _values(input: Tensor) -> Tensor:
    array = input._array_
    if not isinstance(array, Coordinates):
        raise refusal("_values", array)
    return wrap(array.values)


def _nnz(input: Tensor) -> int:
    array: Any = input._array_
    return array.nnz


def _dimI(input: Tensor) -> int:  # noqa: N802
    return sparse_dim(input)


def _dimV(input: Tensor) -> int:  # noqa: N802
    return dense_dim(input)


def _compressed_part(name: str, by_rows: bool, pointers: bool) -> Any:
    def part(input: Tensor) -> Tensor:
        array = input._array_
        if not isinstance(array, Compressed) or array.by_rows is not by_rows:
            kind = kind_of(array.layout)
            which = "row" if by_rows else "column"
            raise RuntimeError(f"{name} expected sparse {which} compressed tensor layout but got {kind}")
        return wrap(array.pointers if pointers else array.others)

    return part


crow_indices = _compressed_part("crow_indices", True, True)
col_indices = _compressed_part("col_indices", True, False)
ccol_indices = _compressed_part("ccol_indices", False, True)
row_indices = _compressed_part("row_indices", False, False)


# --- another size ---


def resize(input: Tensor, size: Sequence[int], sparse: int, dense: int, clear: bool = False) -> Tensor:
    """`sparse_resize_`, and `sparse_resize_and_clear_`."""
    array = input._array_
    name = "sparse_resize_and_clear_" if clear else "sparse_resize_"
    if not isinstance(array, Coordinates):
        raise refusal(name, array)
    if edge_of(input) is not None:
        raise RuntimeError("cannot resize variables that require grad")
    shape = tuple([int(n) for n in size])
    if sparse + dense != len(shape):
        raise RuntimeError(
            f"'len(size) == sparse_dim + dense_dim' is not satisfied: len(size) = {len(shape)}, sparse_dim = {sparse}, "
            f"dense_dim = {dense}"
        )
    if clear or not array.nnz:
        array.become(coordinates.empty(shape, array.values.dtype, sparse))
    else:
        if sparse != array.sparse_dim:
            raise RuntimeError(
                f"changing the number of sparse dimensions (from {array.sparse_dim} to {sparse}) on a non-empty sparse "
                "tensor is not supported."
            )
        if dense != array.ndim - array.sparse_dim:
            raise RuntimeError(
                f"changing the number of dense dimensions (from {array.ndim - array.sparse_dim} to {dense}) on a "
                "non-empty sparse tensor is not supported."
            )
        if any([new < old for new, old in zip(shape[:sparse], array.shape[:sparse], strict=True)]):
            raise RuntimeError("shrinking the size of sparse dimensions on a non-empty sparse tensor is not supported.")
        if any([new < old for new, old in zip(shape[sparse:], array.shape[sparse:], strict=True)]):
            raise RuntimeError("shrinking the size of dense dimensions on a non-empty sparse tensor is not supported.")
        values = np.zeros((array.nnz, *shape[sparse:]), array.values.dtype)
        values[tuple([slice(n) for n in array.values.shape])] = array.values
        array.become(Coordinates(array.indices, values, shape, array.coalesced))
    bump_version(input, name)
    return input
