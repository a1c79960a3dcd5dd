"""`torch.cuda`: what programs ask before they choose a device.

On a machine without GPUs, or without CuPy, it is answered as on a CPU build: there are no devices, no memory is in use,
seeding is accepted because there is nothing to seed, and whatever would need a GPU raises what PyTorch raises there,
mostly an AssertionError. Where CuPy sees a GPU the functions of `present.py` take their place.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, NoReturn

from ..compat.absent_devices import Functions, dummy_class
from ..compat.absent_devices import StreamContext as _StreamContext
from ..core.errors import AcceleratorError, OutOfMemoryError
from ..core.missing import missing_name as _missing_name
from ..core.missing import submodule as _submodule
from ..core.tensor import Tensor
from ..ops.creation.constructors import CUDA_TYPES as _TYPES
from . import _utils, graphs, jiterator, memory, nccl, nvtx, profiler, random, sparse, streams, tunable
from ._utils import _get_device_index, attribute_error, unavailable
from .graphs import *  # noqa: F403
from .graphs import __all__ as _of_graphs
from .green_contexts import GreenContext
from .memory import *  # noqa: F403
from .memory import __all__ as _of_memory
from .present import arm, available
from .random import (
    get_rng_state,
    get_rng_state_all,
    initial_seed,
    manual_seed,
    manual_seed_all,
    seed,
    seed_all,
    set_rng_state,
    set_rng_state_all,
)
from .streams import Event, ExternalStream, Stream

if TYPE_CHECKING:
    from . import amp

has_half, has_magma = True, False
default_generators: tuple = ()


class CudaError(RuntimeError):
    """An error of CUDA's runtime, by its number. None is ever raised."""

    def __init__(self, code: int) -> None:
        super().__init__(f"CUDA error {code}")


class DeferredCudaCallError(Exception):
    """An error in what was to be done when CUDA was first used. None is ever raised."""


class cudaStatus:
    """Two of the numbers that CUDA's functions return."""

    SUCCESS: int = 0
    ERROR_NOT_READY: int = 34


# --- questions ---


def is_available() -> bool:
    """Whether there is a GPU for tensors: where CuPy is installed and sees one.

    >>> import mibun as torch
    >>> device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    """
    return available()


def is_initialized() -> bool:
    """Whether CUDA's state has been set up: False."""
    return False


def is_bf16_supported(including_emulation: bool = True) -> bool:
    """Whether the current GPU computes in bfloat16: False."""
    return False


def is_tf32_supported() -> bool:
    """Whether the current GPU computes in TF32: False."""
    return False


def device_count() -> int:
    """The number of GPUs: 0."""
    return 0


def get_arch_list() -> list[str]:
    """The kinds of GPUs that PyTorch was compiled for: none."""
    return []


def get_gencode_flags() -> str:
    """The compiler's flags for these: none."""
    return ""


def _is_compiled() -> bool:
    return False


def _is_in_bad_fork() -> bool:
    return False


# --- what needs a GPU ---

_functions = Functions(globals())
_functions.refusing(
    """
    can_device_access_peer(device, peer_device) cudart() current_blas_handle() current_device() current_solver_handle()
    current_stream(device=None) default_stream(device=None) get_device_capability(device=None)
    get_device_name(device=None) get_device_properties(device=None) get_stream_from_external(data_ptr, device=None)
    get_sync_debug_mode() init() ipc_collect() set_sync_debug_mode(debug_mode) synchronize(device=None) _lazy_init()
    """,
    unavailable,
    "Needs a GPU",
)
_functions.refusing("check_error(res) _sleep(cycles)", attribute_error, "Needs a GPU")
_functions.refusing(
    """
    clock_rate(device=None) device_memory_used(device=None) memory_usage(device=None) power_draw(device=None)
    temperature(device=None) utilization(device=None)
    """,
    lambda name: ModuleNotFoundError("nvidia-ml-py does not seem to be installed or it can't be imported."),
    "Asks the driver of NVIDIA's GPUs",
)
_functions.answering(
    "_lazy_call(callable, **kwargs)", lambda: None, "What is to be done when CUDA is first used: never."
)


def set_device(device: Any) -> None:
    """Make a GPU the current one. AttributeError unless the index is negative, as of PyTorch where it has no CUDA."""
    index = _get_device_index(device)
    if index is not None and index >= 0:
        raise attribute_error("set_device")


def set_stream(stream: Any) -> None:
    """Make a stream the current one: None, as there is no other. AttributeError for anything else."""
    if stream is not None:
        raise attribute_error("set_stream")


def stream(stream: Any) -> StreamContext:
    """A context in which a stream is the current one; for None, the only one that there is, nothing changes.

    >>> import mibun as torch
    >>> with torch.cuda.stream(None):
    ...     pass
    """
    return StreamContext(stream)


class StreamContext(_StreamContext):
    """See `stream`."""


def _exchange_device(device: int) -> NoReturn:
    raise RuntimeError("PyTorch was compiled without CUDA support: there are no GPUs to choose from")


_maybe_exchange_device = _exchange_device


class device:
    """Context manager that makes a GPU the current one. Nothing happens for None or a negative index; else an error."""

    def __init__(self, device: Any) -> None:
        self.idx = -1 if device is None else _get_device_index(device, optional=True)
        self.prev_idx = -1

    def __enter__(self) -> None:
        if self.idx is None or self.idx >= 0:
            _exchange_device(-1 if self.idx is None else self.idx)

    def __exit__(self, *error: object) -> bool:
        return False


class device_of(device):
    """Context manager that makes the GPU of a tensor the current one; nothing happens for a tensor on the CPU.

    >>> import mibun as torch
    >>> with torch.cuda.device_of(torch.ones(1)):
    ...     pass
    """

    def __init__(self, obj: Tensor) -> None:
        super().__init__(obj.get_device() if obj.is_cuda else -1)


# --- the old classes of tensors and storages on GPUs: for `isinstance`, as no instance can be made ---

_NAMES = "BFloat16 Bool Byte Char Double Float Half Int Long Short".split()


globals().update(_TYPES)  # classes with a dtype, as `torch.FloatTensor` is one: TypeError where one is called
for _name in (*_NAMES, "ComplexDouble", "ComplexFloat"):
    globals()[f"{_name}Storage"] = dummy_class(
        f"{_name}Storage",
        __name__,
        lambda name=f"{_name}Storage": unavailable(name),
        "The old name for memory on a GPU: AssertionError where one is made.",
    )


arm(globals())


def __getattr__(name: str) -> Any:
    if name == "amp":  # loaded when first asked for, as most programs only ask whether there is a GPU
        return importlib.import_module(f"{__name__}.amp")
    found = _submodule(__name__, name)
    if found is None:
        raise _missing_name(__name__, name)
    return found


__all__ = [  # pyright: ignore[reportUnsupportedDunderAll]
    *_functions.names,
    *[f"{name}Tensor" for name in _NAMES],
    *[f"{name}Storage" for name in (*_NAMES, "ComplexDouble", "ComplexFloat")],
    *_of_graphs,
    *_of_memory,
    "AcceleratorError",
    "CudaError",
    "DeferredCudaCallError",
    "Event",
    "ExternalStream",
    "GreenContext",
    "OutOfMemoryError",
    "Stream",
    "StreamContext",
    "_utils",
    "amp",
    "cudaStatus",
    "default_generators",
    "device",
    "device_count",
    "device_of",
    "get_arch_list",
    "get_gencode_flags",
    "get_rng_state",
    "get_rng_state_all",
    "graphs",
    "has_half",
    "has_magma",
    "initial_seed",
    "is_available",
    "is_bf16_supported",
    "is_initialized",
    "is_tf32_supported",
    "jiterator",
    "manual_seed",
    "manual_seed_all",
    "memory",
    "nccl",
    "nvtx",
    "profiler",
    "random",
    "seed",
    "seed_all",
    "set_device",
    "set_rng_state",
    "set_rng_state_all",
    "set_stream",
    "sparse",
    "stream",
    "streams",
    "tunable",
]
