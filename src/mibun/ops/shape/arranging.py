"""Arranging elements anew: flipped, rolled, rotated, repeated, cut to a triangle, laid out as a grid.

All of these copy. They are linear, and the transpose of each is one of them, or a sum over the repetitions.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from ...core.registry import METHODS
from ...core.size import Size
from ...core.tensor import Tensor, wrap
from ...dispatch.apply import check_broadcast
from ...dispatch.arguments import check_tensor, sizes_of, whole, wrap_dim, wrap_dims
from ...dispatch.declare import linear, op
from ...dispatch.inplace import apply_inplace, write_out
from ...dispatch.public import public
from .joining import _tensors, stack


@op(linear, name="flip", dtype=None, vjp=lambda xp, g, dims: xp.flipped(g, dims=dims))
def _flip(xp, input, *, dims):
    return xp.copy(xp.flip(input, axis=dims)) if dims else xp.copy(input)


@op(linear, name="flipped", dtype=None, vjp=lambda xp, g, dims: xp.flipped(g, dims=dims))
def _flipped(xp, input, *, dims):
    return _flip.kernel(xp, input, dims=dims)


@public()
def flip(input: Any, *args: Any, dims: Any = None) -> Any:
    """A copy with the order of the elements reversed along some dimensions.

    >>> import mibun as torch
    >>> torch.flip(torch.arange(3), (0,))
    tensor([2, 1, 0])
    """
    check_tensor(input, "flip")
    if not args and dims is None:
        raise TypeError('flip() missing 1 required positional arguments: "dims"')
    wrapped = wrap_dims(sizes_of(args if dims is None else (dims,), "flip", "dims"), input._array_.ndim, "flip")
    return _flip(input, dims=wrapped if input._array_.ndim else ())


@public()
def fliplr(input: Any) -> Any:
    """A copy with the second dimension reversed."""
    check_tensor(input, "fliplr")
    if input._array_.ndim < 2:
        raise RuntimeError("Input must be >= 2-d.")
    return _flip(input, dims=(1,))


@public()
def flipud(input: Any) -> Any:
    """A copy with the first dimension reversed."""
    check_tensor(input, "flipud")
    if input._array_.ndim < 1:
        raise RuntimeError("Input must be >= 1-d.")
    return _flip(input, dims=(0,))


@op(linear, name="roll", dtype=None,
    vjp=lambda xp, g, shifts, dims: xp.rolled(g, shifts=tuple([-s for s in shifts]), dims=dims))  # fmt: skip
def _roll(xp, input, *, shifts, dims):
    if dims is None:
        return xp.roll(input, shifts[0])
    return xp.roll(input, shifts, axis=dims)


@op(linear, name="rolled", dtype=None,
    vjp=lambda xp, g, shifts, dims: xp.rolled(g, shifts=tuple([-s for s in shifts]), dims=dims))  # fmt: skip
def _rolled(xp, input, *, shifts, dims):
    return _roll.kernel(xp, input, shifts=shifts, dims=dims)


@public()
def roll(input: Any, shifts: Any, dims: Any = None) -> Any:
    """Move the elements by `shifts` places along `dims` (ints or tuples of them); what falls off comes in again.

    Without dims the tensor is rolled as if it were flat.
    """
    check_tensor(input, "roll")
    moves = sizes_of((shifts,), "roll", "shifts")
    along = () if dims is None else sizes_of((dims,), "roll", "dims")
    if not moves:
        raise RuntimeError("`shifts` required")
    if not along:
        if len(moves) != 1:
            raise RuntimeError(f"shifts and dimensions must align. shifts: {len(moves)}, dims:0")
        return _roll(input, shifts=moves, dims=None)
    if len(moves) != len(along):
        raise RuntimeError(f"shifts and dimensions must align. shifts: {len(moves)}, dims:{len(along)}")
    if input._array_.ndim == 0:
        raise IndexError(f"Dimension specified as {along[0]} but tensor has no dimensions")
    return _roll(input, shifts=moves, dims=tuple([wrap_dim(dim, input._array_.ndim, "roll") for dim in along]))


@op(linear, name="rot90", dtype=None, vjp=lambda xp, g, k, dims: xp.rotated(g, k=-k % 4, dims=dims))
def _rot90(xp, input, *, k, dims):
    if k == 0:
        return xp.copy(input)
    if k == 2:
        return xp.copy(xp.flip(input, axis=dims))
    # Counterclockwise: the last column becomes the first row.
    flipped = xp.copy(xp.flip(input, axis=dims[1] if k == 1 else dims[0]))
    order = list(range(input.ndim))
    order[dims[0]], order[dims[1]] = dims[1], dims[0]
    return xp.permute_dims(flipped, tuple(order))


@op(linear, name="rotated", dtype=None, vjp=lambda xp, g, k, dims: xp.rotated(g, k=-k % 4, dims=dims))
def _rotated(xp, input, *, k, dims):
    return _rot90.kernel(xp, input, k=k, dims=dims)


@public()
def rot90(input: Any, k: int = 1, dims: Any = (0, 1)) -> Any:
    """Rotate by 90 degrees k times in the plane of two dimensions, from the first towards the second."""
    check_tensor(input, "rot90")
    ndim = input._array_.ndim
    given = sizes_of((dims,), "rot90", "dims")
    if len(given) != 2:
        raise RuntimeError(f"expected total rotation dims == 2, but got dims = {len(given)}")
    if ndim < 2:
        raise RuntimeError(f"expected total dims >= 2, but got total dims = {ndim}")
    if given[0] == given[1] or abs(given[0] - given[1]) == ndim:
        raise RuntimeError(f"expected rotation dims to be different, but got dim0 = {given[0]} and dim1 = {given[1]}")
    wrapped = tuple([wrap_dim(dim, ndim, "rot90") for dim in given])
    return _rot90(input, k=whole(k, "rot90", "k") % 4, dims=wrapped)


# --- repeating ---


def _sum_of_copies(xp: Any, g: Any, shape: tuple[int, ...], repeats: tuple[int, ...]) -> Any:
    """Sum the gradient over the copies that `repeat` made."""
    lead = len(repeats) - len(shape)
    split: list[int] = []
    for n, size in zip(repeats, (1,) * lead + tuple(shape), strict=True):
        split += [n, size]
    g = xp.sum(xp.reshape(g, tuple(split)), axis=tuple(range(0, len(split), 2))) if split else g
    return xp.reshape(g, shape)


@op(linear, name="repeat", dtype=None,
    vjp=lambda xp, g, input_shape, repeats: _sum_of_copies(xp, g, input_shape, repeats))  # fmt: skip
def _repeat(xp, input, *, repeats):
    return xp.tile(input, repeats)


@public(function=False)
def repeat(self: Any, *args: Any, repeats: Any = None) -> Any:
    """Copies of the tensor, `repeats[i]` of them along dimension i; more numbers than dimensions add leading ones.

    >>> import mibun as torch
    >>> torch.tensor([1, 2]).repeat(2, 2)
    tensor([[1, 2, 1, 2],
            [1, 2, 1, 2]])
    """
    if not args and repeats is None:
        raise TypeError('repeat() missing 1 required positional arguments: "repeats"')
    counts = sizes_of(args if repeats is None else (repeats,), "repeat", "repeats")
    if len(counts) < self._array_.ndim:
        raise RuntimeError(
            "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor: "
            f"{len(counts)} < {self._array_.ndim}"
        )
    if any([n < 0 for n in counts]):
        raise RuntimeError(f"Trying to create tensor with negative dimension: repeats {list(counts)}")
    return _repeat(self, repeats=counts)


@public()
def tile(input: Any, *args: Any, dims: Any = None) -> Any:
    """Copies of the tensor, `dims[i]` of them along dimension i; fewer numbers count for the last dimensions."""
    check_tensor(input, "tile")
    if not args and dims is None:
        raise TypeError('tile() missing 1 required positional arguments: "dims"')
    counts = sizes_of(args if dims is None else (dims,), "tile", "dims")
    return repeat(input, (1,) * (input._array_.ndim - len(counts)) + counts)


def _sum_of_runs(xp: Any, g: Any, shape: tuple[int, ...], repeats: int, dim: int) -> Any:
    return xp.sum(xp.reshape(g, (*shape[: dim + 1], repeats, *shape[dim + 1 :])), axis=dim + 1)


@op(linear, name="repeat_each", node="ViewBackward0", dtype=None,
    vjp=lambda xp, g, input_shape, repeats, dim: _sum_of_runs(xp, g, input_shape, repeats, dim))  # fmt: skip
def _repeat_each(xp, input, *, repeats, dim):
    return xp.repeat(input, repeats, axis=dim)


@public()
def repeat_interleave(
    input: Any, repeats: Any = None, dim: int | None = None, *, output_size: int | None = None
) -> Any:
    """Each element (or slice along `dim`) several times in a row; without dim the tensor is taken as flat.

    repeats: an int, or an int tensor with one number for each. `repeat_interleave(repeats)` alone gives the indices.
    output_size: the resulting size along dim, checked.

    >>> import mibun as torch
    >>> torch.tensor([1, 2]).repeat_interleave(2)
    tensor([1, 1, 2, 2])
    """
    check_tensor(input, "repeat_interleave")
    if repeats is None:
        counts = _counts(input)
        return wrap(_checked_size(np.repeat(np.arange(counts.size, dtype=np.int64), counts), output_size))
    if dim is None:
        input, dim = input.reshape(-1), 0
    if input._array_.ndim == 0:
        input = input.reshape(1)
    dim = wrap_dim(dim, input._array_.ndim, "repeat_interleave")
    size = input._array_.shape[dim]
    if isinstance(repeats, Tensor):
        counts = _counts(repeats)
        if counts.size not in (1, size):
            raise RuntimeError(
                "repeats must have the same size as input along dim, but got repeats.size(0) = "
                f"{counts.size} and input.size({dim}) = {size}"
            )
        positions = np.repeat(np.arange(size, dtype=np.int64), counts)
        return input.index_select(dim, wrap(_checked_size(positions, output_size)))
    repeats = whole(repeats, "repeat_interleave", "repeats")
    if repeats < 0:
        raise RuntimeError("Repeats must be non-negative")
    _checked_size(np.empty(size * repeats, np.bool_), output_size)
    return _repeat_each(input, repeats=repeats, dim=dim)


def _counts(repeats: Any) -> Any:
    array = np.asarray(repeats._array_)
    if array.dtype not in (np.int64, np.int32):
        raise NotImplementedError(
            f"\"repeat_interleave_cpu\" not implemented for '{repeats.dtype.scalar_name}': repeats must be int or long"
        )
    if array.ndim > 1:
        raise RuntimeError("repeats must be 0-dim or 1-dim tensor")
    if array.size and array.min() < 0:
        raise RuntimeError("repeats can not be negative")
    return array


def _checked_size(positions: Any, output_size: int | None) -> Any:
    if output_size is not None and output_size != positions.size:
        raise RuntimeError(f"allocated size does not match required size: {output_size} and {positions.size}")
    return positions


# --- triangles ---


@op(linear, name="lower_triangle", node="TrilBackward0", dtype=None,
    vjp=lambda xp, g, diagonal: xp.lower_triangle(g, diagonal=diagonal))  # fmt: skip
def _tril(xp, input, *, diagonal):
    return xp.tril(input, k=diagonal)


@op(linear, name="upper_triangle", node="TriuBackward0", dtype=None,
    vjp=lambda xp, g, diagonal: xp.upper_triangle(g, diagonal=diagonal))  # fmt: skip
def _triu(xp, input, *, diagonal):
    return xp.triu(input, k=diagonal)


def _triangle(input: Any, diagonal: int, name: str) -> dict:
    check_tensor(input, name)
    if input._array_.ndim < 2:
        raise RuntimeError(f"{name}: input tensor must have at least 2 dimensions")
    return {"diagonal": whole(diagonal, name, "diagonal")}


@public()
def tril(input: Any, diagonal: int = 0, *, out: Any = None) -> Any:
    """The lower triangle of the last two dimensions, up to the given diagonal; zero elsewhere."""
    result = _tril(input, **_triangle(input, diagonal, "tril"))
    return result if out is None else write_out(out, result, "tril")


@public()
def triu(input: Any, diagonal: int = 0, *, out: Any = None) -> Any:
    """The upper triangle of the last two dimensions, from the given diagonal; zero elsewhere."""
    result = _triu(input, **_triangle(input, diagonal, "triu"))
    return result if out is None else write_out(out, result, "triu")


def _tril_(self: Any, diagonal: int = 0) -> Any:
    """`tril`, into the tensor itself."""
    return apply_inplace(_tril, (self,), _triangle(self, diagonal, "tril"), "tril_")


def _triu_(self: Any, diagonal: int = 0) -> Any:
    """`triu`, into the tensor itself."""
    return apply_inplace(_triu, (self,), _triangle(self, diagonal, "triu"), "triu_")


METHODS["tril_"] = _tril_
METHODS["triu_"] = _triu_


# --- several tensors ---


def _one_or_many(tensors: tuple, name: str) -> list:
    if len(tensors) == 1 and not isinstance(tensors[0], Tensor):
        tensors = tuple(tensors[0])
    return _tensors(tensors, name)


@public(method=False)
def broadcast_tensors(*tensors: Any) -> tuple:
    """The tensors expanded to the shape that they broadcast to."""
    given = _one_or_many(tensors, "broadcast_tensors")
    if not given:
        return ()
    shapes = [tensor._array_.shape for tensor in given]
    check_broadcast(shapes)
    shape = tuple(np.broadcast_shapes(*shapes))
    return tuple([tensor if tensor._array_.shape == shape else tensor.expand(shape) for tensor in given])


@public(method=False)
def broadcast_shapes(*shapes: Any) -> Any:
    """The shape that shapes (ints or sequences of ints) broadcast to."""

    given = [sizes_of((shape,), "broadcast_shapes", "shapes") for shape in shapes]
    for shape in given:
        if any([n < 0 for n in shape]):
            raise RuntimeError(f"Trying to create tensor with negative dimension: {list(shape)}")
    if given:
        check_broadcast(given)
    return Size(np.broadcast_shapes(*given))


@public(method=False)
def meshgrid(*tensors: Any, indexing: str | None = None) -> tuple:
    """Coordinates of a grid: for vectors of sizes n1, n2, ... as many tensors of shape (n1, n2, ...), as views.

    indexing: "ij", or "xy" to swap the first two dimensions of the results.
    """
    given = _one_or_many(tensors, "meshgrid")
    if not given:
        raise RuntimeError("meshgrid expects a non-empty TensorList")
    if indexing not in (None, "ij", "xy"):
        raise RuntimeError(f'torch.meshgrid: indexing must be one of "xy" or "ij", but received: {indexing}')
    for tensor in given:
        if tensor._array_.ndim > 1:
            raise RuntimeError(
                "torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got a tensor of shape "
                f"{list(tensor._array_.shape)}"
            )
        if tensor._array_.dtype != given[0]._array_.dtype:
            raise RuntimeError("torch.meshgrid expects all tensors to have the same dtype")
    axes = list(range(len(given)))
    if indexing == "xy" and len(given) > 1:
        axes[0], axes[1] = 1, 0
    shape = [0] * len(given)
    for axis, tensor in zip(axes, given, strict=True):
        shape[axis] = tensor._array_.size
    grids = []
    for axis, tensor in zip(axes, given, strict=True):
        own = [1] * len(shape)
        own[axis] = shape[axis]
        grids.append(tensor.view(own).expand(shape))
    return tuple(grids)


@public(method=False)
def cartesian_prod(*tensors: Any) -> Any:
    """All combinations with one element of each vector, as the rows of a matrix (of one vector: itself)."""
    given = _tensors(tensors, "cartesian_prod")
    for tensor in given:
        if tensor._array_.ndim != 1:
            raise RuntimeError(f"Expect a 1D vector, but got shape {list(tensor._array_.shape)}")
    if len(given) == 1:
        return given[0]
    return stack([grid.flatten() for grid in meshgrid(*given, indexing="ij")], dim=1)


@public(method=False)
def combinations(input: Any, r: int = 2, with_replacement: bool = False) -> Any:
    """All combinations of r elements of a vector, as the rows of a matrix, in the order of `itertools`."""
    check_tensor(input, "combinations")
    if input._array_.ndim != 1:
        raise RuntimeError(f"Expect a 1D vector, but got shape {list(input._array_.shape)}")
    r = whole(r, "combinations", "r")
    if r < 0:
        raise RuntimeError(f"Expect a non-negative number, but got {r}")
    if r == 0:
        return wrap(np.empty(0, input._array_.dtype))
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    rows = np.array(list(choose(range(input._array_.size), r)), np.int64).reshape(-1, r)
    return stack([input.index_select(0, wrap(rows[:, i].copy())) for i in range(r)], dim=1)
