"""Comparisons and tests of values: equality, order, closeness, NaN and infinities, logic.

None has a derivative: the results are bool. The in-place forms write 0 or 1 into a tensor of any dtype, whose gradient
is zero from there on.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

from ...core.dtypes import from_numpy_dtype
from ...core.registry import METHODS, NAMESPACES
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.declare import nondifferentiable, op
from ...dispatch.inplace import apply_inplace
from ...dispatch.public import public


def _writer(record: Any) -> Callable:
    """The in-place form: the same kernel, with nodes whose gradients are zero (PyTorch numbers them by overload)."""
    zero = {name: lambda xp, g: xp.zeros_like(g) for name in record.operands}
    words = f"\"{record.name}_cpu\" not implemented for '{{dtype}}'"
    refuses = record.refuses and dict.fromkeys(record.refuses, words)
    with_number, with_tensor = (
        op(name=f"{record.name}_written{i}", node=record.node_name[:-1] + str(i), vjp=zero, jvp=zero,
           scalars=record.scalars, refuses=refuses, dtype=record.dtype_rule)(record.kernel)
        for i in (0, 1)
    )  # fmt: skip
    numbered = record.scalars and len(record.operands) == 2

    def inplace(self: Any, *other: Any) -> Any:
        if len(other) != len(record.operands) - 1:
            raise TypeError(f"{record.name}_() takes {len(record.operands) - 1} arguments, but got {len(other)}")
        written = with_tensor if numbered and isinstance(other[0], Tensor) else with_number
        return apply_inplace(written, (self, *other), {}, record.name + "_")

    inplace.__doc__ = f"`{record.name}` in place: writes 0 or 1."
    return inplace


def _comparison(*aliases: str, **options: Any) -> Callable[[Callable], Any]:
    """Declare a comparison with its aliases and in-place forms."""

    def declare(kernel: Callable) -> Any:
        record = op(nondifferentiable, public=True, aliases=aliases, inplace=False, **options)(kernel)
        inplace = _writer(record)
        for name in (record.name, *aliases):
            METHODS[name + "_"] = inplace
        return record

    return declare


@_comparison()
def eq(xp, input, other):
    """Whether equal, elementwise. Tensors that broadcast, of any dtypes, or a number."""
    return xp.equal(input, other)


@_comparison("not_equal")
def ne(xp, input, other):
    """Whether not equal, elementwise."""
    return xp.not_equal(input, other)


@_comparison("less", refuses="c")
def lt(xp, input, other):
    """input < other, elementwise. RuntimeError for complex dtypes."""
    return xp.less(input, other)


@_comparison("less_equal", refuses="c")
def le(xp, input, other):
    """input <= other, elementwise. RuntimeError for complex dtypes."""
    return xp.less_equal(input, other)


@_comparison("greater", refuses="c")
def gt(xp, input, other):
    """input > other, elementwise. RuntimeError for complex dtypes."""
    return xp.greater(input, other)


@_comparison("greater_equal", refuses="c")
def ge(xp, input, other):
    """input >= other, elementwise. RuntimeError for complex dtypes."""
    return xp.greater_equal(input, other)


# --- logic ---


def _truth(xp: Any, x: Any) -> Any:
    """Whether not zero; NaN counts as true."""
    return x if xp.isdtype(x.dtype, "bool") else x != 0


@_comparison(scalars=False, dtype=None)
def logical_and(xp, input, other):
    """Whether both are non-zero, elementwise; any dtypes."""
    return xp.logical_and(_truth(xp, input), _truth(xp, other))


@_comparison(scalars=False, dtype=None)
def logical_or(xp, input, other):
    """Whether either is non-zero, elementwise; any dtypes."""
    return xp.logical_or(_truth(xp, input), _truth(xp, other))


@_comparison(scalars=False, dtype=None)
def logical_xor(xp, input, other):
    """Whether exactly one is non-zero, elementwise; any dtypes."""
    return xp.logical_xor(_truth(xp, input), _truth(xp, other))


@_comparison()
def logical_not(xp, input):
    """Whether zero, elementwise; any dtype."""
    return xp.logical_not(_truth(xp, input))


# --- tests of single values ---


def _is_discrete(xp: Any, x: Any) -> bool:
    return xp.isdtype(x.dtype, "integral") or xp.isdtype(x.dtype, "bool")


def _no(xp: Any, x: Any) -> Any:
    return xp.zeros(x.shape, dtype=xp.bool)


@op(nondifferentiable, public=True, inplace=False)
def isnan(xp, input):
    """Whether NaN (for complex: in either part), elementwise."""
    return input != input


@op(nondifferentiable, public=True, inplace=False)
def isinf(xp, input):
    """Whether infinite (for complex: in either part), elementwise."""
    return _no(xp, input) if _is_discrete(xp, input) else xp.isinf(input)


@op(nondifferentiable, public=True, inplace=False)
def isfinite(xp, input):
    """Whether neither infinite nor NaN, elementwise."""
    return ~_no(xp, input) if _is_discrete(xp, input) else xp.isfinite(input)


@op(nondifferentiable, public=True, inplace=False, refuses={"c": "isposinf does not support complex inputs."})
def isposinf(xp, input):
    """Whether +inf, elementwise. RuntimeError for complex dtypes."""
    return _no(xp, input) if _is_discrete(xp, input) else input == xp.inf


@op(nondifferentiable, public=True, inplace=False, refuses={"c": "isneginf does not support complex inputs."})
def isneginf(xp, input):
    """Whether -inf, elementwise. RuntimeError for complex dtypes."""
    return _no(xp, input) if _is_discrete(xp, input) else input == -xp.inf


@op(nondifferentiable, public=True, inplace=False)
def isreal(xp, input):
    """Whether the imaginary part is 0, elementwise: true for every element of a real dtype."""
    return xp.imag(input) == 0 if xp.isdtype(input.dtype, "complex floating") else ~_no(xp, input)


@op(nondifferentiable, public=True, inplace=False, refuses={"c": "signbit is not implemented for complex tensors."})
def signbit(xp, input):
    """Whether the sign bit is set, elementwise: of -0.0 too. RuntimeError for complex dtypes."""
    if xp.isdtype(input.dtype, "bool"):
        return _no(xp, input)
    return input < 0 if xp.isdtype(input.dtype, "integral") else xp.signbit(input)


# --- comparisons of whole tensors ---


@op(nondifferentiable, name="isclose", dtype=None)
def _isclose(xp, input, other, *, rtol, atol, equal_nan):
    close = input == other
    if equal_nan:
        close = close | ((input != input) & (other != other))
    if rtol == 0 and atol == 0:
        return close
    if _is_discrete(xp, input):
        input, other = xp.astype(input, xp.float64), xp.astype(other, xp.float64)
    error = xp.abs(input - other)
    return close | (xp.isfinite(error) & (error <= atol + xp.abs(rtol * other)))


def _check_close(input: Any, other: Any, rtol: float, atol: float, name: str) -> None:
    for argument, position, value in (("input", 1, input), ("other", 2, other)):
        if not isinstance(value, Tensor):
            raise TypeError(
                f"{name}(): argument '{argument}' (position {position}) must be Tensor, not {type(value).__name__}"
            )
    if input._array_.dtype != other._array_.dtype:
        raise RuntimeError(
            f"{input.dtype.scalar_name} did not match {other.dtype.scalar_name}: {name}() compares Tensors of one dtype"
        )
    for argument, tolerance in (("rtol", rtol), ("atol", atol)):
        if not tolerance >= 0:
            raise RuntimeError(f"{argument} must be greater than or equal to zero, but got {tolerance}")


@public()
def isclose(input: Any, other: Any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> Any:
    """Whether |input - other| <= atol + rtol * |other|, elementwise; infinities are close to themselves only.

    RuntimeError unless both are of one dtype.
    """
    _check_close(input, other, rtol, atol, "isclose")
    return apply(_isclose, (input, other), {"rtol": rtol, "atol": atol, "equal_nan": equal_nan})


@public()
def allclose(input: Any, other: Any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> bool:
    """Whether all elements are close, as a Python bool; see `isclose`.

    >>> import mibun as torch
    >>> torch.allclose(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.0 + 1e-7]))
    True
    """
    _check_close(input, other, rtol, atol, "allclose")
    close = apply(_isclose, (input, other), {"rtol": rtol, "atol": atol, "equal_nan": equal_nan})._array_
    return builtins.bool(NAMESPACES[type(close)].all(close))


@public()
def equal(input: Any, other: Any) -> bool:
    """Whether two Tensors have the same shape and the same elements, as a Python bool; NaN equals nothing."""
    for argument, position, value in (("input", 1, input), ("other", 2, other)):
        if not isinstance(value, Tensor):
            raise TypeError(
                f"equal(): argument '{argument}' (position {position}) must be Tensor, not {type(value).__name__}"
            )
    if input._array_.shape != other._array_.shape:
        return False
    same = eq(input, other)._array_
    return builtins.bool(NAMESPACES[type(same)].all(same))


@public("is_complex", method=True)
def is_complex(input: Any) -> bool:
    """Whether the dtype is complex."""
    return _dtype_of(input, "is_complex").is_complex


@public()
def is_floating_point(input: Any) -> bool:
    """Whether the dtype is a real floating point one."""
    return _dtype_of(input, "is_floating_point").is_floating_point


@public()
def is_signed(input: Any) -> bool:
    """Whether the dtype can hold negative numbers."""
    return _dtype_of(input, "is_signed").is_signed


def _dtype_of(input: Any, name: str) -> Any:
    if not isinstance(input, Tensor):
        raise TypeError(f"{name}(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}")
    return from_numpy_dtype(input._array_.dtype)


@public()
def is_nonzero(input: Any) -> bool:
    """Whether the only element is not 0. RuntimeError unless there is exactly one."""
    return builtins.bool(input)


