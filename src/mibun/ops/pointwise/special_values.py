"""NaN and infinities, elementwise: tests for them (`isnan`, `isfinite`, ...), and `nan_to_num`, which replaces them.

The tests give bool Tensors and have no derivative.
"""

from __future__ import annotations

import functools
from typing import Any

from ...core.dtypes import dtype, finfo
from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import nondifferentiable, op, pointwise
from ...dispatch.inplace import apply_inplace
from ...dispatch.overloads import finish
from ...dispatch.public import public

# --- tests ---


def is_discrete(xp: Any, x: Array) -> bool:
    return xp.isdtype(x.dtype, "integral") or xp.isdtype(x.dtype, "bool")


def false_everywhere(xp: Any, x: Array) -> Array:
    """The answer where an element can be neither NaN nor infinite."""
    return xp.zeros(x.shape, dtype=xp.bool)


@op(nondifferentiable, name="isnan")
def _isnan(xp, input):
    return input != input


@public("isnan")
def isnan(input: Tensor) -> Tensor:
    """Whether NaN, elementwise: a bool Tensor.

    Args:
        input: of any shape and dtype; a complex number is NaN if either part is.

    >>> import mibun as torch
    >>> torch.isnan(torch.tensor([1., float("nan")]))
    tensor([False,  True])
    """
    check_tensor(input, "isnan")
    return _isnan(input)


@op(nondifferentiable, name="isinf")
def _isinf(xp, input):
    return false_everywhere(xp, input) if is_discrete(xp, input) else xp.isinf(input)


@public("isinf")
def isinf(input: Tensor) -> Tensor:
    """Whether infinite (for complex: in either part), elementwise.

    >>> import mibun as torch
    >>> torch.isinf(torch.tensor([1., float("-inf")]))
    tensor([False,  True])
    """
    check_tensor(input, "isinf")
    return _isinf(input)


@op(nondifferentiable, name="isfinite")
def _isfinite(xp, input):
    return ~false_everywhere(xp, input) if is_discrete(xp, input) else xp.isfinite(input)


@public("isfinite")
def isfinite(input: Tensor) -> Tensor:
    """Whether neither infinite nor NaN, elementwise: a bool Tensor.

    Args:
        input: of any shape and dtype.

    >>> import mibun as torch
    >>> torch.isfinite(torch.tensor([1., float("inf")]))
    tensor([ True, False])
    """
    check_tensor(input, "isfinite")
    return _isfinite(input)


@op(nondifferentiable, public=True, inplace=False, refuses={"c": "isposinf does not support complex inputs."})
def isposinf(xp, input):
    """Whether +inf, elementwise. RuntimeError for complex dtypes.

    >>> import mibun as torch
    >>> torch.isposinf(torch.tensor([float("inf"), float("-inf")]))
    tensor([ True, False])
    """
    return false_everywhere(xp, input) if is_discrete(xp, input) else input == xp.inf


@op(nondifferentiable, public=True, inplace=False, refuses={"c": "isneginf does not support complex inputs."})
def isneginf(xp, input):
    """Whether -inf, elementwise. RuntimeError for complex dtypes.

    >>> import mibun as torch
    >>> torch.isneginf(torch.tensor([float("inf"), float("-inf")]))
    tensor([False,  True])
    """
    return false_everywhere(xp, input) if is_discrete(xp, input) else input == -xp.inf


# --- replacement ---


def _kept(xp, g, input):
    """The gradient where nothing was replaced; in each part of a complex number for itself."""
    if xp.isdtype(input.dtype, "complex floating"):
        return xp.make_complex(_kept(xp, xp.real(g), xp.real(input)), _kept(xp, xp.imag(g), xp.imag(input)))
    return xp.where(xp.isfinite(input), g, 0.0)


@op(pointwise, name="nan_to_num", node="NanToNumBackward0", public=False, vjp=_kept)
def _nan_to_num(xp, input, *, nan, posinf, neginf):
    if xp.isdtype(input.dtype, "integral") or xp.isdtype(input.dtype, "bool"):
        return xp.copy(input)
    if xp.isdtype(input.dtype, "complex floating"):
        parts = [xp.replace_special(part, nan, posinf, neginf) for part in (xp.real(input), xp.imag(input))]
        return xp.make_complex(*parts)
    return xp.replace_special(input, nan, posinf, neginf)


@functools.cache  # (made anew it would take a third of the time of 100,000 elements)
def _finite_range(dtype: dtype) -> tuple[float, float]:
    limits = finfo(dtype.to_real())
    return limits.min, limits.max


def _replacements(input: Tensor, nan: float | None, posinf: float | None, neginf: float | None) -> dict[str, Any]:
    params = {"nan": 0.0 if nan is None else nan, "posinf": posinf, "neginf": neginf}
    if input._array_.dtype.kind not in "biu":
        lowest, highest = _finite_range(input.dtype)
        params["posinf"] = highest if posinf is None else posinf
        params["neginf"] = lowest if neginf is None else neginf
    return params


@public("nan_to_num")
def nan_to_num(
    input: Tensor,
    nan: float | None = 0.0,
    posinf: float | None = None,
    neginf: float | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """NaN and infinities replaced by finite numbers, elementwise; for complex dtypes in both parts.

    Args:
        nan: what replaces NaN.
        posinf, neginf: what replaces the infinities; None for the largest and the smallest finite number.
        out: where to write the result; resized if it does not fit.

    Gradients pass where nothing is replaced.

    >>> import mibun as torch
    >>> torch.nan_to_num(torch.tensor([1., float("nan"), float("inf")]), posinf=9)
    tensor([1., 0., 9.])
    """
    if not isinstance(input, Tensor):
        raise TypeError(f"nan_to_num(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}")
    return finish(apply(_nan_to_num, (input,), _replacements(input, nan, posinf, neginf)), out, "nan_to_num")


@public("nan_to_num_")
def nan_to_num_(
    input: Tensor, nan: float | None = 0.0, posinf: float | None = None, neginf: float | None = None
) -> Tensor:
    """`nan_to_num` in place."""
    return apply_inplace(_nan_to_num, (input,), _replacements(input, nan, posinf, neginf), "nan_to_num_")
