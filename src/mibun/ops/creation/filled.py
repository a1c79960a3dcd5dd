"""Tensors of one value, made from a shape: `zeros`, `ones`, `full`, `empty`, ...

Their results are leaves. Uninitialised memory does not exist here: what PyTorch calls `empty` holds zeros, so that a
program that forgets to fill it behaves the same at every run.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...core.dtypes import (
    dtype,
    layout,
    memory_format,
)
from ...core.tensor import Tensor
from ...dispatch.arguments import whole
from ...dispatch.public import public
from ..annotations import Device, Number
from ..conversion.filling import fitted
from ..conversion.layouts import is_sparse_layout, sparse_zeros
from .options import (
    array_in_format,
    check_options,
    give,
    made,
    number_dtype,
    plain_number,
    shape_of,
    size_given,
    target_dtype,
)


@public("zeros", method=False)
def zeros(
    *args: int | Sequence[int],
    size: Sequence[int] | None = None,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: Device | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """A Tensor of zeros: `zeros(2, 3)`, `zeros((2, 3))` or `zeros(size=(2, 3))`.

    Args:
        size: the sizes of the dimensions, one by one or as one sequence.
        out: where to write the result; resized if it does not fit.
        dtype: None for the default dtype.
        requires_grad: whether operations on it are to be recorded.

    Raises:
        RuntimeError: for negative sizes, and for integers that require grad.

    >>> import mibun as torch
    >>> torch.zeros(2, 3)
    tensor([[0., 0., 0.],
            [0., 0., 0.]])
    """
    if is_sparse_layout(layout):
        return sparse_zeros("zeros", size_given(args, size, "zeros"), layout, dtype, device, requires_grad)
    check_options("zeros", layout, device, pin_memory)
    shape = size_given(args, size, "zeros")
    return give(np.zeros(shape, target_dtype(out, dtype, None, "zeros").np), out, requires_grad, "zeros")


@public("ones", method=False)
def ones(
    *args: int | Sequence[int],
    size: Sequence[int] | None = None,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: Device | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """A Tensor of ones: `ones(2, 3)`, `ones((2, 3))` or `ones(size=(2, 3))`.

    Args:
        size: the sizes of the dimensions, one by one or as one sequence.
        out: where to write the result; resized if it does not fit.
        dtype: None for the default dtype.
        requires_grad: whether operations on it are to be recorded.

    Raises:
        RuntimeError: for negative sizes, and for integers that require grad.

    >>> import mibun as torch
    >>> torch.ones(2, dtype=torch.int64)
    tensor([1, 1])
    """
    check_options("ones", layout, device, pin_memory)
    shape = size_given(args, size, "ones")
    return give(np.ones(shape, target_dtype(out, dtype, None, "ones").np), out, requires_grad, "ones")


@public("full", method=False)
def full(
    size: Sequence[int],
    fill_value: Tensor | Number,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: Device | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """A Tensor of one number everywhere.

    Args:
        size: a sequence of sizes.
        fill_value: a number or a 0-d Tensor.
        out: where to write the result; resized if it does not fit.
        dtype: None for bool, int64, the default dtype or its complex one, as the number is.

    Raises:
        RuntimeError: where the dtype cannot hold the number.

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


@public("scalar_tensor", method=False)
def scalar_tensor(
    s: Tensor | Number,
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: Device | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """A 0-d Tensor of a number, of the default dtype unless another is given.

    >>> import mibun as torch
    >>> torch.scalar_tensor(3)
    tensor(3.)
    """
    check_options("scalar_tensor", layout, device, pin_memory)
    wanted = target_dtype(None, dtype, None, "scalar_tensor").np
    return made(np.asarray(fitted(plain_number(s, "scalar_tensor", "s"), wanted)), requires_grad)


# --- to be filled ---


@public("empty", method=False)
def empty(
    *args: int | Sequence[int],
    size: Sequence[int] | None = None,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: Device | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    memory_format: memory_format | None = None,
) -> Tensor:
    """A Tensor to be filled: `empty(2, 3)`, `empty((2, 3))` or `empty(size=(2, 3))`. Here it holds zeros.

    Args:
        size: the sizes of the dimensions, one by one or as one sequence.
        out: where to write the result; resized if it does not fit.
        dtype: None for the default dtype.
        requires_grad: whether operations on it are to be recorded.
        memory_format: `channels_last` and `channels_last_3d` order the dimensions in memory.

    Raises:
        RuntimeError: for negative sizes, and where the memory format needs another number of dimensions.

    >>> import mibun as torch
    >>> torch.empty(2).shape
    torch.Size([2])
    """
    if is_sparse_layout(layout):
        return sparse_zeros("empty", size_given(args, size, "empty"), layout, dtype, device, requires_grad)
    check_options("empty", layout, device, pin_memory)
    shape = size_given(args, size, "empty")
    array = array_in_format(shape, target_dtype(out, dtype, None, "empty").np, memory_format, "empty")
    return give(array, out, requires_grad, "empty")


@public("empty_strided", method=False)
def empty_strided(
    size: Sequence[int],
    stride: Sequence[int],
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: Device | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """A Tensor to be filled, whose elements lie `stride` elements apart in each dimension. It holds zeros.

    RuntimeError where the lengths of `size` and `stride` differ or a stride is negative.

    >>> import mibun as torch
    >>> torch.empty_strided((2, 3), (1, 2)).stride()
    (1, 2)
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


@public("empty_permuted", method=False)
def empty_permuted(
    size: Sequence[int],
    physical_layout: Sequence[int],
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: Device | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """A Tensor to be filled, dense in memory with the dimensions in the order `physical_layout`. It holds zeros.

    >>> import mibun as torch
    >>> torch.empty_permuted((2, 3), (1, 0)).stride()
    (1, 2)
    """
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
