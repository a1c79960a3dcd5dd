"""`segment_reduce`: each of several stretches of a tensor reduced to one slice."""

from __future__ import annotations

import math

import numpy as np

from ...core.tensor import Tensor, wrap
from ...dispatch.arguments import check_tensor, wrap_dim
from ...dispatch.public import public
from ..creation.filled import full
from ..indexing.index_reduction import index_reduce
from ..pointwise.where import where

_NAMES = {"max": "amax", "min": "amin", "amax": "amax", "amin": "amin"}
_EMPTY = {"sum": 0.0, "mean": 0.0, "prod": 1.0, "amax": -math.inf, "amin": math.inf}


def _lengths(lengths: Tensor | None, offsets: Tensor | None) -> Tensor:
    given, role = (offsets, "offsets") if offsets is not None else (lengths, "lengths")
    if given is None:
        raise RuntimeError("segment_reduce(): Either lengths or offsets must be defined.")
    check_tensor(given, "segment_reduce", role)
    if given._array_.dtype.name not in ("int64", "int32"):
        raise NotImplementedError(
            f"\"_segment_reduce_{role}_cpu_kernel1\" not implemented for '{given.dtype.scalar_name}'"
        )
    return given.diff(dim=-1) if role == "offsets" else given


@public("segment_reduce", method=False)
def segment_reduce(
    data: Tensor,
    reduce: str,
    *,
    lengths: Tensor | None = None,
    indices: Tensor | None = None,
    offsets: Tensor | None = None,
    axis: int = 0,
    unsafe: bool = False,
    initial: float | None = None,
) -> Tensor:
    """Stretches of a tensor along a dimension, each reduced to one slice.

    Args:
        data: of a floating dtype.
        reduce: "sum", "mean", "max", "min" or "prod".
        lengths: (*, n), how long the n stretches are, which follow each other; the dimensions before the last are those
            of `data`, each part of which is cut in its own way.
        offsets: (*, n + 1) in place of lengths: where each begins, and the last ends.
        axis: the dimension, which is the last of `lengths`.
        unsafe: do not check that the lengths sum to the size of the dimension; what they leave is not looked at.
        initial: what each reduction starts with. Without it an empty stretch gives 0, NaN, -inf, inf or 1.

    `indices` is refused, as in PyTorch. RuntimeError for other lengths and names, NotImplementedError for integers. Of
    equal extremes each gets the same part of the gradient.

    >>> import mibun as torch
    >>> torch.segment_reduce(torch.arange(5.0), "sum", lengths=torch.tensor([2, 3]))
    tensor([1., 9.])
    """
    check_tensor(data, "segment_reduce")
    kind = _NAMES.get(reduce, reduce)
    if kind not in _EMPTY:
        raise RuntimeError(f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}")
    if indices is not None:
        raise RuntimeError("segment_reduce(): indices based reduction is not supported yet.")
    counts = _lengths(lengths, offsets)
    axis = wrap_dim(axis, data.dim(), "segment_reduce")
    if axis != counts.dim() - 1:
        raise RuntimeError(f"segment_reduce(): Expected axis to be the last dimension of lengths but got {axis}.")
    if data._array_.dtype.kind not in "fV":
        raise NotImplementedError(f"\"_segment_reduce_cpu\" not implemented for '{data.dtype.scalar_name}'")
    cut = np.asarray(counts._array_)
    if (cut < 0).any():
        raise RuntimeError("lengths contains negative value!")
    totals, size = cut.sum(-1), data.size(axis)
    if (not unsafe and (totals != size).any()) or (totals > size).any():
        raise RuntimeError(
            "segment_reduce(): Expected all rows of lengths along axis to sum to data.size(lengths.dim()-1) when "
            "!unsafe."
        )
    rest = data.shape[axis + 1 :]
    n = cut.shape[-1]
    # One row for all parts: stretch s of part b has the number b n + s.
    rows = data.reshape(-1, *rest)
    within = np.arange(size) < totals[..., None] if size else np.zeros((*totals.shape, 0), bool)
    kept = rows[wrap(np.flatnonzero(within))]
    number = wrap(np.repeat(np.arange(cut.size), cut.reshape(-1)))
    start = _EMPTY[kind] if initial is None else float(initial)
    base = full((cut.size, *rest), _EMPTY[kind] if kind in ("amax", "amin") else start, dtype=data.dtype)
    if kind in ("sum", "mean"):
        out = base.index_add(0, number, kept)
    else:
        out = index_reduce(base, 0, number, kept, kind, include_self=kind == "prod")
    if kind == "mean":
        count = cut.reshape(-1, *[1] * len(rest)).astype(data._array_.dtype)
        out = out / wrap(count if initial is None else np.maximum(count, 1))
    elif initial is not None and kind != "sum" and kind != "prod":
        out = where(out >= start if kind == "amax" else out <= start, out, base.new_tensor(start))
    return out.reshape(*data.shape[:axis], n, *rest)
