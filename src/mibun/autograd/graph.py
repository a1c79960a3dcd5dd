"""The graph as the user sees it: `Node`, `GradientEdge`, and what can be asked of them and hung on them.

The hooks on saved tensors and on several gradients, and the few switches of a backward, are here under PyTorch's names.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..core.missing import missing_name
from ..core.nesting import current_execution
from ..core.node import AccumulateGrad, GradientEdge, Node, RemovableHandle, as_node
from ..core.tensor import Tensor, is_inference
from ..core.views import NOWHERE_EDGE, bump_version, edge_of
from .grad_mode import is_multithreading_enabled, set_multithreading_enabled
from .saved_mutation import allow_mutation_on_saved_tensors
from .saved_tensors import disable_saved_tensors_hooks, save_on_cpu, saved_tensors_hooks


def get_gradient_edge(tensor: Any) -> GradientEdge:
    """The place in the graph at which the gradient of `tensor` arrives. RuntimeError if it does not require grad."""
    edge = edge_of(tensor)
    if edge is None:
        raise RuntimeError("It is not possible to get the gradient edge for a Tensor that does not require gradients")
    return GradientEdge(*as_node(edge))


def increment_version(tensor: Any) -> None:
    """Tell autograd that the memory of a tensor (or of each of several) was modified by other means."""

    tensors = (tensor,) if isinstance(tensor, Tensor) else tensor
    if not isinstance(tensors, Iterable):
        raise RuntimeError(f"increment_version expect a Iterable[Tensor] as input, but got {type(tensor).__name__}")
    for one in tensors:
        if not isinstance(one, Tensor):
            raise RuntimeError(
                f"increment_version expects each element of the iterable to be a tensor, but got {type(one).__name__}"
            )
        if not is_inference(one):
            bump_version(one, "increment_version")


# --- hooks on several tensors ---


class _MultiHandle(RemovableHandle):
    """What `register_multi_grad_hook` returns; `remove()` takes the hook back."""

    def __init__(self, handles: Sequence[Any]) -> None:
        self.handles = tuple(handles)

    def remove(self) -> None:
        """Take the hook back; nothing happens if that was done already."""
        for handle in self.handles:
            handle.remove()

    def __getstate__(self) -> tuple:
        return (self.handles,)

    def __setstate__(self, state: tuple) -> None:
        (self.handles,) = state

    def __enter__(self) -> _MultiHandle:
        return self


def register_multi_grad_hook(tensors: Sequence[Any], fn: Callable, *, mode: str = "all") -> _MultiHandle:
    """Call `fn` once in every backward that reaches some of `tensors`; what it returns is ignored.

    mode: "all": when the gradients of all those that the backward reaches have been computed, `fn(list)` with None for
    the others; "any": at the first of them, `fn(gradient)`. Returns a handle with `remove()`. ValueError for another
    mode, AssertionError if a tensor does not require grad (in the mode "any" it is passed over).

    >>> import mibun as torch
    >>> x, y = (torch.tensor(v, requires_grad=True) for v in (2., 3.))
    >>> handle = torch.autograd.graph.register_multi_grad_hook((x, y), print)
    >>> (x * y).backward()
    [tensor(3.), tensor(2.)]
    """

    if mode not in ("all", "any"):
        raise ValueError(f"Expects mode to be one of ('all', 'any') but got {mode}")
    tensors = tuple(tensors)
    if mode == "any":
        tensors = tuple([tensor for tensor in tensors if tensor.requires_grad])
    elif any([edge_of(tensor) in (None, NOWHERE_EDGE) for tensor in tensors]):
        raise AssertionError("Expected gradient function to be set: every one of the tensors must require grad")
    edges = [edge_of(tensor) for tensor in tensors]
    # A leaf that its own hook held would be a reference cycle.
    targets = [weakref.ref(edge[0]) for edge in edges if edge is not None]
    # execution -> the gradients so far; gone when the execution is
    gathered: Any = weakref.WeakKeyDictionary()

    if mode == "any":

        def hook_of(index: int) -> Callable:
            def hook(grad: Any) -> None:
                execution = current_execution()
                if execution not in gathered:
                    gathered[execution] = True
                    fn(grad)

            return hook

    else:

        def hook_of(index: int) -> Callable:
            def hook(grad: Any) -> None:
                execution = current_execution()
                state = gathered.get(execution)
                if state is None:
                    expected = sum(
                        target is not None and execution.reaches(target) for target in [t() for t in targets]
                    )
                    state = gathered[execution] = [expected, [None] * len(targets)]
                state[1][index] = grad
                state[0] -= 1
                if state[0] == 0:
                    fn(state[1])

            return hook

    return _MultiHandle([tensor.register_hook(hook_of(index)) for index, tensor in enumerate(tensors)])


def __getattr__(name: str) -> Any:
    if name == "Variable":  # (loaded when a program asks for it)
        from .variable import Variable

        return Variable
    raise missing_name(__name__, name)


__all__ = [
    "AccumulateGrad",
    "GradientEdge",
    "Node",
    "allow_mutation_on_saved_tensors",
    "disable_saved_tensors_hooks",
    "get_gradient_edge",
    "increment_version",
    "is_multithreading_enabled",
    "register_multi_grad_hook",
    "save_on_cpu",
    "saved_tensors_hooks",
    "set_multithreading_enabled",
]
