"""Making sparse tensors from indices and values: `sparse_coo_tensor`, `sparse_csr_tensor`, ...

Gradients flow to the values that are given as a Tensor.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.dtypes import as_dtype, dtype, layout
from ...core.site import stacklevel
from ...core.tensor import Tensor, name_as, require_grad, wrap
from ...dispatch.arguments import whole
from ...xp.sparse import coordinates
from ...xp.sparse.array import Compressed, Coordinates
from ..annotations import Device
from ..creation.from_data import as_tensor
from ..creation.options import check_options
from .checks import asked_for, check_compressed, check_coordinates, names_of, refuse_elsewhere
from .places import with_values, with_values_compressed

Data = Any
_BLOCKED = (dtypes.sparse_bsr, dtypes.sparse_bsc)


def _values(values: Data, dtype: dtype | None, function: str) -> Tensor:
    result = as_tensor(values)
    return result if dtype is None else result.to(as_dtype(dtype, function))


def _finished(result: Tensor, requires_grad: bool) -> Tensor:
    return require_grad(result) if requires_grad and result._edge_ is None else result


def sparse_coo_tensor(
    indices: Data = None,
    values: Data = None,
    size: Sequence[int] | None = None,
    *,
    dtype: dtype | None = None,
    device: Device | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    check_invariants: bool | None = None,
    is_coalesced: bool | None = None,
) -> Tensor:
    """A sparse tensor in coordinate (COO) layout: `values` at `indices`, added up where an index occurs repeatedly.

    Args:
        indices: (sparse dimensions, n), of integers; or the size alone, for a tensor without elements.
        values: (n, *dense dimensions); gradients flow to it.
        size: the sizes of all dimensions; the smallest that hold the indices if left out.
        dtype: of the values; theirs if left out.
        check_invariants: whether to look if the indices fit the size; as `torch.sparse.check_sparse_tensor_invariants`
            says if left out.
        is_coalesced: whether the indices are sorted and occur once each.

    Raises:
        RuntimeError: where indices, values and size do not fit together.

    >>> import mibun as torch
    >>> torch.sparse_coo_tensor([[0, 1], [2, 0]], [3., 4.], (2, 3)).to_dense()
    tensor([[0., 0., 3.],
            [4., 0., 0.]])
    """
    name = "sparse_coo_tensor"
    check_options(name, None, device, pin_memory)
    if values is None:
        shape = tuple([whole(n, name, "size") for n in (indices if size is None else size)])
        kind = dtypes.get_default_dtype() if dtype is None else as_dtype(dtype, name)
        return _finished(wrap(coordinates.empty(shape, kind.np)), requires_grad)
    at, given = as_tensor(indices), _values(values, dtype, name)
    refuse_elsewhere(name, at, given)
    places = np.asarray(at._array_).astype(np.int64)
    array = np.asarray(given._array_)
    if places.ndim != 2:
        raise RuntimeError(f"indices must be sparse_dim x nnz, but got: {list(places.shape)}")
    if array.ndim == 0:
        array = array.reshape(1)
        given = given.reshape(1)
    if places.shape[1] != array.shape[0]:
        raise RuntimeError(
            f"indices and values must have same nnz, but got nnz from indices: {places.shape[1]}, nnz from values: "
            f"{array.shape[0]}"
        )
    sparse_dim, dense_dim = places.shape[0], array.ndim - 1
    if size is None:
        if places.size and places.min() < 0:
            dim = int(np.flatnonzero((places < 0).any(1))[0])
            raise RuntimeError(f"found negative index {places[dim].min()} for dim {dim}")
        inferred = [int(row.max()) + 1 if row.size else 0 for row in places]
        shape = (*inferred, *array.shape[1:])
    else:
        shape = tuple([whole(n, name, "size") for n in size])
    if len(shape) != sparse_dim + dense_dim:
        raise RuntimeError(
            f"'len(size) == sparse_dim + dense_dim' is not satisfied: len(size) = {len(shape)}, sparse_dim = "
            f"{sparse_dim}, dense_dim = {dense_dim}"
        )
    if array.shape[1:] != shape[sparse_dim:]:
        raise RuntimeError(
            f"values has incorrect size, expected {list((places.shape[1], *shape[sparse_dim:]))}, got "
            f"{list(array.shape)}"
        )
    pattern = Coordinates(places, array, shape, bool(is_coalesced))
    if asked_for(check_invariants):
        check_coordinates(pattern)
    return _finished(with_values(given, wrap(pattern)), requires_grad)


def _compressed(
    name: str,
    first: Data,
    second: Data,
    values: Data,
    size: Sequence[int] | None,
    layout: Any,
    dtype: dtype | None,
    requires_grad: bool,
    check_invariants: bool | None,
) -> Tensor:
    parts, given = [as_tensor(part) for part in (first, second)], _values(values, dtype, name)
    refuse_elsewhere(name, *parts, given)
    pointers, others = [np.ascontiguousarray(part._array_) for part in parts]
    array = np.asarray(given._array_)
    blocked = layout in _BLOCKED
    if pointers.ndim < 1 or others.ndim < 1:
        names = names_of(layout)
        raise RuntimeError(f"{names[0]} and {names[1]} must have dimensionality >= 1")
    dense_dim = array.ndim - others.ndim - (2 if blocked else 0)
    if dense_dim < 0:
        raise RuntimeError(
            f"values must have dimensionality > sum of batch and block dimensionalities (={others.ndim - 1} + "
            f"{2 if blocked else 0}), but got {array.ndim}"
        )
    block = array.shape[others.ndim : others.ndim + 2] if blocked else (1, 1)
    if size is None:
        lines = pointers.shape[-1] - 1
        count = int(others.max()) + 1 if others.size else 0
        rows, columns = (lines, count) if layout in (dtypes.sparse_csr, dtypes.sparse_bsr) else (count, lines)
        tail = array.shape[array.ndim - dense_dim :] if dense_dim else ()
        shape = (*others.shape[:-1], rows * block[0], columns * block[1], *tail)
    else:
        shape = tuple([whole(n, name, "size") for n in size])
    pattern = Compressed(layout, pointers, others, array, shape, dense_dim)
    if asked_for(check_invariants):
        check_compressed(pattern)
    return _finished(with_values_compressed(given, wrap(pattern)), requires_grad)


def sparse_compressed_tensor(
    compressed_indices: Data,
    plain_indices: Data,
    values: Data,
    size: Sequence[int] | None = None,
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: Device | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    check_invariants: bool | None = None,
) -> Tensor:
    """A sparse tensor in one of the compressed layouts (CSR, CSC, BSR, BSC).

    Args:
        compressed_indices: (*batch, rows + 1), where each row begins; for CSC and BSC (*batch, columns + 1).
        plain_indices: (*batch, n), the columns of the elements; for CSC and BSC the rows.
        values: (*batch, n, *dense dimensions); of BSR and BSC (*batch, n, rows, columns of a block, *dense dimensions).
        size: the sizes of all dimensions; the smallest that hold the indices if left out.
        layout: one of `torch.sparse_csr`, `sparse_csc`, `sparse_bsr`, `sparse_bsc`.
        check_invariants: whether to check the indices; see `sparse_coo_tensor`.

    Raises:
        RuntimeError: for another layout, and where the parts do not fit together.

    >>> import mibun as torch
    >>> torch.sparse_compressed_tensor([0, 1, 2], [1, 0], [5., 6.], layout=torch.sparse_csr).to_dense()
    tensor([[0., 5.],
            [6., 0.]])
    """
    check_options("sparse_compressed_tensor", None, device, pin_memory)
    if layout not in (dtypes.sparse_csr, dtypes.sparse_csc, *_BLOCKED):
        raise RuntimeError(f"expected sparse compressed tensor layout but got {layout}")
    return _compressed(
        "sparse_compressed_tensor",
        compressed_indices,
        plain_indices,
        values,
        size,
        layout,
        dtype,
        requires_grad,
        check_invariants,
    )


def sparse_csr_tensor(
    crow_indices: Data,
    col_indices: Data,
    values: Data,
    size: Sequence[int] | None = None,
    *,
    dtype: dtype | None = None,
    device: Device | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    check_invariants: bool | None = None,
) -> Tensor:
    """A sparse tensor with its rows compressed (CSR); see `sparse_compressed_tensor`.

    Args:
        crow_indices: (*batch, rows + 1), where each row begins; col_indices: (*batch, n), the columns of the elements.
        values: (*batch, n, *dense dimensions).
        size, dtype, check_invariants: as of `sparse_compressed_tensor`.

    Raises:
        RuntimeError: where the parts do not fit together.

    >>> import mibun as torch
    >>> torch.sparse_csr_tensor([0, 1, 2], [1, 0], [5., 6.]).to_dense()
    tensor([[0., 5.],
            [6., 0.]])
    """
    check_options("sparse_csr_tensor", None, device, pin_memory)
    return _compressed(
        "sparse_csr_tensor",
        crow_indices,
        col_indices,
        values,
        size,
        dtypes.sparse_csr,
        dtype,
        requires_grad,
        check_invariants,
    )


def sparse_csc_tensor(
    ccol_indices: Data,
    row_indices: Data,
    values: Data,
    size: Sequence[int] | None = None,
    *,
    dtype: dtype | None = None,
    device: Device | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    check_invariants: bool | None = None,
) -> Tensor:
    """A sparse tensor with its columns compressed (CSC); see `sparse_compressed_tensor`.

    Args:
        ccol_indices: (*batch, columns + 1), where each column begins; row_indices: (*batch, n), the rows of elements.
        values: (*batch, n, *dense dimensions).
        size, dtype, check_invariants: as of `sparse_compressed_tensor`.

    Raises:
        RuntimeError: where the parts do not fit together.

    >>> import mibun as torch
    >>> torch.sparse_csc_tensor([0, 1, 2], [1, 0], [6., 5.]).to_dense()
    tensor([[0., 5.],
            [6., 0.]])
    """
    check_options("sparse_csc_tensor", None, device, pin_memory)
    return _compressed(
        "sparse_csc_tensor",
        ccol_indices,
        row_indices,
        values,
        size,
        dtypes.sparse_csc,
        dtype,
        requires_grad,
        check_invariants,
    )


def sparse_bsr_tensor(
    crow_indices: Data,
    col_indices: Data,
    values: Data,
    size: Sequence[int] | None = None,
    *,
    dtype: dtype | None = None,
    device: Device | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    check_invariants: bool | None = None,
) -> Tensor:
    """A sparse tensor with its rows of blocks compressed (BSR); see `sparse_compressed_tensor`.

    Args:
        crow_indices: (*batch, rows of blocks + 1), where each begins; col_indices: (*batch, n), the columns of blocks.
        values: (*batch, n, rows, columns of a block, *dense dimensions).
        size, dtype, check_invariants: as of `sparse_compressed_tensor`.

    Raises:
        RuntimeError: where the parts do not fit together.

    >>> import mibun as torch
    >>> torch.sparse_bsr_tensor([0, 1, 2], [1, 0], [[[5.]], [[6.]]]).to_dense()
    tensor([[0., 5.],
            [6., 0.]])
    """
    check_options("sparse_bsr_tensor", None, device, pin_memory)
    return _compressed(
        "sparse_bsr_tensor",
        crow_indices,
        col_indices,
        values,
        size,
        dtypes.sparse_bsr,
        dtype,
        requires_grad,
        check_invariants,
    )


def sparse_bsc_tensor(
    ccol_indices: Data,
    row_indices: Data,
    values: Data,
    size: Sequence[int] | None = None,
    *,
    dtype: dtype | None = None,
    device: Device | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    check_invariants: bool | None = None,
) -> Tensor:
    """A sparse tensor with its columns of blocks compressed (BSC); see `sparse_compressed_tensor`.

    Args:
        ccol_indices: (*batch, columns of blocks + 1), where each begins; row_indices: (*batch, n), their rows.
        values: (*batch, n, rows, columns of a block, *dense dimensions).
        size, dtype, check_invariants: as of `sparse_compressed_tensor`.

    Raises:
        RuntimeError: where the parts do not fit together.

    >>> import mibun as torch
    >>> torch.sparse_bsc_tensor([0, 1, 2], [1, 0], [[[6.]], [[5.]]]).to_dense()
    tensor([[0., 5.],
            [6., 0.]])
    """
    check_options("sparse_bsc_tensor", None, device, pin_memory)
    return _compressed(
        "sparse_bsc_tensor",
        ccol_indices,
        row_indices,
        values,
        size,
        dtypes.sparse_bsc,
        dtype,
        requires_grad,
        check_invariants,
    )


_OLD_FORMS = {
    0: ("", "(0,)"),
    1: ("shape, *, device=", "shape"),
    2: ("indices, values, *, device=", "indices, values"),
    3: ("indices, values, shape, *, device=", "indices, values, shape"),
}


def old_form(args: tuple[Any, ...], dtype: dtype, device: Device | None) -> Tensor:
    """What `torch.sparse.FloatTensor(...)` makes: of nothing, of a size, or of indices, values and maybe a size."""
    check_options("new", None, device, False)
    sized = bool(args) and not isinstance(args[0], Tensor)
    if sized and all(isinstance(n, (int, np.integer)) for n in args):
        size, form = tuple(args), 1
    elif sized and len(args) == 1 and isinstance(args[0], tuple):
        size, form = tuple(args[0]), 1
    elif not args:
        size, form = (0,), 0
    elif len(args) in (2, 3) and all(isinstance(value, Tensor) for value in args[:2]):
        if args[0].dtype is not dtypes.int64:
            raise RuntimeError("indices must be an int64 tensor")
        size, form = (), len(args)
    else:
        given = ", ".join([type(value).__name__ for value in args])
        raise TypeError(
            f"new() received an invalid combination of arguments - got ({given}), but expected one of: (), (size), "
            "(Tensor indices, Tensor values), (Tensor indices, Tensor values, tuple of ints size)"
        )
    old, new = _OLD_FORMS[form]
    if new not in _warned_of:
        _warned_of.add(new)
        warnings.warn(
            f"torch.sparse.SparseTensor({old}) is deprecated.  Please use torch.sparse_coo_tensor({new}, dtype=, "
            "device=).",
            UserWarning,
            stacklevel=stacklevel(),
        )
    if form < 2:
        return wrap(coordinates.empty(size, dtype.np))
    return sparse_coo_tensor(*args, dtype=dtype)


_warned_of: set[str] = set()  # each form once, as PyTorch does it


def zeros_in_layout(shape: Sequence[int], kind: dtype, layout: Any, function: str, requires_grad: bool) -> Tensor:
    """`zeros(…, layout=…)` and `empty(…, layout=…)`: no element is specified."""
    shape = tuple(shape)
    if layout is dtypes.sparse_coo:
        return _finished(wrap(coordinates.empty(shape, kind.np)), requires_grad)
    if len(shape) < 2 or layout in _BLOCKED:
        raise RuntimeError(
            f"torch.{function}: Only batched sparse compressed (non-block) tensors are supported, but got size "
            f"{list(shape)}"
        )
    batch = shape[:-2]
    lines = shape[-2] if layout is dtypes.sparse_csr else shape[-1]
    pointers = np.zeros((*batch, lines + 1), np.int64)
    nothing = np.zeros((*batch, 0), np.int64)
    array = Compressed(layout, pointers, nothing, np.zeros((*batch, 0), kind.np), shape)
    return _finished(wrap(array), requires_grad)


def spdiags(diagonals: Tensor, offsets: Tensor, shape: Sequence[int], layout: layout | None = None) -> Tensor:
    """A sparse matrix with given diagonals.

    Args:
        diagonals: (k, n), a row for each diagonal; element j of a row is in column j, as in SciPy's `spdiags`.
        offsets: (k,), which diagonal each row is: 0 the main one, negative ones below it.
        shape: the two sizes of the matrix.
        layout: `torch.sparse_coo` (or None), `sparse_csr` or `sparse_csc`.

    Raises:
        RuntimeError: for offsets that occur twice, and other shapes and layouts.

    >>> import mibun as torch
    >>> torch.sparse.spdiags(torch.tensor([[1., 2.]]), torch.tensor([1]), (2, 2)).to_dense()
    tensor([[0., 2.],
            [0., 0.]])
    """
    if len(shape) != 2:
        raise RuntimeError("Output shape must be 2d")
    wanted = dtypes.sparse_coo if layout is None else layout
    if wanted not in (dtypes.sparse_coo, dtypes.sparse_csr, dtypes.sparse_csc):
        raise RuntimeError(f"Only output layouts (Sparse, SparseCsc, SparseCsr) are supported, got {layout}")
    places = np.atleast_1d(np.asarray(offsets._array_))
    rows = diagonals if diagonals.dim() == 2 else diagonals.reshape(1, -1)
    if places.ndim != 1 or rows.dim() != 2:
        raise RuntimeError("Offsets must be scalar or vector and diagonals must be vector or matrix")
    if len(places) != rows.shape[0]:
        raise RuntimeError(
            f"Number of diagonals ({rows.shape[0]}) does not match the number of offsets ({len(places)})"
        )
    if places.dtype != np.int64:
        raise RuntimeError(f"Offset Tensor must have dtype Long but got {offsets.dtype.scalar_name}")
    if len(set(places.tolist())) < len(places):
        raise RuntimeError("Offset tensor contains duplicate values")
    n, m = (whole(size, "spdiags", "shape") for size in shape)
    which, column = [], []
    for number, offset in enumerate(places.tolist()):
        columns = np.arange(max(0, offset), min(m, n + offset, rows.shape[1]))
        which.append(np.full(len(columns), number))
        column.append(columns)
    line, across = (np.concatenate(part) if part else np.zeros(0, np.int64) for part in (which, column))
    values = rows[wrap(line.astype(np.int64)), wrap(across.astype(np.int64))]
    indices = np.stack((across - places[line], across)).astype(np.int64)
    result = with_values(values, wrap(Coordinates(indices, np.asarray(values._array_), (n, m))))
    return result if wanted is dtypes.sparse_coo else result.to_sparse(layout=wanted)


for _function in (
    sparse_coo_tensor,
    sparse_compressed_tensor,
    sparse_csr_tensor,
    sparse_csc_tensor,
    sparse_bsr_tensor,
    sparse_bsc_tensor,
):
    name_as(_function, "mibun", _function.__name__)
name_as(spdiags, "mibun.sparse", "spdiags")
