"""Where tensors are put when a file is loaded: `map_location`, and the devices that files and programs name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from ..core.device import device as _device
from ..ops.conversion.typed_storages import TypedStorage
from ..ops.conversion.untyped_storages import UntypedStorage

STORAGE: TypeAlias = UntypedStorage | TypedStorage
MAP_LOCATION: TypeAlias = Callable[[UntypedStorage, str], UntypedStorage | None] | _device | str | dict[str, str] | None
Tagger: TypeAlias = Callable[[Any], str | None]
Deserializer: TypeAlias = Callable[[Any, str], Any]


def _cpu_tag(storage: Any) -> str | None:
    return "cpu" if storage.device.type == "cpu" else None


def _cpu_deserialize(storage: Any, location: str) -> Any:
    return storage if location == "cpu" else None


def _meta_tag(storage: Any) -> str | None:
    return "meta" if storage.device.type == "meta" else None


def _meta_deserialize(storage: Any, location: str) -> Any:
    return UntypedStorage(storage.nbytes(), device="meta") if location == "meta" else None


def _refuse_accelerator(storage: Any, location: str) -> Any:
    kind = location.partition(":")[0]
    if kind not in ("cuda", "mps", "hpu", "xpu", "mtia", "privateuse1"):
        return None
    raise RuntimeError(
        f"Attempting to deserialize object on a {kind.upper()} device but torch.{kind}.is_available() is False. If you "
        "are running on a CPU-only machine, please use torch.load with map_location=torch.device('cpu') to map your "
        "storages to the CPU."
    )


_package_registry: list[tuple[int, Tagger, Deserializer]] = [
    (10, _cpu_tag, _cpu_deserialize),
    (20, lambda storage: None, _refuse_accelerator),
    (22, _meta_tag, _meta_deserialize),
]


def register_package(priority: int, tagger: Tagger, deserializer: Deserializer) -> None:
    """Let storages have locations of a new kind in files.

    Args:
        priority: those of lower numbers are asked first; the CPU has 10, accelerators have 20 and more.
        tagger: gives for a storage its location, or None if it does not know it.
        deserializer: gives for a storage and a location the storage there, or None if it does not know the location.
    """
    _package_registry.append((priority, tagger, deserializer))
    _package_registry.sort(key=lambda entry: entry[0])


def location_tag(storage: STORAGE) -> str:
    """Where a storage is, in the words of files: "cpu". RuntimeError if nobody knows.

    >>> import mibun as torch
    >>> torch.serialization.location_tag(torch.ones(2).untyped_storage())
    'cpu'
    """
    for _, tagger, _ in _package_registry:
        location = tagger(storage)
        if location:
            return location
    raise RuntimeError(f"don't know how to determine data location of {type(storage).__name__}")


def default_restore_location(storage: STORAGE, location: str) -> STORAGE:
    """The storage at a location. RuntimeError if there is no such, or nobody knows it."""
    for _, _, deserializer in _package_registry:
        result = deserializer(storage, location)
        if result is not None:
            return result
    raise RuntimeError(
        f"don't know how to restore data location of torch.storage.{type(storage).__name__} (tagged with {location})"
    )


def restorer(map_location: MAP_LOCATION) -> Callable[[UntypedStorage, str], UntypedStorage]:
    """The function that puts a storage where `map_location` says. TypeError for what says nothing."""
    place: Any = default_restore_location
    if map_location is None:
        return place
    if isinstance(map_location, dict):
        return lambda storage, location: place(storage, str(map_location.get(location, location)))
    if isinstance(map_location, (str, _device)):
        return lambda storage, location: place(storage, str(map_location))
    if not callable(map_location):
        raise TypeError(f"{type(map_location).__name__!r} object is not callable")

    def restore(storage: UntypedStorage, location: str) -> UntypedStorage:
        result = map_location(storage, location)
        return place(storage, location) if result is None else result

    return restore
