"""Memory that tensors share where a library's arrays are immutable: views, in-place operations, where elements lie.

A library whose arrays cannot be written to (`mutable` of its namespace is False) has no views: `x[0]` is an array of
its own. Tensors that PyTorch would let share memory share a `Memory` here instead, which has the array of the whole,
and knows what part of it each of them shows: by the chain of view operators that leads there. An in-place operation
puts its result through the chain of its tensor, and gives every living alias its part of the new whole. A tensor
without aliases has no `Memory`, and gets the result for its array.

Questions about strides, offsets and addresses are answered by a *layout*: an array of NumPy's in memory that is
reserved and never touched, on which the same chain is replayed.

Tensors of NumPy's arrays share memory by themselves, and never come here.
"""

from __future__ import annotations

import math
import weakref
from typing import Any

import numpy as np

from .meta import reserved
from .registry import NAMESPACES, OPS, TENSORS, is_numpys, namespace_of

# One step of a view: (operator record, its parameters, shape of what it was applied to).
Step = tuple[Any, dict, tuple[int, ...]]


class Memory:
    """What several tensors share: the array of the whole as it is now, its layout, and the aliases."""

    __slots__ = ("_layout", "array", "members")

    def __init__(self, array: Any) -> None:
        self.array = array
        self._layout: Any = None
        self.members: dict[int, Alias] = {}

    @property
    def layout(self) -> np.ndarray:
        """The layout of the whole, whose elements follow each other."""
        if self._layout is None:
            self._layout = reserved(tuple(self.array.shape), self.array.dtype)
        return self._layout


class Alias:
    """What one tensor shows of a memory: the array that is the end of a chain of view operators."""

    __slots__ = ("array", "chain", "layout", "memory", "reference")

    def __init__(self, memory: Memory, chain: tuple[Step, ...], tensor: Any) -> None:
        self.memory, self.chain, self.array = memory, chain, tensor._array_
        self.layout: Any = None
        key = id(tensor)
        self.reference = weakref.ref(tensor, lambda reference: _forget(key, reference))
        _forget(key)
        _ALIASES[key] = memory.members[key] = self

    def current(self) -> Any:
        """The tensor, if it lives and has the array that it was given here: it may have got other memory since."""
        tensor = self.reference()
        return tensor if tensor is not None and tensor._array_ is self.array else None


_ALIASES: dict[int, Alias] = {}  # number of a Tensor -> what it shows


def _forget(key: int, reference: Any = None) -> None:
    alias = _ALIASES.get(key)
    if alias is not None and (reference is None or alias.reference is reference):
        del _ALIASES[key]
        alias.memory.members.pop(key, None)


def _alias(tensor: Any) -> Alias | None:
    alias = _ALIASES.get(id(tensor))
    return alias if alias is not None and alias.current() is tensor else None


def _alias_made(tensor: Any) -> Alias:
    return _alias(tensor) or Alias(Memory(tensor._array_), (), tensor)


def shares_arrays(array: Any) -> bool:
    """Whether tensors share memory by sharing arrays: of NumPy's, and of others that can be written to."""
    kind = type(array)
    return kind is np.ndarray or (kind not in TENSORS and is_numpys(kind)) or NAMESPACES[kind].mutable


def share(tensor: Any, other: Any) -> None:
    """Note that `tensor`, which has been given the array of `other`, is to share its memory."""
    if tensor is not other and not shares_arrays(other._array_):
        alias = _alias_made(other)
        Alias(alias.memory, alias.chain, tensor)


def link(base: Any, result: Any, step: Step) -> None:
    """Note that `result` is a view of `base`, by one step."""
    alias = _alias_made(base)
    Alias(alias.memory, (*alias.chain, step), result)


def shared_memory(tensor: Any, other: Any) -> bool:
    """Whether two tensors of immutable arrays share a `Memory`."""
    alias, others = _alias(tensor), _alias(other)
    return alias is not None and others is not None and alias.memory is others.memory


def whole_of(tensor: Any) -> Any:
    """The array of the whole that a tensor shows a part of: its storage."""
    alias = _alias(tensor)
    return tensor._array_ if alias is None else alias.memory.array


def restride(result: Any, base: Any, step: Step) -> None:
    """Make `result` what a step by strides shows of all the memory of `base`: it may reach outside of `base` itself."""
    memory = _alias_made(base).memory
    op, params, _ = step
    whole = memory.layout
    geometry = (namespace_of(whole).strides_of(whole), 0, whole.size)
    step = (op, {**params, "geometry": geometry}, whole.shape)
    result._array_ = _shown((step,), memory.array)
    Alias(memory, (step,), result)


def resize(tensor: Any, shape: tuple[int, ...]) -> None:
    """Let a tensor show the elements from its first one on in another shape; in new memory if there are too few."""
    layout = layout_of(tensor)
    xp = NAMESPACES[type(layout)]
    offset, count = xp.offset_of(layout), math.prod(shape)
    strides = tuple([math.prod(shape[axis + 1 :]) for axis in range(len(shape))])
    whole = whole_of(tensor)
    if math.prod(whole.shape) - offset >= count:
        params = {"size": shape, "stride": strides, "offset": offset}
        restride(tensor, tensor, (OPS["as_strided"], params, tuple(tensor._array_.shape)))
        return
    xp = namespace_of(whole)
    kept = xp.reshape(whole, (-1,))[offset:]
    more = xp.zeros((count - math.prod(kept.shape),), dtype=kept.dtype)
    tensor._array_ = xp.reshape(xp.concat([kept, more], axis=0), shape)


def steps_between(base: Any, tensor: Any) -> tuple[Step, ...] | None:
    """The steps from a base to a view that shares its memory; None if they share none, or if strides alone say it."""
    first, last = _alias(base), _alias(tensor)
    if first is None or last is None or first.memory is not last.memory:
        return None
    n = len(first.chain)
    same = n < len(last.chain) and all([a is b for a, b in zip(first.chain, last.chain, strict=False)])
    return last.chain[n:] if same else None


def layout_of(tensor: Any, address: bool = False) -> Any:
    """An array of NumPy's whose shape, strides, offset and storage are a tensor's; for NumPy's tensors their own.

    address: its address is asked for as well, which is to be the same at the next time.
    """
    array = tensor._array_
    if type(array) is np.ndarray or shares_arrays(array):
        return array
    alias = _alias_made(tensor) if address else _alias(tensor)
    if alias is None:
        return reserved(tuple(array.shape), array.dtype)
    if alias.layout is None:
        alias.layout = _shown(alias.chain, alias.memory.layout)
    return alias.layout


def _shown(chain: tuple[Step, ...], array: Any) -> Any:
    for op, params, _ in chain:
        array = op.kernel(namespace_of(array), array, **params)
    return array


def write(tensor: Any, value: Any) -> None:
    """Give a tensor of an immutable array, and all that share its memory, the values of an array of its shape."""
    array = tensor._array_
    xp = NAMESPACES[type(array)]
    if type(value) in TENSORS and type(array) not in TENSORS:
        NAMESPACES[type(value)].kept_in_place(value, array)  # which refuses it
    if is_numpys(type(value)):
        value = xp.from_numpy(np.asarray(value), xp.device_of(array))
    if value.dtype != array.dtype:
        value = xp.astype(value, array.dtype)
    if tuple(value.shape) != tuple(array.shape):
        value = xp.broadcast_to(value, tuple(array.shape))
    if hasattr(xp, "kept_in_place"):
        value = xp.kept_in_place(value, array)
    alias = _alias(tensor)
    if alias is None:
        tensor._array_ = value
        return
    memory = alias.memory
    if any([step[0].name in _OVERLAPPING for step in alias.chain]):
        value = _put_by_places(xp, alias.chain, memory.array, value)
    else:
        stages = [memory.array]
        for step in alias.chain[:-1]:
            stages.append(_shown((step,), stages[-1]))
        for step, whole in zip(reversed(alias.chain), reversed(stages), strict=False):
            value = _put(xp, step, whole, value)
    memory.array = value
    for member in list(memory.members.values()):
        other = member.current()
        if other is not None:
            other._array_ = member.array = _shown(member.chain, value)


# View operators that show every element of what they are applied to, once, if they show as many as there are.
_IN_ANY_ORDER = frozenset(
    """
    view _reshape_alias unsqueeze squeeze squeeze_dim squeeze_dims alias fw_primal permute transpose t expand
    basic_index select insert_dims
    """.split()
)
_BETWEEN_LEVELS = frozenset(("batch_in", "batch_out"))
_INDEXED = frozenset(("basic_index", "select", "insert_dims"))
# Those that may show an element several times.
_OVERLAPPING = frozenset(("as_strided", "unfold_dim", "expand"))


def _put(xp: Any, step: Step, whole: Any, value: Any) -> Any:
    """`whole` with `value` in the place of what a step shows of it."""
    op, params, shape = step
    name = op.name
    if name == "view_as_real":
        return xp.complex_of_parts(value)
    if name == "view_as_complex":
        return xp.parts_of_complex(value)
    if name == "view_dtype":
        return xp.view_as_dtype(value, whole.dtype)
    if name in _BETWEEN_LEVELS or name in _IN_ANY_ORDER and math.prod(value.shape) == math.prod(shape):
        return op.vjp_of_view(xp, value, params, shape)
    if name in _INDEXED:
        return xp.replaced_at(whole, params["index"], value)
    return _put_by_places(xp, (step,), whole, value)


def _put_by_places(xp: Any, chain: tuple[Step, ...], whole: Any, value: Any) -> Any:
    """The same for a whole chain, by the places of the elements that it shows: what it shows of their numbers.

    Of several for one place the last counts.
    """
    shape = tuple(whole.shape)
    places = _shown(chain, np.arange(math.prod(shape)).reshape(shape))
    if type(places) in TENSORS:  # those of all examples of a vmap, of what was there before it
        places, value, xp = places.array, value.array, NAMESPACES[type(whole)]
    flat = xp.put_at(xp.reshape(whole, (-1,)), (places.reshape(-1),), xp.reshape(value, (-1,)))
    return xp.reshape(flat, shape)


def strided(base: Any, tensor: Any) -> Step:
    """The step that leads from one tensor to another on the same memory, by strides."""
    first, last = layout_of(base, address=True), layout_of(tensor, address=True)
    xp = NAMESPACES[np.ndarray]
    geometry = (xp.strides_of(first), xp.offset_of(first), xp.storage(first).nbytes // first.dtype.itemsize)
    params = {"size": last.shape, "stride": xp.strides_of(last), "offset": xp.offset_of(last), "geometry": geometry}
    return OPS["as_strided"], params, first.shape
