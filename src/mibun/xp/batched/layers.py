"""What single layers ask for: the steps of an LSTM, how often an index occurs, distances of all pairs of rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from .array import INCOMPATIBLE, Batched
from .library import is_array, xp
from .rules import batched_in, below, rule, single, whole


def _as_batch(x: Any, axis: int, like: Batched) -> Any:
    """The array of x with the examples as more of its axis `axis`, the batch."""
    array = xp.moveaxis(whole(x, like), 0, axis)
    shape = array.shape
    return xp.ascontiguousarray(array).reshape((*shape[:axis], shape[axis] * shape[axis + 1], *shape[axis + 2 :]))


def _as_examples(x: Any, axis: int, like: Batched) -> Batched:
    """The transpose of `_as_batch`."""
    array = x.reshape((*x.shape[:axis], like.array.shape[0], -1, *x.shape[axis + 1 :]))
    return Batched(xp.moveaxis(array, axis, 0), like.levels)


@single("lstm_steps")
def lstm_steps(
    input: Any, hidden: Any, cell: Any, w_ih: Any, w_hh: Any, bias: Any, reverse: bool
) -> tuple[Any, Any, Any] | None:
    """With the same weights for all, examples are more of the batch: (times, examples * batch, width)."""
    if any([type(x) is Batched for x in (w_ih, w_hh, bias)]):
        return None
    like = batched_in((input, hidden, cell))[0]
    states = [_as_batch(x, 0, like) for x in (hidden, cell)]
    found = below("lstm_steps")(_as_batch(input, 1, like), *states, w_ih, w_hh, bias, reverse)
    if found is None:
        return None
    *results, work = found
    return *[_as_examples(x, 1, like) for x in results], (like.levels, work)


@single("lstm_steps_back")
def lstm_steps_back(
    for_output: Any, for_cells: Any, work: Any, cells: Any, weight: Any, reverse: bool
) -> tuple[Any, Any, Any] | None:
    if type(weight) is Batched:
        return None
    like = batched_in((for_output, for_cells, cells))[0]
    if type(work) is tuple:
        levels, work = work
        if levels != like.levels:
            return None
    elif is_array(work):  # the layer had no examples, but its gradients do
        work = xp.tile(work, (1, 1, like.array.shape[0], 1))
    found = below("lstm_steps_back")(
        *[_as_batch(x, 1, like) for x in (for_output, for_cells)], work, _as_batch(cells, 1, like), weight, reverse
    )
    if found is None:
        return None
    return _as_examples(found[0], 1, like), *[_as_examples(x, 0, like) for x in found[1:]]


@rule("sums_over_paths")
def by_the_kernel(*args: Any) -> None:
    """None: the operator's own formula, of all examples at once, takes the place of what is quicker for one."""


@single("frequencies")
def frequencies(indices: Any) -> Batched:
    """The indices of each example are numbers of their own."""
    array = indices.array
    if not array.size:
        return indices
    places = xp.arange(array.shape[0]).reshape((-1, *(1,) * (array.ndim - 1))) * (array.max() + 1)
    return Batched(below("frequencies")(array + places), indices.levels)


@single("renormalise_rows")
def renormalise_rows(table: Any, indices: Any, most: float, order: float) -> None:
    """The tables of all examples are one with as many more rows."""
    if type(table) is not Batched:
        raise RuntimeError(INCOMPATIBLE.replace("inplace arithmetic", "aten::embedding_renorm_"))
    array, n = table.array, table.shape[0]
    places = whole(indices, table)
    places = places + xp.arange(array.shape[0]).reshape((-1, *(1,) * (places.ndim - 1))) * n
    rows = array.reshape((-1, array.shape[2]))
    below("renormalise_rows")(rows, places, most, order)
    if type(rows) is np.ndarray and not np.shares_memory(rows, array):
        array[...] = rows.reshape(array.shape)


@single("counts_of_targets")
def counts_of_targets(targets: Any, dtype: Any) -> Batched:
    rows = targets.array.reshape((-1, targets.shape[1]))
    return Batched(below("counts_of_targets")(rows, dtype).reshape(targets.array.shape), targets.levels)


_DIFFERENCES = 1 << 20  # at a time


def _few(x: Any) -> bool:
    """Whether the differences of all pairs of rows of all examples are few enough to be made together."""
    n, rows, columns = x.shape
    return n * rows * rows * columns <= _DIFFERENCES


@single("euclidean_pairs")
def euclidean_pairs(x: Any) -> Batched:
    array = x.array
    if (
        not _few(array) or type(array) is not np.ndarray
    ):  # blocks of one example are as much as is worth doing at a time
        return Batched(xp.stack([below("euclidean_pairs")(one) for one in array], axis=0), x.levels)
    first, second = np.triu_indices(array.shape[1], 1)
    differences = array[:, first] - array[:, second]
    differences *= differences
    return Batched(np.sqrt(np.add.reduce(differences, axis=2, dtype=array.dtype)), x.levels)


@single("weighted_differences")
def weighted_differences(weights: Any, x: Any) -> Batched:
    like = weights if type(weights) is Batched else x
    factors, rows = whole(weights, like), whole(x, like)
    if not _few(rows) or type(rows) is not np.ndarray:
        pairs = zip(factors, rows, strict=True)
        return Batched(
            xp.stack([below("weighted_differences")(one, other) for one, other in pairs], axis=0), like.levels
        )
    return Batched(np.einsum("nij,nijk->nik", factors, rows[:, :, None] - rows[:, None]), like.levels)
