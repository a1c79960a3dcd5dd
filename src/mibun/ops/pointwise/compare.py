"""Comparisons: equality, order and closeness of elements, and of whole Tensors.

None has a derivative: the results are bool. The in-place forms write 0 or 1 into a tensor of any dtype, whose gradient
is zero from there on.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

from ...core.batching import refuse_batched
from ...core.meta import refuse_meta
from ...core.registry import NAMESPACES
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import Op, nondifferentiable, op
from ...dispatch.inplace import apply_inplace
from ...dispatch.public import public
from ..annotations import Number
from .special_values import is_discrete

# --- how comparisons are declared ---


def _writer(record: Op) -> Callable:
    """The in-place form: the same kernel, with nodes whose gradients are zero (PyTorch numbers them by overload)."""
    zero = {name: lambda xp, g: xp.zeros_like(g) for name in record.operands}
    words = f"\"{record.name}_cpu\" not implemented for '{{dtype}}'"
    refuses = record.refuses and dict.fromkeys(record.refuses, words)
    with_number, with_tensor = (
        op(
            name=f"{record.name}_written{i}",
            node=record.node_name[:-1] + str(i),
            vjp=zero,
            jvp=zero,
            scalars=record.scalars,
            refuses=refuses,
            dtype=record.dtype_rule,
        )(record.kernel)
        for i in (0, 1)
    )
    numbered = record.scalars and len(record.operands) == 2

    def of_one(self: Tensor) -> Tensor:
        return apply_inplace(with_number, (self,), {}, record.name + "_")

    def of_two(self: Tensor, other: Tensor | Number) -> Tensor:
        written = with_tensor if numbered and isinstance(other, Tensor) else with_number
        return apply_inplace(written, (self, other), {}, record.name + "_")

    inplace = of_one if len(record.operands) == 1 else of_two
    inplace.__doc__ = f"`{record.name}` in place: writes 0 or 1."
    return inplace


def comparison(*aliases: str, **options: Any) -> Callable[[Callable], Op]:
    """Declare a comparison with its aliases and in-place forms."""

    def declare(kernel: Callable) -> Op:
        options.setdefault("scalars", "other" if kernel.__code__.co_argcount == 3 else True)
        record = op(nondifferentiable, public=True, aliases=aliases, inplace=False, **options)(kernel)
        public(*[name + "_" for name in (record.name, *aliases)], function=False)(_writer(record))
        return record

    return declare


# --- equality and order ---


@comparison()
def eq(xp, input, other):
    """Whether equal, elementwise: a bool Tensor.

    Args:
        input, other: Tensors of shapes that broadcast and any dtypes; one may be a number. NaN equals nothing.

    >>> import mibun as torch
    >>> torch.eq(torch.tensor([1, 2]), torch.tensor([1., 3.]))
    tensor([ True, False])
    """
    return xp.equal(input, other)


@comparison("not_equal")
def ne(xp, input, other):
    """Whether not equal, elementwise: a bool Tensor.

    Args:
        input, other: Tensors of shapes that broadcast and any dtypes; one may be a number.

    >>> import mibun as torch
    >>> torch.ne(torch.tensor([1, 2]), 2)
    tensor([ True, False])
    """
    return xp.not_equal(input, other)


@comparison("less", refuses="c")
def lt(xp, input, other):
    """input < other, elementwise: a bool Tensor.

    Args:
        input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

    Raises:
        NotImplementedError: for complex dtypes.

    >>> import mibun as torch
    >>> torch.lt(torch.tensor([1, 2, 3]), 2)
    tensor([ True, False, False])
    """
    return xp.less(input, other)


@comparison("less_equal", refuses="c")
def le(xp, input, other):
    """input <= other, elementwise: a bool Tensor.

    Args:
        input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

    Raises:
        NotImplementedError: for complex dtypes.

    >>> import mibun as torch
    >>> torch.le(torch.tensor([1, 2, 3]), 2)
    tensor([ True,  True, False])
    """
    return xp.less_equal(input, other)


@comparison("greater", refuses="c")
def gt(xp, input, other):
    """input > other, elementwise: a bool Tensor.

    Args:
        input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

    Raises:
        NotImplementedError: for complex dtypes.

    >>> import mibun as torch
    >>> torch.gt(torch.tensor([1, 2, 3]), 2)
    tensor([False, False,  True])
    """
    return xp.greater(input, other)


@comparison("greater_equal", refuses="c")
def ge(xp, input, other):
    """input >= other, elementwise: a bool Tensor.

    Args:
        input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

    Raises:
        NotImplementedError: for complex dtypes.

    >>> import mibun as torch
    >>> torch.ge(torch.tensor([1, 2, 3]), 2)
    tensor([False,  True,  True])
    """
    return xp.greater_equal(input, other)


# --- closeness ---


@op(nondifferentiable, name="isclose", dtype=None)
def _isclose(xp, input, other, *, rtol, atol, equal_nan):
    close = input == other
    if equal_nan:
        close = close | ((input != input) & (other != other))
    if rtol == 0 and atol == 0:
        return close
    if is_discrete(xp, input):
        input, other = xp.astype(input, xp.float64), xp.astype(other, xp.float64)
    error = xp.abs(input - other)
    return close | (xp.isfinite(error) & (error <= atol + xp.abs(rtol * other)))


def _check_close(input: Tensor, other: Tensor, rtol: float, atol: float, name: str) -> None:
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


@public("isclose")
def isclose(input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> Tensor:
    """Whether |input - other| <= atol + rtol * |other|, elementwise; infinities are close to themselves only.

    Args:
        input, other: of one dtype and shapes that broadcast.
        rtol, atol: the tolerances, not negative.
        equal_nan: whether NaN is close to NaN.

    Returns:
        a bool Tensor.

    Raises:
        RuntimeError: where the dtypes differ, or a tolerance is negative.

    >>> import mibun as torch
    >>> torch.isclose(torch.tensor([1., 2.]), torch.tensor([1., 2.1]))
    tensor([ True, False])
    """
    _check_close(input, other, rtol, atol, "isclose")
    return apply(_isclose, (input, other), {"rtol": rtol, "atol": atol, "equal_nan": equal_nan})


@public("allclose")
def allclose(input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> bool:
    """Whether all elements are close, as a Python bool.

    Args:
        input, other, rtol, atol, equal_nan: as for `isclose`.

    Raises:
        RuntimeError: where the dtypes differ, or a tolerance is negative.

    >>> import mibun as torch
    >>> torch.allclose(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.0 + 1e-7]))
    True
    """
    _check_close(input, other, rtol, atol, "allclose")
    for one in (input, other):
        refuse_batched(one, "vmap over torch.allclose isn't supported yet. Each example may have another answer")
    close = apply(_isclose, (input, other), {"rtol": rtol, "atol": atol, "equal_nan": equal_nan})._array_
    return builtins.bool(NAMESPACES[type(close)].all(close))


# --- whole Tensors ---


@public("equal")
def equal(input: Tensor, other: Tensor) -> bool:
    """Whether two Tensors have the same shape and the same elements, as a Python bool; NaN equals nothing.

    Raises:
        TypeError: where one of them is no Tensor.

    >>> import mibun as torch
    >>> torch.equal(torch.tensor([1, 2]), torch.tensor([1, 2]))
    True
    """
    for argument, position, value in (("input", 1, input), ("other", 2, other)):
        if not isinstance(value, Tensor):
            raise TypeError(
                f"equal(): argument '{argument}' (position {position}) must be Tensor, not {type(value).__name__}"
            )
        refuse_meta(value, "equal")
        refuse_batched(
            value,
            "Batching rule not implemented for aten::equal. We could not generate a fallback: each example may have "
            "another answer.",
        )
    if input._array_.shape != other._array_.shape:
        return False
    same = eq(input, other)._array_
    return builtins.bool(NAMESPACES[type(same)].all(same))


@public("is_same_size")
def is_same_size(input: Tensor, other: Tensor) -> bool:
    """Whether two Tensors have the same shape.

    >>> import mibun as torch
    >>> torch.is_same_size(torch.ones(2, 3), torch.zeros(2, 3))
    True
    """
    check_tensor(input, "is_same_size")
    check_tensor(other, "is_same_size", "other", 2)
    return input._array_.shape == other._array_.shape
