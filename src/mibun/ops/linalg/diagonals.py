"""The diagonal of matrices and its sum: `linalg.diagonal`, trace. (`torch.diagonal` is a view: `ops/shape/`.)"""

from __future__ import annotations

import numpy as np

from ...core.tensor import Tensor
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import linear, op
from ...dispatch.public import public


def diagonal(A: Tensor, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """The diagonals of matrices, as `torch.diagonal` of the last two dimensions: a view.

    offset: how far above the main diagonal (negative: below it). dim1, dim2: the two dimensions of the matrices.
    """
    check_tensor(A, "linalg_diagonal", "A")
    return A.diagonal(offset, dim1, dim2)


@op(
    linear,
    name="trace",
    dtype=None,
    vjp=lambda xp, g, input_shape, input_dtype: g * xp.eye(*input_shape, dtype=input_dtype),
)
def _trace(xp, input, *, dtype):
    n = min(input.shape)
    x = xp.take_diagonal(input, 0, 0, 1) if n else xp.reshape(input, (0,))
    return xp.sum(x, dtype=dtype)


@public("trace")
def trace(input: Tensor) -> Tensor:
    """The sum of the diagonal of a matrix: `sum_i input[i, i]`.

    Args:
        input: (n, m).

    Returns:
        a 0-d tensor; of integers, int64.

    Raises:
        RuntimeError: where it is not 2-D. NotImplementedError for bools.

    >>> import mibun as torch
    >>> torch.trace(torch.tensor([[1., 2.], [3., 4.]]))
    tensor(5.)
    """
    check_tensor(input, "trace")
    if input._array_.ndim != 2:
        raise RuntimeError(f"trace: expected a matrix, but got tensor with dim {input._array_.ndim}")
    if input._array_.dtype.kind == "b":
        raise NotImplementedError("\"trace\" not implemented for 'Bool'")
    return _trace(input, dtype=np.dtype("int64") if input._array_.dtype.kind in "iu" else None)
