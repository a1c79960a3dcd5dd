"""Activation functions: elementwise nonlinearities, and the gated linear unit.

`relu`, `sigmoid` and `tanh` are with the other elementwise functions; softmax has a file of its own. Each formula is
stated once, in the kernel; derivatives at kinks are PyTorch's choices.
"""

from __future__ import annotations

import math
from typing import Any

from ...core.mode import no_grad
from ...core.registry import FUNCTIONS, METHODS
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor, wrap_dim
from ...dispatch.declare import op, pointwise
from ...dispatch.inplace import apply_inplace

_FLOATING = "biuc"  # the kinds that most activations refuse
_GELU_REFUSES = dict.fromkeys(_FLOATING, "\"GeluKernelImpl\" not implemented for '{dtype}'")


def _run(record: Any, name: str, input: Any, params: dict[str, Any], inplace: bool = False) -> Any:
    if type(record) is tuple:  # the operator, and its form for use in place
        record = record[bool(inplace)]
    if inplace:
        check_tensor(input, name)
        return apply_inplace(record, (input,), params, name + "_")
    return apply(record, (input,), params)


def _register(name: str, function: Any, record: Any = None, method: bool = False) -> None:
    """Make a function of `mibun.nn.functional` one of `mibun` as well, with the in-place function beside it."""
    FUNCTIONS[name] = function
    if method:
        METHODS[name] = function
    if record is not None:

        def inplace(input: Any, *args: Any, **kwargs: Any) -> Any:
            return function(input, *args, inplace=True, **kwargs)

        inplace.__name__ = name + "_"
        inplace.__doc__ = f"`{name}` in place."
        FUNCTIONS[name + "_"] = inplace


def relu(input: Any, inplace: bool = False) -> Any:
    """max(input, 0), elementwise; the gradient at 0 is 0."""
    return FUNCTIONS["relu_" if inplace else "relu"](input)


def sigmoid(input: Any) -> Any:
    """1 / (1 + exp(-input)), elementwise."""
    return FUNCTIONS["sigmoid"](input)


def tanh(input: Any) -> Any:
    """The hyperbolic tangent, elementwise."""
    return FUNCTIONS["tanh"](input)


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


def silu(input: Any, inplace: bool = False) -> Any:
    """input * sigmoid(input), elementwise (also called swish)."""
    return _run(_silu, "silu", input, {}, inplace)


def _normal_cdf(xp: Any, x: Any) -> Any:
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


def gelu(input: Any, *, approximate: str = "none") -> Any:
    """input * Phi(input), with Phi the normal distribution function; approximate="tanh": by a formula with tanh.

    Source: Hendrycks and Gimpel, Gaussian Error Linear Units (2016).
    """
    if approximate not in ("none", "tanh"):
        raise RuntimeError("approximate argument must be either none or tanh.")
    return _run(_gelu if approximate == "none" else _gelu_tanh, "gelu", input, {})


def _log1p_exp(xp: Any, x: Any) -> Any:
    """log(1 + exp(x)) without overflow."""
    return xp.where(x > 0, x, 0.0) + xp.log1p(xp.exp(-xp.abs(x)))


def _softplus_rule(xp, g, input, beta, threshold):
    scaled = input * beta
    return xp.where(scaled > threshold, g, g * xp.sigmoid(scaled))


@op(pointwise, name="softplus", public=False, refuses=_FLOATING, vjp=_softplus_rule)
def _softplus(xp, input, *, beta, threshold):
    scaled = input * beta
    return xp.where(scaled > threshold, input, _log1p_exp(xp, scaled) / beta)


def softplus(input: Any, beta: float = 1, threshold: float = 20) -> Any:
    """log(1 + exp(beta * input)) / beta, elementwise; the input itself where beta * input > threshold."""
    return _run(_softplus, "softplus", input, {"beta": float(beta), "threshold": float(threshold)})


@op(pointwise, name="log_sigmoid", public=False, refuses=_FLOATING, vjp=lambda xp, g, input: g * xp.sigmoid(-input))
def _log_sigmoid(xp, input):
    return xp.where(input < 0, input, 0.0) - xp.log1p(xp.exp(-xp.abs(input)))


def logsigmoid(input: Any) -> Any:
    """log(sigmoid(input)), elementwise, without underflow."""
    return _run(_log_sigmoid, "log_sigmoid", input, {})


def _mish_rule(xp, g, input):
    t, s = xp.tanh(_log1p_exp(xp, input)), xp.sigmoid(input)
    return g * (t + input * s * (1 - t * t))


@op(pointwise, name="mish", public=False, refuses=_FLOATING, vjp=_mish_rule)
def _mish(xp, input):
    return input * xp.tanh(_log1p_exp(xp, input))


def mish(input: Any, inplace: bool = False) -> Any:
    """input * tanh(softplus(input)), elementwise. Source: Misra, Mish (2019)."""
    return _run(_mish, "mish", input, {}, inplace)


def softsign(input: Any) -> Any:
    """input / (1 + |input|), elementwise."""
    return input / (input.abs() + 1)


def tanhshrink(input: Any) -> Any:
    """input - tanh(input), elementwise."""
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


def _twice(name: str, camel: str, kernel: Any, rule: Any, rule_of_output: Any) -> tuple[Any, Any]:
    """The operator, and its form for use in place, whose rule needs the output: the input is overwritten."""
    make = {"public": False, "refuses": _FLOATING}
    plain = op(pointwise, name=name, node=camel + "Backward0", vjp=rule, **make)(kernel)
    return plain, op(pointwise, name=name + "_in_place", node=camel + "Backward1", vjp=rule_of_output, **make)(kernel)


_elu = _twice("elu", "Elu", _elu_kernel, _elu_rule, _elu_rule_of_output)
_celu = _twice("celu", "Celu", _elu_kernel, _elu_rule, _elu_rule_of_output)


def elu(input: Any, alpha: float = 1.0, inplace: bool = False) -> Any:
    """input where positive, else alpha * (exp(input) - 1)."""
    return _run(_elu, "elu", input, {"alpha": float(alpha), "scale": 1.0, "input_scale": 1.0}, inplace)


_SELU = {"alpha": 1.6732632423543772848170429916717, "scale": 1.0507009873554804934193349852946, "input_scale": 1.0}


def selu(input: Any, inplace: bool = False) -> Any:
    """elu, scaled so that activations keep mean 0 and variance 1. Source: Klambauer et al. (2017)."""
    return _run(_elu, "selu", input, _SELU, inplace)


def celu(input: Any, alpha: float = 1.0, inplace: bool = False) -> Any:
    """input where positive, else alpha * (exp(input / alpha) - 1). RuntimeError for alpha = 0."""
    if alpha == 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")
    alpha = float(alpha)
    return _run(_celu, "celu", input, {"alpha": alpha, "scale": 1.0, "input_scale": 1 / alpha}, inplace)


# --- piecewise linear ---


def _leaky_kernel(xp, input, *, slope):
    return xp.where(input > 0, input, input * slope)


def _leaky_rule(xp, g, input, slope):
    return xp.where(input > 0, g, g * slope)


def _leaky_rule_of_output(xp, g, out, slope):
    return xp.where(out > 0, g, g * slope)


_leaky_relu = _twice("leaky_relu", "LeakyRelu", _leaky_kernel, _leaky_rule, _leaky_rule_of_output)
_rrelu_mean = _twice("rrelu_mean", "RreluWithNoise", _leaky_kernel, _leaky_rule, _leaky_rule_of_output)


def leaky_relu(input: Any, negative_slope: float = 0.01, inplace: bool = False) -> Any:
    """input where positive, else negative_slope * input."""
    if inplace and negative_slope < 0:
        raise RuntimeError(
            "In-place leakyReLu backward calculation is triggered with a negative slope which is not supported. This "
            "is caused by calling in-place forward function with a negative slope, please call out-of-place version "
            "instead."
        )
    return _run(_leaky_relu, "leaky_relu", input, {"slope": float(negative_slope)}, inplace)


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


def prelu(input: Any, weight: Any) -> Any:
    """input where positive, else weight * input: one weight, or one for each channel (dimension 1)."""
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


def rrelu(
    input: Any, lower: float = 1.0 / 8, upper: float = 1.0 / 3, training: bool = False, inplace: bool = False
) -> Any:
    """input where positive, else times a slope: in training drawn from [lower, upper] for each, else their mean."""
    check_tensor(input, "rrelu")
    if not training:
        return _run(_rrelu_mean, "rrelu", input, {"slope": (lower + upper) / 2}, inplace)
    if lower > upper:
        raise RuntimeError(f"Lower bound should be less than or equal to the upper bound: lower={lower}, upper={upper}")
    with no_grad():
        noise = FUNCTIONS["ones_like"](input)
        negative = input.detach() <= 0
        slopes = FUNCTIONS["empty"](int(negative.sum()), dtype=input.dtype).uniform_(lower, upper)
        noise[negative] = slopes
    if inplace:
        return apply_inplace(_rrelu, (input, noise), {}, "rrelu_")
    return apply(_rrelu, (input, noise), {})


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


def hardtanh(input: Any, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Any:
    """input limited to [min_val, max_val]; the gradient at the limits is 0."""
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    return _run(_hardtanh, "hardtanh", input, {"low": min_val, "high": max_val}, inplace)


def relu6(input: Any, inplace: bool = False) -> Any:
    """input limited to [0, 6]."""
    return _run(_hardtanh, "relu6", input, {"low": 0.0, "high": 6.0}, inplace)


def _hardswish_rule(xp, g, input):
    return xp.where(input <= -3, 0.0, xp.where(input < 3, g * (input / 3 + 0.5), g))


@op(pointwise, name="hardswish", public=False, refuses=_FLOATING, vjp=_hardswish_rule)
def _hardswish(xp, input):
    shifted = input + 3
    return input * xp.where(shifted < 0, 0.0, xp.where(shifted > 6, 6.0, shifted)) / 6


def hardswish(input: Any, inplace: bool = False) -> Any:
    """input * relu6(input + 3) / 6, elementwise. Source: Howard et al., MobileNetV3 (2019)."""
    return _run(_hardswish, "hardswish", input, {}, inplace)


@op(
    pointwise,
    name="hardsigmoid",
    public=False,
    refuses=_FLOATING,
    vjp=lambda xp, g, input: xp.where((input > -3) & (input < 3), g / 6, 0.0),
)
def _hardsigmoid(xp, input):
    shifted = input + 3
    return xp.where(shifted < 0, 0.0, xp.where(shifted > 6, 6.0, shifted)) / 6


def hardsigmoid(input: Any, inplace: bool = False) -> Any:
    """relu6(input + 3) / 6, elementwise."""
    return _run(_hardsigmoid, "hardsigmoid", input, {}, inplace)


@op(
    pointwise,
    name="hardshrink",
    public=False,
    refuses=_FLOATING,
    vjp=lambda xp, g, input, bound: xp.where((input > bound) | (input < -bound), g, 0.0),
)
def _hardshrink(xp, input, *, bound):
    return xp.where((input >= -bound) & (input <= bound), 0.0, input)


def hardshrink(input: Any, lambd: float = 0.5) -> Any:
    """0 where |input| <= lambd, else the input."""
    return _run(_hardshrink, "hardshrink", input, {"bound": float(lambd)})


@op(
    pointwise,
    name="softshrink",
    public=False,
    refuses=_FLOATING,
    vjp=lambda xp, g, input, bound: xp.where((input > bound) | (input < -bound), g, 0.0),
)
def _softshrink(xp, input, *, bound):
    return xp.where(input > bound, input - bound, xp.where(input < -bound, input + bound, input * 0.0))


def softshrink(input: Any, lambd: float = 0.5) -> Any:
    """The input moved towards 0 by lambd, and 0 where it is nearer than that. RuntimeError for a negative lambd."""
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


def threshold(input: Any, threshold: float, value: float, inplace: bool = False) -> Any:
    """input where it is greater than the threshold, else the value."""
    return _run(_threshold, "threshold", input, {"threshold": threshold, "value": value}, inplace)


# --- gated ---


def _halves(x: Any, dim: int) -> tuple[Any, Any]:
    half = x.shape[dim] // 2
    lead = (slice(None),) * dim
    return x[(*lead, slice(0, half), ...)], x[(*lead, slice(half, 2 * half), ...)]


def _glu_rule(xp, g, input, dim):
    value, gate = _halves(input, dim)
    s = xp.sigmoid(gate)
    return xp.concat([g * s, g * value * (s * (1 - s))], axis=dim)


@op(name="glu", dtype=None, scalars=False, refuses=_FLOATING, vjp=_glu_rule)
def _glu(xp, input, *, dim):
    value, gate = _halves(input, dim)
    return value * xp.sigmoid(gate)


def glu(input: Any, dim: int = -1) -> Any:
    """The first half of a dimension times the sigmoid of its second half. RuntimeError where its size is odd."""
    check_tensor(input, "glu")
    shape = input._array_.shape
    if not shape:
        raise RuntimeError("glu does not support 0-dimensional tensors")
    dim = wrap_dim(dim, len(shape), "glu")
    if shape[dim] % 2:
        raise RuntimeError(f"Halving dimension must be even, but dimension {dim} is size {shape[dim]}")
    return apply(_glu, (input,), {"dim": dim})


for _name, _function, _record in (
    ("selu", selu, _elu),
    ("celu", celu, _celu),
    ("rrelu", rrelu, _rrelu),
    ("threshold", threshold, _threshold),
):
    _register(_name, _function, _record)
_register("prelu", prelu, method=True)
_register("hardshrink", hardshrink, method=True)
