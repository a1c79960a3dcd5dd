"""What kind of tensor it is: questions about its dtype, its device and its memory; and whether it is a Tensor."""

from __future__ import annotations

from typing import Any

from ...core.dtypes import (
    dtype,
    from_numpy_dtype,
)
from ...core.registry import is_numpys
from ...core.tensor import Tensor, bind_method
from ...dispatch.arguments import check_tensor
from ...dispatch.public import public
from ..annotations import Device


@public("is_tensor", method=False)
def is_tensor(obj: Any) -> bool:
    """Whether the object is a Tensor.

    >>> import mibun as torch
    >>> torch.is_tensor(torch.ones(2)), torch.is_tensor([1.])
    (True, False)
    """
    return isinstance(obj, Tensor)


# --- the dtype ---


@public("is_complex", "is_complex", method=True)
def is_complex(input: Tensor) -> bool:
    """Whether the dtype is complex.

    >>> import mibun as torch
    >>> torch.is_complex(torch.tensor([1j]))
    True
    """
    return _dtype_of(input, "is_complex").is_complex


@public("is_floating_point")
def is_floating_point(input: Tensor) -> bool:
    """Whether the dtype is a real floating point one.

    >>> import mibun as torch
    >>> torch.is_floating_point(torch.tensor([1]))
    False
    """
    return _dtype_of(input, "is_floating_point").is_floating_point


@public("is_signed")
def is_signed(input: Tensor) -> bool:
    """Whether the dtype can hold negative numbers.

    >>> import mibun as torch
    >>> torch.is_signed(torch.tensor([1], dtype=torch.uint8))
    False
    """
    return _dtype_of(input, "is_signed").is_signed


def _dtype_of(input: Tensor, name: str) -> dtype:
    if not isinstance(input, Tensor):
        raise TypeError(f"{name}(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}")
    return from_numpy_dtype(input._array_.dtype)


# --- the device and the memory ---


def _constant(name: str, value: object, doc: str) -> None:
    bind_method(name, property(lambda self: value, doc=doc))


def _is_on(*kinds: str) -> property:
    def there(self: Tensor) -> bool:
        return not is_numpys(type(self._array_)) and self.device.type in kinds

    return property(there, doc=f"Whether the elements are on the device {kinds[0]}.")


bind_method("is_cuda", _is_on("cuda"))
bind_method("is_xla", _is_on("xla", "jax"))
for _kind in ("mps", "xpu", "mkldnn", "vulkan", "ipu", "hpu", "mtia", "maia"):
    _constant(f"is_{_kind}", False, f"Whether the elements are on the device {_kind}: never.")
for _kind in ("quantized", "nested"):
    _constant(f"is_{_kind}", False, f"Whether the tensor is {_kind.replace('_', ' ')}: never.")


@public("get_device")
def get_device(input: Tensor) -> int:
    """The number of the device; -1 stands for the CPU.

    >>> import mibun as torch
    >>> torch.get_device(torch.ones(2))
    -1
    """
    check_tensor(input, "get_device")
    index = None if is_numpys(type(input._array_)) else input.device.index
    return -1 if index is None else index


@public("record_stream", function=False)
def record_stream(self: Tensor, s: Any) -> None:
    """NotImplementedError: tensors are on the CPU, which has no streams."""
    raise NotImplementedError(
        "Could not run 'aten::record_stream' with arguments from the 'CPU' backend: it is for accelerators, whose "
        "memory is used by several streams."
    )


@public("is_pinned", function=False)
def is_pinned(self: Tensor, device: Device | None = None) -> bool:
    """Whether the memory is pinned: never."""
    return False


@public("pin_memory", function=False)
def pin_memory(self: Tensor, device: Device | None = None) -> Tensor:
    """RuntimeError: there is no accelerator that memory could be pinned for."""
    raise RuntimeError("Cannot access accelerator device when none is available: memory cannot be pinned")
