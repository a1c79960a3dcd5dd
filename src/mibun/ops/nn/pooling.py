"""Pooling over windows: maxima, means and power means, over one, two and three spatial dimensions.

Every operator here is linear, or picks elements; its transpose is the operator named beside it. As in PyTorch, pooling
over sequences is pooling over images of height 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...core.dtypes import int64
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor, whole
from ...dispatch.declare import linear, op
from ...dispatch.public import public

# --- maxima ---


def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
    # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
    space = tuple(input.shape[-len(window) :])
    return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)


def _take_rule(xp, t, winners, window, stride, padding, dilation):
    return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)


def _max_pool(xp, input, *, window, stride, padding, dilation, counts):
    return xp.max_windows(input, window, stride, padding, dilation, counts)


def _max_pool_with_indices(xp, input, *, window, stride, padding, dilation, counts):
    out, winners = xp.max_windows(input, window, stride, padding, dilation, counts)
    space = input.shape[-len(window) :]
    return out, xp.winner_positions(winners, space, window, stride, padding, dilation), winners


_MAX = {
    n: op(
        name=f"max_pool_{n}d",
        memory="channels",
        node=f"MaxPool{n}DWithIndicesBackward0",
        flat=("input",),
        dtype=None,
        scalars=False,
        residuals=("winners",),
        vjp=_spread_rule,
        jvp=_take_rule,
    )(_max_pool)
    for n in (2, 3)
}
_MAX_INDEXED = {
    n: op(
        name=f"max_pool_{n}d_indexed",
        memory="channels",
        node=f"MaxPool{n}DWithIndicesBackward0",
        flat=("input",),
        dtype=None,
        scalars=False,
        outputs=("out", "indices"),
        n_differentiable=1,
        residuals=("winners",),
        vjp=_spread_rule,
        jvp=lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        ),
    )(_max_pool_with_indices)
    for n in (2, 3)
}


@op(
    name="max_pool_spread",
    node="MaxPoolWithIndicesBackwardBackward0",
    dtype=None,
    scalars=False,
    constant=("winners",),
    vjp={"grad": _take_rule},
    jvp={
        "grad": lambda xp, t, winners, space, window, stride, padding, dilation: xp.max_pool_spread(
            t, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation
        )
    },
)
def _max_pool_spread(xp, grad, winners, *, space, window, stride, padding, dilation):
    return xp.spread_winners(grad, winners, space, window, stride, padding, dilation)


@op(
    name="max_pool_take",
    dtype=None,
    scalars=False,
    constant=("winners",),
    vjp={"input": _spread_rule},
    jvp={"input": _take_rule},
)
def _max_pool_take(xp, input, winners, *, window, stride, padding, dilation):
    return xp.take_winners(input, winners, window, stride, padding, dilation)


# --- means ---


def _average(xp, input, *, window, stride, padding, counts, include, divisor):
    return xp.average_windows(input, window, stride, padding, counts, include, divisor)


_AVERAGE = {
    n: op(
        linear,
        name=f"avg_pool_{n}d",
        memory="channels" if n == 2 else "contiguous",
        node=f"AvgPool{n}DBackward0",
        flat=("input",),
        dtype=None,
        scalars=False,
        vjp=lambda xp, g, input, window, stride, padding, counts, include, divisor: xp.avg_pool_spread(
            g,
            space=tuple(input.shape[-len(window) :]),
            window=window,
            stride=stride,
            padding=padding,
            include=include,
            divisor=divisor,
        ),
    )(_average)
    for n in (2, 3)
}


@op(
    linear,
    name="avg_pool_spread",
    dtype=None,
    scalars=False,
    vjp=lambda xp, g, grad_shape, window, stride, padding, include, divisor: (
        xp.avg_pool_2d if len(window) == 2 else xp.avg_pool_3d
    )(
        g,
        window=window,
        stride=stride,
        padding=padding,
        counts=grad_shape[-len(window) :],
        include=include,
        divisor=divisor,
    ),
)
def _avg_pool_spread(xp, grad, *, space, window, stride, padding, include, divisor):
    return xp.spread_windows(grad, space, window, stride, padding, include, divisor)


# --- arguments ---


def window_sizes(value: int | Sequence[int], n: int, function: str, name: str) -> tuple[int, ...]:
    """One int for each spatial dimension, from one for all or one each; RuntimeError where their number is wrong."""
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
    function: str, n: int, input: Tensor, window: tuple, stride: tuple, padding: tuple, dilation: tuple, ceil_mode: bool
) -> tuple[int, ...]:
    """How many windows there are along each axis, after checking everything."""
    check_tensor(input, function)
    shape = input._array_.shape
    if function == "max_pool1d":
        _check_max_pool1d(shape, window[0], stride[0], padding[0], dilation[0], ceil_mode)
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
    if len(shape) not in (n + 1, n + 2) or 0 in shape[-n - 1 :]:
        raise RuntimeError(
            f"{function}: Expected {n + 1}D or {n + 2}D (batch mode) tensor with optional 0 dim batch size for input, "
            f"but got: {list(shape)}"
        )
    counts = [
        _count_windows(*along, ceil_mode) for along in zip(shape[-n:], window, stride, padding, dilation, strict=True)
    ]
    if any([count < 1 for count in counts]):
        own, new = "x".join(map(str, shape[-n - 1 :])), "x".join(map(str, (shape[-n - 1], *counts)))
        raise RuntimeError(f"Given input size: ({own}). Calculated output size: ({new}). Output size is too small")
    return tuple(counts)


def _count_windows(size: int, window: int, stride: int, padding: int, dilation: int, ceil_mode: bool) -> int:
    """How many windows there are along an axis."""
    count = (size + 2 * padding - dilation * (window - 1) - 1 + (stride - 1 if ceil_mode else 0)) // stride + 1
    if ceil_mode and (count - 1) * stride >= size + padding:
        count -= 1  # a window must start inside the input or the padding before it
    return count


def _check_max_pool1d(
    shape: tuple[int, ...], window: int, stride: int, padding: int, dilation: int, ceil_mode: bool
) -> None:
    """What PyTorch checks in other words for this one function."""
    if len(shape) not in (2, 3):
        raise RuntimeError(
            f"max_pool1d() Expected 2D or 3D input tensor, but got {list(shape)}: it takes (channels, length), with or "
            "without a batch"
        )
    for value, name in ((window, "kernel_size"), (stride, "stride")):
        if value <= 0:
            raise RuntimeError(f"max_pool1d() {name} must be greater than zero, but got {value}")
    if padding < 0:
        raise RuntimeError(f"max_pool1d() padding must be non-negative, but got {padding}")
    if padding > window // 2:
        raise RuntimeError(
            f"max_pool1d() padding should be at most half of kernel size, but got padding={padding} and "
            f"kernel_size={window}"
        )
    if dilation <= 0:
        raise RuntimeError(f"max_pool1d() dilation must be greater than zero, but got {dilation}")
    count = _count_windows(shape[-1], window, stride, padding, dilation, ceil_mode)
    if count <= 0:
        raise RuntimeError(f"max_pool1d() Invalid computed output size: {count}")


def _max_pooling(
    function: str,
    n: int,
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None,
    padding: int | Sequence[int],
    dilation: int | Sequence[int],
    ceil_mode: bool,
    return_indices: bool,
) -> Tensor | tuple[Tensor, Tensor]:
    window = window_sizes(kernel_size, n, function, "kernel_size")
    stride = window if stride is None or stride == [] or stride == () else window_sizes(stride, n, function, "stride")
    padding = window_sizes(padding, n, function, "padding")
    dilation = window_sizes(dilation, n, function, "dilation")
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
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Maxima over windows of a sequence, (N, C, L) or (C, L); arguments and errors as for `max_pool2d`.

    >>> import mibun as torch
    >>> torch.nn.functional.max_pool1d(torch.tensor([[1., 3., 2., 4., 0., 5.]]), 2)
    tensor([[3., 4., 5.]])
    """
    return _max_pooling("max_pool1d", 1, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool2d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Maxima over windows of images (N, C, H, W) or (C, H, W); the gradient goes to the first maximum of each window.

    Args:
        input: of any real dtype but bool; the result is (N, C, H', W'), of the same dtype, with
            H' = (H + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1. NaN wins.
        kernel_size: the size of the windows: an int, or a pair for height and width, as all that follow.
        stride: from window to window; by default the kernel_size.
        padding: elements added at both ends, which count as -inf; at most half of the window.
        dilation: from element to element within a window.
        ceil_mode: round H' up: windows may reach over the end.
        return_indices: also return their positions in the flattened H x W, int64, for `max_unpool2d`.

    Raises:
        RuntimeError: for arguments that do not fit.
        NotImplementedError: for bools and complex numbers.

    >>> import mibun as torch
    >>> torch.nn.functional.max_pool2d(torch.arange(16.).reshape(1, 4, 4), 2)
    tensor([[[ 5.,  7.],
             [13., 15.]]])
    """
    return _max_pooling("max_pool2d", 2, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool3d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Maxima over windows of volumes, (N, C, D, H, W) or (C, D, H, W); arguments and errors as for `max_pool2d`."""
    return _max_pooling("max_pool3d", 3, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def _averaging(
    function: str,
    n: int,
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None,
    padding: int | Sequence[int],
    ceil_mode: bool,
    count_include_pad: bool,
    divisor_override: int | None,
) -> Tensor:
    window = window_sizes(kernel_size, n, function, "kernel_size")
    stride = window if stride is None or stride == [] or stride == () else window_sizes(stride, n, function, "stride")
    padding = window_sizes(padding, n, function, "padding")
    counts = _check_pool(function, n, input, window, stride, padding, (1,) * n, ceil_mode)
    if divisor_override is not None and divisor_override == 0:
        raise RuntimeError("divisor must be not zero")
    whole_numbers = input.dtype is int64
    if input._array_.dtype.kind in "biuc" and not whole_numbers:
        raise NotImplementedError(f"\"{function}_out_frame\" not implemented for '{input.dtype.scalar_name}'")
    if whole_numbers:
        input = input.double()  # exact up to 2 ** 53; the mean is cut to an integer, as the division of two in C
    if n == 1:
        input = input.unsqueeze(-2)
        window, stride, padding, counts = (1, *window), (1, *stride), (0, *padding), (1, *counts)
    out = apply(
        _AVERAGE[max(n, 2)],
        (input,),
        {
            "window": window,
            "stride": stride,
            "padding": padding,
            "counts": counts,
            "include": bool(count_include_pad),
            "divisor": divisor_override,
        },
    )
    if whole_numbers:
        out = out.long()
    return out.squeeze(-2) if n == 1 else out


@public("avg_pool1d", method=False)
def avg_pool1d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """Means over windows of a sequence, (N, C, L) or (C, L); arguments and errors as for `avg_pool2d`.

    >>> import mibun as torch
    >>> torch.nn.functional.avg_pool1d(torch.tensor([[1., 3., 2., 4.]]), 2)
    tensor([[2., 3.]])
    """
    return _averaging("avg_pool1d", 1, input, kernel_size, stride, padding, ceil_mode, count_include_pad, None)


def avg_pool2d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """Means over windows of images (N, C, H, W) or (C, H, W).

    Args:
        input: of a real floating dtype; the result is (N, C, H', W') with
            H' = (H + 2 * padding - kernel_size) // stride + 1.
        kernel_size: the size of the windows: an int, or a pair for height and width, as stride and padding.
        stride: from window to window; by default the kernel_size.
        padding: zeros added at both ends, at most half of the window.
        ceil_mode: round H' up: windows may reach over the end.
        count_include_pad: the padding's zeros count as elements.
        divisor_override: divide by this instead of the number of elements.

    Raises:
        RuntimeError: for arguments that do not fit.
        NotImplementedError: for integers and complex numbers.

    >>> import mibun as torch
    >>> torch.nn.functional.avg_pool2d(torch.arange(16.).reshape(1, 4, 4), 2)
    tensor([[[ 2.5000,  4.5000],
             [10.5000, 12.5000]]])
    """
    return _averaging(
        "avg_pool2d", 2, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
    )


def avg_pool3d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """Means over windows of volumes, (N, C, D, H, W) or (C, D, H, W); arguments and errors as for `avg_pool2d`."""
    return _averaging(
        "avg_pool3d", 3, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
    )


# --- power means ---


def _power_pool(
    average: Callable,
    n: int,
    input: Tensor,
    p: float | Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None,
    ceil_mode: bool,
) -> Tensor:
    size = 1
    for k in window_sizes(kernel_size, n, "lp_pool", "kernel_size"):
        size *= k
    mean = average(input.pow(p), kernel_size, stride, 0, ceil_mode)
    # Odd powers can make the mean negative; its root is then 0.
    return (mean.sign() * mean.abs().relu()).mul(size).pow(1.0 / p)


def lp_pool1d(
    input: Tensor,
    norm_type: float | Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    ceil_mode: bool = False,
) -> Tensor:
    """The p-norm, p = norm_type, over windows of (N, C, L) or (C, L); see `lp_pool2d`."""
    return _power_pool(avg_pool1d, 1, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool2d(
    input: Tensor,
    norm_type: float | Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    ceil_mode: bool = False,
) -> Tensor:
    """The p-norm, p = norm_type, over windows of (N, C, H, W) or (C, H, W): `(sum of x**p)**(1 / p)`.

    kernel_size, stride, ceil_mode: as for `avg_pool2d`.

    >>> import mibun as torch
    >>> torch.nn.functional.lp_pool2d(torch.tensor([[[3., 0.], [0., 4.]]]), 2, 2)
    tensor([[[5.]]])
    """
    return _power_pool(avg_pool2d, 2, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool3d(
    input: Tensor,
    norm_type: float | Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    ceil_mode: bool = False,
) -> Tensor:
    """The p-norm, p = norm_type, over windows of (N, C, D, H, W) or (C, D, H, W); see `lp_pool2d`."""
    return _power_pool(avg_pool3d, 3, input, norm_type, kernel_size, stride, ceil_mode)


# --- maxima in other forms ---


def _without_indices(pool: Callable) -> Callable:
    """The form of a max pooling in `mibun`, which has no `return_indices`."""

    def call(
        input: Tensor,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] = (),
        padding: int | Sequence[int] = 0,
        dilation: int | Sequence[int] = 1,
        ceil_mode: bool = False,
    ) -> Tensor:
        return pool(input, kernel_size, stride, padding, dilation, ceil_mode)

    call.__doc__ = pool.__doc__
    return public(pool.__name__, method=False)(call)


for _pool in (max_pool1d, max_pool2d, max_pool3d):
    _without_indices(_pool)


def _with_indices(pool: Callable) -> Callable:
    """The form of a max pooling in `nn.functional` that always returns indices."""

    def call(
        input: Tensor,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] | None = None,
        padding: int | Sequence[int] = 0,
        dilation: int | Sequence[int] = 1,
        ceil_mode: bool = False,
        return_indices: bool = False,
    ) -> tuple[Tensor, Tensor]:
        return pool(input, kernel_size, stride, padding, dilation, ceil_mode, True)

    call.__doc__ = f"`{pool.__name__}` and the positions of the maxima, whatever `return_indices` says."
    return call


max_pool1d_with_indices = _with_indices(max_pool1d)
max_pool2d_with_indices = _with_indices(max_pool2d)
max_pool3d_with_indices = _with_indices(max_pool3d)


@public("max_pool1d_with_indices", method=False)
def main_max_pool1d_with_indices(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] = (),
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
) -> tuple[Tensor, Tensor]:
    """`nn.functional.max_pool1d` and the positions of the maxima."""
    return max_pool1d_with_indices(input, kernel_size, stride, padding, dilation, ceil_mode)
