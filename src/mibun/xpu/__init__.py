"""`torch.xpu`, Intel's GPUs: there are none; what would need one raises what PyTorch raises where it has no XPU."""

from __future__ import annotations

import contextlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any

from ..compat.absent_devices import Functions, device_index, dummy_class, seeds, states
from ..compat.absent_devices import StreamContext as _StreamContext
from ..core.missing import explain_missing_names as _explain_missing_names
from ..core.tensor import Tensor

default_generators: tuple = ()


def _words(name: str) -> str:
    return f"Torch not compiled with XPU enabled: torch.xpu.{name}() needs a GPU, and mibun's tensors live on the CPU"


_functions = Functions(globals())
_functions.refusing(
    """
    can_device_access_peer(device, peer) current_device() current_stream(device=None) get_device_capability(device=None)
    get_device_name(device=None) get_device_properties(device=None) get_per_process_memory_fraction(device=None)
    get_rng_state(device='xpu') get_stream_from_external(data_ptr, device=None) init() initial_seed()
    mem_get_info(device=None) set_device(device) set_per_process_memory_fraction(fraction, device=None)
    set_stream(stream) synchronize(device=None)
    """,
    lambda name: AssertionError(_words(name)),
    "Needs a GPU of Intel's",
)
_functions.refusing(
    """
    change_current_allocator(allocator) reset_accumulated_memory_stats(device=None) reset_peak_memory_stats(device=None)
    """,
    lambda name: AttributeError(_words(name)),
    "Needs a GPU of Intel's",
)
_functions.refusing(
    """
    clock_rate(device=None) device_memory_used(device=None) memory_usage(device=None) power_draw(device=None)
    temperature(device=None) utilization(device=None)
    """,
    lambda name: ImportError("pyzes is required; install it with 'pip install pyzes'."),
    "Asks the driver of Intel's GPUs",
)
_functions.refusing(
    """
    graph_pool_handle() is_current_stream_capturing()
    make_graphed_callables(callables, sample_args, num_warmup_iters=3, allow_unused_input=False, pool=None)
    """,
    lambda name: RuntimeError(f"Tried to instantiate dummy base class {name}: there are no GPUs of Intel's"),
    "Needs a GPU of Intel's",
)
_functions.answering(
    """
    device_count() max_memory_allocated(device=None) max_memory_reserved(device=None) memory_allocated(device=None)
    memory_reserved(device=None)
    """,
    lambda: 0,
    "There are no GPUs of Intel's, and no memory is in use: 0.",
)
_functions.answering("empty_cache() seed() seed_all()", lambda: None, "There is nothing to be done.")
_functions.answering("get_arch_list() get_rng_state_all() memory_snapshot(mempool_id=None)", list, "None of them: [].")
_functions.answering("get_gencode_flags()", str, "The compiler's flags for Intel's GPUs: none.")
_functions.answering(
    "is_available() is_bf16_supported(including_emulation=True) is_initialized() is_tf32_supported()",
    bool,
    "There are no GPUs of Intel's: False.",
)
_functions.answering("memory_stats(device=None)", OrderedDict, "Figures of the allocator: none of them.")
_functions.answering("memory_stats_as_nested_dict(device=None)", dict, "Figures of the allocator: none of them.")


def manual_seed(seed: int) -> None:
    """Seed the current GPU's generator: there is none, so nothing is to be done, as in PyTorch."""
    seeds(seed)


def manual_seed_all(seed: int) -> None:
    """Seed all GPUs' generators: there is none."""
    seeds(seed)


def set_rng_state(new_state: Tensor, device: Any = "xpu") -> None:
    """Set the state of a GPU's generator, once it is there: it never is, so nothing happens."""
    states([new_state])


def set_rng_state_all(new_states: Iterable[Tensor]) -> None:
    """Set the states of all GPUs' generators, once they are there: nothing happens."""
    states(new_states)


class StreamContext(_StreamContext):
    """See `stream`."""


def stream(stream: Any) -> StreamContext:
    """A context in which a stream is the current one; for None, the only one that there is, nothing changes."""
    return StreamContext(stream)


class device:
    """Context manager that makes a GPU the current one. Nothing happens for None or a negative index; else an error."""

    def __init__(self, device: Any) -> None:
        self.idx = -1 if device is None else device_index(device, "xpu", optional=True)

    def __enter__(self) -> None:
        if self.idx is None or self.idx >= 0:
            raise NotImplementedError("PyTorch was compiled without XPU support")

    def __exit__(self, *error: object) -> bool:
        return False


class device_of(device):
    """Context manager that makes the GPU of a tensor the current one; nothing happens for a tensor on the CPU."""

    def __init__(self, obj: Tensor) -> None:
        super().__init__(obj.get_device() if obj.is_xpu else -1)


@contextlib.contextmanager
def use_mem_pool(pool: Any, device: Any = None) -> Iterator[None]:
    """A context in which GPU memory comes from a pool. AssertionError where it is entered."""
    raise AssertionError(_words("use_mem_pool"))
    yield


def _dummy(name: str, what: str) -> Any:
    return dummy_class(
        name,
        __name__,
        lambda: RuntimeError(f"Tried to instantiate dummy base class {name}: there are no GPUs of Intel's"),
        f"{what}: RuntimeError where one is made.",
    )


Stream = _dummy("Stream", "A queue of a GPU's work")
Event = _dummy("Event", "A mark in a stream")
MemPool = _dummy("MemPool", "A pool of GPU memory")
XPUGraph = _dummy("XPUGraph", "A recording of a GPU's work")


class XPUPluggableAllocator:
    """An allocator of GPU memory in a library of the user's. AttributeError: it needs a GPU of Intel's."""

    def __init__(self, path_to_lib_file: str, alloc_fn_name: str, free_fn_name: str) -> None:
        raise AttributeError(_words("XPUPluggableAllocator"))


class graph:
    """Context in which a GPU's work is recorded. RuntimeError: it needs a stream of a GPU."""

    def __init__(self, xpu_graph: Any, pool: Any = None, stream: Any = None) -> None:
        self.capture_stream = Stream() if stream is None else stream


__all__ = [  # pyright: ignore[reportUnsupportedDunderAll]
    *_functions.names,
    "Event",
    "MemPool",
    "Stream",
    "StreamContext",
    "XPUGraph",
    "XPUPluggableAllocator",
    "default_generators",
    "device",
    "device_of",
    "graph",
    "manual_seed",
    "manual_seed_all",
    "set_rng_state",
    "set_rng_state_all",
    "stream",
    "use_mem_pool",
]

_explain_missing_names(__name__)
