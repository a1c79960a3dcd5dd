"""Tensors on other devices: made by the functions that make tensors, when they are asked for such a device.

These functions refuse it (`ElsewhereAsked`), which costs nothing where nobody asks. Their shell (`dispatch/parser.py`)
then comes here: what they would make on the CPU is made, and moved, so that random numbers are those of the CPU's
generator everywhere. On "meta" its data is forgotten. Where there would be much to compute for that, as for random
numbers, a tensor that is reserved and never touched has the same shape.
"""

from __future__ import annotations

import inspect
from typing import Any

from ..core.device import elsewhere
from ..core.meta import as_meta, without_data
from ..core.registry import MADE_ELSEWHERE
from ..core.tensor import Tensor, require_grad, wrap
from .conversion.devices import to_device
from .creation.options import size_given, target_dtype
from .random.generator import default_generator

# Functions of sizes, of which the values do not matter.
_OF_SIZES = frozenset(("empty", "ones", "rand", "randn", "zeros"))


def made_elsewhere(shell: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """The tensor on another device that a function makes; NotImplemented if it takes no device or an `out`."""
    try:
        return _made(shell, args, dict(kwargs))
    except Exception as error:
        error.__suppress_context__ = True  # that the device was refused is of no interest
        raise


def _made(shell: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    place = elsewhere(kwargs.get("device"))
    if place is not None:
        del kwargs["device"]
    else:
        bound = inspect.signature(shell).bind(*args, **kwargs)
        place = elsewhere(bound.arguments.pop("device", None))
        if place is None:
            return NotImplemented
        args, kwargs = bound.args, bound.kwargs
    if kwargs.get("out") is not None:
        return NotImplemented
    requires_grad = kwargs.pop("requires_grad", False)
    if place.type != "meta":
        made = shell(*args, **kwargs)
        if not isinstance(made, Tensor):
            return NotImplemented
        moved = to_device(made, place)
        return require_grad(moved) if requires_grad else moved
    if shell.__name__ in _OF_SIZES and not set(kwargs) - {"size", "dtype", "generator"}:
        shape = size_given(args, kwargs.get("size"), shell.__name__)
        dtype = target_dtype(None, kwargs.get("dtype"), None, shell.__name__)
        return require_grad(wrap(without_data(shape, dtype.np)), requires_grad)
    state = default_generator.get_state()
    try:
        made = shell(*args, **kwargs)
    finally:
        default_generator.set_state(state)  # nothing has been drawn
    if not isinstance(made, Tensor):
        return NotImplemented
    return require_grad(wrap(as_meta(made._array_)), requires_grad)


MADE_ELSEWHERE.append(made_elsewhere)

__all__ = ["made_elsewhere"]
