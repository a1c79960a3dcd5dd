"""How programs written over the Array API standard come from a Tensor to its functions, and to its device."""

from __future__ import annotations

from typing import Any

from ..core.device import check_device
from ..core.tensor import Tensor
from ..dispatch.public import public
from ..ops.annotations import Device

_VERSIONS = ("2021.12", "2022.12", "2023.12", "2024.12", "2025.12")


@public("__array_namespace__", function=False)
def __array_namespace__(self: Tensor, /, *, api_version: str | None = None) -> Any:
    """The module `mibun.array_api`: the functions of the Array API standard on Tensors.

    api_version: a revision of the standard; what the last one has is given for all. ValueError if there is none such.

    >>> import mibun as torch
    >>> xp = torch.ones(2).__array_namespace__()
    >>> xp.sum(xp.asarray([1, 2]), keepdims=True)
    tensor([3])
    """
    if api_version is not None and api_version not in _VERSIONS:
        raise ValueError(f"the Array API standard has no revision {api_version!r}; there are {', '.join(_VERSIONS)}")
    from .. import array_api  # some 200 functions, which most programs never ask for

    return array_api


@public("to_device", function=False)
def to_device(self: Tensor, device: Device, /, *, stream: None = None) -> Tensor:
    """The Tensor itself, as all are on the CPU: what the Array API standard calls `to(device)`.

    Raises:
        RuntimeError: for another device. ValueError: for a stream, which the CPU has not.

    >>> import mibun as torch
    >>> torch.ones(2).to_device("cpu")
    tensor([1., 1.])
    """
    if stream is not None:
        raise ValueError("to_device(): there are no streams on the CPU")
    check_device(device, "to_device")
    return self
