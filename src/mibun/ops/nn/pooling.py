"""Pooling over windows: maxima and means, over one, two and three spatial dimensions.

Every operator here is linear, or picks elements; its transpose is the operator named beside it. As in PyTorch, pooling
over sequences is pooling over images of height 1.
"""

from __future__ import annotations

from typing import Any

from ...core.registry import FUNCTIONS
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import whole
from ...dispatch.declare import linear, op
from ...dispatch.public import public

# --- maxima ---


def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
    # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
    space = tuple(input.shape[-len(window) :])
    return xp.max_pool_spread(
        g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation
    )


def _take_rule(xp, t, winners, window, stride, padding, dilation):
    return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)


def _max_pool(xp, input, *, window, stride, padding, dilation, counts):
    return xp.max_windows(input, window, stride, padding, dilation, counts)


def _max_pool_with_indices(xp, input, *, window, stride, padding, dilation, counts):
    out, winners = xp.max_windows(input, window, stride, padding, dilation, counts)
    space = input.shape[-len(window) :]
    return out, xp.winner_positions(winners, space, window, stride, padding, dilation), winners


_MAX = {
    n: op(name=f"max_pool_{n}d", node=f"MaxPool{n}DWithIndicesBackward0", dtype=None, scalars=False,
          residuals=("winners",), vjp=_spread_rule, jvp=_take_rule)(_max_pool)
    for n in (2, 3)
}  # fmt: skip
_MAX_INDEXED = {
    n: op(name=f"max_pool_{n}d_indexed", node=f"MaxPool{n}DWithIndicesBackward0", dtype=None, scalars=False,
          outputs=("out", "indices"), n_differentiable=1, residuals=("winners",), vjp=_spread_rule,
          jvp=lambda xp, t, winners, window, stride, padding, dilation: (
              _take_rule(xp, t, winners, window, stride, padding, dilation), None))(_max_pool_with_indices)
    for n in (2, 3)
}  # fmt: skip


@op(name="max_pool_spread", node="MaxPoolWithIndicesBackwardBackward0", dtype=None, scalars=False,
    constant=("winners",),
    vjp={"grad": _take_rule},
    jvp={"grad": lambda xp, t, winners, space, window, stride, padding, dilation: xp.max_pool_spread(
        t, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)})  # fmt: skip
def _max_pool_spread(xp, grad, winners, *, space, window, stride, padding, dilation):
    return xp.spread_winners(grad, winners, space, window, stride, padding, dilation)


@op(name="max_pool_take", dtype=None, scalars=False, constant=("winners",),
    vjp={"input": _spread_rule}, jvp={"input": _take_rule})  # fmt: skip
def _max_pool_take(xp, input, winners, *, window, stride, padding, dilation):
    return xp.take_winners(input, winners, window, stride, padding, dilation)


# --- means ---


def _average(xp, input, *, window, stride, padding, counts, include, divisor):
    return xp.average_windows(input, window, stride, padding, counts, include, divisor)


_AVERAGE = {
    n: op(linear, name=f"avg_pool_{n}d", node=f"AvgPool{n}DBackward0", dtype=None, scalars=False,
          vjp=lambda xp, g, input, window, stride, padding, counts, include, divisor: xp.avg_pool_spread(
              g, space=tuple(input.shape[-len(window):]), window=window, stride=stride, padding=padding,
              include=include, divisor=divisor))(_average)
    for n in (2, 3)
}  # fmt: skip


@op(linear, name="avg_pool_spread", dtype=None, scalars=False,
    vjp=lambda xp, g, grad_shape, window, stride, padding, include, divisor: (
        xp.avg_pool_2d if len(window) == 2 else xp.avg_pool_3d)(
            g, window=window, stride=stride, padding=padding, counts=grad_shape[-len(window):], include=include,
            divisor=divisor))  # fmt: skip
def _avg_pool_spread(xp, grad, *, space, window, stride, padding, include, divisor):
    return xp.spread_windows(grad, space, window, stride, padding, include, divisor)


# --- arguments ---


def _sizes(value: Any, n: int, function: str, name: str) -> tuple[int, ...]:
    if type(value) is int:
        return (value,) * n
    if isinstance(value, (tuple, list)) and len(value) in (1, n):
        values = tuple([whole(v, function, name) for v in value])
        return values if len(values) == n else values * n
    if isinstance(value, (tuple, list)):
        words = {1: "one int", 2: "two ints", 3: "three ints"}[n]
        raise RuntimeError(f"{function}: {name} must either be a single int, or a tuple of {words}, but got {value}")
    return (whole(value, function, name),) * n


_LETTERS = {1: "W", 2: "HW", 3: "THW"}


def _check_pool(
    function: str, n: int, input: Any, window: tuple, stride: tuple, padding: tuple, dilation: tuple, ceil_mode: bool
) -> tuple[int, ...]:
    """How many windows there are along each axis, after checking everything."""
    if not isinstance(input, Tensor):
        raise TypeError(f"{function}(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}")
    shape = input._array_.shape
    if len(shape) not in (n + 1, n + 2):
        raise RuntimeError(
            f"{function}: Expected {n + 1}D or {n + 2}D (batch mode) tensor with optional 0 dim batch size for "
            "input, but "
            f"got: {list(shape)}"
        )
    if 0 in shape[-n - 1 :]:
        raise RuntimeError(
            f"{function}: Expected {n + 1}D or {n + 2}D (batch mode) tensor with optional 0 dim batch size for "
            "input, but "
            f"got: {list(shape)}"
        )
    letters = _LETTERS[n]
    named = ((window, "kernel size", "k"), (stride, "stride", "d"), (dilation, "dilation", "dilation"))
    for values, name, prefix in named:
        if any([v <= 0 for v in values]):
            given = " ".join(f"{prefix}{a}: {v}" for a, v in zip(letters, values, strict=True))
            raise RuntimeError(f"{name} should be greater than zero, but got {given}")
    for p, k, d in zip(padding, window, dilation, strict=True):
        if p < 0:
            raise RuntimeError(f"pad must be non-negative, but got pad: {p}")
        if p > (d * (k - 1) + 1) // 2:
            raise RuntimeError(
                f"pad should be at most half of effective kernel size, but got pad={p}, kernel_size={k} and "
                f"dilation={d}"
            )
    counts = []
    for size, k, s, p, d in zip(shape[-n:], window, stride, padding, dilation, strict=True):
        count = (size + 2 * p - d * (k - 1) - 1 + (s - 1 if ceil_mode else 0)) // s + 1
        if ceil_mode and (count - 1) * s >= size + p:
            count -= 1  # a window must start inside the input or the padding before it
        counts.append(count)
    if any([count < 1 for count in counts]):
        own, new = "x".join(map(str, shape[-n - 1 :])), "x".join(map(str, (shape[-n - 1], *counts)))
        raise RuntimeError(f"Given input size: ({own}). Calculated output size: ({new}). Output size is too small")
    return tuple(counts)


def _max_pooling(
    function: str, n: int, input: Any, kernel_size: Any, stride: Any, padding: Any, dilation: Any, ceil_mode: bool,
    return_indices: bool,
) -> Any:  # fmt: skip
    window = _sizes(kernel_size, n, function, "kernel_size")
    stride = window if stride is None or stride == [] or stride == () else _sizes(stride, n, function, "stride")
    padding = _sizes(padding, n, function, "padding")
    dilation = _sizes(dilation, n, function, "dilation")
    counts = _check_pool(function, n, input, window, stride, padding, dilation, ceil_mode)
    if input._array_.dtype.kind in "bc":
        raise NotImplementedError(f"\"{function}\" not implemented for '{input.dtype.scalar_name}'")
    if n == 1:
        input = input.unsqueeze(-2)
        window, stride, padding = (1, *window), (1, *stride), (0, *padding)
        dilation, counts = (1, *dilation), (1, *counts)
    params = {"window": window, "stride": stride, "padding": padding, "dilation": dilation, "counts": counts}
    if return_indices:
        out, indices = apply(_MAX_INDEXED[max(n, 2)], (input,), params)
        return (out.squeeze(-2), indices.squeeze(-2)) if n == 1 else (out, indices)
    out = apply(_MAX[max(n, 2)], (input,), params)
    return out.squeeze(-2) if n == 1 else out


def max_pool1d(
    input: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:  # fmt: skip
    """Maxima over windows of a sequence, (N, C, L) or (C, L); arguments as for max_pool2d."""
    return _max_pooling("max_pool1d", 1, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool2d(
    input: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:  # fmt: skip
    """Maxima over windows of images (N, C, H, W) or (C, H, W); the gradient goes to the first maximum of each window.

    stride: by default the kernel_size. padding counts as -inf. ceil_mode: windows may reach over the end.
    return_indices: also their positions in the flattened H x W, int64. NaN wins. RuntimeError for arguments that do not
    fit.

    >>> import mibun as torch
    >>> torch.nn.functional.max_pool2d(torch.arange(16.).reshape(1, 4, 4), 2)
    tensor([[[ 5.,  7.],
             [13., 15.]]])
    """
    return _max_pooling("max_pool2d", 2, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool3d(
    input: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:  # fmt: skip
    """Maxima over windows of volumes, (N, C, D, H, W) or (C, D, H, W); arguments as for max_pool2d."""
    return _max_pooling("max_pool3d", 3, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def _averaging(
    function: str, n: int, input: Any, kernel_size: Any, stride: Any, padding: Any, ceil_mode: bool,
    count_include_pad: bool, divisor_override: Any,
) -> Any:  # fmt: skip
    window = _sizes(kernel_size, n, function, "kernel_size")
    stride = window if stride is None or stride == [] or stride == () else _sizes(stride, n, function, "stride")
    padding = _sizes(padding, n, function, "padding")
    counts = _check_pool(function, n, input, window, stride, padding, (1,) * n, ceil_mode)
    if divisor_override is not None and divisor_override == 0:
        raise RuntimeError("divisor must be not zero")
    if input._array_.dtype.kind in "biuc":
        raise NotImplementedError(f"\"{function}_out_frame\" not implemented for '{input.dtype.scalar_name}'")
    if n == 1:
        input = input.unsqueeze(-2)
        window, stride, padding, counts = (1, *window), (1, *stride), (0, *padding), (1, *counts)
    out = apply(_AVERAGE[max(n, 2)], (input,), {
        "window": window, "stride": stride, "padding": padding, "counts": counts, "include": bool(count_include_pad),
        "divisor": divisor_override,
    })  # fmt: skip
    return out.squeeze(-2) if n == 1 else out


@public(method=False)
def avg_pool1d(
    input: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Any:  # fmt: skip
    """Means over windows of a sequence, (N, C, L) or (C, L); arguments as for avg_pool2d."""
    return _averaging("avg_pool1d", 1, input, kernel_size, stride, padding, ceil_mode, count_include_pad, None)


def avg_pool2d(
    input: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: bool = False,
    count_include_pad: bool = True, divisor_override: Any = None,
) -> Any:  # fmt: skip
    """Means over windows of images (N, C, H, W) or (C, H, W).

    stride: by default the kernel_size. count_include_pad: the padding's zeros count. divisor_override: divide by this
    instead of the number of elements. RuntimeError for arguments that do not fit.
    """
    return _averaging(
        "avg_pool2d", 2, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
    )


def avg_pool3d(
    input: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: bool = False,
    count_include_pad: bool = True, divisor_override: Any = None,
) -> Any:  # fmt: skip
    """Means over windows of volumes, (N, C, D, H, W) or (C, D, H, W); arguments as for avg_pool2d."""
    return _averaging(
        "avg_pool3d", 3, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
    )


def _without_indices(function: Any) -> Any:
    """The form in `mibun`, which has no `return_indices`."""

    def call(
        input: Any, kernel_size: Any, stride: Any = (), padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False
    ) -> Any:
        return function(input, kernel_size, stride, padding, dilation, ceil_mode)

    call.__name__, call.__doc__ = function.__name__, function.__doc__
    return call


for _function in (max_pool1d, max_pool2d, max_pool3d):
    FUNCTIONS[_function.__name__] = _without_indices(_function)
