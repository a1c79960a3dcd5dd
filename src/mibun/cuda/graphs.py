"""CUDA graphs, recordings of a GPU's work: RuntimeErrors, as there are no GPUs."""

from __future__ import annotations

from typing import Any

from ..compat.absent_devices import Functions, dummy_class
from .streams import Stream

CUDAGraph = dummy_class(
    "CUDAGraph",
    __name__,
    lambda: RuntimeError("Tried to instantiate dummy base class CUDAGraph: there are no GPUs"),
    "A recording of a GPU's work: RuntimeError where one is made.",
)
_functions = Functions(globals())
_functions.refusing(
    """
    graph_pool_handle() is_current_stream_capturing()
    make_graphed_callables(callables, sample_args, num_warmup_iters=3, allow_unused_input=False, pool=None)
    """,
    lambda name: RuntimeError(f"Tried to instantiate dummy base class {name}: there are no GPUs"),
    "Needs a GPU",
)


class graph:
    """Context in which a GPU's work is recorded. RuntimeError: it needs a stream of a GPU."""

    def __init__(
        self, cuda_graph: Any, pool: Any = None, stream: Any = None, capture_error_mode: str = "global"
    ) -> None:
        self.capture_stream = Stream() if stream is None else stream


__all__ = [*_functions.names, "CUDAGraph", "graph"]  # pyright: ignore[reportUnsupportedDunderAll]
