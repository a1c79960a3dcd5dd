"""What tells calls of a compiled function apart, and what is called: helpers of `compiled.py`."""

from __future__ import annotations

import sys
import types
from collections import OrderedDict
from typing import Any

import numpy as np

from ..core.registry import CLASSES
from ..core.tensor import Tensor


def plain_function(function: Any) -> types.FunctionType | None:
    """The function in Python that is called: itself, a method's, a Module's `forward`; None for anything else."""
    if isinstance(function, types.MethodType):
        function = function.__func__
    elif isinstance(function, CLASSES.get("Module", ())):
        kind: Any = type(function)
        if "forward" in vars(function) or kind.__call__ is not CLASSES["Module"].__call__:
            return None
        function = kind.forward
    return function if isinstance(function, types.FunctionType) else None


def hooked(module: Any) -> bool:
    """Whether a Module's call does more than to call its `forward`."""
    from ..nn.modules.hooks import GLOBAL

    own = module._forward_hooks or module._forward_pre_hooks or module._backward_hooks or module._backward_pre_hooks
    return bool(own or GLOBAL.any_for_calls())


def generator_states() -> Any:
    from ..ops.random.generator import default_generator

    inner = default_generator.stream.bit_generator.state["state"]
    found = [inner["pos"], inner["key"].tobytes(), default_generator.cached_normal]
    random = sys.modules.get("random")
    if random is not None:
        found.append(random.getstate())
    numbers = sys.modules.get("numpy.random")
    if numbers is not None:
        legacy = numbers.get_state(legacy=False)
        found += [legacy["state"]["pos"], legacy["state"]["key"].tobytes()]
    return found


_ATOMS = (bool, int, float, complex, str, bytes, type(None), type, types.FunctionType, types.BuiltinFunctionType)


def flat(value: Any, tensors: list) -> Any:
    """The structure and constants of arguments, to be compared; their tensors are collected."""
    kind = type(value)
    if issubclass(kind, Tensor):
        for i, one in enumerate(tensors):
            if one is value:
                return "same", i
        tensors.append(value)
        return Tensor
    if kind is tuple or kind is list:
        return (kind, *[flat(one, tensors) for one in value])
    if kind is dict or kind is OrderedDict:
        return (kind, *[(key, flat(one, tensors)) for key, one in value.items()])
    if kind is float:
        return kind, value.hex() if value == value else "nan"
    if kind in (int, bool, str, bytes):
        return kind, value
    if issubclass(kind, tuple) and hasattr(value, "_fields"):
        return (kind, *[flat(one, tensors) for one in value])
    if isinstance(value, (np.ndarray, set)):
        raise TypeError
    if isinstance(value, np.generic):
        return kind, value.tobytes()
    return Same(value)


class Same:
    """An argument that is compared by identity."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return type(other) is Same and other.value is self.value


def plain_numbers(value: Any) -> Any:
    """A result with floats in the place of numbers that are still to be read."""
    kind = type(value)
    if kind.__name__ == "PendingNumber":
        return float.__float__(value)
    if kind is tuple or kind is list:
        parts = [plain_numbers(one) for one in value]
        if all([a is b for a, b in zip(parts, value, strict=True)]):
            return value
        if kind is list:
            value[:] = parts
            return value
        return tuple(parts)
    if kind is dict:
        for key, one in value.items():
            value[key] = plain_numbers(one)
    return value
