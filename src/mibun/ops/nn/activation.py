"""Smooth activation functions: elementwise nonlinearities, and the gated linear unit.

Those made of straight lines are in `piecewise_linear.py`, softmax has a file of its own; `sigmoid` and `tanh` as
operators are with the other elementwise functions. Each formula is
stated once, in the kernel; derivatives at kinks are PyTorch's choices.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor, wrap_dim
from ...dispatch.declare import Op, op, pointwise
from ...dispatch.inplace import apply_inplace
from ...dispatch.public import public
from ..pointwise.error_functions import bell

ALL_BUT_REAL = "biuc"  # the kinds that most activations refuse
_GELU_REFUSES = dict.fromkeys(ALL_BUT_REAL, "\"GeluKernelImpl\" not implemented for '{dtype}'")


def run_activation(
    record: Op | tuple[Op, Op], name: str, input: Tensor, params: dict[str, Any], inplace: bool = False
) -> Tensor:
    """An activation of a Tensor: of a new one, or with `inplace` in the place of it."""
    if isinstance(record, tuple):  # the operator, and its form for use in place
        record = record[bool(inplace)]
    if inplace:
        check_tensor(input, name)
        return apply_inplace(record, (input,), params, name + "_")
    return apply(record, (input,), params)


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
    return g * (xp.logistic(input) + input * xp.logistic_slope(input))


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
    return run_activation(_silu, "silu", input, {}, inplace)


@op(
    pointwise,
    name="gelu_exact",
    node="GeluBackward0",
    public=False,
    refuses=_GELU_REFUSES,
    vjp=lambda xp, g, input: g * (xp.quick_ndtr(input) + input * bell(xp, input, 0.5) * (1 / math.sqrt(2 * math.pi))),
)
def _gelu(xp, input):
    return xp.times_ndtr(input)


_GELU = math.sqrt(2 / math.pi)


# (1 + tanh(u)) / 2 is sigmoid(2u), which keeps its digits far left.


def _gelu_tanh_rule(xp, g, input):
    # It is constant far out, where powers of the input overflow.
    x = xp.where(input > 50, 50.0, xp.where(input < -50, -50.0, input))
    u = 2 * _GELU * (x + 0.044715 * x * x * x)
    return g * (xp.logistic(u) + input * xp.logistic_slope(u) * (2 * _GELU * (1 + 3 * 0.044715 * x * x)))


@op(pointwise, name="gelu_tanh", node="GeluBackward0", public=False, refuses=_GELU_REFUSES, vjp=_gelu_tanh_rule)
def _gelu_tanh(xp, input):
    return input * xp.sigmoid(2 * _GELU * (input + 0.044715 * input * input * input))


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
    return run_activation(_gelu if approximate == "none" else _gelu_tanh, "gelu", input, {})


def _log1p_exp(xp: Any, x: Array) -> Array:
    """log(1 + exp(x)) without overflow."""
    return xp.where(x > 0, x, 0.0) + xp.log1p(xp.exp(-xp.abs(x)))


def _softplus_rule(xp, g, input, beta, threshold):
    scaled = input * beta
    # At the threshold the higher derivatives are those from above, 0.
    below = xp.where(scaled >= threshold, threshold, scaled)
    return xp.where(scaled > threshold, g, g * xp.logistic(below))


@op(pointwise, name="softplus", public=False, refuses=ALL_BUT_REAL, vjp=_softplus_rule)
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
    return run_activation(_softplus, "softplus", input, {"beta": float(beta), "threshold": float(threshold)})


@op(pointwise, name="log_sigmoid", public=False, refuses=ALL_BUT_REAL, vjp=lambda xp, g, input: g * xp.logistic(-input))
def _log_sigmoid(xp, input):
    return xp.where(input < 0, input, 0.0) - xp.log1p(xp.exp(-xp.abs(input)))


def logsigmoid(input: Tensor) -> Tensor:
    """`log(sigmoid(input))`, elementwise, without underflow, for any shape of a real floating dtype.

    >>> import mibun as torch
    >>> torch.nn.functional.logsigmoid(torch.tensor([-300., 0.]))
    tensor([-300.0000,   -0.6931])
    """
    return run_activation(_log_sigmoid, "log_sigmoid", input, {})


# tanh(log(1 + exp(x))) is ((1 + e)² - 1) / ((1 + e)² + 1) with e = exp(x). Divided by (1 + e)², with s = sigmoid(x)
# and q = sigmoid(-x) = 1 / (1 + e), it is (1 - q²) / (1 + q²) = s (1 + q) / (1 + q²), and its derivative
# 4s q² / (1 + q²)². Nothing there overflows, cancels or is made of pieces, so that the rule can be differentiated at 0
# and far out.


def _mish_gate(xp: Any, s: Array, q: Array) -> Array:
    return s * (1 + q) / (1 + q * q)


def _mish_rule(xp, g, input):
    s, q = xp.logistic(input), xp.logistic(-input)
    square = q * q
    return g * (_mish_gate(xp, s, q) + input * (s * (4 * square / ((1 + square) * (1 + square)))))


@op(pointwise, name="mish", public=False, refuses=ALL_BUT_REAL, vjp=_mish_rule)
def _mish(xp, input):
    return input * _mish_gate(xp, xp.sigmoid(input), xp.sigmoid(-input))


def mish(input: Tensor, inplace: bool = False) -> Tensor:
    """`input * tanh(softplus(input))`, elementwise, for any real floating dtype; `inplace` overwrites the input.

    Source: Misra, Mish (2019), arXiv:1908.08681.

    >>> import mibun as torch
    >>> torch.nn.functional.mish(torch.tensor([-1., 0., 1.]))
    tensor([-0.3034,  0.0000,  0.8651])
    """
    return run_activation(_mish, "mish", input, {}, inplace)


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
    # exp of what is not selected must not overflow. At 0 the first derivative is the one from below and the second the
    # one from above, 0, which is PyTorch's choice.
    below = xp.where(input < 0, input, 0.0)
    return xp.where(input <= 0, g * (xp.exp(below * input_scale) * (alpha * scale * input_scale)), g * scale)


def _elu_kernel(xp, input, *, alpha, scale, input_scale):
    below = xp.where(input <= 0, input, 0.0)
    return xp.where(input <= 0, xp.expm1(below * input_scale) * (alpha * scale), input * scale)


def _elu_rule_of_output(xp, g, out, alpha, scale, input_scale):
    below = xp.where(out < 0, out, 0.0)
    return xp.where(out <= 0, g * ((below + alpha * scale) * input_scale), g * scale)


def with_inplace_form(
    name: str, camel: str, kernel: Callable, rule: Callable, rule_of_output: Callable, flat: bool = False
) -> tuple[Op, Op]:
    """The operator, and its form for use in place, whose rule needs the output: the input is overwritten.

    flat: the second derivative is zero everywhere.
    """

    def declare(name: str, node: str, rule: Callable, flat_in: tuple[str, ...]) -> Op:
        return op(pointwise, name=name, node=node, vjp=rule, public=False, refuses=ALL_BUT_REAL, flat=flat_in)(kernel)

    return (
        declare(name, camel + "Backward0", rule, ("input",) if flat else ()),
        declare(name + "_in_place", camel + "Backward1", rule_of_output, ("out",) if flat else ()),
    )


_elu = with_inplace_form("elu", "Elu", _elu_kernel, _elu_rule, _elu_rule_of_output)
_celu = with_inplace_form("celu", "Celu", _elu_kernel, _elu_rule, _elu_rule_of_output)


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
    return run_activation(_elu, "elu", input, {"alpha": float(alpha), "scale": 1.0, "input_scale": 1.0}, inplace)


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
    return run_activation(_elu, "selu", input, _SELU, inplace)


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
    return run_activation(_celu, "celu", input, {"alpha": alpha, "scale": 1.0, "input_scale": 1 / alpha}, inplace)


@public("celu_", method=False)
def celu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """`celu` in place."""
    return celu(input, alpha, inplace=True)


# --- gated ---


def _halves(x: Array, dim: int) -> tuple[Array, Array]:
    half = x.shape[dim] // 2
    lead = (slice(None),) * dim
    return x[(*lead, slice(0, half), ...)], x[(*lead, slice(half, 2 * half), ...)]


def _glu_rule(xp, g, input, dim):
    value, gate = _halves(input, dim)
    s = xp.sigmoid(gate)
    return xp.concat([g * s, g * value * (s * (1 - s))], axis=dim)


@op(name="glu", dtype=None, scalars=False, refuses=ALL_BUT_REAL, vjp=_glu_rule)
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
