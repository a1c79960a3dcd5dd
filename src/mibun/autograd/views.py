"""Views and in-place operations: what keeps the graph right when memory is shared and changed.

A view remembers its base and the view operators that lead from the base to it. An in-place operation on a view changes
the history of the *base* (`CopySlices`); every other view of that base notices, by the version counter, that its own
`grad_fn` is out of date and makes a new one when it is next asked for.
"""

from __future__ import annotations

from typing import Any

from .grad_mode import MODE
from .node import LEAF, NO_VERSIONS, SEQUENCE, Edge, Node, VersionCounter
from .site import creation_site

# One step of a view: (operator record, its parameters, shape of what it was applied to).
Step = tuple[Any, dict, tuple[int, ...]]


class View:
    """What a view has in the place of an edge: its base, how it was made, and its edge while that is up to date."""

    __slots__ = ("base", "chain", "creation", "edge", "leaf", "maker", "output_nr", "version")

    def __init__(self, base: Any, chain: tuple[Step, ...], edge: Edge | None, version: int, creation: str, maker: str):
        self.base = base
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
        version = tensor._version_counter.version
        if version != self.version or (self.edge is None and not self.leaf):
            base_edge = edge_of(self.base)
            if version != self.version and (base_edge is not None or self.edge is not None):
                if self.creation != "default":
                    self._refuse_stale()
                old, self.edge = self.edge, (_regenerated(tensor, self, base_edge), 0)
                _move_retained(tensor, old, self.edge[0])
                self.leaf = False
                self.version = version
            elif base_edge is not None and not self.leaf:
                return NOWHERE_EDGE  # made while its base did not require grad, or under no_grad
        return (tensor, None) if self.leaf else self.edge

    def requires_grad(self) -> bool:
        """Whether the view requires grad: by itself, or since its base does."""
        return self.leaf or self.edge is not None or self.base.requires_grad

    def _refuse_stale(self) -> None:
        if self.creation in _AMBIGUOUS:
            mode, where, advice = _AMBIGUOUS[self.creation]
            raise RuntimeError(
                f"A view was created in {mode} mode and its base or another view of its base has been modified inplace "
                f"{where}. {advice}"
            )
        raise RuntimeError(
            f"Output {self.output_nr} of {self.maker} is a view and its base or another view of its base has been "
            f"modified inplace. {_WHY_REFUSED[self.creation]} You should replace the inplace operation by an "
            "out-of-place one."
        )


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
    "the output views to be modified inplace.",
    "custom": "This view was created inside a custom Function (or because an input was returned as-is) and the "
    "autograd logic to handle view+inplace would override the custom backward associated with the custom Function, "
    "leading to incorrect gradients. This behavior is forbidden.",
}


def edge_of(tensor: Any) -> Edge | None:
    """The edge of any tensor: None if it does not require grad."""
    edge = tensor._edge
    if edge is None or type(edge) is tuple:
        return edge
    return edge.resolve(tensor)


def replay(chain: tuple[Step, ...], xp: Any, array: Any) -> Any:
    """Apply the view operators of `chain` to an array or Tensor of the base's shape."""
    for op, params, _ in chain:
        array = op.kernel(xp, array, **params) if xp is not None else op.call(array, params)
        if type(array) in (tuple, list):
            array = array[params.get("_output", 0)]
    return array


def embed(chain: tuple[Step, ...], xp: Any, grad: Any) -> Any:
    """The transpose of `replay`: put a gradient of the view into zeros of the base's shape."""
    for op, params, shape in reversed(chain):
        grad = op.vjp_of_view(xp, grad, params, shape)
    return grad


class AsStridedBackward0(Node):
    """The regenerated node of a view whose base was modified in place."""

    chain: tuple[Step, ...] = ()
    saved: Any = ()

    def run(self, grad: Any) -> tuple:
        from ..xp import namespace_of

        if grad is None:
            return (None,)
        return (embed(self.chain, namespace_of(grad), grad),)

    def run_recorded(self, grad: Any) -> tuple:
        from ..xp import tensor as tensor_namespace

        if grad is None:
            return (None,)
        return (embed(self.chain, tensor_namespace, grad),)


def _regenerated(tensor: Any, view: View, base_edge: Edge | None) -> Node:
    node = AsStridedBackward0()
    node.chain = view.chain
    node.edges = (base_edge,)
    node.sequence_nr = next(SEQUENCE)
    node.site = creation_site()
    node.shape = tensor._array.shape
    node.dtype = tensor._array.dtype
    return node


class CopySlices(Node):
    """The base's new history after an in-place operation `fn` on one of its views.

    The gradient that arrives is the base's: the part that belongs to the view goes through `fn`, the rest passes on.
    """

    fn: Any = None
    chain: tuple[Step, ...] = ()
    shared: Any = None  # the view's array where it repeats elements: its gradient cannot be put in the base's place

    def run(self, grad: Any) -> tuple:
        from ..xp import namespace_of

        if grad is None:
            return (None,) * len(self.edges)
        fn = self.released_check()
        xp = namespace_of(grad)
        results = fn.run(xp.ascontiguousarray(replay(self.chain, xp, grad)))
        if self.edges[0] is None:
            return (None, *results[1:])
        return (self._merge(xp, grad, results[0]), *results[1:])

    def run_recorded(self, grad: Any) -> tuple:
        from ..xp import tensor as tensor_namespace

        if grad is None:
            return (None,) * len(self.edges)
        fn = self.released_check()
        results = fn.run_recorded(replay(self.chain, None, grad))
        if self.edges[0] is None:
            return (None, *results[1:])
        return (self._merge(tensor_namespace, grad, results[0]), *results[1:])

    def _merge(self, xp: Any, grad: Any, part: Any) -> Any:
        of_view, of_base = self.fn.dtype.kind, self.dtype.kind
        ones = embed(self.chain, xp, xp.full(self.fn.shape, 1 + 1j if of_view == "c" else 1, dtype=self.fn.dtype))
        if part is None:
            part = xp.zeros(self.fn.shape, dtype=self.fn.dtype)
        elif tuple(part.shape) != self.fn.shape:
            part = xp.sum_to(part, self.fn.shape)
        part = embed(self.chain, xp, part)
        if of_base == "c" and of_view != "c":
            # The view is of the parts of complex numbers, each of which is replaced for itself.
            real, imag = (xp.where(take(ones) != 0, take(part), take(grad)) for take in (xp.real, xp.imag))
            return xp.make_complex(real, imag)
        return xp.where(ones != 0, part, grad)

    def released_check(self) -> Any:
        if self.shared is not None:
            refuse_shared(self.shared)
        if self.fn is None:
            from .node import freed_error

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
    if tensor._version_counter is NO_VERSIONS:
        _check_inference()
    if not records:
        return
    edge = tensor._edge
    if edge is LEAF or (type(edge) is View and edge.leaf):
        raise RuntimeError(
            f"{'a' if edge is LEAF else 'a view of a'} leaf Variable that requires grad is being used in an in-place "
            "operation. Use the out-of-place form, or do it under torch.no_grad() if the change should not be recorded."
        )
    if type(edge) is View:
        base = edge.base
        if edge.creation != "default":
            if edge.creation in _AMBIGUOUS:
                mode, where, advice = _AMBIGUOUS[edge.creation]
                raise RuntimeError(f"A view was created in {mode} mode and is being modified inplace {where}. {advice}")
            raise RuntimeError(
                f"Output {edge.output_nr} of {edge.maker.removesuffix('Backward0')} is a view and is being modified "
                f"inplace. {_WHY_REFUSED[edge.creation]} You should replace the inplace operation by an out-of-place "
                "one."
            )
        if edge.requires_grad() and base.is_leaf:
            raise RuntimeError(
                "a view of a leaf Variable that requires grad is being used in an in-place operation. Use the "
                "out-of-place form, or do it under torch.no_grad() if the change should not be recorded."
            )


def _check_inference() -> None:
    if not MODE.get().inference:
        raise RuntimeError(
            "Inplace update to inference tensor outside InferenceMode is not allowed. You can make a clone to get a "
            "normal tensor before doing inplace update."
        )


def bump_version(tensor: Any, operation: str) -> None:
    """Note that the memory of `tensor` was modified by `operation` at the user's current line."""
    counter = tensor._version_counter
    if counter is None:
        counter = tensor._version_counter = VersionCounter()
    elif counter is NO_VERSIONS:
        _check_inference()
        return
    counter.modified_by = (operation, creation_site())
    counter.version += 1


def rebase_history(tensor: Any, node: Node) -> None:
    """Make `node`, an in-place operation on `tensor` whose edge 0 is the tensor's former history, its new history."""
    edge = tensor._edge
    if type(edge) is not View:
        tensor._edge = (node, 0)
        _move_retained(tensor, edge, node)
        return
    base = edge.base
    old, base_old = edge.edge, base._edge
    slices = CopySlices()
    slices.fn = node
    slices.chain = edge.chain
    slices.edges = (edge_of(base), *node.edges[1:])
    slices.sequence_nr = next(SEQUENCE)
    slices.site = node.site
    slices.shape = base._array.shape
    slices.dtype = base._array.dtype
    if 0 in getattr(tensor._array, "strides", ()):
        slices.shared = tensor._array
    base._edge = (slices, 0)
    edge.edge = (_regenerated(tensor, edge, base._edge), 0)
    edge.version = tensor._version_counter.version
    _move_retained(base, base_old, slices)
    _move_retained(tensor, old, edge.edge[0])


def _move_retained(tensor: Any, old: Any, node: Node) -> None:
    """A tensor that retains its gradient goes on doing so when an in-place operation gives it a new node."""
    if type(old) is tuple and old[1] is not None and old[0].hooks is not None:
        reference = old[0].hooks.retain.get(old[1])
        if reference is not None and reference() is tensor:
            del old[0].hooks.retain[old[1]]
            node.own_hooks().retain[0] = reference


def make_view(base: Any, result: Any, edge: Edge | None, step: Step, node_name: str, mode: Any) -> None:
    """Make `result`, whose memory is that of `base`, a view of it that autograd follows."""
    counter = base._version_counter
    if counter is None:
        counter = base._version_counter = VersionCounter()
    result._version_counter = counter
    if counter is NO_VERSIONS:
        return  # an inference tensor as well, which autograd does not follow
    creation = "inference" if mode.inference else "default" if mode.grad else "no_grad"
    base_view = base._edge
    if type(base_view) is View:  # a view of a view is a view of its base
        if creation == "default" and base_view.creation != "default":
            creation = base_view.creation
        result._edge = View(base_view.base, (*base_view.chain, step), edge, counter.version, creation, node_name)
    else:
        result._edge = View(base, (step,), edge, counter.version, creation, node_name)
