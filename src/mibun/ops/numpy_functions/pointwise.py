"""Functions of single elements that are no ufuncs: clipping, rounding, parts of complex numbers, interpolation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.tensor import Tensor
from .arguments import NO_VALUE, array_of, axis_of, cast, common, floating, given, implements, ops, tensor_of, written
from .products import diff


@implements("clip")
def clip(a, a_min=NO_VALUE, a_max=NO_VALUE, out=None, *, min=NO_VALUE, max=NO_VALUE, **kwargs) -> Tensor:  # noqa: A002
    low, high = (a_min if given(a_min) else min), (a_max if given(a_max) else max)
    if (given(a_min) or given(a_max)) and (given(min) or given(max)):
        raise ValueError("Passing `min` or `max` keyword argument when `a_min` and `a_max` are provided is forbidden.")
    if kwargs:
        raise TypeError(f"np.clip: {', '.join(kwargs)} cannot be followed by autograd")
    result: Any = tensor_of(a)
    if given(low):
        result = np.maximum(result, low)
    if given(high):
        result = np.minimum(result, high)
    return written(result if result is not a else result.clone(), out, "clip")


@implements("round", "around")
def round(a, decimals=0, out=None) -> Tensor:  # noqa: A001
    return written(ops.round(tensor_of(a), decimals=decimals), out, "round")


@implements("fix")
def fix(x, out=None) -> Tensor:
    return written(ops.trunc(tensor_of(x)), out, "fix")


@implements("nan_to_num")
def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None) -> Tensor:
    result = ops.nan_to_num(tensor_of(x), nan=nan, posinf=posinf, neginf=neginf)
    return result if copy or not isinstance(x, Tensor) else x.copy_(result)


@implements("sinc")
def sinc(x) -> Tensor:
    return ops.sinc(floating(tensor_of(x)))


@implements("i0")
def i0(x) -> Tensor:
    return ops.i0(floating(tensor_of(x)))


@implements("real")
def real(val) -> Tensor:
    return ops.real(tensor_of(val))


@implements("imag", always=True)
def imag(val) -> Tensor:
    return ops.imag(val) if val.is_complex() else ops.zeros_like(val)


@implements("real_if_close")
def real_if_close(a, tol=100) -> Tensor:
    tensor = tensor_of(a)
    if not tensor.is_complex():
        return tensor
    limit = np.finfo(tensor._array_.dtype).eps * tol if tol > 1 else tol
    return ops.real(tensor) if (np.abs(tensor._array_.imag) < limit).all() else tensor


@implements("angle")
def angle(z, deg=False) -> Tensor:
    found = ops.angle(floating(tensor_of(z)))
    return found * (180 / math.pi) if deg else found


@implements("unwrap")
def unwrap(p, discont=None, axis=-1, *, period=2 * math.pi) -> Tensor:
    """The jumps that NumPy takes out are multiples of the period: constants, so the gradient passes."""
    tensor = floating(tensor_of(p))
    steps = np.unwrap(tensor._array_, discont, axis, period=period) - tensor._array_
    return tensor + cast(tensor_of(steps), tensor.dtype)


@implements("piecewise", always=True)
def piecewise(x, condlist, funclist, *args, **kw) -> Tensor:
    tensor = tensor_of(x)
    single = not isinstance(condlist, (list, tuple)) or (
        not isinstance(condlist[0], (list, tuple, np.ndarray, Tensor)) and tensor.ndim > 0
    )
    masks = [np.asarray(array_of(c), bool) for c in ([condlist] if single else condlist)]
    if len(funclist) == len(masks) + 1:
        masks.append(~np.logical_or.reduce(masks))
    if len(funclist) != len(masks):
        raise ValueError(
            f"with {len(masks)} condition(s), either {len(masks)} or {len(masks) + 1} functions are expected"
        )
    result = ops.zeros_like(tensor)
    for mask, function in zip(masks, funclist, strict=True):
        mask = tensor_of(np.broadcast_to(mask, tuple(tensor.shape)))
        if callable(function):
            function = function(tensor[mask], *args, **kw)
        result = result.masked_scatter(mask, cast(tensor_of(function), result.dtype).broadcast_to(int(mask.sum())))
    return result


@implements("interp")
def interp(x, xp, fp, left=None, right=None, period=None) -> Tensor:
    """Piecewise linear interpolation, differentiable in the points, the values and where it is evaluated."""
    x, points, values = floating(tensor_of(x)), floating(tensor_of(xp)), floating(tensor_of(fp))
    if period is not None:
        period = abs(period)
        x, points = ops.remainder(x, period), ops.remainder(points, period)
        order = np.argsort(points._array_)
        points, values = points[order], values[order]
        points = ops.cat([points[-1:] - period, points, points[:1] + period])
        values = ops.cat([values[-1:], values, values[:1]])
        left = right = None
    n = points.numel()
    place = np.clip(np.searchsorted(points._array_, x._array_, "right") - 1, 0, _largest(n - 2, 0))
    if n == 1:
        inside = values[0] + x * 0
    else:
        first, last = points[place], points[place + 1]
        inside = values[place] + (values[place + 1] - values[place]) * ((x - first) / (last - first))
    low = tensor_of(values[0] if left is None else left)
    high = tensor_of(values[-1] if right is None else right)
    low, high, inside = common([low, high, inside])
    return ops.where(x < points[0], low, ops.where(x > points[-1], high, inside))


_largest = max


@implements("ediff1d")
def ediff1d(ary, to_end=None, to_begin=None) -> Tensor:
    steps = diff(tensor_of(ary).reshape(-1))
    parts = [tensor_of(to_begin).reshape(-1)] if to_begin is not None else []
    parts += [steps, *([tensor_of(to_end).reshape(-1)] if to_end is not None else [])]
    return ops.cat([cast(part, steps.dtype) for part in parts])


@implements("trapezoid", "trapz")
def trapezoid(y, x=None, dx=1.0, axis=-1) -> Tensor:
    y = floating(tensor_of(y))
    axis = axis_of(axis, y.ndim)
    y = y.movedim(axis, -1)
    if x is None:
        steps = tensor_of(dx)
    else:
        x = tensor_of(x)
        steps = diff(x if x.ndim == 1 else x.movedim(axis, -1))
    return (steps * (y[..., 1:] + y[..., :-1]) / 2).sum(-1)


@implements("gradient")
def gradient(f, *varargs, axis=None, edge_order=1) -> Any:
    """Second-order differences inside, of the order `edge_order` at the ends (Fornberg's weights for uneven steps)."""
    f = floating(tensor_of(f))
    axes = (
        range(f.ndim) if axis is None else [axis_of(a, f.ndim) for a in (axis if isinstance(axis, tuple) else (axis,))]
    )
    if len(varargs) not in (0, 1, len(axes)):
        raise TypeError("invalid number of arguments")
    spacings = list(varargs) or [1.0]
    spacings = spacings * len(axes) if len(spacings) == 1 and len(axes) > 1 else spacings
    found = [
        _slope(f.movedim(a, -1), tensor_of(h), edge_order).movedim(-1, a) for a, h in zip(axes, spacings, strict=True)
    ]
    return found[0] if len(found) == 1 else tuple(found)


def _slope(f: Tensor, spacing: Tensor, edge_order: int) -> Tensor:
    n = f.shape[-1]
    if n < edge_order + 1:
        raise ValueError(
            f"Shape of array too small to calculate a numerical gradient, {edge_order + 1} elements are required."
        )
    steps = diff(spacing) if spacing.ndim else spacing.expand(n - 1)
    if len(steps) != n - 1:
        raise ValueError("when 1d, distances must match the length of the corresponding dimension")
    before, after = steps[:-1], steps[1:]
    inside = (
        -after / (before * (before + after)) * f[..., :-2]
        + (after - before) / (before * after) * f[..., 1:-1]
        + before / (after * (before + after)) * f[..., 2:]
    )
    if edge_order == 1:
        first, last = (f[..., 1] - f[..., 0]) / steps[0], (f[..., -1] - f[..., -2]) / steps[-1]
    else:
        first = _one_sided(f[..., 0], f[..., 1], f[..., 2], steps[0], steps[1])
        last = -_one_sided(f[..., -1], f[..., -2], f[..., -3], steps[-1], steps[-2])
    return ops.cat([first.unsqueeze(-1), inside, last.unsqueeze(-1)], -1)


def _one_sided(f0: Tensor, f1: Tensor, f2: Tensor, h: Tensor, k: Tensor) -> Tensor:
    """The slope at the first of three points, with steps h and k: that of the parabola through them."""
    return -(2 * h + k) / (h * (h + k)) * f0 + (h + k) / (h * k) * f1 - h / (k * (h + k)) * f2
