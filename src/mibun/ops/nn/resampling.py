"""Resampling: images of another size by interpolation.

Interpolation is separable: along each axis, every new element is a sum over a few "taps", elements of the input at an
index times a weight. All modes differ in their taps only; the transpose adds up by the same taps.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core.dtypes import uint8
from ...core.registry import Array
from ...core.site import stacklevel
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor, whole
from ...dispatch.declare import Op, linear, nondifferentiable, op
from .adaptive_pooling import adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d


def _resample(xp: Any, input: Array, *, taps: Any) -> Array:
    for axis, axis_taps in taps:
        total: Any = None
        for index, weight in axis_taps:
            part = xp.take(input, xp.asarray(index), axis=axis)
            if weight is not None:
                part = part * _along(xp, weight, axis, input.ndim, input.dtype)
            total = part if total is None else total + part
        input = total
    return input


def _along(xp: Any, weight: Array, axis: int, ndim: int, dtype: Array) -> Array:
    return xp.astype(xp.reshape(xp.asarray(weight), (-1, *[1] * (ndim - axis - 1))), dtype)


def _declare(node: str) -> Op:
    return op(
        linear,
        name="resample_" + node,
        memory="channels",
        node=node,
        dtype=None,
        scalars=False,
        vjp=lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps),
    )(_resample)


@op(
    linear,
    name="resample_spread",
    dtype=None,
    scalars=False,
    vjp=lambda xp, g, taps: xp.resample_UpsampleLinear1DBackward0(g, taps=taps),
)
def _resample_spread(xp: Any, grad: Array, *, shape: Array, taps: Any) -> Array:
    for axis, axis_taps in reversed(taps):
        total: Any = None
        for index, weight in axis_taps:
            part = grad if weight is None else grad * _along(xp, weight, axis, grad.ndim, grad.dtype)
            part = xp.add_along(part, xp.asarray(index), shape[axis], axis)
            total = part if total is None else total + part
        grad = total
    return grad


_NODES = {
    ("nearest", 1): "UpsampleNearest1D",
    ("nearest", 2): "UpsampleNearest2D",
    ("nearest", 3): "UpsampleNearest3D",
    ("nearest-exact", 1): "UpsampleNearestExact1D",
    ("nearest-exact", 2): "UpsampleNearestExact2D",
    ("nearest-exact", 3): "UpsampleNearestExact3D",
    ("linear", 1): "UpsampleLinear1D",
    ("bilinear", 2): "UpsampleBilinear2D",
    ("trilinear", 3): "UpsampleTrilinear3D",
    ("bicubic", 2): "UpsampleBicubic2D",
    ("bilinear-aa", 2): "UpsampleBilinear2DAa",
    ("bicubic-aa", 2): "UpsampleBicubic2DAa",
    ("lanczos-aa", 2): "UpsampleLanczos2DAa",
}
_RECORDS = {key: _declare(name + "Backward0") for key, name in _NODES.items()}


@op(nondifferentiable, name="resample_bytes", memory="channels", dtype=None, scalars=False)
def _resample_bytes(xp: Any, input: Array, *, taps: Any) -> Array:
    """uint8 in whole numbers, as Pillow does it: each axis, the last first, is rounded and cut to 0 … 255."""
    for axis, bits, axis_taps in taps:
        total: Any = 1 << (bits - 1)
        for index, weight in axis_taps:
            part = xp.astype(xp.take(input, xp.asarray(index), axis=axis), xp.int32)
            total = total + part * _along(xp, weight, axis, input.ndim, part.dtype)
        input = xp.astype(xp.clip(xp.bitwise_right_shift(total, xp.asarray(bits, dtype=total.dtype)), 0, 255), xp.uint8)
    return input


def _whole_taps(axis: int, taps: list) -> tuple:
    """(axis, bits, taps) with weights that are whole numbers: times 2^bits, as many as fit into 16 bits."""
    gathered: list[tuple[np.ndarray, np.ndarray]] = []
    for index, weight in taps:
        rest = weight.astype(np.float64)
        for other, sum_of_weights in gathered:  # beyond the border, where an element is tapped more than once
            sum_of_weights += np.where(other == index, rest, 0)
            rest = np.where(other == index, 0, rest)
        gathered.append((index, rest))
    largest = max(weight.max() for _, weight in gathered)
    bits = next((bits for bits in range(22) if int(0.5 + largest * 2 ** (bits + 1)) >= 1 << 15), 22)
    scaled = [(index, weight * 2**bits) for index, weight in gathered]
    return axis, bits, tuple([(index, np.trunc(w + np.copysign(0.5, w)).astype(np.int32)) for index, w in scaled])


def _cubic(x: np.ndarray, a: float) -> np.ndarray:
    """Keys's convolution kernel (1981)."""
    x = np.abs(x)
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = ((x - 5) * x + 8) * x * a - 4 * a
    return np.where(x < 1, near, np.where(x < 2, far, 0))


def _lanczos(x: np.ndarray) -> np.ndarray:
    """The sinc function within a window of three of its zeros, itself a sinc function (Duchon 1979)."""
    return np.where(np.abs(x) < 3, np.sinc(x) * np.sinc(x / 3), 0)


# Of the filters for smaller images: how far they reach, and their values.
_FILTERS = {
    "bilinear-aa": (1.0, lambda x: np.maximum(1 - np.abs(x), 0)),
    "bicubic-aa": (2.0, lambda x: _cubic(x, -0.5)),
    "lanczos-aa": (3.0, _lanczos),
}


def _taps(mode: str, size: int, new: int, scale: float | None, align_corners: bool, kind: Any) -> list:
    """(index, weight) pairs along one axis; weight None for 1."""
    places = np.arange(new).astype(kind)
    ratio = kind(1 / scale) if scale is not None and scale > 0 else kind(size) / kind(new)
    if mode.startswith("nearest"):
        places = np.arange(new).astype(np.float32) + np.float32(0.5 if mode == "nearest-exact" else 0)
        index = np.floor(places * np.float32(1 / scale if scale else size / new)).astype(np.int64)
        return [(np.minimum(index, size - 1), None)]
    if mode.endswith("-aa"):
        return _antialiased_taps(mode, size, new, float(ratio), align_corners)
    if align_corners:
        source = places * (kind(size - 1) / kind(new - 1) if new > 1 else kind(0))
    else:
        source = (places + kind(0.5)) * ratio - kind(0.5)
    if mode == "bicubic":
        start = np.floor(source)
        rest = source - start
        base = start.astype(np.int64)
        return [(np.clip(base + k, 0, size - 1), _cubic(rest - k, -0.75)) for k in (-1, 0, 1, 2)]
    source = np.maximum(source, 0)
    first = np.minimum(source.astype(np.int64), size - 1)
    rest = np.clip(source - first.astype(kind), 0, 1)
    return [(first, 1 - rest), (np.minimum(first + 1, size - 1), rest)]


def _antialiased_taps(mode: str, size: int, new: int, ratio: float, align_corners: bool) -> list:
    """The filter is widened by the factor by which the image shrinks, and normalised."""
    if align_corners:
        ratio = (size - 1) / (new - 1) if new > 1 else 0.0
    width = max(ratio, 1.0)
    reach, values = _FILTERS[mode]
    support = reach * width
    centre = ratio * (np.arange(new) + 0.5)
    start = np.maximum((centre - support + 0.5).astype(np.int64), 0)
    stop = np.minimum((centre + support + 0.5).astype(np.int64), size)
    weights = []
    for k in range(int((stop - start).max())):
        value = values((start + k - centre + 0.5) / width)
        weights.append(np.where(start + k < stop, value, 0))
    total = np.add.reduce(weights)
    return [(np.minimum(start + k, size - 1), weight / total) for k, weight in enumerate(weights)]


_AREA = {1: adaptive_avg_pool1d, 2: adaptive_avg_pool2d, 3: adaptive_avg_pool3d}
_MODES = ("nearest", "linear", "bilinear", "bicubic", "lanczos", "trilinear", "area", "nearest-exact")


def interpolate(
    input: Tensor,
    size: int | Sequence[int] | None = None,
    scale_factor: float | Sequence[float] | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Tensor:
    """Resample images to another size, by interpolation between their elements.

    Args:
        input: (N, C, *space), with one to three spatial dimensions, of a floating dtype, or of uint8 for the modes with
            two ("nearest": for all): in whole numbers, rounded and cut to 0 … 255 after each axis.
        size: of the result's spatial dimensions; an int for all.
        scale_factor: instead of `size`, a factor for all of them or one each; sizes are rounded down.
        mode: "nearest", "nearest-exact", "linear" (1-D), "bilinear", "bicubic", "lanczos" (2-D), "trilinear" (3-D) or
            "area" (means, as `adaptive_avg_pool2d`).
        align_corners: the corner elements stay where they are; else the image's edges do.
        recompute_scale_factor: interpolate by the ratio of the sizes, not by the given factor.
        antialias: for "bilinear" and "bicubic", filter before shrinking; "lanczos" always does, and must be told so.

    Raises:
        ValueError, NotImplementedError: for arguments that do not go together.
        RuntimeError: for empty inputs or results.

    Sources of the filters: Keys (1981), Duchon (1979); of the arithmetic of uint8: Pillow's.

    >>> import mibun as torch
    >>> torch.nn.functional.interpolate(torch.tensor([[[0., 1.]]]), scale_factor=2, mode="linear")
    tensor([[[0.0000, 0.2500, 0.7500, 1.0000]]])
    """
    check_tensor(input, "interpolate")
    if mode in ("nearest", "area", "nearest-exact"):
        if align_corners is not None:
            raise ValueError(
                "align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | "
                "trilinear"
            )
    shape = input._array_.shape
    n = len(shape) - 2
    if size is not None and scale_factor is not None:
        raise ValueError("only one of size or scale_factor should be defined")
    new, factors = _new_sizes(shape, n, size, scale_factor, recompute_scale_factor)
    if antialias and not (mode in ("bilinear", "bicubic", "lanczos") and n == 2):
        raise ValueError(
            "Anti-alias option is restricted to bilinear, bicubic, and lanczos modes and requires a 4-D tensor as input"
        )
    if mode == "lanczos" and (align_corners or not antialias):
        raise ValueError(
            "Lanczos mode does not support align_corners=True"
            if align_corners
            else "Lanczos mode requires antialias=True"
        )
    if n not in (1, 2, 3) or mode not in _MODES:
        raise NotImplementedError(
            f"Input Error: Only 3D, 4D and 5D input Tensors supported (got {len(shape)}D) for the modes: nearest | "
            f"linear | bilinear | bicubic | trilinear | area | nearest-exact (got {mode})"
        )
    if any([s < 1 for s in (*shape[1:], *new)]):
        raise RuntimeError(
            f"Input and output sizes should be greater than 0, but got input {list(shape)} and output size {list(new)}"
        )
    if mode == "area":
        return _AREA[n](input, new)
    key = (mode + "-aa" if antialias else mode, n)
    if key not in _RECORDS:
        needed = {"linear": "3D", "trilinear": "5D"}.get(mode, "4D")
        raise NotImplementedError(f"Got {len(shape)}D input, but {mode} mode needs {needed} input")
    as_bytes = input.dtype is uint8
    if input._array_.dtype.kind in "bic" or (as_bytes and n != 2 and not mode.startswith("nearest")):
        raise NotImplementedError(f"\"compute_indices_weights_{mode}\" not implemented for '{input.dtype.scalar_name}'")
    kind = np.float64 if input._array_.dtype.itemsize == 8 or as_bytes else np.float32
    taps = [
        (axis, tuple(_taps(key[0], shape[axis], new[axis - 2], factors[axis - 2], bool(align_corners), kind)))
        for axis in range(2, n + 2)
    ]
    if as_bytes and not mode.startswith("nearest"):
        whole_taps = [_whole_taps(axis, list(axis_taps)) for axis, axis_taps in reversed(taps)]
        return apply(_resample_bytes, (input,), {"taps": tuple(whole_taps)})
    return apply(_RECORDS[key], (input,), {"taps": tuple(taps)})


def _new_sizes(
    shape: tuple,
    n: int,
    size: int | Sequence[int] | None,
    scale_factor: float | Sequence[float] | None,
    recompute: bool | None,
) -> tuple[tuple[int, ...], tuple[float | None, ...]]:
    if size is not None:
        sizes = tuple(size) if isinstance(size, (tuple, list)) else (size,) * n
        if len(sizes) != n:
            raise ValueError(
                "Input and output must have the same number of spatial dimensions, but got input with spatial "
                f"dimensions of {list(shape[2:])} and output size of {size}. Please provide input tensor in (N, C, d1, "
                "d2, ...,dK) format and output size in (o1, o2, ...,oK) format."
            )
        if recompute:
            raise ValueError("recompute_scale_factor is not meaningful with an explicit size.")
        return tuple([whole(s, "interpolate", "size") for s in sizes]), (None,) * n
    if scale_factor is None:
        raise ValueError("either size or scale_factor should be defined")
    factors: tuple = tuple(scale_factor) if isinstance(scale_factor, (tuple, list)) else (scale_factor,) * n
    if any(isinstance(factor, Tensor) for factor in factors):
        raise TypeError("interpolate(): argument 'scale_factor' must be float, not Tensor")
    if len(factors) != n:
        raise ValueError(
            "Input and scale_factor must have the same number of spatial dimensions, but got input with spatial "
            f"dimensions of {list(shape[2:])} and scale_factor of shape {scale_factor}. Please provide input tensor in "
            "(N, C, d1, d2, ...,dK) format and scale_factor in (s1, s2, ...,sK) format."
        )
    new = tuple([math.floor(float(s) * float(f)) for s, f in zip(shape[2:], factors, strict=True)])
    return new, (None,) * n if recompute else tuple([float(f) for f in factors])


def upsample(
    input: Tensor,
    size: int | Sequence[int] | None = None,
    scale_factor: float | Sequence[float] | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
) -> Tensor:
    """The older name of interpolate."""
    warnings.warn(
        "`nn.functional.upsample` is deprecated. Use `nn.functional.interpolate` instead.",
        stacklevel=stacklevel(),
    )
    return interpolate(input, size, scale_factor, mode, align_corners)


def upsample_nearest(
    input: Tensor, size: int | Sequence[int] | None = None, scale_factor: float | Sequence[float] | None = None
) -> Tensor:
    """interpolate with mode="nearest", deprecated."""
    warnings.warn(
        "`nn.functional.upsample_nearest` is deprecated. Use `nn.functional.interpolate` instead.",
        stacklevel=stacklevel(),
    )
    return interpolate(input, size, scale_factor, "nearest")


def upsample_bilinear(
    input: Tensor, size: int | Sequence[int] | None = None, scale_factor: float | Sequence[float] | None = None
) -> Tensor:
    """interpolate with mode="bilinear" and align_corners=True, deprecated."""
    warnings.warn(
        "`nn.functional.upsample_bilinear` is deprecated. Use `nn.functional.interpolate` instead.",
        stacklevel=stacklevel(),
    )
    return interpolate(input, size, scale_factor, "bilinear", True)
