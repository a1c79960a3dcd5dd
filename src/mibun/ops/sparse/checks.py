"""What has to hold of the indices of sparse tensors: asked for by `check_invariants=True`, or for a whole program.

PyTorch does not look at indices unless it is asked to, since that takes time; what is wrong then shows later.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.registry import is_elsewhere
from ...core.tensor import Tensor
from ...xp.sparse.array import Compressed, Coordinates
from ...xp.sparse.coordinates import check_indices, flat_places


def refuse_elsewhere(function: str, *tensors: Tensor) -> None:
    """NotImplementedError where a tensor is of another library's arrays: sparse tensors have none of those."""
    for tensor in tensors:
        kind = type(tensor._array_)
        if is_elsewhere(kind):
            raise NotImplementedError(
                f"Could not run 'aten::{function}' with an array of {kind.__module__.partition('.')[0]}'s on device "
                f"{tensor.device}: sparse tensors are of NumPy's arrays, so convert it first, as with .cpu()"
            )


_state = {"enabled": False}


class check_sparse_tensor_invariants:  # noqa: N801
    """Whether every new sparse tensor is checked: `enable()`, `disable()`, a context, or around a function.

    >>> import mibun as torch
    >>> with torch.sparse.check_sparse_tensor_invariants():
    ...     torch.sparse.check_sparse_tensor_invariants.is_enabled()
    True
    """

    def __init__(self, enable: bool = True) -> None:
        self.state = enable
        self.saved_state: bool | None = None

    @staticmethod
    def is_enabled() -> bool:
        """Whether new sparse tensors are checked."""
        return _state["enabled"]

    @staticmethod
    def enable() -> None:
        """Check every new sparse tensor from now on."""
        _state["enabled"] = True

    @staticmethod
    def disable() -> None:
        """Check no more."""
        _state["enabled"] = False

    def __enter__(self) -> None:
        if self.saved_state is not None:
            raise RuntimeError(
                "This context manager instance is already activated. Use a different context manager instance for "
                "context nesting."
            )
        self.saved_state = _state["enabled"]
        _state["enabled"] = self.state

    def __exit__(self, *error: object) -> None:
        _state["enabled"] = bool(self.saved_state)
        self.saved_state = None

    def __call__(self, function: Callable) -> Callable:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            with type(self)(self.state):
                return function(*args, **kwargs)

        return call


def asked_for(check_invariants: bool | None) -> bool:
    return _state["enabled"] if check_invariants is None else check_invariants


def check_coordinates(x: Coordinates) -> None:
    """RuntimeError where a COO array is none."""
    check_indices(x.indices, x.shape)
    if x.coalesced and x.nnz > 1:
        places = flat_places(x.indices, x.shape[: x.sparse_dim])
        if not bool((places[1:] > places[:-1]).all()):
            raise RuntimeError("cannot set is_coalesced to true if indices correspond to uncoalesced COO tensor")


def names_of(layout: Any) -> tuple[str, str]:
    """What the two kinds of indices of a compressed layout are called."""
    if layout in (dtypes.sparse_csr, dtypes.sparse_bsr):
        return "crow_indices", "col_indices"
    return "ccol_indices", "row_indices"


def check_shapes(x: Compressed) -> None:
    """RuntimeError where the parts of a compressed array do not fit together."""
    first, second = names_of(x.layout)
    line, other = ("row", "column") if x.by_rows else ("column", "row")
    if x.pointers.ndim != x.others.ndim:
        raise RuntimeError(
            f"{first} and {second} dimensionalities must be equal but got {x.pointers.ndim} and {x.others.ndim}, "
            "respectively"
        )
    if x.pointers.dtype != x.others.dtype:
        one, two = (dtypes.from_numpy_dtype(part.dtype).scalar_name for part in (x.pointers, x.others))
        raise RuntimeError(f"{first} and {second} must have the same dtype, bot got {one} and {two}, respectively")
    if x.pointers.dtype not in (np.int64, np.int32):
        name = dtypes.from_numpy_dtype(x.pointers.dtype).scalar_name
        raise RuntimeError(f"{first} and {second} must be an int32 or int64 type, but got {name}")
    k = len(x.batch)
    if len(x.shape) != k + 2 + x.dense_dim:
        raise RuntimeError(
            f"tensor dimensionality must be sum of batch, base, and dense dimensionalities (={k} + 2 + {x.dense_dim}) "
            f"but got {len(x.shape)}"
        )
    blocks = x.block or (1, 1)
    axis = 0 if x.by_rows else 1
    lines = x.shape[k + axis] // blocks[axis]
    if x.pointers.shape[-1] != lines + 1:
        what = f"{line}s" if not x.block else f"{line} blocks"
        raise RuntimeError(
            f"{first}.shape[-1] must be equal to the number of {what} + 1 (={lines + 1}), but got "
            f"{x.pointers.shape[-1]}"
        )
    if x.others.shape[-1] != x.values.shape[k]:
        raise RuntimeError(
            f"{second}.shape[-1] must be equal to nnz (={x.values.shape[k]}) as defined by values.shape[{k}], but got "
            f"{x.others.shape[-1]}"
        )


def check_compressed(x: Compressed) -> None:
    """RuntimeError where the indices of a compressed array do not say where its elements are."""
    check_shapes(x)
    first, second = names_of(x.layout)
    k = len(x.batch)
    axis = 1 if x.by_rows else 0
    count = x.shape[k + axis] // (x.block or (1, 1))[axis]
    lines = "nrows" if x.by_rows else "ncols"
    others = "ncols" if x.by_rows else "nrows"
    if (x.pointers[..., 0] != 0).any():
        raise RuntimeError(f"`{first}[..., 0] == 0` is not satisfied.")
    if (x.pointers[..., -1] != x.nnz).any():
        raise RuntimeError(f"`{first}[..., -1] == nnz` is not satisfied.")
    steps = np.diff(x.pointers, axis=-1)
    if ((steps < 0) | (steps > count)).any():
        raise RuntimeError(f"`0 <= {first}[..., 1:] - {first}[..., :-1] <= {others}` is not satisfied.")
    if ((x.others < 0) | (x.others >= count)).any():
        raise RuntimeError(f"`0 <= {second} < {others}` is not satisfied.")
    for pointers, own in zip(x.pointers.reshape(-1, x.pointers.shape[-1]), x.others.reshape(-1, x.nnz), strict=True):
        if not _ascending_within(own, pointers):
            raise RuntimeError(
                f"`{second}[..., {first}[..., i - 1]:{first}[..., i]] for all i = 1, ..., {lines} are sorted and "
                "distinct along the last dimension values` is not satisfied."
            )


def _ascending_within(others: np.ndarray, pointers: np.ndarray) -> bool:
    rising = np.diff(others) > 0
    inner = pointers[1:-1]
    rising[inner[(inner > 0) & (inner < len(others))] - 1] = True  # from one row to the next
    return bool(rising.all())
