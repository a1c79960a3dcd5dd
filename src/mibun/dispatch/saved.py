"""Values saved for backward: by user-written Functions, under saved-tensor hooks, and as the `_saved_*` attributes.

Operators keep their saved values as raw arrays in the node (see `ops/_node.py`), which is the fast way. This module is
for the rest: `SavedVariable` for what a Function saves, and the packing of any node's values by the user's hooks.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import repeat
from typing import Any

from ..core.broadcasting import clash
from ..core.mode import MODE
from ..core.node import VersionCounter, freed_error, new_counter, version_error
from ..core.tangents import set_tangent
from ..core.tensor import Tensor, wrap
from ..core.views import counter_of, edge_of
from .saved_names import keeps, slot_of


class HooksDisabled:
    """A marker among the hooks: saved-tensor hooks are refused, with this message."""

    def __init__(self, message: str) -> None:
        self.message = message


def current_hooks(mode: Any) -> tuple[Callable, Callable] | None:
    """The innermost pair of hooks in force."""
    if mode.saved_hooks and not isinstance(mode.saved_hooks[-1], HooksDisabled):
        return mode.saved_hooks[-1]
    return None


def _pack(hooks: tuple, tensor: Any) -> Any:
    """Call the pack hook outside of its own effect; it must not modify what it is given."""
    mode = MODE.get()
    MODE.set(mode.replace(saved_hooks=mode.saved_hooks[:-1], grad=False))
    counter = counter_of(tensor)
    before = counter.version
    try:
        packed = hooks[0](tensor)
    finally:
        MODE.set(mode)
    if counter.version != before:
        raise RuntimeError(
            "A saved tensor pack hook is modifying its input in place. Tensors provided as input to pack hook cannot "
            "be modified by in-place operations as this can lead to unexpected side-effects. Clone it, and change the "
            "clone."
        )
    return packed


def _unpack(hooks: tuple, packed: Any, shape: tuple[int, ...]) -> Any:

    tensor = hooks[1](packed)
    if not isinstance(tensor, Tensor):
        raise TypeError(
            f"Output of saved tensor unpack_hook expected to be a Tensor but got result of type {type(tensor).__name__}"
        )
    if tensor._array_.shape != shape:
        _check_shape(tensor._array_.shape, shape)
    return tensor


def _check_shape(found: tuple[int, ...], shape: tuple[int, ...]) -> None:
    """Refuse what an unpack hook has returned if no rule could use it in the place of what was saved."""
    words = clash(shape, found)
    if words is not None:
        raise RuntimeError(
            f"{words}: the output of a saved tensor unpack_hook has the shape {list(found)}, but the tensor that was "
            f"saved had {list(shape)}"
        )


def check_new_hooks(function: str, pack_hook: Any, unpack_hook: Any) -> None:
    for name, hook in (("pack_hook", pack_hook), ("unpack_hook", unpack_hook)):
        if not callable(hook):
            raise TypeError(
                f"{function}(): incompatible function arguments: {name} must be callable, not {type(hook).__name__}"
            )


_ALREADY_SET = (
    "Calling register_hooks on a saved tensor whose hooks have already been set. Hint: only one pair of hooks is "
    "allowed at a time."
)
_NONE_FORBIDDEN = "Calling register_hooks on a saved tensor with value None is forbidden"
_FREED = (
    "Calling register_hooks on a saved tensor after it has been freed. Saved intermediate values of the graph are "
    "freed when you call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward through the "
    "graph a second time or if you need to access saved variables after calling backward."
)


class SavedVariable:
    """One tensor saved by a Function: its memory, version and place in the graph, or what hooks made of it."""

    __slots__ = ("array", "counter", "edge", "hooks", "output_nr", "packed", "shape", "tangent", "tensor", "version")

    def __init__(self, tensor: Any, output_nr: int | None, hooks: tuple | None) -> None:
        self.hooks = hooks
        self.output_nr = output_nr
        self.packed: Any = None
        self.array: Any = None
        self.edge: Any = None
        self.counter: Any = None
        self.tensor: Any = None
        self.tangent: Any = None
        if tensor._tangent_ is not None:
            self.tangent = tensor._tangent_
        self.version = 0
        if output_nr is None:
            self.edge = edge_of(tensor)
            if tensor.is_leaf and hooks is None:
                self.tensor = tensor  # a leaf is saved as itself: it has no node that could keep it in a cycle
        self.array = tensor._array_
        self.shape = tensor._array_.shape
        self.counter = counter_of(tensor)
        self.version = self.counter.version
        if hooks is not None:
            self.packed = _pack(hooks, tensor)
            self.array = None

    def register_hooks(self, pack_hook: Callable, unpack_hook: Callable) -> None:
        """Pack this value with the hooks, from now on. RuntimeError if it is packed already."""
        check_new_hooks("register_hooks", pack_hook, unpack_hook)
        if self.hooks is not None:
            raise RuntimeError(_ALREADY_SET)
        self.packed = _pack((pack_hook, unpack_hook), _bare(self.array, self.counter))
        self.hooks = (pack_hook, unpack_hook)
        self.array = self.tensor = None

    def unpack(self, node: Any) -> Any:
        """The tensor again, at its place in the graph; RuntimeError if it was modified since."""

        edge = self.edge if self.output_nr is None else (node, self.output_nr)
        if self.hooks is not None:
            tensor = _unpack(self.hooks, self.packed, self.shape)
            result = wrap(tensor._array_)
            result._edge_ = edge
            return result
        if self.counter.version != self.version:
            raise version_error(node, self.array.shape, self.array.dtype, self.counter, self.version, edge)
        if self.tensor is not None:
            return self.tensor
        result = wrap(self.array)
        result._edge_ = edge
        result._version_counter_ = self.counter
        if self.tangent is not None:
            for level in MODE.get().dual_levels:
                if level in self.tangent:
                    set_tangent(result, self.tangent[level], level)
        return result


class SavedNone:
    """The handle on a None among what a Function has saved: no hooks can be registered on it."""

    data = unpack_hook = None

    def register_hooks(self, pack_hook: Callable, unpack_hook: Callable) -> None:
        """RuntimeError."""
        raise RuntimeError(_NONE_FORBIDDEN)

    def unpack(self) -> None:
        """None."""


# --- what an operator's node has saved, once hooks have it or are to have it ---


class _Packed:
    """What hooks made of one saved value."""

    __slots__ = ("hooks", "shape", "value")

    def __init__(self, hooks: tuple, tensor: Any) -> None:
        self.hooks = hooks
        self.shape = tensor._array_.shape
        self.value = _pack(hooks, tensor)


class _Kept:
    """One saved value that no hooks have, beside others that they do."""

    __slots__ = ("array", "counter", "version")

    def __init__(self, array: Any, counter: VersionCounter | None, version: int) -> None:
        self.array, self.counter, self.version = array, counter, version


ALWAYS_STALE = new_counter()  # its version is 0 and is expected to be -1, so a packed node always asks `stale`


def _bare(array: Any, counter: VersionCounter | None) -> Any:
    """A Tensor on a saved array, without a history, that shares its version."""

    tensor = wrap(array)
    tensor._version_counter_ = counter
    return tensor


def _kept(node: Any) -> list:
    """For each slot of a node's saved values: None, a `_Kept`, or a tuple of them for a variadic operator's list."""
    op = node.op
    n_tensors = len(op.operands) + (1 if op.outputs is None or op.outputs == "list" else len(op.outputs))
    pairs = list(zip(node.counters, node.versions or repeat(0), strict=False))

    def keep(slot: int, array: Any) -> _Kept:
        is_tensor = slot < n_tensors and slot not in node.numbers and hasattr(array, "dtype")
        counter, version = pairs.pop(0) if is_tensor and pairs else (None, 0)
        return _Kept(array, counter, version)

    return [
        None
        if value is None
        else tuple([keep(slot, part) for part in value])
        if op.variadic and slot == 0
        else keep(slot, value)
        for slot, value in enumerate(node.saved)
    ]


def _become_packed(node: Any, entries: list) -> None:
    node.become_packed(tuple(entries))


def pack_node(node: Any, mode: Any, outputs: Any) -> None:
    """Give everything that an operator's node has saved to the hooks in force.

    They get the operands and the outputs themselves where that is what is saved, as in PyTorch.
    """
    operands, node.operands = node.operands, ()
    hooks = current_hooks(mode)
    if hooks is None or not node.has_saved():
        return
    n = len(node.op.operands)

    def pack(entry: Any, tensor: Any) -> Any:
        if not hasattr(entry.array, "dtype"):
            return entry  # a Python number: no hook sees those
        if tensor is None or getattr(tensor, "_array_", None) is not entry.array:
            tensor = _bare(entry.array, entry.counter)
        return _Packed(hooks, tensor)

    packed: list = []
    for slot, entry in enumerate(_kept(node)):
        if entry is None or slot in node.numbers:
            packed.append(entry)
        elif type(entry) is tuple:
            packed.append(tuple([pack(part, operand) for part, operand in zip(entry, operands, strict=True)]))
        else:
            tensor = operands[slot] if slot < n else outputs[slot - n] if slot - n < len(outputs) else None
            packed.append(pack(entry, tensor))
    _become_packed(node, packed)


def _value_of(node: Any, entry: Any) -> Any:
    """The raw saved value that an entry stands for."""
    if entry is None:
        return None
    if type(entry) is tuple:
        return tuple([_value_of(node, part) for part in entry])  # (a StopIteration of the user's would end `map` early)
    if type(entry) is _Packed:
        return _unpack(entry.hooks, entry.value, entry.shape)._array_
    if entry.counter is not None and entry.counter.version != entry.version:
        raise version_error(node, entry.array.shape, entry.array.dtype, entry.counter, entry.version, None)
    return entry.array


def unpack_node(node: Any) -> tuple:
    """The raw saved values of a node some of whose values hooks have packed."""
    return tuple([_value_of(node, entry) for entry in node.packed])


def saved_value(node: Any, slot: int) -> Any:
    """One saved value of a node as a Tensor at its place in the graph, unpacking no other."""
    packed = node.packed
    entry = None if packed is None or slot >= len(packed) else packed[slot]
    if type(entry) is not _Packed:
        values = node.tensors() if packed is None else _tensors_kept(node, packed)
        return values[slot] if slot < len(values) else None
    n = len(node.op.operands)
    tensor = _bare(_value_of(node, entry), None)
    if slot < n:
        tensor._edge_ = node.edges[slot]
    elif slot - n < node.n_outputs and tensor._array_.dtype.kind in "fcV":
        tensor._edge_ = (node, slot - n)
    return tensor


def _tensors_kept(node: Any, packed: tuple) -> tuple:
    """The values of a node that hooks have packed, with None for what is packed for itself."""
    return node.tensors([None if type(entry) is _Packed else _value_of(node, entry) for entry in packed])


class SavedTensor:
    """`grad_fn._raw_saved_<name>`: a handle on one saved value, which hooks can be registered on."""

    def __init__(self, node: Any = None, slot: int | None = None) -> None:
        if slot is None:
            raise RuntimeError("Trying to create a SavedTensor object from Python is forbidden.")
        self._node: Any = node
        self._slot = slot

    def register_hooks(self, pack_hook: Callable, unpack_hook: Callable) -> None:
        """Pack this value with the hooks, from now on. RuntimeError if it is packed, freed, or None."""
        check_new_hooks("register_hooks", pack_hook, unpack_hook)
        node, slot = self._node, self._slot
        if node.saved is None:
            raise RuntimeError(_FREED)
        entries = list(_kept(node) if node.packed is None else node.packed)
        entry = entries[slot] if slot < len(entries) else None
        if type(entry) is _Packed:
            raise RuntimeError(_ALREADY_SET)
        if type(entry) is not _Kept or not hasattr(entry.array, "dtype"):
            raise RuntimeError(_NONE_FORBIDDEN)
        entries[slot] = _Packed((pack_hook, unpack_hook), _bare(entry.array, entry.counter))
        _become_packed(node, entries)

    def _entry(self) -> Any:
        packed = self._node.packed
        return None if packed is None or self._node.saved is None else packed[self._slot]

    @property
    def data(self) -> Any:
        """What is kept: the tensor, or what the pack hook made of it; None when it was freed."""
        if self._node.saved is None:
            return None
        entry = self._entry()
        return entry.value if type(entry) is _Packed else self.unpack()

    @property
    def unpack_hook(self) -> Callable | None:
        """The hook that `unpack()` will call, if any."""
        entry = self._entry()
        return entry.hooks[1] if type(entry) is _Packed else None

    def unpack(self) -> Any:
        """The saved tensor, at its place in the graph. RuntimeError if it was freed, or modified in place."""
        if self._node.saved is None:
            raise freed_error(self._node)
        return saved_value(self._node, self._slot)


def raw_saved_attribute(node: Any, name: str) -> SavedTensor:
    """`grad_fn._raw_saved_<name>`."""
    slot = slot_of(node, name)
    if slot is None or not keeps(node.op, slot):
        raise AttributeError(f"'{node.name()}' object has no attribute '_raw_saved_{name}'")
    return SavedTensor(node, slot)
