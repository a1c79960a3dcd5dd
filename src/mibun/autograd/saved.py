"""Values saved for backward: by user-written Functions, under saved-tensor hooks, and as the `_saved_*` attributes.

Operators keep their saved values as raw arrays in the node (see `ops/_node.py`), which is the fast way. This module is
for the rest: `SavedVariable` for what a Function saves, and the packing of any node's values by the user's hooks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .grad_mode import MODE, ModeContext
from .node import VersionCounter, freed_error, version_error
from .views import edge_of


class _Disabled:
    """A marker among the hooks: saved-tensor hooks are refused, with this message."""

    def __init__(self, message: str) -> None:
        self.message = message


class saved_tensors_hooks(ModeContext):
    """Inside, every tensor saved for backward is given to `pack_hook`, and what that returned to `unpack_hook` later.

    `unpack_hook(pack_hook(t))` must give a tensor of the same values.
    """

    def __init__(self, pack_hook: Callable, unpack_hook: Callable) -> None:
        super().__init__()
        self.pack_hook = pack_hook
        self.unpack_hook = unpack_hook

    def clone(self) -> ModeContext:
        return type(self)(self.pack_hook, self.unpack_hook)

    def _enter_mode(self, mode: Any) -> Any:
        if mode.saved_hooks and isinstance(mode.saved_hooks[-1], _Disabled):
            raise RuntimeError(mode.saved_hooks[-1].message)
        return mode.replace(saved_hooks=(*mode.saved_hooks, (self.pack_hook, self.unpack_hook)))


class save_on_cpu(saved_tensors_hooks):
    """Keep saved tensors in other memory: every one is copied when it is saved. (Here the CPU is all there is, so this
    trades a copy for independence of later in-place changes.)"""

    def __init__(self, pin_memory: bool = False, device_type: str = "cuda") -> None:
        if pin_memory:
            raise RuntimeError("save_on_cpu: pin_memory=True needs an accelerator, and there is none")
        if device_type not in ("cuda", "cpu", "xpu", "mps"):
            raise ValueError(f"save_on_cpu: unknown device type {device_type!r}")
        super().__init__(lambda tensor: tensor.detach().clone(), lambda packed: packed)

    def clone(self) -> ModeContext:
        return save_on_cpu()


class disable_saved_tensors_hooks(ModeContext):
    """Inside, entering `saved_tensors_hooks` raises RuntimeError with the message given."""

    def __init__(self, error_message: str) -> None:
        super().__init__()
        self.error_message = error_message

    def clone(self) -> ModeContext:
        return type(self)(self.error_message)

    def _enter_mode(self, mode: Any) -> Any:
        if mode.saved_hooks and not isinstance(mode.saved_hooks[-1], _Disabled):
            raise RuntimeError(self.error_message)
        return mode.replace(saved_hooks=(_Disabled(self.error_message),))


def current_hooks(mode: Any) -> tuple[Callable, Callable] | None:
    """The innermost pair of hooks in force."""
    if mode.saved_hooks and not isinstance(mode.saved_hooks[-1], _Disabled):
        return mode.saved_hooks[-1]
    return None


def _pack(hooks: tuple, tensor: Any) -> Any:
    """Call the pack hook outside of its own effect; it must not modify what it is given."""
    mode = MODE.get()
    MODE.set(mode.replace(saved_hooks=mode.saved_hooks[:-1], grad=False))
    before = tensor._version
    try:
        packed = hooks[0](tensor)
    finally:
        MODE.set(mode)
    if tensor._version != before:
        raise RuntimeError(
            "A saved tensor pack hook is modifying its input in place. Tensors provided as input to pack hook can not "
            "be modified by in-place operations as this can lead to unexpected side-effects. Clone it, and change the "
            "clone."
        )
    return packed


def _unpack(hooks: tuple, packed: Any) -> Any:
    from ..ops import _op

    tensor = hooks[1](packed)
    if not isinstance(tensor, _op.Tensor):
        raise TypeError(f"Output of saved tensor unpack_hook expected to be a Tensor but got result of type "
                        f"{type(tensor).__name__}")  # fmt: skip
    return tensor


class SavedVariable:
    """One tensor saved by a Function: its memory, version and place in the graph, or what hooks made of it."""

    __slots__ = ("array", "counter", "edge", "hooks", "output_nr", "packed", "tangent", "tensor", "version")

    def __init__(self, tensor: Any, output_nr: int | None, hooks: tuple | None) -> None:
        self.hooks = hooks
        self.output_nr = output_nr
        self.packed: Any = None
        self.array: Any = None
        self.edge: Any = None
        self.counter: Any = None
        self.tensor: Any = None
        self.tangent: Any = None
        if tensor._tangent is not None:
            self.tangent = (MODE.get().dual_level, tensor._tangent)
        self.version = 0
        if output_nr is None:
            self.edge = edge_of(tensor)
            if tensor.is_leaf and hooks is None:
                self.tensor = tensor  # a leaf is saved as itself: it has no node that could keep it in a cycle
        self.array = tensor._array
        self.counter = tensor.version_counter()
        self.version = self.counter.version
        if hooks is not None:
            from ..ops._op import wrap

            bare = tensor if output_nr is None and tensor.is_leaf else wrap(tensor._array)
            bare._version_counter = self.counter
            self.packed = _pack(hooks, bare)
            self.array = None

    def register_hooks(self, pack_hook: Callable, unpack_hook: Callable) -> None:
        """Pack this value with the hooks, from now on. RuntimeError if it is packed already."""
        from ..ops._op import wrap

        if self.hooks is not None:
            raise RuntimeError("Calling register_hooks on a saved tensor whose hooks have already been set.")
        bare = self.tensor
        if bare is None:
            bare = wrap(self.array)
            bare._version_counter = self.counter
        self.packed = _pack((pack_hook, unpack_hook), bare)
        self.hooks = (pack_hook, unpack_hook)
        self.array = self.tensor = None

    def unpack(self, node: Any) -> Any:
        """The tensor again, at its place in the graph; RuntimeError if it was modified since."""
        from ..ops._op import wrap

        edge = self.edge if self.output_nr is None else (node, self.output_nr)
        if self.hooks is not None:
            tensor = _unpack(self.hooks, self.packed)
            result = wrap(tensor._array)
            result._edge = edge
            return result
        if self.counter.version != self.version:
            raise version_error(node, self.array.shape, self.array.dtype, self.counter, self.version, edge)
        if self.tensor is not None:
            return self.tensor
        result = wrap(self.array)
        result._edge = edge
        result._version_counter = self.counter
        if self.tangent is not None and self.tangent[0] == MODE.get().dual_level:
            from .forward_ad import set_tangent

            set_tangent(result, self.tangent[1])
        return result


_ALWAYS_STALE = VersionCounter()  # its version is 0 and is expected to be -1, so a packed node always asks `stale`


def pack_node(node: Any, mode: Any) -> None:
    """Give everything that an operator's node has saved to the hooks in force."""
    hooks = current_hooks(mode)
    if hooks is None or not node.has_saved():
        return
    from ..ops._op import wrap

    op = node.op
    # What the hooks get shares the version of what was saved. An in-place operation saves a copy of its first operand.
    counters = list(node.counters)
    n_tensors = sum(
        len(value) if op.variadic and slot == 0 else value is not None and slot not in node.numbers
        for slot, value in enumerate(node.saved[: len(op.operands) + node.n_outputs])
    )
    private = len(counters) < n_tensors

    def pack(array: Any, edge: Any) -> Any:
        nonlocal private
        if not hasattr(array, "dtype"):
            return _Plain(array)
        is_leaf = edge is not None and edge[1] is None and edge[0]._array is array
        tensor = edge[0] if edge is not None and is_leaf else wrap(array)
        if private or not counters:
            private = False
        else:
            counter = counters.pop(0)
            if not is_leaf:
                tensor._version_counter = counter
        return _pack(hooks, tensor)

    packed = []
    for slot, value in enumerate(node.saved):
        if value is None:
            packed.append(None)
        elif slot in node.numbers:
            packed.append(_Packed(_Plain(value)))
        elif op.variadic and slot == 0:
            packed.append(tuple(_Packed(pack(v, e)) for v, e in zip(value, node.edges, strict=True)))
        else:
            packed.append(_Packed(pack(value, node.edges[slot] if slot < len(op.operands) else None)))
    node.packed = (hooks, tuple(packed))
    node.saved = (None,) * len(packed)
    node.counters = (_ALWAYS_STALE,)
    node.versions = (-1,)


class _Packed:
    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


class _Plain:
    """A Python number among saved values: no tensor, so no hook sees it."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def unpack_node(node: Any) -> tuple:
    """The raw saved values of a node whose values the hooks have packed."""
    hooks, packed = node.packed

    def unpack(entry: Any) -> Any:
        if isinstance(entry.value, _Plain):
            return entry.value.value
        return _unpack(hooks, entry.value)._array

    def unpack_entry(entry: Any) -> Any:
        if entry is None:
            return None
        return tuple(map(unpack, entry)) if type(entry) is tuple else unpack(entry)

    return tuple(map(unpack_entry, packed))


# PyTorch's names for what mibun calls otherwise.
_ALIASES = {"self": "input", "result": "out", "tensor1": "input"}


def saved_attribute(node: Any, name: str) -> Any:
    """`grad_fn._saved_<name>`: a saved operand, output or parameter of an operator's node."""
    op = node.op
    if name in op.params:
        return node.params[name]
    names = (*op.operands, *(("out",) if op.outputs is None or op.outputs == "list" else op.outputs), *op.residuals)
    wanted = name if name in names else _ALIASES.get(name, name)
    if wanted not in names:
        raise AttributeError(f"'{node.name()}' object has no attribute '_saved_{name}'")
    if node.saved is None:
        raise freed_error(node)
    value = node.tensors()[names.index(wanted)]
    if value is None:
        raise AttributeError(f"'{node.name()}' has not saved {name!r}: no gradient needs it")
    return value


class SavedTensor:
    """`grad_fn._raw_saved_<name>`: a handle on one saved value, which hooks can be registered on."""

    def __init__(self, node: Any, name: str) -> None:
        self._node = node
        self._name = name

    def register_hooks(self, pack_hook: Callable, unpack_hook: Callable) -> None:
        """Pack this value with the hooks, from now on. RuntimeError if it is packed already."""
        node = self._node
        if node.saved is None:
            raise freed_error(node)
        if node.packed is not None:
            raise RuntimeError("Calling register_hooks on a saved tensor whose hooks have already been set.")
        mode = MODE.get()
        pack_node(node, mode.replace(saved_hooks=((pack_hook, unpack_hook),)))

    def data(self) -> Any:
        """The saved tensor."""
        return saved_attribute(self._node, self._name)


def raw_saved_attribute(node: Any, name: str) -> SavedTensor:
    """`grad_fn._raw_saved_<name>`."""
    if node.saved is None:
        raise freed_error(node)
    saved_attribute(node, name)
    return SavedTensor(node, name)
