"""Products of matrices of which at least one is sparse.

Row by row: the elements of a row of the sparse factor say which rows of the other one are scaled and added up. SciPy
does it where it is installed and the product is large enough to be worth loading it; NumPy does the same with sums over
stretches (`np.add.reduceat`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes
from . import compressed
from .array import Compressed, Coordinates, Sparse
from .coordinates import coalesce

_WORTH_LOADING = 1 << 16  # multiplications from which on SciPy is asked
_KNOWN_TO_SCIPY = "bhilBHILfdFDqQ"


def matmul(x: Any, y: Any) -> Any:
    """x @ y: dense if one of them is, else sparse in the layout of the first. COO may have a batch dimension."""
    if isinstance(x, Sparse) and isinstance(y, Sparse):
        return _sparse_by_sparse(x, y)
    if isinstance(x, Sparse):
        return _sparse_by_dense(x, np.asarray(y))
    x = np.asarray(x)
    if x.ndim == 1:
        return _sparse_by_dense(_transposed(y), x)
    if x.ndim == 3 and y.ndim == 3:
        raise RuntimeError("bmm: a dense tensor by a sparse one is not supported. Exchange the factors and transpose.")
    return np.ascontiguousarray(_sparse_by_dense(_transposed(y), x.T).T)


def _transposed(x: Sparse) -> Any:
    if isinstance(x, Compressed):
        return compressed.transpose(x)
    assert isinstance(x, Coordinates)
    return Coordinates(x.indices[::-1], x.values, x.shape[::-1])


def _rows_of(x: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A matrix by rows: where each row begins, the columns, the values."""
    if isinstance(x, Coordinates):
        x = compressed.from_coordinates(x, dtypes.sparse_csr)
    elif x.layout is not dtypes.sparse_csr:
        x = compressed.from_coordinates(compressed.to_coordinates(x), dtypes.sparse_csr)
    return x.pointers, x.others, x.values


def _sparse_by_dense(x: Any, y: np.ndarray) -> np.ndarray:
    if x.ndim == 3 and y.ndim == 3:
        return _batch_by_dense(x, y)
    if y.ndim > 2 or x.ndim > 2:
        raise RuntimeError(f"expand is unsupported for {x.kind} tensors")
    if x.values.ndim > 1 and not getattr(x, "block", ()):
        raise RuntimeError("a sparse matrix with dense dimensions cannot be multiplied: scalar values expected")
    pointers, columns, values = _rows_of(x)
    return _rows_by_dense(pointers, columns, values, x.shape, y)


def _batch_by_dense(x: Any, y: np.ndarray) -> np.ndarray:
    """A batch of matrices as one with the matrices along its diagonal."""
    if isinstance(x, Compressed):
        x = compressed.to_coordinates(x)
    x = coalesce(x)
    batch, n, m = x.shape
    indices = np.stack((x.indices[0] * n + x.indices[1], x.indices[0] * m + x.indices[2]))
    whole = Coordinates(indices, x.values, (batch * n, batch * m), True)
    return _sparse_by_dense(whole, y.reshape((batch * m, -1))).reshape((batch, n, y.shape[-1]))


def _rows_by_dense(
    pointers: np.ndarray, columns: np.ndarray, values: np.ndarray, shape: tuple[int, ...], y: np.ndarray
) -> np.ndarray:
    out_dtype = np.result_type(values, y)
    width = y.shape[1] if y.ndim == 2 else 1
    if len(columns) * width >= _WORTH_LOADING and out_dtype.char in _KNOWN_TO_SCIPY:
        scipy_sparse = _scipy_sparse()
        if scipy_sparse is not None:
            matrix = scipy_sparse.csr_matrix((values, columns, pointers), shape=shape, copy=False)
            return np.ascontiguousarray(matrix @ y)
    out = np.zeros((shape[0], *y.shape[1:]), out_dtype)
    filled = np.flatnonzero(np.diff(pointers))
    if filled.size and width:
        wide = np.dtype(np.float32) if out_dtype.itemsize == 2 and out_dtype.kind in "fV" else out_dtype
        products = y[columns].astype(wide, copy=False) * values.reshape((-1,) + (1,) * (y.ndim - 1))
        # (A stretch ends where the next row that has any element begins.)
        out[filled] = np.add.reduceat(products, pointers[filled], axis=0)
    return out


def _sparse_by_sparse(x: Any, y: Any) -> Any:
    pointers, columns, values = _rows_of(x)
    other_pointers, other_columns, other_values = _rows_of(y)
    shape = (x.shape[0], y.shape[1])
    # Each element of x meets the whole row of y that its column names.
    counts = np.diff(other_pointers)[columns]
    total = int(counts.sum())
    within = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    chosen = np.repeat(other_pointers[:-1][columns], counts) + within
    rows = np.repeat(compressed.lines_of(pointers), counts)
    indices = np.stack((rows, other_columns[chosen]))
    products = np.repeat(values, counts) * other_values[chosen]
    out = coalesce(Coordinates(indices, products, shape))
    return out if isinstance(x, Coordinates) else compressed.from_coordinates(out, x.layout)


def _scipy_sparse() -> Any:
    try:
        import scipy.sparse
    except ImportError:
        return None
    return scipy.sparse


def sampled(x: np.ndarray, y: np.ndarray, mask: Any) -> np.ndarray:
    """(x @ y) at the places that a COO or CSR matrix has specified: their values in its order."""
    if isinstance(mask, Compressed):
        lines = compressed.lines_of(mask.pointers)
        rows, columns = (lines, mask.others) if mask.by_rows else (mask.others, lines)
    else:
        rows, columns = mask.indices
    if len(rows) * 4 > x.shape[0] * y.shape[1]:
        return (x @ y)[rows, columns]
    return np.einsum("ij,ij->i", x[rows], y.T[columns])
