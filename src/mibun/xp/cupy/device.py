"""What the CuPy namespace states of its arrays: they can be written to and looked at, and are on a GPU."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy

from ...core.device import device
from .library import np

mutable = True  # and views share memory
takes_numpy = False
_SHOWN: dict[int, device] = {}  # number of a GPU -> the device of Tensors there


def known(x: Any) -> bool:
    """Whether the values of x can be looked at: yes, but that waits for the GPU, so only what must is."""
    return True


def device_of(x: Any) -> device:
    """The device that a Tensor of x shows: `cuda`, with the number of the GPU."""
    number = int(x.device) if hasattr(x, "device") and not isinstance(x, numpy.generic) else 0
    if number not in _SHOWN:
        _SHOWN[number] = device("cuda", number)
    return _SHOWN[number]


def limits(x: Any) -> tuple[Any, Any] | None:
    """The smallest and the largest value, brought from the GPU together; None of nothing."""
    return tuple(np.stack([x.min(), x.max()]).get()) if x.size else None


_PENDING: list[tuple[Any, Callable[[Any, Any], None]]] = []  # two numbers on the GPU, and the check that is to see them
_MOST = 4096


def check_later(x: Any, check: Callable[[Any, Any], None]) -> None:
    """Let a check see the smallest and the largest value of x, when the GPU is next waited for.

    So indices out of range are refused as soon as anything that they led to is looked at, and nothing waits for that.
    """
    if x.size:
        _PENDING.append((np.stack([x.min(), x.max()]), check))
        if len(_PENDING) > _MOST:  # nobody has looked at anything for so long
            run_checks()


def run_checks() -> None:
    """What is to be checked is; after an error the rest is forgotten."""
    while _PENDING:
        limits, check = _PENDING.pop(0)
        try:
            check(*limits.get())
        except BaseException:
            _PENDING.clear()
            raise


def to_numpy(x: Any) -> numpy.ndarray:
    """The values of x, in memory of their own. IndexError, and the like, for what was to be checked before."""
    values = x.get() if hasattr(x, "get") else numpy.asarray(x)
    if _PENDING:
        run_checks()
    return values


def from_numpy(x: Any, place: device | None = None) -> Any:
    """An array of NumPy's (or CuPy's) as one of CuPy's, on a GPU. RuntimeError: there is no GPU of that number."""
    if place is None or place.index is None:
        return np.asarray(x)
    count = np.cuda.runtime.getDeviceCount()
    if place.index >= count:
        raise RuntimeError(f"CUDA error: invalid device ordinal: there are {count} GPUs, counted from 0")
    with np.cuda.Device(place.index):
        return np.array(x)
