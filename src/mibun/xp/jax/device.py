"""What the JAX namespace states of its arrays: devices, conversion, and what cannot be done with them."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ...core.device import device

mutable = False  # see `core/memory.py`
_SHOWN: dict[Any, device] = {}  # JAX's device -> the device of Tensors there


def known(x: Any) -> bool:
    """Whether the values of x can be looked at: not in a function that JAX traces."""
    return not isinstance(x, jax.core.Tracer)  # pyright: ignore[reportAttributeAccessIssue]


def device_of(x: Any) -> device:
    """The device that a Tensor of x shows: `jax`, with the number of JAX's device; without one if it is on several."""
    if not known(x):
        return _shown(None)
    places = x.devices()
    return _shown(next(iter(places)) if len(places) == 1 else None)


def _shown(place: Any) -> device:
    if place not in _SHOWN:
        _SHOWN[place] = device("jax") if place is None else device("jax", jax.devices().index(place))
    return _SHOWN[place]


def to_numpy(x: Any) -> np.ndarray:
    """The values of x, in memory of their own that can be written to."""
    return np.array(x)


def from_numpy(x: Any, place: device | None = None) -> Any:
    """An array of NumPy's (or JAX's) as one of JAX's, on a device.

    RuntimeError: there is no such device, or the dtype has 64 bits and JAX is set to have none of those.
    """
    _check_dtype(x.dtype)
    if place is None or place.index is None:
        return jnp.asarray(x)
    devices = jax.devices()
    if place.index >= len(devices):
        raise RuntimeError(f"JAX has no device {place.index}: there are {len(devices)}, counted from 0")
    return jax.device_put(x, devices[place.index])


def _check_dtype(dtype: np.dtype) -> None:
    if not jax.config.jax_enable_x64 and jax.dtypes.canonicalize_dtype(dtype) != dtype:  # type: ignore[attr-defined]
        raise RuntimeError(
            f"JAX is set to have no numbers of 64 bits, such as {dtype.name}: call "
            "jax.config.update('jax_enable_x64', True) first, or convert to another dtype"
        )


def device_count() -> int:
    """How many devices there are."""
    return len(jax.devices())


def devices_of(x: Any) -> set:
    """The devices that an array lies on; none for one of another library."""
    return x.devices() if isinstance(x, jax.Array) and known(x) else set()


def placed(x: Any, numbers: np.ndarray, names: list[list[str]]) -> Any:
    """An array on a mesh of devices: `names` has, for each axis, the axes of the mesh along which it is divided."""
    _check_dtype(x.dtype)
    devices = np.array(jax.devices(), dtype=object)[numbers]
    mesh = jax.sharding.Mesh(devices, [str(axis) for axis in range(numbers.ndim)])
    spec = jax.sharding.PartitionSpec(*[tuple(found) if found else None for found in names])
    return jax.device_put(x, jax.sharding.NamedSharding(mesh, spec))


def kept_in_place(x: Any, like: Any) -> Any:
    """x on the devices that `like`, which it replaces, lies on, if those are several: XLA may have laid it out anew."""
    if not known(x) or not known(like) or len(like.devices()) == 1 or x.sharding == like.sharding:
        return x
    return jax.device_put(x, like.sharding)
