"""`save`: a pickle that says how objects are put together, and beside it the memory that their tensors stand on.

A file is a zip archive of one record for each block of memory and one for the pickle; before PyTorch 1.6 it was one
pickle after the other, with the memory at the end, which is written, too, where that is asked for.
"""

from __future__ import annotations

import io
import os
import pickle
import struct
import sys
import zipfile
import zlib
from collections import OrderedDict
from types import FunctionType
from typing import Any

import numpy as np

from ..core import dtypes
from ..core.device import device as _device
from ..core.meta import MetaArray
from ..core.registry import is_numpys, namespace_of
from ..core.size import Size
from ..core.tensor import Tensor
from ..core.views import own_array
from ..nn.parameter import Parameter
from ..ops.conversion.layouts import is_sparse_array
from ..ops.conversion.typed_storages import TypedStorage
from ..ops.conversion.untyped_storages import UntypedStorage
from ..utils.hooks import warn_if_has_hooks
from ..utils.serialization import config
from ..xp.numpy.memory import storage as root_of
from .locations import location_tag
from .names import torch_name
from .options import LOCAL
from .rebuilding import READABLE, Memory

DEFAULT_PROTOCOL = 2
MAGIC_NUMBER = 0x1950A86A20F9469CFC6C  # PyTorch's, at the beginning of a file of the older format
PROTOCOL_VERSION = 1001
TYPE_SIZES = {"short": 2, "int": 4, "long": 4}

# PyTorch has no typed storages of these: their memory is written as bytes, and the tensor says what they are.
_UNTYPED = (dtypes.uint16, dtypes.uint32, dtypes.uint64, *dtypes.FLOAT8)


class _Name:
    """A name of PyTorch's, to be written into the pickle though no such module may be installed."""

    def __init__(self, module: str, name: str) -> None:
        self.module, self.name = module, name

    def __call__(self) -> None:  # the pickler asks whether what makes an object can be called
        raise TypeError(f"{self.module}.{self.name} is only a name here")


_NAMES: dict[tuple[str, str], _Name] = {}


def _name(module: str, name: str) -> _Name:
    return _NAMES.setdefault((module, name), _Name(module, name))


_KNOWN = {id(value): key for key, value in READABLE.items() if key[0].startswith("torch")}


class _Blocks:
    """The blocks of memory that the tensors of one file stand on."""

    def __init__(self, legacy: bool) -> None:
        self.legacy = legacy
        self.roots: list[np.ndarray] = []
        self.keys: dict[int, int] = {}
        self.dtypes: dict[int, dtypes.dtype] = {}

    def add(self, root: np.ndarray, dtype: dtypes.dtype) -> int:
        """The number of a block, which is all of one dtype."""
        key = self.keys.get(id(root))
        if key is None:
            key = self.keys[id(root)] = len(self.roots)
            self.dtypes[id(root)] = dtype
            self.roots.append(root)
        return key

    def record(self, root: np.ndarray, dtype: dtypes.dtype, location: str) -> tuple:
        """What stands in the pickle for a block."""
        key = str(self.add(root, dtype))
        if dtype is _BYTES or dtype in _UNTYPED:
            kind, count = _name("torch.storage", "UntypedStorage"), root.nbytes
        else:
            kind, count = _name("torch", f"{dtype.scalar_name}Storage"), root.nbytes // dtype.itemsize
        return ("storage", kind, key, location, count, *((None,) if self.legacy else ()))


_BYTES: Any = object()  # stands for the dtype of an UntypedStorage


class _Typed:
    """A block in its place in the pickle."""

    def __init__(self, root: np.ndarray, dtype: dtypes.dtype) -> None:
        self.root, self.dtype = root, dtype


class _Made:
    """Stands for an object that is written as (function, arguments)."""

    def __init__(self, made: tuple) -> None:
        self.made = made


class _Storages:
    """What every pickler of a file does: memory is not written into the pickle, but gets a number there.

    This alone is mixed into picklers that are written in C, whose files have mibun's own names.
    """

    blocks: _Blocks

    def persistent_id(self, obj: Any) -> Any:
        if not isinstance(obj, UntypedStorage):
            return None
        _, key, location, *rest = self.blocks.record(obj._array_, _BYTES, location_tag(obj))[1:]
        return ("storage", Memory, key, location, *rest)


class _Names(_Storages):
    """Writes tensors, and what is of mibun's, under PyTorch's names; mixed into picklers that are written in Python."""

    def persistent_id(self, obj: Any) -> Any:
        if isinstance(obj, _Typed):
            return self.blocks.record(obj.root, obj.dtype, location_tag(UntypedStorage._of(obj.root)))
        if isinstance(obj, TypedStorage):
            return self.blocks.record(obj._untyped._array_, obj.dtype, location_tag(obj))
        if isinstance(obj, UntypedStorage):
            known: Any = self.blocks.dtypes.get(id(obj._array_), _BYTES)
            return self.blocks.record(obj._array_, known, location_tag(obj))
        return None

    def save_global(self, obj: Any, name: Any = None) -> None:
        pickler: Any = self
        if isinstance(obj, _Name):
            found = obj.module, obj.name
        else:
            found = _KNOWN.get(id(obj)) or torch_name(obj, name)
        if found is None:
            super().save_global(obj, name)  # type: ignore[misc]
            return
        pickler.write(pickle.GLOBAL + "{}\n{}\n".format(*found).encode("ascii"))
        pickler.memoize(obj)

    def reducer_override(self, obj: Any) -> Any:
        kind = type(obj)
        if kind is _Name:
            return obj.name
        if kind is _Made:
            return obj.made
        if isinstance(obj, Tensor):
            if kind.__reduce_ex__ not in (Tensor.__reduce_ex__, Parameter.__reduce_ex__):
                return NotImplemented  # the user's own
            if is_sparse_array(obj._array_):
                return self._sparse(obj)
            array = own_array(obj)
            if type(array) is MetaArray:
                return self._without_data(obj)
            return self._tensor(obj) if type(array) is np.ndarray or not is_numpys(type(array)) else NotImplemented
        if kind is dtypes.dtype:
            return obj.name
        if kind is Size:
            return _name("torch", "Size"), (tuple(obj),)
        if kind is _device:
            return _name("torch", "device"), ((obj.type,) if obj.index is None else (obj.type, obj.index))
        if obj is dtypes.strided:
            return _name("torch.serialization", "_get_layout"), ("torch.strided",)
        if kind is FunctionType and torch_name(obj) is not None:
            return obj.__qualname__
        return NotImplemented

    def _tensor(self, tensor: Any) -> Any:
        kind, hooks, state = type(tensor), OrderedDict(), _state_of(tensor)
        is_parameter = isinstance(tensor, Parameter)
        dtype = tensor.dtype
        root, offset, strides = self._geometry(tensor)
        if not is_parameter:
            warn_if_has_hooks(tensor)
        shape = tuple(tensor._array_.shape)
        arguments = (_Typed(root, dtype), offset, shape, strides, tensor.requires_grad and not is_parameter, hooks)
        made = (_name("torch._utils", "_rebuild_tensor_v2"), arguments)
        if dtype in _UNTYPED:
            made = (_name("torch._utils", "_rebuild_tensor_v3"), (*arguments, dtype))
        if is_parameter:
            data = _Made(made)
            if state and kind is Parameter:
                with_state = (data, tensor.requires_grad, hooks, state)
                return _name("torch._utils", "_rebuild_parameter_with_state"), with_state
            made = (_name("torch._utils", "_rebuild_parameter"), (data, tensor.requires_grad, hooks))
        if (kind is Tensor and not state) or kind is Parameter:
            return made
        return _name("torch._tensor", "_rebuild_from_type_v2"), (made[0], kind, made[1], state)

    def _without_data(self, tensor: Any) -> Any:
        is_parameter = isinstance(tensor, Parameter)
        arguments = tensor.dtype, tuple(tensor.shape), tensor.stride(), tensor.requires_grad and not is_parameter
        made = (_name("torch._utils", "_rebuild_meta_tensor_no_storage"), arguments)
        if is_parameter:
            return _name("torch._utils", "_rebuild_parameter"), (_Made(made), tensor.requires_grad, OrderedDict())
        return made

    def _sparse(self, tensor: Any) -> Any:
        made = (_name("torch._utils", "_rebuild_sparse_tensor"), _sparse_parts(tensor))
        if isinstance(tensor, Parameter):
            return _name("torch._utils", "_rebuild_parameter"), (_Made(made), tensor.requires_grad, OrderedDict())
        return made

    def _geometry(self, tensor: Any) -> tuple[np.ndarray, int, tuple[int, ...]]:
        array = own_array(tensor)
        array = np.asarray(namespace_of(array).to_numpy(array))  # what is elsewhere is saved as if it were on the CPU
        root = root_of(array)
        dense = root.flags.c_contiguous or root.flags.f_contiguous
        size = array.itemsize
        start = array.__array_interface__["data"][0] - root.__array_interface__["data"][0] if array.size else 0
        fits = root.nbytes % size == 0 and start % size == 0 and not any(s % size for s in array.strides)
        # A block of the file has one dtype: that of the first tensor on it. Others than these are copied.
        if not dense or not fits or self.blocks.dtypes.get(id(root), tensor.dtype) not in (tensor.dtype, _BYTES):
            root = array = np.ascontiguousarray(array).reshape(array.shape)
            start = 0
        strides = tuple(s // size for s in array.strides) if array.size else tuple(tensor.stride())
        return root, start // size, strides


def _sparse_parts(tensor: Any) -> tuple:
    """A sparse tensor as PyTorch's files have it: the layout, and what it consists of."""
    layout = _Made((_name("torch.serialization", "_get_layout"), (str(tensor.layout),)))
    if tensor.is_sparse:
        return layout, (tensor._indices(), tensor._values(), Size(tensor.shape), tensor.is_coalesced())
    if tensor.layout in (dtypes.sparse_csr, dtypes.sparse_bsr):
        indices = tensor.crow_indices(), tensor.col_indices()
    else:
        indices = tensor.ccol_indices(), tensor.row_indices()
    return layout, (*indices, tensor.detach().values(), Size(tensor.shape))


def _state_of(tensor: Any) -> Any:
    """A tensor's attributes, as its `__getstate__` gives them if the user has written one."""
    own = getattr(type(tensor), "__getstate__", None)
    if own is not None and own is not getattr(object, "__getstate__", None):
        return tensor.__getstate__()
    return dict(vars(tensor))


def _pickler(pickle_module: Any, file: Any, protocol: int, blocks: _Blocks) -> Any:
    """A pickler of the module's kind. One written in C cannot write PyTorch's names where there is no PyTorch."""
    base = pickle._Pickler if pickle_module is pickle else pickle_module.Pickler  # type: ignore[attr-defined]
    kind = type("_FilePickler", (_Names if issubclass(base, pickle._Pickler) else _Storages, base), {})  # type: ignore[attr-defined]
    pickler = kind(file, protocol=protocol)
    pickler.blocks = blocks
    return pickler


def save(
    obj: Any,
    f: Any,
    pickle_module: Any = pickle,
    pickle_protocol: int = DEFAULT_PROTOCOL,
    _use_new_zipfile_serialization: bool = True,
    _disable_byteorder_record: bool = False,
) -> None:
    """Write an object, with all tensors in it, to a file that PyTorch reads too.

    Tensors that share memory share it after loading. Modules and objects of classes are pickled by the name of their
    class, and can only be loaded by who trusts the file, so it is better to save a `state_dict()`.

    Args:
        obj: tensors, plain data, or whatever can be pickled.
        f: a path, or a binary file object.
        pickle_module: whose Pickler writes, as `dill`.
        pickle_protocol: of the part that says how the object is put together; PyTorch reads 2 to 5, and 2 alone with
            `weights_only=True`.
        _use_new_zipfile_serialization: False for the format of PyTorch before 1.6.
        _disable_byteorder_record: do not say what the order of bytes is.

    Raises:
        PicklingError, and what else pickle raises, for an object that cannot be pickled; the file is not touched then.
        ValueError for a protocol that there is not. AttributeError for an `f` that is no file.

    >>> import io, mibun as torch
    >>> f = io.BytesIO()
    >>> torch.save({"w": torch.ones(2), "step": 3}, f)
    >>> _ = f.seek(0)
    >>> torch.load(f)
    {'w': tensor([1., 1.]), 'step': 3}
    """
    check_file(f, "write")
    blocks = _Blocks(legacy=not _use_new_zipfile_serialization)
    structure = io.BytesIO()
    _pickler(pickle_module, structure, pickle_protocol, blocks).dump(obj)
    if hasattr(f, "write"):
        _write(f, structure, blocks, pickle_protocol, _disable_byteorder_record)
    else:
        with open(f, "wb") as file:
            _write(file, structure, blocks, pickle_protocol, _disable_byteorder_record)


def _write(file: Any, structure: io.BytesIO, blocks: _Blocks, protocol: int, disable_byteorder: bool) -> None:
    if blocks.legacy:
        _write_legacy(file, structure, blocks, protocol)
    else:
        _write_archive(_Stream(file), structure, blocks, disable_byteorder)


def check_file(f: Any, method: str) -> None:
    """AttributeError for what is neither a path nor a file object with this method."""
    if not isinstance(f, (str, os.PathLike)) and not hasattr(f, method):
        raise AttributeError(
            f"expected 'f' to be string, path, or a file-like object with a '{method}' attribute, not "
            f"{type(f).__name__}"
        )


# --- archives ---


class _Stream:
    """What an archive is written to: from its beginning, wherever the file object stands, and without going back."""

    def __init__(self, file: Any) -> None:
        self.file, self.position = file, 0

    def write(self, data: Any) -> int:
        self.file.write(data)
        self.position += memoryview(data).nbytes
        return memoryview(data).nbytes

    def tell(self) -> int:
        return self.position

    def flush(self) -> None:
        if hasattr(self.file, "flush"):
            self.file.flush()


def _write_archive(stream: _Stream, structure: io.BytesIO, blocks: _Blocks, disable_byteorder: bool) -> None:
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        _add(archive, "data.pkl", structure.getvalue())
        _add(archive, ".format_version", b"1")
        _add(archive, ".storage_alignment", str(config.save.storage_alignment).encode())
        if not disable_byteorder:
            _add(archive, "byteorder", sys.byteorder.encode())
        for key, root in enumerate(blocks.roots):
            data: Any = _bytes(root)
            _add(archive, f"data/{key}", np.zeros_like(data) if LOCAL.skip_data else data)
        _add(archive, "version", b"3\n")


def _bytes(root: np.ndarray) -> Any:
    return root.ravel(order="K").view(np.uint8)


_HEADER = 30  # bytes of a record in a zip archive before its name, which an extra field and the data follow


def _add(archive: zipfile.ZipFile, name: str, data: Any) -> None:
    """Add a record, whose data begin where they can be used as they lie in the file (`mmap=True`), and uncompressed.

    Written here and not by `writestr`, which computes a checksum in any case.
    """
    info = zipfile.ZipInfo(f"archive/{name}")
    view = memoryview(data)
    info.file_size = info.compress_size = view.nbytes
    info.CRC = zlib.crc32(view) if config.save.compute_crc32 else 0
    large = info.file_size >= zipfile.ZIP64_LIMIT
    stream: Any = archive.fp
    info.header_offset = stream.tell()
    start = info.header_offset + _HEADER + len(info.filename) + 4 + (20 if large else 0)
    padding = -start % config.save.storage_alignment
    info.extra = b"FB" + padding.to_bytes(2, "little") + bytes(padding)  # PyTorch's name for the same
    stream.write(info.FileHeader(zip64=large))
    stream.write(view)
    archive.filelist.append(info)
    archive.NameToInfo[info.filename] = info
    archive.start_dir = stream.tell()
    archive._didModify = True  # type: ignore[attr-defined]


# --- the older format ---


def _write_legacy(file: Any, structure: io.BytesIO, blocks: _Blocks, protocol: int) -> None:
    about = {"protocol_version": PROTOCOL_VERSION, "little_endian": sys.byteorder == "little", "type_sizes": TYPE_SIZES}
    for part in (MAGIC_NUMBER, PROTOCOL_VERSION, about):
        file.write(pickle.dumps(part, protocol))
    file.write(structure.getvalue())
    file.write(pickle.dumps([str(key) for key in range(len(blocks.roots))], protocol))
    for root in blocks.roots:
        dtype = blocks.dtypes[id(root)]
        size = 1 if dtype is _BYTES or dtype in _UNTYPED else dtype.itemsize
        file.write(struct.pack("<q", root.nbytes // size))
        data = _bytes(root)
        file.write(memoryview(np.zeros_like(data) if LOCAL.skip_data else data))
