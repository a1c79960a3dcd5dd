"""`save` and `load`: tensors and plain Python data in PyTorch's own file format, so that files can be exchanged.

A file is a zip archive of one record for each block of memory and a pickle that says how they are put together. The
pickle is read by an unpickler that knows a short list of names and refuses all others: nothing in a file can execute.
"""

from __future__ import annotations

import collections
import functools
import io
import os
import pickle
import sys
import warnings
import zipfile
from typing import Any

import numpy as np

from .core import dtypes
from .core.device import device as _device
from .core.site import stacklevel
from .core.size import Size
from .core.tensor import Tensor, wrap
from .core.views import own_array
from .nn.parameter import Parameter
from .ops.conversion.layouts import is_sparse_array
from .utils.hooks import warn_if_has_hooks
from .xp.numpy.memory import storage

__all__ = ["load", "save"]

_STORAGES = {f"{d.scalar_name}Storage": d for d in dtypes.ALL}
_DTYPES = {d.name: d for d in dtypes.ALL}
# PyTorch has no typed storages of these: their memory is written as bytes, and the tensor says what they are.
_UNTYPED = (dtypes.uint16, dtypes.uint32, dtypes.uint64)
_OWN_STATE = frozenset(
    name for name in Tensor.__dict__ if not name.startswith("__")
)  # what an attribute from a file must not replace


# --- writing ---


class _Name:
    """A name of PyTorch's, to be written into the pickle though no such module may be installed."""

    def __init__(self, module: str, name: str) -> None:
        self.module, self.name = module, name

    def __call__(self) -> None:  # the pickler asks whether what makes an object can be called
        raise TypeError(f"{self.module}.{self.name} is only a name here")


_NAMES: dict[tuple[str, str], _Name] = {}


def _name(module: str, name: str) -> _Name:
    return _NAMES.setdefault((module, name), _Name(module, name))


_PLAIN = (type(None), bool, int, float, str, list, tuple, dict)


class _Writer(pickle._Pickler):  # type: ignore[name-defined]
    """Pickles plain data and Tensors under PyTorch's names; `blocks` are the memory that the Tensors stand on."""

    def __init__(self, file: Any, protocol: int) -> None:
        super().__init__(file, protocol=protocol)
        self.blocks: list[Any] = []
        self.keys: dict[int, int] = {}
        self.dtypes: dict[int, Any] = {}

    def save_global(self, obj: Any, name: Any = None) -> None:
        module = obj.module if isinstance(obj, _Name) else "torch"  # else a dtype
        pickler: Any = self
        pickler.write(pickle.GLOBAL + f"{module}\n{obj.name}\n".encode("ascii"))
        pickler.memoize(obj)

    def persistent_id(self, obj: Any) -> Any:
        if isinstance(obj, _Block):
            if obj.dtype in _UNTYPED:
                size = obj.count * obj.dtype.itemsize
                return ("storage", _name("torch.storage", "UntypedStorage"), str(obj.key), "cpu", size)
            storage_type = _name("torch", f"{obj.dtype.scalar_name}Storage")
            return ("storage", storage_type, str(obj.key), "cpu", obj.count)
        return None

    def reducer_override(self, obj: Any) -> Any:
        kind = type(obj)
        if kind in _PLAIN:
            return NotImplemented
        if kind is _Name:
            return obj.name
        if kind is _Made:
            return obj.made
        if isinstance(obj, Tensor):
            return self._tensor(obj)
        if kind is collections.OrderedDict:
            state = vars(obj) or None
            return _name("collections", "OrderedDict"), (), state, None, iter(list(obj.items()))
        if kind is collections.Counter:
            return _name("collections", "Counter"), (dict(obj),)
        if kind is set:
            return _name("__builtin__", "set"), (list(obj),)
        if kind is complex:
            return _name("__builtin__", "complex"), (obj.real, obj.imag)
        if kind in (bytes, bytearray):
            encoded = (_name("_codecs", "encode"), (bytes(obj).decode("latin1"), "latin1"))
            return encoded if kind is bytes else (_name("__builtin__", "bytearray"), (bytes(obj),))
        if kind is Size:
            return _name("torch", "Size"), (tuple(obj),)
        if kind is dtypes.dtype:
            return obj.name
        if kind is _device:
            return _name("torch", "device"), ((obj.type,) if obj.index is None else (obj.type, obj.index))
        raise _unsaveable(obj)

    def _tensor(self, tensor: Any) -> Any:
        is_parameter = type(tensor) is not Tensor
        if is_parameter:
            if not isinstance(tensor, Parameter):
                raise _unsaveable(tensor)
        if is_sparse_array(tensor._array_):
            data = (_name("torch._utils", "_rebuild_sparse_tensor"), _sparse_parts(tensor))
            return data if not is_parameter else self._parameter(data, tensor)
        block, offset, strides = self._block(tensor)
        if not is_parameter:
            warn_if_has_hooks(tensor)
        hooks = collections.OrderedDict()
        shape = tuple(tensor._array_.shape)
        grad = tensor.requires_grad and not is_parameter
        made = (_name("torch._utils", "_rebuild_tensor_v2"), (block, offset, shape, strides, grad, hooks))
        if tensor.dtype in _UNTYPED:
            made = (_name("torch._utils", "_rebuild_tensor_v3"), (*made[1], tensor.dtype))
        if not is_parameter:
            return made
        return self._parameter(made, tensor)

    def _parameter(self, made: Any, tensor: Any) -> Any:
        arguments = (_Made(made), tensor.requires_grad, collections.OrderedDict())
        return _name("torch._utils", "_rebuild_parameter"), arguments

    def _block(self, tensor: Any) -> tuple[Any, int, tuple[int, ...]]:
        array = np.asarray(own_array(tensor))
        root = storage(array)
        dense = root.flags.c_contiguous or root.flags.f_contiguous
        size = array.itemsize
        start = array.__array_interface__["data"][0] - root.__array_interface__["data"][0] if array.size else 0
        fits = root.nbytes % size == 0 and start % size == 0 and not any(s % size for s in array.strides)
        # A block of the file has one dtype: that of the first tensor on it. Others than these are copied.
        if not dense or not fits or self.dtypes.get(id(root), array.dtype) != array.dtype:
            root = array = np.ascontiguousarray(array).reshape(array.shape)
            start = 0
        key = self.keys.get(id(root))
        if key is None:
            key = self.keys[id(root)] = len(self.blocks)
            self.dtypes[id(root)] = array.dtype
            self.blocks.append(root)
        return _Block(key, tensor.dtype, root.nbytes // size), start // size, tuple(s // size for s in array.strides)


class _Made:
    """Stands for an object that is written as (function, arguments)."""

    def __init__(self, made: tuple) -> None:
        self.made = made


class _Block:
    """A block of memory in the archive."""

    def __init__(self, key: int, dtype: Any, count: int) -> None:
        self.key, self.dtype, self.count = key, dtype, count


def _unsaveable(obj: Any) -> Exception:
    kind = obj if isinstance(obj, type) else type(obj)
    return pickle.PicklingError(
        f"save() cannot save an object of type {kind.__module__}.{kind.__qualname__}: files hold Tensors, Parameters "
        "and plain data (numbers, strings, lists, tuples, dicts, sets), so that reading them executes nothing. Of a "
        "Module or an optimizer, save its state_dict()."
    )


def save(obj: Any, f: Any, *, pickle_protocol: int = 2) -> None:
    """Write Tensors, in lists, tuples, dicts and sets with numbers and strings, to a file that PyTorch reads too.

    f: a path, or a binary file object. Tensors that share memory share it after loading. pickle_protocol: of the part
    that says how the tensors are put together; PyTorch reads 2 to 5, and 2 alone with `weights_only=True`. ValueError
    for a protocol that there is not. PicklingError for objects of other kinds; the file is not touched then.

    >>> import io, mibun as torch
    >>> f = io.BytesIO()
    >>> torch.save({"w": torch.ones(2), "step": 3}, f)
    >>> _ = f.seek(0)
    >>> torch.load(f)
    {'w': tensor([1., 1.]), 'step': 3}
    """
    _check_file(f, "write")
    structure = io.BytesIO()
    writer = _Writer(structure, pickle_protocol)
    writer.dump(obj)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("archive/data.pkl", structure.getvalue())
        archive.writestr("archive/byteorder", sys.byteorder)
        for key, block in enumerate(writer.blocks):
            archive.writestr(_aligned(f"archive/data/{key}", target.tell()), block.ravel(order="K").tobytes())
        archive.writestr("archive/version", "3\n")
    if hasattr(f, "write"):
        f.write(target.getvalue())
    else:
        with open(f, "wb") as file:
            file.write(target.getvalue())


_ALIGNMENT = 64
_HEADER = 30  # bytes of a record in a zip archive before its name, which an extra field and the data follow


def _aligned(name: str, start: int) -> zipfile.ZipInfo:
    """A record whose data begin at a multiple of 64 bytes, so that they can be used where they lie (`mmap=True`)."""
    info = zipfile.ZipInfo(name)
    padding = -(start + _HEADER + len(name) + 4) % _ALIGNMENT
    info.extra = b"FB" + padding.to_bytes(2, "little") + bytes(padding)  # PyTorch's name for the same
    return info


def _check_file(f: Any, method: str) -> None:
    if not isinstance(f, (str, os.PathLike)) and not hasattr(f, method):
        raise AttributeError(
            f"expected 'f' to be string, path, or a file-like object with a '{method}' attribute, not "
            f"{type(f).__name__}"
        )


# --- reading ---


class _Reader:
    """What an unpickler needs to read the pickle of a file: it knows the names below and no others."""

    def __init__(
        self,
        file: Any,
        archive: zipfile.ZipFile,
        prefix: str,
        map_location: Any,
        memory: np.ndarray | None,
        options: dict[str, Any],
    ) -> None:
        super().__init__(file, **{"encoding": "utf-8", **options})  # type: ignore[call-arg]
        self.archive, self.prefix, self.map_location, self.memory = archive, prefix, map_location, memory
        self.blocks: dict[str, Any] = {}
        order = f"{prefix}byteorder"
        self.order = archive.read(order).decode("ascii", "replace") if order in archive.namelist() else "little"

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _READABLE:
            return _READABLE[module, name]
        if module == "torch" and name in _STORAGES:
            return _STORAGES[name]
        if module == "torch" and name in _DTYPES:
            return _DTYPES[name]
        raise pickle.UnpicklingError(
            f"Weights only load failed. Unsupported global: GLOBAL {module}.{name} was not an allowed global by "
            "default. Files are read without executing anything, so they may hold Tensors, Parameters and plain data "
            "only; save the state_dict() of a Module or an optimizer, not the object itself."
        )

    def persistent_load(self, pid: Any) -> Any:
        if not (isinstance(pid, tuple) and len(pid) == 5 and pid[0] == "storage" and type(pid[1]) is dtypes.dtype):
            raise pickle.UnpicklingError(f"Weights only load failed. The file names an unknown kind of record: {pid!r}")
        _, dtype, key, location, count = pid
        if key not in self.blocks:
            self._check_location(str(location))
            try:
                data = self._record(f"{self.prefix}data/{key}")
            except KeyError:
                raise RuntimeError(
                    f"PytorchStreamReader failed locating file data/{key}: file not found in the archive"
                ) from None
            if len(data) != count * dtype.itemsize:
                raise RuntimeError(
                    f"the file is damaged: record data/{key} holds {len(data)} bytes, but {count} elements of {dtype} "
                    f"take {count * dtype.itemsize}"
                )
            array = np.frombuffer(data, dtype=dtype.np)
            self.blocks[key] = array if self.order == sys.byteorder else array.byteswap()
        return self.blocks[key]

    def _record(self, name: str) -> Any:
        """The bytes of a record, which can be written to: a part of the file's memory map, or a copy."""
        if self.memory is not None:
            info = self.archive.getinfo(name)
            at = info.header_offset
            # The lengths in the record's own header are not always those in the archive's directory.
            lengths = self.memory[at + 26 : at + 30].view("<u2")
            first = at + _HEADER + int(lengths.sum())
            if info.compress_type == zipfile.ZIP_STORED and first % 16 == 0:
                return self.memory[first : first + info.file_size]
        return bytearray(self.archive.read(name))

    def _check_location(self, location: str) -> None:
        where = self.map_location
        if isinstance(where, dict):
            location = str(where.get(location, location))
        elif callable(where) or where is not None:
            return  # load() has seen that it is the CPU; a function could only choose it
        if _device(location).type != "cpu":
            kind = _device(location).type.upper()
            raise RuntimeError(
                f"Attempting to deserialize object on a {kind} device but torch.{kind.lower()}.is_available() is "
                "False. If you are running on a CPU-only machine, please use torch.load with "
                "map_location=torch.device('cpu') to map your storages to the CPU."
            )


def _rebuild_tensor(
    block: Any, offset: int, size: Any, stride: Any, requires_grad: bool, hooks: Any, metadata: Any = None
) -> Any:
    if not isinstance(block, np.ndarray):
        raise pickle.UnpicklingError("Weights only load failed. A tensor stands on something that is no memory.")
    itemsize = block.itemsize
    strides = tuple(int(s) * itemsize for s in stride)
    shape = tuple(int(n) for n in size)
    try:
        array = np.ndarray(shape, block.dtype, block, int(offset) * itemsize, strides)
    except (ValueError, TypeError) as error:
        raise RuntimeError(
            f"the file is damaged: a tensor of sizes {list(shape)} and strides {list(stride)} at offset {offset} does "
            f"not fit in its memory of {block.size} elements"
        ) from error
    if metadata and metadata.get("conj"):
        array = np.conj(array)
    if metadata and metadata.get("neg"):
        array = -array
    result = wrap(array)
    return result.requires_grad_() if requires_grad else result


def _rebuild_tensor_of_bytes(
    block: Any, offset: int, size: Any, stride: Any, requires_grad: bool, hooks: Any, dtype: Any, metadata: Any = None
) -> Any:
    if type(dtype) is not dtypes.dtype:
        raise pickle.UnpicklingError("Weights only load failed. A tensor has no dtype.")
    if isinstance(block, np.ndarray) and block.nbytes % dtype.itemsize == 0:
        block = block.view(dtype.np)
    return _rebuild_tensor(block, offset, size, stride, requires_grad, hooks, metadata)


def _sparse_parts(tensor: Any) -> tuple:
    """A sparse tensor as PyTorch's files have it: the layout, and what it consists of."""
    layout = _name("torch", str(tensor.layout).removeprefix("torch."))
    if tensor.is_sparse:
        return layout, (tensor._indices(), tensor._values(), Size(tensor.shape), tensor.is_coalesced())
    if tensor.layout in (dtypes.sparse_csr, dtypes.sparse_bsr):
        indices = tensor.crow_indices(), tensor.col_indices()
    else:
        indices = tensor.ccol_indices(), tensor.row_indices()
    return layout, (*indices, tensor.detach().values(), Size(tensor.shape))


def _rebuild_sparse_tensor(layout: Any, parts: Any) -> Any:
    from .sparse import sparse_compressed_tensor, sparse_coo_tensor

    if not all(isinstance(part, Tensor) for part in parts[:2]) or type(layout) is not dtypes.layout:
        raise pickle.UnpicklingError("Weights only load failed. A sparse tensor does not consist of tensors.")
    # (What a file says is not trusted.)
    if layout is dtypes.sparse_coo:
        indices, values, size = parts[:3]
        coalesced = bool(parts[3]) if len(parts) > 3 else None
        return sparse_coo_tensor(indices, values, tuple(size), check_invariants=True, is_coalesced=coalesced)
    return sparse_compressed_tensor(*parts[:3], tuple(parts[3]), layout=layout, check_invariants=True)


def _rebuild_parameter(data: Any, requires_grad: bool, hooks: Any, state: Any = None) -> Any:
    if not isinstance(data, Tensor):
        raise pickle.UnpicklingError("Weights only load failed. A parameter has no tensor.")
    return _with_attributes(Parameter(data, bool(requires_grad)), state)


def _rebuild_from_type(function: Any, kind: Any, arguments: tuple, state: Any) -> Any:
    if function is not _rebuild_tensor and function is not _rebuild_parameter:
        raise pickle.UnpicklingError("Weights only load failed. A tensor is made by an unknown function.")
    return _with_attributes(function(*arguments), state)


def _with_attributes(tensor: Any, state: Any) -> Any:
    for name, value in state.items() if isinstance(state, dict) else ():
        if isinstance(name, str) and name not in _OWN_STATE and not name.startswith("__"):
            tensor.__dict__[name] = value
    return tensor


def _encode(text: str, encoding: str) -> bytes:
    if not isinstance(text, str) or encoding != "latin1":
        raise pickle.UnpicklingError("Weights only load failed. The file holds bytes in an unknown encoding.")
    return text.encode("latin1")


_READABLE: dict[tuple[str, str], Any] = {
    ("torch._utils", "_rebuild_tensor_v2"): _rebuild_tensor,
    ("torch._utils", "_rebuild_tensor_v3"): _rebuild_tensor_of_bytes,
    ("torch.storage", "UntypedStorage"): dtypes.uint8,  # counted in bytes
    ("torch._utils", "_rebuild_parameter"): _rebuild_parameter,
    ("torch._utils", "_rebuild_parameter_with_state"): _rebuild_parameter,
    ("torch._tensor", "_rebuild_from_type_v2"): _rebuild_from_type,
    ("torch._utils", "_rebuild_sparse_tensor"): _rebuild_sparse_tensor,
    **{("torch", f"sparse_{kind}"): getattr(dtypes, f"sparse_{kind}") for kind in ("coo", "csr", "csc", "bsr", "bsc")},
    ("torch", "Tensor"): "Tensor",
    ("torch.nn.parameter", "Parameter"): "Parameter",
    ("torch", "Size"): Size,
    ("torch", "device"): _device,
    ("collections", "OrderedDict"): collections.OrderedDict,
    ("collections", "Counter"): collections.Counter,
    ("_codecs", "encode"): _encode,
}
for _module in ("builtins", "__builtin__"):
    for _kind in (set, frozenset, complex, bytearray):
        _READABLE[_module, _kind.__name__] = _kind


def load(
    f: Any,
    map_location: Any = None,
    pickle_module: Any = None,
    *,
    weights_only: bool | None = None,
    mmap: bool | None = None,
    **pickle_load_args: Any,
) -> Any:
    """Read what `save`, mibun's or PyTorch's, wrote.

    f: a path, or a binary file object that can seek. map_location: where the tensors shall be, which can only be the
    CPU; needed for files with tensors from an accelerator. pickle_module: whose Unpickler reads. weights_only: nothing
    in a file is ever executed, whatever is said here; RuntimeError where it is True and a pickle_module is given. mmap:
    do not read the tensors, but map the file into memory, of which the system reads what is used; writing to a tensor
    does not change the file. ValueError unless f is a path. pickle_load_args: arguments of the Unpickler, such as
    `encoding`, with a warning unless `weights_only=False`. UnpicklingError for files of another kind and for those that
    hold anything but Tensors and plain data, RuntimeError for damaged ones.

    >>> import io, mibun as torch
    >>> f = io.BytesIO()
    >>> torch.save(torch.ones(2), f)
    >>> _ = f.seek(0)
    >>> torch.load(f, weights_only=True)
    tensor([1., 1.])
    """
    _check_file(f, "read")
    if weights_only and pickle_module is not None:
        raise RuntimeError("Can not safely load weights when explicit pickle_module is specified")
    if pickle_load_args and weights_only is not False:
        warnings.warn("pickle_load_args only works if `weights_only=False`.", stacklevel=stacklevel())
    if pickle_load_args:
        (pickle_module or pickle).Unpickler(io.BytesIO(), **pickle_load_args)  # the caller's mistake, not the file's
    if map_location is not None and not isinstance(map_location, dict) and not callable(map_location):
        if _device(map_location).type != "cpu":
            raise RuntimeError(
                f"Attempting to deserialize object on a {_device(map_location).type.upper()} device, but mibun's "
                "tensors live on the CPU: leave map_location out, or pass 'cpu'"
            )
    reader = type("_Unpickler", (_Reader, (pickle_module or pickle).Unpickler), {})
    arguments = (reader, map_location, pickle_load_args)
    if mmap:
        if not isinstance(f, (str, os.PathLike)):
            raise ValueError("f must be a file path in order to use the mmap argument")
        with open(f, "rb") as file:
            if file.read(2) != b"PK":
                raise RuntimeError(
                    f"mmap can only be used with files saved with `torch.save`, as zip archives, not {f}"
                )
            file.seek(0)
            return _load(file, np.memmap(f, np.uint8, "c"), *arguments)
    if hasattr(f, "read"):
        return _load(f, None, *arguments)
    with open(f, "rb") as file:
        return _load(file, None, *arguments)


def _load(file: Any, memory: Any, reader: Any, map_location: Any, options: dict[str, Any]) -> Any:
    start = file.read(4)
    if not start:
        raise EOFError("Ran out of input: the file is empty")
    if start[:2] != b"PK":
        raise pickle.UnpicklingError(
            f"Weights only load failed. The file starts with {start!r}, so it is not a zip archive as save() writes; "
            "PyTorch before version 1.6 wrote another format, which can be converted by loading and saving it there"
        )
    data = io.BytesIO(start + file.read()) if memory is None else file
    unpickle = functools.partial(reader, map_location=map_location, memory=memory, options=options)
    try:
        with zipfile.ZipFile(data) as archive:
            structure = [name for name in archive.namelist() if name.endswith("data.pkl") and name.count("/") <= 1]
            if len(structure) != 1:
                raise RuntimeError("PytorchStreamReader failed locating file data.pkl: save() did not make this file")
            prefix = structure[0].removesuffix("data.pkl")
            return unpickle(io.BytesIO(archive.read(structure[0])), archive, prefix).load()
    except zipfile.BadZipFile as error:
        raise RuntimeError(
            f"PytorchStreamReader failed reading zip archive: {error}. The file is cut off or damaged"
        ) from error
    except (pickle.UnpicklingError, RuntimeError, EOFError):
        raise
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, UnicodeError, MemoryError) as error:
        raise pickle.UnpicklingError(f"Weights only load failed. The file makes no sense: {error}") from error
