"""What the functions with several overloads share: telling their arguments apart and choosing among operators.

PyTorch has one function where mibun has several operators (with a number or with a Tensor, with `alpha` or without),
each with its own node class.
"""

from __future__ import annotations

import builtins
from typing import Any, TypeGuard

from ..core.dtypes import from_numpy_dtype, result_dtype
from ..core.tensor import Tensor
from .apply import SCALARS, apply
from .inplace import write_out
from .numbers import scalar


def refusals(name: str, kinds: str = "bc") -> dict[str, str | None]:
    return {kind: f"\"{name}\" not implemented for '{{dtype}}'" for kind in kinds}


def is_tensor(value: Any) -> TypeGuard[Any]:
    """Whether a value is a Tensor ."""
    return isinstance(value, Tensor)


def finish(result: Any, out: Any, name: str) -> Any:
    """The result, or `out` with the result written into it."""
    return result if out is None else write_out(out, result, name)


def number(value: Any, function: str, argument: str) -> Any:
    """A Python number, from one, NumPy's or a 0-d Tensor without grad; TypeError otherwise."""
    return scalar(value, function, argument)


def floating(input: Any, *numbers: Any) -> Any:
    """A bool or integer Tensor in the dtype that arithmetic with these Python numbers gives; others as they are.

    For operators that take a number as a parameter, which has no part in the promotion of the operands; from a floating
    dtype NumPy promotes with Python numbers as PyTorch does.
    """
    array = input._array_
    if array.dtype.kind in "biu":
        dtype = result_dtype([array, *numbers])
        if dtype != array.dtype:
            return input.to(from_numpy_dtype(dtype))
    return input


_SMALL = 1 << 31  # integers that need no check of their size


def by_number(with_tensor: Any, with_number: Any, argument: str = "other") -> Any:
    """Chooses between an operator of two operands and one with a number in the place of the second.

    Returns `choose(input, other, form, name)`, where form is `apply` or `apply_inplace`.
    """

    def choose(input: Any, other: Any, form: Any = apply, *name: str) -> Any:
        kind = type(other)
        if form is apply and (kind is float or (kind is int and -_SMALL < other < _SMALL)) and is_tensor(input):
            if input._array_.dtype.kind == "f":  # nearly every call, in which nothing below changes anything
                return apply(with_number, (input,), {argument: other})
        if is_tensor(input) and isinstance(other, SCALARS):
            if form is apply:
                value = number(other, with_number.name, argument)
                if isinstance(value, complex) and "c" in (with_number.refuses or ()):
                    dtype = result_dtype([input._array_, value])  # which the operator refuses, in its words
                    return apply(with_number, (input.to(from_numpy_dtype(dtype)),), {argument: value})
                return apply(with_number, (floating(input, value),), {argument: value})
            kind = input._array_.dtype.kind
            value = number(other, with_number.name, argument)
            # Whether the number leaves the dtype as it is.
            if isinstance(value, complex):
                keeps = kind == "c"
            elif isinstance(value, builtins.bool) or kind not in "biu":
                keeps = True
            else:
                keeps = kind != "b" and isinstance(value, int)
            if keeps:
                return form(with_number, (input,), {argument: value}, *name)
        return form(with_tensor, (input, other), {}, *name)

    return choose


def not_differentiable(name: str) -> Any:
    """A rule for the operators that PyTorch records but cannot differentiate."""

    def rule(xp, g):
        raise RuntimeError(f"derivative for aten::{name} is not implemented")

    return rule
