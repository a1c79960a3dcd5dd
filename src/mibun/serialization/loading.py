"""`load`: reads what `save` has written, mibun's or PyTorch's, also in the format from before PyTorch 1.6."""

from __future__ import annotations

import io
import os
import pickle
import struct
import sys
import warnings
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np

from ..core import dtypes
from ..core.site import stacklevel
from ..ops.conversion.typed_storages import TypedStorage
from ..ops.conversion.untyped_storages import UntypedStorage
from ..utils.serialization import config
from .locations import MAP_LOCATION, restorer
from .options import LOCAL, LoadEndianness
from .rebuilding import Memory, StorageType
from .saving import MAGIC_NUMBER, PROTOCOL_VERSION, check_file
from .unpickling import SafeUnpickler, globals_of, resolve

_HEADER = 30  # bytes of a record in a zip archive before its name, which an extra field and the data follow


def load(
    f: Any,
    map_location: MAP_LOCATION = None,
    pickle_module: Any = None,
    *,
    weights_only: bool | None = None,
    mmap: bool | None = None,
    **pickle_load_args: Any,
) -> Any:
    """Read what `save`, mibun's or PyTorch's, wrote.

    Args:
        f: a path, or a binary file object that can seek.
        map_location: where the tensors shall be, which can only be the CPU: a device, a dict from the locations in the
            file, or a function of a storage and its location. Needed for files with tensors from an accelerator.
        pickle_module: whose Unpickler reads, as `dill`; then `weights_only` is False unless it is given.
        weights_only: True, the default: nothing in the file is executed. It may hold tensors, plain data, and what
            `torch.serialization.add_safe_globals` was given. **False lets the file execute anything**: only for files
            of somebody you trust. The environment variable TORCH_FORCE_WEIGHTS_ONLY_LOAD=1 makes it True always,
            TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD=1 makes False the default.
        mmap: do not read the tensors, but map the file into memory, of which the system reads what is used; see
            `set_default_mmap_options`. By default `torch.utils.serialization.config.load.mmap`.
        pickle_load_args: arguments of the Unpickler, such as `encoding`, with a warning unless `weights_only=False`.

    Raises:
        UnpicklingError: for files of another kind, and for those that hold something else than they may.
        RuntimeError: for damaged files, for accelerators, and for `weights_only=True` with a pickle_module.
        ValueError: for `mmap` of what is no path. EOFError: for an empty file.

    >>> import io, mibun as torch
    >>> f = io.BytesIO()
    >>> torch.save(torch.ones(2), f)
    >>> _ = f.seek(0)
    >>> torch.load(f)
    tensor([1., 1.])
    """
    check_file(f, "read")
    if weights_only and pickle_module is not None:
        raise RuntimeError("Can not safely load weights when explicit pickle_module is specified")
    weights_only = _decided(weights_only, pickle_module)
    if pickle_load_args and weights_only:
        warnings.warn("pickle_load_args only works if `weights_only=False`.", stacklevel=stacklevel())
    if pickle_load_args:
        (pickle_module or pickle).Unpickler(io.BytesIO(), **pickle_load_args)  # the caller's mistake, not the file's
    base = SafeUnpickler if weights_only else (pickle_module or pickle).Unpickler
    file_kind = type("_FileUnpickler", (_Storages, base), {})
    restore = restorer(map_location)

    def unpickler(structure: Any, storages: Any) -> Any:
        make: Any = file_kind
        made = make(structure, **{"encoding": "utf-8", **pickle_load_args})
        made.storages, made.safe, made.restore = storages, weights_only, restore
        return made

    if mmap or (mmap is None and config.load.mmap and isinstance(f, (str, os.PathLike))):
        return _load_mapped(f, unpickler)
    if hasattr(f, "read"):
        return _load(f, None, unpickler)
    with open(f, "rb") as file:
        return _load(file, None, unpickler)


def _decided(weights_only: bool | None, pickle_module: Any) -> bool:
    forced, forbidden = (
        os.environ.get(f"TORCH_FORCE_{name}_LOAD", "0").lower() in ("1", "y", "yes", "true")
        for name in ("WEIGHTS_ONLY", "NO_WEIGHTS_ONLY")
    )
    if forced and forbidden:
        raise RuntimeError("TORCH_FORCE_WEIGHTS_ONLY_LOAD and TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD contradict each other")
    if forced:
        return True
    if weights_only is None:
        return pickle_module is None and not forbidden
    return bool(weights_only)


class _Storages:
    """What every unpickler of a file does: it takes memory by its number, and PyTorch's names for what mibun has."""

    storages: Any  # a function: (key, dtype or None, count, location) -> UntypedStorage
    safe: bool

    def find_class(self, module: str, name: str) -> Any:
        base: Any = super()
        return base.find_class(module, name) if self.safe else resolve(module, name, base.find_class)

    def persistent_load(self, pid: Any) -> Any:
        if isinstance(pid, tuple) and pid and pid[0] == "module" and not self.safe:
            return pid[1]  # a class with its source, as the older format has it
        if not (isinstance(pid, tuple) and len(pid) in (5, 6) and pid[0] == "storage"):
            raise pickle.UnpicklingError(f"Weights only load failed. The file names an unknown kind of record: {pid!r}")
        _, kind, key, location, count = pid[:5]
        if isinstance(kind, StorageType):
            dtype = kind.dtype
        elif kind is UntypedStorage or kind is Memory:
            dtype = dtypes.uint8
        else:
            raise pickle.UnpicklingError(f"Weights only load failed. The file has memory of an unknown kind: {kind!r}")
        storage = self.storages(key, dtype, int(count), _text(location), pid[5] if len(pid) > 5 else None, self.restore)
        return storage if kind is Memory else TypedStorage._of(storage, dtype)

    restore: Any


def _text(value: Any) -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)


# --- archives ---


class _Archive:
    """The records of an archive."""

    def __init__(self, archive: zipfile.ZipFile, prefix: str, memory: np.ndarray | None) -> None:
        self.archive, self.prefix, self.memory = archive, prefix, memory
        self.names = set(archive.namelist())
        self.order = sys.byteorder
        if f"{prefix}byteorder" in self.names:
            self.order = self.read("byteorder").decode("ascii", "replace")  # type: ignore[assignment]
            if self.order not in ("little", "big"):
                raise ValueError("Unknown endianness type: " + self.order)
        elif config.load.endianness in (LoadEndianness.LITTLE, LoadEndianness.BIG):
            self.order = config.load.endianness.name.lower()
        elif config.load.endianness is None:
            self.order = "little"
        self._roots: dict[str, UntypedStorage] = {}

    def read(self, name: str) -> bytes:
        info = self.archive.getinfo(self.prefix + name)
        if info.compress_type != zipfile.ZIP_STORED:
            return self.archive.read(info)
        # Without a look at the checksum, which is wrong after a tensor of a mapped file (MAP_SHARED) was written to,
        # and not there after `set_crc32_options(False)`.
        with self.archive.open(info) as record:
            record._expected_crc = None  # type: ignore[attr-defined]
            return record.read()

    def storage(self, key: Any, dtype: dtypes.dtype, count: int, location: str, view: Any, restore: Any) -> Any:
        """The memory of a number."""
        if key not in self._roots:
            self._roots[key] = restore(UntypedStorage._of(self._root(key, dtype, count)), location)
        return self._roots[key]

    def _root(self, key: Any, dtype: dtypes.dtype, count: int) -> np.ndarray:
        name = f"data/{key}"
        nbytes = count * dtype.itemsize
        if self.prefix + name not in self.names:
            raise RuntimeError(f"PytorchStreamReader failed locating file {name}: file not found in the archive")
        size = self.archive.getinfo(self.prefix + name).file_size
        if size != nbytes:
            raise RuntimeError(
                f"the file is damaged: record {name} holds {size} bytes, but {count} elements of {dtype} take {nbytes}"
            )
        if LOCAL.skip_data:
            return np.zeros(nbytes, np.uint8)
        data = self._mapped(name)
        if data is None:
            data = np.frombuffer(bytearray(self.read(name)), np.uint8)
        return data if self.order == sys.byteorder else _swapped(data, dtype)

    def _mapped(self, name: str) -> np.ndarray | None:
        """A record where it lies in the file, if it can be used as it lies."""
        if self.memory is None:
            return None
        info = self.archive.getinfo(self.prefix + name)
        at = info.header_offset
        # The lengths in the record's own header are not always those in the archive's directory.
        lengths = self.memory[at + 26 : at + 30].view("<u2")
        first = at + _HEADER + int(lengths.sum())
        if info.compress_type != zipfile.ZIP_STORED or first % 16:
            return None
        # Not a view: an array that NumPy takes for the owner of its memory, so that the storage is this record alone.
        return np.frombuffer(self.memory.data[first : first + info.file_size], np.uint8)


def _swapped(data: np.ndarray, dtype: dtypes.dtype) -> np.ndarray:
    """The bytes of each number turned around."""
    unit = dtype.itemsize // 2 if dtype.np.kind == "c" else dtype.itemsize
    return np.ascontiguousarray(data.reshape(-1, unit)[:, ::-1]).reshape(-1)


def _load_mapped(f: Any, unpickler: Callable) -> Any:
    import mmap

    if not isinstance(f, (str, os.PathLike)):
        raise ValueError("f must be a file path in order to use the mmap argument")
    with open(f, "rb") as file:
        if file.read(2) != b"PK":
            raise RuntimeError(f"mmap can only be used with files saved with `torch.save`, as zip archives, not {f}")
        file.seek(0)
        shared = config.load.mmap_flags == getattr(mmap, "MAP_SHARED", None)
        return _load(file, np.memmap(f, np.uint8, "r+" if shared else "c"), unpickler)


def _load(file: Any, memory: Any, unpickler: Callable) -> Any:
    start = file.read(4)
    if not start:
        raise EOFError("Ran out of input: the file is empty")
    rest = file if memory is not None or _is_whole(file, len(start)) else io.BytesIO(start + file.read())
    if rest is file:
        file.seek(0)
    try:
        if start[:2] != b"PK":
            return _load_legacy(rest, unpickler)
        with zipfile.ZipFile(rest) as archive:
            records = _Archive(archive, _prefix_of(archive), memory)
            return unpickler(io.BytesIO(records.read("data.pkl")), records.storage).load()
    except zipfile.BadZipFile as error:
        raise RuntimeError(
            f"PytorchStreamReader failed reading zip archive: {error}. The file is cut off or damaged"
        ) from error
    except pickle.UnpicklingError as error:
        prefix = "Weights only load failed. "
        if not unpickler(io.BytesIO(), None).safe or str(error).startswith(prefix):
            raise
        raise pickle.UnpicklingError(f"{prefix}The file makes no sense: {error}") from error
    except (RuntimeError, EOFError):
        raise
    except (TypeError, ValueError, LookupError, AttributeError, MemoryError, struct.error) as error:
        if not unpickler(io.BytesIO(), None).safe:
            raise
        raise pickle.UnpicklingError(f"Weights only load failed. The file makes no sense: {error}") from error


def _is_whole(file: Any, read: int) -> bool:
    """Whether a file object is one of the system's, read from its beginning: then it need not be read at once."""
    return isinstance(file, io.BufferedReader) and file.seekable() and file.tell() == read


def _prefix_of(archive: zipfile.ZipFile) -> str:
    structure = [name for name in archive.namelist() if name.endswith("data.pkl") and name.count("/") <= 1]
    if len(structure) != 1:
        raise RuntimeError("PytorchStreamReader failed locating file data.pkl: save() did not make this file")
    return structure[0].removesuffix("data.pkl")


# --- the older format ---


class _Legacy:
    """The memory of a file of the older format, which comes after the objects: they are made before it is read."""

    def __init__(self) -> None:
        self.roots: dict[Any, np.ndarray] = {}
        self.dtypes: dict[Any, dtypes.dtype] = {}
        self._storages: dict[Any, UntypedStorage] = {}

    def storage(self, key: Any, dtype: dtypes.dtype, count: int, location: str, view: Any, restore: Any) -> Any:
        """The memory of a number: zeros, until it is read."""
        key = _text(key)
        if key not in self.roots:
            self.roots[key] = np.zeros(count * dtype.itemsize, np.uint8)
            self.dtypes[key] = dtype
            self._storages[key] = restore(UntypedStorage._of(self.roots[key]), location)
        if view is None:
            return self._storages[key]
        # Files of the very first versions have storages that are parts of others.
        view_key, offset, size = view
        if view_key not in self._storages:
            part = self._storages[key]._array_[offset * dtype.itemsize : (offset + size) * dtype.itemsize]
            self._storages[view_key] = UntypedStorage._of(np.frombuffer(part.data, np.uint8))
        return self._storages[view_key]


def _load_legacy(file: Any, unpickler: Callable) -> Any:
    safe = unpickler(io.BytesIO(), None).safe
    magic = _part(file, unpickler)
    if magic != MAGIC_NUMBER:
        if safe:
            raise pickle.UnpicklingError(
                "Weights only load failed. The file does not begin as `save` begins one: Invalid magic number; corrupt "
                "file?"
            )
        raise RuntimeError("Invalid magic number; corrupt file?")
    version = _part(file, unpickler)
    if version != PROTOCOL_VERSION:
        raise RuntimeError(f"Invalid protocol version: {version}")
    about = _part(file, unpickler)
    memory = _Legacy()
    result = unpickler(file, memory.storage).load()
    keys = [_text(key) for key in _part(file, unpickler)]
    order = "little" if about.get("little_endian", True) else "big"
    for key in keys:
        if key not in memory.roots:
            raise RuntimeError(f"the file is damaged: no tensor stands on its memory {key}")
        root, dtype = memory.roots[key], memory.dtypes[key]
        (count,) = struct.unpack("<q", file.read(8))
        data = file.read(count * dtype.itemsize) if 0 <= count * dtype.itemsize <= root.nbytes else b""
        if len(data) != root.nbytes:
            raise RuntimeError(f"the file is damaged: memory {key} has {len(data)} bytes of {root.nbytes}")
        if not LOCAL.skip_data:
            read = np.frombuffer(data, np.uint8)
            root[...] = read if order == sys.byteorder else _swapped(read, dtype)
    return result


def _part(file: Any, unpickler: Callable) -> Any:
    return unpickler(file, None).load()


# --- what a file needs ---


def get_unsafe_globals_in_checkpoint(f: Any) -> list[str]:
    """The functions and classes in a file that `load` would refuse; nothing is executed.

    f: a path, or a binary file object that can seek. ValueError for a file of the older format.

    >>> import io, mibun as torch
    >>> f = io.BytesIO()
    >>> torch.save([torch.ones(1), torch.nn.ReLU()], f)
    >>> _ = f.seek(0)
    >>> torch.serialization.get_unsafe_globals_in_checkpoint(f)
    ['torch.nn.modules.activation.ReLU']
    """
    from .rebuilding import READABLE
    from .unpickling import allowed_by_user

    check_file(f, "read")
    if not hasattr(f, "read"):
        with open(f, "rb") as file:
            return get_unsafe_globals_in_checkpoint(file)
    data = io.BytesIO(f.read())
    if not zipfile.is_zipfile(data):
        raise ValueError("Expected input to be a checkpoint returned by torch.save")
    with zipfile.ZipFile(data) as archive:
        structure = _Archive(archive, _prefix_of(archive), None).read("data.pkl")
    allowed = {*allowed_by_user(), *(".".join(name) for name in READABLE)}
    return [name for name in globals_of(structure) if name not in allowed]
