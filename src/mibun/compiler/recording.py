"""One call of a function, run as it is and written down: which arrays it read, what it computed, what it changed.

While a `Recorder` runs, three slots of `Tensor` are properties of its own: whoever takes a tensor's array is given a
`Traced` one, and whoever sets an array or a `.grad` is noted. Other threads, and everybody before and after, pay
nothing. The tensors go on holding plain arrays, so that nothing of the record is left in them.

The record is a list of entries in the order in which they happened, so that writing into memory, which other tensors
may look at, needs no analysis: it happens again at the same place.
"""

from __future__ import annotations

import copy
import sys
import threading
import weakref
from collections.abc import Callable
from sys import setprofile
from typing import Any

from numpy import generic, ndarray

from ..core.node import SEQUENCE, Node, VersionCounter
from ..core.registry import DRAWING
from ..core.site import creation_site
from ..core.tensor import Tensor
from ..core.views import View
from .namespace import namespace, plain
from .numbers import PendingNumber
from .observing import line_within
from .patches import patches
from .traced import Traced

_ARRAY, _GRAD = Tensor.__dict__["_array_"], Tensor.__dict__["_grad_"]
_OTHERS = {name: Tensor.__dict__[name] for name in ("_edge_", "_leaf_hooks_", "_tangent_")}
ONE_AT_A_TIME = threading.Lock()  # held while a call is recorded: the slots are those of all tensors


class Ref:
    """A value of the record, by its number, in the place of an array among arguments or results."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number

    def __repr__(self) -> str:
        return f"v{self.number}"


class Value:
    """What is known of a value: shape, dtype, the memory it is in, and its content if that is a constant."""

    __slots__ = ("constant", "dtype", "is_scalar", "shape", "storage", "strides")

    def __init__(self, array: Any, storage: int, constant: Any = None) -> None:
        self.shape, self.dtype, self.storage, self.constant = array.shape, array.dtype, storage, constant
        self.is_scalar = not isinstance(array, ndarray)
        self.strides = () if self.is_scalar else array.strides


class Entry:
    """One step: `results = function(*args, **kwargs)`, or another of the kinds below.

    kind: "call"; "guard", whose result must be `expected`; "load", which takes the array of the tensor `subject`;
    "draw", which takes random numbers; "native", which runs code of mibun's own on the tensors; "grad" and "array",
    which give the tensor `subject` the `.grad` or the array `expected`.
    """

    __slots__ = ("args", "expected", "function", "kind", "kwargs", "line", "results", "site", "subject", "writes")

    def __init__(self, kind: str, function: Any = None, args: Any = (), kwargs: Any = None) -> None:
        self.kind, self.function, self.args, self.kwargs = kind, function, args, kwargs or {}
        self.results: Any = None
        self.expected: Any = None
        self.subject: Any = None
        self.writes: tuple[int, ...] = ()
        self.site: Any = None  # the user's line, and that of the function itself below which it is
        self.line: int | None = None


class Noted:
    """A tensor that was there before the call, as it was when it was first met."""

    __slots__ = (
        *("array", "counter", "edge", "flushed_array", "flushed_grad", "grad", "hooks", "own", "tangent", "tensor"),
        *("edge_hooks", "version", "view"),
    )

    def __init__(self, tensor: Any, array: Any) -> None:
        self.tensor, self.array = tensor, array
        self.edge_hooks = hooks_at(_OTHERS["_edge_"].__get__(tensor))
        self.view = view_key(tensor)
        self.flushed_array = array
        self.grad = self.flushed_grad = _GRAD.__get__(tensor)
        self.edge, self.counter = _OTHERS["_edge_"].__get__(tensor), tensor._version_counter_
        self.hooks = _OTHERS["_leaf_hooks_"].__get__(tensor)
        self.tangent, self.own = _OTHERS["_tangent_"].__get__(tensor), dict(vars(tensor))
        self.version = 0 if self.counter is None else counted(self.counter)


def view_key(tensor: Any) -> tuple:
    """What of a view decides how its gradient goes, to be compared; nothing is made anew by looking."""
    edge = _OTHERS["_edge_"].__get__(tensor)
    if type(edge) is not View:
        return ()
    stale = counted(tensor._version_counter_) != edge.version
    base = _OTHERS["_edge_"].__get__(edge.base)
    steps = tuple([op.name for op, _, _ in edge.chain])
    return edge.edge is None, edge.leaf, edge.creation, edge.output_nr, stale, base is None, steps


def hooks_at(edge: Any) -> tuple:
    """The hooks of the node that an edge leads to, to be compared."""
    if type(edge) is View:
        edge = edge.edge
    if type(edge) is not tuple or edge[1] is None:
        return ()
    hooks = edge[0].hooks
    if hooks is None:
        return ()
    tables = (hooks.pre, hooks.post, hooks.post_accumulate, *hooks.tensor.values())
    return tuple([id(one) for table in tables for one in table.values()]), tuple(hooks.retain)


def counted(counter: Any) -> int:
    """The version of a counter; 0 for an inference tensor's."""
    return counter.version if type(counter) is VersionCounter else 0


class Recorder:
    """Records what the current thread does between `start` and `stop`."""

    def __init__(self, root: Any = None) -> None:
        self.thread = threading.get_ident()
        self.observing: Any = None  # the hook by which an `Observer` sees the frames of this call
        self.root = root  # the code of the function itself
        self.line: int | None = None  # the line of this that is to blame for the failure, or several
        self.lines: set[int] | None = None
        self.paused = 0
        self.entries: list[Entry] = []
        self.values: list[Value] = []
        self.failure: tuple[str, Any] | None = None  # why this call cannot be compiled, and the user's line
        self.noted: dict[int, Noted] = {}
        self.born: dict[int, weakref.ref] = {}
        self.known: dict[int, tuple[Any, int, Any]] = {}  # id of an array -> (reference to it, number, its Traced)
        self.storages: dict[int, tuple[Any, int]] = {}  # id of an array that owns memory -> (reference, key)
        self.n_storages = 0
        self.by_storage: dict[int, list[Value]] | None = None  # see `values_in`
        self.first_sequence = 0
        self.draws = 0
        self.natives = 0
        self.places: dict[int, Any] = {}  # id of a tensor -> where it was read, see `world.py`
        self.found_at: dict[int, Any] | None = None  # the same, with gradients: see `comparing.py`
        self.pending: list[Any] = []  # numbers that were read from tensors and may only be returned

    # --- switching on and off ---

    def here(self) -> bool:
        """Whether what happens now is to be recorded."""
        return not self.paused and threading.get_ident() == self.thread

    def start(self) -> None:
        """Begin; `ONE_AT_A_TIME` is held by the caller."""
        self.first_sequence = next(SEQUENCE)
        namespace.recorder = self
        DRAWING.append(self)
        self.undo = patches(self)
        Tensor._array_ = property(self._get_array, self._set_array)  # type: ignore[assignment]
        Tensor._grad_ = property(self._get_grad, self._set_grad)  # type: ignore[assignment]
        for name, slot in _OTHERS.items():
            setattr(Tensor, name, property(self._getter(slot), self._setter(slot)))

    def stop(self) -> None:
        """End; once is enough."""
        if not self.undo:
            return
        Tensor._array_ = _ARRAY
        Tensor._grad_ = _GRAD
        for name, slot in _OTHERS.items():
            setattr(Tensor, name, slot)
        for undo in self.undo:
            undo()
        self.undo = []
        DRAWING.remove(self)
        namespace.recorder = None
        self.paused = 1

    def fail(self, reason: str) -> None:
        """Note that this call cannot be compiled; it goes on."""
        if self.failure is None and self.here():
            self.failure = reason, creation_site()
            self.line = line_within(self.root, sys._getframe(1))

    def fail_at_end(self, reason: str) -> None:
        """Note what is found to be wrong when the call is over."""
        if self.failure is None:
            self.failure = reason, None

    def again(self) -> Recorder:
        """A record with entries of its own: the passes of a program change those."""
        twin = copy.copy(self)
        twin.entries = [copy.copy(entry) for entry in self.entries]
        return twin

    def frozen(self) -> Recorder:
        """Itself, without what it holds of the call's tensors: to be compared with the next record."""
        for entry in self.entries:
            if entry.kind == "grad":
                entry.expected = None if entry.expected is None else True
        return self

    # --- tensors ---

    def _get_array(self, tensor: Any) -> Any:
        array = _ARRAY.__get__(tensor)
        if self.paused or threading.get_ident() != self.thread:
            return array
        kind = type(array)
        if kind is not ndarray and not issubclass(kind, generic):
            self.fail(f"a tensor that holds {kind.__name__} is used")
            return array
        if id(tensor) not in self.born:
            self.note(tensor, array)
        found = self.lookup(array)
        if found is not None:
            return found
        if id(tensor) in self.born:
            return self.constant(array)
        entry = Entry("load")
        entry.subject = tensor
        made = self.new_value(array)
        entry.results = Ref(made.number)
        self.entries.append(entry)
        return made

    def _set_array(self, tensor: Any, value: Any) -> None:
        if not self.paused and threading.get_ident() == self.thread:
            try:
                before = _ARRAY.__get__(tensor)
            except AttributeError:
                self.born[id(tensor)] = weakref.ref(tensor)
            else:
                if id(tensor) not in self.born:
                    self.note(tensor, before)
            if type(value) is Traced:
                value = value.value
            elif type(value) is ndarray or isinstance(value, generic):
                if self.lookup(value) is None:
                    self.constant(value)
            else:
                self.fail(f"a tensor that holds {type(value).__name__} is made")
        elif type(value) is Traced:
            value = value.value
        _ARRAY.__set__(tensor, value)

    def _get_grad(self, tensor: Any) -> Any:
        if not self.paused and threading.get_ident() == self.thread and id(tensor) not in self.born:
            self.note(tensor, _ARRAY.__get__(tensor))
        return _GRAD.__get__(tensor)

    def _set_grad(self, tensor: Any, value: Any) -> None:
        if not self.paused and threading.get_ident() == self.thread and id(tensor) not in self.born:
            try:
                self.note(tensor, _ARRAY.__get__(tensor))
            except AttributeError:
                pass
        _GRAD.__set__(tensor, value)

    def _getter(self, slot: Any) -> Callable[[Any], Any]:
        """What gives another slot: the hooks that are found through it may be changed."""
        get = slot.__get__

        def look(tensor: Any) -> Any:
            if id(tensor) not in self.born and id(tensor) not in self.noted and self.here():
                self.note(tensor, _ARRAY.__get__(tensor))
            return get(tensor)

        return look

    def _setter(self, slot: Any) -> Callable[[Any, Any], None]:
        """What sets another slot: it is noted how the tensor was."""

        def put(tensor: Any, value: Any) -> None:
            if id(tensor) not in self.born and self.here():
                try:
                    self.note(tensor, _ARRAY.__get__(tensor))
                except AttributeError:  # one that is just being made
                    pass
            slot.__set__(tensor, value)

        return put

    def note(self, tensor: Any, array: Any) -> None:
        """Note a tensor that was there before."""
        if id(tensor) not in self.noted:
            self.noted[id(tensor)] = Noted(tensor, array)
            if self.noted[id(tensor)].tangent is not None:
                self.fail("forward-mode derivatives are computed")

    # --- values ---

    def lookup(self, array: Any) -> Traced | None:
        """The value that an array is known as."""
        found = self.known.get(id(array))
        if found is None or (found[0]() if type(found[0]) is weakref.ref else found[0]) is not array:
            return None
        traced = found[2]()
        if traced is None:
            traced = Traced(array, found[1], self)
            self.known[id(array)] = (found[0], found[1], weakref.ref(traced))
        return traced

    def new_value(self, array: Any, constant: Any = None) -> Traced:
        """A new number for an array."""
        number = len(self.values)
        self.values.append(Value(array, self.storage_of(array), constant))
        traced = Traced(array, number, self)
        reference = weakref.ref(array) if type(array) is ndarray else array
        self.known[id(array)] = (reference, number, weakref.ref(traced))
        return traced

    def storage_of(self, array: Any) -> int:
        """The key of the memory that an array is in; scalars have none."""
        if not isinstance(array, ndarray):
            return -1
        root = root_of(array)
        found = self.storages.get(id(root))
        if found is None or found[0]() is not root:
            found = self.storages[id(root)] = weakref.ref(root), self.n_storages
            self.n_storages += 1
        return found[1]

    def constant(self, array: Any) -> Traced:
        """A value for an array that came from nowhere: a constant, unless it shares memory with a value."""
        if type(array) is ndarray and array.base is not None:
            root = root_of(array)
            found = self.storages.get(id(root))
            if found is not None and found[0]() is root:
                self.fail("memory of a tensor is shared by an array that mibun has not made")
        return self.new_value(array, array.copy() if isinstance(array, ndarray) else array)

    def traced(self, array: Any) -> Traced:
        """The Traced for an array, of whichever kind."""
        if type(array) is Traced:
            return array
        found = self.lookup(array)
        return self.constant(array) if found is None else found

    def encoded(self, value: Any) -> Any:
        """Arguments or results with a `Ref` in the place of each array."""
        kind = type(value)
        if kind is Traced:
            return Ref(value.number)
        if kind is ndarray:
            return Ref(self.traced(value).number)
        if kind is tuple or kind is list:
            return kind([self.encoded(one) for one in value])
        if kind is dict:
            return {key: self.encoded(one) for key, one in value.items()}
        if kind is slice:
            return slice(self.encoded(value.start), self.encoded(value.stop), self.encoded(value.step))
        if isinstance(value, generic):
            found = self.lookup(value)
            return value if found is None else Ref(found.number)
        return value

    def wrapped(self, value: Any) -> tuple[Any, Any]:
        """(results as the program gets them, the same with a `Ref` for each)."""
        kind = type(value)
        if kind is ndarray or isinstance(value, generic):
            made = self.lookup(value) if kind is ndarray else None
            if made is None:
                made = self.new_value(value)
            return made, Ref(made.number)
        if kind is tuple or kind is list or (isinstance(value, tuple) and hasattr(value, "_fields")):
            pairs = [self.wrapped(one) for one in value]
            parts = [pair[0] for pair in pairs]
            whole = getattr(kind, "_make", kind)(parts)
            return whole, tuple([pair[1] for pair in pairs])
        return value, None

    untraced = staticmethod(plain)

    def values_in(self, storage: int) -> list[Value]:
        """All values in one memory."""
        if self.by_storage is None:
            self.by_storage = {}
            for value in self.values:
                self.by_storage.setdefault(value.storage, []).append(value)
        return self.by_storage[storage]

    # --- entries ---

    def call(self, function: Callable, args: tuple, kwargs: dict[str, Any], writes: tuple = ()) -> Any:
        """Call a function of arrays, and note it."""
        if not self.here():
            return function(*plain(args), **plain(kwargs))
        # What is called here runs again whenever the record does: there is nothing in it for an observer to see.
        observing = self.observing
        if observing is not None:
            setprofile(None)
        try:
            entry = Entry("call", function, self.encoded(args), self.encoded(kwargs))
            result = function(*plain(args), **plain(kwargs))
            shown, entry.results = self.wrapped(result)
            if writes:
                entry.writes = tuple([self.values[one.number].storage for one in writes if one is not None])
            self.entries.append(entry)
            if entry.results is None and not writes and result is not None:
                self.must_be(entry, result)
            return shown
        finally:
            if observing is not None:
                setprofile(observing)

    def infix(self, function: Callable, first: Any, second: Any) -> Any:
        """`first + second` and its like; what is no array or number answers for itself."""
        for one in (first, second):
            if type(one) is not Traced and not isinstance(one, (ndarray, generic, bool, int, float, complex, list)):
                return NotImplemented
        return self.call(function, (first, second), {})

    def must_be(self, entry: Entry, result: Any) -> None:
        """Note that something which is no array depends on values: it must be the same whenever this runs again."""
        entry.kind, entry.expected, entry.site = "guard", result, creation_site()
        entry.line = line_within(self.root, sys._getframe(1))

    def look(self, function: Callable, array: Traced) -> Any:
        """What Python reads of a value: it must be the same whenever this runs again."""
        value = function(array.value)
        if self.here():
            entry = Entry("guard", function, (Ref(array.number),))
            self.must_be(entry, value)
            self.entries.append(entry)
        return value

    def pending_number(self, array: Traced) -> Any:
        """The float in an array, which may be returned by the function, and nothing else may be done with it."""
        value = array.value.item()
        if not self.here():
            return value
        made = PendingNumber(value)
        made.recorder, made.number = self, array.number
        self.pending.append(made)
        return made

    def draw(self, sample: Callable, arrays: tuple) -> Any:
        """Random numbers: drawn again each time, at this place."""
        if not self.here():
            return sample(*plain(arrays))
        for cell in sample.__closure__ or ():
            if type(cell.cell_contents) is Traced:
                self.fail("random numbers depend on a tensor's values in a way that is not recorded")
        entry = Entry("draw", sample, self.encoded(arrays))
        self.paused += 1
        try:
            result = sample(*plain(arrays))
        finally:
            self.paused -= 1
        shown, entry.results = self.wrapped(result)
        self.draws += 1
        self.entries.append(entry)
        return shown

    def native(self, function: Callable, *args: Any) -> Any:
        """Run code of mibun's own that works on tensors and on state of Python's, then and whenever this runs again."""
        self.flush()
        entry = Entry("native", function, args)
        entry.site, entry.line = creation_site(), line_within(self.root, sys._getframe(1))
        self.entries.append(entry)
        self.natives += 1
        self.paused += 1
        try:
            result = function(*args)
        finally:
            self.paused -= 1
        for noted in self.noted.values():
            noted.flushed_array, noted.flushed_grad = _ARRAY.__get__(noted.tensor), _GRAD.__get__(noted.tensor)
            if noted.counter is None:
                noted.counter = noted.tensor._version_counter_
            noted.version = 0 if noted.counter is None else counted(noted.counter)
        return result

    def flush(self) -> None:
        """Note which tensors that were there before have another `.grad` or array than when this was last done."""
        bumped: set[int] = set()  # counters: tensors on one memory share theirs
        for noted in list(self.noted.values()):
            tensor = noted.tensor
            array, grad = _ARRAY.__get__(tensor), _GRAD.__get__(tensor)
            if array is not noted.flushed_array:
                entry = Entry("array")
                entry.subject, noted.flushed_array = tensor, array
                entry.expected = self.encoded(self.traced(array))
                self.entries.append(entry)
            if grad is not noted.flushed_grad:
                entry = Entry("grad")
                entry.subject, entry.expected, noted.flushed_grad = tensor, grad, grad
                self.entries.append(entry)
            counter = tensor._version_counter_
            if counter is not None:
                before, after = noted.version, counted(counter)
                noted.counter, noted.version = counter, after
                if after != before and id(counter) not in bumped:
                    bumped.add(id(counter))
                    entry = Entry("bump")
                    entry.subject, entry.expected = tensor, (after - before, counter.modified_by)
                    self.entries.append(entry)

    def seeded(self, roots: Any) -> None:
        """A backward begins: all of its graph must have been made in this call."""
        seen: set[int] = set()
        pending = [edge[0] for edge in roots if edge is not None]
        while pending:
            node = pending.pop()
            if not isinstance(node, Node) or id(node) in seen:
                continue
            seen.add(id(node))
            if node.sequence_nr < self.first_sequence and node.edges:
                self.fail("a backward runs through a graph that was recorded before")
                return
            pending += [edge[0] for edge in node.edges if edge is not None]


def root_of(array: ndarray) -> Any:
    """The array that owns the memory of another."""
    while type(array.base) is ndarray:
        array = array.base
    return array
