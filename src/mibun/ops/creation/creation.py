"""Tensors made from nothing but a shape: `zeros`, `full`, `eye`, `zeros_like`, `new_zeros`, ... (ranges: `ranges.py`).

Their results are leaves. Uninitialised memory does not exist here: what PyTorch calls `empty` holds zeros, so that a
program that forgets to fill it behaves the same at every run.
"""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.device import check_device
from ...core.dtypes import as_dtype, get_default_complex_dtype, get_default_dtype
from ...core.registry import METHODS
from ...core.tensor import Tensor, wrap
from ...dispatch.arguments import check_tensor, whole
from ...dispatch.inplace import write_out
from ...dispatch.public import public
from ..conversion.casting import fitted

# --- what all of them have in common ---


def made(array: Any, requires_grad: bool = False) -> Any:
    """A new leaf on a raw array."""
    result = wrap(array)
    if requires_grad:
        if array.dtype.kind in "biu":
            raise RuntimeError(
                f"Only Tensors of floating point and complex dtype can require gradients, and {result.dtype} is neither"
            )
        result.requires_grad_()
    return result


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


def check_options(function: str, layout: Any, device: Any, pin_memory: Any) -> None:
    """Refuse what names another place for the memory, or another form of it."""
    if device is not None:
        check_device(device, function)
    if layout is not None and layout is not dtypes.strided:
        raise TypeError(f"{function}(): argument 'layout' must be torch.layout, not {type(layout).__name__}")
    if pin_memory:
        raise RuntimeError(
            "pin_memory=True requires a CUDA or other accelerator backend; no pinned memory allocator is available: "
            "tensors live in ordinary memory on the CPU"
        )


def plain_number(value: Any, function: str, argument: str, position: int = 0) -> Any:
    """A Python number, from one of Python's, NumPy's or a 0-d Tensor."""
    if isinstance(value, (builtins.bool, builtins.int, builtins.float, builtins.complex)):
        number = value
    elif isinstance(value, Tensor) and value._array_.ndim == 0:
        number = value.item()
    elif isinstance(value, (np.number, np.bool_)):
        number = value.item()
    else:
        where = f" (position {position})" if position else ""
        raise TypeError(f"{function}(): argument '{argument}'{where} must be Number, not {type(value).__name__}")
    if isinstance(number, builtins.int) and not -(2**63) <= number < 2**63:
        if number >= 2**64 or number < 0:
            raise OverflowError(f"int too big to convert: {argument}={number} in {function}()")
        raise RuntimeError(f"value cannot be converted to type int64_t without overflow: {argument}={number}")
    return number


def target_dtype(out: Any, dtype: Any, default: Any, function: str) -> Any:
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


def give(array: Any, out: Any, requires_grad: Any, function: str) -> Any:
    """A new leaf on a raw array, or the array in `out`."""
    if out is None:
        return made(array, requires_grad)
    result = write_out(out, wrap(array), function)
    return result.requires_grad_() if requires_grad else result


def number_dtype(value: Any) -> Any:
    """The dtype that PyTorch gives a tensor filled with a Python number."""
    if isinstance(value, builtins.bool):
        return dtypes.bool
    if isinstance(value, builtins.int):
        return dtypes.int64
    return get_default_complex_dtype() if isinstance(value, builtins.complex) else get_default_dtype()


# --- one value everywhere ---


@public(method=False)
def zeros(
    *size: Any, out: Any = None, dtype: Any = None, layout: Any = None, device: Any = None, pin_memory: bool = False,
    requires_grad: bool = False, **keywords: Any,
) -> Any:  # fmt: skip
    """A Tensor of zeros: `zeros(2, 3)`, `zeros((2, 3))` or `zeros(size=(2, 3))`, of the default dtype."""
    check_options("zeros", layout, device, pin_memory)
    shape = sizes(size, keywords, "zeros")
    return give(np.zeros(shape, target_dtype(out, dtype, None, "zeros").np), out, requires_grad, "zeros")


@public(method=False)
def ones(
    *size: Any, out: Any = None, dtype: Any = None, layout: Any = None, device: Any = None, pin_memory: bool = False,
    requires_grad: bool = False, **keywords: Any,
) -> Any:  # fmt: skip
    """A Tensor of ones: `ones(2, 3)`, `ones((2, 3))` or `ones(size=(2, 3))`, of the default dtype."""
    check_options("ones", layout, device, pin_memory)
    shape = sizes(size, keywords, "ones")
    return give(np.ones(shape, target_dtype(out, dtype, None, "ones").np), out, requires_grad, "ones")


_LAST = {dtypes.channels_last: (4, (0, 2, 3, 1), (0, 3, 1, 2)),
         dtypes.channels_last_3d: (5, (0, 2, 3, 4, 1), (0, 4, 1, 2, 3))}  # fmt: skip


def _in_format(shape: tuple[int, ...], dtype: Any, memory_format: Any, function: str) -> Any:
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


@public(method=False)
def empty(
    *size: Any, out: Any = None, dtype: Any = None, layout: Any = None, device: Any = None, pin_memory: bool = False,
    requires_grad: bool = False, memory_format: Any = None, **keywords: Any,
) -> Any:  # fmt: skip
    """A Tensor to be filled: `empty(2, 3)`, `empty((2, 3))` or `empty(size=(2, 3))`. It holds zeros."""
    check_options("empty", layout, device, pin_memory)
    shape = sizes(size, keywords, "empty")
    array = _in_format(shape, target_dtype(out, dtype, None, "empty").np, memory_format, "empty")
    return give(array, out, requires_grad, "empty")


@public(method=False)
def empty_strided(
    size: Any, stride: Any, *, dtype: Any = None, layout: Any = None, device: Any = None, pin_memory: bool = False,
    requires_grad: bool = False,
) -> Any:  # fmt: skip
    """A Tensor to be filled, whose elements lie `stride` elements apart in each dimension. It holds zeros.

    RuntimeError where the lengths of `size` and `stride` differ or a stride is negative.
    """
    check_options("empty_strided", layout, device, pin_memory)
    shape, steps = shape_of(size, "empty_strided"), [whole(s, "empty_strided", "stride") for s in stride]
    if len(shape) != len(steps):
        raise RuntimeError(
            f"dimensionality of sizes ({len(shape)}) must match dimensionality of strides ({len(steps)})"
        )
    if min(steps, default=0) < 0:
        raise RuntimeError(
            f"Storage size calculation overflowed with sizes={list(shape)} and strides={steps}: strides cannot be "
            "negative"
        )
    wanted = target_dtype(None, dtype, None, "empty_strided").np
    length = 0 if 0 in shape else 1 + sum((n - 1) * s for n, s in zip(shape, steps, strict=True))
    strides = [s * wanted.itemsize for s in steps]
    return made(np.lib.stride_tricks.as_strided(np.zeros(length, wanted), shape, strides), requires_grad)


@public(method=False)
def empty_permuted(
    size: Any, physical_layout: Any, *, dtype: Any = None, layout: Any = None, device: Any = None,
    pin_memory: bool = False, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """A Tensor to be filled, dense in memory with the dimensions in the order `physical_layout`. It holds zeros."""
    check_options("empty_permuted", layout, device, pin_memory)
    shape = shape_of(size, "empty_permuted")
    order = [whole(dim, "empty_permuted", "physical_layout") for dim in physical_layout]
    if len(order) != len(shape):
        raise RuntimeError(
            "Number of dimensions in size does not match the length of the physical_layout; i.e. len(size) = "
            f"{len(shape)} is not equal to len(physical_layout) = {len(order)}"
        )
    for dim in order:
        if not 0 <= dim < len(shape):
            raise RuntimeError(f"Dimension out of range (expected to be between 0 and {len(shape) - 1}, but got {dim})")
    if len(set(order)) != len(order):
        raise RuntimeError(f"Duplicate dim not allowed in physical_layout {order}")
    array = np.zeros([shape[d] for d in order], target_dtype(None, dtype, None, "empty_permuted").np)
    return made(array.transpose(np.argsort(order)) if order else array, requires_grad)


@public(method=False)
def full(
    size: Any, fill_value: Any, *, out: Any = None, dtype: Any = None, layout: Any = None, device: Any = None,
    pin_memory: bool = False, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """A Tensor of one number everywhere; of int64, bool, the default or its complex dtype, as the number is.

    >>> import mibun as torch
    >>> torch.full((2, 2), 7)
    tensor([[7, 7],
            [7, 7]])
    """
    check_options("full", layout, device, pin_memory)
    shape = shape_of(size, "full")
    value = plain_number(fill_value, "full", "fill_value", 2)
    wanted = target_dtype(out, dtype, number_dtype(value), "full").np
    return give(np.full(shape, fitted(value, wanted), wanted), out, requires_grad, "full")


@public(method=False)
def scalar_tensor(
    s: Any, *, dtype: Any = None, layout: Any = None, device: Any = None, pin_memory: bool = False,
    requires_grad: bool = False,
) -> Any:  # fmt: skip
    """A 0-d Tensor of a number, of the default dtype unless another is given."""
    check_options("scalar_tensor", layout, device, pin_memory)
    wanted = target_dtype(None, dtype, None, "scalar_tensor").np
    return made(np.asarray(fitted(plain_number(s, "scalar_tensor", "s"), wanted)), requires_grad)


# --- like another tensor ---


def empty_array_like(input: Any, function: str, dtype: Any, memory_format: Any) -> Any:
    """A raw array to be filled, like `input`'s: in its order of dimensions, if that is dense, unless told otherwise."""
    check_tensor(input, function)
    array = input._array_
    wanted = array.dtype if dtype is None else as_dtype(dtype, function).np
    if memory_format is None or memory_format is dtypes.preserve_format:
        return np.empty(array.shape, wanted) if isinstance(array, np.generic) else np.empty_like(array, wanted)
    return _in_format(array.shape, wanted, memory_format, function)


@public(method=False)
def zeros_like(
    input: Any, *, dtype: Any = None, layout: Any = None, device: Any = None, pin_memory: bool = False,
    requires_grad: bool = False, memory_format: Any = None,
) -> Any:  # fmt: skip
    """Zeros of the shape and dtype of `input`. It is a leaf: `requires_grad` is not taken over."""
    check_options("zeros_like", layout, device, pin_memory)
    array = empty_array_like(input, "zeros_like", dtype, memory_format)
    array.fill(0)
    return made(array, requires_grad)


@public(method=False)
def ones_like(
    input: Any, *, dtype: Any = None, layout: Any = None, device: Any = None, pin_memory: bool = False,
    requires_grad: bool = False, memory_format: Any = None,
) -> Any:  # fmt: skip
    """Ones of the shape and dtype of `input`. It is a leaf: `requires_grad` is not taken over."""
    check_options("ones_like", layout, device, pin_memory)
    array = empty_array_like(input, "ones_like", dtype, memory_format)
    array.fill(1)
    return made(array, requires_grad)


@public(method=False)
def empty_like(
    input: Any, *, dtype: Any = None, layout: Any = None, device: Any = None, pin_memory: bool = False,
    requires_grad: bool = False, memory_format: Any = None,
) -> Any:  # fmt: skip
    """A Tensor to be filled, of the shape and dtype of `input`. It holds zeros."""
    check_options("empty_like", layout, device, pin_memory)
    array = empty_array_like(input, "empty_like", dtype, memory_format)
    array.fill(0)
    return made(array, requires_grad)


@public(method=False)
def full_like(
    input: Any, fill_value: Any, *, dtype: Any = None, layout: Any = None, device: Any = None, pin_memory: bool = False,
    requires_grad: bool = False, memory_format: Any = None,
) -> Any:  # fmt: skip
    """One number everywhere, in the shape and dtype of `input`. RuntimeError where the dtype cannot hold it."""
    check_options("full_like", layout, device, pin_memory)
    array = empty_array_like(input, "full_like", dtype, memory_format)
    array.fill(fitted(plain_number(fill_value, "full_like", "fill_value"), array.dtype))
    return made(array, requires_grad)


# --- of the same dtype as another tensor (methods) ---


def _new(name: str, doc: str, fill: Any) -> None:
    def method(
        self: Any, *size: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False, layout: Any = None,
        pin_memory: bool = False, **keywords: Any,
    ) -> Any:  # fmt: skip
        check_options(name, layout, device, pin_memory)
        shape = sizes(size, keywords, name)
        return made(fill(shape, self._array_.dtype if dtype is None else as_dtype(dtype, name).np), requires_grad)

    method.__name__ = method.__qualname__ = name
    method.__doc__ = doc
    METHODS[name] = method


_new("new_zeros", "Zeros of the shape given and this tensor's dtype.", np.zeros)
_new("new_ones", "Ones of the shape given and this tensor's dtype.", np.ones)
_new("new_empty", "A Tensor to be filled, of the shape given and this tensor's dtype. It holds zeros.", np.zeros)


@public(function=False)
def new_full(
    self: Any, size: Any, fill_value: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False,
    layout: Any = None, pin_memory: bool = False,
) -> Any:  # fmt: skip
    """One number everywhere, in the shape given and this tensor's dtype. RuntimeError where that cannot hold it."""
    check_options("new_full", layout, device, pin_memory)
    wanted = self._array_.dtype if dtype is None else as_dtype(dtype, "new_full").np
    value = fitted(plain_number(fill_value, "new_full", "fill_value"), wanted)
    return made(np.full(shape_of(size, "new_full"), value, wanted), requires_grad)


@public(function=False)
def new_empty_strided(
    self: Any, size: Any, stride: Any, dtype: Any = None, layout: Any = None, device: Any = None,
    pin_memory: bool = False, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """`empty_strided` of this tensor's dtype."""
    return empty_strided(
        size, stride, dtype=self.dtype if dtype is None else dtype, layout=layout, device=device,
        pin_memory=pin_memory, requires_grad=requires_grad,
    )  # fmt: skip


# --- matrices and their corners ---


@public(method=False)
def eye(
    n: Any, m: Any = None, *, out: Any = None, dtype: Any = None, layout: Any = None, device: Any = None,
    pin_memory: bool = False, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """The n×m matrix (m defaults to n) with ones on the diagonal and zeros elsewhere."""
    check_options("eye", layout, device, pin_memory)
    rows = whole(n, "eye", "n")
    columns = rows if m is None else whole(m, "eye", "m")
    for name, value in (("n", rows), ("m", columns)):
        if value < 0:
            raise RuntimeError(f"{name} must be greater or equal to 0, got {value}")
    return give(np.eye(rows, columns, dtype=target_dtype(out, dtype, None, "eye").np), out, requires_grad, "eye")


def _corner(name: str, indices: Any, which: str) -> Any:
    def function(
        row: Any, col: Any, offset: Any = 0, *, dtype: Any = None, layout: Any = None, device: Any = None,
        pin_memory: bool = False,
    ) -> Any:  # fmt: skip
        check_options(name, layout, device, pin_memory)
        rows, columns = whole(row, name, "row"), whole(col, name, "col")
        for argument, value in (("row", rows), ("col", columns)):
            if value < 0:
                raise RuntimeError(f"{argument} must be non-negative, got{value}")
        target = dtypes.int64 if dtype is None else as_dtype(dtype, name)
        if target.category != 1 or target.itemsize < 4:
            raise NotImplementedError(f"\"{name}\" not implemented for '{target.scalar_name}'")
        return wrap(np.stack(indices(rows, whole(offset, name, "offset"), columns)).astype(target.np))

    function.__name__ = function.__qualname__ = name
    function.__doc__ = (
        f"The rows and columns of the {which} triangle of a row×col matrix, from "
        f"the diagonal `offset` on: shape (2, count), of int64 (or int32)."
    )
    return public(method=False)(function)


tril_indices = _corner("tril_indices", np.tril_indices, "lower")
triu_indices = _corner("triu_indices", np.triu_indices, "upper")
