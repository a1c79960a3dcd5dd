"""`Variable`, the old name of Tensor: calling it gives a Tensor, and every Tensor is an instance of it.

`Variable._execution_engine` is the engine under the name by which libraries reach it, to be called at the end of a
backward (`queue_callback`) or to run one without the checks of `autograd.backward`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

from ..core.engine import over_tensors, run
from ..core.nesting import current_execution, queue_callback
from ..core.node import GradientEdge, as_edge
from ..core.site import stacklevel
from ..core.tensor import Tensor, require_grad, wrap
from ..core.views import counter_of, edge_of


class VariableMeta(type):
    """The class of `Variable`: says that a Tensor is an instance of it."""

    def __instancecheck__(cls, other: Any) -> bool:
        return isinstance(other, Tensor)


def _edge(place: Any) -> Any:
    edge = as_edge(place.node, place.output_nr) if isinstance(place, GradientEdge) else edge_of(place)
    if edge is None:
        raise RuntimeError("element of tensors does not require grad and does not have a grad_fn")
    return edge


class ImperativeEngine:
    """The engine as an object. `Variable._execution_engine` is the one that there is."""

    def queue_callback(self, callback: Callable[[], Any]) -> None:
        """Call `callback()` at the end of the backward in progress, after every `.grad` is complete.

        It may queue more. If it raises, so does the backward, and no `.grad` changes. RuntimeError outside of a
        backward.

        >>> import mibun as torch
        >>> x = torch.tensor(3., requires_grad=True)
        >>> engine = torch.autograd.Variable._execution_engine
        >>> handle = x.register_hook(lambda grad: engine.queue_callback(lambda: print(x.grad)))
        >>> (x * x).backward()
        tensor(6.)
        """
        queue_callback(callback)

    def run_backward(
        self,
        tensors: Sequence[Any],
        grad_tensors: Sequence[Any],
        keep_graph: bool,
        create_graph: bool,
        inputs: Sequence[Any] = (),
        allow_unreachable: bool = False,
        accumulate_grad: bool = False,
    ) -> tuple:
        """Send `grad_tensors`, one for each of `tensors` (or GradientEdges), through the graph.

        With `accumulate_grad`, gradients are added to `.grad`: of the leaves `inputs` if there are any, else of all.
        Without, those of `inputs` are returned, None for what is unreachable if that is allowed (else RuntimeError).
        """
        recorded = over_tensors(create_graph)
        targets = [_edge(tensor) for tensor in inputs]
        captures: dict = {}
        for target in targets:
            captures.setdefault(target, len(captures))
        grads = [grad if recorded else grad._array_ for grad in grad_tensors]
        captured = run(
            [_edge(tensor) for tensor in tensors],
            grads,
            keep_graph,
            create_graph,
            captures if targets or not accumulate_grad else None,
            accumulate_grad,
        )
        if accumulate_grad:
            return ()
        results = [captured[captures[target]] for target in targets]
        for index, grad in enumerate(results):
            if grad is None and not allow_unreachable:
                raise RuntimeError(
                    f"The differentiated Tensor at index {index} appears to not have been used in the graph. Set "
                    "allow_unused=True if this is the desired behavior."
                )
        return tuple([grad if grad is None or recorded else wrap(grad) for grad in results])

    def is_checkpoint_valid(self) -> bool:
        """Whether the backward in progress, if any, goes to all leaves, as a re-entrant checkpoint needs."""
        execution = current_execution()
        return execution is None or execution.captures is None


_VOLATILE = "volatile was removed and now has no effect. Use `with torch.no_grad():` instead."


class Variable(metaclass=VariableMeta):
    """`Variable(data, requires_grad=False)`: the data, detached, as a leaf. TypeError if it is no Tensor."""

    _execution_engine = ImperativeEngine()

    def __new__(cls, data: Any = None, requires_grad: bool = False, volatile: Any = None) -> Any:
        if volatile:
            warnings.warn(_VOLATILE, stacklevel=stacklevel())
        if data is None:
            return Tensor()
        if not isinstance(data, Tensor):
            raise TypeError(f"Variable data has to be a tensor, but got {type(data).__name__}")
        result = data.data
        result._version_counter_ = counter_of(data)
        return require_grad(result) if requires_grad else result


__all__ = ["Variable", "VariableMeta"]
