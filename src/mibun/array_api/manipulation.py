"""Shapes and order of arrays, by the Array API standard: joining, moving axes, repeating, taking by index."""

from __future__ import annotations

from ..core.tensor import Tensor
from ..ops.indexing.gathering import index_select, take_along_dim
from ..ops.pointwise.where import where as _where
from ..ops.shape import arranging, axes, joining, repeating, reshaping
from ..ops.shape.splitting import unbind
from .dtypes import axes_of, promoted

Arrays = tuple[Tensor, ...] | list[Tensor]


def concat(arrays: Arrays, /, *, axis: int | None = 0) -> Tensor:
    """Arrays joined along an axis, cast to the dtype they have together; with `axis=None` flattened first.

    >>> from mibun import array_api as xp
    >>> xp.concat([xp.ones(2), xp.zeros((1,), dtype=xp.float64)])
    tensor([1., 1., 0.], dtype=torch.float64)
    """
    parts = promoted(*arrays)
    return joining.cat([x.reshape(-1) for x in parts], 0) if axis is None else joining.cat(parts, axis)


def stack(arrays: Arrays, /, *, axis: int = 0) -> Tensor:
    """Arrays of one shape joined along a new axis, cast to the dtype they have together.

    >>> from mibun import array_api as xp
    >>> xp.stack([xp.asarray([1, 2]), xp.asarray([3, 4])], axis=1)
    tensor([[1, 3],
            [2, 4]])
    """
    return joining.stack(promoted(*arrays), axis)


def unstack(x: Tensor, /, *, axis: int = 0) -> tuple[Tensor, ...]:
    """The parts of `x` along an axis, as a tuple of views without it.

    >>> from mibun import array_api as xp
    >>> xp.unstack(xp.asarray([[1, 2], [3, 4]]))
    (tensor([1, 2]), tensor([3, 4]))
    """
    return tuple(unbind(x, axis))


def expand_dims(x: Tensor, /, axis: int | tuple[int, ...]) -> Tensor:
    """`x` with new axes of size 1, at the places that they have in the result. IndexError for places out of range.

    >>> from mibun import array_api as xp
    >>> xp.expand_dims(xp.ones((2, 3)), axis=(0, -1)).shape
    torch.Size([1, 2, 3, 1])
    """
    places = axes_of(x, axis)
    ndim = x.ndim + len(places)
    for place in places:
        if not -ndim <= place < ndim:
            raise IndexError(f"expand_dims(): axis {place} is out of range for a result of {ndim} dimensions")
    new = {place % ndim for place in places}
    if len(new) < len(places):
        raise ValueError(f"expand_dims(): axis {axis} names one place twice")
    sizes = iter(x.shape)
    return x.reshape([1 if place in new else next(sizes) for place in range(ndim)])


def squeeze(x: Tensor, /, axis: int | tuple[int, ...]) -> Tensor:
    """`x` without axes of size 1; ValueError where one of them has another size.

    >>> from mibun import array_api as xp
    >>> xp.squeeze(xp.ones((1, 2, 1)), axis=(0, 2)).shape
    torch.Size([2])
    """
    places = axes_of(x, axis)
    for place in places:
        if x.shape[place] != 1:
            raise ValueError(f"squeeze(): axis {place} of the shape {tuple(x.shape)} has not the size 1")
    return reshaping.squeeze(x, places)


def reshape(x: Tensor, /, shape: tuple[int, ...], *, copy: bool | None = None) -> Tensor:
    """The same elements in another shape, in which one size may be -1.

    copy: True for memory of its own; False for ValueError where the shape needs a copy; None for a view where possible.

    >>> from mibun import array_api as xp
    >>> xp.reshape(xp.arange(4), (2, -1))
    tensor([[0, 1],
            [2, 3]])
    """
    if copy:
        return x.clone().reshape(tuple(shape))
    if copy is False:
        try:
            return x.view(tuple(shape))
        except RuntimeError as error:
            raise ValueError(f"reshape() with copy=False: {error}") from None
    return x.reshape(tuple(shape))


def flip(x: Tensor, /, *, axis: int | tuple[int, ...] | None = None) -> Tensor:
    """`x` in reverse order along axes, all if none is given.

    >>> from mibun import array_api as xp
    >>> xp.flip(xp.arange(3))
    tensor([2, 1, 0])
    """
    return arranging.flip(x, axes_of(x, axis))


def roll(x: Tensor, /, shift: int | tuple[int, ...], *, axis: int | tuple[int, ...] | None = None) -> Tensor:
    """`x` with its elements moved on, those that leave at the end coming back at the start; flattened without `axis`.

    >>> from mibun import array_api as xp
    >>> xp.roll(xp.arange(4), 1)
    tensor([3, 0, 1, 2])
    """
    if axis is None:
        return arranging.roll(x, shift)
    places = axes_of(x, axis)
    return arranging.roll(x, (shift,) * len(places) if isinstance(shift, int) else tuple(shift), places)


def moveaxis(x: Tensor, source: int | tuple[int, ...], destination: int | tuple[int, ...], /) -> Tensor:
    """`x` with some axes at other places, the others in their order.

    >>> from mibun import array_api as xp
    >>> xp.moveaxis(xp.ones((2, 3, 4)), 0, -1).shape
    torch.Size([3, 4, 2])
    """
    return axes.movedim(x, source, destination)


def permute_dims(x: Tensor, /, axes: tuple[int, ...]) -> Tensor:
    """`x` with its axes in another order: the i-th of the result is the axis `axes[i]`.

    >>> from mibun import array_api as xp
    >>> xp.permute_dims(xp.ones((2, 3, 4)), (2, 0, 1)).shape
    torch.Size([4, 2, 3])
    """
    return x.permute(tuple(axes))


def matrix_transpose(x: Tensor, /) -> Tensor:
    """Matrices (..., m, n) transposed: (..., n, m), a view.

    >>> from mibun import array_api as xp
    >>> xp.matrix_transpose(xp.ones((5, 2, 3))).shape
    torch.Size([5, 3, 2])
    """
    return axes.transpose(x, -2, -1)


def repeat(x: Tensor, repeats: int | Tensor, /, *, axis: int | None = None) -> Tensor:
    """Each element, or part along an axis, several times over; flattened without `axis`.

    repeats: how often, a number or a Tensor of one for each part.

    >>> from mibun import array_api as xp
    >>> xp.repeat(xp.asarray([1, 2]), xp.asarray([1, 3]))
    tensor([1, 2, 2, 2])
    """
    if isinstance(repeats, Tensor):
        repeats = repeats.long()
    return repeating.repeat_interleave(x, repeats, axis)


def tile(x: Tensor, repetitions: tuple[int, ...], /) -> Tensor:
    """`x` as a tile, laid so many times along each axis; the shorter of shape and repetitions is filled up with 1.

    >>> from mibun import array_api as xp
    >>> xp.tile(xp.asarray([1, 2]), (2, 2))
    tensor([[1, 2, 1, 2],
            [1, 2, 1, 2]])
    """
    return repeating.tile(x, tuple(repetitions))


# --- by index ---


def _from_start(indices: Tensor, size: int) -> Tensor:
    """Indices of which negative ones count from the end, all counted from the start, as PyTorch wants them."""
    indices = indices.long()
    return _where(indices < 0, indices + size, indices)


def take(x: Tensor, indices: Tensor, /, *, axis: int | None = None) -> Tensor:
    """The parts of `x` at indices along an axis, which a vector need not name.

    indices: of any integer dtype and any shape, which takes the place of the axis; negative ones count from the end.

    >>> from mibun import array_api as xp
    >>> xp.take(xp.asarray([5, 6, 7]), xp.asarray([0, -1]))
    tensor([5, 7])
    """
    if axis is None:
        if x.ndim != 1:
            raise ValueError(f"take(): an array of {x.ndim} dimensions needs an axis")
        axis = 0
    axis = axis % x.ndim if -x.ndim <= axis < x.ndim else axis
    found = index_select(x, axis, _from_start(indices, x.shape[axis]).reshape(-1))
    return found if indices.ndim == 1 else found.reshape(x.shape[:axis] + indices.shape + x.shape[axis + 1 :])


def take_along_axis(x: Tensor, indices: Tensor, /, *, axis: int = -1) -> Tensor:
    """The elements of `x` at an index along one axis for each place: as `argsort` gives them.

    indices: integers, of the shape of x or broadcast against it but for the axis; negative ones count from the end.

    >>> from mibun import array_api as xp
    >>> x = xp.asarray([[3, 1, 2]])
    >>> xp.take_along_axis(x, xp.argsort(x))
    tensor([[1, 2, 3]])
    """
    return take_along_dim(x, _from_start(indices, x.shape[axis]), axis)
