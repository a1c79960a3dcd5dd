"""How samples become a batch: Tensors are stacked, numbers become Tensors, structures are kept."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping, MutableMapping, MutableSequence, Sequence
from typing import Any

import numpy as np

from ....core.dtypes import float64
from ....core.tensor import Tensor
from ....ops.creation.from_data import as_tensor, tensor
from ....ops.shape.joining import stack
from .channel import stacked_in_shared_memory
from .worker_info import get_worker_info

np_str_obj_array_pattern = re.compile("[SaUO]")  # the kinds of NumPy's dtypes that are no numbers
default_collate_err_msg_format = (
    "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found {}"
)


def _wrong(what: Any) -> TypeError:
    return TypeError(default_collate_err_msg_format.format(what))


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
        return like(data, converted)
    if isinstance(data, tuple) and hasattr(data, "_fields"):
        return type(data)(*map(default_convert, data))
    if isinstance(data, tuple):
        return [default_convert(item) for item in data]
    if isinstance(data, Sequence) and not isinstance(data, (str, bytes)):
        return like(data, [default_convert(item) for item in data])
    return data


Collate = Callable[..., Any]
CollateMap = dict[type | tuple[type, ...], Collate]


def collate(batch: Any, *, collate_fn_map: CollateMap | None = None) -> Any:
    """A batch from a list of samples, by functions for each type of sample.

    The function for the type of the first sample is called with the list and the map itself; without one for the very
    type, the first whose type the sample is an instance of. Mappings, named tuples, tuples and sequences that have none
    are taken apart, and of each part's batch one of the same type is made.

    Args:
        batch: a sequence of samples of one structure, not empty.
        collate_fn_map: functions `(batch, *, collate_fn_map)` by type, or by a tuple of types.

    Raises:
        RuntimeError: where sizes differ.
        TypeError: for samples of other types.

    >>> from mibun.utils.data._utils.collate import collate
    >>> joined = lambda batch, *, collate_fn_map: "".join(batch)
    >>> collate([("a", "c"), ("b", "d")], collate_fn_map={str: joined})
    ['ab', 'cd']
    """
    first = batch[0]
    functions = collate_fn_map or {}
    function = functions.get(type(first)) or next(
        (function for kind, function in functions.items() if isinstance(first, kind)), None
    )
    if function is not None:
        return function(batch, collate_fn_map=collate_fn_map)
    if isinstance(first, Mapping):
        parts = {key: collate([sample[key] for sample in batch], collate_fn_map=collate_fn_map) for key in first}
        return like(first, parts)
    if isinstance(first, Sequence):
        if any(len(sample) != len(first) for sample in batch):
            raise RuntimeError("each element in list of batch should be of equal size")
        parts = [collate(part, collate_fn_map=collate_fn_map) for part in zip(*batch, strict=True)]
        if isinstance(first, tuple) and hasattr(first, "_fields"):
            return type(first)(*parts)
        return parts if isinstance(first, tuple) else like(first, parts)
    raise _wrong(type(first))


def collate_tensor_fn(batch: Any, *, collate_fn_map: CollateMap | None = None) -> Tensor:
    """Tensors stacked along a new first dimension; in a worker, in memory that the main process sees too."""
    if get_worker_info() is not None:
        stacked = stacked_in_shared_memory(batch)
        if stacked is not None:
            return stacked
    return stack(list(batch), 0)


def collate_numpy_array_fn(batch: Any, *, collate_fn_map: CollateMap | None = None) -> Tensor:
    """NumPy arrays, as Tensors, stacked along a new first dimension. TypeError for arrays of strings and objects."""
    if batch[0].dtype.kind in "SUO":
        raise _wrong(batch[0].dtype)
    return collate([as_tensor(item) for item in batch], collate_fn_map=collate_fn_map)


def collate_numpy_scalar_fn(batch: Any, *, collate_fn_map: CollateMap | None = None) -> Tensor:
    """NumPy's scalars as a Tensor of one dimension."""
    return as_tensor(np.asarray(batch))


def collate_float_fn(batch: Any, *, collate_fn_map: CollateMap | None = None) -> Tensor:
    """Floats as a float64 Tensor."""
    return tensor(batch, dtype=float64)


def collate_int_fn(batch: Any, *, collate_fn_map: CollateMap | None = None) -> Tensor:
    """Ints or bools as an int64 or bool Tensor; of the default dtype where a float is among them."""
    return tensor(batch)


def collate_str_fn(batch: Any, *, collate_fn_map: CollateMap | None = None) -> Any:
    """Strings, or bytes, as they are."""
    return batch


default_collate_fn_map: CollateMap = {
    Tensor: collate_tensor_fn,
    np.ndarray: collate_numpy_array_fn,
    (np.bool_, np.number, np.object_): collate_numpy_scalar_fn,
    float: collate_float_fn,
    int: collate_int_fn,
    str: collate_str_fn,
    bytes: collate_str_fn,
}


def default_collate(batch: Any) -> Any:
    """A batch from a list of samples.

    Tensors and arrays are stacked along a new first dimension; numbers become a Tensor (float64, int64 or bool);
    strings stay a list. Of mappings, named tuples, tuples and sequences one is made, of the batches of their parts.
    `default_collate_fn_map` has the functions; one that is added there is used from then on.

    Args:
        batch: a sequence of samples of one structure, not empty.

    Raises:
        RuntimeError: where sizes differ.
        TypeError: for samples of other types.

    >>> import mibun as torch
    >>> torch.utils.data.default_collate([(1, "a"), (2, "b")])
    [tensor([1, 2]), ('a', 'b')]
    """
    return collate(batch, collate_fn_map=default_collate_fn_map)


def like(original: Any, values: Any) -> Any:
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
