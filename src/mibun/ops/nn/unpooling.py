"""Un-pooling: what writes values at positions in the flattened space of images, and reads them there.

`spread_positions` and `read_positions`, transposes of each other, also carry the gradients of all maxima whose
positions are known (`adaptive_pooling.py`, `fractional_pooling.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...core.batching import limits_of
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import op
from .pooling import window_sizes


@op(
    name="spread_positions",
    dtype=None,
    scalars=False,
    constant=("positions",),
    vjp={"grad": lambda xp, g, positions, space: xp.read_positions(g, positions, n=len(space))},
    jvp={"grad": lambda xp, t, positions, space, add: xp.spread_positions(t, positions, space=space, add=add)},
)
def _spread_positions(xp, grad, positions, *, space, add):
    return xp.put_positions(grad, positions, space, add)


@op(
    name="read_positions",
    dtype=None,
    scalars=False,
    constant=("positions",),
    vjp={
        "input": lambda xp, g, positions, input_shape, n: xp.spread_positions(
            g, positions, space=input_shape[-n:], add=True
        )
    },
    jvp={"input": lambda xp, t, positions, n: xp.read_positions(t, positions, n=n)},
)
def _read_positions(xp, input, positions, *, n):
    return xp.take_positions(input, positions, n)


_UNPOOL = {
    n: op(
        name=f"max_unpool_{n}d",
        memory="channels",
        node=f"MaxUnpool{n}DBackward0",
        dtype=None,
        scalars=False,
        constant=("positions",),
        vjp={"grad": lambda xp, g, positions, space: xp.read_positions(g, positions, n=len(space))},
        jvp={"grad": lambda xp, t, positions, space, add: xp.spread_positions(t, positions, space=space, add=add)},
    )(lambda xp, grad, positions, *, space, add: xp.put_positions(grad, positions, space, add))
    for n in (2, 3)
}


def _unpooling(
    function: str,
    n: int,
    input: Tensor,
    indices: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None,
    padding: int | Sequence[int],
    output_size: Sequence[int] | None,
) -> Tensor:
    check_tensor(input, function)
    check_tensor(indices, function, "indices", 2)
    window = window_sizes(kernel_size, n, function, "kernel_size")
    stride = window if stride is None else window_sizes(stride, n, function, "stride")
    padding = window_sizes(padding, n, function, "padding")
    shape = input._array_.shape
    if len(shape) not in (n + 1, n + 2):
        raise RuntimeError(
            f"Input to {function} should be a {n + 1}d or {n + 2}d Tensor, but got a tensor with {len(shape)} "
            "dimensions."
        )
    if indices._array_.dtype != np.int64:
        raise RuntimeError(
            f"elements in indices should be type int64 but got: {indices.dtype}: give the indices of the max_pool"
        )
    if indices._array_.shape != shape:
        raise RuntimeError(
            f"Expected shape of indices to be same as that of the input tensor ({list(shape)}) but got indices tensor "
            f"with shape: {list(indices._array_.shape)}"
        )
    space = _unpooled_size(shape[-n:], window, stride, padding, output_size, n)
    length = int(np.prod(space))
    limits = limits_of(indices._array_)
    if limits is not None and (limits[0] < 0 or limits[1] >= length):
        raise RuntimeError(f"Found an invalid max index: {int(limits[1])} (output volumes are of size {space})")
    if n == 1:
        out = apply(_UNPOOL[2], (input.unsqueeze(-2), indices.unsqueeze(-2)), {"space": (1, *space), "add": False})
        return out.squeeze(-2)
    return apply(_UNPOOL[n], (input, indices), {"space": space, "add": False})


def _unpooled_size(
    own: tuple, window: tuple, stride: tuple, padding: tuple, output_size: Sequence[int] | None, n: int
) -> tuple[int, ...]:
    default = tuple([(size - 1) * s + k - 2 * p for size, k, s, p in zip(own, window, stride, padding, strict=True)])
    if output_size is None:
        return default
    given = tuple(output_size)
    if len(given) == n + 2:
        given = given[2:]
    if len(given) != n:
        raise ValueError(
            f"output_size should be a sequence containing {n} or {n + 2} elements, but it has a length of "
            f"'{len(given)}'"
        )
    for size, usual, s in zip(given, default, stride, strict=True):
        if not usual - s < size < usual + s:
            low = [d - s for d, s in zip(default, stride, strict=True)]
            high = [d + s for d, s in zip(default, stride, strict=True)]
            raise ValueError(f'invalid output_size "{given}" (dim sizes must be between {low} and {high})')
    return given


def max_unpool1d(
    input: Tensor,
    indices: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Zeros with the values of max_pool1d put back where they were; arguments as for max_unpool2d."""
    return _unpooling("max_unpool1d", 1, input, indices, kernel_size, stride, padding, output_size)


def max_unpool2d(
    input: Tensor,
    indices: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Zeros with the values of max_pool2d put back where they were: (N, C, H, W) or (C, H, W) and its indices.

    output_size: which of the sizes that are pooled to (H, W) is meant. RuntimeError for indices out of range.

    >>> import mibun as torch
    >>> pooled, indices = torch.nn.functional.max_pool2d(torch.tensor([[[1., 2.], [4., 3.]]]), 2, return_indices=True)
    >>> torch.nn.functional.max_unpool2d(pooled, indices, 2)
    tensor([[[0., 0.],
             [4., 0.]]])
    """
    return _unpooling("max_unpool2d", 2, input, indices, kernel_size, stride, padding, output_size)


def max_unpool3d(
    input: Tensor,
    indices: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Zeros with the values of max_pool3d put back where they were; arguments as for max_unpool2d."""
    return _unpooling("max_unpool3d", 3, input, indices, kernel_size, stride, padding, output_size)
