"""The namespace of arrays without data (`core/meta.py`): NumPy's functions and the kernels, for shapes alone.

Most kernels give arrays without data by themselves, as NumPy's functions do when they are given some. Where one fills
memory of its own, it runs on zeros in their place, and the values are dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.meta import IN_KERNEL, MetaArray, NeedsStandIns, NeedsValues, all_stand_ins, refuse_mixed, without_values
from .numpy import namespace as _numpy


def _has(value: Any, kind: type) -> bool:
    if isinstance(value, (list, tuple)):
        return any([_has(one, kind) for one in value])
    return isinstance(value, kind)


def _all_without_data(found: Any) -> bool:
    if isinstance(found, (list, tuple)):
        return all([_all_without_data(one) for one in found])
    return isinstance(found, MetaArray) or not hasattr(found, "dtype")


def _for_shapes(function: Callable, args: tuple, kwargs: dict[str, Any], device: Any) -> Any:
    """The result of a function of arrays without data, in the same form."""
    token = IN_KERNEL.set(True)
    try:
        found = function(*args, **kwargs)
        if _all_without_data(found):
            return found
    except (NeedsStandIns, NeedsValues):
        pass
    finally:
        IN_KERNEL.reset(token)
    found = function(*all_stand_ins(args), **{name: all_stand_ins(value) for name, value in kwargs.items()})
    return without_values(found, device)


def _device_of(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return next((found for found in map(_device_of, value) if found is not None), None)
    return value.device if isinstance(value, MetaArray) else None


class _Namespace:
    """NumPy's namespace, but that results have no data either."""

    mutable = True

    def known(self, x: Any) -> bool:
        """Whether there are values to look at: never."""
        return False

    def device_of(self, x: Any) -> Any:
        """The device that a Tensor of x shows: "meta", but for a stand-in of a device of another name."""
        return x.device

    def __getattr__(self, name: str) -> Any:
        value = getattr(_numpy, name)
        if not callable(value) or isinstance(value, type):
            return value

        def call(*args: Any, **kwargs: Any) -> Any:
            device = _device_of(args)
            return value(*args, **kwargs) if device is None else _for_shapes(value, args, kwargs, device)

        self.__dict__[name] = call
        return call

    def kernel_of(self, op: Any) -> Callable:
        """The kernel of an operator, for shapes."""

        def kernel(xp: Any, *arrays: Any, **params: Any) -> Any:
            refuse_mixed(arrays)
            return _for_shapes(lambda *given: op.kernel(_numpy, *given, **params), arrays, {}, _device_of(arrays))

        return kernel

    def write(self, target: Any, value: Any) -> None:
        """Nothing: there is no memory to be written to."""


namespace = _Namespace()
