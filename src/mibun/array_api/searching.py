"""Sorting, searching and sets, by the Array API standard."""

from __future__ import annotations

from typing import NamedTuple

from ..core.tensor import Tensor
from ..ops.annotations import Number
from ..ops.creation.filled import full, ones
from ..ops.creation.ranges import arange
from ..ops.indexing import positions
from ..ops.pointwise.where import where as _where
from ..ops.reductions import searching as _searching
from ..ops.reductions import sorting
from ..ops.shape.joining import cat
from .dtypes import promoted
from .reductions import any as any_
from .reductions import diff

# --- sorting ---


def sort(x: Tensor, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Tensor:
    """`x` in order along an axis. stable: keep the order of equal elements.

    >>> from mibun import array_api as xp
    >>> xp.sort(xp.asarray([3, 1, 2]), descending=True)
    tensor([3, 2, 1])
    """
    return sorting.sort(x, axis, descending, stable=stable)[0]


def argsort(x: Tensor, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Tensor:
    """The indices, int64, that put `x` in order along an axis. stable: keep the order of equal elements.

    >>> from mibun import array_api as xp
    >>> xp.argsort(xp.asarray([3, 1, 2]))
    tensor([1, 2, 0])
    """
    return sorting.argsort(x, axis, descending, stable=stable)


# --- searching ---


def nonzero(x: Tensor, /) -> tuple[Tensor, ...]:
    """The places of the elements that are not 0: their indices along each axis, in order. ValueError for a 0-d array.

    >>> from mibun import array_api as xp
    >>> xp.nonzero(xp.asarray([0, 5, 6]))
    (tensor([1, 2]),)
    """
    if x.ndim == 0:
        raise ValueError("nonzero(): a 0-d array has no axis to give indices of")
    return tuple(positions.nonzero(x, as_tuple=True))


def searchsorted(x1: Tensor, x2: Tensor | Number, /, *, side: str = "left", sorter: Tensor | None = None) -> Tensor:
    """Where elements would have to be inserted into a vector in order to keep it sorted, int64.

    Args:
        x1: the vector, in ascending order; or in any, with a `sorter` that has the indices for it, as of `argsort`.
        x2: what is looked for, of any shape, which is that of the result.
        side: "left" for the place before equal elements, "right" for that after them.

    >>> from mibun import array_api as xp
    >>> xp.searchsorted(xp.asarray([1, 2, 3]), xp.asarray([2, 9]), side="right")
    tensor([2, 3])
    """
    if side not in ("left", "right"):
        raise ValueError(f"searchsorted(): side must be 'left' or 'right', not {side!r}")
    ordered, wanted = promoted(x1, x2)
    return _searching.searchsorted(ordered, wanted, side=side, sorter=None if sorter is None else sorter.long())


def where(condition: Tensor, x1: Tensor | Number, x2: Tensor | Number, /) -> Tensor:
    """x1 where the condition holds, else x2, in the dtype they have together.

    >>> from mibun import array_api as xp
    >>> xp.where(xp.asarray([True, False]), xp.asarray([1.0, 2.0]), 0)
    tensor([1., 0.])
    """
    if isinstance(x1, Tensor) or isinstance(x2, Tensor):
        x1, x2 = promoted(x1, x2)
    return _where(condition, x1, x2)


# --- sets ---


class UniqueAll(NamedTuple):
    """What `unique_all` returns."""

    values: Tensor
    indices: Tensor
    inverse_indices: Tensor
    counts: Tensor


class UniqueCounts(NamedTuple):
    """What `unique_counts` returns."""

    values: Tensor
    counts: Tensor


class UniqueInverse(NamedTuple):
    """What `unique_inverse` returns."""

    values: Tensor
    inverse_indices: Tensor


def unique_all(x: Tensor, /) -> UniqueAll:
    """The distinct elements in ascending order, where each occurs first in the flattened array, which one each element
    of x is (of the shape of x), and how often each occurs.

    Each NaN is distinct from all others; -0 and 0 are equal. Complex numbers are ordered by their real parts, then by
    their imaginary parts. The values are taken from x, so the gradient flows to where they occur first.

    >>> from mibun import array_api as xp
    >>> xp.unique_all(xp.asarray([5, 3, 5]))[:3]
    (tensor([3, 5]), tensor([1, 0]), tensor([1, 0, 1]))
    """
    flat = x.reshape(-1)
    count = flat.shape[0]
    if x.dtype.is_complex:
        order = argsort(flat.detach().imag)
        order = order[argsort(flat.detach().real[order])]
    else:
        order = argsort(flat.detach())
    ordered = flat.detach()[order]
    first = cat([ones(min(count, 1), dtype=(ordered == ordered).dtype), ordered[1:] != ordered[:-1]])
    indices = order[first]
    inverse = order.new_zeros(count)
    inverse[order] = first.long().cumsum(0) - 1
    starts = cat([arange(count)[first], full((1,), count)])
    return UniqueAll(flat[indices], indices, inverse.reshape(x.shape), diff(starts))


def unique_counts(x: Tensor, /) -> UniqueCounts:
    """The distinct elements, and how often each occurs; as `unique_all` has them.

    >>> from mibun import array_api as xp
    >>> xp.unique_counts(xp.asarray([5, 3, 5])).counts
    tensor([1, 2])
    """
    found = unique_all(x)
    return UniqueCounts(found.values, found.counts)


def unique_inverse(x: Tensor, /) -> UniqueInverse:
    """The distinct elements, and which one each element of x is; as `unique_all` has them.

    >>> from mibun import array_api as xp
    >>> xp.unique_inverse(xp.asarray([5, 3, 5])).inverse_indices
    tensor([1, 0, 1])
    """
    found = unique_all(x)
    return UniqueInverse(found.values, found.inverse_indices)


def unique_values(x: Tensor, /) -> Tensor:
    """The distinct elements, as `unique_all` has them.

    >>> from mibun import array_api as xp
    >>> xp.unique_values(xp.asarray([5, 3, 5]))
    tensor([3, 5])
    """
    return unique_all(x).values


def isin(x1: Tensor | Number, x2: Tensor | Number, /, *, invert: bool = False) -> Tensor:
    """Whether each element of x1 is among those of x2 (with `invert`: is not). NaN is among none.

    >>> from mibun import array_api as xp
    >>> xp.isin(xp.asarray([1, 2, 3]), xp.asarray([3, 1]))
    tensor([ True, False,  True])
    """
    elements, among = promoted(x1, x2)
    if elements.dtype.category in (0, 3):  # PyTorch's function has an order of them in mind: compare each with each
        found = any_(elements[..., None] == among.reshape(-1), axis=-1)
        return ~found if invert else found
    return _searching.isin(elements, among, invert=invert)
