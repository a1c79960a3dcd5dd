"""`torch.mtia`, Meta's accelerators: there are none; what would need one raises what PyTorch raises without them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..compat.absent_devices import Functions, device_index, dummy_class, seeds, states
from ..compat.streams import Event, Stream
from ..core.missing import explain_missing_names as _explain_missing_names
from ..core.tensor import Tensor

default_generators: tuple = ()


class DeferredMtiaCallError(Exception):
    """An error in what was to be done when MTIA was first used. None is ever raised."""


_C_NAMES = {
    "current_device": "getCurrentDevice",
    "current_stream": "getCurrentDevice",
    "default_stream": "getCurrentDevice",
    "empty_cache": "emptyCache",
    "get_device_capability": "getCurrentDevice",
    "get_device_properties": "getCurrentDevice",
    "graph_pool_handle": "graphPoolHandle",
    "set_device": "setCurrentDevice",
    "snapshot": "memorySnapshot",
    "stream": "getCurrentDevice",
    "synchronize": "getCurrentDevice",
    "graph": "getCurrentDevice",
    "MTIAGraph": "mtiagraphCreate",
    "StreamContext": "getCurrentDevice",
    "attach_out_of_memory_observer": "attachOutOfMemoryObserver",
    "set_stream": "setCurrentStream",
}


def _no_mtia(name: str) -> RuntimeError:
    return RuntimeError(f"Cannot execute {_C_NAMES[name]}() without MTIA backend.")


_functions = Functions(globals())
_functions.refusing(
    """
    current_device() current_stream(device=None) default_stream(device=None) empty_cache()
    get_device_capability(device=None) get_device_properties(device=None) graph_pool_handle() set_device(device)
    snapshot() stream(stream) synchronize(device=None)
    """,
    _no_mtia,
    "Needs an MTIA",
)
_functions.refusing(
    "get_rng_state(device='mtia') init() initial_seed()",
    lambda name: AssertionError(f"Torch not compiled with MTIA enabled: torch.mtia.{name}() needs one"),
    "Needs an MTIA",
)
_functions.answering(
    "device_count() max_memory_allocated(device=None) memory_allocated(device=None)",
    lambda: 0,
    "There are no MTIAs, and no memory is in use: 0.",
)
_functions.answering("get_rng_state_all()", list, "The states of all generators: none.")
_functions.answering("memory_stats(device=None)", dict, "Figures of the allocator: none of them.")
_functions.answering("is_available() is_initialized()", bool, "There are no MTIAs: False.")
_functions.answering("is_bf16_supported(including_emulation=True)", lambda: True, "Whether MTIAs know bfloat16: True.")
_functions.answering(
    """
    record_memory_history(enabled='all', stacks='python', max_entries=0) reset_peak_memory_stats(device=None) seed()
    seed_all()
    """,
    lambda: None,
    "There is nothing to be done.",
)


def manual_seed(seed: int) -> None:
    """Seed the current generator: there is none, so nothing is to be done, as in PyTorch."""
    seeds(seed)


def manual_seed_all(seed: int) -> None:
    """Seed all generators: there is none."""
    seeds(seed)


def set_rng_state(new_state: Tensor, device: Any = "mtia") -> None:
    """Set the state of a generator, once it is there: it never is, so nothing happens."""
    states([new_state])


def set_rng_state_all(new_states: Iterable[Tensor]) -> None:
    """Set the states of all generators, once they are there: nothing happens."""
    states(new_states)


def set_stream(stream: Stream) -> None:
    """Make a stream the current one. TypeError for what is none, else RuntimeError: there are no MTIAs."""
    if not isinstance(stream, Stream):
        raise TypeError(f"set_stream(): stream must be a torch.Stream, not {type(stream).__name__}")
    raise _no_mtia("set_stream")


def attach_out_of_memory_observer(observer: Callable[[int, int, int, int], None]) -> None:
    """Call a function where memory runs out. TypeError for what is none, else RuntimeError: there are no MTIAs."""
    if not callable(observer):
        raise TypeError(f"attach_out_of_memory_observer(): {type(observer).__name__} is no function")
    raise _no_mtia("attach_out_of_memory_observer")


class device:
    """Context manager that makes an MTIA the current one. Nothing happens for a negative index; else an error."""

    def __init__(self, device: Any) -> None:
        self.idx = -1 if device is None else device_index(device, "mtia", optional=True)

    def __enter__(self) -> None:
        if self.idx is None or self.idx >= 0:
            raise _no_mtia("current_device")

    def __exit__(self, *error: object) -> bool:
        return False


def _dummy(name: str, what: str) -> Any:
    return dummy_class(name, __name__, lambda: _no_mtia(name), f"{what}: RuntimeError where one is made.")


StreamContext = _dummy("StreamContext", "A context in which a stream is the current one")
MTIAGraph = _dummy("MTIAGraph", "A recording of an MTIA's work")
graph = _dummy("graph", "A context in which an MTIA's work is recorded")

__all__ = [  # pyright: ignore[reportUnsupportedDunderAll]
    *_functions.names,
    "Event",
    "MTIAGraph",
    "Stream",
    "StreamContext",
    "attach_out_of_memory_observer",
    "default_generators",
    "device",
    "graph",
    "manual_seed",
    "manual_seed_all",
    "set_rng_state",
    "set_rng_state_all",
    "set_stream",
]

_explain_missing_names(__name__)
