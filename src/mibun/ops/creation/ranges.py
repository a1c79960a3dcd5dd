"""Evenly spaced numbers: `arange`, `linspace`, `logspace` and the deprecated `range`.

They are computed in float64 or in the dtype itself, whichever gives PyTorch's roundings.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.batching import BatchedTensor
from ...core.dtypes import dtype, get_default_complex_dtype, layout
from ...core.node import raw
from ...core.registry import Array
from ...core.site import stacklevel
from ...core.tensor import Tensor
from ...dispatch.arguments import whole
from ...dispatch.public import public
from ...xp.batched.rules import looped
from ..annotations import Device, Number
from ..random.draws import fused
from .options import check_options, give, plain_number, target_dtype


def _range_length(start: float, end: float, step: float) -> int:
    if not all(math.isfinite(value) for value in (start, end)):
        raise RuntimeError(f"unsupported range: {start:g} -> {end:g}")
    if step == 0 or math.isnan(step):
        raise RuntimeError("step must be nonzero")
    if (end - start) * (1 if step > 0 else -1) < 0:
        raise RuntimeError(
            f"upper bound and lower bound inconsistent with step sign: no way leads from {start} to {end} in steps of "
            f"{step}"
        )
    if all(isinstance(value, int) for value in (start, end, step)):
        return -int((start - end) // step)
    return math.ceil((end - start) / step)


def _real_number(value: Any, function: str, argument: str) -> float:
    value = plain_number(value, function, argument)
    if isinstance(value, complex):
        if value.imag:
            raise RuntimeError(f"value cannot be converted to type double without overflow: {argument}={value}")
        value = value.real
    return int(value) if isinstance(value, bool) else value


def _whole_range(first: int, step: int, length: int) -> Array:
    """first, first + step, ... modulo 2**64: whichever integers they are cast to, those that fit are right."""
    return np.arange(length, dtype=np.uint64) * np.uint64(step % 2**64) + np.uint64(first % 2**64)


def _resized(out: Tensor | None, length: int) -> None:
    """PyTorch's words where the length of a range does not fit the tensor for it."""
    if out is not None and out._array_.size != length and out._array_.size:
        warnings.warn(
            f"The number of elements in the out tensor of shape {list(out._array_.shape)} is {out._array_.size} which "
            f"does not match the computed number of elements {length}. Note that this may occur as a result of "
            f"rounding error. The out tensor will be resized to a tensor of shape ({length},).",
            UserWarning,
            stacklevel=stacklevel(),
        )


@public("arange", method=False)
def arange(
    *args: Tensor | Number,
    start: Tensor | Number | None = None,
    end: Tensor | Number | None = None,
    step: Tensor | Number | None = None,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: Device | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """The numbers from start up to end, which is left out: `arange(end)`, `arange(start, end, step)`.

    Args:
        start: a number, 0 by default.
        end: a number.
        step: a number, 1 by default.
        out: where to write the result; resized if it does not fit.
        dtype: None for int64 if all are ints, else the default dtype.

    Returns:
        a vector of ceil((end - start) / step) numbers.

    Raises:
        RuntimeError: where the step is 0 or leads away from the end.

    >>> import mibun as torch
    >>> torch.arange(3)
    tensor([0, 1, 2])
    >>> torch.arange(1, 2.5, 0.5)
    tensor([1.0000, 1.5000, 2.0000])
    """
    check_options("arange", layout, device, pin_memory)
    bounds = {n: value for n, value in (("start", start), ("end", end), ("step", step)) if value is not None}
    names = ("end",) if len(args) == 1 and end is None else ("start", "end", "step")
    given: dict[str, Any] = dict(zip(names, args, strict=False))
    if len(args) > 3 or set(given) & set(bounds) or not (args or bounds):
        got = [type(a).__name__ for a in args] + [f"{k}={type(v).__name__}" for k, v in bounds.items()]
        raise TypeError(
            f"arange() received an invalid combination of arguments - got ({', '.join(got)}), but expected one of: "
            "(Number end), (Number start, Number end, Number step=1), each with out, dtype, layout, device, pin_memory "
            "and requires_grad"
        )
    given.update(bounds)
    if "end" not in given:
        raise TypeError("arange() missing the argument 'end'")
    first, stop, by = [_real_number(given.get(n, d), "arange", n) for n, d in (("start", 0), ("end", 0), ("step", 1))]
    ints = all(isinstance(value, int) for value in (first, stop, by))
    target = target_dtype(out, dtype, dtypes.int64 if ints else None, "arange")
    if target.category not in (1, 2):
        raise NotImplementedError(f"\"arange_cpu\" not implemented for '{target.scalar_name}'")
    if target.category == 1 and target is not dtypes.uint64 and max(first, stop) >= 2**63:
        raise RuntimeError(f"value cannot be converted to type int64_t without overflow: {max(first, stop)}")
    if target.category == 1 and ints:
        length = _range_length(first, stop, by)
        array = _whole_range(int(first), int(by), length)
    elif target.category == 1 and target is dtypes.int64:
        # Bounds are cut to int64 before the numbers between them are counted.
        length = _range_length(int(first), int(stop), int(by))
        array = _whole_range(int(first), int(by), length)
    else:
        length = _range_length(float(first), float(stop), float(by))
        if target.category == 1:
            array = _whole_range(int(first), int(by), length)
        else:
            array = fused(np.arange(length, dtype=np.float64), float(by), float(first))
    _resized(out, length)
    return give(array.astype(target.np), out, requires_grad, "arange")


@public("range", method=False)
def range(  # noqa: A001
    start: Number = 0,
    end: Number | None = None,
    step: Number = 1,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: Device | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """The numbers from start to end *inclusive*, of the default dtype. Deprecated by PyTorch: use `arange`."""
    warnings.warn(
        "torch.range is deprecated and will be removed in a future release because its behavior is inconsistent with "
        "Python's range builtin. Instead, use torch.arange, which produces values in [start, end).",
        UserWarning,
        stacklevel=stacklevel(),
    )
    check_options("range", layout, device, pin_memory)
    if end is None:
        start, end = 0, start
    first, last, step = (
        _real_number(start, "range", "start"),
        _real_number(end, "range", "end"),
        _real_number(step, "range", "step"),
    )
    target = target_dtype(out, dtype, None, "range")
    _range_length(first, last, step)
    array = first + step * np.arange(math.floor((last - first) / step) + 1)
    return give(array.astype(target.np), out, requires_grad, "range")


def _ends(
    start: Tensor | Number, end: Tensor | Number, steps: int, out: Tensor | None, dtype: dtype | None, function: str
) -> tuple[Any, Any, int, dtype]:
    """The checked arguments of `linspace` and `logspace`: (start, end, number of steps, dtype)."""
    for name, value in (("start", start), ("end", end)):
        if isinstance(value, Tensor) and value._array_.ndim:
            raise RuntimeError(
                f"{function} only supports 0-dimensional start and end tensors, but got {name} with "
                f"{value._array_.ndim} dimension(s)."
            )
    ends = [end.detach() if isinstance(end, Tensor) else end for end in (start, end)]  # constants, as in PyTorch
    first, last = plain_number(ends[0], function, "start"), plain_number(ends[1], function, "end")
    steps = whole(steps, function, "steps")
    if steps < 0:
        raise RuntimeError(f"number of steps must be non-negative, but got {steps}")
    is_complex = isinstance(first, complex) or isinstance(last, complex)
    target = target_dtype(out, dtype, get_default_complex_dtype() if is_complex else None, function)
    if is_complex and target.category < 3:
        raise RuntimeError(
            f"torch.{function}(): inferred dtype {get_default_complex_dtype().cpp_name} can't be safely cast "
            f"to passed dtype {target.scalar_name}"
        )
    if target.category == 0:
        raise NotImplementedError(f"\"{function}_cpu\" not implemented for 'Bool'")
    return first, last, steps, target


def _of_each_example(name: str, start: Any, end: Any, of_one: Callable[[Any, Any], Tensor]) -> Array:
    """Of ends that differ between the examples of a vmap: one example after the other."""

    def run(*ends: Any) -> Array:
        first, last = [end.item() if hasattr(end, "item") else end for end in ends]
        return of_one(first, last)._array_

    return looped(name, run)(raw(start), raw(end))


@np.errstate(all="ignore")
def _evenly(start: complex, end: complex, steps: int, dtype: np.dtype, round_products: bool = False) -> np.ndarray:
    """Evenly spaced numbers, counted from both ends so that both are met exactly, as PyTorch rounds them.

    Real numbers of 4 and 8 bytes with fused multiply-adds; 2-byte ones from ends and a step of their own precision.
    """
    wide = np.dtype(np.float32) if dtype.itemsize == 2 else dtype
    ends: list[Any] = [np.asarray(value, dtype).astype(wide)[()] for value in (start, end)]
    first, last = ends
    if steps <= 1:
        return np.full(steps, first, wide)
    step = (last - first).astype(dtype).astype(wide) / wide.type(steps - 1)
    step = step.astype(dtype).astype(wide)
    half = steps // 2
    up, down = np.arange(half).astype(wide), np.arange(steps - 1 - half, -1, -1).astype(wide)
    if wide.kind == "f" and wide is dtype:
        return np.concatenate([fused(up, step, first), fused(down, -step, last)])
    up, down = step * up, step * down
    if round_products:
        up, down = up.astype(dtype).astype(wide), down.astype(dtype).astype(wide)
    return np.concatenate([first + up, last - down])


def evenly_spaced(start: complex, end: complex, steps: int, dtype: np.dtype) -> np.ndarray:
    """What `linspace` computes, as an array."""
    if dtype.kind in "iu":
        return _evenly(int(start.real), int(end.real), steps, np.dtype(np.float64)).astype(dtype)
    return _evenly(start, end, steps, dtype, round_products=True).astype(dtype)


@public("linspace", method=False)
def linspace(
    start: Tensor | Number,
    end: Tensor | Number,
    steps: int,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: Device | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """`steps` evenly spaced numbers from start to end, both included.

    Args:
        start, end: numbers or 0-d Tensors.
        steps: how many numbers, at least 0.
        out: where to write the result; resized if it does not fit.
        dtype: None for the default dtype, or its complex one for complex ends.

    Returns:
        a vector of `steps` numbers.

    Raises:
        RuntimeError: where `steps` is negative, or complex ends meet a real dtype.

    They are counted from both ends, so that both are met exactly.

    >>> import mibun as torch
    >>> torch.linspace(0, 1, 5)
    tensor([0.0000, 0.2500, 0.5000, 0.7500, 1.0000])
    """
    check_options("linspace", layout, device, pin_memory)
    if isinstance(start, BatchedTensor) or isinstance(end, BatchedTensor):
        array = _of_each_example("linspace", start, end, lambda a, b: linspace(a, b, steps, dtype=dtype))
        return give(array, out, requires_grad, "linspace")
    first, last, steps, target = _ends(start, end, steps, out, dtype, "linspace")
    return give(evenly_spaced(first, last, steps, target.np), out, requires_grad, "linspace")


@public("logspace", method=False)
def logspace(
    start: Tensor | Number,
    end: Tensor | Number,
    steps: int,
    base: float = 10.0,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: Device | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """base to the powers of `steps` evenly spaced numbers from start to end, both included.

    Args:
        start, end: numbers or 0-d Tensors, the first and the last exponent.
        steps: how many numbers, at least 0.
        base: a number.
        out: where to write the result; resized if it does not fit.

    Raises:
        RuntimeError: where `steps` is negative, or complex ends meet a real dtype.

    >>> import mibun as torch
    >>> torch.logspace(0, 2, 3)
    tensor([  1.,  10., 100.])
    """
    check_options("logspace", layout, device, pin_memory)
    if isinstance(start, BatchedTensor) or isinstance(end, BatchedTensor):
        array = _of_each_example("logspace", start, end, lambda a, b: logspace(a, b, steps, base, dtype=dtype))
        return give(array, out, requires_grad, "logspace")
    first, last, steps, target = _ends(start, end, steps, out, dtype, "logspace")
    ground = plain_number(base, "logspace", "base")
    if target.category == 1 and steps > 1:
        first, last = int(first), int(last)
    exponents = _evenly(first, last, steps, np.dtype(np.float64) if target.category == 1 else target.np)
    wide = np.complex128 if target.category == 3 else np.float64
    with np.errstate(all="ignore"):
        array = np.power(np.asarray(ground, wide), exponents.astype(wide))
        return give(array.astype(target.np), out, requires_grad, "logspace")
