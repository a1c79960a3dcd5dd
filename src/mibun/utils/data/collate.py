"""How samples become a batch: Tensors are stacked, numbers become Tensors, structures are kept."""

from __future__ import annotations

import copy
from collections.abc import Mapping, MutableMapping, MutableSequence, Sequence
from typing import Any

import numpy as np

from ...core.dtypes import float64
from ...core.tensor import Tensor
from ...ops.creation.from_data import as_tensor
from ...ops.shape.joining import stack


def _wrong(what: Any) -> TypeError:
    return TypeError(
        f"default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found {what}"
    )


def default_convert(data: Any) -> Any:
    """NumPy arrays and scalars in a sample as Tensors; what a loader that makes no batches does with each sample.

    Mappings and sequences are converted item by item and keep their type, but for tuples without names, which become
    lists; all else stays as it is.

    >>> import mibun as torch
    >>> import numpy as np
    >>> torch.utils.data.default_convert({"x": np.ones(2), "name": "a"})
    {'x': tensor([1., 1.], dtype=torch.float64), 'name': 'a'}
    """
    if isinstance(data, Tensor):
        return data
    if isinstance(data, (np.ndarray, np.generic)):
        return data if data.dtype.kind in "SUO" else as_tensor(data)
    if isinstance(data, Mapping):
        converted = {key: default_convert(value) for key, value in data.items()}
        return _like(data, converted)
    if isinstance(data, tuple) and hasattr(data, "_fields"):
        return type(data)(*map(default_convert, data))
    if isinstance(data, tuple):
        return [default_convert(item) for item in data]
    if isinstance(data, Sequence) and not isinstance(data, (str, bytes)):
        return _like(data, [default_convert(item) for item in data])
    return data


def default_collate(batch: Any) -> Any:
    """A batch from a list of samples.

    Tensors and arrays are stacked along a new first dimension; numbers become a Tensor (float64, int64 or bool);
    strings stay a list. Of mappings, named tuples, tuples and sequences one is made, of the batches of their parts.

    Args:
        batch: a sequence of samples of one structure, not empty.

    Raises:
        RuntimeError: where sizes differ.
        TypeError: for samples of other types.

    >>> import mibun as torch
    >>> torch.utils.data.default_collate([(1, "a"), (2, "b")])
    [tensor([1, 2]), ('a', 'b')]
    """
    first = batch[0]
    if isinstance(first, Tensor):
        return stack(list(batch), 0)
    if isinstance(first, (str, bytes)):  # NumPy's too, which are scalars of an array as well
        return batch
    if isinstance(first, (np.ndarray, np.generic)):
        if first.dtype.kind in "SUO":
            raise _wrong(first.dtype)
        if first.ndim == 0:
            return as_tensor(np.asarray(batch))
        return default_collate([as_tensor(item) for item in batch])
    if isinstance(first, float):
        return as_tensor(batch, dtype=float64 if all(isinstance(item, float) for item in batch) else None)
    if isinstance(first, int):
        return as_tensor(batch)
    if isinstance(first, Mapping):
        return _like(first, {key: default_collate([sample[key] for sample in batch]) for key in first})
    if isinstance(first, Sequence):
        if any(len(sample) != len(first) for sample in batch):
            raise RuntimeError("each element in list of batch should be of equal size")
        parts = list(zip(*batch, strict=True))
        if isinstance(first, tuple) and hasattr(first, "_fields"):
            return type(first)(*map(default_collate, parts))
        collated = [default_collate(part) for part in parts]
        return collated if isinstance(first, tuple) else _like(first, collated)
    raise _wrong(type(first))


def _like(original: Any, values: Any) -> Any:
    """The values in a container of the original's type, where one can be made; else in a plain dict or list."""
    try:
        if isinstance(original, MutableMapping) and type(original) is not dict:
            clone = copy.copy(original)  # keeps attributes, such as a default factory
            clone.update(values)
            return clone
        if isinstance(original, MutableSequence) and type(original) is not list:
            clone = copy.copy(original)
            for index, value in enumerate(values):
                clone[index] = value
            return clone
        return values if type(original) in (dict, list) else type(original)(values)
    except TypeError:
        return values
