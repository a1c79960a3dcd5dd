"""What the functions that make tensors have in common: sizes, dtypes, other options, and the new leaf itself."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.device import check_device
from ...core.dtypes import (
    as_dtype,
    dtype,
    get_default_complex_dtype,
    get_default_dtype,
    layout,
    memory_format,
)
from ...core.meta import MetaArray, as_meta
from ...core.registry import (
    LEADING,
    NAMESPACES,
    Array,
    constant_beside,
    is_batched,
    is_elsewhere,
    is_numpys,
    namespace_of,
)
from ...core.site import shorten
from ...core.tensor import Tensor, require_grad, wrap
from ...dispatch.arguments import check_tensor, whole
from ...dispatch.inplace import write_out
from ...dispatch.numbers import scalar
from ...xp.batched import over
from ...xp.numpy.memory import repeats
from ..annotations import Device


def made(array: Array, requires_grad: bool = False, like: Tensor | None = None) -> Tensor:
    """A new leaf on a raw array; on the device of `like`, if that is given and is another one."""
    if like is not None and not is_numpys(type(like._array_)):
        array = constant_beside(array, like._array_)
    result = wrap(array)
    if requires_grad:
        if array.dtype.kind in "biu":
            raise RuntimeError(
                f"Only Tensors of floating point and complex dtype can require gradients, and {result.dtype} is neither"
            )
        require_grad(result)
    return result


def size_given(args: tuple[Any, ...], size: Any, function: str) -> tuple[int, ...]:
    """The shape of `f(2, 3)`, `f((2, 3))`, `f(size=(2, 3))`."""
    return sizes(args, {} if size is None else {"size": size}, function)


def sizes(given: tuple[Any, ...], keywords: dict[str, Any], function: str) -> tuple[int, ...]:
    """The shape of `f(2, 3)`, `f((2, 3))`, `f(size=(2, 3))`; everything else in `keywords` is refused."""
    if keywords:
        name = next((name for name in keywords if name != "size"), None)
        if name is not None:
            raise TypeError(f"{function}() got an unexpected keyword argument '{name}'")
        if given:
            raise TypeError(f"{function}() got multiple values for argument 'size'")
        size = keywords["size"]
        if not isinstance(size, (tuple, list)):
            raise TypeError(f"{function}(): argument 'size' must be tuple of ints, not {type(size).__name__}")
        return shape_of(size, function)
    if not given:
        raise TypeError(f'{function}() missing 1 required positional arguments: "size"')
    first: Any = given[0]
    if isinstance(first, (tuple, list)):
        if len(given) > 1:
            raise TypeError(f"{function}() takes 1 positional argument but {len(given)} were given")
        return shape_of(first, function)
    return shape_of(given, function, separate=True)


def shape_of(size: Any, function: str, separate: bool = False) -> tuple[int, ...]:
    """A sequence of ints as a shape. TypeError for anything else, RuntimeError for negative ints."""
    if not isinstance(size, (tuple, list)):
        raise TypeError(f"{function}(): argument 'size' (position 1) must be tuple of ints, not {type(size).__name__}")
    for value in size:
        if type(value) is not int or value < 0:
            break
    else:
        return tuple(size)
    ints = []
    for position, value in enumerate(size):
        try:
            value = whole(value, function, "size")
        except TypeError:
            found = type(value).__name__
            found = f"not {found}" if separate else f"but found element of type {found} at pos {position}"
            raise TypeError(f"{function}(): argument 'size' (position 1) must be tuple of ints, {found}") from None
        if value < 0:
            if function == "zeros":
                raise RuntimeError(f"zeros: Dimension size must be non-negative, but the shape is {list(size)}")
            raise RuntimeError(f"Trying to create tensor with negative dimension {value}: {list(size)} (in {function})")
        ints.append(value)
    return tuple(ints)


def check_options(function: str, layout: layout | None, device: Device | None, pin_memory: bool) -> None:
    """Refuse what names another place for the memory, or another form of it."""
    if device is not None:
        try:
            check_device(device, function)
        except Exception as error:
            shorten(error, 2)
            raise
    if layout is not None and layout is not dtypes.strided:
        if isinstance(layout, dtypes.layout):
            raise NotImplementedError(
                f"Could not run 'aten::{function}' with arguments from the 'SparseCPU' backend: no tensor in "
                f"{layout} can be made by {function}(). Make a dense one, and convert it with to_sparse()."
            )
        raise TypeError(f"{function}(): argument 'layout' must be torch.layout, not {type(layout).__name__}")
    if pin_memory:
        raise RuntimeError(
            "pin_memory=True requires a CUDA or other accelerator backend; no pinned memory allocator is available: "
            "tensors live in ordinary memory on the CPU"
        )


def plain_number(value: Any, function: str, argument: str, position: int = 0) -> complex:
    """A Python number, from one of Python's, NumPy's or a 0-d Tensor without grad, that fits into 64 bits."""
    number = scalar(value, function, argument, position)
    if isinstance(number, builtins.int) and not -(2**63) <= number < 2**64:
        raise OverflowError(f"int too big to convert: {argument}={number} in {function}()")
    return number


def target_dtype(out: Tensor | None, dtype: dtype | None, default: dtype | None, function: str) -> dtype:
    """The dtype to compute in: the one asked for, that of `out`, or the default."""
    wanted = None if dtype is None else as_dtype(dtype, function)
    if out is None:
        return wanted or default or get_default_dtype()
    check_tensor(out, function, "out")
    if wanted is not None and wanted is not out.dtype:
        raise RuntimeError(
            f"dtype {wanted.scalar_name} does not match dtype of out parameter ({out.dtype.scalar_name}): leave dtype "
            "out, or give an out tensor of that dtype"
        )
    return out.dtype


def give(array: Array, out: Tensor | None, requires_grad: bool, function: str) -> Tensor:
    """A new leaf on a raw array, or the array in `out`."""
    if out is None:
        return made(array, requires_grad)
    result = write_out(out, wrap(array), function)
    return require_grad(result) if requires_grad else result


def number_dtype(value: complex) -> dtype:
    """The dtype that PyTorch gives a tensor filled with a Python number."""
    if isinstance(value, builtins.bool):
        return dtypes.bool
    if isinstance(value, builtins.int):
        return dtypes.int64
    return get_default_complex_dtype() if isinstance(value, builtins.complex) else get_default_dtype()


_LAST = {
    dtypes.channels_last: (4, (0, 2, 3, 1), (0, 3, 1, 2)),
    dtypes.channels_last_3d: (5, (0, 2, 3, 4, 1), (0, 4, 1, 2, 3)),
}


def array_in_format(
    shape: tuple[int, ...], dtype: np.dtype, memory_format: memory_format | None, function: str
) -> np.ndarray:
    """Zeros whose dimensions lie in memory as the format says."""
    if memory_format is None or memory_format is dtypes.contiguous_format:
        return np.zeros(shape, dtype)
    if memory_format is dtypes.preserve_format:
        raise RuntimeError(f"unsupported memory format Preserve: {function}() has no tensor whose format it could keep")
    if memory_format not in _LAST:
        raise TypeError(
            f"{function}(): argument 'memory_format' must be torch.memory_format, not {type(memory_format).__name__}"
        )
    ndim, last, first = _LAST[memory_format]
    if len(shape) != ndim:
        raise RuntimeError(
            f"required rank {ndim} tensor to use {str(memory_format).removeprefix('torch.')} format, but the shape is "
            f"{list(shape)}"
        )
    return np.zeros([shape[i] for i in last], dtype).transpose(first)


def empty_array_like(input: Tensor, function: str, dtype: dtype | None, memory_format: memory_format | None) -> Array:
    """A raw array to be filled, like `input`'s: in its order of dimensions, if that is dense, unless told otherwise."""
    check_tensor(input, function)
    array = input._array_
    wanted = array.dtype if dtype is None else as_dtype(dtype, function).np
    if is_elsewhere(type(array)) and is_batched(array):
        like = wrap(namespace_of(array).to_numpy(array))
        return constant_beside(empty_array_like(like, function, dtype, memory_format), array)
    if is_batched(array):
        if memory_format is None or memory_format is dtypes.preserve_format:
            whole = array.array
            empty = np.empty(whole.shape, wanted) if repeats(whole) else np.empty_like(whole, wanted)
            return over(array).Batched(empty, array.levels)
        return of_each_example(array_in_format(array.shape, wanted, memory_format, function), input)
    if memory_format is None or memory_format is dtypes.preserve_format:
        kind = type(array)
        if not is_numpys(kind) and kind not in LEADING and NAMESPACES[kind].mutable:  # CuPy's: made where they are
            return NAMESPACES[kind].np.empty_like(array, wanted)
        flat = not isinstance(array, np.ndarray) or repeats(array)
        return np.empty(array.shape, wanted) if flat else np.empty_like(array, wanted)
    return array_in_format(array.shape, wanted, memory_format, function)


def on_device(input: Tensor, device: Device | None) -> Tensor:
    """The tensor itself; if it is on another device and the CPU is asked for by name, one like it that is there."""
    if device is None or not isinstance(input, Tensor) or type(input._array_) is np.ndarray:
        return input
    kind = type(input._array_)
    if kind is not MetaArray and (not is_elsewhere(kind) or input.is_cpu):
        return input
    return wrap(np.zeros(input._array_.shape, input._array_.dtype))


def of_each_example(array: np.ndarray, like: Any) -> Array:
    """A new array, or one of its own for each example if there is one of `like` for each."""
    if is_elsewhere(type(like._array_)) and is_batched(like._array_):
        home = wrap(namespace_of(like._array_).to_numpy(like._array_))
        return constant_beside(of_each_example(array, home), like._array_)
    if not is_batched(like._array_):
        return as_meta(array) if type(like._array_) is MetaArray else array
    levels, hidden = like._array_.levels, like._array_.array.shape[: len(like._array_.levels)]
    order = sorted(range(array.ndim), key=lambda axis: -array.strides[axis])  # that of the axes in memory
    whole = np.empty((*hidden, *[array.shape[axis] for axis in order]), array.dtype)
    k = len(hidden)
    whole = whole.transpose((*range(k), *[k + order.index(axis) for axis in range(array.ndim)]))
    whole[...] = array
    return over(like._array_).Batched(whole, levels)
