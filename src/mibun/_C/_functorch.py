"""What libraries ask of the transforms of `torch.func` that are running, and of Tensors within them.

PyTorch wraps a Tensor once for each transform; here a transform leaves its mark on the array (`vmap`) or on the graph
(`grad`, `vjp`), or on tangents (`jvp`). What a Tensor is, is said of the innermost of them. Levels are counted from 1,
the outermost.
"""

from __future__ import annotations

from typing import Any

from ..core.batching import BatchedTensor, EntranceBackward, Level, mapped_axis
from ..core.missing import explain_missing_names as _explain_missing_names
from ..core.mode import MODE
from ..core.tensor import Tensor
from ..ops.shape.examples import batch_in, batch_out

__all__ = [
    "current_level",
    "get_dynamic_layer_stack_depth",
    "get_unwrapped",
    "is_batchedtensor",
    "is_functionaltensor",
    "is_functorch_wrapped_tensor",
    "is_gradtrackingtensor",
    "is_legacy_batchedtensor",
    "maybe_current_level",
    "maybe_get_bdim",
    "maybe_get_level",
    "unwrap_if_dead",
]


def _running() -> list[Level]:
    """The transforms that are running, outermost first, without those that autograd runs for itself."""
    return [level for level in MODE.get().transforms if not level.implicit]


def _grad_numbers(tensor: Tensor) -> set[int]:
    """The numbers of the running `grad` levels at which a Tensor depends on what is differentiated by."""
    running = {level.number for level in MODE.get().transforms if level.kind == "grad"}
    edge = tensor._edge_
    if not running or edge is None:
        return set()
    if type(edge) is not tuple:
        if not hasattr(edge, "resolve"):
            return set()
        edge = edge.resolve(tensor)
    found: set[int] = set()
    seen, stack = set(), [edge]
    while stack:
        node, output_nr = stack.pop()
        if output_nr is None or node in seen:
            continue
        seen.add(node)
        if isinstance(node, EntranceBackward) and node.level.number in running:
            found.add(node.level.number)
        stack.extend(edge for edge in node.edges if edge is not None)
    return found


def _innermost(tensor: Any) -> Level | None:
    """The innermost running transform that has left its mark on a Tensor."""
    if not isinstance(tensor, Tensor):
        raise TypeError(f"expected a Tensor, got {type(tensor).__name__}")
    numbers = _grad_numbers(tensor)
    numbers.update(tensor._tangent_ or ())  # of the levels of `jvp`
    if isinstance(tensor, BatchedTensor):
        numbers.update(tensor._array_.levels)
    return next((level for level in reversed(_running()) if level.number in numbers), None)


def is_batchedtensor(tensor: Tensor) -> bool:
    """Whether a Tensor is one example of the innermost transform that it takes part in, a `vmap`.

    >>> import mibun as torch
    >>> from mibun._C._functorch import is_batchedtensor
    >>> seen = []
    >>> _ = torch.vmap(lambda x: seen.append(is_batchedtensor(x)) or x)(torch.ones(2))
    >>> seen, is_batchedtensor(torch.ones(2))
    ([True], False)
    """
    level = _innermost(tensor)
    return level is not None and level.kind == "vmap"


def is_gradtrackingtensor(tensor: Tensor) -> bool:
    """Whether the innermost transform that a Tensor takes part in is a `grad`, `vjp` or `jvp`."""
    level = _innermost(tensor)
    return level is not None and level.kind in ("grad", "jvp")


def is_functorch_wrapped_tensor(tensor: Tensor) -> bool:
    """Whether a Tensor takes part in any transform that is running."""
    return _innermost(tensor) is not None


def is_functionaltensor(tensor: Tensor) -> bool:
    """Whether `functionalize` has replaced a Tensor: it runs the function as it is."""
    return False


def is_legacy_batchedtensor(tensor: Tensor) -> bool:
    """Whether a Tensor is of PyTorch's first `vmap`, of which there are none."""
    return False


def maybe_get_level(tensor: Tensor) -> int:
    """The number of the innermost transform that a Tensor takes part in, from 1; -1 for none."""
    level = _innermost(tensor)
    return -1 if level is None else _running().index(level) + 1


def maybe_get_bdim(tensor: Tensor) -> int:
    """Which axis of the unwrapped values has the examples, where the innermost transform is a `vmap`; -1 otherwise.

    >>> import mibun as torch
    >>> from mibun._C._functorch import maybe_get_bdim
    >>> seen = []
    >>> _ = torch.vmap(lambda x: seen.append((maybe_get_bdim(x), maybe_get_bdim(x * 2))) or x, 1)(torch.ones(2, 3))
    >>> seen
    [(1, 0)]
    """
    level = _innermost(tensor)
    return mapped_axis(tensor, level.number) if level is not None and level.kind == "vmap" else -1


def unwrap_if_dead(tensor: Tensor) -> Tensor:
    """A Tensor without the marks of transforms that are over, which nothing asks for here: the Tensor itself."""
    if not isinstance(tensor, Tensor):
        raise TypeError(f"expected a Tensor, got {type(tensor).__name__}")
    return tensor


def _unwrap_batched(tensor: Tensor, level: int) -> tuple[Tensor, int | None]:
    """(all examples of the `vmap` of that level, their axis); (the Tensor, None) where it is the same for all."""
    found = _vmap_level(level)
    if not isinstance(tensor, BatchedTensor) or found.number not in tensor._array_.levels:
        return tensor, None
    dim = mapped_axis(tensor, found.number)
    return batch_out(tensor, dim=dim, level=found.number, size=found.size), dim


def _vmap_increment_nesting(batch_size: int, randomness: str) -> int:
    """Enter a `vmap` over so many examples, until `_vmap_decrement_nesting`; returns its level."""
    level = Level("vmap", batch_size, randomness)
    level.__enter__()
    return len(_running())


def _vmap_decrement_nesting() -> int:
    """Leave the innermost transform, a `vmap`; returns the level that it had."""
    running = _running()
    number = len(running)
    _vmap_level(number).__exit__()
    return number


def _vmap_level(number: int) -> Level:
    """The running `vmap` of a number. RuntimeError where there is none."""
    running = _running()
    if not 1 <= number <= len(running) or running[number - 1].kind != "vmap":
        raise RuntimeError(f"level {number} is not that of a vmap that is running")
    return running[number - 1]


def _add_batch_dim(tensor: Tensor, dim: int, level: int) -> Tensor:
    """One example of the `vmap` of that level, for which axis `dim` of a Tensor has the examples."""
    found = _vmap_level(level)
    return batch_in(tensor, dim=dim % max(tensor.dim(), 1), level=found.number, size=tensor.shape[dim])


def _remove_batch_dim(tensor: Tensor, level: int, batch_size: int, out_dim: int) -> Tensor:
    """All examples of the `vmap` of that level, along axis `out_dim`; repeated where they are the same."""
    found = _vmap_level(level)
    return batch_out(tensor, dim=out_dim % (tensor.dim() + 1), level=found.number, size=batch_size)


def get_unwrapped(tensor: Tensor) -> Tensor:
    """A Tensor without the innermost `vmap` that it takes part in, whose examples are axis `maybe_get_bdim`; or without
    the mark of a `grad`, which is to say detached. RuntimeError for one that takes part in no transform.
    """
    level = _innermost(tensor)
    if level is None:
        raise RuntimeError("No wrappers present!")
    if level.kind == "vmap":
        return batch_out(tensor, dim=mapped_axis(tensor, level.number), level=level.number, size=level.size)
    return tensor.detach()


def get_dynamic_layer_stack_depth() -> int:
    """How many transforms are running."""
    return len(_running())


def maybe_current_level() -> int | None:
    """The number of the innermost transform; None outside of one."""
    return len(_running()) or None


def current_level() -> int:
    """The number of the innermost transform. RuntimeError outside of one."""
    depth = len(_running())
    if not depth:
        raise RuntimeError("No dynamic layer on the stack: no transform of torch.func is running")
    return depth


_explain_missing_names(__name__)
