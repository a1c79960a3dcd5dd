"""Whether two records are of one program: the same steps on the same constants, tensors and results."""

from __future__ import annotations

import types
from typing import Any

import numpy as np

from ..core.tensor import Tensor
from .numbers import PendingNumber
from .recording import Entry, Recorder, Ref


class Difference(Exception):
    """Where two records differ; the user's line, if it is known."""

    def __init__(self, reason: str, site: Any = None, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason, self.site, self.line = reason, site, line
        self.place: int | None = None  # of the result, in a tuple of some


class Comparison:
    """Two records of calls with arguments of one kind. `first_args`, `second_args`: the tensors among these."""

    def __init__(self, first: Recorder, second: Recorder, first_args: list, second_args: list) -> None:
        self.first, self.second = first, second
        self.positions = (
            {id(t): i for i, t in reversed(list(enumerate(first_args)))},
            {id(t): i for i, t in reversed(list(enumerate(second_args)))},
        )

    def check(self, first_result: Any, second_result: Any) -> None:
        """Raise `Difference` where they are not of one program."""
        a, b = self.first, self.second
        if len(a.entries) != len(b.entries):
            for one, other in zip(a.entries, b.entries, strict=False):
                self.entry(one, other)
            raise Difference("it does another number of operations at each call")
        for one, other in zip(a.entries, b.entries, strict=True):
            self.entry(one, other)
        if len(a.values) != len(b.values):
            raise Difference("it takes another number of constants at each call")
        drawn = {r.number for e in a.entries if e.kind == "draw" for r in e.args if type(r) is Ref}
        for number, (one, other) in enumerate(zip(a.values, b.values, strict=True)):
            if one.shape != other.shape or one.dtype != other.dtype or one.is_scalar != other.is_scalar:
                raise Difference("shapes differ from call to call")
            if one.strides != other.strides:
                raise Difference("orders in memory differ from call to call")
            if (one.constant is None) != (other.constant is None):
                raise Difference("constants differ from call to call")
            if one.constant is not None and number not in drawn and not _same_array(one.constant, other.constant):
                raise Difference("a constant is another one at each call")
        if not self.same(first_result, second_result):
            error = Difference("what it returns besides tensors differs from call to call")
            if first_result[:1] == second_result[:1] == (tuple,):
                pairs = zip(first_result[1], second_result[1], strict=False)
                error.place = next((i for i, pair in enumerate(pairs) if not self.same(*pair)), None)
            raise error

    def entry(self, a: Entry, b: Entry) -> None:
        """Compare two steps."""
        if a.kind != b.kind or not self.same(a.function, b.function):
            raise Difference("other operations are done from call to call", b.site, b.line)
        if not self.same(a.args, b.args) or not self.same(a.kwargs, b.kwargs):
            raise Difference("an argument of an operation is another one at each call", b.site, b.line)
        if not self.same(a.results, b.results) or a.writes != b.writes:
            raise Difference("the results of an operation are of another kind at each call", b.site, b.line)
        if a.kind == "guard" and not self.same(a.expected, b.expected):
            raise Difference("a value that is read differs from call to call", b.site, b.line)
        if a.subject is not None and not self.same_tensor(a.subject, b.subject):
            raise Difference("other tensors are read or written at each call", b.site, b.line)
        if a.kind == "grad" and (a.expected is None) != (b.expected is None):
            raise Difference("gradients are there at one call and not at another", b.site, b.line)

    def same_tensor(self, a: Any, b: Any) -> bool:
        first, second = self.positions
        if id(a) in first or id(b) in second:
            return first.get(id(a)) == second.get(id(b))
        if a is b:
            return True
        place = _places(self.first).get(id(a))
        return place is not None and place == _places(self.second).get(id(b))

    def same(self, a: Any, b: Any) -> bool:
        """Whether two arguments are the same."""
        if a is b:
            return True
        kind = type(a)
        if kind is not type(b):
            return False
        if kind is Ref:
            return a.number == b.number
        if kind is tuple or kind is list or issubclass(kind, tuple):
            return len(a) == len(b) and all([self.same(one, other) for one, other in zip(a, b, strict=True)])
        if kind is dict:
            return a.keys() == b.keys() and all([self.same(one, b[key]) for key, one in a.items()])
        if kind is slice:
            return self.same((a.start, a.stop, a.step), (b.start, b.stop, b.step))
        if kind is types.FunctionType:
            if a.__code__ is not b.__code__ or not self.same(a.__defaults__, b.__defaults__):
                return False
            cells = zip(a.__closure__ or (), b.__closure__ or (), strict=True)
            return all([self.same(one.cell_contents, other.cell_contents) for one, other in cells])
        if issubclass(kind, (np.ndarray, np.generic)):
            return _same_array(a, b)
        if issubclass(kind, Tensor):
            return self.same_tensor(a, b)
        try:
            return bool(a == b) or (a != a and b != b)
        except Exception:
            return False


def _places(recorder: Recorder) -> dict[int, Any]:
    """id of a tensor from outside -> where it was: somebody's gradient, or read at a place."""
    if recorder.found_at is None:
        recorder.found_at = dict(recorder.places)
        for i, noted in enumerate(recorder.noted.values()):
            if noted.grad is not None:
                recorder.found_at.setdefault(id(noted.grad), ("grad", i))
    return recorder.found_at


def outline(value: Any, recorder: Recorder) -> Any:
    """What is to be compared of a result: not the values of its tensors, and nothing that would keep these alive."""
    kind = type(value)
    if issubclass(kind, Tensor):
        if id(value) in recorder.born:
            return "new", kind, value._edge_ is None
        return value
    if kind is PendingNumber:
        return "number", value.number
    if isinstance(value, dict):
        return kind, tuple(value), tuple([outline(one, recorder) for one in value.values()])
    if isinstance(value, (list, tuple)):
        return kind, tuple([outline(one, recorder) for one in value])
    return value


def _same_array(a: Any, b: Any) -> bool:
    """Whether two arrays have the same bits."""
    if a is b:
        return True
    if np.shape(a) != np.shape(b) or a.dtype != b.dtype:
        return False
    return np.ascontiguousarray(a).tobytes() == np.ascontiguousarray(b).tobytes()
