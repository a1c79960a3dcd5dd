"""Conversion of Modules: their parameters and buffers in another dtype, on another device, or changed by a function."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any, Self

from ...compat.module_conversion import get_overwrite_module_params_on_conversion, get_swap_module_params_on_conversion
from ...core import dtypes
from ...core.device import check_device, elsewhere, is_meta_device
from ...core.device import device as DeviceType
from ...core.mode import no_grad
from ...core.site import stacklevel
from ...core.tensor import Tensor
from ...ops.creation.like import empty_like
from ...utils.swapping import swap_tensors
from ..common_types import Device
from ..factories import empty
from ..parameter import Parameter


class ModuleConversion:
    """The methods of Module that change all of its tensors: `to`, `double`, `to_empty`, ..."""

    _parameters: dict[str, Any]
    _buffers: dict[str, Any]
    children: Callable[[], Iterator[Any]]
    parameters: Callable[[], Iterator[Any]]

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Self:
        """Replace the data of parameters, of their gradients and of buffers by `fn` of them."""
        if recurse:
            for module in self.children():
                module._apply(fn)
        for name, parameter in list(self._parameters.items()):
            if parameter is None:
                continue
            with no_grad():
                if get_swap_module_params_on_conversion():
                    _exchange(parameter, fn)
                elif get_overwrite_module_params_on_conversion():
                    self._parameters[name] = _converted(parameter, fn)
                else:
                    parameter.data = fn(parameter)  # type: ignore[attr-defined]
                    if parameter.grad is not None:
                        parameter.grad.data = fn(parameter.grad)  # type: ignore[attr-defined]
        for name, buffer in self._buffers.items():
            if buffer is not None:
                self._buffers[name] = fn(buffer)
        return self

    def to(self, *args: Any, **kwargs: Any) -> Self:
        """Convert parameters and buffers of floating or complex dtype, in place: `to(dtype)`, `to(device, dtype)`,
        `to(tensor)`. TypeError for an integer dtype; RuntimeError or AssertionError for a device that there is not.

        >>> import mibun as torch
        >>> torch.nn.Linear(2, 1).to(torch.float64).weight.dtype
        torch.float64
        """
        dtype, non_blocking, memory_format, device = _parse_to(args, kwargs)
        to_meta = is_meta_device(device)
        if dtype is not None and not (dtype.is_floating_point or dtype.is_complex):
            raise TypeError(
                f"nn.Module.to only accepts floating point or complex dtypes, but got desired dtype={dtype}"
            )
        if dtype is not None and dtype.is_complex:
            warnings.warn(
                "Complex modules are a new feature whose design may change, and some modules might not work as "
                "expected when using complex tensors as parameters or buffers.",
                stacklevel=stacklevel(),
            )

        def convert(tensor: Tensor) -> Tensor:
            wanted = dtype if dtype is not None and (tensor.is_floating_point() or tensor.is_complex()) else None
            extra = {} if memory_format is None or tensor.ndim not in (4, 5) else {"memory_format": memory_format}
            if to_meta:
                return tensor.to("meta", wanted, **extra)
            if device is not None and tensor.is_meta:
                raise NotImplementedError(
                    "Cannot copy out of meta tensor; no data! Please use torch.nn.Module.to_empty() instead of "
                    "torch.nn.Module.to() when moving module from meta to a different device."
                )
            if device is not None:
                return tensor.to(device, wanted, non_blocking=non_blocking, **extra)
            return tensor.to(wanted or tensor.dtype, non_blocking=non_blocking, **extra)

        return self._apply(convert)

    def type(self, dst_type: Any) -> Self:
        """Convert all parameters and buffers, integer ones too, to a dtype, in place."""
        dtype = dst_type
        if isinstance(dtype, dtypes.dtype) and not (dtype.is_floating_point or dtype.is_complex):
            if any(parameter.requires_grad for parameter in self.parameters()):
                raise RuntimeError(
                    "data set to a tensor that requires gradients must be floating point or complex dtype: "
                    "requires_grad_(False) first"
                )
        return self._apply(lambda tensor: tensor.type(dst_type))

    def _to_floating(self, dtype: dtypes.dtype) -> Self:
        return self._apply(lambda tensor: tensor.to(dtype) if tensor.is_floating_point() else tensor)

    def float(self) -> Self:
        """Convert parameters and buffers of floating dtype to float32, in place."""
        return self._to_floating(dtypes.float32)

    def double(self) -> Self:
        """Convert parameters and buffers of floating dtype to float64, in place."""
        return self._to_floating(dtypes.float64)

    def half(self) -> Self:
        """Convert parameters and buffers of floating dtype to float16, in place."""
        return self._to_floating(dtypes.float16)

    def bfloat16(self) -> Self:
        """Convert parameters and buffers of floating dtype to bfloat16, in place."""
        return self._to_floating(dtypes.bfloat16)

    def cpu(self) -> Self:
        """Move parameters and buffers to the CPU, in place."""
        return self._apply(lambda tensor: tensor.cpu())

    def cuda(self, device: Device = None) -> Self:
        """Move parameters and buffers to a GPU, in place. AssertionError where CuPy sees none."""
        if elsewhere("cuda") is None:
            return self._refuse("cuda", device)
        return self._apply(lambda tensor: tensor.cuda(device))

    def xpu(self, device: Device = None) -> Self:
        """AssertionError, as from a PyTorch without XPU: everything is on the CPU."""
        return self._refuse("xpu", device)

    def mtia(self, device: Device = None) -> Self:
        """AssertionError, as from a PyTorch without MTIA: everything is on the CPU."""
        return self._refuse("mtia", device)

    def ipu(self, device: Device = None) -> Self:
        """RuntimeError, as from a PyTorch without IPU: everything is on the CPU."""
        return self._refuse("ipu", device)

    def share_memory(self) -> Self:
        """Move parameters and buffers to memory that other processes see: see `Tensor.share_memory_`.

        >>> import mibun as torch
        >>> torch.nn.Linear(2, 1).share_memory().weight.is_shared()
        True
        """
        return self._apply(lambda tensor: tensor.share_memory_())

    def _refuse(self, kind: str, device: Device) -> Self:
        # A bare number is the index of a device of this kind.
        check_device(kind if device is None or isinstance(device, int) else device)
        return self

    def to_empty(self, *, device: Device, recurse: bool = True) -> Self:
        """Give all parameters and buffers new memory with unspecified values."""
        return self._apply(lambda tensor: _empty_on(tensor, device), recurse=recurse)


def _converted(parameter: Any, fn: Callable[[Tensor], Tensor]) -> Parameter:
    """A new Parameter with the converted data, and the converted gradient."""
    new = Parameter(fn(parameter), parameter.requires_grad)
    if parameter.grad is not None:
        new.grad = fn(parameter.grad).requires_grad_(parameter.grad.requires_grad)
    return new


def _exchange(parameter: Any, fn: Callable[[Tensor], Tensor]) -> None:
    """Let the parameter be another one, with the converted data and gradient, for all who hold it."""
    given = fn(parameter)
    gradient = None if parameter.grad is None else fn(parameter.grad)
    if given is parameter:  # such as share_memory
        return
    parameter.grad = None  # so that it does not have to fit for a moment
    other = given if type(given) not in (Tensor, Parameter) else Parameter(given, parameter.requires_grad)
    swap_tensors(parameter, other)
    parameter.grad = gradient


def _empty_on(tensor: Tensor, device: Device) -> Tensor:
    """A tensor with unspecified values, like another one, on a device."""
    if is_meta_device(device):
        return tensor.detach().to("meta")
    if elsewhere(device) is not None:
        return empty(tensor.shape, dtype=tensor.dtype, device=device)
    check_device(device)
    if tensor.is_meta or (device is not None and not tensor.is_cpu):
        return empty(tensor.shape, dtype=tensor.dtype)
    return empty_like(tensor)


def _parse_to(args: tuple, kwargs: dict) -> tuple[Any, bool, Any, Any]:
    """(dtype, non_blocking, memory_format, device) from the arguments of `Module.to`, by PyTorch's three signatures."""
    kwargs = dict(kwargs)
    memory_format = kwargs.pop("memory_format", None)
    if args and isinstance(args[0], Tensor) or "tensor" in kwargs:
        names = ("tensor", "non_blocking", "copy")
    elif args and isinstance(args[0], dtypes.dtype):
        names = ("dtype", "non_blocking", "copy")
    else:
        names = ("device", "dtype", "non_blocking", "copy")
    values = dict(zip(names, args, strict=False))
    dtype = values.get("dtype", kwargs.get("dtype"))
    duplicate = values.keys() & kwargs.keys()
    ok = len(args) <= len(names) and not duplicate and not kwargs.keys() - set(names)
    values.update(kwargs)
    device, tensor = values.get("device"), values.get("tensor")
    ok = ok and (dtype is None or isinstance(dtype, dtypes.dtype))
    ok = ok and isinstance(device, (str, int, DeviceType, type(None)))
    ok = ok and isinstance(values.get("non_blocking", False), bool) and (tensor is None or isinstance(tensor, Tensor))
    if not ok:
        got = ", ".join([type(v).__name__ for v in args] + [f"{k}={type(v).__name__}" for k, v in kwargs.items()])
        raise TypeError(
            f"to() received an invalid combination of arguments - got ({got}), but expected one of:\n"
            " * (torch.device device = None, torch.dtype dtype = None, bool non_blocking = False)\n"
            " * (torch.dtype dtype, bool non_blocking = False)\n * (Tensor tensor, bool non_blocking = False)\n"
        )
    if values.get("copy"):
        raise RuntimeError(".to() does not accept copy argument: a Module is converted in place; use copy.deepcopy")
    if elsewhere(device) is None:
        check_device(device, "to")
    if tensor is not None:
        dtype, device = tensor.dtype, tensor.device
    return dtype, values.get("non_blocking", False), memory_format, device
