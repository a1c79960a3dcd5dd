"""Tensors of one value, made after another tensor: `zeros_like`, `full_like`, `new_zeros`, `new_full`, ...

Their results are leaves. What PyTorch leaves uninitialised holds zeros, see `filled.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ...core.dtypes import (
    as_dtype,
    dtype,
    layout,
    memory_format,
)
from ...core.tensor import Tensor
from ...dispatch.public import public
from ..annotations import Device, Number
from ..conversion.filling import fitted
from ..conversion.layouts import (
    is_sparse_array,
    is_sparse_layout,
    layout_of,
    sparse_filled_like,
    sparse_zeros,
    sparse_zeros_like,
)
from .filled import empty_strided
from .options import (
    check_options,
    empty_array_like,
    made,
    of_each_example,
    on_device,
    plain_number,
    shape_of,
    size_given,
)

# --- of the same shape and dtype ---


@public("zeros_like", method=False)
def zeros_like(
    input: Tensor,
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: Device | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    memory_format: memory_format | None = None,
) -> Tensor:
    """Zeros in the shape, dtype and order of dimensions of `input`.

    Args:
        dtype: None for that of `input`.

    Returns:
        a leaf: `requires_grad` is not taken over.

    >>> import mibun as torch
    >>> torch.zeros_like(torch.tensor([1, 2]))
    tensor([0, 0])
    """
    if is_sparse_layout(layout) or is_sparse_array(getattr(input, "_array_", None)):
        return sparse_zeros_like("zeros_like", input, layout, dtype, device, requires_grad)
    check_options("zeros_like", layout, device, pin_memory)
    input = on_device(input, device)
    array = empty_array_like(input, "zeros_like", dtype, memory_format)
    array.fill(0)
    return made(array, requires_grad, input)


@public("ones_like", method=False)
def ones_like(
    input: Tensor,
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: Device | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    memory_format: memory_format | None = None,
) -> Tensor:
    """Ones in the shape, dtype and order of dimensions of `input`.

    Args:
        dtype: None for that of `input`.

    Returns:
        a leaf: `requires_grad` is not taken over.

    >>> import mibun as torch
    >>> torch.ones_like(torch.tensor([1., 2.]))
    tensor([1., 1.])
    """
    check_options("ones_like", layout, device, pin_memory)
    if is_sparse_array(getattr(input, "_array_", None)):
        return sparse_filled_like("ones_like", input, 1, dtype, requires_grad)
    input = on_device(input, device)
    array = empty_array_like(input, "ones_like", dtype, memory_format)
    array.fill(1)
    return made(array, requires_grad, input)


@public("empty_like", method=False)
def empty_like(
    input: Tensor,
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: Device | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    memory_format: memory_format | None = None,
) -> Tensor:
    """A Tensor to be filled, of the shape, dtype and order of dimensions of `input`. Here it holds zeros.

    Args:
        dtype: None for that of `input`.

    >>> import mibun as torch
    >>> torch.empty_like(torch.ones(2, 3)).shape
    torch.Size([2, 3])
    """
    if is_sparse_layout(layout) or is_sparse_array(getattr(input, "_array_", None)):
        return sparse_zeros_like("empty_like", input, layout, dtype, device, requires_grad)
    check_options("empty_like", layout, device, pin_memory)
    input = on_device(input, device)
    array = empty_array_like(input, "empty_like", dtype, memory_format)
    array.fill(0)
    return made(array, requires_grad, input)


@public("full_like", method=False)
def full_like(
    input: Tensor,
    fill_value: Tensor | Number,
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: Device | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    memory_format: memory_format | None = None,
) -> Tensor:
    """One number everywhere, in the shape, dtype and order of dimensions of `input`.

    Args:
        fill_value: a number or a 0-d Tensor.
        dtype: None for that of `input`.

    Raises:
        RuntimeError: where the dtype cannot hold the number.

    >>> import mibun as torch
    >>> torch.full_like(torch.tensor([1., 2.]), 3)
    tensor([3., 3.])
    """
    check_options("full_like", layout, device, pin_memory)
    if is_sparse_array(getattr(input, "_array_", None)):
        value = plain_number(fill_value, "full_like", "fill_value")
        return sparse_filled_like("full_like", input, value, dtype, requires_grad)
    input = on_device(input, device)
    array = empty_array_like(input, "full_like", dtype, memory_format)
    array.fill(fitted(plain_number(fill_value, "full_like", "fill_value"), array.dtype))
    return made(array, requires_grad, input)


# --- of the same dtype (methods) ---


def _new(name: str, doc: str, fill: Callable[..., np.ndarray]) -> None:
    def method(
        self: Tensor,
        *args: int | Sequence[int],
        size: Sequence[int] | None = None,
        dtype: dtype | None = None,
        device: Device | None = None,
        requires_grad: bool = False,
        layout: layout | None = None,
        pin_memory: bool = False,
    ) -> Tensor:
        if name != "new_ones" and (is_sparse_layout(layout) or is_sparse_array(self._array_)):
            kind, wanted = layout or layout_of(self), dtype or self.dtype
            return sparse_zeros(name, size_given(args, size, name), kind, wanted, device, requires_grad)
        check_options(name, layout, device, pin_memory)
        shape = size_given(args, size, name)
        array = fill(shape, self._array_.dtype if dtype is None else as_dtype(dtype, name).np)
        return made(of_each_example(array, self), requires_grad, on_device(self, device))

    method.__doc__ = doc
    public(name, function=False)(method)


_new("new_zeros", "Zeros of the shape given and this tensor's dtype.", np.zeros)
_new("new_ones", "Ones of the shape given and this tensor's dtype.", np.ones)
_new("new_empty", "A Tensor to be filled, of the shape given and this tensor's dtype. It holds zeros.", np.zeros)


@public("new_full", function=False)
def new_full(
    self: Tensor,
    size: Sequence[int],
    fill_value: Tensor | Number,
    *,
    dtype: dtype | None = None,
    device: Device | None = None,
    requires_grad: bool = False,
    layout: layout | None = None,
    pin_memory: bool = False,
) -> Tensor:
    """One number everywhere, in the shape given and this tensor's dtype.

    Args:
        size: a sequence of sizes.
        fill_value: a number or a 0-d Tensor.
        dtype: None for that of this tensor.

    Raises:
        RuntimeError: where the dtype cannot hold the number.

    >>> import mibun as torch
    >>> torch.tensor([1.5]).new_full((2,), 3)
    tensor([3., 3.])
    """
    check_options("new_full", layout, device, pin_memory)
    wanted = self._array_.dtype if dtype is None else as_dtype(dtype, "new_full").np
    value = fitted(plain_number(fill_value, "new_full", "fill_value"), wanted)
    array = np.full(shape_of(size, "new_full"), value, wanted)
    return made(of_each_example(array, self), requires_grad, on_device(self, device))


@public("new_empty_strided", function=False)
def new_empty_strided(
    self: Tensor,
    size: Sequence[int],
    stride: Sequence[int],
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: Device | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """`empty_strided` of this tensor's dtype."""
    result = empty_strided(
        size,
        stride,
        dtype=self.dtype if dtype is None else dtype,
        layout=layout,
        device=device,
        pin_memory=pin_memory,
    )
    return made(of_each_example(result._array_, self), requires_grad, on_device(self, device))
