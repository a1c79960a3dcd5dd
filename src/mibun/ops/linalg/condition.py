"""The condition number of matrices, for every norm."""

from __future__ import annotations

import math

from ...core.batching import all_values
from ...core.tensor import Tensor
from ...dispatch.arguments import check_tensor
from ...dispatch.overloads import finish
from ..pointwise.where import where
from .matrices import check_floating, check_square
from .norms import matrix_norm
from .solving import inv_ex
from .svd import check_decomposable, singular_values


def cond(A: Tensor, p: float | str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The condition number of matrices: a norm of A times that of its inverse; infinite where A is singular.

    p: None and 2 (the ratio of the extreme singular values; A need not be square), -2 (its inverse), or the order of
    a matrix norm: "fro", "nuc", 1, -1, inf, -inf.
    """
    check_tensor(A, "linalg_cond")
    shape = A._array_.shape
    if len(shape) < 2:
        words = f"(ord={p}): The input tensor A" if isinstance(p, str) else ": The input tensor"
        raise RuntimeError(f"linalg.cond{words} must have at least 2 dimensions.")
    if p is not None and p not in ("fro", "nuc", 1, -1, 2, -2, math.inf, -math.inf):
        raise RuntimeError(
            f"linalg.cond got an invalid norm type: {p}; it takes None, 'fro', 'nuc', 1, -1, 2, -2, inf and -inf"
        )
    if isinstance(p, str):
        check_square(A, f"linalg.cond(ord={p})")
    if 0 in shape[-2:]:
        check_floating(A, "linalg.svd")
        return finish(A.new_zeros(shape[:-2], dtype=A.dtype.to_real()), out, "linalg_cond")
    if p in (None, 2, -2):
        check_decomposable(A, "linalg_cond", "input")
        s = singular_values(A)
        first, last = s.narrow(-1, 0, 1), s.narrow(-1, -1, 1)
        result = last / first if p == -2 else first / last
        return finish(result.squeeze(-1), out, "linalg_cond")
    check_square(A, f"linalg.cond(ord={p})")
    if p == "nuc":
        check_decomposable(A, "linalg_cond")
    inverse, info = inv_ex(A)
    bad = info != 0
    if all_values(bad._array_).any():
        inverse = where(bad.reshape((*shape[:-2], 1, 1)), math.inf, inverse)
    if p == "nuc":
        if all_values(bad._array_).any():
            keep = where(bad.reshape((*shape[:-2], 1, 1)), 0.0, inverse)
            result = matrix_norm(A, p) * matrix_norm(keep, p)
            return finish(where(bad, math.inf, result), out, "linalg_cond")
        return finish(matrix_norm(A, p) * matrix_norm(inverse, p), out, "linalg_cond")
    product = matrix_norm(A, p) * matrix_norm(inverse, p)
    return finish(product.nan_to_num(math.inf, math.inf, -math.inf), out, "linalg_cond")
