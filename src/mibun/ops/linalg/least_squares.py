"""Least squares: the solution of A X = B that is nearest, and of those the smallest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch import return_types
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import op
from .matrices import adjoint, broadcast_batches, finish_several, per_column
from .svd import pinv_gradient, pinv_tangent

_DRIVERS = ("gels", "gelsy", "gelsd", "gelss")


def _inverse(xp: Any, A: Array, rcond: float) -> Array:
    zero = xp.zeros((), dtype=xp.real(A).dtype)
    return xp.linalg_pinv(A, zero, zero + rcond, hermitian=False)


def _lstsq_joint(xp, g, input, b, solution, rcond, vector, needs):
    """X = A^+ B; the residuals sum |A X - B|^2 are least at X, so that X may count as a constant in them."""
    gx, gr = g[0], g[1]
    if vector:
        gx, b, solution = (xp.expand_dims(x, axis=-1) for x in (gx, b, solution))
    inverse = _inverse(xp, input, rcond)
    g_b = xp.matmul(adjoint(xp, inverse), gx)
    g_a = pinv_gradient(xp, xp.matmul(gx, adjoint(xp, b)), input, inverse) if needs[0] else None
    if len(gr.shape) == len(input.shape) - 1 and gr.shape[-1] == b.shape[-1] and input.shape[-2] > input.shape[-1]:
        error = (xp.matmul(input, solution) - b) * per_column(xp, 2 * gr)
        g_b = g_b - error
        if g_a is not None:
            g_a = g_a + xp.matmul(error, adjoint(xp, solution))
    return g_a, xp.squeeze(g_b, axis=-1) if vector else g_b


def _lstsq_jvp(xp, t, input, b, solution, rcond, vector, of_matrix, residuals):
    if vector:
        b, solution = xp.expand_dims(b, axis=-1), xp.expand_dims(solution, axis=-1)
        t = t if of_matrix else xp.expand_dims(t, axis=-1)
    inverse = _inverse(xp, input, rcond)
    error = xp.matmul(input, solution) - b
    if of_matrix:
        tangent = xp.matmul(pinv_tangent(xp, t, input, inverse), b)
        change = xp.matmul(t, solution)
    else:
        tangent, change = xp.matmul(inverse, t), -t
    moved = xp.zeros_like(residuals)
    if len(residuals.shape) == len(input.shape) - 1 and residuals.shape[-1] == b.shape[-1]:
        moved = 2 * xp.sum(xp.real(xp.conj(error) * change), axis=-2)
    return xp.squeeze(tangent, axis=-1) if vector else tangent, moved


@op(
    name="linalg_lstsq",
    dtype=None,
    outputs=("solution", "residuals", "rank", "singular_values"),
    n_differentiable=2,
    joint=_lstsq_joint,
    jvp={
        "input": lambda xp, t, input, b, solution, residuals, rcond, vector: _lstsq_jvp(
            xp, t, input, b, solution, rcond, vector, True, residuals
        ),
        "b": lambda xp, t, input, b, solution, residuals, rcond, vector: _lstsq_jvp(
            xp, t, input, b, solution, rcond, vector, False, residuals
        ),
    },
)
def _lstsq(xp, input, b, *, rcond, driver, vector):
    if vector:
        b = xp.expand_dims(b, axis=-1)
    m, n = input.shape[-2:]
    u, s, vh = xp.thin_svd(input)
    real = s.dtype
    keep = s > rcond * s[..., :1]
    inverse = xp.where(keep, 1.0 / xp.where(keep, s, 1.0), 0.0)
    scaled = xp.matmul(adjoint(xp, u), b) * xp.expand_dims(inverse, axis=-1)
    solution = xp.matmul(adjoint(xp, vh), scaled)
    rank = xp.sum(xp.astype(keep, xp.int64), axis=-1)
    residuals = xp.zeros((0,), dtype=real)
    if driver != "gelsy" and m > n and (driver == "gels" or bool(xp.all(rank == n))):
        error = xp.matmul(input, solution) - b
        residuals = xp.sum(xp.real(error * xp.conj(error)), axis=-2)
    if vector:
        solution = xp.squeeze(solution, axis=-1)
    if driver == "gels":
        rank = xp.zeros((0,), dtype=xp.int64)
    return solution, residuals, rank, s if driver in ("gelsd", "gelss") else xp.zeros((0,), dtype=real)


def lstsq(
    A: Tensor, B: Tensor, rcond: float | None = None, *, driver: str | None = None, out: Sequence[Tensor] | None = None
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Least squares: the X that minimizes |A X - B|, and of several the smallest.

    Args:
        A: (*, m, n), of a floating or complex dtype.
        B: (*, m, k) or (*, m), of the same dtype.
        rcond: singular values up to rcond times the largest count as zeros; by default eps * max(m, n).
        driver: what is returned beside the solution; the method is always the singular value decomposition. "gelsy"
            (the default): the rank; "gelsd" and "gelss": residuals, rank and singular values; "gels": residuals.

    Returns:
        the named tuple (solution (*, n, k) or (*, n), residuals, rank, singular_values). The residuals are the sums of
        squares of A X - B, for m > n and full rank; what there is not is empty. The first two have derivatives.

    Raises:
        RuntimeError: for another driver, for shapes and dtypes that do not fit, integers and half precision.

    >>> import mibun as torch
    >>> torch.linalg.lstsq(torch.tensor([[2.], [0.]]), torch.tensor([[4.], [3.]])).solution
    tensor([[2.]])
    """
    check_tensor(A, "linalg_lstsq")
    check_tensor(B, "linalg_lstsq", "b", 2)
    name = "torch.linalg.lstsq"
    a, b = A._array_, B._array_
    if a.ndim < 2:
        raise RuntimeError(f"{name}: input must have at least 2 dimensions.")
    if b.ndim < 1:
        raise RuntimeError(f"{name}: other must have at least 1 dimension.")
    if a.dtype != b.dtype:
        raise RuntimeError(
            f"{name}: Expected input and other to have the same dtype, but got input's dtype {A.dtype.scalar_name} and "
            f"other's dtype {B.dtype.scalar_name}"
        )
    if not 0 <= a.ndim - b.ndim <= 1:
        raise RuntimeError(
            f"{name}: input.dim() must be greater or equal to other.dim() and (input.dim() - other.dim()) <= 1"
        )
    vector = a.ndim - b.ndim == 1
    if b.shape[-1 if vector else -2] != a.shape[-2]:
        raise RuntimeError(
            f"{name}: input.size(-2) should match other.size({'-1' if vector else '-2'}), but they are {a.shape[-2]} "
            f"and {b.shape[-1 if vector else -2]}"
        )
    if driver is not None and driver not in _DRIVERS:
        raise RuntimeError(f"{name}: parameter `driver` should be one of ({', '.join(_DRIVERS)}), but got {driver!r}")
    if a.dtype.kind not in "fc" or a.dtype.itemsize == 2:
        raise RuntimeError(f"This function doesn't handle types other than float and double, but got {A.dtype}")
    broadcast_batches(a, b[..., None] if vector else b)
    cutoff = float(np.finfo(a.dtype).eps) * max(a.shape[-2:]) if rcond is None else float(rcond)
    results = _lstsq(A, B, rcond=cutoff, driver=driver or "gelsy", vector=vector)
    return finish_several(return_types.linalg_lstsq, results, out, "linalg_lstsq")


__all__ = ["lstsq"]
