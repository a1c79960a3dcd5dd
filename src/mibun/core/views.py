"""Views and in-place operations: what keeps the graph right when memory is shared and changed.

A view remembers its base and the view operators that lead from the base to it. An in-place operation on a view changes
the history of the *base* (`CopySlices`); every other view of that base notices, by the version counter, that its own
`grad_fn` is out of date and makes a new one when it is next asked for.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from . import memory
from .anomaly import note
from .memory import Step, layout_of, shares_arrays
from .mode import MODE
from .node import NO_VERSIONS, SEQUENCE, Edge, Leaf, Node, VersionCounter, freed_error, new_counter
from .registry import OPS, namespace_for, namespace_of
from .site import creation_site


class View:
    """What a view has in the place of an edge: its base, how it was made, and its edge while that is up to date."""

    __slots__ = ("base", "chain", "creation", "edge", "leaf", "maker", "origin", "output_nr", "version")

    def __init__(
        self,
        base: Any,
        origin: Any,
        chain: tuple[Step, ...],
        edge: Edge | None,
        version: int,
        creation: str,
        maker: str,
    ) -> None:
        self.base = base
        self.origin = origin  # the base's array that `chain` starts from; `base.t_()` and its like give it another
        self.chain = chain
        self.edge = edge
        self.version = version
        # "default"; or why an in-place operation on it is refused: "multi_output", "no_grad", "inference", "custom"
        self.creation = creation
        self.maker = maker  # the name of the node that made it, for messages
        self.output_nr = 0
        self.leaf = False  # a view on which requires_grad was set by the user

    def resolve(self, tensor: Any) -> Edge | None:
        """The view's edge, made anew if the base was modified in place since."""
        version = tensor._version_counter_.version
        if version != self.version or (self.edge is None and not self.leaf):
            base_edge = edge_of(self.base)
            if version != self.version and (base_edge is not None or self.edge is not None):
                if self.creation != "default":
                    self._refuse_stale()
                old, self.edge = self.edge, (_regenerated(tensor, self, base_edge), 0)
                move_retained(tensor, old, self.edge[0])
                self.leaf = False
                self.version = version
            elif base_edge is not None and not self.leaf:
                return NOWHERE_EDGE  # made while its base did not require grad, or under no_grad
        return (tensor, None) if self.leaf else self.edge

    def steps(self, tensor: Any) -> tuple[Step, ...]:
        """The view operators that lead from the base, as it is now, to `tensor`, the view."""
        array = self.base._array_
        if array is not self.origin:
            if not shares_arrays(array):
                if memory.shared_memory(self.base, tensor):
                    steps = memory.steps_between(self.base, tensor)
                    self.chain = _geometric(layout_of(self.base), layout_of(tensor)) if steps is None else steps
            elif namespace_of(array).storage(array) is namespace_of(array).storage(tensor._array_):
                self.chain = _geometric(array, tensor._array_)
            elif array.shape != self.origin.shape:
                raise RuntimeError(
                    "a view's base was given other memory of another shape (by resize_, set_ or .data) than the view "
                    "was taken of, so that no gradient can be passed between them. Take the view again."
                )
            self.origin = array
        return self.chain

    def requires_grad(self) -> bool:
        """Whether the view requires grad: by itself, or since its base does."""
        return self.leaf or self.edge is not None or self.base.requires_grad

    def _subject(self) -> str:
        if self.edge is None:
            return "A view"
        return f"Output {self.output_nr} of {_short(self.maker)} is a view of a view which"

    def _refuse_stale(self) -> None:
        if self.creation in _AMBIGUOUS:
            mode, where, advice = _AMBIGUOUS[self.creation]
            raise RuntimeError(
                f"{self._subject()} was created in {mode} mode and its base or another view of its base has been "
                f"modified inplace {where}. {advice}"
            )
        what = f"Output {self.output_nr} of {_short(self.maker)} is a view and its base or another view of its base"
        if self.edge is None:
            what = "A view was created in no_grad mode and its base or another view of its base"
        raise RuntimeError(f"{what} has been modified inplace. {_WHY_REFUSED[self.creation]}")


class Nowhere(Node):
    """Where the gradient of a tensor goes that requires grad without a history: nowhere."""

    def run(self, grad: Any) -> tuple:
        return ()

    run_recorded = run


NOWHERE_EDGE = (Nowhere(), 0)

_ADVICE = (
    "Given that this use case is ambiguous and error-prone, it is forbidden. You can clarify your code by moving both "
    "the view and the inplace either both inside the {block} block (if you don't want the inplace to be tracked) or "
    "both outside (if you want the inplace to be tracked)."
)
# creation -> (its mode, where the modification happens, what to do)
_AMBIGUOUS = {
    "no_grad": ("no_grad", "with grad mode enabled", _ADVICE.format(block="no_grad")),
    "inference": ("inference", "in normal mode", _ADVICE.format(block="inference_mode")),
}

_WHY_REFUSED = {
    "multi_output": "This view is the output of a function that returns multiple views. Such functions do not allow "
    "the output views to be modified inplace. You should replace the inplace operation by an out-of-place one.",
    "custom": "This view was created inside a custom Function (or because an input was returned as-is) and the "
    "autograd logic to handle view+inplace would override the custom backward associated with the custom Function, "
    "leading to incorrect gradients. This behavior is forbidden. You can fix this by cloning the output of the custom "
    "Function.",
}


def _short(name: str) -> str:
    """A node's name as messages give it: `Split` for SplitBackward0, `Squeeze1` for SqueezeBackward1."""
    operation, _, number = name.removesuffix("_copy").rpartition("Backward")
    return operation + number.removeprefix("0")


def own_array(tensor: Any) -> Any:
    """The array of a tensor as one whose memory can be shared (a NumPy scalar is replaced by a 0-d array first)."""
    array = tensor._array_
    if isinstance(array, np.generic):
        array = tensor._array_ = namespace_of(array).asarray(array)
    return array


def counter_of(tensor: Any) -> VersionCounter:
    """The counter of modifications of a tensor's memory, made when first asked for."""
    counter = tensor._version_counter_
    if counter is None:
        counter = tensor._version_counter_ = new_counter()
    return counter


def edge_of(tensor: Any) -> Edge | None:
    """The edge of any tensor: None if it does not require grad."""
    edge = tensor._edge_
    if edge is None or type(edge) is tuple:
        return edge
    return edge.resolve(tensor)


def replay(chain: tuple[Step, ...], array: Any, recorded: bool) -> Any:
    """Apply the view operators of `chain` to an array (or with `recorded` a Tensor) of the base's shape."""
    for op, params, _ in chain:  # (`vmap` takes arrays apart into batched ones by such a step)
        array = op.call(array, params) if recorded else op.kernel(namespace_of(array), array, **params)
    return array


def embed(chain: tuple[Step, ...], grad: Any) -> Any:
    """The transpose of `replay`: put a gradient of the view into zeros of the base's shape."""
    for op, params, shape in reversed(chain):
        grad = op.vjp_of_view(namespace_of(grad), grad, params, shape)
    return grad


class OutputOf:
    """One output of an operator that returns several views, as a step of a view."""

    def __init__(self, op: Any, output_nr: int) -> None:
        self.op, self.output_nr, self.name, self.kind = op, output_nr, op.name, op.kind

    def kernel(self, xp: Any, array: Any, **params: Any) -> Any:
        """This output, of an array."""
        return self.op.kernel(xp, array, **params)[self.output_nr]

    def call(self, operand: Any, params: dict[str, Any]) -> Any:
        """This output, of a Tensor."""
        return self.op.call(operand, params)[self.output_nr]

    def vjp_of_view(self, xp: Any, grad: Any, params: dict[str, Any], shape: tuple[int, ...]) -> Any:
        """The rule, with zero gradients for the other outputs."""
        of_shape = np.broadcast_to(False, shape)  # only the shapes of the outputs matter
        outputs = self.op.kernel(namespace_of(of_shape), of_shape, **params)
        grads = [xp.zeros(output.shape, dtype=grad.dtype) for output in outputs]
        grads[self.output_nr] = grad
        return self.op.vjp_of_view(xp, grads, params, shape)


@functools.cache
def outputs_of(op: Any, count: int) -> tuple[OutputOf, ...]:
    """The outputs of an operator that gives so many, as steps of views."""
    return tuple([OutputOf(op, i) for i in range(count)])


def _geometric(base: Any, array: Any) -> tuple[Step, ...]:
    """The steps from a base to a view of its memory by strides alone."""
    xp = namespace_of(base)
    before: tuple[Step, ...] = ()
    after: tuple[Step, ...] = ()
    if base.dtype.kind == "c" and array.dtype.kind != "c":
        before = ((OPS["view_as_real"], {}, base.shape),)
        base = xp.parts_of_complex(base)
    elif array.dtype.kind == "c" and base.dtype.kind != "c":
        array = xp.parts_of_complex(array)
        after = ((OPS["view_as_complex"], {}, array.shape),)
    return (*before, strided_step(base, array), *after)


def strided_step(base: Any, array: Any) -> Step:
    """The step that leads from one array to another on the same memory, by strides."""
    xp = namespace_of(base)
    if hasattr(base, "levels"):
        geometry, offset = xp.geometry_in_example(base, array)
    else:
        geometry = (xp.strides_of(base), xp.offset_of(base), xp.storage(base).nbytes // base.dtype.itemsize)
        offset = xp.offset_of(array)
    params = {"size": array.shape, "stride": xp.strides_of(array), "offset": offset, "geometry": geometry}
    return OPS["as_strided"], params, base.shape


class AsStridedBackward0(Node):
    """The regenerated node of a view whose base was modified in place."""

    chain: tuple[Step, ...] = ()
    saved: Any = ()

    def run(self, grad: Any) -> tuple:
        if grad is None:
            return (None,)
        return (embed(self.chain, grad),)

    def run_recorded(self, grad: Any) -> tuple:
        if grad is None:
            return (None,)
        return (embed(self.chain, grad),)


_COMPLEX_PARTS = ("view_as_real", "view_as_complex")


class _Replayed(AsStridedBackward0):
    """The same for a view that strides alone cannot describe: it bears the name of its last step."""

    last = ""

    def name(self) -> str:
        return self.last


def _regenerated(tensor: Any, view: View, base_edge: Edge | None) -> Node:
    chain = view.steps(tensor)
    node = AsStridedBackward0()
    if chain[-1][0].name in _COMPLEX_PARTS:
        node = _Replayed()  # strides do not lead from complex numbers to their parts
        node.last = chain[-1][0].node_name
    node.chain = chain
    node.edges = (base_edge,)
    node.sequence_nr = next(SEQUENCE)
    node.site = creation_site()
    node.shape = tensor._array_.shape
    node.dtype = tensor._array_.dtype
    if MODE.get().anomaly:
        note(node)
    return node


class CopySlices(Node):
    """The base's new history after an in-place operation `fn` on one of its views.

    The gradient that arrives is the base's: the part that belongs to the view goes through `fn`, the rest passes on.
    """

    fn: Any = None
    chain: tuple[Step, ...] = ()
    place = 0  # which of the operands of `fn` is the view
    plain = False  # `fn` may have been packed by hooks
    shared: Any = None  # the view's array where it repeats elements: its gradient cannot be put in the base's place

    def run(self, grad: Any) -> tuple:
        if grad is None:
            return (None,) * len(self.edges)
        fn = self.released_check()
        part = replay(self.chain, grad, False)
        return self._with_rest(grad, fn.run(namespace_of(part).ascontiguousarray(part)))

    def run_batched(self, grad: Any) -> tuple:
        if grad is None:
            return (None,) * len(self.edges)
        fn = self.released_check()
        part = replay(self.chain, grad, False)
        return self._with_rest(grad, fn.run_batched(namespace_of(part).ascontiguousarray(part)))

    def run_recorded(self, grad: Any) -> tuple:
        if grad is None:
            return (None,) * len(self.edges)
        fn = self.released_check()
        return self._with_rest(grad, fn.run_recorded(replay(self.chain, grad, True)))

    def _with_rest(self, grad: Any, results: tuple) -> tuple:
        place = self.place
        base = None if self.edges[place] is None else self._merge(grad, results[place])
        return (*results[:place], base, *results[place + 1 :])

    def _merge(self, grad: Any, part: Any) -> Any:
        of_view, of_base = self.fn.dtype.kind, self.dtype.kind
        xp = namespace_of(grad) if part is None else namespace_for((grad, part))
        ones = embed(self.chain, xp.full(self.fn.shape, 1 + 1j if of_view == "c" else 1, dtype=self.fn.dtype))
        if part is None:
            part = xp.zeros(self.fn.shape, dtype=self.fn.dtype)
        elif tuple(part.shape) != self.fn.shape:
            part = xp.sum_to(part, self.fn.shape)
        part = embed(self.chain, part)
        if of_base == "c" and of_view != "c":
            # The view is of the parts of complex numbers, each of which is replaced for itself.
            real, imag = (xp.where(take(ones) != 0, take(part), take(grad)) for take in (xp.real, xp.imag))
            return xp.make_complex(real, imag)
        return xp.where(ones != 0, part, grad)

    def released_check(self) -> Any:
        if self.shared is not None:
            refuse_shared(self.shared)
        if self.fn is None:
            raise freed_error(self)
        return self.fn

    def release(self) -> None:
        self.fn = None

    @property
    def saved(self) -> Any:
        return None if self.fn is None else self.fn.saved


def refuse_shared(array: Any) -> None:
    """Refuse to write to memory in which several elements share one location (an expanded tensor's)."""
    strides = getattr(array, "strides", None)
    if strides and 0 in strides and array.size:
        for size, stride in zip(array.shape, strides, strict=True):
            if stride == 0 and size > 1:
                raise RuntimeError(
                    "unsupported operation: more than one element of the written-to tensor refers to a single memory "
                    "location. Please clone() the tensor before performing the operation."
                )


def check_inplace(tensor: Any, records: bool) -> None:
    """Refuse, before anything is changed, an in-place operation that autograd could not follow."""
    if tensor._version_counter_ is NO_VERSIONS:
        refuse_inference()
    before_write(tensor)
    if not records:
        return
    edge = tensor._edge_
    entrance = type(edge) is tuple and edge[1] is not None and edge[0].entrance
    if type(edge) is Leaf or entrance or (type(edge) is View and edge.leaf):
        raise RuntimeError(
            f"{'a view of a' if type(edge) is View else 'a'} leaf Variable that requires grad is being used in an "
            "in-place operation. Use the out-of-place form, or do it under torch.no_grad() if the change should not be "
            "recorded."
        )
    if type(edge) is View:
        base = edge.base
        if edge.creation != "default":
            if edge.creation in _AMBIGUOUS:
                mode, where, advice = _AMBIGUOUS[edge.creation]
                raise RuntimeError(
                    f"{edge._subject()} was created in {mode} mode and is being modified inplace {where}. {advice}"
                )
            what = f"Output {edge.output_nr} of {_short(edge.maker)} is a view and is being modified inplace."
            if edge.edge is None:
                what = "A view was created in no_grad mode and is being modified inplace with grad mode enabled."
            raise RuntimeError(f"{what} {_WHY_REFUSED[edge.creation]}")
        if edge.requires_grad() and base.is_leaf:
            examples = all([op.name == "batch_in" and not params["dim"] for op, params, _ in edge.chain])
            raise RuntimeError(
                f"{'a' if examples else 'a view of a'} leaf Variable that requires grad is being used in an in-place "
                "operation. Use the out-of-place form, or do it under torch.no_grad() if the change should not be "
                "recorded."
            )


def refuse_captured(tensor: Any, name: str) -> None:
    """Refuse to modify, inside a transform that differentiates, what its function has captured: it is no argument.

    That is told by the tensor's place in the graph. (One without a history, and no leaf that requires grad, may be
    modified wherever it was made: nothing says where.)
    """
    differentiating = [level for level in MODE.get().transforms if level.kind != "vmap" and not level.implicit]
    if not differentiating:
        return
    edge = tensor._edge_
    if type(edge) is View and not edge.leaf:
        edge = edge.base._edge_
    level = differentiating[-1]
    if edge is None or (tensor._tangent_ and level.number in tensor._tangent_):
        return
    if type(edge) is tuple and edge[1] is None:
        edge = edge[0]._edge_
    made = edge.number if type(edge) is Leaf else edge[0].sequence_nr if type(edge) is tuple else level.first
    if made < level.first:
        raise RuntimeError(
            "During a grad (vjp, jvp, grad, etc) transform, the function provided attempted to call in-place operation "
            f"(aten::{name}) that would mutate a captured Tensor. This is not supported; please rewrite the function "
            "being transformed to explicitly accept the mutated Tensor(s) as inputs."
        )


def refuse_inference() -> None:
    """Refuse to modify an inference tensor, outside inference mode."""
    if not MODE.get().inference:
        raise RuntimeError(
            "Inplace update to inference tensor outside InferenceMode is not allowed. You can make a clone to get a "
            "normal tensor before doing inplace update."
        )


def before_write(tensor: Any) -> None:
    """Tell whoever wants to copy the memory of a tensor first that it is about to be modified."""
    counter = tensor._version_counter_
    if counter is not None and counter.guard is not None:
        counter.guard(counter)


def bump_version(tensor: Any, operation: str) -> None:
    """Note that the memory of `tensor` was modified by `operation` at the user's current line."""
    counter = tensor._version_counter_
    if counter is None:
        counter = tensor._version_counter_ = new_counter()
    elif counter is NO_VERSIONS:
        refuse_inference()
        return
    counter.modified_by = (operation, creation_site())
    counter.version += 1


def rebase_history(tensor: Any, node: Node, place: int = 0) -> None:
    """Make `node`, an in-place operation on `tensor`, its new history. place: the edge of its former history."""
    edge = tensor._edge_
    if type(edge) is not View:
        tensor._edge_ = (node, 0)
        move_retained(tensor, edge, node)
        return
    base = edge.base
    old, base_old = edge.edge, base._edge_
    slices = CopySlices()
    slices.fn = node
    slices.chain = edge.steps(tensor)
    slices.edges = (*node.edges[:place], edge_of(base), *node.edges[place + 1 :])
    slices.place = place
    slices.hidden, slices.absent = node.hidden, node.absent
    slices.sequence_nr = next(SEQUENCE)
    slices.site = node.site
    slices.shape = base._array_.shape
    slices.dtype = base._array_.dtype
    geometry = layout_of(tensor)
    if 0 in getattr(geometry, "strides", ()):
        slices.shared = geometry
    if MODE.get().anomaly:
        note(slices)
    base._edge_ = (slices, 0)
    edge.edge = (_regenerated(tensor, edge, base._edge_), 0)
    edge.version = tensor._version_counter_.version
    move_retained(base, base_old, slices)
    move_retained(tensor, old, edge.edge[0])


def move_retained(tensor: Any, old: Any, node: Node) -> None:
    """A tensor that retains its gradient goes on doing so when an in-place operation gives it a new node."""
    if type(old) is tuple and old[1] is not None and old[0].hooks is not None:
        reference = old[0].hooks.retain.get(old[1])
        if reference is not None and reference() is tensor:
            del old[0].hooks.retain[old[1]]
            node.own_hooks().retain[0] = reference


def make_view(base: Any, result: Any, edge: Edge | None, step: Step, node_name: str, mode: Any) -> None:
    """Make `result`, whose memory is that of `base`, a view of it that autograd follows."""
    counter = base._version_counter_
    if counter is None:
        counter = base._version_counter_ = new_counter()
    result._version_counter_ = counter
    if type(result._array_) is not np.ndarray and not shares_arrays(result._array_):
        memory.link(base, result, step)
    if counter is NO_VERSIONS or step[0].kind == "nondifferentiable":
        return  # an inference tensor as well, or the bytes under another dtype: autograd does not follow those
    creation = "inference" if mode.inference else "default" if mode.grad else "no_grad"
    base_view = base._edge_
    if type(base_view) is View:  # a view of a view is a view of its base
        if base_view.creation == "inference" or creation == "default":
            creation = base_view.creation
        result._edge_ = View(
            base_view.base, base_view.origin, (*base_view.chain, step), edge, counter.version, creation, node_name
        )
    else:
        result._edge_ = View(base, base._array_, (step,), edge, counter.version, creation, node_name)
