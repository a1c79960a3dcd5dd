"""Convolution and pooling: images fold into the batch, kernels into the groups."""

from __future__ import annotations

from typing import Any

from .array import Batched, Deferred
from .library import xp
from .products import are_over
from .rules import below, joined, leading, rule, single, whole


def _grouped(x: Any, like: Batched) -> Any:
    """(batch, examples * channels, *space) of what has examples of (batch, channels, *space)."""
    array = xp.moveaxis(whole(x, like), 0, 1)
    return xp.ascontiguousarray(array).reshape((array.shape[0], array.shape[1] * array.shape[2], *array.shape[3:]))


def _ungrouped(array: Any, like: Batched) -> Batched:
    n = like.array.shape[0]
    array = array.reshape((array.shape[0], n, array.shape[1] // n, *array.shape[2:]))
    return Batched(xp.moveaxis(array, 1, 0), like.levels)


def _example(*candidates: Any) -> Batched:
    return next(x for x in candidates if type(x) is Batched)


@single("correlate")
def correlate(x: Any, kernel: Any, stride: tuple, padding: tuple, dilation: tuple, groups: int) -> Any:
    like = _example(x, kernel)
    n = like.array.shape[0]
    if type(kernel) is not Batched:
        flat = joined(x.array, 2)
        out = below("correlate")(flat, kernel, stride, padding, dilation, groups)
        return Batched(out.reshape((n, out.shape[0] // n, *out.shape[1:])), like.levels)
    kernels = joined(kernel.array, 2)
    if type(x) is not Batched and groups == 1:  # as many more kernels
        return _ungrouped(below("correlate")(x, kernels, stride, padding, dilation, 1), like)
    return _ungrouped(below("correlate")(_grouped(x, like), kernels, stride, padding, dilation, groups * n), like)


@single("correlate_transposed")
def correlate_transposed(
    y: Any, kernel: Any, space: tuple, stride: tuple, padding: tuple, dilation: tuple, groups: int
) -> Any:
    like = _example(y, kernel)
    n = like.array.shape[0]
    if type(kernel) is not Batched:
        flat = joined(y.array, 2)
        out = below("correlate_transposed")(flat, kernel, space, stride, padding, dilation, groups)
        return Batched(out.reshape((n, out.shape[0] // n, *out.shape[1:])), like.levels)
    kernels = joined(kernel.array, 2)
    out = below("correlate_transposed")(_grouped(y, like), kernels, space, stride, padding, dilation, groups * n)
    return _ungrouped(out, like)


@single("correlate_weights")
def correlate_weights(
    y: Any, x: Any, window: tuple, stride: tuple, padding: tuple, dilation: tuple, groups: int, late: bool = True
) -> Any:
    like = _example(y, x)
    n = like.array.shape[0]
    geometry = (window, stride, padding, dilation)

    def compute() -> Any:
        out = below("correlate_weights")(_grouped(y, like), _grouped(x, like), *geometry, groups * n)
        return out.reshape((n, out.shape[0] // n, *out.shape[1:]))

    if type(y) is not Batched or type(x) is not Batched or not late or not are_over(like.levels):
        return Batched(compute(), like.levels)

    def total(axes: tuple[int, ...]) -> Any:
        images = [joined(one.array, 2) for one in (y, x)]
        return below("correlate_weights")(*images, *geometry, groups)

    shape = (n, y.shape[1], x.shape[1] // groups, *window)
    return Batched(Deferred(shape, y.dtype, compute, total), like.levels)


leading("max_windows", "average_windows", "spread_windows", "adaptive_mean", "adaptive_max", "adaptive_spread")


@rule("winner_positions")
def winner_positions(winners: Any, *geometry: Any) -> Any:
    return Batched(below("winner_positions")(winners.array, *geometry), winners.levels)


@single("spread_winners")
def spread_winners(g: Any, winners: Any, *geometry: Any) -> Any:
    like = _example(g, winners)
    return Batched(below("spread_winners")(whole(g, like), whole(winners, like), *geometry), like.levels)


@single("take_winners")
def take_winners(x: Any, winners: Any, *geometry: Any) -> Any:
    like = _example(x, winners)
    return Batched(below("take_winners")(whole(x, like), whole(winners, like), *geometry), like.levels)


@single("put_positions")
def put_positions(g: Any, positions: Any, space: tuple, add: bool) -> Any:
    like = _example(g, positions)
    return Batched(below("put_positions")(whole(g, like), whole(positions, like), space, add), like.levels)


@single("take_positions")
def take_positions(x: Any, positions: Any, n: int) -> Any:
    like = _example(x, positions)
    return Batched(below("take_positions")(whole(x, like), whole(positions, like), n), like.levels)


@rule("window_columns")
def window_columns(x: Any, window: tuple, *geometry: Any) -> Any:
    return _columns("window_columns", x, len(window) + 1, window, *geometry)


@rule("spread_columns")
def spread_columns(y: Any, *geometry: Any) -> Any:
    return _columns("spread_columns", y, 2, *geometry)


def _columns(name: str, x: Any, rank: int, *geometry: Any) -> Any:
    """As many more images; `rank`: of an image without a batch."""
    lead = x.array.shape[: x.array.ndim - rank]
    out = below(name)(xp.ascontiguousarray(x.array).reshape((-1, *x.array.shape[-rank:])), *geometry)
    return Batched(out.reshape((*lead, *out.shape[1:])), x.levels)
