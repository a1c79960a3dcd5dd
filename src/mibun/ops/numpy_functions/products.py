"""Products of arrays, convolutions and differences."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from ...core.tensor import Tensor
from .arguments import NO_VALUE, axis_of, cast, common, given, implements, ops, tensor_of, written


@implements("dot")
def dot(a, b, out=None) -> Tensor:
    x, y = common([tensor_of(a), tensor_of(b)])
    if not x.ndim or not y.ndim:
        return written(x * y, out, "dot")
    axis = -1 if y.ndim == 1 else -2
    _check_lengths(x.shape[-1], y.shape[axis])
    if y.ndim <= 2:
        return written(ops.matmul(x, y), out, "dot")
    return written(ops.tensordot(x, y, dims=([x.ndim - 1], [y.ndim - 2])), out, "dot")


def _check_lengths(n: int, m: int) -> None:
    if n != m:
        raise ValueError(f"shapes are not aligned: {n} elements along the summed axis of the first, {m} of the second")


@implements("vdot")
def vdot(a, b, /) -> Tensor:
    x, y = common([tensor_of(a).reshape(-1), tensor_of(b).reshape(-1)])
    _check_lengths(len(x), len(y))
    return (ops.conj_physical(x) * y).sum()


@implements("inner")
def inner(a, b, /) -> Tensor:
    x, y = common([tensor_of(a), tensor_of(b)])
    if not x.ndim or not y.ndim:
        return x * y
    _check_lengths(x.shape[-1], y.shape[-1])
    return ops.inner(x, y)


@implements("outer")
def outer(a, b, out=None) -> Tensor:
    x, y = common([tensor_of(a).reshape(-1), tensor_of(b).reshape(-1)])
    return written(x.unsqueeze(1) * y, out, "outer")


@implements("linalg.outer")
def linalg_outer(x1, x2, /) -> Tensor:
    if tensor_of(x1).ndim != 1 or tensor_of(x2).ndim != 1:
        raise ValueError("Input arrays must be one-dimensional")
    return outer(x1, x2)


@implements("tensordot", "linalg.tensordot")
def tensordot(a, b, axes=2) -> Tensor:
    x, y = common([tensor_of(a), tensor_of(b)])
    if isinstance(axes, (int, np.integer)):
        firsts, seconds = list(range(x.ndim - int(axes), x.ndim)), list(range(int(axes)))
    else:
        pairs: Any = axes
        firsts, seconds = [[one] if isinstance(one, (int, np.integer)) else list(one) for one in pairs]
    if [x.shape[i] for i in firsts] != [y.shape[i] for i in seconds]:
        raise ValueError("shape-mismatch for sum")
    return ops.tensordot(x, y, dims=(firsts, seconds))


@implements("einsum")
def einsum(*operands, out=None, dtype=None, order="K", casting="safe", optimize=False) -> Tensor:
    if isinstance(operands[0], str):
        subscripts, tensors = operands[0], [tensor_of(operand) for operand in operands[1:]]
        result = ops.einsum(subscripts, *[cast(t, dtype) for t in common(tensors)])
    else:
        pairs = [(tensor_of(operands[i]), list(operands[i + 1])) for i in range(0, len(operands) - 1, 2)]
        tensors = [cast(t, dtype) for t in common([tensor for tensor, _ in pairs])]
        interleaved: list[Any] = []
        for tensor, (_, axes) in zip(tensors, pairs, strict=True):
            interleaved += [tensor, axes]
        if len(operands) % 2:
            interleaved.append(list(operands[-1]))
        result = ops.einsum(*interleaved)
    return written(result, out, "einsum")


@implements("kron")
def kron(a, b) -> Tensor:
    return ops.kron(*common([tensor_of(a), tensor_of(b)]))


@implements("trace")
def trace(a, offset=0, axis1=0, axis2=1, dtype=None, out=None) -> Tensor:
    tensor = cast(tensor_of(a), dtype)
    return written(ops.diagonal(tensor, offset, axis1, axis2).sum(-1), out, "trace")


@implements("linalg.trace")
def linalg_trace(x, /, *, offset=0, dtype=None) -> Tensor:
    return trace(x, offset, -2, -1, dtype)


@implements("cross")
def cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None) -> Tensor:
    x, y = common([tensor_of(a), tensor_of(b)])
    if axis is not None:
        axisa = axisb = axisc = axis
    x, y = x.movedim(axis_of(axisa, x.ndim), -1), y.movedim(axis_of(axisb, y.ndim), -1)
    if x.shape[-1] not in (2, 3) or y.shape[-1] not in (2, 3):
        raise ValueError(
            f"Both input arrays must be (arrays of) 3-dimensional vectors, but they are {x.shape[-1]} and "
            f"{y.shape[-1]} dimensional instead."
        )
    xs, ys = [[*t.unbind(-1)] for t in (x, y)]
    if len(xs) == len(ys) == 2:
        return xs[0] * ys[1] - xs[1] * ys[0]
    for parts in (xs, ys):
        if len(parts) == 2:
            parts.append(ops.zeros_like(parts[0]))
    parts = [xs[i - 2] * ys[i - 1] - xs[i - 1] * ys[i - 2] for i in range(3)]
    return ops.stack(parts, -1).movedim(-1, axis_of(axisc, parts[0].ndim + 1))


@implements("linalg.cross")
def linalg_cross(x1, x2, /, *, axis=-1) -> Tensor:
    return cross(x1, x2, axis=axis)


@implements("linalg.matmul")
def linalg_matmul(x1, x2, /) -> Tensor:
    return np.matmul(x1, x2)  # type: ignore[return-value]


@implements("linalg.vecdot")
def linalg_vecdot(x1, x2, /, *, axis=-1) -> Tensor:
    return np.vecdot(x1, x2, axis=axis)  # type: ignore[return-value]


# --- convolutions ---


@implements("convolve")
def convolve(a, v, mode="full") -> Tensor:
    x, y = common([tensor_of(a).reshape(-1), tensor_of(v).reshape(-1)])
    if len(x) < len(y):
        x, y = y, x
    if not len(y):
        raise ValueError("a cannot be empty" if not len(x) else "v cannot be empty")
    whole = _full_convolution(x, y)
    n, m = len(x), len(y)
    if mode == "full":
        return whole
    if mode == "same":
        return whole[(m - 1) // 2 : (m - 1) // 2 + n]
    if mode == "valid":
        return whole[m - 1 : n]
    raise ValueError(f"mode must be one of 'valid', 'same', or 'full' (got {mode!r})")


def _full_convolution(x: Tensor, y: Tensor) -> Tensor:
    """Σ_i x_i y_{k-i}: the windows of the padded first, times the second reversed."""
    m = len(y)
    zeros = ops.zeros(m - 1, dtype=x.dtype)
    windows = ops.cat([zeros, x, zeros]).unfold(0, m, 1)
    return ops.matmul(windows, y.flip((0,)))


@implements("correlate")
def correlate(a, v, mode="valid") -> Tensor:
    x, y = common([tensor_of(a).reshape(-1), tensor_of(v).reshape(-1)])
    y = ops.conj_physical(y)
    if len(x) >= len(y):
        return convolve(x, y.flip((0,)), mode)
    # NumPy exchanges the operands, and turns the result round.
    return convolve(y, x.flip((0,)), mode).flip((0,))


# --- differences ---


@implements("diff")
def diff(a, n=1, axis=-1, prepend=NO_VALUE, append=NO_VALUE) -> Tensor:
    tensor = tensor_of(a)
    if n < 0:
        raise ValueError(f"order must be non-negative but got {n}")
    if not tensor.ndim:
        raise ValueError("diff requires input that is at least one dimensional")
    axis = axis_of(axis, tensor.ndim)
    parts = []
    for value in (prepend, tensor, append):
        if value is tensor:
            parts.append(tensor)
        elif given(value):
            part = tensor_of(value)
            if not part.ndim:
                part = part.broadcast_to([1 if i == axis else size for i, size in enumerate(tensor.shape)])
            parts.append(part)
    tensor = ops.cat(common(parts), axis) if len(parts) > 1 else tensor
    for _ in builtins.range(n):
        size = tensor.shape[axis]
        if tensor._array_.dtype.kind == "b":
            tensor = tensor.narrow(axis, 1, size - 1) != tensor.narrow(axis, 0, size - 1)
        else:
            tensor = tensor.narrow(axis, 1, size - 1) - tensor.narrow(axis, 0, size - 1)
    return tensor
