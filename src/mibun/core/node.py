"""The nodes of the graph: what an operation leaves behind so that its derivative can be computed later.

A node points only from outputs to inputs (`edges`), so that dropping the outputs frees the graph without the garbage
collector. `AccumulateGrad` is the node of a leaf. Nodes of operators are made by `dispatch/nodes.py`, those of
user-written Functions by `autograd/function.py`.
"""

from __future__ import annotations

import functools
import itertools
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from .device import device
from .dtypes import from_numpy_dtype
from .mode import MODE
from .site import Site, describe
from .size import Size

SEQUENCE = itertools.count()

# An edge is (node, number of the node's output), or (leaf, None); None where no gradient is wanted.
Edge = tuple[Any, Any]


class VersionCounter:
    """How often a memory was modified in place, and what modified it last; shared by all tensors on that memory.

    `new_counter` makes one, and the text of calls: a class with slots and no `__init__` is the quickest to make.
    """

    __slots__ = ("guard", "modified_by", "version")
    version: int
    modified_by: tuple[str, Site | None] | None
    guard: Callable | None  # called before the memory is modified, by whoever wants to copy it first


def new_counter() -> VersionCounter:
    """The counter of a memory that has not been modified."""
    counter = VersionCounter()
    counter.version = 0
    counter.modified_by = counter.guard = None
    return counter


class _NoVersions:
    """In the place of an inference tensor's counter: saving the tensor for backward asks for the version, and fails."""

    modified_by: tuple[str, Site | None] | None = None
    guard = None

    @property
    def version(self) -> int:
        mode = MODE.get()
        if mode.transforms or mode.inference:  # transforms of functions save them, and they cannot be modified outside
            return 0
        raise RuntimeError(
            "Inference tensors cannot be saved for backward. Please do not use Tensors created in inference mode in "
            "computation tracked by autograd. To work around this, you can make a clone to get a normal tensor and use "
            "it in autograd, or use `torch.no_grad()` instead of `torch.inference_mode()`."
        )


NO_VERSIONS: Any = _NoVersions()


class RemovableHandle:
    """What the registration of a hook returns; `remove()` takes the hook back. Also a context manager."""

    next_id: int = 0  # the number of the next handle: programs show it, as they show the keys of a module's hooks
    _numbering = threading.Lock()

    def __init__(self, hooks_dict: Any, *, extra_dict: Any = None) -> None:
        with RemovableHandle._numbering:
            self.id = RemovableHandle.next_id
            RemovableHandle.next_id += 1
        self.hooks_dict_ref: Callable = _reference(hooks_dict)
        extras = () if extra_dict is None else extra_dict if isinstance(extra_dict, list) else (extra_dict,)
        self.extra_dict_ref: tuple[Callable, ...] = tuple([_reference(extra) for extra in extras])

    def remove(self) -> None:
        """Take the hook back; nothing happens if that was done already."""
        for reference in (self.hooks_dict_ref, *self.extra_dict_ref):
            hooks = reference()
            if hooks is not None:
                hooks.pop(self.id, None)

    def __getstate__(self) -> tuple:
        return self.hooks_dict_ref(), self.id, tuple([reference() for reference in self.extra_dict_ref])

    def __setstate__(self, state: tuple) -> None:
        hooks, self.id, extras = state
        self.hooks_dict_ref = _reference(OrderedDict() if hooks is None else hooks)
        self.extra_dict_ref = tuple([_reference(OrderedDict() if extra is None else extra) for extra in extras])
        with RemovableHandle._numbering:  # handles made from now on must not have the same number
            RemovableHandle.next_id = max(RemovableHandle.next_id, self.id + 1)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *error: object) -> None:
        self.remove()


def _reference(hooks: Any) -> Callable:
    return weakref.ref(hooks) if isinstance(hooks, OrderedDict) else (lambda: hooks)


class TensorBase:
    """Base of `Tensor`, by which this module knows one: the class itself needs nodes."""

    __slots__ = ()
    _array_: Any


def raw(value: Any) -> Any:
    """The array of a Tensor; anything else as it is."""
    return value._array_ if isinstance(value, TensorBase) else value


OWN_DTYPE: Any = "own"  # a leaf's gradient is of the leaf's dtype


class NodeHooks:
    """The hooks of one node, in the order in which they run; most nodes have none and no such object."""

    __slots__ = ("grad_dtype", "post", "post_accumulate", "pre", "retain", "tensor")

    def __init__(self) -> None:
        self.tensor: dict[int, OrderedDict] = {}  # output number -> hooks on that tensor's gradient
        self.retain: dict[int, weakref.ref] = {}  # output number -> the tensor that retains its gradient
        self.pre: OrderedDict = OrderedDict()
        self.post: OrderedDict = OrderedDict()
        self.post_accumulate: OrderedDict = OrderedDict()  # of leaves only
        self.grad_dtype: Any = OWN_DTYPE  # of leaves only: what the gradient is cast to; None for nothing


_NAMESPACED = frozenset(("AccumulateGrad", "NotImplemented", "CopyBackwards", "CopySlices"))


class Node:
    """A step of the graph. Subclasses give `run` (raw arrays in, raw arrays out) and `run_recorded` (Tensors)."""

    __slots__ = ()  # those of operators keep all of this in slots: see `dispatch/nodes.py`
    edges: tuple[Edge | None, ...] = ()
    sequence_nr: int = 0
    code: Any = None  # the site (see site.py) at which the operation was called: code object and offset
    offset: int = 0
    hooks: NodeHooks | None = None
    n_outputs = 1
    hidden: tuple[int, ...] = ()  # edges that the user does not see: of operands that have no derivative
    absent: tuple[int, ...] = ()  # places at which the user sees an edge to nothing: of operands that were not given
    entrance = False  # whether its output is a leaf to the user, and only a transform's: see core/batching.py
    plain = True  # whether none of the user's code can be called by `run`, unless it has hooks: see `plain.py`
    pure = True  # whether `run` may be called again when it raised: not for the user's own code
    # What is known of the outputs, for checking and casting gradients: of the one, or of all when there are several.
    shape: tuple[int, ...] = ()
    dtype: Any = None
    metas: tuple[tuple[tuple[int, ...], Any], ...] | None = None
    _metadata: dict | None = None

    if TYPE_CHECKING:
        # What an operator has saved, as `_saved_<name>` and `_raw_saved_<name>`: see `shown`.
        def __getattr__(self, name: str) -> Any: ...

    def run(self, grad: Any) -> tuple:
        """The gradients of the inputs, one for each edge, from the gradient of the output, over raw arrays."""
        raise RuntimeError(f"{self.name()} has no backward")

    def run_recorded(self, grad: Any) -> tuple:
        """The same over Tensors, recording what is done (`create_graph=True`)."""
        raise RuntimeError(f"{self.name()} has no backward")

    def run_batched(self, grad: Any) -> tuple:
        """`run` where the gradient may be batched although the operation was not (within `vmap`)."""
        return self.run(grad)

    # What was saved for backward; None when it has been freed. (`packed`, `counters`: see `dispatch/nodes.py`.)
    saved: Any = ()
    packed: Any = None
    counters: tuple[VersionCounter, ...] = ()

    def release(self) -> None:
        """Drop what was saved for backward."""
        if self.saved:
            self.saved = self.packed = None
            self.counters = ()

    def with_edges(self, edges: tuple[Edge | None, ...]) -> Node:
        """A copy of this node that may run once, with other edges."""
        copy = object.__new__(type(self))
        vars(copy).update(vars(self))
        copy.edges = edges
        return copy

    def meta(self, output_nr: int) -> tuple[tuple[int, ...], Any]:
        """(shape, numpy dtype) of one output."""
        return (self.shape, self.dtype) if self.metas is None else self.metas[output_nr]

    def class_name(self) -> str:
        """The name of the class that users see."""
        return type(self).__name__

    def name(self) -> str:
        """The name of the node, such as `MulBackward0`; PyTorch's own few carry a namespace."""
        name = self.class_name()
        return f"torch::autograd::{name}" if name in _NAMESPACED else name

    @property
    def next_functions(self) -> tuple[tuple[Node | None, int], ...]:
        """The nodes that the gradients go to next, each with the number of its output."""
        if self.class_name() == "NotImplemented":  # PyTorch lists no edges but those that lead somewhere
            return tuple([as_node(edge) for edge in self.edges if edge is not None])
        shown = [
            (None, 0) if edge is None else as_node(edge) for i, edge in enumerate(self.edges) if i not in self.hidden
        ]
        for i in self.absent:
            shown.insert(i, (None, 0))
        return tuple(shown)

    @property
    def metadata(self) -> dict:
        """A dict for the user's own notes on this node."""
        if self._metadata is None:
            self._metadata = {}
        return self._metadata

    def shown(self) -> Node:
        """This node, as the user gets it."""
        return self

    def rename(self, name: str) -> None:
        """Give this node a class of another name, which PyTorch has for what is the same here."""
        self.__class__ = _named(type(self.shown()), name)  # type: ignore[assignment]

    def _sequence_nr(self) -> int:
        return self.sequence_nr

    def _set_sequence_nr(self, sequence_nr: int) -> None:
        self.sequence_nr = sequence_nr

    @property
    def _input_metadata(self) -> tuple[InputMetadata, ...]:
        metas = ((self.shape, self.dtype),) if self.metas is None else self.metas
        return tuple([InputMetadata(shape, dtype) for shape, dtype in metas])

    @property
    def requires_grad(self) -> bool:
        """Whether gradients pass this node: always."""
        return True

    def __call__(self, *grads: Any) -> Any:
        """Apply the derivative alone: the gradients of the inputs (a tuple if several) from those of the outputs."""
        if len(grads) != self.n_outputs:
            raise TypeError(
                f"expected {self.n_outputs} arguments, got {len(grads)} instead: {self.name()} takes one gradient for "
                "each output"
            )
        check_gradients(grads)
        results = tuple(self.run_recorded(grads[0] if self.metas is None else list(grads)))
        return results[0] if len(results) == 1 else results

    def own_hooks(self) -> NodeHooks:
        """The node's hooks, made when first asked for."""
        if self.hooks is None:
            self.hooks = NodeHooks()
        return self.hooks

    def register_hook(self, fn: Callable) -> RemovableHandle:
        """Call `fn(grad_inputs, grad_outputs)` after this node has run; what it returns replaces the grad_inputs."""
        return _register(self.own_hooks().post, fn)

    def register_prehook(self, fn: Callable) -> RemovableHandle:
        """Call `fn(grad_outputs)` before this node runs; what it returns replaces the grad_outputs."""
        return _register(self.own_hooks().pre, fn)

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError(f"cannot pickle '{self.class_name()}' object: nodes belong to the graph of one process")

    def __repr__(self) -> str:
        return f"<{self.class_name()} object at {hex(id(self))}>"

    def where(self) -> str:
        """The operation and the line of the user's code that made this node, for messages."""
        return f"{self.name()}, made at {describe(self.site)}"

    @property
    def site(self) -> Site | None:
        """Where in the user's code the operation was called."""
        return None if self.code is None else (self.code, self.offset)

    @site.setter
    def site(self, site: Site | None) -> None:
        self.code, self.offset = site or (None, 0)


@functools.cache
def _named(cls: type[Node], name: str) -> type[Node]:
    """A class of nodes under another name; its module is its base's, as it has no source of its own."""
    return type(name, (cls,), {"__slots__": (), "__module__": cls.__module__})


def check_gradients(grads: tuple) -> None:
    """Raise TypeError if one of the arguments of a node that is called is neither a Tensor nor None."""

    for index, grad in enumerate(grads):
        if grad is not None and not isinstance(grad, TensorBase):
            kind = type(grad).__name__
            raise TypeError(f"argument {index} is not a Variable: expected a Tensor or None, got {kind}")


class InputMetadata:
    """What a node knows of a gradient that it receives, before it comes."""

    is_nested_tensor = False
    is_cpp_nested_tensor = False

    def __init__(self, shape: tuple[int, ...], dtype: Any) -> None:
        self.shape = Size(shape)
        self.dtype = None if dtype is None else from_numpy_dtype(dtype)
        self.device = device("cpu")


def _register(hooks: OrderedDict, fn: Callable) -> RemovableHandle:
    handle = RemovableHandle(hooks)
    hooks[handle.id] = fn
    return handle


class AccumulateGrad(Node):
    """A leaf as a node: what adds gradients to the leaf's `.grad`.

    The edges of the graph hold the leaf itself, which is quicker; this object is made when the user asks for the node.
    """

    variable: Any

    @property
    def shape(self) -> tuple[int, ...]:  # type: ignore[override]
        """The leaf's shape."""
        return self.variable._array_.shape

    @property
    def dtype(self) -> Any:  # type: ignore[override]
        """The leaf's dtype."""
        return self.variable._array_.dtype

    @property
    def hooks(self) -> NodeHooks | None:  # type: ignore[override]
        """The leaf's hooks: they live as long as the leaf does."""
        return self.variable._leaf_hooks_

    def own_hooks(self) -> NodeHooks:
        if self.variable._leaf_hooks_ is None:
            self.variable._leaf_hooks_ = NodeHooks()
        return self.variable._leaf_hooks_

    def _sequence_nr(self) -> int:
        return 2**64 - 1


def accumulate_grad(leaf: Any) -> AccumulateGrad:
    """The node of a leaf; the same object as long as anybody holds it."""
    reference = leaf._accumulator_
    node = None if reference is None else reference()
    if node is None:
        node = AccumulateGrad()
        node.variable = leaf
        leaf._accumulator_ = weakref.ref(node)
    return node


def as_node(edge: Edge) -> tuple[Node, int]:
    """An edge as the user sees it: (node, number of its output)."""
    if type(edge[0]).__name__ == "Nowhere":
        return (None, 0)  # type: ignore[return-value]
    return (accumulate_grad(edge[0]), 0) if edge[1] is None else (edge[0].shown(), edge[1])


def as_edge(node: Node, output_nr: int) -> Edge:
    """An edge as the graph holds it."""
    return (node.variable, None) if isinstance(node, AccumulateGrad) else (node, output_nr)


class Leaf:
    """What a leaf that requires grad has in the place of an edge: its edge is itself, which it cannot hold.

    number: of a leaf made within a function transform: what was there before it has smaller ones.
    """

    __slots__ = ("number",)

    def __init__(self, number: int = -1) -> None:
        self.number = number

    def resolve(self, tensor: Any) -> Edge:
        return (tensor, None)


LEAF = Leaf()


def leaf_made_inside() -> Leaf:
    """The marker of a leaf that is made within a function transform, which what leaves the transform may forget."""
    return Leaf(next(SEQUENCE))


def freed_error(node: Node) -> RuntimeError:
    """The error of a second backward through a freed graph."""
    return RuntimeError(
        "Trying to backward through the graph a second time (or directly access saved tensors after they have already "
        "been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). "
        "Specify retain_graph=True if you need to backward through the graph a second time or if you need to access "
        f"saved tensors after calling backward. The values were saved by {node.where()}"
    )


def version_error(
    node: Node, shape: tuple, dtype: Any, found: VersionCounter, expected: int, output_of: Any
) -> Exception:
    """The error of a saved value that was modified in place before it was used."""
    scalar = from_numpy_dtype(dtype).scalar_name
    producer = change = ""
    if output_of is not None and output_of[1] is not None:
        producer = f", which is output {output_of[1]} of {output_of[0].name()},"
    if found.modified_by is not None:
        operation, site = found.modified_by
        change = f" It was modified by {operation} at {describe(site)}."
    return RuntimeError(
        "one of the variables needed for gradient computation has been modified by an inplace operation: "
        f"[torch.{_legacy_name(scalar)} {list(shape)}]{producer} is at version {found.version}; "
        f"expected version {expected} instead. The value was saved by {node.where()}.{change} "
        "Hint: use the out-of-place form of that operation, or clone() the value before it is modified."
    )


def _legacy_name(scalar: str) -> str:
    return f"{scalar}Tensor"


class GradientEdge(NamedTuple):
    """A place in the graph at which a gradient arrives: output `output_nr` of `node`."""

    node: Node
    output_nr: int
    ownership_token: Any = None
