"""Convolutions and matrix products by oneDNN, where its package is installed: the kernels that PyTorch has too.

The library is called through ctypes by the C interface of its version 3 (oneapi-src.github.io/oneDNN). For each shape
three primitives can be made: the convolution, and its transposes in the images and in the kernel. Images and kernels go
in as they are; where the library wants another layout inside, what rearranges them is a primitive too. One is made when
it is first needed, kept, and shared by all threads: what it needs to work in is given to each call.
"""

from __future__ import annotations

import ctypes
import functools
import math
import os
import threading
from collections import OrderedDict
from typing import Any

import numpy as np

from ..numpy.threads import number_of_threads

_PACKAGES = ("onednn-cpu-gomp", "onednn")
_NAMES = ("libdnnl.so.3", "libdnnl.3.dylib")
_SMALLEST = int(os.environ.get("MIBUN_ONEDNN_SIZE") or 1 << 21)  # multiplications from which on a call pays
_NARROW = 96  # columns of a matrix product below which BLAS is as quick
_MOST = 64  # primitives that are kept
_DIMS = ctypes.c_int64 * 12
_FLOAT32 = np.dtype(np.float32)

# Constants of <oneapi/dnnl/dnnl_types.h>.
_CPU, _IN_ORDER, _F32, _ANY, _USER_SCRATCHPAD = 1, 1, 3, 1, 1
_FORWARD_TRAINING, _DIRECT = 64, 1
_SRC, _DST, _WEIGHTS, _SCRATCHPAD, _DIFF_SRC, _DIFF_DST, _DIFF_WEIGHTS = 1, 17, 33, 80, 129, 145, 161
# How a memory description is asked for, by argument.
_QUERIES = {_SRC: 129, _DIFF_SRC: 130, _WEIGHTS: 131, _DIFF_WEIGHTS: 132, _DST: 133, _DIFF_DST: 134, _SCRATCHPAD: 136}


class Failed(Exception):
    """The library refuses something."""


def path() -> str | None:
    """Where the library is: `$MIBUN_ONEDNN`, or that of a package. None if it is not there, or not wanted."""
    wanted = os.environ.get("MIBUN_ONEDNN", "")
    if wanted.lower() in ("0", "off", "false", "no"):
        return None
    if os.path.isabs(wanted):
        return wanted if os.path.exists(wanted) else None
    import importlib.metadata
    import sys

    folders = []
    for package in _PACKAGES:
        try:
            files = importlib.metadata.files(package) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        folders += [os.path.dirname(str(file.locate())) for file in files if file.name in _NAMES]
        folders.append(os.path.join(sys.prefix, "lib"))
    for folder in folders:
        for name in _NAMES:
            found = os.path.join(folder, name)
            if os.path.exists(found):
                return os.path.realpath(found)
    return None


@functools.cache
def library() -> Any:
    """The library, an object of `_Library`; None where there is none that works."""
    found = path()
    if found is None:
        return None
    try:
        return _Library(found)
    except Exception:
        return None


class _Argument(ctypes.Structure):
    _fields_ = [("argument", ctypes.c_int), ("memory", ctypes.c_void_p)]  # noqa: RUF012  (as ctypes wants it)


class _Version(ctypes.Structure):
    _fields_ = [("major", ctypes.c_int), ("minor", ctypes.c_int), ("patch", ctypes.c_int)]  # noqa: RUF012


class _Owned(ctypes.c_void_p):
    """The address of an object of the library's, which goes when nobody has it any more."""

    destroy: Any = None

    def __del__(self) -> None:
        if self.destroy is not None and self.value is not None:
            self.destroy(self)


def _kind(name: str) -> str:
    """What a function makes, by its name: `convolution_forward_primitive_desc_create` a `primitive_desc`."""
    kinds = ("primitive_desc", "primitive_attr", "primitive", "memory_desc", "memory", "engine", "stream")
    return next(kind for kind in kinds if kind in name)


class _Library:
    """The functions of the library, which raise `Failed`, and its engine."""

    def __init__(self, path: str) -> None:
        self.c = ctypes.CDLL(path)
        self.c.dnnl_version.restype = ctypes.POINTER(_Version)
        version = self.c.dnnl_version().contents
        self.version = f"{version.major}.{version.minor}.{version.patch}"
        if version.major != 3:
            raise Failed(f"version {self.version}")
        self.c.dnnl_primitive_desc_query_md.restype = ctypes.c_void_p
        self.c.dnnl_primitive_desc_query_md.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]
        self.c.dnnl_memory_desc_get_size.restype = ctypes.c_size_t
        self.c.dnnl_memory_desc_get_size.argtypes = [ctypes.c_void_p]
        self.c.dnnl_memory_desc_equal.argtypes = [ctypes.c_void_p] * 2
        self.engine = self.made("engine_create", ctypes.c_int(_CPU), ctypes.c_size_t(0))
        self.attributes = self.made("primitive_attr_create")
        self("primitive_attr_set_scratchpad_mode", self.attributes, ctypes.c_int(_USER_SCRATCHPAD))
        self.local = threading.local()
        self.threads, self.process = 1, os.getpid()  # the most that it has had, and where
        self.c.dnnl_sgemm.argtypes = [
            *[ctypes.c_char] * 2, *[ctypes.c_int64] * 3, ctypes.c_float, ctypes.c_void_p, ctypes.c_int64,
            ctypes.c_void_p, ctypes.c_int64, ctypes.c_float, ctypes.c_void_p, ctypes.c_int64,
        ]  # fmt: skip
        try:
            self.openmp: Any = ctypes.CDLL("libgomp.so.1").omp_set_num_threads
        except (OSError, AttributeError):
            self.openmp = None

    def __call__(self, name: str, *args: Any) -> None:
        status = getattr(self.c, f"dnnl_{name}")(*args)
        if status:
            raise Failed(f"dnnl_{name}: status {status}")

    def made(self, name: str, *args: Any) -> _Owned:
        """The object that a function makes, whose address it puts into its first argument."""
        result = _Owned()
        self(name, ctypes.byref(result), *args)
        result.destroy = getattr(self.c, f"dnnl_{_kind(name)}_destroy")
        return result

    @property
    def stream(self) -> _Owned:
        """What this thread's work goes through."""
        found = getattr(self.local, "stream", None)
        if found is None:
            found = self.local.stream = self.made("stream_create", self.engine, ctypes.c_int(_IN_ORDER))
        return found

    def plain(self, shape: tuple[int, ...]) -> _Owned:
        """The description of a contiguous array; the number of that layout is that of the axes, and 1."""
        return self._described(shape, len(shape) + 1)

    def free(self, shape: tuple[int, ...]) -> _Owned:
        """That of one whose layout is up to the library."""
        return self._described(shape, _ANY)

    def _described(self, shape: tuple[int, ...], layout: int) -> _Owned:
        return self.made("memory_desc_create_with_tag", len(shape), _DIMS(*shape), _F32, layout)


class _Place:
    """One argument of a primitive: an array as it is, or rearranged on its way in or out."""

    def __init__(self, dnnl: _Library, shape: tuple[int, ...], wanted: Any, into: bool) -> None:
        self.into = into
        self.plain = dnnl.plain(shape)
        self.wanted = ctypes.c_void_p(wanted)
        self.rearrange = None
        if not dnnl.c.dnnl_memory_desc_equal(self.plain, self.wanted):
            ends = (self.plain, self.wanted) if into else (self.wanted, self.plain)
            description = dnnl.made(
                "reorder_primitive_desc_create", ends[0], dnnl.engine, ends[1], dnnl.engine, dnnl.attributes
            )
            self.rearrange = _Primitive(dnnl, description, {})
            self.size = dnnl.c.dnnl_memory_desc_get_size(self.wanted)


class _Primitive:
    """Something to be executed, with the places of its arguments."""

    def __init__(self, dnnl: _Library, description: _Owned, shapes: dict[int, tuple[int, ...]]) -> None:
        self.dnnl, self.description = dnnl, description
        query = dnnl.c.dnnl_primitive_desc_query_md
        self.places = {
            argument: _Place(dnnl, shape, query(description, _QUERIES[argument], 0), place < len(shapes) - 1)
            for place, (argument, shape) in enumerate(shapes.items())  # the last one is the result
        }
        self.scratchpad = ctypes.c_void_p(query(description, _QUERIES[_SCRATCHPAD], 0))
        self.scratch = dnnl.c.dnnl_memory_desc_get_size(self.scratchpad) if self.scratchpad else 0
        self.primitive = dnnl.made("primitive_create", description)

    def execute(self, given: dict[int, tuple[Any, Any]]) -> None:
        """Run it; given: for each argument a description and the array (or memory) that it describes."""
        dnnl = self.dnnl
        if self.scratch:
            given = {**given, _SCRATCHPAD: (self.scratchpad, np.empty(self.scratch, np.uint8))}
        memories = []  # which have to live until it is over
        arguments = (_Argument * len(given))()
        for place, (argument, (description, array)) in enumerate(given.items()):
            address = ctypes.c_void_p(array.__array_interface__["data"][0])
            memories.append(dnnl.made("memory_create", description, dnnl.engine, address))
            arguments[place] = _Argument(argument, memories[-1])
        dnnl("primitive_execute", self.primitive, dnnl.stream, len(given), arguments)
        dnnl("stream_wait", dnnl.stream)

    def __call__(self, arrays: dict[int, Any], result: Any) -> Any:
        """Run it on contiguous arrays, into a contiguous result."""
        given = {}
        last = None
        for argument, place in self.places.items():
            array = arrays.get(argument, result)
            if place.rearrange is None:
                given[argument] = place.plain, array
                continue
            inside = np.empty(place.size, np.uint8)
            given[argument] = place.wanted, inside
            if place.into:
                place.rearrange.execute({_SRC: (place.plain, array), _DST: (place.wanted, inside)})
            else:
                last = place.rearrange, {_SRC: (place.wanted, inside), _DST: (place.plain, result)}
        self.execute(given)
        if last is not None:
            last[0].execute(last[1])
        return result


class _Convolution:
    """The three primitives for some shapes."""

    def __init__(self, x: tuple, kernel: tuple, y: tuple, stride: tuple, padding: tuple, dilation: tuple) -> None:
        self.x, self.kernel, self.y = x, kernel, y
        dnnl = self.dnnl = library()
        pads = _DIMS(*padding)
        self.geometry = (_DIMS(*stride), _DIMS(*[d - 1 for d in dilation]), pads, pads)
        self.descriptions = dnnl.free(x), dnnl.free(kernel), dnnl.free(y)
        images, weights, results = self.descriptions
        self.hint = dnnl.made(
            "convolution_forward_primitive_desc_create", dnnl.engine, _FORWARD_TRAINING, _DIRECT, images, weights,
            None, results, *self.geometry, dnnl.attributes,
        )  # fmt: skip

    @functools.cached_property
    def forward(self) -> _Primitive:
        return _Primitive(self.dnnl, self.hint, {_SRC: self.x, _WEIGHTS: self.kernel, _DST: self.y})

    @functools.cached_property
    def to_images(self) -> _Primitive:
        images, weights, results = self.descriptions
        description = self.dnnl.made(
            "convolution_backward_data_primitive_desc_create", self.dnnl.engine, _DIRECT, images, weights, results,
            *self.geometry, self.hint, self.dnnl.attributes,
        )  # fmt: skip
        return _Primitive(self.dnnl, description, {_DIFF_DST: self.y, _WEIGHTS: self.kernel, _DIFF_SRC: self.x})

    @functools.cached_property
    def to_kernel(self) -> _Primitive:
        images, weights, results = self.descriptions
        description = self.dnnl.made(
            "convolution_backward_weights_primitive_desc_create", self.dnnl.engine, _DIRECT, images, weights, None,
            results, *self.geometry, self.hint, self.dnnl.attributes,
        )  # fmt: skip
        return _Primitive(self.dnnl, description, {_SRC: self.x, _DIFF_DST: self.y, _DIFF_WEIGHTS: self.kernel})


_KEPT: OrderedDict[Any, _Convolution | None] = OrderedDict()
_LOCK = threading.Lock()


def _convolution(
    x: tuple, kernel: tuple, stride: tuple, padding: tuple, dilation: tuple, groups: int, threads: int
) -> _Convolution | None:
    """The convolution of these shapes, made once for a number of threads; None if the library has none."""
    key = x, kernel, stride, padding, dilation, groups, threads
    with _LOCK:
        if key in _KEPT:
            _KEPT.move_to_end(key)
            return _KEPT[key]
    space = [
        (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, k, s, p, d in zip(x[2:], kernel[2:], stride, padding, dilation, strict=True)
    ]
    y = (x[0], kernel[0], *space)
    weights = kernel if groups == 1 else (groups, kernel[0] // groups, *kernel[1:])
    try:
        made: _Convolution | None = _Convolution(x, weights, y, stride, padding, dilation)
    except Failed:
        made = None
    with _LOCK:
        _KEPT[key] = made
        while len(_KEPT) > _MOST:
            _KEPT.popitem(last=False)
    return made


def _ready() -> Any:
    """The library, told how many threads there may be; None where there is none, or where it would wait for ever.

    GNU's OpenMP has lost its threads in a process that was forked, and does not notice.
    """
    dnnl = library()
    if dnnl is None:
        return None
    threads = number_of_threads()
    if dnnl.threads > 1 and dnnl.process != os.getpid():
        return None
    if threads > 1:
        dnnl.threads = threads
    if dnnl.openmp is not None:
        dnnl.openmp(threads)  # which holds for the thread that asks
    return dnnl


def _pays(which: str, channels: int, outputs: int, groups: int) -> bool:
    """Whether the library is quicker than BLAS: its vectors hold 8 or 16 channels, which have to be there."""
    if groups > 1 or which == "to_kernel":
        return True
    return outputs >= 16 and channels >= 6 if which == "to_images" else outputs >= 16 or channels <= 6


def _work(
    which: str,
    x: tuple[int, ...],
    kernel: tuple[int, ...],
    arrays: dict[int, Any],
    stride: tuple,
    padding: tuple,
    dilation: tuple,
    groups: int,
    result: tuple,
) -> Any:
    if any([type(array) is not np.ndarray or array.dtype is not _FLOAT32 for array in arrays.values()]):
        return None
    if 0 in x or 0 in kernel or 0 in result or len(x) > 5:
        return None
    y = result if which == "forward" else arrays[_DIFF_DST].shape
    multiplications = math.prod(kernel) * math.prod((y[0], *y[2:]))
    if multiplications < _SMALLEST or (_SMALLEST > 1 and not _pays(which, kernel[1] * groups, kernel[0], groups)):
        return None
    if _ready() is None:
        return None
    found = _convolution(x, kernel, stride, padding, dilation, groups, number_of_threads())
    if found is None:
        return None
    out = np.empty(result, np.float32)
    try:
        getattr(found, which)({argument: np.ascontiguousarray(array) for argument, array in arrays.items()}, out)
    except Failed:
        return None
    return out


def correlate(x: Any, kernel: Any, stride: tuple, padding: tuple, dilation: tuple, groups: int) -> Any:
    """As `xp.correlate`; None where it is left to NumPy."""
    space = [
        (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, k, s, p, d in zip(x.shape[2:], kernel.shape[2:], stride, padding, dilation, strict=True)
    ]
    result = (x.shape[0], kernel.shape[0], *space)
    return _work(
        "forward", x.shape, kernel.shape, {_SRC: x, _WEIGHTS: kernel}, stride, padding, dilation, groups, result
    )


def correlate_transposed(
    y: Any, kernel: Any, space: tuple, stride: tuple, padding: tuple, dilation: tuple, groups: int
) -> Any:
    """As `xp.correlate_transposed`; None where it is left to NumPy."""
    x = (y.shape[0], kernel.shape[1] * groups, *space)
    return _work("to_images", x, kernel.shape, {_DIFF_DST: y, _WEIGHTS: kernel}, stride, padding, dilation, groups, x)


def correlate_weights(
    y: Any, x: Any, window: tuple, stride: tuple, padding: tuple, dilation: tuple, groups: int
) -> Any:
    """As `xp.correlate_weights`; None where it is left to NumPy."""
    kernel = (y.shape[1], x.shape[1] // groups, *window)
    return _work("to_kernel", x.shape, kernel, {_SRC: x, _DIFF_DST: y}, stride, padding, dilation, groups, kernel)


def _orientation(x: Any) -> tuple[bytes, int] | None:
    """How a matrix lies in memory: row by row or column by column, and how far its rows (or columns) are apart."""
    (m, n), (row, column) = x.shape, x.strides
    if column == 4 or n == 1:
        apart = row if m > 1 else 4 * n
        return (b"N", apart // 4) if apart >= 4 * n and apart % 4 == 0 else None
    if row == 4 or m == 1:
        apart = column
        return (b"T", apart // 4) if apart >= 4 * m and apart % 4 == 0 else None
    return None


def matrix_product(x: Any, y: Any) -> Any:
    """x @ y of two matrices of float32; None where it is left to NumPy."""
    (m, k), (rows, n) = x.shape, y.shape
    if (
        k != rows
        or m * k * n < _SMALLEST
        or (n < _NARROW and _SMALLEST > 1)
        or type(x) is not np.ndarray
        or type(y) is not np.ndarray
    ):
        return None
    first, second = _orientation(x), _orientation(y)
    if first is None or second is None or y.dtype is not _FLOAT32:
        return None
    dnnl = _ready()
    if dnnl is None:
        return None
    out = np.empty((m, n), np.float32)
    status = dnnl.c.dnnl_sgemm(
        first[0], second[0], m, n, k, 1.0, x.__array_interface__["data"][0], first[1],
        y.__array_interface__["data"][0], second[1], 0.0, out.__array_interface__["data"][0], n,
    )  # fmt: skip
    return None if status else out


def status() -> tuple[str, str] | None:
    """The version of the library and where it is, or what is wrong with it; None where there is none."""
    found = path()
    if found is None:
        return None
    return ("does not load" if library() is None else library().version), found


__all__ = ["correlate", "correlate_transposed", "correlate_weights", "library", "matrix_product", "path", "status"]
