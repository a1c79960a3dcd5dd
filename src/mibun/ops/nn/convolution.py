"""Convolutions over one, two and three spatial dimensions, and their transposes.

The three operators here are transposes of each other: `convolve` (linear in input and in weight), `convolve_transposed`
(its transpose in the input) and `convolve_weights` (its transpose in the weight). Each is the derivative of the other
two, so that every order works. The arithmetic is in the namespace's `correlate`, `correlate_transposed` and
`correlate_weights`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...core.batching import added_onto
from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import whole
from ...dispatch.declare import multilinear, op
from ...dispatch.public import public
from .padding import pad


def _sum_channels(xp: Any, g: Array) -> Array:
    """The gradient of a bias: the sum over all but the channels."""
    return xp.sum(g, axis=(0, *range(2, g.ndim)))


def _spread_bias(xp: Any, t: Array, shape: tuple[int, ...]) -> Array:
    return xp.broadcast_to(xp.reshape(t, (-1, *[1] * (len(shape) - 2))), shape)


def _first_windows(out: Array, shape: tuple[int, ...]) -> Array:
    """What there are windows for in `shape`: an output padding of a stride or more leaves room for others."""
    if out.shape == shape:
        return out
    return out[(slice(None), slice(None), *[slice(n) for n in shape[2:]])]


@op(
    name="convolve",
    memory="channels",
    node="ConvolutionBackward0",
    traced=("input", "weight"),
    dtype=None,
    optional=True,
    scalars=False,
    vjp={
        "input": lambda xp, g, weight, input_shape, stride, padding, dilation, groups: xp.convolve_transposed(
            g,
            xp.conj(weight),
            None,
            space=input_shape[2:],
            stride=stride,
            padding=padding,
            dilation=dilation,
            groups=groups,
        ),
        "weight": lambda xp, g, input, weight_shape, stride, padding, dilation, groups: xp.convolve_weights(
            g, xp.conj(input), window=weight_shape[2:], stride=stride, padding=padding, dilation=dilation, groups=groups
        ),
        "bias": lambda xp, g: _sum_channels(xp, g),
    },
    jvp={
        "input": lambda xp, t, weight, stride, padding, dilation, groups: xp.convolve(
            t, weight, None, stride=stride, padding=padding, dilation=dilation, groups=groups
        ),
        "weight": lambda xp, t, input, stride, padding, dilation, groups: xp.convolve(
            input, t, None, stride=stride, padding=padding, dilation=dilation, groups=groups
        ),
        "bias": lambda xp, t, out_shape: _spread_bias(xp, t, out_shape),
    },
)
def _convolve(xp, input, weight, bias, *, stride, padding, dilation, groups):
    out = xp.correlate(input, weight, stride, padding, dilation, groups)
    if bias is not None:
        out = added_onto(out, xp.reshape(bias, (-1, *[1] * (out.ndim - 2))))
    return out


@op(
    name="convolve_transposed",
    memory="channels",
    node="ConvolutionBackward0",
    traced=("input", "weight"),
    dtype=None,
    optional=True,
    scalars=False,
    vjp={
        "input": lambda xp, g, weight, input_shape, stride, padding, dilation, groups: _first_windows(
            xp.convolve(g, xp.conj(weight), None, stride=stride, padding=padding, dilation=dilation, groups=groups),
            input_shape,
        ),
        "weight": lambda xp, g, input, weight_shape, stride, padding, dilation, groups: xp.convolve_weights(
            xp.conj(input), g, window=weight_shape[2:], stride=stride, padding=padding, dilation=dilation, groups=groups
        ),
        "bias": lambda xp, g: _sum_channels(xp, g),
    },
    jvp={
        "input": lambda xp, t, weight, space, stride, padding, dilation, groups: xp.convolve_transposed(
            t, weight, None, space=space, stride=stride, padding=padding, dilation=dilation, groups=groups
        ),
        "weight": lambda xp, t, input, space, stride, padding, dilation, groups: xp.convolve_transposed(
            input, t, None, space=space, stride=stride, padding=padding, dilation=dilation, groups=groups
        ),
        "bias": lambda xp, t, out_shape: _spread_bias(xp, t, out_shape),
    },
)
def _convolve_transposed(xp, input, weight, bias, *, space, stride, padding, dilation, groups):
    out = xp.correlate_transposed(input, weight, space, stride, padding, dilation, groups)
    if bias is not None:
        out = added_onto(out, xp.reshape(bias, (-1, *[1] * (out.ndim - 2))))
    return out


@op(
    multilinear,
    name="convolve_weights",
    node="ConvolutionBackwardBackward0",
    dtype=None,
    scalars=False,
    vjp={
        # With w the result, <w, v> is bilinear in (g, input) for each v: the pairing of g with convolve(input, v).
        "grad": lambda xp, g, input, grad_shape, stride, padding, dilation, groups: _first_windows(
            xp.convolve(xp.conj(input), g, None, stride=stride, padding=padding, dilation=dilation, groups=groups),
            grad_shape,
        ),
        "input": lambda xp, g, grad, input_shape, stride, padding, dilation, groups: xp.convolve_transposed(
            xp.conj(grad),
            g,
            None,
            space=input_shape[2:],
            stride=stride,
            padding=padding,
            dilation=dilation,
            groups=groups,
        ),
    },
)
def _convolve_weights(xp, grad, input, *, window, stride, padding, dilation, groups):
    return xp.correlate_weights(grad, input, window, stride, padding, dilation, groups)


# --- arguments ---


def _expand(value: int | Sequence[int], n: int, function: str, name: str) -> tuple[int, ...]:
    """One int for each spatial dimension."""
    if type(value) is int:
        return (value,) * n
    if not isinstance(value, (int, Tensor)) and hasattr(value, "__iter__"):
        values = tuple([whole(v, function, name) for v in value])
        if len(values) == 1:
            return values * n
        if len(values) != n:
            raise RuntimeError(
                f"expected {name} to be a single integer value or a list of {n} values to match the "
                f"convolution dimensions, but got {name}={list(values)}"
            )
        return values
    return (whole(value, function, name),) * n


def _check_operands(function: str, n: int, input: Tensor, weight: Tensor, bias: Tensor | None) -> None:
    for position, (name, value) in enumerate((("input", input), ("weight", weight), ("bias", bias))):
        if not isinstance(value, Tensor) and not (name == "bias" and value is None):
            raise TypeError(
                f"{function}(): argument '{name}' (position {position + 1}) must be Tensor, not {type(value).__name__}"
            )
    x, w = input._array_, weight._array_
    if x.ndim != n + 1 and x.ndim != n + 2:
        raise RuntimeError(
            f"Expected {n + 1}D (unbatched) or {n + 2}D (batched) input to {function}, but got input of size: "
            f"{list(x.shape)}"
        )
    if w.ndim != n + 2:
        raise RuntimeError(
            f"Expected {n + 2}-dimensional weight for {function}, (outputs, channels / groups, *window) or, for a "
            f"transposed convolution, (channels, outputs / groups, *window), but got weight of size {list(w.shape)}"
        )
    if x.dtype != w.dtype:
        raise RuntimeError(
            f"Input type ({input.dtype.cpp_name}) and weight type ({weight.dtype.cpp_name}) should be the same"
        )
    if bias is not None and bias._array_.dtype != x.dtype:
        raise RuntimeError(
            f"Input type ({input.dtype.cpp_name}) and bias type ({bias.dtype.cpp_name}) should be the same"
        )
    if x.dtype.kind == "b":
        raise NotImplementedError(f"\"{function}\" not implemented for 'Bool'")


def _check_geometry(stride: tuple, padding: tuple, dilation: tuple, groups: int) -> None:
    if any([s <= 0 for s in stride]):
        raise RuntimeError(f"non-positive stride is not supported: stride is {stride}")
    if any([p < 0 for p in padding]):
        raise RuntimeError(f"negative padding is not supported: padding is {padding}")
    if any([d <= 0 for d in dilation]):
        raise RuntimeError(f"dilation should be greater than zero, but is {dilation}")
    if groups <= 0:
        raise RuntimeError(f"non-positive groups is not supported: groups is {groups}")


def _check_bias(weight_shape: tuple, outputs: int, bias: Tensor | None, transposed: bool) -> None:
    if bias is not None and bias._array_.shape != (outputs,):
        kind = "transposed=1, weight" if transposed else "weight"
        raise RuntimeError(
            f"Given {kind} of size {list(weight_shape)}, expected bias to be 1-dimensional with {outputs} elements, "
            f"but got bias of size {list(bias._array_.shape)} instead"
        )


def _convolution(
    function: str,
    n: int,
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: int | Sequence[int],
    padding: int | Sequence[int] | str,
    dilation: int | Sequence[int],
    groups: int,
) -> Tensor:
    _check_operands(function, n, input, weight, bias)
    x, w = input._array_, weight._array_
    stride = _expand(stride, n, function, "stride")
    dilation = _expand(dilation, n, function, "dilation")
    groups = whole(groups, function, "groups")
    if x.ndim == n + 1:
        return _convolution(function, n, input.unsqueeze(0), weight, bias, stride, padding, dilation, groups).squeeze(0)
    if isinstance(padding, str):
        input, padding = _named_padding(input, padding, w.shape[2:], stride, dilation)
        x = input._array_
    else:
        padding = _expand(padding, n, function, "padding")
    _check_geometry(stride, padding, dilation, groups)
    if w.shape[0] < groups or w.shape[0] % groups:
        words = f"at least {groups}" if w.shape[0] < groups else f"divisible by {groups}"
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be {words} at dimension 0, but got weight of size "
            f"{list(w.shape)} instead"
        )
    if x.shape[1] != w.shape[1] * groups:
        raise RuntimeError(
            f"Given groups={groups}, weight of size {list(w.shape)}, expected input{list(x.shape)} to have "
            f"{w.shape[1] * groups} channels, but got {x.shape[1]} channels instead"
        )
    _check_bias(w.shape, w.shape[0], bias, False)
    padded = [size + 2 * p for size, p in zip(x.shape[2:], padding, strict=True)]
    reach = [d * (k - 1) + 1 for k, d in zip(w.shape[2:], dilation, strict=True)]
    if any([a < b for a, b in zip(padded, reach, strict=True)]):
        raise RuntimeError(
            f"Calculated padded input size per channel: ({' x '.join(map(str, padded))}). Kernel size: "
            f"({' x '.join(map(str, reach))}). Kernel size can't be greater than actual input size"
        )
    return apply(
        _convolve,
        (input, weight, bias),
        {
            "stride": stride,
            "padding": padding,
            "dilation": dilation,
            "groups": groups,
        },
    )


def _named_padding(input: Tensor, padding: str, window: tuple, stride: tuple, dilation: tuple) -> tuple[Tensor, tuple]:
    """The input and the numeric padding for padding='valid' or 'same'; what 'same' needs on one side only is padded."""
    if padding == "valid":
        return input, (0,) * len(window)
    if padding != "same":
        raise RuntimeError(f"Invalid padding string: '{padding}': it must be 'valid' or 'same'")
    if any([s != 1 for s in stride]):
        raise RuntimeError("padding='same' is not supported for strided convolutions")
    totals = [d * (k - 1) for k, d in zip(window, dilation, strict=True)]
    if any([total % 2 for total in totals]):
        extra = [side for total in reversed(totals) for side in (0, total % 2)]
        input = pad(input, extra)
    return input, tuple([total // 2 for total in totals])


@public("conv1d", method=False)
def conv1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] | str = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> Tensor:
    """Cross-correlation over sequences: input (N, C, L) or (C, L), weight (O, C / groups, k), bias (O) -> (N, O, L').

    stride, padding and dilation are ints or 1-tuples; arguments and errors are else as for `conv2d`.

    >>> import mibun as torch
    >>> torch.conv1d(torch.arange(5.).reshape(1, 1, 5), torch.tensor([[[-1., 1.]]]))
    tensor([[[1., 1., 1., 1.]]])
    """
    return _convolution("conv1d", 1, input, weight, bias, stride, padding, dilation, groups)


@public("conv2d", method=False)
def conv2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] | str = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> Tensor:
    """Cross-correlation over images: `out[n, o, y, x] = bias[o] + sum over c, i, j of
    weight[o, c, i, j] * input[n, c, y * stride + i * dilation, x * stride + j * dilation]`.

    Args:
        input: (N, C, H, W) or (C, H, W), of any dtype but bool.
        weight: (O, C / groups, kH, kW), of the same dtype.
        bias: (O), of the same dtype, or None.
        stride: from window to window: an int, or a pair for height and width, as padding and dilation.
        padding: zeros added on both sides; or "valid" for none, or "same" for as many as keep the size.
        dilation: from element to element within a window.
        groups: the channels are cut into so many parts, each with its own outputs.

    Returns:
        (N, O, H', W') or (O, H', W') with H' = (H + 2 * padding - dilation * (kH - 1) - 1) // stride + 1.

    Raises:
        RuntimeError: where sizes or dtypes do not fit.

    >>> import mibun as torch
    >>> torch.nn.functional.conv2d(torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2))
    tensor([[[[4., 4.],
              [4., 4.]]]])
    """
    return _convolution("conv2d", 2, input, weight, bias, stride, padding, dilation, groups)


@public("conv3d", method=False)
def conv3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] | str = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> Tensor:
    """Cross-correlation over volumes: input (N, C, D, H, W) or (C, D, H, W), weight (O, C / groups, kD, kH, kW).

    Arguments, sizes and errors are as for conv2d, with one int more.
    """
    return _convolution("conv3d", 3, input, weight, bias, stride, padding, dilation, groups)


# --- transposed ---


def _transposed(
    function: str,
    n: int,
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: int | Sequence[int],
    padding: int | Sequence[int],
    output_padding: int | Sequence[int],
    groups: int,
    dilation: int | Sequence[int],
) -> Tensor:
    _check_operands(function, n, input, weight, bias)
    x, w = input._array_, weight._array_
    stride = _expand(stride, n, function, "stride")
    padding = _expand(padding, n, function, "padding")
    extra = _expand(output_padding, n, function, "output_padding")
    dilation = _expand(dilation, n, function, "dilation")
    groups = whole(groups, function, "groups")
    if x.ndim == n + 1:
        batched = input.unsqueeze(0)
        return _transposed(function, n, batched, weight, bias, stride, padding, extra, groups, dilation).squeeze(0)
    _check_geometry(stride, padding, dilation, groups)
    if any([e < 0 for e in extra]):
        raise RuntimeError(f"negative output_padding is not supported: output_padding is {extra}")
    if w.shape[0] % groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be divisible by {groups} at dimension 0, but got weight of "
            f"size {list(w.shape)} instead"
        )
    if x.shape[1] != w.shape[0]:
        raise RuntimeError(
            f"Given transposed=1, weight of size {list(w.shape)}, expected input{list(x.shape)} to have {w.shape[0]} "
            f"channels, but got {x.shape[1]} channels instead"
        )
    _check_bias(w.shape, w.shape[1] * groups, bias, True)
    for e, s, d in zip(extra, stride, dilation, strict=True):
        if e >= s and e >= d:
            raise RuntimeError(
                f"output padding must be smaller than either stride or dilation, but got output_padding: {extra}, "
                f"stride: {stride}, dilation: {dilation}"
            )
    space = tuple(
        [
            (size - 1) * s - 2 * p + d * (k - 1) + e + 1
            for size, k, s, p, d, e in zip(x.shape[2:], w.shape[2:], stride, padding, dilation, extra, strict=True)
        ]
    )
    if any([size < 1 for size in space]):
        raise RuntimeError(
            f"Given input size per channel: ({' x '.join(map(str, x.shape[2:]))}). Calculated output size per channel: "
            f"({' x '.join(map(str, space))}). Output size is too small"
        )
    return apply(
        _convolve_transposed,
        (input, weight, bias),
        {
            "space": space,
            "stride": stride,
            "padding": padding,
            "dilation": dilation,
            "groups": groups,
        },
    )


@public("conv_transpose1d", method=False)
def conv_transpose1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    output_padding: int | Sequence[int] = 0,
    groups: int = 1,
    dilation: int | Sequence[int] = 1,
) -> Tensor:
    """The transpose of conv1d in its input: input (N, C, L) or (C, L), weight (C, O / groups, k), bias (O).

    output_padding adds to the size of the result on one side, to tell apart the inputs of a strided conv1d. The other
    arguments and the errors are as for `conv2d`.

    >>> import mibun as torch
    >>> torch.conv_transpose1d(torch.tensor([[[1., 2.]]]), torch.ones(1, 1, 2), stride=2)
    tensor([[[1., 1., 2., 2.]]])
    """
    return _transposed("conv_transpose1d", 1, input, weight, bias, stride, padding, output_padding, groups, dilation)


@public("conv_transpose2d", method=False)
def conv_transpose2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    output_padding: int | Sequence[int] = 0,
    groups: int = 1,
    dilation: int | Sequence[int] = 1,
) -> Tensor:
    """The transpose of conv2d in its input: input (N, C, H, W) or (C, H, W), weight (C, O / groups, kH, kW), bias (O).

    The result is (N, O, H', W') with H' = (H - 1) * stride - 2 * padding + dilation * (kH - 1) + output_padding + 1.
    RuntimeError where sizes or dtypes do not fit.

    >>> import mibun as torch
    >>> torch.conv_transpose2d(torch.tensor([[[[1., 2.]]]]), torch.ones(1, 1, 1, 2), stride=2)
    tensor([[[[1., 1., 2., 2.]]]])
    """
    return _transposed("conv_transpose2d", 2, input, weight, bias, stride, padding, output_padding, groups, dilation)


@public("conv_transpose3d", method=False)
def conv_transpose3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    output_padding: int | Sequence[int] = 0,
    groups: int = 1,
    dilation: int | Sequence[int] = 1,
) -> Tensor:
    """The transpose of conv3d in its input: input (N, C, D, H, W), weight (C, O / groups, kD, kH, kW), bias (O)."""
    return _transposed("conv_transpose3d", 3, input, weight, bias, stride, padding, output_padding, groups, dilation)


# --- other forms ---


@public("conv_tbc", method=False)
def conv_tbc(input: Tensor, weight: Tensor, bias: Tensor, pad: int = 0) -> Tensor:
    """A convolution of sequences (T, B, C) with weight (k, C, D) and bias (D), to (T', B, D).

    RuntimeError where they do not fit.
    """
    for name, tensor, n in (("Input", input, 3), ("Weight", weight, 3), ("Bias", bias, 1)):
        if tensor.dim() != n:
            words = "dims: time, batch, in_channel" if name == "Input" else f"{n} dims"
            raise RuntimeError(f"{name} must have {n} {words}, but got {tensor.dim()}")
    if input.shape[2] != weight.shape[1]:
        raise RuntimeError("Input dim 2 (input channels) is not == dim 1 in the weight tensor")
    if weight.shape[2] != bias.shape[0]:
        raise RuntimeError("Bias size must equal dim 2 in the weight tensor (output channels).")
    return conv1d(input.permute(1, 2, 0), weight.permute(2, 1, 0), bias, padding=pad).permute(2, 0, 1).contiguous()


_CONVOLUTIONS = {1: conv1d, 2: conv2d, 3: conv3d}
_TRANSPOSED = {1: conv_transpose1d, 2: conv_transpose2d, 3: conv_transpose3d}


@public("convolution", method=False)
def convolution(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: int | Sequence[int],
    padding: int | Sequence[int],
    dilation: int | Sequence[int],
    transposed: bool,
    output_padding: int | Sequence[int],
    groups: int,
) -> Tensor:
    """`conv1d` to `conv3d`, or with `transposed` their transposes, by the number of dimensions of the input."""
    n = input.dim() - 2
    if n not in (1, 2, 3):
        raise RuntimeError(f"convolution(): expected input of 3 to 5 dimensions, but got {n + 2}")
    if transposed:
        return _TRANSPOSED[n](input, weight, bias, stride, padding, output_padding, groups, dilation)
    return _CONVOLUTIONS[n](input, weight, bias, stride, padding, dilation, groups)
