"""Sampling images at points: `grid_sample`, and the grids of affine maps, `affine_grid`.

Along each axis a point has a few taps: places of the input with a weight, whose derivative by the point is known too.
The value is the sum over all combinations of taps. The rule is written with operators that have rules of their own, so
that it has every order.
"""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core.registry import Array
from ...core.site import stacklevel
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import linear, op
from ...dispatch.public import public
from ..creation.ranges import evenly_spaced

# --- rows of a table, by index ---


@op(
    linear,
    name="rows_at",
    dtype=None,
    constant=("index",),
    vjp={"input": lambda xp, g, index, input_shape: xp.rows_added(g, index, count=input_shape[0])},
)
def _rows_at(xp, input, index):
    return xp.take(input, index, axis=0)


@op(
    linear, name="rows_added", dtype=None, constant=("index",), vjp={"input": lambda xp, g, index: xp.rows_at(g, index)}
)
def _rows_added(xp, input, index, *, count):
    return xp.add_rows(input, index, count)


# --- from points to taps ---


def _clip(xp: Any, x: Array, size: int) -> tuple[Array, Array]:
    """x limited to the places of an axis, and the derivative: 0 from the first and the last place on."""
    inside = (x > 0) & (x < size - 1)
    limited = xp.where(x > 0, xp.where(x < size - 1, x, size - 1.0), 0.0)
    return xp.astype(limited, x.dtype), xp.astype(inside, x.dtype)


def _fold(xp: Any, x: Array, size: int, padding: str, align: bool) -> tuple[Array, Array]:
    """A place brought into the image as the padding says, and the derivative by where it was (1 if None)."""
    if padding == "zeros":
        return x, None
    if padding == "border":
        return _clip(xp, x, size)
    low, span = (0.0, float(size - 1)) if align else (-0.5, float(size))
    if span == 0:
        return xp.zeros_like(x), xp.zeros_like(x)
    distance = xp.abs(x - low)
    rest = xp.remainder(distance, xp.full_like(distance, span))
    odd = xp.remainder(xp.floor(distance / span), xp.full_like(distance, 2.0)) == 1
    sign = xp.where(x < low, xp.full_like(x, -1.0), 1.0)
    folded, inside = _clip(xp, xp.where(odd, span - rest, rest) + low, size)
    return folded, inside * xp.where(odd, -sign, sign)


def _cubic(k: int, t: Array) -> tuple[Array, Array]:
    """The weight of tap k, -1 to 2, for a point t beyond tap 0, and its derivative (Keys, 1981, with a = -3/4)."""
    a = -0.75
    s, sign = (t - k, 1.0) if k <= 0 else (k - t, -1.0)
    if k in (0, 1):
        return ((a + 2) * s - (a + 3)) * s * s + 1, sign * (3 * (a + 2) * s - 2 * (a + 3)) * s
    return ((s - 5) * s + 8) * s * a - 4 * a, sign * a * ((3 * s - 10) * s + 8)


def _taps(xp: Any, point: Array, size: int, mode: str, padding: str, align: bool) -> list[tuple[Array, Array, Array]]:
    """(index, weight, derivative of the weight by the point) of each tap; no weight and derivative for 1 and 0."""
    slope: Any
    if align:
        x, slope = (point + 1) * ((size - 1) / 2), (size - 1) / 2
    else:
        x, slope = ((point + 1) * size - 1) / 2, size / 2
    if mode != "bicubic":
        x, factor = _fold(xp, x, size, padding, align)
        if factor is not None:
            slope = factor * slope
    places: list
    if mode == "nearest":
        places = [(xp.round(x), None, None)]
    else:
        first = xp.floor(x)
        rest = x - first
        if mode == "bilinear":
            places = [(first, 1 - rest, -1.0), (first + 1, rest, 1.0)]
        else:
            places = [(_fold(xp, first + k, size, padding, align)[0], *_cubic(k, rest)) for k in (-1, 0, 1, 2)]
    taps: list = []
    for place, weight, steepness in places:
        valid = (place >= 0) & (place <= size - 1)
        index = xp.astype(xp.where(valid, place, 0.0), xp.int64)
        inside = xp.astype(valid, point.dtype)
        if weight is None:
            taps.append((index, inside, None))
        else:
            taps.append((index, weight * inside, inside * (steepness * slope)))
    return taps


def _combinations(xp: Any, input_shape: tuple, grid: Array, mode: str, padding: str, align: bool) -> Array:
    """For every combination of taps: the row of the input's table, and per axis its weight and its derivative."""
    space = input_shape[2:]
    n = len(space)
    # The last number of a point belongs to the first axis.
    taps = [
        _taps(xp, xp.reshape(grid[..., n - 1 - i], (-1,)), size, mode, padding, align) for i, size in enumerate(space)
    ]
    points = math.prod(grid.shape[1:-1])
    batch = xp.asarray(np.repeat(np.arange(input_shape[0], dtype=np.int64) * math.prod(space), points))
    for combination in itertools.product(*taps):
        row = None
        for size, (index, _, _) in zip(space, combination, strict=True):
            row = index if row is None else row * size + index
        yield batch + row, [weight for _, weight, _ in combination], [slope for _, _, slope in combination]


def _product(factors: list[Array]) -> Array:
    total = factors[0]
    for factor in factors[1:]:
        total = total * factor
    return total


def _table(xp: Any, x: Array) -> Array:
    """Channels last, a row for each place of each image."""
    n = x.ndim
    moved = xp.permute_dims(x, (0, *range(2, n), 1))
    return xp.reshape(moved, (math.prod(x.shape[2:]) * x.shape[0], x.shape[1]))


def _image(xp: Any, rows: Array, shape: tuple[int, ...]) -> Array:
    """The inverse of `_table`: (N, C, *space)."""
    n = len(shape)
    return xp.permute_dims(xp.reshape(rows, (shape[0], *shape[2:], shape[1])), (0, n - 1, *range(1, n - 1)))


def _rule(xp, g, input, grid, mode, padding, align, needs):
    table, rows = _table(xp, input), _table(xp, g)
    n = len(input.shape) - 2
    grad_table = None
    grad_points: list = [None] * n
    for row, weights, slopes in _combinations(xp, tuple(input.shape), grid, mode, padding, align):
        if needs[0]:
            part = xp.rows_added(rows * xp.expand_dims(_product(weights), axis=-1), row, count=table.shape[0])
            grad_table = part if grad_table is None else grad_table + part
        if needs[1] and mode != "nearest":
            along = xp.sum(rows * xp.rows_at(table, row), axis=1)
            for i in range(n):
                part = along * _product([slopes[j] if j == i else weights[j] for j in range(n)])
                grad_points[i] = part if grad_points[i] is None else grad_points[i] + part
    grad_input = None if grad_table is None else _image(xp, grad_table, tuple(input.shape))
    grad_grid = None
    if needs[1]:
        shape = tuple(grid.shape)
        if mode == "nearest":
            grad_grid = xp.zeros(shape, dtype=grid.dtype)
        else:
            grad_grid = xp.reshape(xp.stack(grad_points[::-1], axis=-1), shape)
    return grad_input, grad_grid


def _sample(xp, input, grid, *, mode, padding, align):
    table = _table(xp, input)
    total = None
    for row, weights, _ in _combinations(xp, tuple(input.shape), grid, mode, padding, align):
        part = xp.take(table, row, axis=0)
        part *= xp.expand_dims(_product(weights), axis=-1)
        if total is None:
            total = part
        else:
            total += part
    return _image(xp, total, (input.shape[0], input.shape[1], *grid.shape[1:-1]))


_RECORDS = {
    n: op(
        name=f"grid_sample_{n}d",
        node=f"GridSampler{n}DBackward0",
        memory="contiguous",
        dtype=None,
        scalars=False,
        traced=("input", "grid"),
        joint=_rule,
    )(_sample)
    for n in (2, 3)
}

_ALIGN_WARNING = (
    "Default grid_sample and affine_grid behavior has changed to align_corners=False since 1.3.0. Please specify "
    "align_corners=True if the old behavior is desired. See the documentation of grid_sample for details."
)


def grid_sample(
    input: Tensor, grid: Tensor, mode: str = "bilinear", padding_mode: str = "zeros", align_corners: bool | None = None
) -> Tensor:
    """The values of images at given points, interpolated between their elements.

    Args:
        input: (N, C, H, W), or volumes (N, C, D, H, W), of a real floating dtype.
        grid: the points, (N, *out, 2) or (N, *out, 3); the result is (N, C, *out). A point is (x, y) or (x, y, z), -1
            and 1 being the image's edges, or with `align_corners` the middles of its outermost elements.
        mode: "bilinear" (of volumes too), "nearest" or "bicubic" (images only).
        padding_mode: what lies outside: "zeros", "border" (the nearest element) or "reflection".

    Raises:
        RuntimeError: where shapes or dtypes do not fit.
        ValueError: for unknown modes.

    >>> import mibun as torch
    >>> image = torch.tensor([[[[1., 2.], [3., 4.]]]])
    >>> torch.nn.functional.grid_sample(image, torch.zeros(1, 1, 1, 2), align_corners=False)
    tensor([[[[2.5000]]]])
    """
    if mode not in ("bilinear", "nearest", "bicubic"):
        raise ValueError(
            f"nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', but got: '{mode}'"
        )
    if padding_mode not in ("zeros", "border", "reflection"):
        raise ValueError(
            "nn.functional.grid_sample(): expected padding_mode to be 'zeros', 'border', or 'reflection', but got: "
            f"'{padding_mode}'"
        )
    if align_corners is None:
        warnings.warn(_ALIGN_WARNING, stacklevel=stacklevel())
        align_corners = False
    return _grid_sample(input, grid, mode, padding_mode, bool(align_corners))


def _grid_sample(input: Tensor, grid: Tensor, mode: str, padding_mode: str, align_corners: bool) -> Tensor:
    check_tensor(input, "grid_sampler")
    check_tensor(grid, "grid_sampler", "grid", 2)
    x, points = input._array_, grid._array_
    given = f"input with sizes {list(x.shape)} and grid with sizes {list(points.shape)}"
    if x.shape[:1] != points.shape[:1]:
        raise RuntimeError(f"grid_sampler(): expected grid and input to have same batch size, but got {given}")
    if points.shape[-1] != x.ndim - 2:
        raise RuntimeError(
            f"grid_sampler(): expected grid to have size {x.ndim - 2} in last dimension, but got grid with sizes "
            f"{list(points.shape)}"
        )
    if x.ndim not in (4, 5) or points.ndim != x.ndim:
        raise RuntimeError(
            f"grid_sampler(): expected 4D or 5D input and grid with same number of dimensions, but got {given}"
        )
    for i in range(2, x.ndim):
        if x.shape[i] == 0:
            raise RuntimeError(
                "grid_sampler(): expected input to have non-empty spatial dimensions, but input has sizes "
                f"{list(x.shape)} with dimension {i} being empty"
            )
    if mode == "bicubic" and x.ndim != 4:
        raise RuntimeError("grid_sampler(): bicubic interpolation only supports 4D input")
    if x.dtype != points.dtype:
        raise RuntimeError(
            f"grid_sampler(): expected scalar type {input.dtype.scalar_name} but found {grid.dtype.scalar_name}: input "
            "and grid must have one dtype"
        )
    n = x.ndim - 2
    if x.dtype.kind not in "fV":
        raise NotImplementedError(
            f"\"grid_sampler_{n}d_cpu_kernel_impl\" not implemented for '{input.dtype.scalar_name}'"
        )
    return apply(_RECORDS[n], (input, grid), {"mode": mode, "padding": padding_mode, "align": align_corners})


_MODES = ("bilinear", "nearest", "bicubic")
_PADDINGS = ("zeros", "border", "reflection")


@public("grid_sampler", "grid_sampler_2d", "grid_sampler_3d", method=False)
def grid_sampler(
    input: Tensor, grid: Tensor, interpolation_mode: int, padding_mode: int, align_corners: bool
) -> Tensor:
    """`nn.functional.grid_sample` with numbers for the modes: the places of their names in its documentation."""
    return _grid_sample(input, grid, _MODES[interpolation_mode], _PADDINGS[padding_mode], bool(align_corners))


# --- affine grids ---


def _base(size: tuple[int, ...], align: bool, dtype: np.dtype) -> np.ndarray:
    """The points of an image, with 1 appended: a matrix, a row for each.

    Rounded as PyTorch rounds them, to the dtype at each step: `grid_sample` has kinks at the centres of pixels, and the
    last bit decides on which side of one a point lies.
    """
    axes = []
    for n in size[2:]:
        axis = evenly_spaced(-1, 1, n, dtype) if n > 1 else np.zeros(n, dtype)
        if not align:
            axis = (axis * dtype.type(n - 1)).astype(dtype) / dtype.type(n)
        axes.append(axis.astype(dtype))
    parts = np.meshgrid(*axes, indexing="ij")[::-1]
    base = np.stack([*parts, np.ones_like(parts[0])], axis=-1)
    return base.reshape(-1, base.shape[-1]).astype(np.float64)  # which every library reads


@op(
    linear,
    name="affine_grid_of",
    node="AffineGridGeneratorBackward0",
    dtype=None,
    scalars=False,
    vjp=lambda xp, g, size, align, rounded: xp.affine_grid_transposed(g, size=size, align=align, rounded=rounded),
)
def _affine(xp, theta, *, size, align, rounded):
    base = xp.astype(xp.asarray(_base(size, align, rounded)), theta.dtype)
    # A sum from left to right, and not a product of matrices, which may round elsewhere.
    points = base[None, :, None, 0] * theta[:, None, :, 0]
    for k in range(1, base.shape[1]):
        points = points + base[None, :, None, k] * theta[:, None, :, k]
    return xp.reshape(points, (theta.shape[0], *size[2:], len(size) - 2))


@op(
    linear,
    name="affine_grid_transposed",
    dtype=None,
    scalars=False,
    vjp=lambda xp, g, size, align, rounded: xp.affine_grid_of(g, size=size, align=align, rounded=rounded),
)
def _affine_transposed(xp, grad, *, size, align, rounded):
    base = xp.astype(xp.asarray(_base(size, align, rounded)), grad.dtype)
    rows = xp.reshape(grad, (grad.shape[0], math.prod(size[2:]), len(size) - 2))
    return xp.matmul(xp.matrix_transpose(rows), base)


def affine_grid(theta: Tensor, size: Sequence[int], align_corners: bool | None = None) -> Tensor:
    """The grid for `grid_sample` of affine maps theta: (N, 2, 3) for a size (N, C, H, W), (N, 3, 4) for volumes.

    The result is (N, H, W, 2) or (N, D, H, W, 3). align_corners: as for `grid_sample`. ValueError, NotImplementedError
    or RuntimeError where theta and size do not fit.

    >>> import mibun as torch
    >>> turn = torch.tensor([[[0., -1., 0.], [1., 0., 0.]]])
    >>> torch.nn.functional.affine_grid(turn, (1, 1, 2, 2), align_corners=True)
    tensor([[[[ 1., -1.],
              [ 1.,  1.]],
    <BLANKLINE>
             [[-1., -1.],
              [-1.,  1.]]]])
    """
    check_tensor(theta, "affine_grid", "theta")
    if align_corners is None:
        warnings.warn(_ALIGN_WARNING, stacklevel=stacklevel())
        align_corners = False
    if theta._array_.dtype.kind not in "fV":
        raise ValueError(f"Expected theta to have floating point type, but got {theta.dtype}")
    size = tuple(int(n) for n in size)
    shape = theta._array_.shape
    n = len(size) - 2
    if n not in (2, 3):
        raise NotImplementedError(
            "affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. Got size "
            f"{size}."
        )
    if len(shape) != 3 or shape[1:] != (n, n + 1):
        raise ValueError(
            f"Expected a batch of {n}D affine matrices of shape Nx{n}x{n + 1} for size {size}. Got {theta.shape}."
        )
    if min(size) <= 0:
        raise ValueError(f"Expected non-zero, positive output size. Got {size}")
    if shape[0] != size[0]:
        raise RuntimeError(f"affine_grid(): Expected a batch of {size[0]} matrices for size {size}, but got {shape[0]}")
    if align_corners and min(size[2:]) == 1:
        warnings.warn(
            "Since version 1.3.0, affine_grid behavior has changed for unit-size grids when align_corners=True. This "
            "is not an intended use case of affine_grid: the only point of such an axis is its middle.",
            stacklevel=stacklevel(),
        )
    return _affine(theta, size=size, align=bool(align_corners), rounded=theta._array_.dtype)


@public("affine_grid_generator", method=False)
def affine_grid_generator(theta: Tensor, size: Sequence[int], align_corners: bool) -> Tensor:
    """`nn.functional.affine_grid`."""
    return affine_grid(theta, size, bool(align_corners))
