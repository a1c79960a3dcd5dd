"""Products of several matrices in the order that takes the fewest multiplications: multi_dot, chain_matmul."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from ...core.site import stacklevel
from ...core.tensor import Tensor
from ...dispatch.overloads import finish
from ...dispatch.public import public
from .matmul import matmul


def _check_all(tensors: Sequence[Any]) -> None:
    for i, tensor in enumerate(tensors):
        if not isinstance(tensor, Tensor):
            raise TypeError(f"expected Tensor as element {i} in argument 0, but got {type(tensor).__name__}")


def multi_dot(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """The product of several matrices, in the order of multiplication that takes the fewest operations.

    Args:
        tensors: two or more, all 2-D but for the first and the last, which may be vectors (a row, a column).
        out: a tensor to write the result into.

    Returns:
        the product, without the dimensions that vectors have not.

    Raises:
        RuntimeError: for fewer than two tensors, another number of dimensions, and where sizes do not fit.

    Source: the dynamic programme over split points of Godbole, "On efficient computation of matrix chain products"
        (1973).

    >>> import mibun as torch
    >>> torch.linalg.multi_dot([torch.ones(2, 100), torch.ones(100, 3), torch.ones(3)])
    tensor([300., 300.])
    """
    if not isinstance(tensors, (tuple, list)):
        kind = type(tensors).__name__
        raise TypeError(f"linalg_multi_dot(): argument 'tensors' (position 1) must be tuple of Tensors, not {kind}")
    tensors = list(tensors)
    _check_all(tensors)
    if len(tensors) < 2:
        raise RuntimeError(f"multi_dot(): expected at least 2 tensors but got {len(tensors)}")
    for i, tensor in enumerate(tensors):
        ndim = tensor._array_.ndim
        if i in (0, len(tensors) - 1):
            if ndim not in (1, 2):
                raise RuntimeError(
                    f"multi_dot(): the {'first' if i == 0 else 'last'} tensor must be 1D or 2D but got {ndim}D"
                )
        elif ndim != 2:
            raise RuntimeError(f"multi_dot(): tensor {i} must be 2D but got {ndim}D")
    shapes = [t._array_.shape for t in tensors]
    sizes = [shapes[0][0] if len(shapes[0]) == 2 else 1]
    sizes += [shape[-1] if i == 0 else shape[0] for i, shape in enumerate(shapes[:1])]
    sizes += [shape[1] if len(shape) == 2 else 1 for shape in shapes[1:]]
    n = len(tensors)
    cost = [[0] * n for _ in range(n)]
    split = [[0] * n for _ in range(n)]
    for length in range(1, n):
        for i in range(n - length):
            j = i + length
            options = [(cost[i][k] + cost[k + 1][j] + sizes[i] * sizes[k + 1] * sizes[j + 1], k) for k in range(i, j)]
            cost[i][j], split[i][j] = min(options)

    def product(i: int, j: int) -> Tensor:
        if i == j:
            return tensors[i]
        return matmul(product(i, split[i][j]), product(split[i][j] + 1, j))

    return finish(product(0, n - 1), out, "multi_dot")


@public("chain_matmul", method=False)
def chain_matmul(*matrices: Tensor, out: Tensor | None = None) -> Tensor:
    """The product of several matrices, in the cheapest order; superseded by `linalg.multi_dot`, as its warning says."""
    warnings.warn(
        "torch.chain_matmul is deprecated and will be removed in a future PyTorch release. Use torch.linalg.multi_dot "
        "instead, which accepts a list of two or more tensors rather than multiple parameters.",
        UserWarning,
        stacklevel=stacklevel(),
    )
    if not matrices:
        raise RuntimeError("chain_matmul(): Expected one or more matrices")
    _check_all(matrices)
    if len(matrices) == 1:
        return finish(matrices[0], out, "chain_matmul")
    for matrix in matrices:
        if matrix._array_.ndim != 2:
            raise RuntimeError(f"Tensor dimension is {matrix._array_.ndim}, expected 2 instead.")
    return multi_dot(matrices, out=out)
