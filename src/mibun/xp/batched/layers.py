"""What single layers ask for: the steps of an LSTM, how often an index occurs, distances of all pairs of rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from .array import Batched
from .rules import below, single, whole


@single("lstm_steps")
def lstm_steps(gates: Any, hidden: Any, cell: Any, weight: Any, reverse: bool) -> tuple | None:
    """With the same weight for all, examples are more of the batch: (times, examples * batch, width)."""
    if type(weight) is Batched:
        return None
    like = next(x for x in (gates, hidden, cell) if type(x) is Batched)
    n = like.array.shape[0]
    steps = np.moveaxis(whole(gates, like), 0, 1)
    steps = np.ascontiguousarray(steps).reshape((steps.shape[0], n * steps.shape[2], steps.shape[3]))
    states = [np.ascontiguousarray(whole(x, like)).reshape((n * x.shape[0], x.shape[1])) for x in (hidden, cell)]
    found = below("lstm_steps")(steps, *states, weight, reverse)
    if found is None:
        return None
    return tuple([Batched(np.moveaxis(x.reshape((x.shape[0], n, -1, x.shape[2])), 1, 0), like.levels) for x in found])


@single("frequencies")
def frequencies(indices: Any) -> Batched:
    """The indices of each example are numbers of their own."""
    array = indices.array
    if not array.size:
        return indices
    places = np.arange(array.shape[0]).reshape((-1, *(1,) * (array.ndim - 1))) * (array.max() + 1)
    return Batched(below("frequencies")(array + places), indices.levels)


_DIFFERENCES = 1 << 20  # at a time


def _few(x: Any) -> bool:
    """Whether the differences of all pairs of rows of all examples are few enough to be made together."""
    n, rows, columns = x.shape
    return n * rows * rows * columns <= _DIFFERENCES


@single("euclidean_pairs")
def euclidean_pairs(x: Any) -> Batched:
    array = x.array
    if not _few(array):  # blocks of one example are as much as is worth doing at a time
        return Batched(np.stack([below("euclidean_pairs")(one) for one in array]), x.levels)
    first, second = np.triu_indices(array.shape[1], 1)
    differences = array[:, first] - array[:, second]
    differences *= differences
    return Batched(np.sqrt(np.add.reduce(differences, axis=2, dtype=array.dtype)), x.levels)


@single("weighted_differences")
def weighted_differences(weights: Any, x: Any) -> Batched:
    like = weights if type(weights) is Batched else x
    factors, rows = whole(weights, like), whole(x, like)
    if not _few(rows):
        pairs = zip(factors, rows, strict=True)
        return Batched(np.stack([below("weighted_differences")(one, other) for one, other in pairs]), like.levels)
    return Batched(np.einsum("nij,nijk->nik", factors, rows[:, :, None] - rows[:, None]), like.levels)
