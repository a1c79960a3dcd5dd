"""The gaps of the NumPy namespace for LDL factorizations, which neither NumPy nor the Array API standard has.

Bunch and Kaufman's diagonal pivoting (1977), on one lower triangle, as LAPACK's sytrf and hetrf leave it: every
block of D in its place, exchanges not applied to the columns on the left.
"""

from __future__ import annotations

import math
from typing import Any

from .library import np

_ALPHA = (1 + math.sqrt(17)) / 8  # where blocks of size 1 and of size 2 let the elements grow equally fast


def _size(x: Any) -> Any:
    return np.abs(x.real) + np.abs(x.imag) if x.dtype.kind == "c" else np.abs(x)


def _exchange(a: Any, k: int, p: int, hermitian: bool) -> None:
    """Exchange row and column k with p > k in the lower triangle, from column k on."""
    a[p + 1 :, [k, p]] = a[p + 1 :, [p, k]]
    middle, row = a[k + 1 : p, k].copy(), a[p, k + 1 : p].copy()
    if hermitian:
        middle, row = middle.conj(), row.conj()
        a[p, k] = a[p, k].conjugate()
    a[k + 1 : p, k], a[p, k + 1 : p] = row, middle
    a[k, k], a[p, p] = a[p, p], a[k, k]


def _choose(a: Any, k: int) -> tuple[int, int]:
    """The row to exchange and the size of the block, at step k."""
    n = a.shape[0]
    here = _size(a[k : k + 1, k])[0]
    if k == n - 1:
        return k, 1
    column = _size(a[k + 1 :, k])
    largest = int(np.argmax(column)) + k + 1
    highest = column[largest - k - 1]
    if here >= _ALPHA * highest:
        return k, 1
    across = _size(a[largest, k:largest]).max()
    if largest + 1 < n:
        across = max(across, _size(a[largest + 1 :, largest]).max())
    if here * across >= _ALPHA * highest * highest:
        return k, 1
    if _size(a[largest : largest + 1, largest])[0] >= _ALPHA * across:
        return largest, 1
    return largest, 2


def _factor(a: Any, hermitian: bool) -> tuple[Any, int]:
    n = a.shape[0]
    pivots, info, k = np.zeros(n, np.int32), 0, 0
    while k < n:
        if hermitian:  # or the rounding of what is real by nature would grow with every step
            np.fill_diagonal(a[k:, k:], a[k:, k:].diagonal().real)
        if not _size(a[k:, k]).max() > 0:
            info = info or k + 1
            pivots[k] = k + 1
            k += 1
            continue
        p, step = _choose(a, k)
        last = k + step - 1
        if p != last:
            _exchange(a, last, p, hermitian)
            if step == 2:
                a[last, k], a[p, k] = a[p, k], a[last, k]
        pivots[k : k + step] = p + 1 if step == 1 else -(p + 1)
        below = a[k + step :, k : k + step].copy()
        if below.size:
            solved = np.linalg.solve(_block(a, k, step, hermitian).T, below.T).T
            a[k + step :, k + step :] -= np.tril(solved @ (below.conj().T if hermitian else below.T))
            a[k + step :, k : k + step] = solved
        k += step
    return pivots, info


def _block(a: Any, k: int, step: int, hermitian: bool) -> Any:
    if step == 1:
        return a[k : k + 1, k : k + 1]
    off = a[k + 1, k]
    return np.array([[a[k, k], off.conjugate() if hermitian else off], [off, a[k + 1, k + 1]]])


def ldl_with_info(x: Any, hermitian: bool) -> tuple[Any, Any, Any]:
    """(LD, pivots, info) of each matrix, from its lower triangle; info is the first singular block of D, from 1."""
    n = x.shape[-1]
    ld: Any = np.array(np.tril(x)).reshape((math.prod(x.shape[:-2]), n, n))
    pivots = np.zeros((ld.shape[0], n), np.int32)
    info = np.zeros(ld.shape[0], np.int32)
    for i, matrix in enumerate(ld):
        pivots[i], info[i] = _factor(matrix, hermitian)
    return ld.reshape(x.shape), pivots.reshape(x.shape[:-1]), info.reshape(x.shape[:-2])


def _divide(block: Any, b: Any) -> Any:
    """The solution of a system of size 1 or 2, by Cramer's rule."""
    if block.shape[0] == 1:
        return b / block
    (p, q), (r, s) = block
    return np.stack([s * b[0] - q * b[1], p * b[1] - r * b[0]]) / (p * s - q * r)


def _solve(a: Any, pivots: Any, b: Any, hermitian: bool) -> None:
    """Overwrite b with the solution."""
    n, k, steps = a.shape[0], 0, []
    while k < n:
        step = 1 if pivots[k] > 0 else 2
        last, p = k + step - 1, abs(int(pivots[k])) - 1
        b[[last, p]] = b[[p, last]]
        b[k + step :] -= a[k + step :, k : k + step] @ b[k : k + step]
        with np.errstate(all="ignore"):  # infinities and NaN where D is singular, as LAPACK has it
            b[k : k + step] = _divide(_block(a, k, step, hermitian), b[k : k + step])
        steps.append((k, step, last, p))
        k += step
    for k, step, last, p in reversed(steps):
        below = a[k + step :, k : k + step]
        b[k : k + step] -= (below.conj().T if hermitian else below.T) @ b[k + step :]
        b[[last, p]] = b[[p, last]]


def ldl_solution(ld: Any, pivots: Any, b: Any, hermitian: bool) -> Any:
    """X with A X = B, from the factorization of A; batches broadcast."""
    batch = np.broadcast_shapes(ld.shape[:-2], b.shape[:-2])
    n, k = b.shape[-2:]
    count = math.prod(batch)
    x = np.array(np.broadcast_to(b, (*batch, n, k))).reshape((count, n, k))
    ld = np.broadcast_to(ld, (*batch, n, n)).reshape((count, n, n))
    pivots = np.broadcast_to(pivots, (*batch, n)).reshape((count, n))
    for i in range(x.shape[0]):
        _solve(ld[i], pivots[i], x[i], hermitian)
    return x.reshape((*batch, n, k))
