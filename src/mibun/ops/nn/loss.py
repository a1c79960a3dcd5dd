"""Losses of regression and of probabilities: how far predictions are from targets.

All take reduction="mean", "sum" or "none". Losses over classes are in `cross_entropy.py`, those with margins in
`margin.py`.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

from ...core.mode import no_grad
from ...core.registry import FUNCTIONS, METHODS
from ...core.site import stacklevel
from ...core.tensor import Tensor
from ...dispatch.apply import apply, check_broadcast
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import op
from .reduction import check_reduction, legacy_reduction, reduce_in_kernel, reduce_loss


def mean_share(xp: Any, g: Any, losses: Any, reduction: str) -> Any:
    """The gradient of each loss from that of the reduced loss."""
    return g / (math.prod(losses.shape) or 1) if reduction == "mean" else g


def _warn_of_sizes(input: Any, target: Any) -> None:
    if target._array_.shape != input._array_.shape:
        warnings.warn(
            f"Using a target size ({target.shape}) that is different to the input size ({input.shape}). This will "
            "likely "
            "lead to incorrect results due to broadcasting. Please ensure they have the same size.",
            stacklevel=stacklevel(),
        )
        check_broadcast([input._array_.shape, target._array_.shape])


def weighted(losses: Any, weight: Any, input: Any, reduction: str) -> Any:
    """Losses times weights, reduced; the mean is over the weights."""
    if weight._array_.shape != input._array_.shape:
        raise ValueError("Weights and input must have the same size.")
    losses = losses * weight
    if reduction == "mean":
        return losses.sum() / weight.sum()
    return losses.sum() if reduction == "sum" else losses


# --- of differences ---


def _mse_rule(xp: Any, g: Any, input: Any, target: Any, reduction: str) -> Any:
    difference = input - target
    return difference * (mean_share(xp, g, difference, reduction) * 2)


@op(
    name="mse",
    node="MseLossBackward0",
    scalars=False,
    refuses="biuc",
    vjp={
        "input": lambda xp, g, input, target, reduction: _mse_rule(xp, g, input, target, reduction),
        "target": lambda xp, g, input, target, reduction: -_mse_rule(xp, g, input, target, reduction),
    },
)
def _mse(xp, input, target, *, reduction):
    difference = input - target
    return reduce_in_kernel(xp, difference * difference, reduction)


def mse_loss(
    input: Any, target: Any, size_average: Any = None, reduce: Any = None, reduction: str = "mean", weight: Any = None
) -> Any:
    """(input - target)**2, for shapes that broadcast (with a warning where they differ), of one floating dtype.

    weight: factors of the shape of the input; "mean" then divides by their sum.
    """
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    check_reduction(reduction)
    _warn_of_sizes(input, target)
    if weight is None:
        return apply(_mse, (input, target), {"reduction": reduction})
    return weighted(apply(_mse, (input, target), {"reduction": "none"}), weight, input, reduction)


def l1_loss(
    input: Any, target: Any, size_average: Any = None, reduce: Any = None, reduction: str = "mean", weight: Any = None
) -> Any:
    """|input - target|; arguments as for mse_loss. Complex numbers are allowed."""
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    check_reduction(reduction)
    _warn_of_sizes(input, target)
    losses = (input - target).abs()
    return reduce_loss(losses, reduction) if weight is None else weighted(losses, weight, input, reduction)


def _rounded_corner(xp: Any, difference: Any, width: float, slope: float) -> Any:
    """`slope |difference|` beyond `width`, shifted to meet the parabola that takes the corner's place within."""
    size = xp.abs(difference)
    return xp.where(size < width, size * size * (0.5 * slope / width), (size - 0.5 * width) * slope)


def _rounded_corner_rule(xp: Any, g: Any, difference: Any, reduction: str, width: float, slope: float) -> Any:
    inside = xp.abs(difference) < width
    derivative = xp.where(inside, difference / (width / slope), xp.sign(difference) * slope)
    return derivative * mean_share(xp, g, difference, reduction)


def _smooth_l1_rule(xp: Any, g: Any, input: Any, target: Any, reduction: str, beta: float) -> Any:
    return _rounded_corner_rule(xp, g, input - target, reduction, width=beta, slope=1.0)


@op(
    name="smooth_l1",
    node="SmoothL1LossBackward0",
    scalars=False,
    refuses="biuc",
    vjp={
        "input": lambda xp, g, input, target, reduction, beta: _smooth_l1_rule(xp, g, input, target, reduction, beta),
        "target": lambda xp, g, input, target, reduction, beta: -_smooth_l1_rule(xp, g, input, target, reduction, beta),
    },
)
def _smooth_l1(xp, input, target, *, reduction, beta):
    return reduce_in_kernel(xp, _rounded_corner(xp, input - target, width=beta, slope=1.0), reduction)


def smooth_l1_loss(
    input: Any, target: Any, size_average: Any = None, reduce: Any = None, reduction: str = "mean", beta: float = 1.0
) -> Any:
    """(input - target)**2 / (2 beta) where |input - target| < beta, else |input - target| - beta / 2."""
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    check_reduction(reduction)
    _warn_of_sizes(input, target)
    if beta < 0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    if beta == 0:
        return l1_loss(input, target, reduction=reduction)
    return apply(_smooth_l1, (input, target), {"reduction": reduction, "beta": float(beta)})


def _huber_rule(xp: Any, g: Any, input: Any, target: Any, reduction: str, delta: float) -> Any:
    return _rounded_corner_rule(xp, g, input - target, reduction, width=delta, slope=delta)


@op(
    name="huber",
    node="HuberLossBackward0",
    scalars=False,
    refuses="biuc",
    vjp={
        "input": lambda xp, g, input, target, reduction, delta: _huber_rule(xp, g, input, target, reduction, delta),
        "target": lambda xp, g, input, target, reduction, delta: -_huber_rule(xp, g, input, target, reduction, delta),
    },
)
def _huber(xp, input, target, *, reduction, delta):
    return reduce_in_kernel(xp, _rounded_corner(xp, input - target, width=delta, slope=delta), reduction)


def huber_loss(input: Any, target: Any, reduction: str = "mean", delta: float = 1.0, weight: Any = None) -> Any:
    """(input - target)**2 / 2 where |input - target| < delta, else delta * (|input - target| - delta / 2).

    Source: Huber, Robust Estimation of a Location Parameter (1964).
    """
    check_reduction(reduction)
    _warn_of_sizes(input, target)
    if delta <= 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    if weight is None:
        return apply(_huber, (input, target), {"reduction": reduction, "delta": float(delta)})
    losses = apply(_huber, (input, target), {"reduction": "none", "delta": float(delta)})
    if weight._array_.shape != input._array_.shape:
        raise ValueError("Weights and input must have the same size.")
    return reduce_loss(losses * weight, reduction)  # the mean is over the elements, unlike mse_loss's


# --- of probabilities ---


def _bounded_log(xp: Any, logs: Any) -> Any:
    """Logarithms not below -100, so that the loss of a certain mistake is finite."""
    return xp.where(logs < -100, -100.0, logs)


def _bce_rule(xp, g, input, target, weight, reduction):
    spread = input * (1 - input)
    spread = xp.where(spread < 1e-12, 1e-12, spread)
    slope = (input - target) / spread * mean_share(xp, g, input, reduction)
    return slope if weight is None else slope * weight


def _bce_target_rule(xp, g, input, target, weight, reduction):
    slope = xp.log1p(-input) - xp.log(input)  # not bounded, in PyTorch either
    slope = slope * mean_share(xp, g, input, reduction)
    return slope if weight is None else slope * weight


@op(
    name="bce",
    node="BinaryCrossEntropyBackward0",
    dtype=None,
    optional=True,
    scalars=False,
    vjp={"input": _bce_rule, "target": _bce_target_rule},
)
def _bce(xp, input, target, weight, *, reduction):
    losses = (target - 1) * _bounded_log(xp, xp.log1p(-input)) - target * _bounded_log(xp, xp.log(input))
    return reduce_in_kernel(xp, losses if weight is None else losses * weight, reduction)


def binary_cross_entropy(
    input: Any, target: Any, weight: Any = None, size_average: Any = None, reduce: Any = None, reduction: str = "mean"
) -> Any:
    """-(target * log(input) + (1 - target) * log(1 - input)), with logarithms not below -100.

    input: probabilities; RuntimeError outside of [0, 1]. target: of the same shape and dtype (ValueError for another
    shape). weight: factors of a shape that broadcasts.
    """
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    check_reduction(reduction)
    check_tensor(input, "binary_cross_entropy")
    check_tensor(target, "binary_cross_entropy", "target", 2)
    x, t = input._array_, target._array_
    if x.shape != t.shape:
        raise ValueError(
            f"Using a target size ({target.shape}) that is different to the input size ({input.shape}) is deprecated. "
            "Please ensure they have the same size."
        )
    if x.dtype.kind in "biuc":
        raise NotImplementedError(f"\"binary_cross_entropy\" not implemented for '{input.dtype.scalar_name}'")
    if x.dtype != t.dtype:
        raise RuntimeError(f"Found dtype {target.dtype.scalar_name} but expected {input.dtype.scalar_name}")
    if x.size and not ((x >= 0) & (x <= 1)).all():
        raise RuntimeError(
            "all elements of input should be between 0 and 1: give probabilities, or use "
            "binary_cross_entropy_with_logits"
        )
    if weight is not None:
        weight = weight.expand(x.shape)
    return apply(_bce, (input, target, weight), {"reduction": reduction})


def _bce_logits_rule(xp, g, input, target, weight, pos_weight, reduction):
    s = xp.sigmoid(input)
    slope = s - target if pos_weight is None else (pos_weight * target + 1 - target) * s - pos_weight * target
    slope = slope * mean_share(xp, g, slope, reduction)
    return slope if weight is None else slope * weight


def _bce_logits_target_rule(xp, g, input, target, weight, pos_weight, reduction):
    slope = -input if pos_weight is None else (pos_weight - 1) * _softplus_of_negative(xp, input) - input
    slope = slope * mean_share(xp, g, slope * target, reduction)
    return slope if weight is None else slope * weight


def _softplus_of_negative(xp: Any, x: Any) -> Any:
    """log(1 + exp(-x)) without overflow."""
    return xp.log1p(xp.exp(-xp.abs(x))) - xp.where(x < 0, x, 0.0)


@op(
    name="bce_with_logits",
    node="BinaryCrossEntropyWithLogitsBackward0",
    dtype=None,
    optional=True,
    scalars=False,
    vjp={"input": _bce_logits_rule, "target": _bce_logits_target_rule},
)
def _bce_with_logits(xp, input, target, weight, pos_weight, *, reduction):
    soft = _softplus_of_negative(xp, input)
    if pos_weight is not None:
        soft = ((pos_weight - 1) * target + 1) * soft
    losses = (1 - target) * input + soft
    return reduce_in_kernel(xp, losses if weight is None else losses * weight, reduction)


def binary_cross_entropy_with_logits(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
    pos_weight: Any = None,
) -> Any:
    """binary_cross_entropy(sigmoid(input), target), computed without underflow.

    weight: factors of the losses; pos_weight: factors of the part that is for target 1; both of shapes that broadcast.
    ValueError where input and target differ in shape.
    """
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    check_reduction(reduction)
    check_tensor(input, "binary_cross_entropy_with_logits")
    check_tensor(target, "binary_cross_entropy_with_logits", "target", 2)
    if target._array_.shape != input._array_.shape:
        raise ValueError(f"Target size ({target.shape}) must be the same as input size ({input.shape})")
    return apply(_bce_with_logits, (input, target, weight, pos_weight), {"reduction": reduction})


def kl_div(
    input: Any,
    target: Any,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
    log_target: bool = False,
) -> Any:
    """target * (log(target) - input): the Kullback-Leibler divergence, for log-probabilities input.

    log_target: the target is of log-probabilities too. reduction: also "batchmean", the sum divided by the batch size,
    which is the divergence itself.
    """
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    if reduction == "mean":
        warnings.warn(
            "reduction: 'mean' divides the total loss by both the batch size and the support size.'batchmean' "
            "divides only "
            "by the batch size, and aligns with the KL div math definition.'mean' will be changed to behave the same "
            "as "
            "'batchmean' in the next major release.",
            stacklevel=stacklevel(),
        )
    elif reduction != "batchmean":
        check_reduction(reduction)
    if log_target:
        losses = target.exp() * (target - input)
    else:
        losses = FUNCTIONS["xlogy"](target, target) - target * input
    if reduction == "batchmean":
        shape = input._array_.shape
        return losses.sum() / shape[0] if shape else losses.sum()
    return reduce_loss(losses, reduction)


def poisson_nll_loss(
    input: Any,
    target: Any,
    log_input: bool = True,
    full: bool = False,
    size_average: Any = None,
    eps: float = 1e-8,
    reduce: Any = None,
    reduction: str = "mean",
) -> Any:
    """Negative log-likelihood of counts: exp(input) - target * input; input - target * log(input) without log_input.

    full: with Stirling's approximation of log(target!) where target > 1.
    """
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    check_reduction(reduction)
    losses = input.exp() - target * input if log_input else input - target * (input + eps).log()
    if full:
        stirling = target * target.log() - target + 0.5 * (2 * math.pi * target).log()
        losses = losses + stirling.masked_fill(target <= 1, 0)
    return reduce_loss(losses, reduction)


def gaussian_nll_loss(
    input: Any, target: Any, var: Any, full: bool = False, eps: float = 1e-6, reduction: str = "mean"
) -> Any:
    """(log(var) + (input - target)**2 / var) / 2, with var not below eps; full: plus log(2 pi) / 2.

    var: of the shape of the input, or with one dimension less or of size 1, or a number. ValueError for negative
    variances and for shapes that do not fit.
    """
    if not isinstance(var, Tensor):
        if var < 0:
            raise ValueError("var has negative entry/entries")
        var = FUNCTIONS["ones_like"](input) * var
    elif (var._array_ < 0).any():
        raise ValueError("var has negative entry/entries")
    own, others = input._array_.shape, var._array_.shape
    if others != own:
        if own[:-1] == others:
            var = var.unsqueeze(-1)
        elif not (len(own) == len(others) and all([a == b or b == 1 for a, b in zip(own, others, strict=True)])):
            raise ValueError("var is of incorrect size")
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(reduction + " is not valid")
    var = var.clone()
    with no_grad():
        METHODS["clamp_"](var, min=eps)
    losses = 0.5 * (var.log() + (input - target) ** 2 / var)
    if full:
        losses = losses + 0.5 * math.log(2 * math.pi)
    return reduce_loss(losses, reduction)
