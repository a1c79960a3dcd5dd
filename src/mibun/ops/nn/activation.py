"""Activation functions: elementwise nonlinearities, and the gated linear unit.

`relu`, `sigmoid` and `tanh` are with the other elementwise functions; softmax has a file of its own. Each formula is
stated once, in the kernel; derivatives at kinks are PyTorch's choices.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ...core.mode import no_grad
from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor, wrap_dim
from ...dispatch.declare import Op, op, pointwise
from ...dispatch.inplace import apply_inplace
from ...dispatch.public import public
from ..creation.filled import empty
from ..creation.like import ones_like

_ALL_BUT_REAL = "biuc"  # the kinds that most activations refuse
_GELU_REFUSES = dict.fromkeys(_ALL_BUT_REAL, "\"GeluKernelImpl\" not implemented for '{dtype}'")


def _run(record: Op | tuple[Op, Op], name: str, input: Tensor, params: dict[str, Any], inplace: bool = False) -> Tensor:
    if isinstance(record, tuple):  # the operator, and its form for use in place
        record = record[bool(inplace)]
    if inplace:
        check_tensor(input, name)
        return apply_inplace(record, (input,), params, name + "_")
    return apply(record, (input,), params)


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
    check_tensor(input, "relu")
    return input.relu_() if inplace else input.relu()


def sigmoid(input: Tensor) -> Tensor:
    """`1 / (1 + exp(-input))`, elementwise, for any shape. Integers give the default dtype.

    >>> import mibun as torch
    >>> torch.nn.functional.sigmoid(torch.tensor([-1., 0., 1.]))
    tensor([0.2689, 0.5000, 0.7311])
    """
    check_tensor(input, "sigmoid")
    return input.sigmoid()


def tanh(input: Tensor) -> Tensor:
    """The hyperbolic tangent, elementwise, for any shape. Integers give the default dtype.

    >>> import mibun as torch
    >>> torch.nn.functional.tanh(torch.tensor([-1., 0., 1.]))
    tensor([-0.7616,  0.0000,  0.7616])
    """
    check_tensor(input, "tanh")
    return input.tanh()


# --- smooth ---


def _silu_rule(xp, g, input):
    s = xp.sigmoid(input)
    return g * (s * (1 + input * (1 - s)))


@op(
    pointwise,
    name="silu",
    public=False,
    refuses="biu",
    vjp=lambda xp, g, input: xp.conj(_silu_rule(xp, xp.conj(g), input)),
)
def _silu(xp, input):
    return input * xp.sigmoid(input)


def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """`input * sigmoid(input)`, elementwise: the sigmoid-weighted linear unit, also called swish.

    Args:
        input: of any shape, of a floating or complex dtype.
        inplace: write the result into `input`.

    Raises:
        RuntimeError: for bools and integers.

    Source: Elfwing, Uchibe and Doya (2018), arXiv:1702.03118.

    >>> import mibun as torch
    >>> torch.nn.functional.silu(torch.tensor([-1., 0., 1.]))
    tensor([-0.2689,  0.0000,  0.7311])
    """
    return _run(_silu, "silu", input, {}, inplace)


def _normal_cdf(xp: Any, x: Array) -> Array:
    return 0.5 * (1 + xp.erf(x * math.sqrt(0.5)))


@op(
    pointwise,
    name="gelu_exact",
    node="GeluBackward0",
    public=False,
    refuses=_GELU_REFUSES,
    vjp=lambda xp, g, input: (
        g * (_normal_cdf(xp, input) + input * xp.exp(input * input * -0.5) * (1 / math.sqrt(2 * math.pi)))
    ),
)
def _gelu(xp, input):
    return input * _normal_cdf(xp, input)


_GELU = math.sqrt(2 / math.pi)


def _gelu_tanh_rule(xp, g, input):
    t = xp.tanh(_GELU * (input + 0.044715 * input * input * input))
    return g * (0.5 * (1 + t) + 0.5 * input * (1 - t * t) * (_GELU * (1 + 3 * 0.044715 * input * input)))


@op(pointwise, name="gelu_tanh", node="GeluBackward0", public=False, refuses=_GELU_REFUSES, vjp=_gelu_tanh_rule)
def _gelu_tanh(xp, input):
    return 0.5 * input * (1 + xp.tanh(_GELU * (input + 0.044715 * input * input * input)))


def gelu(input: Tensor, *, approximate: str = "none") -> Tensor:
    """`input * Phi(input)`, elementwise, with Phi the distribution function of the standard normal distribution.

    Args:
        input: of any shape, of a real floating dtype.
        approximate: "none", or "tanh" for `input / 2 * (1 + tanh(sqrt(2 / pi) * (input + 0.044715 * input**3)))`.

    Raises:
        RuntimeError: for another word, and for bools, integers and complex numbers.

    Source: Hendrycks and Gimpel, Gaussian Error Linear Units (2016), arXiv:1606.08415.

    >>> import mibun as torch
    >>> torch.nn.functional.gelu(torch.tensor([-1., 0., 1.]))
    tensor([-0.1587,  0.0000,  0.8413])
    """
    if approximate not in ("none", "tanh"):
        raise RuntimeError("approximate argument must be either none or tanh.")
    return _run(_gelu if approximate == "none" else _gelu_tanh, "gelu", input, {})


def _log1p_exp(xp: Any, x: Array) -> Array:
    """log(1 + exp(x)) without overflow."""
    return xp.where(x > 0, x, 0.0) + xp.log1p(xp.exp(-xp.abs(x)))


def _softplus_rule(xp, g, input, beta, threshold):
    scaled = input * beta
    return xp.where(scaled > threshold, g, g * xp.sigmoid(scaled))


@op(pointwise, name="softplus", public=False, refuses=_ALL_BUT_REAL, vjp=_softplus_rule)
def _softplus(xp, input, *, beta, threshold):
    scaled = input * beta
    return xp.where(scaled > threshold, input, _log1p_exp(xp, scaled) / beta)


def softplus(input: Tensor, beta: float = 1, threshold: float = 20) -> Tensor:
    """`log(1 + exp(beta * input)) / beta`, elementwise: a smooth relu, that is sharper for a larger `beta`.

    Args:
        input: of any shape, of a real floating dtype.
        threshold: where `beta * input` is greater than this, the result is the input itself.

    >>> import mibun as torch
    >>> torch.nn.functional.softplus(torch.tensor([-1., 0., 30.]))
    tensor([ 0.3133,  0.6931, 30.0000])
    """
    return _run(_softplus, "softplus", input, {"beta": float(beta), "threshold": float(threshold)})


@op(pointwise, name="log_sigmoid", public=False, refuses=_ALL_BUT_REAL, vjp=lambda xp, g, input: g * xp.sigmoid(-input))
def _log_sigmoid(xp, input):
    return xp.where(input < 0, input, 0.0) - xp.log1p(xp.exp(-xp.abs(input)))


def logsigmoid(input: Tensor) -> Tensor:
    """`log(sigmoid(input))`, elementwise, without underflow, for any shape of a real floating dtype.

    >>> import mibun as torch
    >>> torch.nn.functional.logsigmoid(torch.tensor([-300., 0.]))
    tensor([-300.0000,   -0.6931])
    """
    return _run(_log_sigmoid, "log_sigmoid", input, {})


def _mish_rule(xp, g, input):
    t, s = xp.tanh(_log1p_exp(xp, input)), xp.sigmoid(input)
    return g * (t + input * s * (1 - t * t))


@op(pointwise, name="mish", public=False, refuses=_ALL_BUT_REAL, vjp=_mish_rule)
def _mish(xp, input):
    return input * xp.tanh(_log1p_exp(xp, input))


def mish(input: Tensor, inplace: bool = False) -> Tensor:
    """`input * tanh(softplus(input))`, elementwise, for any real floating dtype; `inplace` overwrites the input.

    Source: Misra, Mish (2019), arXiv:1908.08681.

    >>> import mibun as torch
    >>> torch.nn.functional.mish(torch.tensor([-1., 0., 1.]))
    tensor([-0.3034,  0.0000,  0.8651])
    """
    return _run(_mish, "mish", input, {}, inplace)


def softsign(input: Tensor) -> Tensor:
    """`input / (1 + |input|)`, elementwise, for any shape.

    >>> import mibun as torch
    >>> torch.nn.functional.softsign(torch.tensor([-1., 0., 3.]))
    tensor([-0.5000,  0.0000,  0.7500])
    """
    return input / (input.abs() + 1)


def tanhshrink(input: Tensor) -> Tensor:
    """`input - tanh(input)`, elementwise, for any shape."""
    return input - input.tanh()


# --- exponential linear ---


def _elu_rule(xp, g, input, alpha, scale, input_scale):
    below = xp.where(input <= 0, input, 0.0)  # exp of what is not selected must not overflow
    return xp.where(input <= 0, g * (xp.exp(below * input_scale) * (alpha * scale * input_scale)), g * scale)


def _elu_kernel(xp, input, *, alpha, scale, input_scale):
    below = xp.where(input <= 0, input, 0.0)
    return xp.where(input <= 0, xp.expm1(below * input_scale) * (alpha * scale), input * scale)


def _elu_rule_of_output(xp, g, out, alpha, scale, input_scale):
    return xp.where(out <= 0, g * ((out + alpha * scale) * input_scale), g * scale)


def _twice(name: str, camel: str, kernel: Callable, rule: Callable, rule_of_output: Callable) -> tuple[Op, Op]:
    """The operator, and its form for use in place, whose rule needs the output: the input is overwritten."""
    make = {"public": False, "refuses": _ALL_BUT_REAL}
    plain = op(pointwise, name=name, node=camel + "Backward0", vjp=rule, **make)(kernel)
    return plain, op(pointwise, name=name + "_in_place", node=camel + "Backward1", vjp=rule_of_output, **make)(kernel)


_elu = _twice("elu", "Elu", _elu_kernel, _elu_rule, _elu_rule_of_output)
_celu = _twice("celu", "Celu", _elu_kernel, _elu_rule, _elu_rule_of_output)


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """The input where positive, else `alpha * (exp(input) - 1)`: the exponential linear unit.

    Args:
        input: of any shape, of a real floating dtype.
        alpha: minus the limit for small inputs.
        inplace: write the result into `input`.

    Source: Clevert, Unterthiner and Hochreiter (2016), arXiv:1511.07289.

    >>> import mibun as torch
    >>> torch.nn.functional.elu(torch.tensor([-1., 2.]))
    tensor([-0.6321,  2.0000])
    """
    return _run(_elu, "elu", input, {"alpha": float(alpha), "scale": 1.0, "input_scale": 1.0}, inplace)


def elu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """`elu` in place.

    >>> import mibun as torch
    >>> torch.nn.functional.elu_(torch.tensor([-1., 2.]))
    tensor([-0.6321,  2.0000])
    """
    return elu(input, alpha, inplace=True)


_SELU = {"alpha": 1.6732632423543772848170429916717, "scale": 1.0507009873554804934193349852946, "input_scale": 1.0}


@public("selu", method=False)
def selu(input: Tensor, inplace: bool = False) -> Tensor:
    """elu, scaled so that activations keep mean 0 and variance 1: `1.0507 * elu(input, 1.6733)`.

    input: of any shape, of a real floating dtype. Source: Klambauer et al. (2017), arXiv:1706.02515.

    >>> import mibun as torch
    >>> torch.selu(torch.tensor([-1., 1.]))
    tensor([-1.1113,  1.0507])
    """
    return _run(_elu, "selu", input, _SELU, inplace)


@public("selu_", method=False)
def selu_(input: Tensor) -> Tensor:
    """`selu` in place."""
    return selu(input, inplace=True)


@public("celu", method=False)
def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """The input where positive, else `alpha * (exp(input / alpha) - 1)`: an elu whose slope at 0 is 1.

    RuntimeError for alpha = 0. Source: Barron (2017), arXiv:1704.07483.
    """
    if alpha == 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")
    alpha = float(alpha)
    return _run(_celu, "celu", input, {"alpha": alpha, "scale": 1.0, "input_scale": 1 / alpha}, inplace)


@public("celu_", method=False)
def celu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """`celu` in place."""
    return celu(input, alpha, inplace=True)


# --- piecewise linear ---


def _leaky_kernel(xp, input, *, slope):
    return xp.where(input > 0, input, input * slope)


def _leaky_rule(xp, g, input, slope):
    return xp.where(input > 0, g, g * slope)


def _leaky_rule_of_output(xp, g, out, slope):
    return xp.where(out > 0, g, g * slope)


_leaky_relu = _twice("leaky_relu", "LeakyRelu", _leaky_kernel, _leaky_rule, _leaky_rule_of_output)
_rrelu_mean = _twice("rrelu_mean", "RreluWithNoise", _leaky_kernel, _leaky_rule, _leaky_rule_of_output)


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
    return _run(_leaky_relu, "leaky_relu", input, {"slope": float(negative_slope)}, inplace)


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
    if not training:
        return _run(_rrelu_mean, "rrelu", input, {"slope": (lower + upper) / 2}, inplace)
    if lower > upper:
        raise RuntimeError(f"Lower bound should be less than or equal to the upper bound: lower={lower}, upper={upper}")
    with no_grad():
        noise = ones_like(input)
        negative = input.detach() <= 0
        slopes = empty(int(negative.sum()), dtype=input.dtype).uniform_(lower, upper)
        noise[negative] = slopes
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
    refuses="bc",
    vjp=lambda xp, g, input, low, high: xp.where((input > low) & (input < high), g, 0.0),
)
def _hardtanh(xp, input, *, low, high):
    low, high = xp.scalar(low, input.dtype), xp.scalar(high, input.dtype)
    return xp.where(input < low, low, xp.where(input > high, high, input))


def hardtanh(input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Tensor:
    """The input limited to [min_val, max_val], elementwise; the gradient at the limits is 0.

    input: of any shape and real dtype but bool. ValueError for min_val > max_val.

    >>> import mibun as torch
    >>> torch.nn.functional.hardtanh(torch.tensor([-3., 0.5]))
    tensor([-1.0000,  0.5000])
    """
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    return _run(_hardtanh, "hardtanh", input, {"low": min_val, "high": max_val}, inplace)


def hardtanh_(input: Tensor, min_val: float = -1.0, max_val: float = 1.0) -> Tensor:
    """`hardtanh` in place.

    >>> import mibun as torch
    >>> torch.nn.functional.hardtanh_(torch.tensor([-3., 0.5]))
    tensor([-1.0000,  0.5000])
    """
    return hardtanh(input, min_val, max_val, inplace=True)


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """The input limited to [0, 6], elementwise; the gradient at the limits is 0. `inplace` overwrites the input."""
    return _run(_hardtanh, "relu6", input, {"low": 0.0, "high": 6.0}, inplace)


def _hardswish_rule(xp, g, input):
    return xp.where(input <= -3, 0.0, xp.where(input < 3, g * (input / 3 + 0.5), g))


@op(pointwise, name="hardswish", public=False, refuses=_ALL_BUT_REAL, vjp=_hardswish_rule)
def _hardswish(xp, input):
    shifted = input + 3
    return input * xp.where(shifted < 0, 0.0, xp.where(shifted > 6, 6.0, shifted)) / 6


def hardswish(input: Tensor, inplace: bool = False) -> Tensor:
    """`input * relu6(input + 3) / 6`, elementwise, for any real floating dtype; `inplace` overwrites the input.

    Source: Howard et al., Searching for MobileNetV3 (2019), arXiv:1905.02244.

    >>> import mibun as torch
    >>> torch.nn.functional.hardswish(torch.tensor([0., 1., 4.]))
    tensor([0.0000, 0.6667, 4.0000])
    """
    return _run(_hardswish, "hardswish", input, {}, inplace)


@op(
    pointwise,
    name="hardsigmoid",
    public=False,
    refuses=_ALL_BUT_REAL,
    vjp=lambda xp, g, input: xp.where((input > -3) & (input < 3), g / 6, 0.0),
)
def _hardsigmoid(xp, input):
    shifted = input + 3
    return xp.where(shifted < 0, 0.0, xp.where(shifted > 6, 6.0, shifted)) / 6


def hardsigmoid(input: Tensor, inplace: bool = False) -> Tensor:
    """`relu6(input + 3) / 6`, elementwise, for any shape of a real floating dtype; `inplace` overwrites the input.

    >>> import mibun as torch
    >>> torch.nn.functional.hardsigmoid(torch.tensor([-4., 0., 1.5, 4.]))
    tensor([0.0000, 0.5000, 0.7500, 1.0000])
    """
    return _run(_hardsigmoid, "hardsigmoid", input, {}, inplace)


@op(
    pointwise,
    name="hardshrink",
    public=False,
    refuses=_ALL_BUT_REAL,
    vjp=lambda xp, g, input, bound: xp.where((input > bound) | (input < -bound), g, 0.0),
)
def _hardshrink(xp, input, *, bound):
    return xp.where((input >= -bound) & (input <= bound), 0.0, input)


@public("hardshrink")
def hardshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """0 where `|input| <= lambd`, else the input, elementwise, for any shape of a real floating dtype.

    >>> import mibun as torch
    >>> torch.hardshrink(torch.tensor([-1., 0.2, 0.6]))
    tensor([-1.0000,  0.0000,  0.6000])
    """
    return _run(_hardshrink, "hardshrink", input, {"bound": float(lambd)})


@op(
    pointwise,
    name="softshrink",
    public=False,
    refuses=_ALL_BUT_REAL,
    vjp=lambda xp, g, input, bound: xp.where((input > bound) | (input < -bound), g, 0.0),
)
def _softshrink(xp, input, *, bound):
    return xp.where(input > bound, input - bound, xp.where(input < -bound, input + bound, input * 0.0))


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
    return _run(_softshrink, "softshrink", input, {"bound": float(lambd)})


@op(
    pointwise,
    name="threshold",
    public=False,
    refuses="bc",
    vjp=lambda xp, g, input, threshold: xp.where(input <= threshold, 0.0, g),
)
def _threshold(xp, input, *, threshold, value):
    return xp.where(input <= threshold, xp.scalar(value, input.dtype), input)


@public("threshold", method=False)
def threshold(input: Tensor, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """The input where it is greater than `threshold`, else `value`, elementwise, for any real dtype but bool."""
    return _run(_threshold, "threshold", input, {"threshold": threshold, "value": value}, inplace)


@public("threshold_", method=False)
def threshold_(input: Tensor, threshold: float, value: float) -> Tensor:
    """`threshold` in place."""
    return _run(_threshold, "threshold", input, {"threshold": threshold, "value": value}, inplace=True)


# --- gated ---


def _halves(x: Array, dim: int) -> tuple[Array, Array]:
    half = x.shape[dim] // 2
    lead = (slice(None),) * dim
    return x[(*lead, slice(0, half), ...)], x[(*lead, slice(half, 2 * half), ...)]


def _glu_rule(xp, g, input, dim):
    value, gate = _halves(input, dim)
    s = xp.sigmoid(gate)
    return xp.concat([g * s, g * value * (s * (1 - s))], axis=dim)


@op(name="glu", dtype=None, scalars=False, refuses=_ALL_BUT_REAL, vjp=_glu_rule)
def _glu(xp, input, *, dim):
    value, gate = _halves(input, dim)
    return value * xp.sigmoid(gate)


def glu(input: Tensor, dim: int = -1) -> Tensor:
    """The first half of a dimension times the sigmoid of its second half: the gated linear unit.

    Args:
        input: (..., 2 n, ...), of a real floating dtype; the result is (..., n, ...).
        dim: the dimension that is halved.

    Raises:
        RuntimeError: where its size is odd, and for tensors without dimensions.

    Source: Dauphin, Fan, Auli and Grangier (2017), arXiv:1612.08083.

    >>> import mibun as torch
    >>> torch.nn.functional.glu(torch.tensor([1., 2., 0., 0.]))
    tensor([0.5000, 1.0000])
    """
    check_tensor(input, "glu")
    shape = input._array_.shape
    if not shape:
        raise RuntimeError("glu does not support 0-dimensional tensors")
    dim = wrap_dim(dim, len(shape), "glu")
    if shape[dim] % 2:
        raise RuntimeError(f"Halving dimension must be even, but dimension {dim} is size {shape[dim]}")
    return apply(_glu, (input,), {"dim": dim})
