"""Sums, extremes and other reductions, by the Array API standard: over one axis, several, or all, but not over `()`."""

from __future__ import annotations

import builtins

from ..core.dtypes import bool as bool_
from ..core.dtypes import dtype
from ..core.tensor import Tensor
from ..ops.creation.filled import full
from ..ops.reductions import cumulative, differences, extremes, logic, products, sums, variance
from ..ops.shape.joining import cat
from ..ops.shape.reshaping import unsqueeze
from .dtypes import axes_of, promoted, sum_dtype, with_floating

Axis = int | tuple[int, ...] | None

# PyTorch's functions reduce all axes for an empty tuple of them, the standard's none.


def _for_sums(x: Tensor, dtype: dtype | None) -> Tensor:
    wanted = sum_dtype(x) if dtype is None else dtype
    return x if x.dtype is wanted else x.to(wanted)


def sum(x: Tensor, /, *, axis: Axis = None, dtype: dtype | None = None, keepdims: builtins.bool = False) -> Tensor:  # noqa: A001
    """The sum. dtype: in which it is made; int64 for signed and uint64 for unsigned integers, else that of x.

    >>> from mibun import array_api as xp
    >>> xp.sum(xp.asarray([1, 2], dtype=xp.uint8))
    tensor(3, dtype=torch.uint64)
    """
    x = _for_sums(x, dtype)
    return x.clone() if axis == () else sums.sum(x, axes_of(x, axis), keepdims, dtype=x.dtype)


def prod(x: Tensor, /, *, axis: Axis = None, dtype: dtype | None = None, keepdims: builtins.bool = False) -> Tensor:
    """The product, in the dtypes of `sum`.

    >>> from mibun import array_api as xp
    >>> xp.prod(xp.asarray([[2.0, 3.0], [4.0, 5.0]]), axis=1)
    tensor([ 6., 20.])
    """
    x = _for_sums(x, dtype)
    places = sorted(axes_of(x, axis), key=lambda place: -(place % x.ndim))  # the last first, so that the others stay
    if x.ndim == 0 or axis == ():
        return x.clone()
    for place in places:
        x = products.prod(x, place, keepdims, dtype=x.dtype)
    return x


def mean(x: Tensor, /, *, axis: Axis = None, keepdims: builtins.bool = False) -> Tensor:
    """The arithmetic mean, of integers in the default dtype.

    >>> from mibun import array_api as xp
    >>> xp.mean(xp.asarray([1.0, 2.0, 6.0]))
    tensor(3.)
    """
    x = with_floating(x)
    return x.clone() if axis == () else sums.mean(x, axes_of(x, axis), keepdims)


def var(x: Tensor, /, *, axis: Axis = None, correction: float = 0.0, keepdims: builtins.bool = False) -> Tensor:
    """The variance: squared distances from the mean, summed and divided by their number less `correction`.

    >>> from mibun import array_api as xp
    >>> xp.var(xp.asarray([1.0, 3.0])), xp.var(xp.asarray([1.0, 3.0]), correction=1)
    (tensor(1.), tensor(2.))
    """
    x = with_floating(x)
    if axis == ():
        x, axis = unsqueeze(x, -1), -1  # each element is alone with its mean
        keepdims = False
    return variance.var(x, axes_of(x, axis), correction=correction, keepdim=keepdims)


def std(x: Tensor, /, *, axis: Axis = None, correction: float = 0.0, keepdims: builtins.bool = False) -> Tensor:
    """The standard deviation: the root of the variance.

    >>> from mibun import array_api as xp
    >>> xp.std(xp.asarray([1.0, 3.0]))
    tensor(1.)
    """
    x = with_floating(x)
    if axis == ():
        x, axis = unsqueeze(x, -1), -1
        keepdims = False
    return variance.std(x, axes_of(x, axis), correction=correction, keepdim=keepdims)


def max(x: Tensor, /, *, axis: Axis = None, keepdims: builtins.bool = False) -> Tensor:  # noqa: A001
    """The greatest element; NaN where there is one. The gradient is shared among equal ones.

    >>> from mibun import array_api as xp
    >>> xp.max(xp.asarray([[1, 5], [4, 2]]), axis=0)
    tensor([4, 5])
    """
    return x.clone() if axis == () else extremes.amax(x, axes_of(x, axis), keepdims)


def min(x: Tensor, /, *, axis: Axis = None, keepdims: builtins.bool = False) -> Tensor:  # noqa: A001
    """The smallest element; NaN where there is one. The gradient is shared among equal ones.

    >>> from mibun import array_api as xp
    >>> xp.min(xp.asarray([[1, 5], [4, 2]]), axis=0)
    tensor([1, 2])
    """
    return x.clone() if axis == () else extremes.amin(x, axes_of(x, axis), keepdims)


def argmax(x: Tensor, /, *, axis: int | None = None, keepdims: builtins.bool = False) -> Tensor:
    """The index of the greatest element, the first of several: along an axis, or in the flattened array.

    >>> from mibun import array_api as xp
    >>> xp.argmax(xp.asarray([1, 5, 2]))
    tensor(1)
    """
    return extremes.argmax(x, axis, keepdims)


def argmin(x: Tensor, /, *, axis: int | None = None, keepdims: builtins.bool = False) -> Tensor:
    """The index of the smallest element, the first of several: along an axis, or in the flattened array.

    >>> from mibun import array_api as xp
    >>> xp.argmin(xp.asarray([4, 1, 2]))
    tensor(1)
    """
    return extremes.argmin(x, axis, keepdims)


def all(x: Tensor, /, *, axis: Axis = None, keepdims: builtins.bool = False) -> Tensor:  # noqa: A001
    """Whether all elements are true (not 0; NaN is true).

    >>> from mibun import array_api as xp
    >>> xp.all(xp.asarray([[True, False], [True, True]]), axis=1)
    tensor([False,  True])
    """
    x = x.to(bool_)
    return x.clone() if axis == () else logic.all(x, axes_of(x, axis), keepdims)


def any(x: Tensor, /, *, axis: Axis = None, keepdims: builtins.bool = False) -> Tensor:  # noqa: A001
    """Whether one element or more is true (not 0; NaN is true).

    >>> from mibun import array_api as xp
    >>> xp.any(xp.asarray([False, True]))
    tensor(True)
    """
    x = x.to(bool_)
    return x.clone() if axis == () else logic.any(x, axes_of(x, axis), keepdims)


def count_nonzero(x: Tensor, /, *, axis: Axis = None, keepdims: builtins.bool = False) -> Tensor:
    """How many elements are not 0, int64.

    >>> from mibun import array_api as xp
    >>> xp.count_nonzero(xp.asarray([0.0, 2.0, 3.0]))
    tensor(2)
    """
    return sum((x != 0).long(), axis=axis, keepdims=keepdims)


# --- along an axis ---


def _running_axis(x: Tensor, axis: int | None, function: str) -> int:
    if axis is None:
        if x.ndim != 1:
            raise ValueError(f"{function}(): an array of {x.ndim} dimensions needs an axis")
        return 0
    return axis


def _after(first: int, x: Tensor, axis: int) -> Tensor:
    sizes = list(x.shape)
    sizes[axis] = 1
    return cat([full(tuple(sizes), first, dtype=x.dtype), x], axis)


def cumulative_sum(
    x: Tensor,
    /,
    *,
    axis: int | None = None,
    dtype: dtype | None = None,
    include_initial: builtins.bool = False,
) -> Tensor:
    """Running sums along an axis (a vector need not name it), in the dtypes of `sum`; first 0 with `include_initial`.

    >>> from mibun import array_api as xp
    >>> xp.cumulative_sum(xp.asarray([1, 2, 3]), include_initial=True)
    tensor([0, 1, 3, 6])
    """
    axis, x = _running_axis(x, axis, "cumulative_sum"), _for_sums(x, dtype)
    result = cumulative.cumsum(x, axis, dtype=x.dtype)
    return _after(0, result, axis) if include_initial else result


def cumulative_prod(
    x: Tensor,
    /,
    *,
    axis: int | None = None,
    dtype: dtype | None = None,
    include_initial: builtins.bool = False,
) -> Tensor:
    """Running products along an axis (a vector need not name it), in the dtypes of `sum`; first 1 on request.

    >>> from mibun import array_api as xp
    >>> xp.cumulative_prod(xp.asarray([1, 2, 3]))
    tensor([1, 2, 6])
    """
    axis, x = _running_axis(x, axis, "cumulative_prod"), _for_sums(x, dtype)
    result = cumulative.cumprod(x, axis, dtype=x.dtype)
    return _after(1, result, axis) if include_initial else result


def diff(
    x: Tensor, /, *, axis: int = -1, n: int = 1, prepend: Tensor | None = None, append: Tensor | None = None
) -> Tensor:
    """The n-th differences of neighbours along an axis.

    prepend, append: what to put before and after x first, of its shape but for the axis.

    >>> from mibun import array_api as xp
    >>> xp.diff(xp.asarray([1, 4, 9]), prepend=xp.asarray([0]))
    tensor([1, 3, 5])
    """
    given = [part for part in (prepend, x, append) if part is not None]
    joined = cat(promoted(*given), axis) if len(given) > 1 else x
    return differences.diff(joined, n, axis)
