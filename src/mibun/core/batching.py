"""Levels of function transforms, and Tensors of batched arrays: what `vmap` and `grad` need of the graph.

Inside of `vmap` the raw array of a Tensor may be a `Batched` one (see `xp/batched/`): an array with hidden axes, of the
shape of one example. Operators, rules and engine see the shape of one example and run unchanged. Two things only belong
to the graph. Where an operand that is the same for all examples meets batched ones, a `Lift` goes between: what arrives
there from outside of the vmap is summed over the examples, and inside, where each example has its own gradient, passes.
And what a transform differentiates by enters through an `Entrance`, a node of its own, so that gradients of one level
are never confused with those of another, or of the same values captured from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .memory import shares_arrays
from .meta import MetaArray
from .mode import MODE, ModeContext
from .nesting import RUNNING
from .node import LEAF, NO_VERSIONS, SEQUENCE, Leaf, Node
from .registry import IN_PLACE, LAZY, LEADING, NAMESPACES, OPS, TENSORS
from .site import creation_site
from .tangents import LEVEL_NUMBERS, copy_tangents, enter_level, leave_level
from .tensor import Tensor, wrap
from .views import NOWHERE_EDGE, View, counter_of, edge_of, own_array

NO_SAVED_HOOKS = (
    "torch.func.{grad, vjp, jacrev, hessian} don't yet support saved tensor hooks. Please open an issue with your use "
    "case: they would be called at the wrong level."
)


class Level(ModeContext):
    """A transform that is being run. Entered as a context; `MODE.get().transforms` has those in force, outermost first.

    kind: "vmap", "grad" or "jvp". number: unlike that of any other level, ever, and larger than that of those outside.
    size, randomness: of a vmap, the number of examples, and whether random numbers are an error, different or the same.
    implicit: it is autograd's own, for a batch of gradients or tangents: what the user must not do within a transform
    of functions is allowed.
    """

    without_grad = False  # whether something has run in it with grad mode switched off
    draws = False  # whether random numbers were drawn in it
    functions = False  # whether a user-written Function was applied in it

    def __init__(self, kind: str, size: int = 0, randomness: str = "error", implicit: bool = False) -> None:
        super().__init__()
        self.kind, self.size, self.randomness, self.implicit = kind, size, randomness, implicit
        self.number = next(LEVEL_NUMBERS)
        self.first = next(SEQUENCE)  # nodes with larger numbers were made inside

    def _enter_mode(self, mode: Any) -> Any:
        mode = mode.within((*mode.transforms, self))
        return enter_level(mode.replace(forward=True), self.number) if self.kind == "jvp" else mode

    def __enter__(self) -> Level:
        super().__enter__()
        _ENTERED.add(self.number)
        return self

    def __exit__(self, *error: object) -> None:
        if self.kind == "jvp":
            leave_level(self.number)
        super().__exit__(*error)
        if not self._previous:
            _ENTERED.discard(self.number)


_ENTERED: set[int] = set()  # the numbers of the levels that are running, in all threads; some may be suspended


def current_levels(kind: str | None = None) -> list[Level]:
    """The levels in force, outermost first; of one kind only if that is given."""
    return [level for level in MODE.get().transforms if kind is None or level.kind == kind]


def within_transform() -> bool:
    """Whether the code that runs is inside of a function that the user transforms."""
    transforms = MODE.get().transforms
    return bool(transforms) and not all([level.implicit for level in transforms])


def all_examples(array: Any) -> Any:
    """A raw array as the library below has it: with the axes of all examples, if it is batched."""
    return array.array if hasattr(array, "levels") else array


def all_values(array: Any) -> np.ndarray:
    """A raw array's values, those of all examples if it is batched: for checks that refuse what any of them has.

    Of an array of another library they are copied; of one whose values are not known there are none.
    """
    array = all_examples(array)
    if type(array) in IN_PLACE:
        return array
    if isinstance(array, (np.ndarray, np.generic)):
        return np.asarray(array)
    xp = NAMESPACES[type(array)]
    return np.asarray(xp.to_numpy(array)) if xp.known(array) else np.empty((0,) * max(array.ndim, 1), array.dtype)


def needed_values(array: Any) -> np.ndarray:
    """The same where a result, and not only a check, depends on the values: what is computed later is computed now."""
    array = all_examples(array)
    if type(array) in LAZY:
        return np.asarray(NAMESPACES[type(array)].to_numpy(array))
    return all_values(array)


def limits_of(array: Any) -> tuple[Any, Any] | None:
    """The smallest and the largest of a raw array's values, as `all_values` has them; None where there are none."""
    array = all_examples(array)
    if isinstance(array, (np.ndarray, np.generic)):
        if type(array) is MetaArray or not array.size:
            return None
        return array.min(), array.max()
    return NAMESPACES[type(array)].limits(array)


def check_range(array: Any, start: int, stop: int, refusal: Callable[[Any], Exception]) -> None:
    """Raise `refusal(value)`, of the smallest or the largest of a raw array's values, if not all are start to stop - 1.

    At once, but where that would wait for a device: there it is looked for when something else waits for it, at the
    latest when a value is brought to the host.
    """

    def check(low: Any, high: Any) -> None:
        if low < start or high >= stop:
            raise refusal(low if low < start else high)

    array = all_examples(array)
    if isinstance(array, (np.ndarray, np.generic)):
        if type(array) is not MetaArray and array.size:
            check(array.min(), array.max())
        return
    xp = NAMESPACES[type(array)]
    later = getattr(xp, "check_later", None)
    if later is not None:
        later(array, check)
        return
    limits = xp.limits(array)
    if limits is not None:
        check(*limits)


def waits(array: Any) -> bool:
    """Whether to look at a raw array's values means to wait for a device, which formulas do not."""
    array = all_examples(array)
    if isinstance(array, (np.ndarray, np.generic)):
        return False
    return getattr(NAMESPACES[type(array)], "check_later", None) is not None


def added_onto(out: Any, x: Any) -> Any:
    """`out += x`; but out + x where there is an x for each example, of an out that all of them share."""
    if type(x) in TENSORS and type(x) is not type(out):
        return out + x
    out += x
    return out


def example_of(array: Any) -> Any:
    """A raw array that lies in memory as that of one example does: the first of them, or the array if there is one."""
    return array.example if hasattr(array, "levels") else array


NO_STORAGE = "Cannot access data pointer of Tensor that doesn't have storage: there is one for each example of a vmap"


def refuse_batched(tensor: Any, words: str, error: type[Exception] = RuntimeError) -> None:
    """Raise an error where there is one tensor for each example."""
    if isinstance(tensor, BatchedTensor):
        raise error(words)


def refuse_storage(tensor: Any) -> None:
    """NotImplementedError where a tensor has no storage: a sparse one, or where there is one for each example."""
    if type(tensor._array_) in LEADING:
        raise NotImplementedError(f"Cannot access storage of {tensor._array_.kind}TensorImpl: only dense ones have one")
    if not shares_arrays(tensor._array_):
        raise NotImplementedError(
            f"Cannot access storage of a tensor on device {tensor.device}: its library's arrays are immutable, and do "
            "not show their memory"
        )
    refuse_batched(
        tensor,
        "Cannot access storage of BatchedTensorImpl: the examples of a vmap share one",
        NotImplementedError,
    )


def dynamic_shape(name: str) -> RuntimeError:
    """The error for an operator whose result would have another shape for each example."""
    return RuntimeError(
        f"vmap: We do not support batching operators that can output dynamic shape. Attempted to vmap over {name}: "
        "each example may have a result of another shape."
    )


DATA_DEPENDENT = (
    "vmap: It looks like you're attempting to use a Tensor in some data-dependent control flow. We don't support that "
    "yet: each example may have another value. Use torch.where() instead."
)


class BatchedTensor(Tensor):
    """A Tensor of which there is one for each example of a vmap. No user makes one; it looks like a Tensor."""

    __slots__ = ()

    @property
    def __class__(self) -> type:  # type: ignore[override]
        """What it is to programs that ask; `type(x)` alone says otherwise."""
        return Tensor

    def __bool__(self) -> bool:
        raise RuntimeError(DATA_DEPENDENT)


class BatchedElsewhere(BatchedTensor):
    """The same of another library's arrays: a class of its own, as the short ways are for NumPy's."""

    __slots__ = ()


# As errors name it.
for _kind in (BatchedTensor, BatchedElsewhere):
    _kind.__name__, _kind.__qualname__, _kind.__module__ = "Tensor", "Tensor", Tensor.__module__


def levels_of(values: Sequence) -> tuple[int, ...]:
    """The levels at which any of the values is batched, ascending."""
    found: tuple[int, ...] = ()
    for value in values:
        if isinstance(value, BatchedTensor) and value._array_.levels != found:
            found = tuple(sorted({*found, *value._array_.levels}))
    return found


def mapped_axis(tensor: Any, number: int) -> int:
    """Which axis of the values has the examples of a level: for an argument as it was given, else the first."""
    view = tensor._edge_
    if type(view) is View:
        for op, params, _ in reversed(view.chain):
            if op.name != "batch_in":
                break
            if params["level"] == number:
                return params["dim"]
    return 0


def refuse_escaped(levels: tuple[int, ...]) -> None:
    """RuntimeError where a result has levels of a vmap that is over: an operand has escaped from its function.

    A backward meets such values rightly, as it was recorded inside and runs outside.
    """
    if not RUNNING and not _ENTERED.issuperset(levels):
        raise RuntimeError(
            "Either your tensor may have escaped from inside a function being vmapped and this is a user error (a "
            "Tensor of the examples was kept, and used after the vmap had ended: return it from the function), or "
            "there is an internal error."
        )


# --- crossings between levels ---


class LiftBackward(Node):
    """Between an operation on batched values and an operand that lacks some of their levels."""

    levels: tuple[int, ...] = ()  # which the operand has not

    def over(self, grad: Any) -> tuple[int, ...]:
        """The levels that are over, and that the gradient has but the operand has not."""
        running = {level.number for level in MODE.get().transforms}
        return tuple([number for number in grad.levels if number in self.levels and number not in running])

    def run(self, grad: Any) -> tuple:
        if hasattr(grad, "levels"):
            over = self.over(grad)
            if over:
                return (NAMESPACES[type(grad)].sum_examples(grad, over),)
        return (grad,)

    def run_recorded(self, grad: Any) -> tuple:
        if isinstance(grad, BatchedTensor):
            over = self.over(grad._array_)
            if over:
                own = dict(zip(grad._array_.levels, grad._array_.hidden, strict=True))
                return (OPS["sum_examples"](grad, levels=over, sizes=tuple([own[level] for level in over])),)
        return (grad,)


def lifted(edges: Sequence, operands: Sequence, levels: tuple[int, ...]) -> Sequence:
    """The edges to the operands of an operation whose result has these levels: the given ones if none lacks one."""
    found: list | None = None
    for i, edge in enumerate(edges):
        if edge is not None and edge is not NOWHERE_EDGE:
            array = operands[i]._array_
            own = getattr(array, "levels", ())
            missing = () if own == levels else tuple([number for number in levels if number not in own])
            if missing:
                node = LiftBackward()
                node.levels = missing
                node.edges = (edge,)
                node.sequence_nr = next(SEQUENCE)
                node.shape, node.dtype = array.shape, array.dtype
                if found is None:
                    found = list(edges)
                found[i] = (node, 0)
    return edges if found is None else found


class EntranceBackward(Node):
    """Where a value enters a transform that differentiates by it. Outside of the transform it is what it was."""

    entrance = True
    level: Any = None  # the transform's

    def run(self, grad: Any) -> tuple:
        return (grad,)

    run_recorded = run


def enter(tensor: Any, level: Level) -> Any:
    """The same values as a tensor that a transform differentiates by: they require grad, at this level only."""
    if tensor._array_.dtype.kind not in "fcV":
        raise RuntimeError("only Tensors of floating point dtype can require gradients")
    edge = tensor._edge_
    if edge is LEAF:
        edge = (tensor, None)
    elif edge is not None and type(edge) is not tuple:
        edge = edge.resolve(tensor)
    node = EntranceBackward()
    node.level = level
    node.edges = (None if edge is NOWHERE_EDGE else edge,)
    node.sequence_nr = next(SEQUENCE)
    node.site = creation_site()
    node.shape, node.dtype = tensor._array_.shape, tensor._array_.dtype
    result = wrap(own_array(tensor))
    counter = counter_of(tensor)
    result._version_counter_ = None if counter is NO_VERSIONS else counter  # inside it is no inference tensor
    copy_tangents(tensor, result)
    result._edge_ = (node, 0)
    return result


def reaches_outside(roots: Sequence, first: int) -> bool:
    """Whether the graph of these tensors leads to anything that was there before the node with number `first`.

    That is a leaf that was made before it, or what has entered an outer transform that is still running: there is
    nothing to differentiate by once it is over.
    """
    running = MODE.get().transforms
    seen = set()
    stack = []
    for root in roots:
        edge = root._edge_
        if edge is not None and type(edge) is not tuple:
            edge = edge.resolve(root)
        if edge is not None:
            stack.append(edge)
    while stack:
        node, output_nr = stack.pop()
        if output_nr is None:
            if not (type(node._edge_) is Leaf and node._edge_.number >= first):
                return True
            continue
        if node.entrance and node.sequence_nr < first and node.level in running:
            return True
        if node not in seen:
            seen.add(node)
            stack.extend([edge for edge in node.edges if edge is not None])
    return False


def leave(tensor: Any, level: Level, grad: bool) -> Any:
    """What a transform hands out: without a history that leads nowhere but into the transform; so its tangents."""
    dual = MODE.get().dual_levels
    if not dual and (tensor._edge_ is None or (grad and reaches_outside((tensor,), level.first))):
        return tensor
    result = wrap(own_array(tensor))
    result._version_counter_ = counter_of(tensor)
    if tensor._edge_ is not None and grad and reaches_outside((tensor,), level.first):
        result._edge_ = tensor._edge_ if type(tensor._edge_) is tuple else edge_of(tensor)
    if dual:
        copy_tangents(tensor, result, lambda tangent: leave(tangent, level, grad))
    return result


__all__ = [
    "DATA_DEPENDENT",
    "BatchedElsewhere",
    "BatchedTensor",
    "EntranceBackward",
    "Level",
    "LiftBackward",
    "added_onto",
    "check_range",
    "waits",
    "all_examples",
    "all_values",
    "NO_STORAGE",
    "current_levels",
    "dynamic_shape",
    "enter",
    "example_of",
    "leave",
    "levels_of",
    "lifted",
    "mapped_axis",
    "reaches_outside",
    "refuse_batched",
    "refuse_escaped",
    "refuse_storage",
    "within_transform",
]
