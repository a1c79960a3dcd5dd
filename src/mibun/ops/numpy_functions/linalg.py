"""numpy.linalg: NumPy's arguments, named tuples and class of errors."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.tensor import Tensor
from ...xp.numpy.linalg import LinAlgError
from ..linalg.cholesky import linalg_cholesky
from ..linalg.determinants import linalg_det, linalg_slogdet
from ..linalg.eigen import eig, eigh, eigvals, eigvalsh
from ..linalg.least_squares import lstsq
from ..linalg.multi_dot import multi_dot
from ..linalg.norms import linalg_norm, matrix_norm, vector_norm
from ..linalg.powers import linalg_matrix_power
from ..linalg.qr import linalg_qr
from ..linalg.solving import inv, solve, tensorinv, tensorsolve
from ..linalg.svd import linalg_svd, pinv, svdvals
from .arguments import NO_VALUE, axes_of, cast, common, floating, implements, ops, tensor_of, written

# The classes of NumPy's named tuples, which it does not publish.
_A = np.eye(1)
_EIGH: Any = type(np.linalg.eigh(_A))
_EIG: Any = type(np.linalg.eig(_A))
_SVD: Any = type(np.linalg.svd(_A))
_QR: Any = type(np.linalg.qr(_A))
_SLOGDET: Any = type(np.linalg.slogdet(_A))


def _in_linalg(name: str, always: bool = False) -> Callable[[Callable], Callable]:
    """Enter a function of numpy.linalg, whose error for singular matrices is NumPy's."""

    def enter(function: Callable) -> Callable:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                return function(*args, **kwargs)
            except LinAlgError as error:
                raise np.linalg.LinAlgError(str(error)) from None

        return implements(f"linalg.{name}", always=always)(call)

    return enter


def _matrix(a: Any) -> Tensor:
    tensor = floating(tensor_of(a))
    if tensor.ndim < 2:
        raise np.linalg.LinAlgError(f"{tensor.ndim}-dimensional array given. Array must be at least two-dimensional")
    return tensor


def _square(a: Any) -> Tensor:
    tensor = _matrix(a)
    if tensor.shape[-1] != tensor.shape[-2]:
        raise np.linalg.LinAlgError("Last 2 dimensions of the array must be square")
    return tensor


# --- solving ---


@_in_linalg("inv")
def _inv(a) -> Tensor:
    return inv(_square(a))


@_in_linalg("solve")
def _solve(a, b) -> Tensor:
    a, b = common([_square(a), floating(tensor_of(b))])
    if b.ndim == 1:  # (as NumPy 2 has it: b is a vector only if it is 1-D)
        return solve(a, b.unsqueeze(-1)).squeeze(-1)
    return solve(a, b)


@_in_linalg("pinv")
def _pinv(a, rcond=None, hermitian=False, *, rtol=NO_VALUE) -> Tensor:
    tensor = _matrix(a)
    limit = rtol if rtol is not NO_VALUE else rcond if rcond is not None else 1e-15
    if limit is None:
        limit = max(tensor.shape[-2:]) * np.finfo(tensor._array_.dtype).eps
    return pinv(tensor, rtol=float(limit), hermitian=hermitian)


@_in_linalg("lstsq")
def _lstsq(a, b, rcond=None) -> tuple[Tensor, Tensor, int, Tensor]:
    a, b = common([_matrix(a), floating(tensor_of(b))])
    columns = b if b.ndim == 2 else b.unsqueeze(-1)
    s = svdvals(a)
    m, n = a.shape
    eps = float(np.finfo(a._array_.dtype).eps)
    rcond = eps * max(m, n) if rcond is None else eps if rcond < 0 else rcond
    rank = int((s._array_ > rcond * s._array_.max(initial=0)).sum())
    if rank == min(m, n):
        x = lstsq(a, columns)[0]
    else:
        x = ops.matmul(pinv(a, rtol=float(rcond)), columns)
    left = columns - ops.matmul(a, x)
    residuals = (left * left.conj()).real.sum(0) if left.is_complex() else (left * left).sum(0)
    if rank < n or m <= n:
        residuals = residuals[:0]
    return (x if b.ndim == 2 else x.squeeze(-1)), residuals, rank, s


@_in_linalg("tensorsolve", always=True)
def _tensorsolve(a, b, axes=None) -> Tensor:
    a, b = common([floating(tensor_of(a)), floating(tensor_of(b))])
    return tensorsolve(a, b, dims=axes)


@_in_linalg("tensorinv")
def _tensorinv(a, ind=2) -> Tensor:
    return tensorinv(floating(tensor_of(a)), ind)


# --- determinants, powers ---


@_in_linalg("det")
def _det(a) -> Tensor:
    return linalg_det(_square(a))


@_in_linalg("slogdet")
def _slogdet(a) -> Any:
    return _SLOGDET(*linalg_slogdet(_square(a)))


@_in_linalg("matrix_power")
def _matrix_power(a, n) -> Tensor:
    return linalg_matrix_power(_square(a), n)


@_in_linalg("multi_dot")
def _multi_dot(arrays, *, out=None) -> Tensor:
    return written(multi_dot(common([tensor_of(array) for array in arrays])), out, "linalg.multi_dot")


# --- decompositions ---


@_in_linalg("cholesky")
def _cholesky(a, /, *, upper=False) -> Tensor:
    return linalg_cholesky(_square(a), upper=upper)


@_in_linalg("qr")
def _qr(a, mode="reduced") -> Any:
    if mode not in ("reduced", "complete", "r"):
        raise ValueError(f"np.linalg.qr: mode {mode!r} cannot be followed by autograd")
    if mode == "r":
        return linalg_qr(_matrix(a))[1]
    return _QR(*linalg_qr(_matrix(a), mode))


@_in_linalg("svd")
def _svd(a, full_matrices=True, compute_uv=True, hermitian=False) -> Any:
    tensor = _matrix(a)
    if not compute_uv:
        return svdvals(tensor)
    return _SVD(*linalg_svd(tensor, full_matrices=full_matrices))


@_in_linalg("svdvals")
def _svdvals(x, /) -> Tensor:
    return svdvals(_matrix(x))


@_in_linalg("eigh")
def _eigh(a, UPLO="L") -> Any:  # noqa: N803
    return _EIGH(*eigh(_square(a), UPLO.upper()))


@_in_linalg("eigvalsh")
def _eigvalsh(a, UPLO="L") -> Tensor:  # noqa: N803
    return eigvalsh(_square(a), UPLO.upper())


def _real_if_all_are(values: Tensor, like: Tensor) -> bool:
    """Whether NumPy gives real numbers: for a real matrix whose eigenvalues are all real."""
    return not like.is_complex() and not np.imag(values._array_).any()


@_in_linalg("eig")
def _eig(a) -> Any:
    tensor = _square(a)
    values, vectors = eig(tensor)
    if _real_if_all_are(values, tensor):
        values, vectors = ops.real(values), ops.real(vectors)
    return _EIG(values, vectors)


@_in_linalg("eigvals")
def _eigvals(a) -> Tensor:
    tensor = _square(a)
    values = eigvals(tensor)
    return ops.real(values) if _real_if_all_are(values, tensor) else values


# --- norms ---


@_in_linalg("norm")
def _norm(x, ord=None, axis=None, keepdims=False) -> Tensor:  # noqa: A002
    tensor = floating(tensor_of(x))
    if axis is None and ord is None:
        axes = axes_of(None, tensor.ndim)
        return vector_norm(tensor, 2, axes, keepdims) if axes else tensor.abs()
    axes = axes_of(axis, tensor.ndim)
    if len(axes) == 1:
        if isinstance(ord, str):
            raise ValueError(f"Invalid norm order {ord!r} for vectors")
        if ord == 0:
            return cast(tensor != 0, np.finfo(tensor._array_.dtype).dtype).sum(axes, keepdim=keepdims)
        return vector_norm(tensor, 2 if ord is None else ord, axes, keepdims)
    if len(axes) == 2:
        return linalg_norm(tensor, "fro" if ord is None else ord, axes, keepdims)
    raise ValueError("Improper number of dimensions to norm.")


@_in_linalg("vector_norm")
def _vector_norm(x, /, *, axis=None, keepdims=False, ord=2) -> Tensor:  # noqa: A002
    tensor = floating(tensor_of(x))
    axes = axes_of(axis, tensor.ndim)
    return vector_norm(tensor, ord, axes, keepdims) if axes else tensor.abs()


@_in_linalg("matrix_norm")
def _matrix_norm(x, /, *, keepdims=False, ord="fro") -> Tensor:  # noqa: A002
    return matrix_norm(_matrix(x), ord, (-2, -1), keepdims)


@_in_linalg("cond")
def _cond(x, p=None) -> Tensor:
    tensor = _matrix(x)
    if p is None or p in (2, -2):
        s = svdvals(tensor)
        return s[..., -1] / s[..., 0] if p == -2 else s[..., 0] / s[..., -1]
    return _norm(tensor, p, (-2, -1)) * _norm(inv(_square(tensor)), p, (-2, -1))
