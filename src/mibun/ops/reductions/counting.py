"""Counting: unique, unique_consecutive, bincount, count_nonzero. Only `bincount` has a gradient, for its weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...core.batching import dynamic_shape, needed_values
from ...core.meta import refuse_meta
from ...core.tensor import Tensor, wrap
from ...dispatch.arguments import check_tensor, whole, wrap_dim
from ...dispatch.declare import linear, nondifferentiable, op
from ...dispatch.public import public
from .arguments import INT64, reduced_dims, refuse_complex
from .logic import truth

# --- unique ---


@op(nondifferentiable, name="unique", dtype=None, outputs=("values", "inverse", "counts"))
def _unique(xp, input):
    return xp.unique_values_of(input)


@op(nondifferentiable, name="unique_dim", dtype=None, outputs=("values", "inverse", "counts"))
def _unique_dim(xp, input, *, dim):
    return xp.unique_slices(input, dim)


@op(nondifferentiable, name="unique_consecutive", dtype=None, outputs=("values", "inverse", "counts"))
def _unique_consecutive(xp, input, *, dim):
    return xp.unique_runs(input, dim)


def _chosen(results: tuple, inverse: bool, counts: bool) -> Tensor | tuple[Tensor, ...]:
    chosen = [results[0]]
    if inverse:
        chosen.append(results[1])
    if counts:
        chosen.append(results[2])
    return chosen[0] if len(chosen) == 1 else tuple(chosen)


def _check_slices(input: Tensor, dim: int, name: str) -> int:
    shape = input._array_.shape
    if not shape:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    refuse_complex(input, "unique_dim")
    dim = wrap_dim(dim, len(shape), name)
    if input._array_.size == 0:
        zeros = [i for i, size in enumerate(shape) if size == 0]
        if zeros != [dim]:
            raise RuntimeError("There are 0 sized dimensions, and they aren't selected, so unique cannot be applied")
    return dim


@public("unique")
def unique(
    input: Tensor,
    sorted: bool = True,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,  # noqa: A002
) -> Tensor | tuple[Tensor, ...]:
    """The distinct elements in ascending order; with `dim`, the distinct slices along it.

    Args:
        input: of any real dtype.
        sorted: without effect: they come in order always.
        return_inverse: also give, for each element, where in the result it is.
        return_counts: also give how often each occurs.
        dim: the dimension whose slices are compared; None: the elements of all.

    Returns:
        the values, or a tuple (values[, inverse][, counts]). Each NaN is distinct. Not differentiable.

    Raises:
        NotImplementedError: for complex numbers.

    >>> import mibun as torch
    >>> torch.unique(torch.tensor([3, 1, 3]), return_counts=True)
    (tensor([1, 3]), tensor([1, 2]))
    """
    check_tensor(input, "unique")
    refuse_meta(input, "unique")
    if dim is None:
        refuse_complex(input, "unique")
        return _chosen(_unique(input), return_inverse, return_counts)
    dim = _check_slices(input, dim, "unique")
    return _chosen(_unique_dim(input, dim=dim), return_inverse, return_counts)


@public("unique_consecutive")
def unique_consecutive(
    input: Tensor, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
) -> Tensor | tuple[Tensor, ...]:
    """The elements with all but the first of each run of equal ones left out; with `dim`, the slices along it.

    >>> import mibun as torch
    >>> torch.unique_consecutive(torch.tensor([1, 1, 2, 1]))
    tensor([1, 2, 1])
    """
    refuse_meta(input, "unique_consecutive")
    check_tensor(input, "unique_consecutive")
    refuse_meta(input, "unique_consecutive")
    if dim is None:
        refuse_complex(input, "unique")
    else:
        dim = _check_slices(input, dim, "unique_consecutive")
    return _chosen(_unique_consecutive(input, dim=dim), return_inverse, return_counts)


# --- bincount and count_nonzero ---


@op(nondifferentiable, name="bincount", dtype=None)
def _bincount(xp, input, *, length):
    return xp.bincount(input, None, length)


@op(
    linear,
    name="bincount_weights",
    node="BincountBackward0",
    dtype=None,
    constant=("input",),
    vjp={"weights": lambda xp, g, input: xp.take(g, input, axis=0)},
    jvp={"weights": lambda xp, t, input, length: xp.bincount_weights(t, input, length=length)},
)
def _bincount_weights(xp, weights, input, *, length):
    return xp.bincount(input, weights, length)


@public("bincount")
def bincount(input: Tensor, weights: Tensor | None = None, minlength: int = 0) -> Tensor:
    """How often each of 0, 1, 2, ... occurs in a vector of integers, or the sum of its weights.

    Args:
        input: 1-D, integers that are not negative.
        weights: one for each element; its gradient reads off where the element was counted.
        minlength: the least size of the result.

    Returns:
        max(input) + 1 numbers: int64 without weights, with them the weights' dtype if that is float32, else float64.

    Raises:
        RuntimeError: for negative elements, other numbers of dimensions, or weights of another size.
        NotImplementedError: for other dtypes.

    >>> import mibun as torch
    >>> torch.bincount(torch.tensor([0, 1, 1, 3]))
    tensor([1, 2, 0, 1])
    """
    check_tensor(input, "bincount")
    refuse_meta(input, "bincount")
    array = input._array_
    if array.dtype.kind not in "iu":
        raise NotImplementedError(f"\"bincount_cpu\" not implemented for '{input.dtype.scalar_name}'")
    minlength = whole(minlength, "bincount", "minlength")
    if minlength < 0:
        raise RuntimeError("minlength should be >= 0")
    if array.ndim != 1 or (array.size and array.min() < 0):
        raise RuntimeError("bincount only supports 1-d non-negative integral inputs.")
    largest = needed_values(array).max(-1) if array.size else np.asarray(-1)  # of each example
    lengths = np.maximum(minlength, largest + 1)
    length = int(lengths.flat[0]) if lengths.size else minlength
    if (lengths != length).any():
        raise dynamic_shape("aten::bincount")
    if weights is None or array.size == 0:
        return _bincount(input, length=length)
    check_tensor(weights, "bincount", "weights", 2)
    if weights._array_.shape != array.shape:
        raise RuntimeError("weights should be 1-d and have the same length as input")
    if weights._array_.dtype.name != "float32":
        weights = weights.to(wrap(np.zeros((), "float64")).dtype)
    return _bincount_weights(weights, input, length=length)


@op(nondifferentiable, name="count_nonzero", dtype=None)
def _count_nonzero(xp, input, *, dims):
    return xp.sum(truth(xp, input), axis=dims, dtype=INT64)


@public("count_nonzero")
def count_nonzero(input: Tensor, dim: int | Sequence[int] | None = None) -> Tensor:
    """How many elements are not zero, of all or over some dimensions (an int or several): int64.

    >>> import mibun as torch
    >>> torch.count_nonzero(torch.tensor([[0, 1], [2, 3]]), 1)
    tensor([1, 2])
    """
    check_tensor(input, "count_nonzero")
    return _count_nonzero(input, dims=reduced_dims(input, dim, "count_nonzero"))
