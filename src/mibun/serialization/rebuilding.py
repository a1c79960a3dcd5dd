"""How the objects of a file are made again: the functions that files name, of `torch._utils` and its like.

They are given what the file says, so each checks what it is given: a tensor has to lie within its memory.
"""

from __future__ import annotations

import collections
import pickle
from typing import Any

import numpy as np

from ..core import dtypes
from ..core.device import device as _device
from ..core.meta import without_data
from ..core.size import Size
from ..core.tensor import Tensor, bare, wrap
from ..nn.parameter import Parameter
from ..ops.conversion.typed_storages import TypedStorage
from ..ops.conversion.untyped_storages import UntypedStorage

_OWN_STATE = frozenset(
    name for name in Tensor.__dict__ if not name.startswith("__")
)  # what an attribute from a file must not replace


def _wrong(what: str) -> pickle.UnpicklingError:
    return pickle.UnpicklingError(f"Weights only load failed. {what}")


def rebuild_tensor(storage: Any, storage_offset: int, size: Any, stride: Any) -> Tensor:
    """A tensor on a storage, of this geometry. RuntimeError where it would not lie within."""
    if not isinstance(storage, TypedStorage):
        raise _wrong("A tensor stands on something that is no memory.")
    dtype, memory = storage.dtype, storage._untyped._array_
    shape = tuple(int(n) for n in size)
    if storage.device.type == "meta":  # by `map_location`
        return wrap(without_data(shape, dtype.np, tuple(int(s) for s in stride)))
    strides = tuple(int(s) * dtype.itemsize for s in stride)
    try:
        array = np.ndarray(shape, dtype.np, memory, int(storage_offset) * dtype.itemsize, strides)
    except (ValueError, TypeError) as error:
        raise RuntimeError(
            f"the file is damaged: a tensor of sizes {list(shape)} and strides {list(stride)} at offset "
            f"{storage_offset} does not fit in its memory of {memory.nbytes // dtype.itemsize} elements"
        ) from error
    return wrap(array)


def rebuild_tensor_v2(
    storage: Any,
    storage_offset: int,
    size: Any,
    stride: Any,
    requires_grad: bool,
    backward_hooks: Any,
    metadata: Any = None,
) -> Tensor:
    """The same with the flag; metadata: "conj" and "neg", whether the values are to be conjugated or negated."""
    result = rebuild_tensor(storage, storage_offset, size, stride)
    if metadata and metadata.get("conj"):
        result = wrap(np.conj(result._array_))
    if metadata and metadata.get("neg"):
        result = wrap(np.negative(result._array_))
    return result.requires_grad_() if requires_grad else result


def rebuild_tensor_v3(
    storage: Any,
    storage_offset: int,
    size: Any,
    stride: Any,
    requires_grad: bool,
    backward_hooks: Any,
    dtype: Any,
    metadata: Any = None,
) -> Tensor:
    """The same on bytes, for dtypes of which there are no storages."""
    if type(dtype) is not dtypes.dtype:
        raise _wrong("A tensor has no dtype.")
    if isinstance(storage, TypedStorage):
        storage = TypedStorage._of(storage._untyped, dtype)
    return rebuild_tensor_v2(storage, storage_offset, size, stride, requires_grad, backward_hooks, metadata)


def rebuild_meta_tensor_no_storage(dtype: Any, size: Any, stride: Any, requires_grad: bool) -> Tensor:
    """A tensor without data, on the device "meta"."""
    if type(dtype) is not dtypes.dtype:
        raise _wrong("A tensor has no dtype.")
    shape, strides = tuple(int(n) for n in size), tuple(int(s) for s in stride)
    result = wrap(without_data(shape, dtype.np, strides))
    return result.requires_grad_() if requires_grad else result


def rebuild_sparse_tensor(layout: Any, parts: Any) -> Any:
    """A sparse tensor of a layout from the tensors that it consists of, which must fit together."""
    from ..sparse import sparse_compressed_tensor, sparse_coo_tensor

    if not all(isinstance(part, Tensor) for part in parts[:2]) or type(layout) is not dtypes.layout:
        raise _wrong("A sparse tensor does not consist of tensors.")
    if layout is dtypes.sparse_coo:
        indices, values, size = parts[:3]
        coalesced = bool(parts[3]) if len(parts) > 3 else None
        return sparse_coo_tensor(indices, values, tuple(size), check_invariants=True, is_coalesced=coalesced)
    compressed, plain, values = parts[:3]
    return sparse_compressed_tensor(compressed, plain, values, tuple(parts[3]), layout=layout, check_invariants=True)


def rebuild_parameter(data: Any, requires_grad: bool, backward_hooks: Any) -> Parameter:
    """A Parameter on a tensor's memory."""
    if not isinstance(data, Tensor):
        raise _wrong("A parameter has no tensor.")
    return Parameter(data, bool(requires_grad))


def rebuild_parameter_with_state(data: Any, requires_grad: bool, backward_hooks: Any, state: Any) -> Parameter:
    """The same, with attributes."""
    return set_state(rebuild_parameter(data, requires_grad, backward_hooks), state)


def rebuild_from_type_v2(func: Any, new_type: Any, args: Any, state: Any) -> Any:
    """A tensor that `func(*args)` makes, of a class and with attributes."""
    if func not in TENSOR_MAKERS:
        raise _wrong("A tensor is made by an unknown function.")
    result = func(*args)
    if isinstance(new_type, type) and new_type is not type(result) and issubclass(new_type, Tensor):
        made = bare(new_type, result._array_)
        made._edge_ = result._edge_
        result = made
    if type(result).__setstate__ is not Tensor.__setstate__:  # the user's own
        result.__setstate__(state)
        return result
    return set_state(result, state)


def set_state(tensor: Any, state: Any) -> Any:
    """Give a tensor attributes: a dict of them, or that and one of slots. What is the tensor's own stays."""
    slots: Any = {}
    if isinstance(state, tuple) and len(state) == 2:
        state, slots = state
    for values in (state, slots):
        for name, value in values.items() if isinstance(values, dict) else ():
            if isinstance(name, str) and name not in _OWN_STATE and not name.startswith("__"):
                if values is slots:
                    setattr(tensor, name, value)
                else:
                    tensor.__dict__[name] = value
    return tensor


def encode(text: Any, encoding: Any) -> bytes:
    """`_codecs.encode`, by which protocol 2 has bytes."""
    if not isinstance(text, str) or encoding != "latin1":
        raise _wrong("The file holds bytes in an unknown encoding.")
    return text.encode("latin1")


_LAYOUTS = {
    name: layout
    for layout in (getattr(dtypes, f"sparse_{kind}") for kind in ("coo", "csr", "csc", "bsr", "bsc"))
    for name in (str(layout), str(layout).removeprefix("torch."))
} | {"torch.strided": dtypes.strided, "strided": dtypes.strided}


def get_layout(name: Any) -> Any:
    """The layout of this name."""
    if name in _LAYOUTS:
        return _LAYOUTS[name]
    raise _wrong(f"The file has a layout that there is not here: {name}.")


TENSOR_MAKERS = (
    rebuild_sparse_tensor,
    rebuild_tensor_v2,
    rebuild_tensor_v3,
    rebuild_parameter,
    rebuild_parameter_with_state,
)

# What files may name without anybody's consent: (module, name) -> what it is here. None of these does anything but make
# the object.
READABLE: dict[tuple[str, str], Any] = {
    ("torch._utils", "_rebuild_tensor"): rebuild_tensor,
    ("torch._utils", "_rebuild_tensor_v2"): rebuild_tensor_v2,
    ("torch._utils", "_rebuild_tensor_v3"): rebuild_tensor_v3,
    ("torch._utils", "_rebuild_meta_tensor_no_storage"): rebuild_meta_tensor_no_storage,
    ("torch._utils", "_rebuild_parameter"): rebuild_parameter,
    ("torch._utils", "_rebuild_sparse_tensor"): rebuild_sparse_tensor,
    ("torch._utils", "_rebuild_parameter_with_state"): rebuild_parameter_with_state,
    ("torch._tensor", "_rebuild_from_type_v2"): rebuild_from_type_v2,
    ("torch.serialization", "_get_layout"): get_layout,
    ("torch.storage", "UntypedStorage"): UntypedStorage,
    ("torch.storage", "TypedStorage"): TypedStorage,
    ("torch", "Tensor"): Tensor,
    ("torch.nn.parameter", "Parameter"): Parameter,
    ("torch", "Size"): Size,
    ("torch", "device"): _device,
    ("torch", "strided"): dtypes.strided,
    ("collections", "OrderedDict"): collections.OrderedDict,
    ("collections", "Counter"): collections.Counter,
    ("_codecs", "encode"): encode,
}
for _kind in (set, frozenset, complex, bytearray):
    READABLE["builtins", _kind.__name__] = _kind
for _dtype in (*dtypes.ALL, *dtypes.FLOAT8):
    READABLE["torch", _dtype.name] = _dtype
STORAGE_DTYPES = {f"{d.scalar_name}Storage": d for d in dtypes.ALL}


class Memory:
    """What a file that only mibun reads says of a storage's elements: they are bytes."""


class StorageType:
    """What a file says of a storage's elements: "FloatStorage" and its like."""

    def __init__(self, name: str) -> None:
        if name not in STORAGE_DTYPES:
            raise KeyError(name)
        self._dtype = STORAGE_DTYPES[name]

    @property
    def dtype(self) -> dtypes.dtype:
        """The dtype of the elements."""
        return self._dtype

    def __str__(self) -> str:
        return f"StorageType(dtype={self.dtype})"


for _name in STORAGE_DTYPES:
    READABLE["torch", _name] = StorageType(_name)
