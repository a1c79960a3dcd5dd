"""A function of sparse tensors as one of their values: what gradcheck differentiates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.tensor import Tensor, require_grad, wrap
from ...dispatch.apply import apply
from ...xp.sparse.array import Compressed, Coordinates, Sparse
from ...xp.sparse.coordinates import coalesce
from .places import with_values, with_values_compressed


def is_sparse(value: Any) -> bool:
    return isinstance(value, Tensor) and isinstance(value._array_, Sparse)


def _full(array: Any) -> Any:
    """The same array with every element specified."""
    if isinstance(array, Coordinates):
        array = coalesce(array)
        k = array.sparse_dim
        indices = np.indices(array.shape[:k]).reshape(k, -1) if k else np.zeros((0, 1), np.int64)
        values = array.dense().reshape((indices.shape[1], *array.shape[k:]))
        return Coordinates(indices.astype(np.int64), values, array.shape, True)
    # (No element is zero while the places are found.)
    whole = array.dense()
    ones = (
        wrap(np.ones_like(whole))
        .to_sparse(layout=array.layout, blocksize=array.block or None, dense_dim=array.dense_dim)
        ._array_
    )
    return wrap(whole).sparse_mask(wrap(ones))._array_


def function_of_values(function: Callable, inputs: Sequence[Any], masked: bool) -> tuple[Callable, tuple]:
    """The function of the values of its sparse inputs, with dense outputs; and these values, which require grad if the
    inputs do. masked: only the elements that are specified are values, else all of them."""
    patterns: list[Any] = []
    values: list[Any] = []
    for value in inputs:
        if not is_sparse(value) or not value.requires_grad:
            patterns.append(None)
            values.append(value)
            continue
        array: Any = value._array_
        if isinstance(array, Coordinates):
            array = coalesce(array)
        if not masked:
            array = _full(array)
        patterns.append(array)
        values.append(require_grad(wrap(array.values.copy())))

    def of_values(*given: Any) -> Any:
        whole = []
        for value, pattern in zip(given, patterns, strict=False):
            if pattern is not None:
                put = with_values_compressed if isinstance(pattern, Compressed) else with_values
                value = apply(put, (value, wrap(pattern)), {})
            whole.append(value)
        outputs = function(*whole, *given[len(patterns) :])
        if isinstance(outputs, (tuple, list)):
            return tuple([_dense(out, masked) for out in outputs])
        return _dense(outputs, masked)

    return of_values, tuple(values)


def _dense(value: Any, masked: bool) -> Any:
    if not is_sparse(value):
        return value
    return value.to_dense(masked_grad=masked) if value.layout is not dtypes.strided else value
