"""Division by a norm: of each vector (`normalize`), or of the neighbouring channels (`local_response_norm`)."""

from __future__ import annotations

from ...core.tensor import Tensor
from ...dispatch.arguments import check_tensor
from ...dispatch.inplace import write_out
from .padding import pad
from .pooling import avg_pool2d, avg_pool3d


def local_response_norm(
    input: Tensor, size: int, alpha: float | Tensor = 1e-4, beta: float | Tensor = 0.75, k: float | Tensor = 1.0
) -> Tensor:
    """`input / (k + alpha * mean)**beta`, the mean being that of the squares over `size` neighbouring channels.

    input: (N, C, *), of three dimensions or more (ValueError otherwise). Source: Krizhevsky, Sutskever and Hinton
    (2012).
    """
    check_tensor(input, "local_response_norm")
    shape = input._array_.shape
    if len(shape) < 3:
        raise ValueError(
            f"Expected 3D or higher dimensionality                          input (got {len(shape)} dimensions)"
        )
    if input._array_.size == 0:
        return input
    squares = input.mul(input)
    ends = (size // 2, (size - 1) // 2)
    if len(shape) == 3:
        mean = avg_pool2d(pad(squares.unsqueeze(1), (0, 0, *ends)), (size, 1), stride=1).squeeze(1)
    else:
        flat = squares.view(shape[0], 1, shape[1], shape[2], -1)
        mean = avg_pool3d(pad(flat, (0, 0, 0, 0, *ends)), (size, 1, 1), stride=1).squeeze(1).view(*shape)
    return input / mean.mul(alpha).add(k).pow(beta)


def normalize(
    input: Tensor,
    p: float = 2.0,
    dim: int | tuple[int, ...] = 1,
    eps: float | Tensor = 1e-12,
    out: Tensor | None = None,
) -> Tensor:
    """`input / max(norm, eps)`, the norm being the p-norm over one dimension or several.

    Args:
        input: of any shape, of a floating or complex dtype.
        p: which norm.
        dim: the dimension, or dimensions, that the norm is over.
        eps: the least norm, against division by zero.
        out: a Tensor for the result.

    >>> import mibun as torch
    >>> torch.nn.functional.normalize(torch.tensor([[3., 4.]]))
    tensor([[0.6000, 0.8000]])
    """
    norm = input.norm(p, dim, keepdim=True)
    result = input / norm.clamp_min(eps).expand_as(input)
    return result if out is None else write_out(out, result, "normalize")
