"""Negative log-likelihood and cross-entropy of classes.

`class_loss` picks the log-probability of each sample's class; it is linear in its input, and `class_loss_spread` is its
transpose. `cross_entropy` is log_softmax followed by it, or, for targets that are probabilities, a sum of products.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.batching import all_examples, all_values, check_range, limits_of, waits
from ...core.registry import Array, namespace_of
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import Op, op
from .loss_reduction import check_reduction, legacy_reduction
from .softmax import functional_log_softmax


def _weights_of(xp: Any, target: Array, weight: Array, ignore_index: Any, dtype: Array) -> tuple[Array, Array]:
    """The weight of each sample (None where all are 1), and the targets with those to be ignored replaced by 0."""
    if ignore_index is None:
        return (None if weight is None else xp.take_flat(weight, target)), target
    valid = target != ignore_index
    target = xp.where(valid, target, xp.zeros_like(target))
    weights = xp.astype(valid, dtype)
    if weight is not None:
        weights = weights * xp.take_flat(weight, target)
    return weights, target


def _spread_rule(xp, g, target, weight, input_shape, reduction, ignore_index):
    return xp.class_loss_spread(g, target, weight, shape=input_shape, reduction=reduction, ignore_index=ignore_index)


def _class_loss(xp, input, target, weight, *, reduction, ignore_index):
    weights, target = _weights_of(xp, target, weight, ignore_index, input.dtype)
    picked = -xp.pick_classes(input, target)
    if weights is not None:
        picked = picked * weights
    if reduction == "none":
        return picked
    total = xp.sum(picked)
    if reduction == "sum":
        return total
    return total / (xp.scalar(math.prod(target.shape), input.dtype) if weights is None else xp.sum(weights))


def _declare(name: str, node: str) -> Op:
    return op(
        name=name,
        node=node,
        flat=("input",),
        dtype=None,
        optional=True,
        scalars=False,
        constant=("target",),
        vjp={"input": _spread_rule},
        jvp={
            "input": lambda xp, t, target, weight, reduction, ignore_index: xp.class_loss(
                t, target, weight, reduction=reduction, ignore_index=ignore_index
            )
        },
    )(_class_loss)


_loss = _declare("class_loss", "NllLossBackward0")
_loss_2d = _declare("class_loss_2d", "NllLoss2DBackward0")


@op(
    name="class_loss_spread",
    node="NllLossBackwardBackward0",
    dtype=None,
    optional=True,
    scalars=False,
    constant=("target",),
    vjp={
        "grad": lambda xp, g, target, weight, reduction, ignore_index: xp.class_loss(
            g, target, weight, reduction=reduction, ignore_index=ignore_index
        )
    },
    jvp={
        "grad": lambda xp, t, target, weight, shape, reduction, ignore_index: xp.class_loss_spread(
            t, target, weight, shape=shape, reduction=reduction, ignore_index=ignore_index
        )
    },
)
def _class_loss_spread(xp, grad, target, weight, *, shape, reduction, ignore_index):
    """The transpose of `class_loss` in its input."""
    weights, target = _weights_of(xp, target, weight, ignore_index, grad.dtype)
    if reduction == "mean":
        grad = grad / (xp.scalar(math.prod(target.shape), grad.dtype) if weights is None else xp.sum(weights))
    if weights is None:
        return xp.put_classes(-grad, target, shape)
    values = -grad * weights
    if ignore_index is not None:  # 0 / 0 where all are ignored, but no gradient
        values = xp.where(weights == 0, xp.zeros_like(values), values)
    return xp.put_classes(values, target, shape)


def _check_targets(name: str, input: Tensor, target: Tensor, weight: Tensor | None, ignore_index: int) -> int | None:
    """Check shapes and the range of the targets; the ignore_index if any target has it, else None."""
    x, t = input._array_, target._array_
    if t.dtype.kind not in "iu" or (t.dtype.itemsize != 8 and t.dtype != np.uint8):
        raise RuntimeError(
            f"expected target dtype to be Long or Byte, but got {target.dtype.scalar_name}: the targets of {name} are "
            "class indices; make them with target.long()"
        )
    classes = x.shape[1] if x.ndim > 1 else x.shape[0]
    if weight is not None and weight._array_.shape != (classes,):
        raise RuntimeError(
            f"weight tensor should be defined either for all {classes} classes or no classes but got weight tensor of "
            f"shape: {list(weight._array_.shape)}"
        )
    if weight is not None and weight._array_.dtype != x.dtype:
        raise RuntimeError(
            f"expected scalar type {input.dtype.scalar_name} but found {weight.dtype.scalar_name}: the weight of "
            f"{name} must have the dtype of the input"
        )
    t = all_examples(t)
    if t.size == 0:
        return None

    def refusal(wrong: Any) -> Exception:
        return IndexError(f"Target {wrong} is out of bounds. (In {name}: there are {classes} classes.)")

    if isinstance(t, (np.ndarray, np.generic)):
        # Seen as unsigned, negative numbers are large: one pass finds both ends.
        unsigned = t.view(np.uint64) if t.dtype == np.int64 else t
        if unsigned.max() < classes and not 0 <= ignore_index < classes:
            return None
    elif waits(t):  # no index is counted that is ignored
        check_range(namespace_of(t).where(t == ignore_index, 0, t), 0, classes, refusal)
        return ignore_index
    else:
        limits = limits_of(t)
        if limits is None:  # whatever they are
            return ignore_index
        if 0 <= limits[0] and limits[1] < classes and not 0 <= ignore_index < classes:
            return None
        t = all_values(t)
    values: Any = t
    wrong = (values != ignore_index) & ((values < 0) | (values >= classes))
    if wrong.any():
        first = values[wrong].flat[0] if values.ndim else values
        raise refusal(first)
    return ignore_index if (values == ignore_index).any() else None


def nll_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Negative log-likelihood of classes: `-weight[target] * input[target]`.

    Args:
        input: log-probabilities (N, C, *) or (C), of a real floating dtype.
        target: the classes (N, *) or (), int64 or uint8.
        weight: of the classes, (C), of the dtype of the input.
        ignore_index: targets that do not count.
        reduction: "none" (the result has the shape of the target), "sum", or "mean", which divides by the sum of the
            weights used.
        size_average, reduce: what `reduction` was before, with a warning.

    Raises:
        RuntimeError, ValueError: where shapes or dtypes do not fit.
        IndexError: for targets out of range.

    >>> import mibun as torch
    >>> torch.nn.functional.nll_loss(torch.tensor([[-1., -2.], [-3., -4.]]), torch.tensor([1, 0]))
    tensor(2.5000)
    """
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    check_tensor(input, "nll_loss")
    check_tensor(target, "nll_loss", "target", 2)
    check_reduction(reduction)
    x, t = input._array_, target._array_
    if x.ndim == 0:
        raise ValueError("Expected 1 or more dimensions (got 0)")
    if x.ndim > 1 and t.ndim == 0 or x.ndim <= 2 and t.ndim > 1:
        raise RuntimeError(
            f"0D or 1D target tensor expected, multi-target not supported: the input is {list(x.shape)}, the target "
            f"{list(t.shape)}"
        )
    if x.ndim <= 2 and t.ndim == 1 and x.ndim != 2:
        if t.shape[0] != 1:
            raise ValueError(f"Expected input batch_size (1) to match target batch_size ({t.shape[0]}).")
        input = input.unsqueeze(0)
        x = input._array_
    if x.ndim > 1 and t.ndim and x.shape[0] != t.shape[0]:
        raise ValueError(f"Expected input batch_size ({x.shape[0]}) to match target batch_size ({t.shape[0]}).")
    if x.ndim > 2 and t.shape != (x.shape[0], *x.shape[2:]):
        if t.ndim != x.ndim - 1:
            raise RuntimeError(
                f"only batches of spatial targets supported ({x.ndim - 1}D tensors) but got targets of dimension: "
                f"{t.ndim}"
            )
        raise RuntimeError(f"size mismatch (got input: {list(x.shape)} , target: {list(t.shape)})")
    if x.dtype.kind in "biuc":
        raise NotImplementedError(f"\"nll_loss_out_frame\" not implemented for '{input.dtype.scalar_name}'")
    found = _check_targets("nll_loss", input, target, weight, ignore_index)
    record = _loss if x.ndim <= 2 else _loss_2d
    return apply(record, (input, target, weight), {"reduction": reduction, "ignore_index": found})


def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """Cross-entropy between scores (logits) and classes: `nll_loss(log_softmax(input, 1), target)`.

    Args:
        input: scores (N, C, *) or (C), of a real floating dtype.
        target: the classes (N, *) or (), int64 or uint8; or their probabilities, of the shape of the input, for which
            the loss is `-sum(target * log_softmax(input, 1), 1)`.
        weight: of the classes, (C), of the dtype of the input.
        ignore_index: targets that do not count.
        reduction: "none", "sum", or "mean", which divides by the sum of the weights used (of probabilities: by N).
        label_smoothing: how much of each target is spread evenly over the classes, in [0, 1].
        size_average, reduce: what `reduction` was before, with a warning.

    Raises:
        RuntimeError, ValueError: where shapes or dtypes do not fit.
        IndexError: for targets out of range.

    Source of the smoothing: Szegedy et al. (2016), arXiv:1512.00567.

    >>> import mibun as torch
    >>> torch.nn.functional.cross_entropy(torch.zeros(2, 4), torch.tensor([0, 3]))
    tensor(1.3863)
    """
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    check_tensor(input, "cross_entropy_loss")
    check_tensor(target, "cross_entropy_loss", "target", 2)
    if weight is not None:
        check_tensor(weight, "cross_entropy_loss", "weight", 3)
    check_reduction(reduction)
    x, t = input._array_, target._array_
    class_dim = 0 if x.ndim == 1 else 1
    if label_smoothing == 0.0 and t.dtype.kind in "iu":
        return nll_loss(functional_log_softmax(input, class_dim), target, weight, None, ignore_index, None, reduction)
    if not 0.0 <= label_smoothing <= 1.0:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing}")
    if x.shape == t.shape:
        if t.dtype.kind not in "fV":
            raise RuntimeError(
                f"Expected floating point type for target with class probabilities, got {target.dtype.scalar_name}"
            )
        if ignore_index >= 0:
            raise RuntimeError("ignore_index is not supported for floating point target")
        return _cross_entropy_of_probabilities(input, target, weight, reduction, label_smoothing, class_dim)
    scores = functional_log_softmax(input, class_dim)
    if label_smoothing == 0.0:
        return nll_loss(scores, target, weight, None, ignore_index, None, reduction)
    loss = nll_loss(scores, target, weight, None, ignore_index, None, reduction)
    shape = [1] * x.ndim
    classes = shape[class_dim] = x.shape[class_dim]
    weighted = scores if weight is None else scores * weight.view(*shape)
    smooth = -weighted.sum(class_dim)
    ignored = target == ignore_index
    if waits(ignored._array_) or limits_of(ignored._array_) != (False, False):
        smooth = smooth.masked_fill(ignored, 0.0)
    if reduction == "mean" and weight is not None:
        used = weight[target.masked_fill(ignored, 0).long()].masked_fill(ignored, 0.0)
        smooth = smooth.sum() / used.sum()
    elif reduction == "mean":
        smooth = smooth.sum() / (~ignored).sum()
    elif reduction == "sum":
        smooth = smooth.sum()
    return loss * (1.0 - label_smoothing) + smooth * (label_smoothing / classes)


def _cross_entropy_of_probabilities(
    input: Tensor, target: Tensor, weight: Tensor | None, reduction: str, label_smoothing: float, class_dim: int
) -> Tensor:
    x = input._array_
    classes = x.shape[class_dim]
    shape = [1] * x.ndim
    shape[class_dim] = classes
    if weight is not None and weight._array_.shape != (classes,):
        raise RuntimeError(
            f"cross_entropy: weight tensor should be defined either for all {classes} classes or no classes but got "
            f"weight tensor of shape: {list(weight._array_.shape)}"
        )
    scores = functional_log_softmax(input, class_dim)
    if label_smoothing > 0.0:
        target = target * (1.0 - label_smoothing) + label_smoothing / classes
    products = scores * target
    if weight is not None:
        products = products * weight.view(*shape)
    if reduction == "none":
        return -products.sum(class_dim)
    total = -products.sum()
    if reduction == "sum":
        return total
    return total / (math.prod(x.shape) // classes if classes else math.nan)
