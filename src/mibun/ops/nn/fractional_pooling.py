"""Fractional max pooling: windows of one size whose distances vary at random, so that any output size is possible.

Source: Graham, arXiv:1412.6071 (2014).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ...core.registry import Array, constant_beside
from ...core.tensor import Tensor, wrap
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor, whole
from ...dispatch.declare import op
from ..random.sampling import rand


def _starts(xp: Any, sample: Array, size: int, window: int, count: int) -> Array:
    """Where the windows along an axis start, for samples (batch, channels): (batch, channels, count)."""
    last = size - window
    if count == 1:
        return xp.full((*sample.shape, 1), last, dtype=xp.int64)
    ratio = last / (count - 1)
    u = xp.expand_dims(sample, axis=-1)
    i = xp.astype(xp.arange(count - 1), sample.dtype)
    ratio = xp.full_like(u, ratio)
    starts = xp.astype(xp.trunc((i + u) * ratio) - xp.trunc(u * ratio), xp.int64)
    return xp.concat([starts, xp.full((*sample.shape, 1), last, dtype=xp.int64)], axis=-1)


def _kernel(xp, input, samples, *, window, counts):
    n = len(window)
    space = input.shape[-n:]
    lead = tuple(input.shape[:2])
    # The last number of a sample belongs to the first axis of images, the first one to that of volumes.
    order = range(n) if n == 3 else reversed(range(n))
    places = None
    for axis, which in enumerate(order):
        size, length, count = space[axis], window[axis], counts[axis]
        start = _starts(xp, samples[..., which], size, length, count)
        along = xp.expand_dims(start, axis=-1) + xp.arange(length, dtype=xp.int64)
        shape = [*lead, *([1] * (2 * n))]
        shape[2 + axis], shape[2 + n + axis] = count, length
        along = xp.reshape(along, tuple(shape))
        places = along if places is None else places * size + along
    places = xp.reshape(places, (*lead, math.prod(counts), math.prod(window)))
    flat = xp.reshape(input, (*lead, 1, math.prod(space)))
    values = xp.take_along_axis(xp.reshape(flat, (*lead, math.prod(space))), xp.reshape(places, (*lead, -1)), axis=2)
    values = xp.reshape(values, places.shape)
    winner = xp.expand_dims(xp.argmax(values, axis=-1), axis=-1)
    indices = xp.reshape(xp.take_along_axis(places, winner, axis=3), (*lead, *counts))
    return xp.reshape(xp.take_along_axis(values, winner, axis=3), (*lead, *counts)), indices


_RECORDS = {
    n: op(
        name=f"fractional_max_{n}d",
        node=f"FractionalMaxPool{n}DBackward0",
        flat=("input",),
        dtype=None,
        scalars=False,
        constant=("samples",),
        outputs=("out", "indices"),
        n_differentiable=1,
        vjp={
            "input": lambda xp, g, indices, input_shape, window: xp.spread_positions(
                g, indices, space=input_shape[-len(window) :], add=True
            )
        },
        jvp={"input": lambda xp, t, indices, window: (xp.read_positions(t, indices, n=len(window)), None)},
    )(_kernel)
    for n in (2, 3)
}


def _ints(value: int | Sequence[int], n: int, name: str, function: str) -> tuple[int, ...]:
    if isinstance(value, (tuple, list)):
        if len(value) != n:
            words = "Ints" if n == 2 else "three Ints"
            raise RuntimeError(f"{function}: {name} must either be a single Int or tuple of {words}")
        return tuple([whole(v, function, name) for v in value])
    return (whole(value, function, name),) * n


def _fractional(
    n: int,
    input: Tensor,
    kernel_size: int | Sequence[int],
    output_size: int | Sequence[int] | None,
    output_ratio: float | Sequence[float] | None,
    samples: Tensor | None,
) -> tuple[Tensor, Tensor]:
    function = f"fractional_max_pool{n}d"
    check_tensor(input, function)
    if output_size is None and output_ratio is None:
        raise ValueError(f"{function} requires specifying either an output_size or an output_ratio")
    shape = input._array_.shape
    if len(shape) not in (n + 1, n + 2):
        raise IndexError(f"{function}(): Expected {n + 1}D or {n + 2}D tensor, but got {list(shape)}")
    window = _ints(kernel_size, n, "kernel_size", function)
    if output_size is None:
        ratios = output_ratio if isinstance(output_ratio, (tuple, list)) else (output_ratio,) * n
        if len(ratios) > n or len(ratios) < n:
            raise ValueError(f"{function} requires output_ratio to either be a single Int or tuple of Ints.")
        output_size = [int(size * ratio) for size, ratio in zip(shape[-n:], ratios, strict=True)]
    counts = _ints(output_size, n, "output_size", function)
    names = ("height", "width") if n == 2 else ("time", "height", "width")
    for name, size, length, count in zip(names, shape[-n:], window, counts, strict=True):
        # (In three dimensions PyTorch refuses windows that just fit, too.)
        if count + length - 1 > size - (n == 3) or length < 1 or count < 1:
            raise RuntimeError(f"{function}(): pool {name} {length} too large relative to input {name} {size}")
    batched = len(shape) == n + 2
    if input._array_.dtype.kind not in "fV":
        raise NotImplementedError(f"\"check_uniform_bounds\" not implemented for '{input.dtype.scalar_name}'")
    batch = shape[0] if batched else 1
    channels = shape[-n - 1]
    if samples is None:
        samples = wrap(constant_beside(rand(batch, channels, n, dtype=input.dtype)._array_, input._array_))
    assert samples is not None
    given = samples._array_
    if given.dtype != input._array_.dtype:
        raise RuntimeError("Expect _random_samples to have the same dtype as input")
    if given.ndim != 3 or given.shape[0] < batch:
        raise RuntimeError("Expect _random_samples.size(0) no less then input batch size.")
    if given.shape[1] != channels:
        raise RuntimeError("Expect _random_samples.size(1) equals to input channel size.")
    if given.shape[2] != n:
        raise RuntimeError(f"Expect _random_samples.size(2) equals to {n} for {n}D; got {given.shape[2]}.")
    samples = samples[:batch] if given.shape[0] > batch else samples
    whole_input = input if batched else input.unsqueeze(0)
    out, indices = apply(_RECORDS[n], (whole_input, samples), {"window": window, "counts": counts})
    return (out, indices) if batched else (out.squeeze(0), indices.squeeze(0))


def fractional_max_pool2d_with_indices(
    input: Tensor,
    kernel_size: int | Sequence[int],
    output_size: int | Sequence[int] | None = None,
    output_ratio: float | Sequence[float] | None = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """`fractional_max_pool2d` and the positions of the maxima, whatever `return_indices` says."""
    return _fractional(2, input, kernel_size, output_size, output_ratio, _random_samples)


def fractional_max_pool3d_with_indices(
    input: Tensor,
    kernel_size: int | Sequence[int],
    output_size: int | Sequence[int] | None = None,
    output_ratio: float | Sequence[float] | None = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """`fractional_max_pool3d` and the positions of the maxima, whatever `return_indices` says."""
    return _fractional(3, input, kernel_size, output_size, output_ratio, _random_samples)


def fractional_max_pool2d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    output_size: int | Sequence[int] | None = None,
    output_ratio: float | Sequence[float] | None = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> Tensor | tuple[Tensor, Tensor]:
    """Maxima over windows of images (N, C, H, W) or (C, H, W), at random distances, for any output size.

    output_size: (H', W'); or output_ratio, its part of (H, W). return_indices: also their positions in the flattened
    H x W. _random_samples: (N, C, 2) numbers in [0, 1) that decide; drawn unless given. ValueError or RuntimeError for
    sizes that do not fit.
    """
    found = _fractional(2, input, kernel_size, output_size, output_ratio, _random_samples)
    return found if return_indices else found[0]


def fractional_max_pool3d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    output_size: int | Sequence[int] | None = None,
    output_ratio: float | Sequence[float] | None = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> Tensor | tuple[Tensor, Tensor]:
    """Maxima over windows of volumes, (N, C, T, H, W) or (C, T, H, W); see `fractional_max_pool2d`."""
    found = _fractional(3, input, kernel_size, output_size, output_ratio, _random_samples)
    return found if return_indices else found[0]
