"""The namespace of arrays that are recorded: NumPy's, each call of which is one entry of the record.

A kernel of an operator is one entry too, over NumPy's own namespace, so that it runs as it does when nothing is
recorded; what it does inside is nobody's business. Rules are formulas over this namespace, and their calls are entries.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from ..core.registry import IN_PLACE, NAMESPACES
from ..xp import numpy_namespace
from ..xp.numpy.pieces import LARGE
from .traced import Traced

# What tells of an array without reading it.
_TELLING = frozenset(
    "has_geometry offset_of strides_of repeats storage isdtype finfo iinfo result_type can_cast epsilon_of".split()
)


class Kernel:
    """An operator's kernel over NumPy's namespace."""

    def __init__(self, op: Any, large: bool = False) -> None:
        self.op, self.is_large = op, large
        self.kernel = op.large if large else op.kernel

    def __call__(self, *arrays: Any, **params: Any) -> Any:
        return self.kernel(numpy_namespace, *arrays, **params)


class Rows:
    """A kernel or rule of which large work is done in pieces: see `dispatch/pieces.py`."""

    def __init__(self, call: Callable) -> None:
        self.call = call

    def __call__(self, *arguments: Any, **params: Any) -> Any:
        return self.call(numpy_namespace, *arguments, **params)


_kernel = cache(Kernel)
_rows = cache(Rows)


def plain(value: Any) -> Any:
    """Arguments with the arrays themselves."""
    kind = type(value)
    if kind is Traced:
        return value.value
    if kind is tuple or kind is list:
        return kind([plain(one) for one in value])
    if kind is dict:
        return {key: plain(one) for key, one in value.items()}
    if kind is slice:
        return slice(plain(value.start), plain(value.stop), plain(value.step))
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return getattr(kind, "_make", kind)([plain(one) for one in value])
    return value


class _Namespace:
    """NumPy's namespace, all of whose calls are noted while a call is recorded."""

    recorder: Any = None  # the one that is running

    def __getattr__(self, name: str) -> Any:
        value = getattr(numpy_namespace, name)
        if not callable(value) or isinstance(value, type):
            self.__dict__[name] = value
            return value
        telling = name in _TELLING

        def call(*args: Any, **kwargs: Any) -> Any:
            recorder = self.recorder
            if recorder is None or not recorder.here():
                return value(*plain(args), **plain(kwargs))
            if telling:
                return value(*plain(args), **plain(kwargs))
            return recorder.call(value, args, kwargs)

        self.__dict__[name] = call
        return call

    def write(self, target: Any, value: Any) -> None:
        """Overwrite an array."""
        recorder = target.recorder if type(target) is Traced else self.recorder
        recorder.call(numpy_namespace.write, (target, value), {}, writes=(recorder.traced(target),))

    def kernel_of(self, op: Any) -> Callable:
        """The kernel of an operator, as one entry of the record."""
        recorder = self.recorder
        kernel = _kernel(op)
        if recorder is None or not recorder.here():
            return lambda xp, *arrays, **params: kernel(*plain(arrays), **plain(params))

        def call(xp: Any, *arrays: Any, **params: Any) -> Any:
            if op.elementwise and getattr(arrays[0], "size", 0) >= LARGE:  # as `dispatch/apply.py` chooses
                return recorder.call(_kernel(op, True), arrays, params)
            return recorder.call(kernel, arrays, params)

        return call

    def in_rows(self, call: Callable, arguments: Any, params: dict[str, Any]) -> Any:
        """A kernel or rule, large work of which is done in pieces, as one entry."""
        recorder = self.recorder
        if recorder is None or not recorder.here():
            return call(numpy_namespace, *plain(arguments), **plain(params))
        return recorder.call(_rows(call), arguments, params)


namespace = _Namespace()
NAMESPACES[Traced] = namespace
IN_PLACE.add(Traced)

__all__ = ["Kernel", "Rows", "namespace", "plain"]
