"""Embeddings: rows of a table by index, and bags of them; one-hot vectors.

`embedding` is linear in the table; `embedding_spread`, its transpose, adds rows up by index.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.batching import BatchedTensor, all_values, check_range, limits_of, needed_values
from ...core.memory import shares_arrays
from ...core.mode import no_grad
from ...core.registry import NAMESPACES, Array, constant_beside, namespace_for, namespace_of
from ...core.tensor import Tensor, wrap
from ...core.views import bump_version
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import linear, op
from ...dispatch.inplace import write
from ...dispatch.public import public
from ..conversion.devices import constant, on_host
from ..conversion.layouts import sparse_rows
from ..pointwise.where import where
from ..shape.joining import stack


@op(
    name="embed",
    node="EmbeddingBackward0",
    dtype=None,
    scalars=False,
    constant=("indices",),
    vjp={
        "weight": lambda xp, g, indices, weight_shape, padding_idx, by_frequency, sparse: (
            _sparse_rows(xp, g, indices, weight_shape[0], padding_idx, by_frequency)
            if sparse
            else xp.embed_spread(g, indices, n=weight_shape[0], padding_idx=padding_idx, by_frequency=by_frequency)
        )
    },
    jvp={
        "weight": lambda xp, t, indices, padding_idx, by_frequency, sparse: xp.embed(
            t, indices, padding_idx=padding_idx, by_frequency=by_frequency, sparse=sparse
        )
    },
)
def _embed(xp, weight, indices, *, padding_idx, by_frequency, sparse):
    return xp.take_rows(weight, indices)


def _sparse_rows(xp: Any, g: Any, indices: Any, n: int, padding_idx: int, by_frequency: bool) -> Any:
    if by_frequency:
        raise RuntimeError("embedding_backward: scale_grad_by_freq not supported with sparse gradients")
    return xp.embed_spread_sparse(g, indices, n=n, padding_idx=padding_idx)


@op(
    linear,
    name="embed_spread_sparse",
    dtype=None,
    scalars=False,
    constant=("indices",),
    vjp={
        "grad": lambda xp, g, indices, padding_idx: xp.embed_spread_transposed(
            xp.densified(g), indices, padding_idx=padding_idx, by_frequency=False
        )
    },
)
def _embed_spread_sparse(xp, grad, indices, *, n, padding_idx):
    """Rows by index, as a sparse array that has one for each occurrence: nothing is added up, nothing is of size n."""
    return sparse_rows(grad, indices, n, padding_idx)


@op(
    name="embed_spread",
    node="EmbeddingDenseBackwardBackward0",
    dtype=None,
    scalars=False,
    constant=("indices",),
    vjp={
        "grad": lambda xp, g, indices, padding_idx, by_frequency: xp.embed_spread_transposed(
            g, indices, padding_idx=padding_idx, by_frequency=by_frequency
        )
    },
    jvp={
        "grad": lambda xp, t, indices, n, padding_idx, by_frequency: xp.embed_spread(
            t, indices, n=n, padding_idx=padding_idx, by_frequency=by_frequency
        )
    },
)
def _embed_spread(xp, grad, indices, *, n, padding_idx, by_frequency):
    """Rows added up by index, but for the padding; `by_frequency` divides by how often the index occurs."""
    return xp.add_rows(grad * _factors(xp, indices, padding_idx, by_frequency, grad), indices, n)


@op(
    name="embed_spread_transposed",
    dtype=None,
    scalars=False,
    constant=("indices",),
    vjp={
        "grad": lambda xp, g, indices, grad_shape, padding_idx, by_frequency: xp.embed_spread(
            g, indices, n=grad_shape[0], padding_idx=padding_idx, by_frequency=by_frequency
        )
    },
    jvp={
        "grad": lambda xp, t, indices, padding_idx, by_frequency: xp.embed_spread_transposed(
            t, indices, padding_idx=padding_idx, by_frequency=by_frequency
        )
    },
)
def _embed_spread_transposed(xp, grad, indices, *, padding_idx, by_frequency):
    return xp.take_rows(grad, indices) * _factors(xp, indices, padding_idx, by_frequency, grad)


def _factors(xp: Any, indices: Array, padding_idx: int, by_frequency: bool, like: Array) -> Array:
    """What each occurrence of an index counts."""
    if padding_idx < 0 and not by_frequency:
        return 1
    factors = xp.astype(indices != padding_idx, like.dtype)
    if by_frequency:
        factors = factors / xp.astype(xp.frequencies(indices), like.dtype)
    return xp.expand_dims(factors, axis=-1)


def _check_indices(name: str, indices: Tensor, rows: int) -> None:
    array = indices._array_
    if array.dtype not in (np.int64, np.int32):
        raise RuntimeError(
            f"Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got "
            f"{indices.type() if hasattr(indices, 'type') else indices.dtype} instead (while checking arguments for "
            f"{name})"
        )
    words = f"index out of range in self: {name} got index {{}} for a table of {rows} rows"
    check_range(array, 0, rows, lambda bad: IndexError(words.format(bad)))


def _renormalise(weight: Tensor, indices: Tensor, max_norm: float, norm_type: float) -> None:
    """Scale down, in place, those of the rows used whose norm is larger than max_norm."""
    with no_grad():
        xp = namespace_for([weight._array_, indices._array_])
        renormalised = xp.renormalise_rows(weight._array_, indices._array_, max_norm, norm_type)
        if not shares_arrays(weight._array_):  # then it was not done in place
            write(weight, renormalised)
        bump_version(weight, "embedding_renorm_")


def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """Rows of a table at the given indices: `weight[input]`.

    Args:
        input: the indices (*), int64 or int32.
        weight: the table (n, d); the result is (*, d), of its dtype.
        padding_idx: a row that gets no gradient.
        max_norm: rows that are used are first scaled down, in place, to this norm_type-norm.
        scale_grad_by_freq: gradients are divided by how often their index occurs.
        sparse: the gradient of the table is sparse: a row for each index, so that its size does not depend on n.

    Raises:
        IndexError: for indices out of range.
        RuntimeError: for another dtype or shape.

    >>> import mibun as torch
    >>> table = torch.tensor([[1., 2.], [3., 4.], [5., 6.]])
    >>> torch.nn.functional.embedding(torch.tensor([2, 0]), table)
    tensor([[5., 6.],
            [1., 2.]])
    """
    check_tensor(input, "embedding", "indices", 2)
    check_tensor(weight, "embedding", "weight", 1)
    w = weight._array_
    if w.ndim != 2:
        raise RuntimeError("'weight' must be 2-D")
    if padding_idx is None:
        padding_idx = -1
    elif not -w.shape[0] <= padding_idx < w.shape[0]:
        raise AssertionError("Padding_idx must be within num_embeddings")
    elif padding_idx < 0:
        padding_idx += w.shape[0]
    _check_indices("embedding", input, w.shape[0])
    if max_norm is not None:
        _renormalise(weight, input, max_norm, norm_type)
    params = {"padding_idx": padding_idx, "by_frequency": bool(scale_grad_by_freq), "sparse": bool(sparse)}
    return apply(_embed, (weight, input), params)


@public("embedding", method=False)
def main_embedding(
    weight: Tensor, indices: Tensor, padding_idx: int = -1, scale_grad_by_freq: bool = False, sparse: bool = False
) -> Tensor:
    """Rows of weight (n, d) at indices (*): (*, d). padding_idx: a row that gets no gradient (-1: none)."""
    check_tensor(weight, "embedding", "weight", 1)
    return embedding(indices, weight, None if padding_idx < 0 else padding_idx, None, 2.0, scale_grad_by_freq, sparse)


def embedding_bag(
    input: Tensor,
    weight: Tensor,
    offsets: Tensor | None = None,
    max_norm: float | None = None,
    norm_type: float = 2,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: Tensor | None = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Tensor:
    """Sums, means or maxima of bags of rows of a table; empty bags give zeros.

    Args:
        input: the indices (bags, length), or (total) with `offsets`; int64 or int32.
        weight: the table (n, d); the result is (bags, d).
        offsets: (bags), where each bag starts in `input`.
        mode: "sum", "mean" or "max".
        per_sample_weights: factors of the rows, of the shape of the input, for mode="sum".
        include_last_offset: the last of the offsets is the end of the last bag.
        padding_idx: rows at this index are left out.
        max_norm, norm_type, scale_grad_by_freq, sparse: as for `embedding`.

    Raises:
        ValueError, RuntimeError: for shapes and modes that do not fit.

    >>> import mibun as torch
    >>> table = torch.tensor([[1., 2.], [3., 4.], [5., 6.]])
    >>> torch.nn.functional.embedding_bag(torch.tensor([0, 1, 2]), table, torch.tensor([0, 1]), mode="sum")
    tensor([[ 1.,  2.],
            [ 8., 10.]])
    """
    check_tensor(input, "embedding_bag")
    check_tensor(weight, "embedding_bag", "weight", 2)
    if per_sample_weights is not None and per_sample_weights._array_.shape != input._array_.shape:
        raise ValueError(
            f"embedding_bag: If per_sample_weights ({list(per_sample_weights._array_.shape)}) is not None, then it "
            f"must have the same shape as the input ({list(input._array_.shape)})"
        )
    if weight._array_.ndim != 2:
        raise ValueError(f"weight has to be a 2D Tensor, but got Tensor of dimension {weight._array_.ndim}")
    if input._array_.ndim == 2:
        if offsets is not None:
            raise ValueError(
                "if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length "
                f"sequences. However, found offsets of type {type(offsets)}"
            )
        bags, length = input._array_.shape
        bounds = np.arange(bags + 1) * length
        input = input.reshape(-1)
        if per_sample_weights is not None:
            per_sample_weights = per_sample_weights.reshape(-1)
    elif input._array_.ndim == 1:
        if offsets is None:
            raise ValueError("offsets has to be a 1D Tensor but got None")
        if offsets._array_.ndim != 1:
            raise ValueError("offsets has to be a 1D Tensor")
        starts = offsets._array_
        first, last = (all_values(starts)[..., [0, -1]].reshape(-1, 2).T) if starts.size else ((), ())
        if np.any(first):
            raise RuntimeError(
                f"offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from "
                f"position 0. However, got {max(first)}"
            )
        total = input._array_.shape[0]
        if max(last, default=0) > total:
            raise RuntimeError(
                f"offsets[-1] can not be greater than input's length({total}), but got offsets[-1] of {max(last)}"
            )
        xp = NAMESPACES[type(starts)]
        bounds = starts if include_last_offset else xp.concat([starts, np.array([total], starts.dtype)])
    else:
        raise ValueError(f"input has to be 1D or 2D Tensor, but got Tensor of dimension {input._array_.ndim}")
    if mode not in ("sum", "mean", "max"):
        raise ValueError("mode has to be one of sum, mean or max")
    if mode != "sum" and per_sample_weights is not None:
        raise NotImplementedError(
            f"embedding_bag: per_sample_weights is only supported for mode='sum' (got mode='{mode}'). Please open a "
            "feature request on GitHub."
        )
    if sparse and mode == "max":
        raise ValueError("max mode does not support sparse weights")
    rows = embedding(input, weight, None, max_norm, norm_type, scale_grad_by_freq, sparse)
    return _pool_bags(rows, input, bounds, mode, per_sample_weights, padding_idx, weight)


def _pool_bags(
    rows: Tensor,
    input: Tensor,
    bounds: np.ndarray,
    mode: str,
    factors: Tensor | None,
    padding_idx: int | None,
    weight: Tensor,
) -> Tensor:
    counted = np.ones(input._array_.shape, bool)
    if padding_idx is not None:
        counted = input._array_ != padding_idx % weight._array_.shape[0]
    counted, bounds = on_host(counted), on_host(bounds)
    if type(counted) is not np.ndarray or type(bounds) is not np.ndarray:
        return _pool_examples(rows, counted, bounds, mode, factors)
    if mode == "max":
        zero = constant(np.zeros(weight._array_.shape[1], weight._array_.dtype), rows)
        bags = []
        for start, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
            chosen = np.flatnonzero(counted[start:stop]) + start
            # `max` over a dimension gives the gradient to one of equals, as PyTorch does here.
            bags.append(rows[wrap(chosen)].max(0)[0] if chosen.size else zero)
        return stack(bags) if bags else constant(np.zeros((0, *zero._array_.shape), zero._array_.dtype), rows)
    bag = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    scale = counted[: len(bag)].astype(weight._array_.dtype)
    if mode == "mean":
        counts = np.bincount(bag, counted[: len(bag)], len(bounds) - 1)
        scale = scale / np.maximum(counts, 1).astype(scale.dtype)[bag]
    rows = rows[: len(bag)] * wrap(constant_beside(scale[:, None], weight._array_))
    if factors is not None:
        rows = rows * factors.unsqueeze(-1)
    out = weight.new_zeros((len(bounds) - 1, weight._array_.shape[1]))
    return out.index_add(0, wrap(constant_beside(bag, weight._array_)), rows)


def _pool_examples(rows: Tensor, counted: Array, bounds: Array, mode: str, factors: Tensor | None) -> Tensor:
    """The same where each example of a vmap has other bags: by a table of which row is in which bag."""
    places = np.arange(rows._array_.shape[0])
    inside = (bounds[:-1, None] <= places) & (bounds[1:, None] > places) & counted[None, :]
    if mode == "max":
        chosen = wrap(inside[..., None])
        found = where(chosen, rows.unsqueeze(0), -math.inf).max(1)[0]
        return where(chosen.any(1), found, 0.0)
    share = inside.astype(rows._array_.dtype)
    if mode == "mean":
        xp = NAMESPACES[type(share)]
        share = share / xp.maximum(xp.sum(share, axis=1, keepdims=True), xp.ones((), dtype=share.dtype))
    return wrap(share) @ (rows if factors is None else rows * factors.unsqueeze(-1))


@public("embedding_bag", method=False)
def main_embedding_bag(
    weight: Tensor,
    indices: Tensor,
    offsets: Tensor,
    scale_grad_by_freq: bool = False,
    mode: int = 0,
    sparse: bool = False,
    per_sample_weights: Tensor | None = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Bags of rows, see `nn.functional.embedding_bag`, and where they are: (bags, bag of each index, sizes, maxima).

    mode: 0 for sums, 1 for means, 2 for maxima. The other three are int64: to which bag each index goes, how many
    count in each bag, and for maxima the row that each number is of. Sums need none of these and have zeros for them.

    >>> import mibun as torch
    >>> table = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> torch.embedding_bag(table, torch.tensor([0, 1]), torch.tensor([0]), mode=1)
    (tensor([[2., 3.]]), tensor([0, 0]), tensor([2]), tensor([2]))
    """
    check_tensor(weight, "embedding_bag", "weight", 1)
    check_tensor(indices, "embedding_bag", "indices", 2)
    check_tensor(offsets, "embedding_bag", "offsets", 3)
    if mode not in (0, 1, 2):
        raise RuntimeError("`mode` must be sum, mean, or max.")
    if per_sample_weights is not None and mode != 0:
        raise RuntimeError("embedding_bag: per_sample_weights was not None: it is only supported for mode='sum' (0)")
    flat = indices.reshape(-1)
    out = embedding_bag(
        flat,
        weight,
        offsets,
        scale_grad_by_freq=scale_grad_by_freq,
        mode=("sum", "mean", "max")[mode],
        sparse=sparse,
        per_sample_weights=per_sample_weights,
        include_last_offset=include_last_offset,
        padding_idx=padding_idx,
    )
    n, index = out.size(0), flat._array_
    zero = np.zeros(n, np.int64)
    if mode == 0 and padding_idx is None:
        return out, wrap(np.zeros(0, np.int64)), wrap(zero), wrap(zero.copy())
    bounds = offsets._array_ if include_last_offset else np.append(offsets._array_, index.size)
    bag = np.repeat(np.arange(n), np.diff(bounds))
    if mode == 0:
        return out, wrap(bag), wrap(zero), wrap(zero.copy())
    counted = np.ones(index.shape, bool) if padding_idx is None else index != padding_idx % weight.size(0)
    sizes = np.bincount(bag[counted], minlength=n).astype(np.int64)
    if mode == 1:
        return out, wrap(bag), wrap(sizes), wrap(sizes.copy())
    maxima = np.zeros(out._array_.shape, np.int64)
    values, largest = weight._array_[index], out._array_[bag]
    matches = ((values == largest) | (values != values)) & counted[:, None]
    rows, columns = np.nonzero(matches[::-1])  # so that the first of equals is written last
    maxima[bag[::-1][rows], columns] = index[::-1][rows]
    return out, wrap(bag), wrap(sizes), wrap(maxima)


@public("embedding_renorm_", method=False)
def embedding_renorm_(input: Tensor, indices: Tensor, max_norm: float, norm_type: float) -> Tensor:
    """Scale rows of a table down, in place, to a norm of `max_norm`, where they are larger: those at `indices`.

    >>> import mibun as torch
    >>> torch.embedding_renorm_(torch.tensor([[3.0, 4.0], [3.0, 4.0]]), torch.tensor([1]), 1.0, 2.0)
    tensor([[3.0000, 4.0000],
            [0.6000, 0.8000]])
    """
    check_tensor(input, "embedding_renorm_")
    check_tensor(indices, "embedding_renorm_", "indices", 2)
    _check_indices("embedding_renorm_", indices, input.size(0))
    _renormalise(input, indices, max_norm, norm_type)
    return input


def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """Zeros with a one at each index: int64 (*) -> int64 (*, num_classes); by default as many as needed.

    >>> import mibun as torch
    >>> torch.nn.functional.one_hot(torch.tensor([0, 2]))
    tensor([[1, 0, 0],
            [0, 0, 1]])
    """
    check_tensor(tensor, "one_hot")
    array = tensor._array_
    if array.dtype != np.int64:
        raise RuntimeError(f"one_hot is only applicable to index tensor of type LongTensor. Got {tensor.dtype}")
    if array.size == 0 and num_classes <= 0:
        raise RuntimeError("Can not infer total number of classes from empty tensor.")
    limits = limits_of(needed_values(array) if num_classes == -1 else array)
    if limits is not None and limits[0] < 0:
        raise RuntimeError("Class values must be non-negative.")
    if num_classes == -1:
        if isinstance(tensor, BatchedTensor):
            raise RuntimeError(
                "When vmap-ing torch.nn.functional.one_hot, please provide an explicit positive num_classes argument."
            )
        num_classes = int(limits[1]) + 1 if limits is not None else 1
    elif num_classes < 1:
        raise RuntimeError("num_classes should be positive")
    elif limits is not None and limits[1] >= num_classes:
        raise RuntimeError("Class values must be smaller than num_classes.")
    xp = namespace_of(array)
    flat = xp.reshape(array, (-1,))
    found = xp.put_classes(xp.ones_like(flat), flat, (*flat.shape, num_classes))
    return wrap(xp.reshape(found, (*array.shape, num_classes)))
