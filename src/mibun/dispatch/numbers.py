"""Number arguments: what stands for a Python number, and what is refused because its gradient would be lost.

PyTorch has four kinds of them, and so have the annotations of public functions: `Number` (or `complex`), `float`,
`int` and `bool`. NumPy's scalars stand for all of them, and 0-d Tensors for all but `bool`. A Tensor that requires
grad stands for none: its value would be used as a constant, and nobody would notice that the gradient stops there.
"""

from __future__ import annotations

import builtins
import warnings
from typing import Any, NoReturn

import numpy as np

from ..core.mode import is_grad_enabled
from ..core.site import stacklevel
from ..core.tensor import Tensor
from .once import WARN_ALWAYS

# The exact types that need no further look, for each kind.
SCALARS = frozenset((builtins.bool, builtins.int, builtins.float, builtins.complex))
REALS = frozenset((builtins.bool, builtins.int, builtins.float))
INTS = frozenset((builtins.int,))
BOOLS = frozenset((builtins.bool,))


def python_number(value: Any) -> Any:
    """A Python number for one of NumPy's scalars; other things as they are.

    As PyTorch has it: NumPy's integers are ints, all else is a float, `np.bool_` included. But for complex numbers: of
    a `np.complex64` PyTorch drops the imaginary part.
    """
    if not isinstance(value, np.generic):
        return value
    if isinstance(value, np.integer):
        return builtins.int(value)
    if isinstance(value, np.complexfloating):
        return builtins.complex(value)
    return builtins.float(value) if isinstance(value, (np.floating, np.bool_)) else value


def scalar(value: Any, function: str, argument: str, position: int = 0) -> Any:
    """A Python number for a parameter `Number`, from one, NumPy's or a 0-d Tensor without grad; else TypeError."""
    if _is_constant(value):
        return value.item()
    value = python_number(value)
    if isinstance(value, builtins.int) and not -(2**63) <= value < 2**64:
        raise OverflowError(f"int too big to convert: {argument}={value} in {function}() is no number of 64 bits")
    if isinstance(value, (builtins.int, builtins.float, builtins.complex)):  # instances of subclasses
        return value
    refuse(value, "Number", function, argument, position)


def real(value: Any, function: str, argument: str) -> Any:
    """The same for a parameter `float`. RuntimeError for a complex Tensor with an imaginary part."""
    if type(value) in REALS:
        return value
    if _is_constant(value):
        return builtins.float(value)
    if isinstance(value, (np.floating, np.integer, np.bool_)):
        return value.item()
    if isinstance(value, (builtins.int, builtins.float)):
        return value
    refuse(value, "float", function, argument)


def integer(value: Any, function: str, argument: str) -> Any:
    """The same for a parameter `int`: bools are none, nor are Tensors of other than integer dtype."""
    if type(value) is builtins.int:
        return value
    if _is_constant(value) and value._array_.dtype.kind in "iu":
        return value.item()
    if isinstance(value, (builtins.int, np.integer)) and not isinstance(value, builtins.bool):
        return builtins.int(value)
    refuse(value, "int", function, argument)


def boolean(value: Any, function: str, argument: str) -> Any:
    """The same for a parameter `bool`, for which nothing else stands than Python's and NumPy's."""
    if isinstance(value, (builtins.bool, np.bool_)):
        return builtins.bool(value)
    refuse(value, "bool", function, argument)


def real_part(value: Any, kind: str) -> Any:
    """A real number: of a complex one the real part, if that is all there is. RuntimeError otherwise."""
    if isinstance(value, builtins.complex):
        if value.imag != 0:
            raise RuntimeError(f"value cannot be converted to type {kind} without overflow: {value}")
        return value.real
    return value


def _is_constant(value: Any) -> bool:
    return isinstance(value, Tensor) and value._array_.ndim == 0 and not value.requires_grad


def refuse(value: Any, kind: str, function: str, argument: str, position: int = 0) -> NoReturn:
    """Raise PyTorch's error for what is no number of this kind."""
    why = ""
    if isinstance(value, Tensor) and value.requires_grad:
        why = ": this one requires grad, which would be lost. Give x.item() or x.detach() if that is meant"
    elif isinstance(value, Tensor) and value._array_.ndim:
        why = f": a Tensor that stands for a number is 0-d, and this one has the shape {list(value._array_.shape)}"
    where = f" (position {position})" if position else ""
    raise TypeError(f"{function}(): argument '{argument}'{where} must be {kind}, not {type(value).__name__}{why}")


_WARNED: list[bool] = []  # once in a process, as in PyTorch: a program may do this at every step


def warn_of_lost_gradient(tensor: Tensor) -> None:
    """Warn that a tensor that requires grad becomes a Python number, where autograd cannot follow it."""
    if (not _WARNED or WARN_ALWAYS) and tensor.requires_grad and is_grad_enabled():
        _WARNED.append(True)
        warnings.warn(
            "Converting a tensor with requires_grad=True to a scalar may lead to unexpected behavior.\n"
            "Consider using tensor.detach() first.",
            UserWarning,
            stacklevel=stacklevel(),
        )


__all__ = [
    "BOOLS",
    "INTS",
    "REALS",
    "SCALARS",
    "boolean",
    "integer",
    "python_number",
    "real",
    "real_part",
    "refuse",
    "scalar",
    "warn_of_lost_gradient",
]
