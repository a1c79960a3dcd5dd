"""From device to device: the same values in an array of another library, or elsewhere in its own."""

from __future__ import annotations

from typing import Any

from ...core.device import device
from ...core.meta import META
from ...core.registry import DEVICES, NAMESPACES, Array, constant_beside, is_batched, is_elsewhere, namespace_of
from ...core.tensor import Tensor, wrap
from ...dispatch.apply import apply
from ...dispatch.declare import linear, op
from ...xp import numpy_namespace
from ...xp.batched import over


def moved(array: Array, place: device) -> Array:
    """A raw array's values on a device. RuntimeError where there is no such device, or it cannot hold the dtype."""
    if is_batched(array):
        examples = moved(array.array, place)
        return over(examples).Batched(examples, array.levels)
    xp = namespace_of(array)
    target = numpy_namespace if place.type == "cpu" else DEVICES[place.type]()
    return target.from_numpy(array if target is xp else xp.to_numpy(array), place)


def constant(array: Array, like: Tensor) -> Tensor:
    """A Tensor of an array of NumPy's, on the device of another one."""
    return wrap(constant_beside(array, like._array_))


def on_host(array: Array) -> Array:
    """An array of another library's as one of NumPy's, if its values are known; any other as it is."""
    kind = type(array)
    if not is_elsewhere(kind) or not NAMESPACES[kind].known(array):
        return array
    return NAMESPACES[kind].to_numpy(array)


@op(
    linear,
    dtype=None,
    name="to_device",
    node="ToCopyBackward0",
    vjp=lambda xp, g, place, origin: xp.to_device(g, place=origin, origin=place),
)
def _to_device(xp, input, *, place, origin):
    return moved(input, place)


def is_there(array: Array, place: device) -> bool:
    """Whether an array is where a device says. (A device without an index is any of its kind.)"""
    found: Any = namespace_of(array).device_of(array)
    if found.type != place.type and place.type in DEVICES and found.type in DEVICES:
        found_there = DEVICES[place.type]() is namespace_of(array)  # two names for one kind: "jax" and "xla"
        return found_there and place.index in (None, found.index)
    return found.type == place.type and (place.index is None or place.type == "cpu" or place.index == found.index)


def to_device(input: Tensor, place: device | str) -> Tensor:
    """The Tensor on a device: itself if it is there; else a copy, through which gradients flow back.

    NotImplementedError for one on "meta", which has no data.
    """
    place = device(place)
    if is_there(input._array_, place):
        return input
    if input.device is META or input.device.type == "meta":
        raise NotImplementedError("Cannot copy out of meta tensor; no data!")
    return apply(_to_device, (input,), {"place": place, "origin": input.device})


__all__ = ["constant", "is_there", "moved", "on_host", "to_device"]
