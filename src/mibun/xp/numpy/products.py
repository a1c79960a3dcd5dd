"""Products of matrices cut into parts that BLAS has a quicker way for.

OpenBLAS multiplies small matrices of float32, up to 10**6 multiplications, straight from where they are, on processors
that have AVX-512; of larger ones it first copies parts into an order of its own, which pays where both sides are large.
In between lie most layers: 16 rows times a long matrix of windows is twice as quick in parts, 64 rows a quarter. What
is summed over stays whole, so that the parts are independent of each other.
"""

from __future__ import annotations

import functools
from typing import Any

from .library import from_size, multiplies_small, np, share_parts

_SMALL = from_size(1_000_000)  # multiplications, up to which the other way is taken
_ROWS = 16  # of the left matrix in a part; where the right one has less than `_COLUMNS`, four times as many
_COLUMNS = 64
_FLOAT32 = np.dtype(np.float32)


@functools.lru_cache(1024)
def _parts(rows: int, length: int, columns: int) -> tuple[int, int] | None:
    """How many rows and columns of the result to compute at a time; None where it is one product."""
    if rows * length * columns <= _SMALL or not multiplies_small():
        return None
    most = _SMALL // length
    limit = _ROWS if columns >= _COLUMNS else min(4 * _ROWS, most // columns)
    some = max([n for n in range(1, limit + 1) if rows % n == 0], default=0)
    if some < _ROWS // 2 and some < rows:
        return None
    most //= some
    if columns > most:
        most = most // _COLUMNS * _COLUMNS
        if not most:
            return None
    width = -(-columns // -(-columns // most))
    return some, min(columns, -(-width // 16) * 16)


@functools.lru_cache(1024)
def _rows_at_once(rows: int, length: int, columns: int) -> int:
    limit = _SMALL // max(1, length * columns)
    if limit >= rows or not multiplies_small():
        return rows
    some = max([n for n in range(1, min(limit, 8 * _ROWS) + 1) if rows % n == 0], default=0)
    return some if some >= _ROWS // 2 else rows


def rows_at_once(rows: int, length: int, columns: int, dtype: Any) -> int:
    """How many rows of a matrix are best multiplied with another one, (length, columns), at a time; a divisor."""
    return _rows_at_once(rows, length, columns) if dtype == _FLOAT32 else rows


def product(x: Any, y: Any, out: Any = None) -> Any:
    """x @ y, where x is (rows, length) and y (..., length, columns)."""
    parts = None
    if x.dtype is _FLOAT32 is y.dtype and x.strides[-1] == y.strides[-1] == 4:
        parts = _parts(x.shape[0], x.shape[1], y.shape[-1])
    if parts is None:
        return np.matmul(x, y, out=out)
    (rows, length), columns = x.shape, y.shape[-1]
    some, width = parts
    if out is None:
        out = np.empty((*y.shape[:-2], rows, columns), x.dtype)
    lead, count, whole = y.shape[:-2], columns // width, columns // width * width
    # (..., parts of the columns, parts of the rows, rows, columns), all of them views
    left = x.reshape(rows // some, some, length)
    right = y[..., :whole].reshape(*lead, 1, length, count, width).swapaxes(-4, -2)
    right = right.swapaxes(-3, -2)
    result = out[..., :whole].reshape(*lead, rows // some, some, count, width)
    result = result.swapaxes(-4, -2).swapaxes(-3, -2)

    def work(start: int, stop: int) -> None:
        np.matmul(left[start:stop], right, out=result[..., start:stop, :, :])

    share_parts(work, rows // some, rows * y.size)
    if whole < columns:
        np.matmul(x, y[..., whole:], out=out[..., whole:])
    return out


def products(x: Any, y: Any) -> Any:
    """x @ y of stacks of matrices, of the same number of them."""
    (rows, length), columns = x.shape[-2:], y.shape[-1]
    some = rows
    if x.dtype is _FLOAT32 is y.dtype and x.strides[-1] == y.strides[-1] == 4 and length == y.shape[-2]:
        some = rows_at_once(rows, length, columns, x.dtype)
    if some == rows or x.shape[:-2] != y.shape[:-2] or not x.size:
        return np.matmul(x, y)
    out = np.empty((*x.shape[:-1], columns), x.dtype)
    left, result = [a.reshape(*a.shape[:-2], rows // some, some, a.shape[-1]) for a in (x, out)]
    right = y[..., None, :, :]

    def work(start: int, stop: int) -> None:
        np.matmul(left[start:stop], right[start:stop], out=result[start:stop])

    share_parts(work, x.shape[0], x.size * columns)
    return out


__all__ = ["product", "products", "rows_at_once"]
