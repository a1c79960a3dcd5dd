"""Pooling to a given size, and un-pooling: what reads and writes at positions in the flattened space of images.

The adaptive operators cut an image into windows of about equal size; `spread_positions` and `read_positions`,
transposes of each other, carry the gradients of maxima.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.registry import FUNCTIONS
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor, whole
from ...dispatch.declare import linear, op
from ...dispatch.public import public
from .pooling import _sizes, avg_pool1d, avg_pool2d, avg_pool3d


def _adaptive_mean(xp, input, *, sizes):
    return xp.adaptive_mean(input, sizes)


_ADAPTIVE_MEAN = {
    n: op(linear, name=f"adaptive_mean_{n}d", node=f"AdaptiveAvgPool{n}DBackward0", dtype=None, scalars=False,
          vjp=lambda xp, g, input, sizes: xp.adaptive_mean_spread(g, space=tuple(input.shape[-len(sizes):]))
          )(_adaptive_mean)
    for n in (2, 3)
}  # fmt: skip


@op(linear, name="adaptive_mean_spread", dtype=None, scalars=False,
    vjp=lambda xp, g, grad_shape, space: (xp.adaptive_mean_2d if len(space) == 2 else xp.adaptive_mean_3d)(
        g, sizes=grad_shape[-len(space):]))  # fmt: skip
def _adaptive_mean_spread(xp, grad, *, space):
    return xp.adaptive_spread(grad, space)


# --- positions ---


def _adaptive_max(xp, input, *, sizes):
    return xp.adaptive_max(input, sizes)


_ADAPTIVE_MAX = {
    n: op(name=f"adaptive_max_{n}d", node=f"AdaptiveMaxPool{n}DBackward0", dtype=None, scalars=False,
          outputs=("out", "indices"), n_differentiable=1,
          vjp=lambda xp, g, indices, input, sizes: xp.spread_positions(
              g, indices, space=tuple(input.shape[-len(sizes):]), add=True),
          jvp=lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None))(_adaptive_max)
    for n in (2, 3)
}  # fmt: skip


@op(name="spread_positions", dtype=None, scalars=False, constant=("positions",),
    vjp={"grad": lambda xp, g, positions, space: xp.read_positions(g, positions, n=len(space))},
    jvp={"grad": lambda xp, t, positions, space, add: xp.spread_positions(
        t, positions, space=space, add=add)})  # fmt: skip
def _spread_positions(xp, grad, positions, *, space, add):
    return xp.put_positions(grad, positions, space, add)


@op(name="read_positions", dtype=None, scalars=False, constant=("positions",),
    vjp={"input": lambda xp, g, positions, input_shape, n: xp.spread_positions(
        g, positions, space=input_shape[-n:], add=True)},
    jvp={"input": lambda xp, t, positions, n: xp.read_positions(t, positions, n=n)})  # fmt: skip
def _read_positions(xp, input, positions, *, n):
    return xp.take_positions(input, positions, n)


_UNPOOL = {
    n: op(name=f"max_unpool_{n}d", node=f"MaxUnpool{n}DBackward0", dtype=None, scalars=False, constant=("positions",),
          vjp={"grad": lambda xp, g, positions, space: xp.read_positions(g, positions, n=len(space))},
          jvp={"grad": lambda xp, t, positions, space, add: xp.spread_positions(t, positions, space=space, add=add)},
          )(lambda xp, grad, positions, *, space, add: xp.put_positions(grad, positions, space, add))
    for n in (2, 3)
}  # fmt: skip


# --- adaptive ---


def _adaptive_sizes(function: str, n: int, input: Any, output_size: Any) -> tuple[int, ...]:
    if not isinstance(input, Tensor):
        raise TypeError(f"{function}(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}")
    shape = input._array_.shape
    if len(shape) not in (n + 1, n + 2):
        raise RuntimeError(f"{function}(): Expected {n + 1}D or {n + 2}D tensor, but got {list(shape)}")
    given = (output_size,) * n if not isinstance(output_size, (tuple, list)) else tuple(output_size)
    if len(given) != n:
        raise RuntimeError(f"{function}: output_size must be {n}, but got {len(given)} sizes: {output_size}")
    sizes = tuple([
        size if own is None else whole(own, function, "output_size")
        for own, size in zip(given, shape[-n:], strict=True)
    ])  # fmt: skip
    if any([size < 0 for size in sizes]):
        raise RuntimeError(
            f"{function}: elements of output_size must be greater than or equal to 0 but received {sizes}"
        )
    for axis in range(-n, 0):
        if shape[axis] == 0:
            raise RuntimeError(
                f"{function}(): Expected input to have non-zero size for non-batch dimensions, but input has sizes "
                f"{list(shape)} with dimension {axis % len(shape)} being empty"
            )
    return sizes


def _adaptive_averaging(function: str, n: int, input: Any, output_size: Any) -> Any:
    sizes = _adaptive_sizes(function, n, input, output_size)
    if input._array_.dtype.kind in "biuc":
        raise NotImplementedError(f"\"{function}\" not implemented for '{input.dtype.scalar_name}'")
    if n > 1 and all([size == 1 for size in sizes]):
        return input.mean(tuple(range(-n, 0)), keepdim=True)
    if n == 1:
        return apply(_ADAPTIVE_MEAN[2], (input.unsqueeze(-2),), {"sizes": (1, *sizes)}).squeeze(-2)
    return apply(_ADAPTIVE_MEAN[n], (input,), {"sizes": sizes})


@public(method=False)
def adaptive_avg_pool1d(input: Any, output_size: Any) -> Any:
    """Means over windows that cut (N, C, L) or (C, L) into output_size parts."""
    return _adaptive_averaging("adaptive_avg_pool1d", 1, input, output_size)


def adaptive_avg_pool2d(input: Any, output_size: Any) -> Any:
    """Means over windows that cut images into output_size = (H', W') parts (an int: both; None: as it is).

    Part i of n covers the rows from floor(i * H / n) up to, not including, ceil((i + 1) * H / n).
    """
    return _adaptive_averaging("adaptive_avg_pool2d", 2, input, output_size)


def adaptive_avg_pool3d(input: Any, output_size: Any) -> Any:
    """Means over windows that cut volumes into output_size parts; see adaptive_avg_pool2d."""
    return _adaptive_averaging("adaptive_avg_pool3d", 3, input, output_size)


def _adaptive_maxima(function: str, n: int, input: Any, output_size: Any, return_indices: bool) -> Any:
    sizes = _adaptive_sizes(function, n, input, output_size)
    if input._array_.dtype.kind in "bc":
        raise NotImplementedError(f"\"{function}\" not implemented for '{input.dtype.scalar_name}'")
    if n == 1:
        out, indices = apply(_ADAPTIVE_MAX[2], (input.unsqueeze(-2),), {"sizes": (1, *sizes)})
        out, indices = out.squeeze(-2), indices.squeeze(-2)
    else:
        out, indices = apply(_ADAPTIVE_MAX[n], (input,), {"sizes": sizes})
    return (out, indices) if return_indices else out


def adaptive_max_pool1d(input: Any, output_size: Any, return_indices: bool = False) -> Any:
    """Maxima over windows that cut (N, C, L) or (C, L) into output_size parts."""
    return _adaptive_maxima("adaptive_max_pool1d", 1, input, output_size, return_indices)


def adaptive_max_pool2d(input: Any, output_size: Any, return_indices: bool = False) -> Any:
    """Maxima over windows that cut images into output_size = (H', W') parts; see adaptive_avg_pool2d."""
    return _adaptive_maxima("adaptive_max_pool2d", 2, input, output_size, return_indices)


def adaptive_max_pool3d(input: Any, output_size: Any, return_indices: bool = False) -> Any:
    """Maxima over windows that cut volumes into output_size parts; see adaptive_avg_pool2d."""
    return _adaptive_maxima("adaptive_max_pool3d", 3, input, output_size, return_indices)


# --- un-pooling ---


def _unpooling(
    function: str, n: int, input: Any, indices: Any, kernel_size: Any, stride: Any, padding: Any, output_size: Any
) -> Any:
    check_tensor(input, function)
    check_tensor(indices, function, "indices", 2)
    window = _sizes(kernel_size, n, function, "kernel_size")
    stride = window if stride is None else _sizes(stride, n, function, "stride")
    padding = _sizes(padding, n, function, "padding")
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
            f"Expected shape of indices to be same as that of the input tensor ({list(shape)}) but got indices "
            "tensor with "
            f"shape: {list(indices._array_.shape)}"
        )
    space = _unpooled_size(shape[-n:], window, stride, padding, output_size, n)
    length = int(np.prod(space))
    if indices._array_.size and (indices._array_.min() < 0 or indices._array_.max() >= length):
        raise RuntimeError(
            f"Found an invalid max index: {int(indices._array_.max())} (output volumes are of size {space})"
        )
    if n == 1:
        out = apply(_UNPOOL[2], (input.unsqueeze(-2), indices.unsqueeze(-2)), {"space": (1, *space), "add": False})
        return out.squeeze(-2)
    return apply(_UNPOOL[n], (input, indices), {"space": space, "add": False})


def _unpooled_size(
    own: tuple, window: tuple, stride: tuple, padding: tuple, output_size: Any, n: int
) -> tuple[int, ...]:
    default = tuple([
        (size - 1) * s + k - 2 * p for size, k, s, p in zip(own, window, stride, padding, strict=True)
    ])  # fmt: skip
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
    input: Any, indices: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
) -> Any:
    """Zeros with the values of max_pool1d put back where they were; arguments as for max_unpool2d."""
    return _unpooling("max_unpool1d", 1, input, indices, kernel_size, stride, padding, output_size)


def max_unpool2d(
    input: Any, indices: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
) -> Any:
    """Zeros with the values of max_pool2d put back where they were: (N, C, H, W) or (C, H, W) and its indices.

    output_size: which of the sizes that are pooled to (H, W) is meant. RuntimeError for indices out of range.
    """
    return _unpooling("max_unpool2d", 2, input, indices, kernel_size, stride, padding, output_size)


def max_unpool3d(
    input: Any, indices: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
) -> Any:
    """Zeros with the values of max_pool3d put back where they were; arguments as for max_unpool2d."""
    return _unpooling("max_unpool3d", 3, input, indices, kernel_size, stride, padding, output_size)


# --- power means ---


def _power_pool(average: Any, n: int, input: Any, p: float, kernel_size: Any, stride: Any, ceil_mode: bool) -> Any:
    size = 1
    for k in _sizes(kernel_size, n, "lp_pool", "kernel_size"):
        size *= k
    mean = average(input.pow(p), kernel_size, stride, 0, ceil_mode)
    # Odd powers can make the mean negative; its root is then 0.
    return (FUNCTIONS["sign"](mean) * FUNCTIONS["relu"](mean.abs())).mul(size).pow(1.0 / p)


def lp_pool1d(input: Any, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> Any:
    """The p-norm, p = norm_type, over windows of (N, C, L) or (C, L)."""
    return _power_pool(avg_pool1d, 1, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool2d(input: Any, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> Any:
    """The p-norm, p = norm_type, over windows of (N, C, H, W) or (C, H, W)."""
    return _power_pool(avg_pool2d, 2, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool3d(input: Any, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> Any:
    """The p-norm, p = norm_type, over windows of (N, C, D, H, W) or (C, D, H, W)."""
    return _power_pool(avg_pool3d, 3, input, norm_type, kernel_size, stride, ceil_mode)
