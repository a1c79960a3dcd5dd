"""Counting and placing: unique, unique_consecutive, bincount, histc, searchsorted, bucketize. Only `bincount` has a
gradient, for its weights."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.tensor import Tensor, wrap
from ...dispatch.arguments import check_tensor, whole, wrap_dim
from ...dispatch.declare import linear, nondifferentiable, op
from ...dispatch.overloads import finish
from ...dispatch.public import public
from .arguments import INT64

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


def _chosen(results: tuple, inverse: bool, counts: bool) -> Any:
    chosen = [results[0]]
    if inverse:
        chosen.append(results[1])
    if counts:
        chosen.append(results[2])
    return chosen[0] if len(chosen) == 1 else tuple(chosen)


def _refuse_complex(input: Any, kernel: str) -> None:
    if input._array_.dtype.kind == "c":
        raise NotImplementedError(f"\"{kernel}\" not implemented for '{input.dtype.scalar_name}'")


def _check_slices(input: Any, dim: int, name: str) -> int:
    shape = input._array_.shape
    if not shape:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    _refuse_complex(input, "unique_dim")
    dim = wrap_dim(dim, len(shape), name)
    if input._array_.size == 0:
        zeros = [i for i, size in enumerate(shape) if size == 0]
        if zeros != [dim]:
            raise RuntimeError("There are 0 sized dimensions, and they aren't selected, so unique cannot be applied")
    return dim


@public()
def unique(
    input: Any, sorted: bool = True, return_inverse: bool = False, return_counts: bool = False, dim: Any = None  # noqa: A002
) -> Any:
    """The distinct elements in ascending order; with `dim`, the distinct slices along it.

    return_inverse: also where in the result each element is; return_counts: also how often each occurs. Each NaN is
    distinct. They come in order even with sorted=False. Not differentiable.

    >>> import mibun as torch
    >>> torch.unique(torch.tensor([3, 1, 3]), return_counts=True)
    (tensor([1, 3]), tensor([1, 2]))
    """
    check_tensor(input, "unique")
    if dim is None:
        _refuse_complex(input, "unique")
        return _chosen(_unique(input), return_inverse, return_counts)
    dim = _check_slices(input, dim, "unique")
    return _chosen(_unique_dim(input, dim=dim), return_inverse, return_counts)


@public()
def unique_consecutive(
    input: Any, return_inverse: bool = False, return_counts: bool = False, dim: Any = None
) -> Any:
    """The elements with all but the first of each run of equal ones left out; with `dim`, the slices along it."""
    check_tensor(input, "unique_consecutive")
    if dim is None:
        _refuse_complex(input, "unique")
    else:
        dim = _check_slices(input, dim, "unique_consecutive")
    return _chosen(_unique_consecutive(input, dim=dim), return_inverse, return_counts)


# --- bincount and histc ---


@op(nondifferentiable, name="bincount", dtype=None)
def _bincount(xp, input, *, length):
    return xp.bincount(input, None, length)


@op(linear, name="bincount_weights", node="BincountBackward0", dtype=None, constant=("input",),
    vjp={"weights": lambda xp, g, input: xp.take(g, input, axis=0)},
    jvp={"weights": lambda xp, t, input, length: xp.bincount_weights(t, input, length=length)})  # fmt: skip
def _bincount_weights(xp, weights, input, *, length):
    return xp.bincount(input, weights, length)


@public()
def bincount(input: Any, weights: Any = None, minlength: int = 0) -> Any:
    """How often each of 0, 1, 2, ... occurs in a 1-D tensor of integers, or the sum of its weights.

    The result has max + 1 elements, at least `minlength`: int64, the weights' dtype if that is float32, else float64.
    RuntimeError for negative elements.
    """
    check_tensor(input, "bincount")
    array = input._array_
    if array.dtype.kind not in "iu":
        raise NotImplementedError(f"\"bincount_cpu\" not implemented for '{input.dtype.scalar_name}'")
    minlength = whole(minlength, "bincount", "minlength")
    if minlength < 0:
        raise RuntimeError("minlength should be >= 0")
    if array.ndim != 1 or (array.size and array.min() < 0):
        raise RuntimeError("bincount only supports 1-d non-negative integral inputs.")
    length = max(minlength, int(array.max()) + 1 if array.size else 0)
    if weights is None or array.size == 0:
        return _bincount(input, length=length)
    check_tensor(weights, "bincount", "weights", 2)
    if weights._array_.shape != array.shape:
        raise RuntimeError("weights should be 1-d and have the same length as input")
    if weights._array_.dtype.name != "float32":
        weights = weights.to(wrap(np.zeros((), "float64")).dtype)
    return _bincount_weights(weights, input, length=length)


@op(nondifferentiable, name="histc", dtype=None)
def _histc(xp, input, *, bins, low, high):
    return xp.histogram_of(input, bins, low, high)


@public()
def histc(input: Any, bins: int = 100, min: Any = 0, max: Any = 0, *, out: Any = None) -> Any:  # noqa: A002
    """How many elements fall into each of `bins` equal parts of the range from min to max (both included).

    Where both are 0 the range is that of the elements. What is outside is not counted. RuntimeError for an empty or
    infinite range. Not differentiable.
    """
    check_tensor(input, "histc")
    bins = whole(bins, "histc", "bins")
    array = input._array_
    if array.dtype.kind not in "fV":
        raise NotImplementedError(f"\"histogram_cpu\" not implemented for '{input.dtype.scalar_name}'")
    if bins <= 0:
        raise RuntimeError(f"torch.histogram(): bins must be > 0, but got {bins} for dimension 0")
    low, high = float(min), float(max)
    if low == high and array.size:
        low, high = float(array.min()), float(array.max())
    if low == high:
        low, high = low - 1, high + 1
    if not (math.isfinite(low) and math.isfinite(high)):
        raise RuntimeError(f"torch.histc: range of [{low:g}, {high:g}] is not finite")
    if low > high:
        raise RuntimeError("torch.histc: max must be larger than min")
    return finish(_histc(input, bins=bins, low=low, high=high), out, "histc")


# --- searchsorted and bucketize ---


@op(nondifferentiable, name="searchsorted", dtype=None)
def _searchsorted(xp, sequence, values, *, right, dtype):
    return xp.search_rows(sequence, values, right, dtype)


def _search(sequence: Any, values: Any, right: bool, out_int32: bool) -> Any:
    dtype = np.dtype("int32") if out_int32 else INT64
    if not isinstance(values, Tensor):
        values = wrap(np.asarray(values))
    kinds = {sequence._array_.dtype.kind, values._array_.dtype.kind}
    if kinds == {"b"} or "c" in kinds:
        name = (values if values._array_.dtype.kind == "c" else sequence).dtype.scalar_name
        raise NotImplementedError(f"\"searchsorted_out_cpu\" not implemented for '{name}'")
    return _searchsorted(sequence, values, right=right, dtype=dtype)


@public(method=False)
def searchsorted(
    sorted_sequence: Any, input: Any, *, out_int32: bool = False, right: bool = False, side: str | None = None,
    sorter: Any = None, out: Any = None,
) -> Any:  # fmt: skip
    """Where the values of `input` would have to be inserted into a sequence that ascends along its last dimension.

    input: a number, or a tensor with the same leading sizes as the sequence (any shape if that is 1-D). side: "left"
    (the default) or "right" of equal elements; right=True is the same as the latter. sorter: the indices that sort the
    sequence. Result: int64, or int32. Not differentiable.

    >>> import mibun as torch
    >>> torch.searchsorted(torch.tensor([1., 3., 5.]), torch.tensor([3., 6.]))
    tensor([1, 3])
    """
    check_tensor(sorted_sequence, "searchsorted", "sorted_sequence")
    if side not in (None, "left", "right"):
        raise RuntimeError(f"torch.searchsorted(): side can only be 'left' or 'right' but got {side}")
    if side == "left" and right:
        raise RuntimeError(
            "torch.searchsorted(): side and right can't be set to opposites, got side of left while right was True"
        )
    own = sorted_sequence._array_
    if own.ndim == 0:
        raise RuntimeError(
            "torch.searchsorted(): boundaries tensor should have positive dimension, but got 0 dimension"
        )
    shape = input._array_.shape if isinstance(input, Tensor) else ()
    if own.ndim > 1 and own.shape[:-1] != shape[:-1] or (own.ndim > 1 and len(shape) != own.ndim):
        raise RuntimeError(
            "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries "
            f"tensor and input value tensor must match, but we got boundaries tensor {list(own.shape)} and input value "
            f"tensor {list(shape)}"
        )
    if sorter is not None:
        check_tensor(sorter, "searchsorted", "sorter")
        if sorter._array_.shape != own.shape:
            raise RuntimeError(
                "torch.searchsorted(): boundary and sorter must have the same size, but got boundary tensor "
                f"{list(own.shape)}and got sorter tensor {list(sorter._array_.shape)}"
            )
        if sorter._array_.dtype.name != "int64":
            raise RuntimeError(
                f"torch.searchsorted(): sorter must be a tensor of long dtype but got dtype {sorter.dtype}"
            )
        sorted_sequence = sorted_sequence.detach().take_along_dim(sorter, -1)
    return finish(_search(sorted_sequence, input, bool(right) or side == "right", out_int32), out, "searchsorted")


@public(method=False)
def bucketize(input: Any, boundaries: Any, *, out_int32: bool = False, right: bool = False, out: Any = None) -> Any:
    """The number of the bucket that each value falls into, between ascending 1-D boundaries: int64, or int32.

    A value equal to a boundary falls below it, or with right=True above it.
    """
    check_tensor(boundaries, "bucketize", "boundaries", 2)
    if boundaries._array_.ndim != 1:
        raise RuntimeError(f"boundaries tensor must be 1 dimension, but got dim({boundaries._array_.ndim})")
    return finish(_search(boundaries, input, bool(right), out_int32), out, "bucketize")
