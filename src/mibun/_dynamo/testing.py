"""`torch._dynamo.testing`: backends that count, which tests of programs use."""

from __future__ import annotations

from typing import Any

from ..compiler.backends import lookup_backend
from ..core.missing import explain_missing_names as _explain_missing_names

__all__ = ["CompileCounter", "CompileCounterWithBackend", "EagerAndRecordGraphs"]


class CompileCounterWithBackend:
    """A backend that counts, and leaves the work to another.

    Attributes: `frame_count`, how many graphs there were; `op_count`, how many calls these have together; `graphs`.

    >>> import mibun as torch
    >>> from mibun._dynamo.testing import CompileCounterWithBackend
    >>> counter = CompileCounterWithBackend("eager")
    >>> torch.compile(lambda x: x.sin() + 1, backend=counter)(torch.zeros(1))
    tensor([1.])
    >>> counter.frame_count, counter.op_count
    (1, 2)
    """

    def __init__(self, backend: Any) -> None:
        self.backend = backend
        self.clear()

    def __call__(self, gm: Any, example_inputs: list) -> Any:
        self.frame_count += 1
        self.op_count += len([node for node in gm.graph.nodes if node.op.startswith("call")])
        self.graphs.append(gm)
        return lookup_backend(self.backend)(gm, example_inputs)

    def clear(self) -> None:
        """Count from nothing."""
        self.frame_count = self.op_count = 0
        self.graphs: list = []


class CompileCounter(CompileCounterWithBackend):
    """A backend that counts, and runs the graphs as they are."""

    def __init__(self) -> None:
        super().__init__("eager")


class EagerAndRecordGraphs:
    """A backend that keeps the graphs, as `graphs`, and runs them as they are."""

    def __init__(self) -> None:
        self.graphs: list = []

    def __call__(self, gm: Any, example_inputs: list) -> Any:
        self.graphs.append(gm)
        return gm.forward


_explain_missing_names(__name__)
