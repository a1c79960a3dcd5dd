"""Which backends there are: `Backend`, and what can be asked about them."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple


class _Plugin(NamedTuple):
    creator_fn: Callable
    extended_api: bool


class Backend(str):
    """The name of a backend, in lower case: "gloo" and "mpi" are there, others can be registered.

    ValueError for what is no string.

    >>> import mibun as torch
    >>> torch.distributed.Backend("GLOO")
    'gloo'
    """

    UNDEFINED = "undefined"
    GLOO = "gloo"
    NCCL = "nccl"
    UCC = "ucc"
    MPI = "mpi"
    XCCL = "xccl"
    FAKE = "fake"
    backend_list = [UNDEFINED, GLOO, NCCL, XCCL, UCC, MPI]
    default_device_backend_map = {"cpu": GLOO, "cuda": NCCL, "xpu": XCCL, "mps": GLOO}
    backend_capability = {
        GLOO: ["cpu", "cuda"],
        NCCL: ["cuda"],
        XCCL: ["xpu"],
        UCC: ["cpu", "cuda"],
        MPI: ["cpu", "cuda"],
    }
    _plugins: dict[str, _Plugin] = {}

    def __new__(cls, name: str) -> str:  # type: ignore[misc]
        if not isinstance(name, str):
            raise ValueError("Backend constructor parameter must be string-ish")
        value = getattr(cls, name.upper(), cls.UNDEFINED)
        return value if isinstance(value, str) and value != cls.UNDEFINED else name.lower()

    @classmethod
    def register_backend(
        cls,
        name: str,
        func: Callable,
        extended_api: bool = False,
        devices: str | Sequence[str] | None = None,
    ) -> None:
        """Make a name a backend: `func(store, rank, size, timeout)` returns the ProcessGroup.

        With `extended_api` it gets an object with these (and `group_id`, `global_ranks_in_group`), and the options.
        devices: for which it is used, the CPU if not given. AssertionError for a name that is taken.
        """
        if name.upper() in cls.__dict__ or name.lower() in cls._plugins:
            raise AssertionError(f"{name.upper()} c10d backend creator function already exist")
        setattr(cls, name.upper(), name.lower())
        cls.backend_list.append(name.lower())
        found = ["cpu", "cuda"] if devices is None else [devices] if isinstance(devices, str) else list(devices)
        for device in found:
            if device not in ("cpu", "cuda"):
                cls.default_device_backend_map[device] = name.lower()
        cls.backend_capability[name.lower()] = found
        cls._plugins[name.upper()] = _Plugin(func, extended_api)


class BackendConfig:
    """Which backend does a group's work for which device, from `"gloo"` or `"cpu:gloo,cuda:nccl"`.

    ValueError for a text that is neither.
    """

    def __init__(self, backend: str) -> None:
        self.device_backend_map: dict[str, str] = {}
        if ":" in backend:
            for pair in backend.lower().split(","):
                device, colon, name = pair.partition(":")
                if not (device and colon and name) or device in self.device_backend_map:
                    raise ValueError(
                        f"The custom backend string argument is invalid: {backend}. It names a device and its backend, "
                        "once each, as in 'cpu:gloo,cuda:nccl'"
                    )
                self.device_backend_map[device] = Backend(name)
        elif backend == Backend.UNDEFINED:
            self.device_backend_map = dict(Backend.default_device_backend_map)
        else:
            name = Backend(backend)
            devices = Backend.backend_capability.get(name, ["cpu"])
            self.device_backend_map = dict.fromkeys(devices, name)

    def __repr__(self) -> str:
        return ",".join(f"{device}:{backend}" for device, backend in self.device_backend_map.items())

    def get_device_backend_map(self) -> dict[str, str]:
        """By the name of the device, the backend."""
        return self.device_backend_map


def is_available() -> bool:
    """Whether there is `torch.distributed`: always."""
    return True


def is_gloo_available() -> bool:
    """Whether there is the backend "gloo": always."""
    return True


def is_mpi_available() -> bool:
    """Whether there is the backend "mpi": where mpi4py is installed."""
    return importlib.util.find_spec("mpi4py") is not None


def is_nccl_available() -> bool:
    """Whether there is the backend "nccl": no, it is for GPUs."""
    return False


def is_ucc_available() -> bool:
    """Whether there is the backend "ucc": no."""
    return False


def is_xccl_available() -> bool:
    """Whether there is the backend "xccl": no, it is for GPUs."""
    return False


def is_backend_available(backend: str) -> bool:
    """Whether there is a backend of this name."""
    name = backend.lower()
    asked = {"gloo": is_gloo_available, "mpi": is_mpi_available, "nccl": is_nccl_available, "ucc": is_ucc_available}
    if name in asked:
        return asked[name]()
    return name in Backend.backend_list and name.upper() in Backend._plugins


def is_torchelastic_launched() -> bool:
    """Whether `torchrun` has started this process, as the environment variable TORCHELASTIC_RUN_ID tells."""
    return "TORCHELASTIC_RUN_ID" in os.environ


def get_default_backend_for_device(device: Any) -> str:
    """The backend that is used for a device if none is named. ValueError for a device without one."""
    kind = str(device).partition(":")[0]
    if kind not in Backend.default_device_backend_map:
        raise ValueError(f"Default backend not registered for device : {device}")
    return Backend.default_device_backend_map[kind]
