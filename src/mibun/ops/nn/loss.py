"""Losses of regression and of probabilities: how far predictions are from targets.

All take reduction="mean", "sum" or "none". Losses over classes are in `cross_entropy.py`, those with margins in
`margin_loss.py`.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

from ...core.batching import all_values, limits_of
from ...core.mode import no_grad
from ...core.registry import Array
from ...core.site import stacklevel
from ...core.tensor import Tensor
from ...dispatch.apply import apply, check_broadcast
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import op
from ..creation.like import ones_like
from .loss_reduction import (
    check_castable,
    check_reduction,
    legacy_reduction,
    mean_share,
    reduce_in_kernel,
    reduce_loss,
    weighted,
)


def _warn_of_sizes(input: Tensor, target: Tensor) -> None:
    if target._array_.shape != input._array_.shape:
        warnings.warn(
            f"Using a target size ({target.shape}) that is different to the input size ({input.shape}). This will "
            "likely lead to incorrect results due to broadcasting. Please ensure they have the same size.",
            stacklevel=stacklevel(),
        )
        check_broadcast([input._array_.shape, target._array_.shape])


# --- of differences ---


def _mse_rule(xp: Any, g: Array, input: Array, target: Array, reduction: str) -> Array:
    difference = input - target
    return difference * (mean_share(xp, g, difference, reduction) * 2)


@op(
    name="mse",
    node="MseLossBackward0",
    elements=True,
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
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """The squared error `(input - target)**2`.

    Args:
        input, target: of shapes that broadcast (with a warning where they differ), of a real floating dtype.
        reduction: "mean", "sum" or "none" (the result has the common shape).
        weight: factors of the shape of the input; "mean" then divides by their sum.
        size_average, reduce: what `reduction` was before, with a warning.

    Raises:
        ValueError: for another word, and for a weight of another shape.
        RuntimeError: where shapes or dtypes do not fit.

    >>> import mibun as torch
    >>> torch.nn.functional.mse_loss(torch.tensor([1., 2.]), torch.tensor([0., 4.]))
    tensor(2.5000)
    """
    check_tensor(input, "mse_loss")
    check_tensor(target, "mse_loss", "target", 2)
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    check_reduction(reduction)
    _warn_of_sizes(input, target)
    if weight is None:
        return apply(_mse, (input, target), {"reduction": reduction})
    return weighted(apply(_mse, (input, target), {"reduction": "none"}), weight, input, reduction)


def l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """The absolute error `|input - target|`; arguments and errors as for `mse_loss`. Complex numbers are allowed.

    >>> import mibun as torch
    >>> torch.nn.functional.l1_loss(torch.tensor([1., 2.]), torch.tensor([0., 4.]))
    tensor(1.5000)
    """
    check_tensor(input, "l1_loss")
    check_tensor(target, "l1_loss", "target", 2)
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    check_reduction(reduction)
    _warn_of_sizes(input, target)
    losses = (input - target).abs()
    return reduce_loss(losses, reduction) if weight is None else weighted(losses, weight, input, reduction)


def _rounded_corner(xp: Any, difference: Array, width: float, slope: float) -> Array:
    """`slope |difference|` beyond `width`, shifted to meet the parabola that takes the corner's place within."""
    size = xp.abs(difference)
    if width == 0:
        return size * slope
    near = xp.clip(size, 0.0, width)
    losses = near * (size - 0.5 * near)
    return losses if slope == width else losses * (slope / width)


def _rounded_corner_rule(
    xp: Any, g: Array, difference: Array, reduction: str, width: float, slope: float, needs: tuple[bool, ...]
) -> tuple[Any, ...]:
    inside = xp.abs(difference) < width
    derivative = xp.where(inside, difference / (width / slope), xp.sign(difference) * slope)
    grad = derivative * mean_share(xp, g, difference, reduction)
    return grad if needs[0] else None, -grad if needs[1] else None


def _smooth_l1_rule(xp, g, input, target, reduction, beta, needs):
    return _rounded_corner_rule(xp, g, input - target, reduction, beta, 1.0, needs)


@op(name="smooth_l1", node="SmoothL1LossBackward0", elements=True, scalars=False, refuses="biuc", joint=_smooth_l1_rule)
def _smooth_l1(xp, input, target, *, reduction, beta):
    return reduce_in_kernel(xp, _rounded_corner(xp, input - target, width=beta, slope=1.0), reduction)


def smooth_l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    beta: float = 1.0,
) -> Tensor:
    """`(input - target)**2 / (2 * beta)` where `|input - target| < beta`, else `|input - target| - beta / 2`.

    The arguments and errors are as for `mse_loss`; RuntimeError for a negative beta. Source: Girshick, Fast R-CNN
    (2015), arXiv:1504.08083.

    >>> import mibun as torch
    >>> torch.nn.functional.smooth_l1_loss(torch.tensor([1., 2.]), torch.tensor([0.5, 4.]), reduction="none")
    tensor([0.1250, 1.5000])
    """
    check_tensor(input, "smooth_l1_loss")
    check_tensor(target, "smooth_l1_loss", "target", 2)
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    check_reduction(reduction)
    _warn_of_sizes(input, target)
    if beta < 0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    if beta == 0:
        return l1_loss(input, target, reduction=reduction)
    return apply(_smooth_l1, (input, target), {"reduction": reduction, "beta": float(beta)})


def _huber_rule(xp, g, input, target, reduction, delta, needs):
    return _rounded_corner_rule(xp, g, input - target, reduction, delta, delta, needs)


@op(name="huber", node="HuberLossBackward0", elements=True, scalars=False, refuses="biuc", joint=_huber_rule)
def _huber(xp, input, target, *, reduction, delta):
    return reduce_in_kernel(xp, _rounded_corner(xp, input - target, width=delta, slope=delta), reduction)


def huber_loss(
    input: Tensor, target: Tensor, reduction: str = "mean", delta: float = 1.0, weight: Tensor | None = None
) -> Tensor:
    """`(input - target)**2 / 2` where `|input - target| < delta`, else `delta * (|input - target| - delta / 2)`.

    The arguments and errors are as for `mse_loss`, but for "mean", which divides by the number of elements whatever
    their weights; RuntimeError for a delta that is not positive. Source: Huber, Robust Estimation of a Location
    Parameter (1964).

    >>> import mibun as torch
    >>> torch.nn.functional.huber_loss(torch.tensor([1., 2.]), torch.tensor([0.5, 4.]), reduction="none")
    tensor([0.1250, 1.5000])
    """
    check_tensor(input, "huber_loss")
    check_tensor(target, "huber_loss", "target", 2)
    check_reduction(reduction)
    _warn_of_sizes(input, target)
    if delta <= 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    check_castable(input, target)
    if weight is None and input.dtype == target.dtype:
        return apply(_huber, (input, target), {"reduction": reduction, "delta": float(delta)})
    losses = apply(_huber, (input, target), {"reduction": "none", "delta": float(delta)}).to(input.dtype)
    if weight is None:
        return reduce_loss(losses, reduction)
    if weight._array_.shape != input._array_.shape:
        raise ValueError("Weights and input must have the same size.")
    return reduce_loss(losses * weight, reduction)  # the mean is over the elements, unlike mse_loss's


# --- of probabilities ---


def _bounded_log(xp: Any, logs: Array) -> Array:
    """Logarithms not below -100, so that the loss of a certain mistake is finite."""
    return xp.where(logs < -100, -100.0, logs)


# The derivative of the loss by the input, an operator so that its own derivative at 0 and 1 is PyTorch's choice:
# (x - t) / (x (1 - x)) has the derivative (x² - 2tx + t) / (x (1 - x))², and both keep clear of dividing by 0.
@op(
    name="bce_slope",
    elements=True,
    scalars=False,
    vjp={
        "input": lambda xp, g, input, target: (
            g * (input * input - 2 * input * target + target) / _spread(xp, input) / _spread(xp, input)
        ),
        "target": lambda xp, g, input, target: -g / _spread(xp, input),
    },
)
def _bce_slope(xp, input, target):
    spread = input * (1 - input)
    return (input - target) / xp.where(spread < 1e-12, 1e-12, spread)


def _spread(xp: Any, input: Array) -> Array:
    spread = input * (1 - input)
    return spread + xp.where(spread < 1e-12, 1e-12, 0.0)


def _bce_rule(xp, g, input, target, weight, reduction):
    slope = xp.bce_slope(input, target) * mean_share(xp, g, input, reduction)
    return slope if weight is None else slope * weight


def _bce_target_rule(xp, g, input, target, weight, reduction):
    slope = xp.log1p(-input) - xp.log(input)  # not bounded, in PyTorch either
    slope = slope * mean_share(xp, g, input, reduction)
    return slope if weight is None else slope * weight


@op(
    name="bce",
    node="BinaryCrossEntropyBackward0",
    elements=True,
    dtype=None,
    optional=True,
    scalars=False,
    vjp={"input": _bce_rule, "target": _bce_target_rule},
)
def _bce(xp, input, target, weight, *, reduction):
    losses = (target - 1) * _bounded_log(xp, xp.log1p(-input)) - target * _bounded_log(xp, xp.log(input))
    return reduce_in_kernel(xp, losses if weight is None else losses * weight, reduction)


def binary_cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """`-(target * log(input) + (1 - target) * log(1 - input))`, with logarithms not below -100.

    Args:
        input: probabilities, of any shape and a real floating dtype.
        target: of the same shape and dtype, as a rule in [0, 1].
        weight: factors of a shape that broadcasts to that of the input.
        reduction: "mean", "sum" or "none".
        size_average, reduce: what `reduction` was before, with a warning.

    Raises:
        ValueError: for a target of another shape.
        RuntimeError: for inputs outside of [0, 1], and for a target of another dtype.

    >>> import mibun as torch
    >>> torch.nn.functional.binary_cross_entropy(torch.tensor([0.5, 0.25]), torch.tensor([1., 0.]), reduction="none")
    tensor([0.6931, 0.2877])
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
    if x.dtype != t.dtype:
        raise RuntimeError(f"Found dtype {target.dtype.scalar_name} but expected {input.dtype.scalar_name}")
    if x.dtype.kind in "biuc":
        raise NotImplementedError(f"\"binary_cross_entropy\" not implemented for '{input.dtype.scalar_name}'")
    limits = limits_of(x)
    if limits is not None and not (limits[0] >= 0 and limits[1] <= 1):
        raise RuntimeError(
            "all elements of input should be between 0 and 1: give probabilities, or use "
            "binary_cross_entropy_with_logits"
        )
    if weight is not None:
        weight = weight.expand(x.shape).to(input.dtype)  # the losses have the dtype of the input
    return apply(_bce, (input, target, weight), {"reduction": reduction})


def _bce_logits_rule(xp, g, input, target, weight, pos_weight, reduction):
    s = xp.logistic(input)
    slope = s - target if pos_weight is None else (pos_weight * target + 1 - target) * s - pos_weight * target
    slope = slope * mean_share(xp, g, slope, reduction)
    return slope if weight is None else slope * weight


def _bce_logits_target_rule(xp, g, input, target, weight, pos_weight, reduction):
    slope = -input if pos_weight is None else (pos_weight - 1) * _softplus_of_negative(xp, input) - input
    slope = slope * mean_share(xp, g, slope * target, reduction)
    return slope if weight is None else slope * weight


def _softplus_of_negative(xp: Any, x: Array) -> Array:
    """log(1 + exp(-x)) without overflow."""
    return xp.log1p(xp.exp(-xp.abs(x))) - xp.where(x < 0, x, 0.0)


@op(
    name="bce_with_logits",
    node="BinaryCrossEntropyWithLogitsBackward0",
    elements=True,
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
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    """`binary_cross_entropy(sigmoid(input), target)`, computed without underflow.

    Args:
        input: scores (logits), of any shape and a real floating dtype.
        target: of the same shape, as a rule in [0, 1].
        weight: factors of the losses, of a shape that broadcasts.
        pos_weight: factors of the part of the loss that is for target 1, of a shape that broadcasts.
        reduction: "mean", "sum" or "none".
        size_average, reduce: what `reduction` was before, with a warning.

    Raises:
        ValueError: where input and target differ in shape.
        NotImplementedError, RuntimeError: where the input, or the target, is of integers.

    >>> import mibun as torch
    >>> torch.nn.functional.binary_cross_entropy_with_logits(torch.tensor([0., 200.]), torch.tensor([1., 0.]))
    tensor(100.3466)
    """
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    check_reduction(reduction)
    check_tensor(input, "binary_cross_entropy_with_logits")
    check_tensor(target, "binary_cross_entropy_with_logits", "target", 2)
    if target._array_.shape != input._array_.shape:
        raise ValueError(f"Target size ({target.shape}) must be the same as input size ({input.shape})")
    if input._array_.dtype.kind in "biuc":
        raise NotImplementedError(f"\"log_sigmoid_cpu\" not implemented for '{input.dtype.scalar_name}'")
    if target._array_.dtype.kind in "biu":
        raise RuntimeError(
            f"result type {input.dtype.scalar_name} can't be cast to the desired output type "
            f"{target.dtype.scalar_name}: the losses have the dtype of the target, which has to be floating"
        )
    if pos_weight is not None and pos_weight._array_.dtype.kind == "b":
        raise RuntimeError("Subtraction, the `-` operator, with a bool tensor is not supported: pos_weight is of bools")
    # The losses have the dtype of the target: weights do not promote them, and a more precise input is rounded at last.
    weight, pos_weight = (x if x is None else x.to(target.dtype) for x in (weight, pos_weight))
    if input.dtype == target.dtype:
        return apply(_bce_with_logits, (input, target, weight, pos_weight), {"reduction": reduction})
    losses = apply(_bce_with_logits, (input, target, weight, pos_weight), {"reduction": "none"})
    return reduce_loss(losses.to(target.dtype), reduction)


def kl_div(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    log_target: bool = False,
) -> Tensor:
    """`target * (log(target) - input)`: the Kullback-Leibler divergence of the target from the input.

    Args:
        input: log-probabilities, of any shape.
        target: probabilities of a shape that broadcasts; with `log_target` log-probabilities too.
        reduction: "batchmean" (the sum divided by the first dimension's size, which is the divergence itself), "mean"
            (with a warning), "sum" or "none".
        size_average, reduce: what `reduction` was before, with a warning.

    Raises:
        RuntimeError: for integers and complex numbers.

    Source: Kullback and Leibler (1951).

    >>> import mibun as torch
    >>> torch.nn.functional.kl_div(torch.tensor([[0.5, 0.5]]).log(), torch.tensor([[1., 0.]]), reduction="batchmean")
    tensor(0.6931)
    """
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    if reduction == "mean":
        warnings.warn(
            "reduction: 'mean' divides the total loss by both the batch size and the support size.'batchmean' divides "
            "only by the batch size, and aligns with the KL div math definition.'mean' will be changed to behave the "
            "same as 'batchmean' in the next major release.",
            stacklevel=stacklevel(),
        )
    elif reduction != "batchmean":
        check_reduction(reduction)
    for tensor in (input, target):
        check_tensor(tensor, "kl_div")
        if tensor._array_.dtype.kind in "biuc":
            kind = "Complex" if tensor._array_.dtype.kind == "c" else "Integral"
            raise RuntimeError(f"kl_div: {kind} inputs not supported: got {tensor.dtype}")
    if log_target:
        losses = target.exp() * (target - input)
    else:
        losses = target.xlogy(target) - target * input
    if reduction == "batchmean":
        shape = input._array_.shape
        return losses.sum() / shape[0] if shape else losses.sum()
    return reduce_loss(losses, reduction)


def poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    log_input: bool = True,
    full: bool = False,
    size_average: bool | None = None,
    eps: float = 1e-8,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Negative log-likelihood of counts: `exp(input) - target * input`.

    Args:
        input: the logarithm of the expected counts; without `log_input` the counts themselves, and the loss is
            `input - target * log(input + eps)`.
        target: the counts, of a shape that broadcasts.
        full: add Stirling's approximation of log(target!) where target > 1.
        reduction: "mean", "sum" or "none".

    >>> import mibun as torch
    >>> torch.nn.functional.poisson_nll_loss(torch.tensor([0., 1.]), torch.tensor([1., 2.]), reduction="none")
    tensor([1.0000, 0.7183])
    """
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    check_reduction(reduction)
    check_tensor(input, "poisson_nll_loss")
    check_tensor(target, "poisson_nll_loss", "target", 2)
    losses = input.exp() - target * input if log_input else input - target * (input + eps).log()
    if full:
        stirling = target * target.log() - target + 0.5 * (2 * math.pi * target).log()
        losses = losses + stirling.masked_fill(target <= 1, 0)
    return reduce_loss(losses, reduction)


def gaussian_nll_loss(
    input: Tensor, target: Tensor, var: Tensor | float, full: bool = False, eps: float = 1e-6, reduction: str = "mean"
) -> Tensor:
    """`(log(var) + (input - target)**2 / var) / 2`, with var not below eps; full: plus `log(2 * pi) / 2`.

    var: of the shape of the input, or with one dimension less or of size 1, or a number. ValueError for negative
    variances and for shapes that do not fit.
    """
    check_tensor(input, "gaussian_nll_loss")
    check_tensor(target, "gaussian_nll_loss", "target", 2)
    limits = (limits_of(var._array_) or (0, 0)) if isinstance(var, Tensor) else (var, var)
    if limits[0] < 0 or (limits[0] != limits[0] and isinstance(var, Tensor) and (all_values(var._array_) < 0).any()):
        raise ValueError("var has negative entry/entries")
    variance = var if isinstance(var, Tensor) else ones_like(input) * var
    own, others = input._array_.shape, variance._array_.shape
    if others != own:
        if own[:-1] == others:
            variance = variance.unsqueeze(-1)
        elif not (len(own) == len(others) and all([a == b or b == 1 for a, b in zip(own, others, strict=True)])):
            raise ValueError("var is of incorrect size")
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(reduction + " is not valid")
    variance = variance.clone()
    with no_grad():
        variance.clamp_(min=eps)
    losses = 0.5 * (variance.log() + (input - target) ** 2 / variance)
    if full:
        losses = losses + 0.5 * math.log(2 * math.pi)
    return reduce_loss(losses, reduction)
