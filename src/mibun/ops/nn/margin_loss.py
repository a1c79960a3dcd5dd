"""Losses with a margin: zero where a prediction is right by more than it, or comparisons of distances.

Those that PyTorch makes of one node are operators here; the others are put together from elementwise functions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.batching import limits_of
from ...core.registry import Array, namespace_for
from ...core.tensor import Tensor, wrap
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import op
from ..pointwise.where import where
from .activation import logsigmoid
from .distance import pairwise_distance
from .loss_reduction import check_castable, check_reduction, legacy_reduction, mean_share, reduce_in_kernel, reduce_loss


def _reduction(size_average: bool | None, reduce: bool | None, reduction: str) -> str:
    if size_average is not None or reduce is not None:
        return legacy_reduction(size_average, reduce)
    check_reduction(reduction)
    return reduction


def hinge_embedding_loss(
    input: Tensor,
    target: Tensor,
    margin: float = 1.0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """The input where target is 1, `max(0, margin - input)` where it is -1.

    input, target: of shapes that broadcast.
    reduction: "mean", "sum" or "none"; size_average, reduce: what it was before, with a warning.

    >>> import mibun as torch
    >>> distances, same = torch.tensor([0.5, 0.25]), torch.tensor([1., -1.])
    >>> torch.nn.functional.hinge_embedding_loss(distances, same, reduction="none")
    tensor([0.5000, 0.7500])
    """
    reduction = _reduction(size_average, reduce, reduction)
    losses = where(target != 1, (margin - input).clamp_min(0), 0.0) + where(target != -1, input, 0.0)
    if reduction == "mean" and input._array_.dtype.kind in "biu":
        raise RuntimeError(
            "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: "
            f"{input.dtype.scalar_name}"
        )
    return reduce_loss(losses, reduction)


def margin_ranking_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """`max(0, -target * (input1 - input2) + margin)`, with target 1 where input1 should be ranked higher, else -1.

    All of the same number of dimensions (RuntimeError otherwise), of shapes that broadcast.
    reduction: "mean", "sum" or "none"; size_average, reduce: what it was before, with a warning.

    >>> import mibun as torch
    >>> first, second = torch.tensor([2., 1.]), torch.tensor([1., 2.])
    >>> torch.nn.functional.margin_ranking_loss(first, second, torch.ones(2), margin=0.5, reduction="none")
    tensor([0.0000, 1.5000])
    """
    reduction = _reduction(size_average, reduce, reduction)
    if not input1.dim() == input2.dim() == target.dim():
        raise RuntimeError(
            "margin_ranking_loss : All input tensors should have same dimension but got sizes: "
            f"input1: {input1.size()}, input2: {input2.size()}, target: {target.size()} "
        )
    return reduce_loss((-target * (input1 - input2) + margin).clamp_min(0), reduction)


def _smaller_distance(swap: bool, negative: Tensor, other: Callable[[], Tensor]) -> Tensor:
    return negative.minimum(other()) if swap else negative


def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: float = 1.0,
    p: float = 2,
    eps: float = 1e-6,
    swap: bool = False,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """`max(0, d(anchor, positive) - d(anchor, negative) + margin)`, d being the `pairwise_distance`.

    swap: the positive takes the anchor's place where it is nearer to the negative. Source: Balntas et al. (2016).

    >>> import mibun as torch
    >>> anchor, positive = torch.tensor([[0., 0.]]), torch.tensor([[3., 4.]])
    >>> torch.nn.functional.triplet_margin_loss(anchor, positive, torch.tensor([[0., 2.]]))
    tensor(4.0000)
    """
    reduction = _reduction(size_average, reduce, reduction)
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    if not anchor.dim() == positive.dim() == negative.dim():
        raise RuntimeError(
            f"The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: "
            f"anchor {anchor.dim()}D, positive {positive.dim()}D, and negative {negative.dim()}D inputs"
        )
    near = pairwise_distance(anchor, positive, p, eps)
    far = pairwise_distance(anchor, negative, p, eps)
    far = _smaller_distance(swap, far, lambda: pairwise_distance(positive, negative, p, eps))
    return reduce_loss((margin + near - far).clamp_min(0), reduction)


def triplet_margin_with_distance_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    *,
    distance_function: Callable[[Tensor, Tensor], Tensor] | None = None,
    margin: float | Tensor = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Tensor:
    """triplet_margin_loss with any distance: a function of two Tensors (pairwise_distance by default)."""
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"{reduction} is not a valid value for reduction")
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    distance = distance_function if distance_function is not None else pairwise_distance
    near, far = distance(anchor, positive), distance(anchor, negative)
    far = _smaller_distance(swap, far, lambda: distance(positive, negative))
    return reduce_loss((near - far + margin).clamp_min(0), reduction)


def cosine_embedding_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """1 - cos(input1, input2) where target is 1, max(0, cos(input1, input2) - margin) where it is -1.

    input1, input2: (N, D) or (D); target: (N) or ().

    >>> import mibun as torch
    >>> torch.nn.functional.cosine_embedding_loss(torch.tensor([[3., 4.]]), torch.tensor([[4., 3.]]), torch.ones(1))
    tensor(0.0400)
    """
    reduction = _reduction(size_average, reduce, reduction)
    if target.dim() not in (0, 1):
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    if input1.dim() != target.dim() + 1 or input2.dim() != target.dim() + 1:
        n = target.dim()
        words = f"{n}D target tensor expects {n + 1}D input tensors"
        raise RuntimeError(f"{words}, but found inputs with sizes {list(input1.shape)} and {list(input2.shape)}.")
    dim = target.dim()
    product = (input1 * input2).sum(dim)
    size1, size2 = (input1 * input1).sum(dim) + 1e-12, (input2 * input2).sum(dim) + 1e-12
    cosine = product / (size1 * size2).sqrt()
    losses = where(target == 1, 1 - cosine, 0.0) + where(target == -1, (cosine - margin).clamp_min(0), 0.0)
    return reduce_loss(losses, reduction)


# --- one node each ---


def _soft_margin_rule(xp, g, input, target, reduction):
    return -target * xp.logistic(-target * input) * mean_share(xp, g, input, reduction)


@op(
    name="soft_margin",
    node="SoftMarginLossBackward0",
    scalars=False,
    refuses="biuc",
    vjp={"input": _soft_margin_rule},  # targets that require grad are an error, as in PyTorch
)
def _soft_margin(xp, input, target, *, reduction):
    z = -target * input
    return reduce_in_kernel(xp, xp.log1p(xp.exp(-xp.abs(z))) + xp.where(z > 0, z, 0.0), reduction)


def soft_margin_loss(
    input: Tensor, target: Tensor, size_average: bool | None = None, reduce: bool | None = None, reduction: str = "mean"
) -> Tensor:
    """`log(1 + exp(-target * input))`, with targets 1 and -1 of the shape of the input.

    reduction: "mean", "sum" or "none"; size_average, reduce: what it was before, with a warning.

    >>> import mibun as torch
    >>> scores, targets = torch.tensor([0., 2.]), torch.tensor([1., -1.])
    >>> torch.nn.functional.soft_margin_loss(scores, targets, reduction="none")
    tensor([0.6931, 2.1269])
    """
    reduction = _reduction(size_average, reduce, reduction)
    check_tensor(input, "soft_margin_loss")
    check_tensor(target, "soft_margin_loss", "target", 2)
    check_castable(input, target)
    if input.dtype == target.dtype:
        return apply(_soft_margin, (input, target), {"reduction": reduction})
    return reduce_loss(apply(_soft_margin, (input, target), {"reduction": "none"}).to(input.dtype), reduction)


def _multi_margin_rule(xp, g, input, chosen, factors, p, margin, reduction):
    violation = _violations(xp, input, chosen, margin)
    share = mean_share(xp, g, violation[:, 0], reduction)
    share = xp.reshape(share, (-1, 1)) if reduction == "none" else share
    slope = xp.where(violation > 0, 1.0, xp.zeros_like(violation)) if p == 1 else violation * 2.0
    slope = slope * factors * share
    return slope - chosen * xp.sum(slope, axis=1, keepdims=True)


def _violations(xp: Any, input: Array, chosen: Array, margin: float) -> Array:
    """By how much each other class comes nearer to the right one than the margin; 0 where it does not."""
    right = xp.sum(xp.where(chosen > 0, input, 0.0), axis=1, keepdims=True)
    z = margin - right + input
    return xp.where((z > 0) & (chosen == 0), z, 0.0)


@op(
    name="multi_margin",
    node="MultiMarginLossBackward0",
    flat=("input",),
    dtype=None,
    scalars=False,
    constant=("chosen", "factors"),
    vjp={"input": _multi_margin_rule},
)
def _multi_margin(xp, input, chosen, factors, *, p, margin, reduction, single):
    violation = _violations(xp, input, chosen, margin)
    losses = xp.sum((violation if p == 1 else violation * violation) * factors, axis=1)
    losses = xp.reshape(losses, ()) if single else losses
    return reduce_in_kernel(xp, losses, reduction)


def multi_margin_loss(
    input: Tensor,
    target: Tensor,
    p: int = 1,
    margin: float = 1.0,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Sum over the wrong classes j of max(0, margin - input[target] + input[j])**p * weight[target] / C.

    input: (N, C) or (C); target: class indices (N) or (). p: 1 or 2. weight: of the classes, (C).

    >>> import mibun as torch
    >>> torch.nn.functional.multi_margin_loss(torch.tensor([[0.1, 0.5, 0.4]]), torch.tensor([1]))
    tensor(0.5000)
    """
    check_tensor(input, "multi_margin_loss")
    check_tensor(target, "multi_margin_loss", "target", 2)
    reduction = _reduction(size_average, reduce, reduction)
    x, t = input._array_, target._array_
    if p not in (1, 2):
        raise ValueError("only p == 1 and p == 2 supported")
    if x.ndim == 0:  # one score of one class
        input = input.reshape(1)
        x = input._array_
    if x.ndim not in (1, 2) or x.size == 0 and x.shape[-1] == 0:
        raise RuntimeError(
            f"Expected non-empty vector or matrix with optional 0-dim batch size, but got: {list(x.shape)}"
        )
    batch, classes = (1, x.shape[0]) if x.ndim == 1 else x.shape
    if weight is not None and weight._array_.ndim != 1:
        raise ValueError(f"weight must be one-dimensional, but is {list(weight._array_.shape)}")
    if t.ndim > 1 or t.size != batch:
        raise RuntimeError(
            "multi_margin_loss: target tensor should be 1-D with size equal to the number of input samples (batch "
            f"size). Expected target size [{batch}], but got {list(t.shape)}. Input has shape {list(x.shape)}."
        )
    if weight is not None and weight._array_.shape != (classes,):
        raise RuntimeError(f"inconsistent weight size, expected {classes} but got {list(weight._array_.shape)}")
    if t.dtype != np.int64:
        raise RuntimeError(f"expected scalar type Long but found {target.dtype.scalar_name}")
    limits = limits_of(t)
    if limits is not None and (limits[0] < 0 or limits[1] >= classes):
        raise RuntimeError("target out of range")
    if weight is not None and weight.dtype != input.dtype:
        raise RuntimeError(
            f"expected scalar type {input.dtype.scalar_name} but found {weight.dtype.scalar_name} (the weight)"
        )
    if weight is not None and weight.requires_grad:
        raise AssertionError("weight must not require grad: multi_margin_loss has no derivative for it")
    xp = namespace_for([t] if weight is None else [t, weight._array_])
    index = xp.reshape(t, (-1,))
    chosen = xp.astype(xp.expand_dims(index, axis=-1) == xp.arange(classes), x.dtype)
    factors = xp.full((batch, 1), 1 / classes, dtype=x.dtype)
    if weight is not None:
        factors = factors * xp.expand_dims(xp.take_flat(weight._array_, index), axis=-1)
    rows = input.unsqueeze(0) if x.ndim == 1 else input
    return apply(
        _multi_margin,
        (rows, wrap(chosen), wrap(factors)),
        {
            "p": p,
            "margin": float(margin),
            "reduction": reduction,
            "single": t.ndim == 0,
        },
    )


def _pairs(xp: Any, input: Array, counts: Array) -> Array:
    """1 - x[k] + x[j] for targets k and others j, 0 where negative; (N, k, j)."""
    z = 1 - xp.expand_dims(input, axis=2) + xp.expand_dims(input, axis=1)
    counted = (xp.expand_dims(counts, axis=2) > 0) & (xp.expand_dims(counts, axis=1) == 0)
    return xp.where((z > 0) & counted, z, 0.0)


def _multilabel_margin_rule(xp, g, input, counts, reduction):
    active = xp.where(_pairs(xp, input, counts) > 0, 1.0, 0.0 * xp.expand_dims(counts, axis=2))
    active = active * xp.expand_dims(counts, axis=2) / counts.shape[1]
    slope = xp.sum(active, axis=1) - xp.sum(active, axis=2)
    share = mean_share(xp, g, input[:, 0], reduction)
    return slope * (xp.reshape(share, (-1, 1)) if reduction == "none" else share)


@op(
    name="multilabel_margin",
    node="MultilabelMarginLossBackward0",
    flat=("input",),
    dtype=None,
    scalars=False,
    constant=("counts",),
    vjp={"input": _multilabel_margin_rule},
)
def _multilabel_margin(xp, input, counts, *, reduction, single):
    losses = xp.sum(_pairs(xp, input, counts) * xp.expand_dims(counts, axis=2), axis=(1, 2)) / counts.shape[1]
    losses = xp.reshape(losses, ()) if single else losses
    return reduce_in_kernel(xp, losses, reduction)


def multilabel_margin_loss(
    input: Tensor, target: Tensor, size_average: bool | None = None, reduce: bool | None = None, reduction: str = "mean"
) -> Tensor:
    """Sum over target classes k and other classes j of max(0, 1 - input[k] + input[j]) / C.

    input: (N, C), (C) or one score; target: of its shape, int64, the class indices up to the first -1.

    >>> import mibun as torch
    >>> torch.nn.functional.multilabel_margin_loss(torch.tensor([[0.1, 0.5, 0.4]]), torch.tensor([[1, -1, 0]]))
    tensor(0.5000)
    """
    check_tensor(input, "multilabel_margin_loss")
    check_tensor(target, "multilabel_margin_loss", "target", 2)
    reduction = _reduction(size_average, reduce, reduction)
    x, t = input._array_, target._array_
    if x.ndim == 0 and t.shape in ((), (1,)):  # one score of one class
        input, target = input.reshape(1), target.reshape(1)
        x, t = input._array_, target._array_
    if x.ndim not in (1, 2) or x.shape[-1] == 0:
        raise RuntimeError(
            f"Expected non-empty vector or matrix with optional 0-dim batch size, but got: {list(x.shape)}"
        )
    if t.shape != x.shape and not (x.shape == (1,) and t.ndim == 0):
        raise RuntimeError(f"inconsistent target size: {list(t.shape)} for input of size: {list(x.shape)}")
    if t.dtype.kind == "c":
        raise NotImplementedError(f"\"min_all\" not implemented for '{target.dtype.scalar_name}'")
    if x.dtype.kind in "biuc" or x.dtype.itemsize == 2:
        raise NotImplementedError(
            f"\"multilabel_margin_loss_forward_out_frame\" not implemented for '{input.dtype.scalar_name}'"
        )
    if t.dtype != np.int64:
        raise RuntimeError(f"expected scalar type Long but found {target.dtype.scalar_name}")
    classes = x.shape[-1]
    limits = limits_of(t)
    if limits is not None and (limits[0] < -1 or limits[1] >= classes):
        raise RuntimeError(f"target is out of range: the class indices must lie in [-1, {classes})")
    xp = namespace_for([t])
    counts = xp.counts_of_targets(xp.reshape(t, (-1, classes)), x.dtype)
    matrix = input.unsqueeze(0) if x.ndim == 1 else input
    return apply(_multilabel_margin, (matrix, wrap(counts)), {"reduction": reduction, "single": x.ndim == 1})


def multilabel_soft_margin_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Mean over the classes of `binary_cross_entropy_with_logits`.

    input, target: (*, C), scores and 0 or 1. weight: of the classes, (C).
    reduction: "mean", "sum" or "none"; size_average, reduce: what it was before, with a warning.

    >>> import mibun as torch
    >>> torch.nn.functional.multilabel_soft_margin_loss(torch.zeros(1, 3), torch.tensor([[1., 0., 1.]]))
    tensor(0.6931)
    """
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    losses = -(target * logsigmoid(input) + (1 - target) * logsigmoid(-input))
    if weight is not None:
        losses = losses * weight
    losses = losses.sum(-1) / input._array_.shape[-1]
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(reduction + " is not valid")
    return reduce_loss(losses, reduction)
