"""Activation functions made of straight lines: rectifiers, clipping, shrinking and thresholds.

The gradient at a kink is PyTorch's choice.
"""

from __future__ import annotations

from ...core.batching import BatchedTensor
from ...core.dtypes import float64
from ...core.mode import no_grad
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import op, pointwise
from ...dispatch.inplace import apply_inplace
from ...dispatch.public import public
from ..creation.filled import empty
from ..creation.like import empty_like, ones_like
from ..pointwise.where import where
from .activation import ALL_BUT_REAL, run_activation, with_inplace_form


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """`max(input, 0)`, elementwise; the gradient at 0 is 0.

    Args:
        input: of any shape, of any real dtype but bool.
        inplace: write the result into `input`.

    Raises:
        RuntimeError: for bools and complex numbers.

    >>> import mibun as torch
    >>> torch.nn.functional.relu(torch.tensor([-1., 0., 2.]))
    tensor([0., 0., 2.])
    """
    if not isinstance(input, Tensor):
        check_tensor(input, "relu")
    return input.relu_() if inplace else input.relu()


def _leaky_kernel(xp, input, *, slope):
    if 0 < slope <= 1:
        return xp.maximum(input, input * slope)
    return xp.where(input > 0, input, input * slope)


def _leaky_rule(xp, g, input, slope):
    return xp.where(input > 0, g, g * slope)


def _leaky_rule_of_output(xp, g, out, slope):
    return xp.where(out > 0, g, g * slope)


_leaky_relu = with_inplace_form("leaky_relu", "LeakyRelu", _leaky_kernel, _leaky_rule, _leaky_rule_of_output, flat=True)
_rrelu_mean = with_inplace_form(
    "rrelu_mean", "RreluWithNoise", _leaky_kernel, _leaky_rule, _leaky_rule_of_output, flat=True
)


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """The input where positive, else `negative_slope * input`, elementwise.

    Args:
        input: of any shape, of a real floating dtype.
        inplace: write the result into `input`.

    Raises:
        RuntimeError: for bools, integers and complex numbers, and for a negative slope in place.

    Source: Maas, Hannun and Ng (2013).

    >>> import mibun as torch
    >>> torch.nn.functional.leaky_relu(torch.tensor([-1., 2.]), 0.1)
    tensor([-0.1000,  2.0000])
    """
    if inplace and negative_slope < 0:
        raise RuntimeError(
            "In-place leakyReLu backward calculation is triggered with a negative slope which is not supported. This "
            "is caused by calling in-place forward function with a negative slope, please call out-of-place version "
            "instead."
        )
    return run_activation(_leaky_relu, "leaky_relu", input, {"slope": float(negative_slope)}, inplace)


def leaky_relu_(input: Tensor, negative_slope: float = 0.01) -> Tensor:
    """`leaky_relu` in place.

    >>> import mibun as torch
    >>> torch.nn.functional.leaky_relu_(torch.tensor([-1., 2.]))
    tensor([-0.0100,  2.0000])
    """
    return leaky_relu(input, negative_slope, inplace=True)


@op(
    name="prelu_kernel",
    dtype=None,
    scalars=False,
    flat=("input", "weight"),
    vjp={
        "input": lambda xp, g, input, weight: xp.where(input > 0, g, g * weight),
        "weight": lambda xp, g, input: xp.where(input > 0, 0.0, g * input),
    },
    jvp={
        "input": lambda xp, t, input, weight: xp.where(input > 0, t, t * weight),
        "weight": lambda xp, t, input: xp.where(input > 0, 0.0, t * input),
    },
)
def _prelu(xp, input, weight):
    return xp.where(input > 0, input, input * weight)


@public("prelu")
def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """The input where positive, else `weight * input`, with a slope that is learnt.

    Args:
        input: (N, C, *), or of any shape for a single weight.
        weight: (1), () or (C), of the dtype of the input.

    Raises:
        RuntimeError: where sizes or dtypes do not fit.

    Source: He, Zhang, Ren and Sun (2015), arXiv:1502.01852.

    >>> import mibun as torch
    >>> torch.prelu(torch.tensor([-1., 2.]), torch.tensor(0.25))
    tensor([-0.2500,  2.0000])
    """
    check_tensor(input, "prelu")
    check_tensor(weight, "prelu", "weight", 2)
    x, w = input._array_, weight._array_
    if x.dtype != w.dtype:
        raise RuntimeError(f"prelu: Type promoting not supported. Got {input.dtype} and {weight.dtype}")
    if w.size != 1:
        if x.ndim == 0:
            raise RuntimeError("Not allow zero-dim input tensor.")
        channels = x.shape[1] if x.ndim > 1 else 1
        if channels != w.size:
            raise RuntimeError(
                "Mismatch of parameter numbers and input channel size. Found parameter numbers = "
                f"{w.size} and channel size = {channels}."
            )
    if w.ndim > 1:
        raise RuntimeError(f"prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {w.ndim}")
    weight = weight.view([1, -1] + [1] * (x.ndim - 2) if x.ndim > 1 else [1] * x.ndim)
    return apply(_prelu, (input, weight), {})


@op(
    name="rrelu_with_noise",
    dtype=None,
    scalars=False,
    constant=("noise",),
    flat=("input",),
    vjp={"input": lambda xp, g, noise: g * noise},
    jvp={"input": lambda xp, t, noise: t * noise},
)
def _rrelu(xp, input, noise):
    return input * noise


@public("rrelu", method=False)
def rrelu(
    input: Tensor, lower: float = 1.0 / 8, upper: float = 1.0 / 3, training: bool = False, inplace: bool = False
) -> Tensor:
    """The input where positive, else times a slope: in training drawn from [lower, upper] for each, else their mean.

    RuntimeError for lower > upper. Source: Xu, Wang, Chen and Li (2015), arXiv:1505.00853.
    """
    check_tensor(input, "rrelu")
    if lower > upper:
        raise RuntimeError(f"Lower bound should be less than or equal to the upper bound: lower={lower}, upper={upper}")
    if not training:
        return run_activation(_rrelu_mean, "rrelu", input, {"slope": (lower + upper) / 2}, inplace)
    with no_grad():
        negative = input.detach() <= 0
        if isinstance(input, BatchedTensor):  # each example has another number of them: slopes for all elements
            slopes = empty_like(input.detach()).uniform_(lower, upper)
            return _randomised(input, where(negative, slopes, 1.0), inplace)
        noise = ones_like(input)
        # (In float64 whatever the input: the stream is PyTorch's.)
        slopes = empty(int(negative.sum()), dtype=float64).uniform_(lower, upper)
        noise[negative] = slopes.to(input.dtype)
    return _randomised(input, noise, inplace)


def _randomised(input: Tensor, noise: Tensor, inplace: bool) -> Tensor:
    if inplace:
        return apply_inplace(_rrelu, (input, noise), {}, "rrelu_")
    return apply(_rrelu, (input, noise), {})


@public("rrelu_", method=False)
def rrelu_(input: Tensor, lower: float = 1.0 / 8, upper: float = 1.0 / 3, training: bool = False) -> Tensor:
    """`rrelu` in place."""
    return rrelu(input, lower, upper, training, inplace=True)


@op(
    pointwise,
    name="hardtanh",
    public=False,
    flat=("input",),
    refuses="bc",
    vjp=lambda xp, g, input, low, high: xp.where((input > low) & (input < high), g, 0.0),
)
def _hardtanh(xp, input, *, low, high):
    return xp.clip(input, xp.scalar(low, input.dtype), xp.scalar(high, input.dtype))


def hardtanh(input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Tensor:
    """The input limited to [min_val, max_val], elementwise; the gradient at the limits is 0.

    input: of any shape and real dtype but bool. ValueError for min_val > max_val.

    >>> import mibun as torch
    >>> torch.nn.functional.hardtanh(torch.tensor([-3., 0.5]))
    tensor([-1.0000,  0.5000])
    """
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    return run_activation(_hardtanh, "hardtanh", input, {"low": min_val, "high": max_val}, inplace)


def hardtanh_(input: Tensor, min_val: float = -1.0, max_val: float = 1.0) -> Tensor:
    """`hardtanh` in place.

    >>> import mibun as torch
    >>> torch.nn.functional.hardtanh_(torch.tensor([-3., 0.5]))
    tensor([-1.0000,  0.5000])
    """
    return hardtanh(input, min_val, max_val, inplace=True)


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """The input limited to [0, 6], elementwise; the gradient at the limits is 0. `inplace` overwrites the input."""
    return run_activation(_hardtanh, "relu6", input, {"low": 0.0, "high": 6.0}, inplace)


def _hardswish_rule(xp, g, input):
    return xp.where(input <= -3, 0.0, xp.where(input < 3, g * (input / 3 + 0.5), g))


@op(pointwise, name="hardswish", public=False, refuses=ALL_BUT_REAL, vjp=_hardswish_rule)
def _hardswish(xp, input):
    out = xp.clip(input, -3.0, 3.0)
    out += 3
    out *= input
    out /= 6
    return out


def hardswish(input: Tensor, inplace: bool = False) -> Tensor:
    """`input * relu6(input + 3) / 6`, elementwise, for any real floating dtype; `inplace` overwrites the input.

    Source: Howard et al., Searching for MobileNetV3 (2019), arXiv:1905.02244.

    >>> import mibun as torch
    >>> torch.nn.functional.hardswish(torch.tensor([0., 1., 4.]))
    tensor([0.0000, 0.6667, 4.0000])
    """
    return run_activation(_hardswish, "hardswish", input, {}, inplace)


@op(
    pointwise,
    name="hardsigmoid",
    public=False,
    flat=("input",),
    refuses=ALL_BUT_REAL,
    vjp=lambda xp, g, input: xp.where((input > -3) & (input < 3), g / 6, 0.0),
)
def _hardsigmoid(xp, input):
    return (xp.clip(input, -3.0, 3.0) + 3) / 6


def hardsigmoid(input: Tensor, inplace: bool = False) -> Tensor:
    """`relu6(input + 3) / 6`, elementwise, for any shape of a real floating dtype; `inplace` overwrites the input.

    >>> import mibun as torch
    >>> torch.nn.functional.hardsigmoid(torch.tensor([-4., 0., 1.5, 4.]))
    tensor([0.0000, 0.5000, 0.7500, 1.0000])
    """
    return run_activation(_hardsigmoid, "hardsigmoid", input, {}, inplace)


@op(
    pointwise,
    name="hardshrink",
    public=False,
    flat=("input",),
    refuses=ALL_BUT_REAL,
    vjp=lambda xp, g, input, bound: xp.where((input > bound) | (input < -bound), g, 0.0),
)
def _hardshrink(xp, input, *, bound):
    return xp.zero_within(input, bound)


@public("hardshrink")
def hardshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """0 where `|input| <= lambd`, else the input, elementwise, for any shape of a real floating dtype.

    >>> import mibun as torch
    >>> torch.hardshrink(torch.tensor([-1., 0.2, 0.6]))
    tensor([-1.0000,  0.0000,  0.6000])
    """
    return run_activation(_hardshrink, "hardshrink", input, {"bound": float(lambd)})


@op(
    pointwise,
    name="softshrink",
    public=False,
    flat=("input",),
    refuses=ALL_BUT_REAL,
    vjp=lambda xp, g, input, bound: xp.where((input > bound) | (input < -bound), g, 0.0),
)
def _softshrink(xp, input, *, bound):
    return xp.shift_to_zero(input, bound)


def softshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """The input moved towards 0 by `lambd`, and 0 where it is nearer than that, elementwise.

    input: of any shape, of a real floating dtype. RuntimeError for a negative lambd.

    >>> import mibun as torch
    >>> torch.nn.functional.softshrink(torch.tensor([-1., 0.2, 0.6]))
    tensor([-0.5000,  0.0000,  0.1000])
    """
    if lambd < 0:
        raise RuntimeError(
            f"lambda must be in range [0, inf) for input dtype {input.dtype.scalar_name}, but found {lambd}"
        )
    return run_activation(_softshrink, "softshrink", input, {"bound": float(lambd)})


@op(
    pointwise,
    name="threshold",
    public=False,
    flat=("input",),
    refuses="bc",
    vjp=lambda xp, g, input, threshold: xp.where(input <= threshold, 0.0, g),
)
def _threshold(xp, input, *, threshold, value):
    return xp.where(input <= threshold, xp.scalar(value, input.dtype), input)


@public("threshold", method=False)
def threshold(input: Tensor, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """The input where it is greater than `threshold`, else `value`, elementwise, for any real dtype but bool."""
    return run_activation(_threshold, "threshold", input, {"threshold": threshold, "value": value}, inplace)


@public("threshold_", method=False)
def threshold_(input: Tensor, threshold: float, value: float) -> Tensor:
    """`threshold` in place."""
    return run_activation(_threshold, "threshold", input, {"threshold": threshold, "value": value}, inplace=True)
