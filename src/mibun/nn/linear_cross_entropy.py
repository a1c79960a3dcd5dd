"""The cross-entropy of a linear map's output: `linear_cross_entropy`, whole or in chunks of the batch.

In chunks the logits of all samples never exist together, which is what takes most memory where there are many classes:
each chunk's gradients are computed with its loss, and only these are kept (Wijmans et al. 2024; Hsu et al. 2024).
"""

from __future__ import annotations

import dataclasses
import math
import re
import warnings
from typing import Any, Literal

from ..autograd.function import Function, once_differentiable
from ..core import dtypes
from ..core.dtypes import dtype as _dtype
from ..core.gradients import grad
from ..core.mode import enable_grad
from ..core.site import stacklevel
from ..core.tensor import Tensor, name_as
from ..ops.creation.filled import zeros
from ..ops.creation.like import zeros_like
from ..ops.nn.cross_entropy import cross_entropy
from ..ops.nn.linear import linear
from ..ops.shape.joining import cat

_ACCUMULATORS = (dtypes.float16, dtypes.bfloat16, dtypes.float32, dtypes.float64)
_HALF = (dtypes.float16, dtypes.bfloat16)


@dataclasses.dataclass(frozen=True)
class LinearCrossEntropyOptions:
    """How `linear_cross_entropy` goes through the batch in chunks.

    Args:
        allow_retain_graph: whether backward may be called more than once, for which the gradients are copied.
        batch_chunk_size: samples in a chunk; None to choose by `chunking_method`.
        chunking_method: "aspect_ratio:r", for chunks whose logits are at most r times as many as the input's elements;
            "auto" for r = 2; None for one chunk.
        acc_policy: the dtype in which gradients of chunks are added up: "compact" for that of the parameters,
            "balanced" for float32 where that is half precision, "accurate" for float64 where it is float32 too, "auto"
            for "balanced".
        acc_dtype: that dtype itself, float16, bfloat16, float32 or float64, instead.

    Raises:
        ValueError: for other values.

    >>> import mibun as torch
    >>> torch.nn.LinearCrossEntropyOptions(batch_chunk_size=256).batch_chunk_size
    256
    """

    allow_retain_graph: bool = False
    batch_chunk_size: int | None = None
    chunking_method: str | None = "auto"
    acc_policy: Literal["accurate", "balanced", "compact", "auto"] = "auto"
    acc_dtype: _dtype | None = None

    def __post_init__(self) -> None:
        size, method = self.batch_chunk_size, self.chunking_method
        if size is not None and (not isinstance(size, int) or size < 1):
            raise ValueError(f"batch_chunk_size must be positive int or None, got {size}")
        if method not in (None, "auto") and not re.fullmatch(r"aspect_ratio:\d+(\.\d+)?", str(method)):
            raise ValueError(f"invalid chunking_method: {method!r}")
        if self.acc_policy not in ("accurate", "balanced", "compact", "auto"):
            raise ValueError(f"invalid acc_policy: {self.acc_policy!r}")
        if self.acc_dtype is not None and self.acc_dtype not in _ACCUMULATORS:
            raise ValueError(
                "acc_dtype must be one of {None, torch.float16, torch.bfloat16, torch.float32, torch.float64}, got "
                f"{self.acc_dtype}. Pass acc_dtype=None to let the op pick automatically."
            )

    def rows(self, samples: int, features: int, logits: int) -> int:
        """How many samples a chunk has, for a number of features and of logits for each sample."""
        if self.batch_chunk_size is not None:
            return self.batch_chunk_size
        if self.chunking_method is None:
            return max(samples, 1)
        ratio = 2.0 if self.chunking_method == "auto" else float(self.chunking_method.partition(":")[2])
        return max(1, min(samples, int(ratio * samples * features / max(logits, 1))))

    def accumulator(self, own: _dtype) -> _dtype:
        """The dtype in which gradients of this dtype are added up."""
        if self.acc_dtype is not None:
            return self.acc_dtype
        if self.acc_policy == "compact" or own is dtypes.float64:
            return own
        if own in _HALF:
            return dtypes.float32
        return dtypes.float64 if self.acc_policy == "accurate" else own


class _Settings:
    """What is the same for all chunks."""

    def __init__(self, weight: Tensor | None, ignore_index: int, label_smoothing: float) -> None:
        self.weight, self.ignore_index, self.label_smoothing = weight, ignore_index, label_smoothing

    def loss(self, input: Tensor, linear_weight: Tensor, bias: Tensor | None, target: Tensor, reduction: str) -> Tensor:
        classes, outputs = linear_weight.shape[0], tuple(linear_weight.shape[1:-1])
        flat = linear_weight.reshape(-1, linear_weight.shape[-1])
        logits = linear(input, flat, None if bias is None else bias.reshape(-1))
        logits = logits.reshape(*input.shape[:-1], classes, *outputs)
        return cross_entropy(
            logits,
            target,
            self.weight,
            ignore_index=self.ignore_index,
            reduction=reduction,
            label_smoothing=self.label_smoothing,
        )

    def divisor(self, target: Tensor, samples: int) -> float:
        """What the sum of the losses is divided by for their mean."""
        if target.is_floating_point():
            return samples * math.prod(target.shape[2:])
        counted = target != self.ignore_index
        if self.weight is None:
            return counted.sum().item()
        return self.weight[target[counted]].sum().item()


def linear_cross_entropy(
    input: Tensor,
    linear_weight: Tensor,
    target: Tensor,
    *,
    linear_bias: Tensor | None = None,
    weight: Tensor | None = None,
    reduction: str = "mean",
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    options: LinearCrossEntropyOptions | None = None,
) -> Tensor:
    """`cross_entropy(linear(input, linear_weight, linear_bias), target)`; in chunks of the batch with `options`.

    Args:
        input: (N, in) or (in).
        linear_weight: (C, in), or (C, d1, ..., in) for logits (N, C, d1, ...).
        target: class numbers (N, d1, ...) or (), int64; or probabilities (N, C, d1, ...) or (C).
        linear_bias: (C) or (C, d1, ...).
        weight, reduction, label_smoothing: as of `cross_entropy`.
        ignore_index: a class that does not count; -100 if left out. Only for class numbers.
        options: see `LinearCrossEntropyOptions`. Then there is no second derivative, and backward works once.

    Returns:
        () or, with reduction="none", of the shape of the class numbers.

    Raises:
        RuntimeError, ValueError: for shapes and options that do not fit.

    >>> import mibun as torch
    >>> torch.nn.functional.linear_cross_entropy(torch.ones(2, 3), torch.zeros(4, 3), torch.tensor([0, 1]))
    tensor(1.3863)
    """
    if input.dim() not in (1, 2):
        raise RuntimeError(f"expected input with dimensionality 1 or 2, got {input.dim()}")
    if linear_weight.dim() < 2:
        raise RuntimeError(f"expected linear_weight with dimensionality at least 2, got {linear_weight.dim()}")
    if input.shape[-1] != linear_weight.shape[-1]:
        raise RuntimeError(
            "expected equal input and linear_weight last dimensions (in_features), got "
            f"{input.shape[-1]} and {linear_weight.shape[-1]}, respectively"
        )
    if linear_weight.dim() > 2 and input.dim() == 1:
        raise RuntimeError(
            f"K-dimensional loss defined by linear_weight shape {tuple(linear_weight.shape)} requires batched input, "
            f"(N, {input.shape[-1]}), got unbatched input with shape {tuple(input.shape)}"
        )
    outputs = tuple(linear_weight.shape[:-1])
    if linear_bias is not None and tuple(linear_bias.shape) != outputs:
        raise RuntimeError(f"expected linear_bias shape {outputs}, got {tuple(linear_bias.shape)}")
    if target.is_floating_point() and ignore_index is not None:
        raise RuntimeError("ignore_index cannot be specified when target contains probabilities")
    settings = _Settings(weight, -100 if ignore_index is None else ignore_index, label_smoothing)
    if options is not None and linear_bias is not None and len(outputs) > 1:
        warnings.warn(
            "linear_cross_entropy: a bias of several dimensions is not possible in chunks: the whole batch is computed "
            "at once",
            stacklevel=stacklevel(),
        )
        options = None
    if options is None or input.dim() == 1 or reduction not in ("mean", "sum", "none"):
        return settings.loss(input, linear_weight, linear_bias, target, reduction)
    return _Chunked.apply(input, linear_weight, linear_bias, target, settings, reduction, options)


name_as(linear_cross_entropy, "mibun.nn.functional", "linear_cross_entropy")


class _Chunked(Function):
    """The loss chunk by chunk. The sum's gradients are made along with it; those of single losses in the backward."""

    @staticmethod
    def forward(ctx: Any, input, linear_weight, bias, target, settings, reduction, options) -> Tensor:
        samples = input.shape[0]
        if target.shape[0] != samples:
            raise ValueError(f"Expected input batch_size ({samples}) to match target batch_size ({target.shape[0]}).")
        step = options.rows(samples, input.shape[1], math.prod(linear_weight.shape[:-1]))
        ctx.chunks = [slice(start, start + step) for start in range(0, samples, step)] or [slice(0, 0)]
        ctx.settings, ctx.options, ctx.reduction, ctx.gradients = settings, options, reduction, None
        ctx.given = (input.detach(), linear_weight.detach(), None if bias is None else bias.detach(), target)
        ctx.wanted = [bool(need) for need in ctx.needs_input_grad[:3]]
        if reduction == "none":
            found = [settings.loss(*_part(ctx.given, chunk), "none") for chunk in ctx.chunks]
            return cat(found)
        total, ctx.gradients = _sums(ctx, None)
        if reduction == "sum":
            return total
        divisor = settings.divisor(target, samples)
        scale = 1 / divisor if divisor else math.nan
        for gradient in ctx.gradients:
            if gradient is not None:
                gradient.mul_(scale)
        return total * scale

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, incoming: Tensor) -> Any:  # type: ignore[override]
        if ctx.reduction == "none":
            return (*_sums(ctx, incoming)[1], None, None, None, None)
        if ctx.gradients is None:
            raise RuntimeError(
                "linear_cross_entropy chunked backward called twice; retain_graph=True / double backward are not "
                "supported."
            )
        found = ctx.gradients
        if ctx.options.allow_retain_graph:
            return (*[None if gradient is None else gradient * incoming for gradient in found], None, None, None, None)
        ctx.gradients = None
        for gradient in found:
            if gradient is not None:
                gradient.mul_(incoming)
        return (*found, None, None, None, None)


def _part(given: tuple, chunk: slice) -> tuple:
    input, linear_weight, bias, target = given
    return input[chunk], linear_weight, bias, target[chunk]


def _sums(ctx: Any, weights: Tensor | None) -> tuple[Tensor, list[Tensor | None]]:
    """The sum of all losses, each times its weight, and its gradients by input, weight and bias: added up by chunks."""
    total = zeros((), dtype=ctx.given[0].dtype)
    kinds = [ctx.options.accumulator(value.dtype) if value is not None else None for value in ctx.given[:3]]
    sums: list[Any] = [None] * 3
    for place in (1, 2):
        if ctx.wanted[place]:
            sums[place] = zeros_like(ctx.given[place], dtype=kinds[place])
    inputs = []
    for chunk in ctx.chunks:
        values = list(_part(ctx.given, chunk))
        for place in range(3):
            if ctx.wanted[place]:
                values[place] = values[place].detach().requires_grad_()
        with enable_grad():
            loss = ctx.settings.loss(*values, "sum" if weights is None else "none")
            loss = loss if weights is None else (loss * weights[chunk]).sum()
        total = total + loss.detach()
        places = [place for place in range(3) if ctx.wanted[place]]
        for place, gradient in zip(places, grad(loss, [values[p] for p in places]) if places else (), strict=True):
            if place == 0:
                inputs.append(gradient)
            else:
                sums[place] += gradient
    if ctx.wanted[0]:
        sums[0] = cat(inputs)
    for place in (1, 2):
        if sums[place] is not None:
            sums[place] = sums[place].to(ctx.given[place].dtype)
    return total, sums
