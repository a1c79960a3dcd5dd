"""`torch.utils._device`: the device on which tensors are made where a program names none."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ..core.device import DEVICE_CONTEXTS
from ..core.device import device as _device
from ..overrides import TorchFunctionMode

CURRENT_DEVICE: Any = None

# The functions that make tensors, by name.
_CONSTRUCTORS = frozenset(
    "arange as_tensor asarray bartlett_window blackman_window empty empty_permuted empty_quantized empty_strided eye "
    "fft_fftfreq fft_rfftfreq from_file full hamming_window hann_window kaiser_window linspace logspace nested_tensor "
    "normal ones rand randint randn randperm range scalar_tensor sparse_bsc_tensor sparse_bsr_tensor "
    "sparse_compressed_tensor sparse_coo_tensor sparse_csc_tensor sparse_csr_tensor tensor tril_indices triu_indices "
    "zeros".split()
)


class DeviceContext(TorchFunctionMode):
    """Context in which the functions that make tensors make them on `device`, unless they are told another.

    >>> import mibun as torch
    >>> with torch.device("meta"):
    ...     weight = torch.nn.Linear(10000, 10000).weight
    >>> weight.device, weight.shape
    (device(type='meta'), torch.Size([10000, 10000]))
    """

    def __init__(self, device: Any) -> None:
        super().__init__()
        self.device = _device(device)

    def __torch_function__(self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        """Gives the device to a function that takes one and was given none."""
        kwargs = kwargs or {}
        if func.__name__ in _CONSTRUCTORS and kwargs.get("device") is None:
            kwargs = {**kwargs, "device": self.device}
        return func(*args, **kwargs)


def device_decorator(device: Any, func: Callable) -> Callable:
    """The function, called within the context of a device."""

    @functools.wraps(func)
    def call(*args: Any, **kwargs: Any) -> Any:
        with DeviceContext(device):
            return func(*args, **kwargs)

    return call


def set_device(device: Any) -> Callable[[Callable], Callable]:
    """Decorator: the function is called within the context of a device."""
    return lambda func: device_decorator(_device(device), func)


DEVICE_CONTEXTS.make = DeviceContext
