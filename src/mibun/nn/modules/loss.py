"""Losses: how far outputs are from targets, as one number to be made small.

Each takes `reduction`: "mean" (over elements, or samples where there are classes), "sum" or "none". The older arguments
`size_average` and `reduce` are understood, with PyTorch's warning.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence

from ...core.site import stacklevel
from ...core.tensor import Tensor
from .. import functional as F
from .distance import PairwiseDistance
from .module import Module


def _reduction(size_average: bool | None, reduce: bool | None, reduction: str) -> str:
    """The `reduction` that the older arguments ask for, if they are given."""
    if size_average is None and reduce is None:
        return reduction
    reduction = "none" if reduce is False else "sum" if size_average is False else "mean"
    warnings.warn(
        f"size_average and reduce args will be deprecated, please use reduction='{reduction}' instead.",
        stacklevel=stacklevel(),
    )
    return reduction


class _Loss(Module):
    __constants__ = ["reduction"]
    reduction: str

    def __init__(self, size_average: bool | None = None, reduce: bool | None = None, reduction: str = "mean") -> None:
        super().__init__()
        self.reduction = _reduction(size_average, reduce, reduction)


class _WeightedLoss(_Loss):
    weight: Tensor | None

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.register_buffer("weight", weight)


class L1Loss(_Loss):
    """`|input - target|`: the mean absolute error.

    Args:
        reduction: "mean" over all elements, "sum", or "none".
        size_average, reduce: the older form of `reduction`, understood with a warning.

    Shape:
        input (*) and target (*), of a floating dtype; output (), or (*) with reduction="none".

    >>> import mibun as torch
    >>> torch.nn.L1Loss()(torch.tensor([1., 2.]), torch.tensor([1., 4.]))
    tensor(1.)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """The loss of two Tensors of the same shape."""
        return F.l1_loss(input, target, reduction=self.reduction)


class MSELoss(_Loss):
    """`(input - target)²`: the mean squared error.

    Args:
        reduction: "mean" over all elements, "sum", or "none".
        size_average, reduce: the older form of `reduction`, understood with a warning.

    Shape:
        input (*) and target (*), of a floating dtype; output (), or (*) with reduction="none".

    >>> import mibun as torch
    >>> torch.nn.MSELoss()(torch.tensor([1., 2.]), torch.tensor([1., 4.]))
    tensor(2.)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """The loss of two Tensors of the same shape."""
        return F.mse_loss(input, target, reduction=self.reduction)


class SmoothL1Loss(_Loss):
    """`d²/(2 beta)` where `d = |input - target|` is below `beta`, else `d - beta/2`: a parabola, then straight.

    Args:
        reduction: "mean" over all elements, "sum", or "none".
        size_average, reduce: the older form of `reduction`, understood with a warning.
        beta: where the two meet; RuntimeError from the call where it is negative, `L1Loss` where it is 0.

    Shape:
        input (*) and target (*), of a floating dtype; output (), or (*) with reduction="none".

    Source: Girshick, Fast R-CNN, 2015.

    >>> import mibun as torch
    >>> torch.nn.SmoothL1Loss()(torch.tensor([1.5, 2.]), torch.tensor([1., 4.]))
    tensor(0.8125)
    """

    beta: float

    def __init__(
        self, size_average: bool | None = None, reduce: bool | None = None, reduction: str = "mean", beta: float = 1.0
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.beta = beta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """The loss of two Tensors of the same shape."""
        return F.smooth_l1_loss(input, target, reduction=self.reduction, beta=self.beta)


class HuberLoss(_Loss):
    """`d²/2` where `d = |input - target|` is below `delta`, else `delta (d - delta/2)`: `SmoothL1Loss` times `delta`.

    Args:
        reduction: "mean" over all elements, "sum", or "none".
        delta: where the two meet; RuntimeError from the call unless it is positive.

    Shape:
        input (*) and target (*), of a floating dtype; output (), or (*) with reduction="none".

    Source: Huber, Robust Estimation of a Location Parameter, 1964.

    >>> import mibun as torch
    >>> torch.nn.HuberLoss(delta=2.)(torch.tensor([1.5, 2.]), torch.tensor([1., 6.]))
    tensor(3.0625)
    """

    __constants__ = ["reduction", "delta"]
    delta: float

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction=reduction)
        self.delta = delta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """The loss of two Tensors of the same shape."""
        return F.huber_loss(input, target, reduction=self.reduction, delta=self.delta)


class NLLLoss(_WeightedLoss):
    """`-weight[target] input[target]`: the negative log-likelihood of classes, given log-probabilities.

    Args:
        weight: a factor for each class; a buffer of the layer.
        ignore_index: targets that do not count.
        reduction: "mean", which divides by the sum of the weights that were used, "sum", or "none".
        size_average, reduce: the older form of `reduction`, understood with a warning.

    Shape:
        input (N, C, *) or (C), log-probabilities; target (N, *) or (), int64, in [0, C); weight (C,). Output (), or the
        target's shape with reduction="none".

    >>> import mibun as torch
    >>> log_probs = torch.tensor([[0.25, 0.75]]).log()
    >>> torch.nn.NLLLoss()(log_probs, torch.tensor([0]))
    tensor(1.3863)
    """

    __constants__ = ["ignore_index", "reduction"]
    ignore_index: int

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        ignore_index: int = -100,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index = ignore_index

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """The loss of log-probabilities and class numbers."""
        return F.nll_loss(
            input, target, weight=self.weight, ignore_index=self.ignore_index, reduction=self.reduction
        )


class CrossEntropyLoss(_WeightedLoss):
    """`-weight[target] log softmax(input)[target]`: `NLLLoss` of scores, or the cross entropy of probabilities.

    Args:
        weight: a factor for each class; a buffer of the layer.
        ignore_index: targets, where they are class numbers, that do not count.
        reduction: "mean", which divides by the sum of the weights that were used, "sum", or "none".
        label_smoothing: in [0, 1], how much of the uniform distribution is mixed into the targets (Szegedy et al.,
            Rethinking the Inception Architecture for Computer Vision, 2015).
        size_average, reduce: the older form of `reduction`, understood with a warning.

    Shape:
        input (N, C, *) or (C), scores; target (N, *) or (), int64, in [0, C), or probabilities of the input's shape and
        dtype; weight (C,). Output (), or (N, *) with reduction="none".

    >>> import mibun as torch
    >>> torch.nn.CrossEntropyLoss()(torch.zeros(3, 10), torch.tensor([1, 0, 4]))
    tensor(2.3026)
    """

    __constants__ = ["ignore_index", "reduction", "label_smoothing"]
    ignore_index: int
    label_smoothing: float

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        ignore_index: int = -100,
        reduce: bool | None = None,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index = ignore_index
        self.label_smoothing = label_smoothing

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """The loss of scores and class numbers or probabilities."""
        return F.cross_entropy(
            input,
            target,
            weight=self.weight,
            ignore_index=self.ignore_index,
            reduction=self.reduction,
            label_smoothing=self.label_smoothing,
        )


class PoissonNLLLoss(_Loss):
    """`exp(input) - target input`, the negative log-likelihood of counts given the logarithms of their rates.

    Args:
        log_input: False takes rates themselves: `input - target log(input + eps)`.
        full: add Stirling's approximation of `log(target!)` where the target is above 1.
        eps: as in the formula.
        reduction: "mean" over all elements, "sum", or "none".
        size_average, reduce: the older form of `reduction`, understood with a warning.

    Shape:
        input (*) and target (*), of a floating dtype; output (), or (*) with reduction="none".

    >>> import mibun as torch
    >>> torch.nn.PoissonNLLLoss()(torch.tensor([0., 1.]), torch.tensor([1., 2.]))
    tensor(0.8591)
    """

    __constants__ = ["log_input", "full", "eps", "reduction"]
    log_input: bool
    full: bool
    eps: float

    def __init__(
        self,
        log_input: bool = True,
        full: bool = False,
        size_average: bool | None = None,
        eps: float = 1e-8,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.log_input = log_input
        self.full = full
        self.eps = eps

    def forward(self, log_input: Tensor, target: Tensor) -> Tensor:
        """The loss of (the logarithms of) rates and counts."""
        return F.poisson_nll_loss(
            log_input, target, log_input=self.log_input, full=self.full, eps=self.eps, reduction=self.reduction
        )


class GaussianNLLLoss(_Loss):
    """`½ (log v + (input - target)² / v)` with `v = max(var, eps)`: the negative log-likelihood of normal numbers.

    Args:
        full: add the constant `½ log 2π`.
        eps: the least variance; the gradient of `var` does not see the limit.
        reduction: "mean" over all elements, "sum", or "none".

    Shape:
        input (*), means; target (*); var (*), or with one axis less or one of size 1, or a number. Output (), or (*)
        with reduction="none".

    Raises:
        ValueError: from the call, for a negative variance or one of another shape.

    Source: Nix and Weigend, Estimating the mean and variance of the target probability distribution, 1994.

    >>> import mibun as torch
    >>> torch.nn.GaussianNLLLoss()(torch.tensor([1., 2.]), torch.tensor([1., 4.]), torch.tensor([1., 4.]))
    tensor(0.5966)
    """

    __constants__ = ["full", "eps", "reduction"]
    full: bool
    eps: float

    def __init__(self, *, full: bool = False, eps: float = 1e-6, reduction: str = "mean") -> None:
        super().__init__(None, None, reduction)
        self.full = full
        self.eps = eps

    def forward(self, input: Tensor, target: Tensor, var: Tensor | float) -> Tensor:
        """The loss of means, targets and variances."""
        return F.gaussian_nll_loss(input, target, var, full=self.full, eps=self.eps, reduction=self.reduction)


class KLDivLoss(_Loss):
    """`target (log target - input)`: the Kullback-Leibler divergence of targets from log-probabilities.

    Args:
        reduction: "batchmean", the sum divided by the first size, which is the divergence as it is defined; "mean" over
            all elements, with a warning; "sum" or "none".
        log_target: the target is given by logarithms too.
        size_average, reduce: the older form of `reduction`, understood with a warning.

    Shape:
        input (*), log-probabilities; target (*), probabilities or their logarithms. Output (), or (*) with
        reduction="none".

    >>> import mibun as torch
    >>> loss = torch.nn.KLDivLoss(reduction="batchmean")
    >>> loss(torch.tensor([[0.5, 0.5]]).log(), torch.tensor([[0.25, 0.75]]))
    tensor(0.1308)
    """

    log_target: bool

    def __init__(
        self,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
        log_target: bool = False,
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.log_target = log_target

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """The loss of two Tensors of the same shape."""
        return F.kl_div(input, target, reduction=self.reduction, log_target=self.log_target)


class BCELoss(_WeightedLoss):
    """`-weight (target log(input) + (1 - target) log(1 - input))`: the binary cross entropy, given probabilities.

    Logarithms are at least -100, so that the loss of a certain mistake is finite.

    Args:
        weight: factors, of a shape that broadcasts; a buffer of the layer.
        reduction: "mean" over all elements, "sum", or "none".
        size_average, reduce: the older form of `reduction`, understood with a warning.

    Shape:
        input and target (*), in [0, 1]; output (), or (*) with reduction="none".

    Raises:
        RuntimeError: from the call, for an input outside [0, 1]. ValueError: for a target of another shape.

    >>> import mibun as torch
    >>> torch.nn.BCELoss()(torch.tensor([0.25, 0.5]), torch.tensor([0., 1.]))
    tensor(0.4904)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """The loss of two Tensors of the same shape, in [0, 1]."""
        return F.binary_cross_entropy(input, target, weight=self.weight, reduction=self.reduction)


class BCEWithLogitsLoss(_Loss):
    """`BCELoss` of `sigmoid(input)`, computed so that no digits are lost.

    Args:
        weight: factors, of a shape that broadcasts; a buffer of the layer.
        reduction: "mean" over all elements, "sum", or "none".
        size_average, reduce: the older form of `reduction`, understood with a warning.
        pos_weight: factors of the part that is for target 1, of a shape that broadcasts; a buffer of the layer.

    Shape:
        input (*), scores; target (*), in [0, 1]; output (), or (*) with reduction="none". ValueError from the call for
        a target of another shape.

    >>> import mibun as torch
    >>> torch.nn.BCEWithLogitsLoss()(torch.tensor([0., 2.]), torch.tensor([0., 1.]))
    tensor(0.4100)
    """

    weight: Tensor | None
    pos_weight: Tensor | None

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
        pos_weight: Tensor | None = None,
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.register_buffer("weight", weight)
        self.register_buffer("pos_weight", pos_weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """The loss of scores and targets in [0, 1], of the same shape."""
        return F.binary_cross_entropy_with_logits(
            input, target, self.weight, pos_weight=self.pos_weight, reduction=self.reduction
        )


class HingeEmbeddingLoss(_Loss):
    """`input` where the target is 1, `max(0, margin - input)` where it is -1: for distances of pairs, alike or not.

    Args:
        margin: how far apart pairs that are not alike have to be.
        reduction: "mean" over all elements, "sum", or "none".
        size_average, reduce: the older form of `reduction`, understood with a warning.

    Shape:
        input (*), distances; target (*), 1 or -1; output (), or (*) with reduction="none".

    >>> import mibun as torch
    >>> torch.nn.HingeEmbeddingLoss()(torch.tensor([0.5, 0.25]), torch.tensor([1., -1.]))
    tensor(0.6250)
    """

    __constants__ = ["margin", "reduction"]
    margin: float

    def __init__(
        self,
        margin: float = 1.0,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.margin = margin

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """The loss of distances and targets 1 or -1."""
        return F.hinge_embedding_loss(input, target, margin=self.margin, reduction=self.reduction)


class MultiLabelMarginLoss(_Loss):
    """`Σ max(0, 1 - (input[y] - input[i])) / C` over each sample's target classes y and all other classes i.

    Args:
        reduction: "mean" over all elements, "sum", or "none".
        size_average, reduce: the older form of `reduction`, understood with a warning.

    Shape:
        input (N, C) or (C), scores; target of the same shape, int64: class numbers, of which those before the first -1
        count. Output (), or (N) with reduction="none".

    >>> import mibun as torch
    >>> torch.nn.MultiLabelMarginLoss()(torch.tensor([[0., 2., 1.]]), torch.tensor([[1, -1, 0]]))
    tensor(0.)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """The loss of scores and class numbers (N, C), of which those before the first -1 count."""
        return F.multilabel_margin_loss(input, target, reduction=self.reduction)


class SoftMarginLoss(_Loss):
    """`log(1 + exp(-target input))`: the logistic loss with targets 1 or -1.

    Args:
        reduction: "mean" over all elements, "sum", or "none".
        size_average, reduce: the older form of `reduction`, understood with a warning.

    Shape:
        input (*), scores; target (*), 1 or -1; output (), or (*) with reduction="none".

    >>> import mibun as torch
    >>> torch.nn.SoftMarginLoss()(torch.tensor([0., 2.]), torch.tensor([-1., 1.]))
    tensor(0.4100)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """The loss of two Tensors of the same shape."""
        return F.soft_margin_loss(input, target, reduction=self.reduction)


class MultiLabelSoftMarginLoss(_WeightedLoss):
    """`BCEWithLogitsLoss` of each class, averaged over the classes of a sample.

    Args:
        weight: a factor for each class; a buffer of the layer.
        reduction: "mean" over all elements, "sum", or "none".
        size_average, reduce: the older form of `reduction`, understood with a warning.

    Shape:
        input (N, C), scores; target (N, C), 0 or 1; weight (C,). Output (), or (N) with reduction="none".

    >>> import mibun as torch
    >>> torch.nn.MultiLabelSoftMarginLoss()(torch.tensor([[0., 2.]]), torch.tensor([[0., 1.]]))
    tensor(0.4100)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """The loss of scores and targets 0 or 1, of the same shape."""
        return F.multilabel_soft_margin_loss(input, target, weight=self.weight, reduction=self.reduction)


class _MarginLoss(_Loss):
    __constants__ = ["margin", "reduction"]
    margin: float

    def __init__(
        self,
        margin: float = 0.0,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.margin = margin


class CosineEmbeddingLoss(_MarginLoss):
    """`1 - cos(x1, x2)` where the target is 1, `max(0, cos(x1, x2) - margin)` where it is -1.

    Args:
        margin: in [-1, 1], the cosine up to which vectors that are not alike cost nothing.
        reduction: "mean" over all elements, "sum", or "none".
        size_average, reduce: the older form of `reduction`, understood with a warning.

    Shape:
        input1 and input2 (N, D) or (D); target (N) or (), 1 or -1; output (), or (N) with reduction="none".

    >>> import mibun as torch
    >>> x = torch.tensor([[3., 4.]])
    >>> torch.nn.CosineEmbeddingLoss()(x, torch.tensor([[1., 0.]]), torch.tensor([1.]))
    tensor(0.4000)
    """

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
        """The loss of two batches of vectors (N, D) and targets (N,)."""
        return F.cosine_embedding_loss(input1, input2, target, margin=self.margin, reduction=self.reduction)


class MarginRankingLoss(_MarginLoss):
    """`max(0, -target (input1 - input2) + margin)`, with target 1 where the first is to be the larger, else -1.

    Args:
        margin: by how much.
        reduction: "mean" over all elements, "sum", or "none".
        size_average, reduce: the older form of `reduction`, understood with a warning.

    Shape:
        input1, input2 and target, all (N) or all (); output (), or (N) with reduction="none".

    >>> import mibun as torch
    >>> torch.nn.MarginRankingLoss()(torch.tensor([1., 1.]), torch.tensor([0., 3.]), torch.tensor([1., 1.]))
    tensor(1.)
    """

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
        """The loss of three Tensors of the same shape."""
        return F.margin_ranking_loss(input1, input2, target, margin=self.margin, reduction=self.reduction)


class MultiMarginLoss(_WeightedLoss):
    """`Σ max(0, margin - input[y] + input[i])^p weight[y] / C` over the classes i other than y, the target.

    Args:
        p: 1 or 2; ValueError for others.
        margin: how far the target's score has to be above the others.
        weight: a factor for each class; a buffer of the layer. ValueError unless it has one axis.
        reduction: "mean" over all elements, "sum", or "none".
        size_average, reduce: the older form of `reduction`, understood with a warning.

    Shape:
        input (N, C) or (C), scores; target (N) or (), int64, in [0, C); output (), or the target's with
        reduction="none".

    >>> import mibun as torch
    >>> torch.nn.MultiMarginLoss()(torch.tensor([[0., 2., 1.5]]), torch.tensor([1]))
    tensor(0.1667)
    """

    __constants__ = ["p", "margin", "reduction"]
    p: int
    margin: float

    def __init__(
        self,
        p: int = 1,
        margin: float = 1.0,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        if p not in (1, 2):
            raise ValueError("only p == 1 and p == 2 supported")
        if weight is not None and weight.dim() != 1:
            raise ValueError(f"MultiMarginLoss: expected weight to be None or 1D tensor, got {weight.dim()}D instead")
        self.p = p
        self.margin = margin

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """The loss of scores and class numbers."""
        return F.multi_margin_loss(
            input, target, p=self.p, margin=self.margin, weight=self.weight, reduction=self.reduction
        )


class TripletMarginLoss(_Loss):
    """`max(0, ‖anchor - positive‖ - ‖anchor - negative‖ + margin)`: what is not alike is to be further away.

    Args:
        margin: how much further; ValueError unless it is positive.
        p, eps: the norm and what is added to the differences, as of `PairwiseDistance`.
        swap: take the distance of positive and negative in place of that of anchor and negative where it is smaller.
        reduction: "mean" over all elements, "sum", or "none".
        size_average, reduce: the older form of `reduction`, understood with a warning.

    Shape:
        anchor, positive and negative (N, D) or (D); output (), or (N) with reduction="none".

    Source: Balntas et al., Learning local feature descriptors with triplets and shallow convolutional neural networks,
    2016.

    >>> import mibun as torch
    >>> anchor, positive, negative = torch.tensor([[0.]]), torch.tensor([[2.]]), torch.tensor([[2.5]])
    >>> torch.nn.TripletMarginLoss()(anchor, positive, negative)
    tensor(0.5000)
    """

    __constants__ = ["margin", "p", "eps", "swap", "reduction"]
    margin: float
    p: float
    eps: float
    swap: bool

    def __init__(
        self,
        margin: float = 1.0,
        p: float = 2.0,
        eps: float = 1e-6,
        swap: bool = False,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        if margin <= 0:
            raise ValueError(f"TripletMarginLoss: expected margin to be greater than 0, got {margin} instead")
        self.margin = margin
        self.p = p
        self.eps = eps
        self.swap = swap

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Tensor:
        """The loss of three batches of vectors."""
        return F.triplet_margin_loss(
            anchor,
            positive,
            negative,
            margin=self.margin,
            p=self.p,
            eps=self.eps,
            swap=self.swap,
            reduction=self.reduction,
        )


class TripletMarginWithDistanceLoss(_Loss):
    """`max(0, d(anchor, positive) - d(anchor, negative) + margin)`: `TripletMarginLoss` with any distance d.

    Args:
        distance_function: of two Tensors; `PairwiseDistance`, the Euclidean one, unless given.
        margin: how much further; ValueError unless it is positive.
        swap: take the distance of positive and negative in place of that of anchor and negative where it is smaller.
        reduction: "mean" over all elements, "sum", or "none".

    Shape:
        anchor, positive and negative of any shape that the distance takes; output (), or the distance's.

    >>> import mibun as torch
    >>> loss = torch.nn.TripletMarginWithDistanceLoss(distance_function=lambda a, b: (a - b).abs().sum(-1))
    >>> loss(torch.tensor([[0.]]), torch.tensor([[2.]]), torch.tensor([[2.5]]))
    tensor(0.5000)
    """

    __constants__ = ["margin", "swap", "reduction"]
    distance_function: Callable[[Tensor, Tensor], Tensor]
    margin: float
    swap: bool

    def __init__(
        self,
        *,
        distance_function: Callable[[Tensor, Tensor], Tensor] | None = None,
        margin: float = 1.0,
        swap: bool = False,
        reduction: str = "mean",
    ) -> None:
        super().__init__(None, None, reduction)
        if margin <= 0:
            raise ValueError(
                f"TripletMarginWithDistanceLoss: expected margin to be greater than 0, got {margin} instead"
            )
        self.distance_function = PairwiseDistance() if distance_function is None else distance_function
        self.margin = margin
        self.swap = swap

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Tensor:
        """The loss of three batches."""
        return F.triplet_margin_with_distance_loss(
            anchor,
            positive,
            negative,
            distance_function=self.distance_function,
            margin=self.margin,
            swap=self.swap,
            reduction=self.reduction,
        )


class CTCLoss(_Loss):
    """Minus the log-likelihood of label sequences, summed over all ways to spread them over the times.

    Args:
        blank: the class that stands for no label.
        reduction: "mean", where each loss is divided by its target's length first, "sum", or "none".
        zero_infinity: sequences that cannot be, as they are too long, count as 0, with gradient 0, instead of inf.

    Shape:
        log_probs (T, N, C) or (T, C), log-probabilities; targets (N, S), or all in a row (Σ lengths,), integers without
        `blank`; input_lengths and target_lengths (N) or (), Tensors or tuples. Output (), or (N) with reduction="none".

    Source: Graves et al., Connectionist Temporal Classification, 2006.

    >>> import mibun as torch
    >>> log_probs = torch.full((2, 1, 2), 0.5).log()  # two times, one sequence, blank and one label
    >>> torch.nn.CTCLoss(reduction="sum")(log_probs, torch.tensor([[1]]), (2,), (1,)).exp()
    tensor(1.3333)
    """

    __constants__ = ["blank", "reduction"]
    blank: int
    zero_infinity: bool

    def __init__(self, blank: int = 0, reduction: str = "mean", zero_infinity: bool = False) -> None:
        super().__init__(reduction=reduction)
        self.blank = blank
        self.zero_infinity = zero_infinity

    def forward(
        self, log_probs: Tensor, targets: Tensor, input_lengths: Tensor | Sequence[int],
        target_lengths: Tensor | Sequence[int],
    ) -> Tensor:  # fmt: skip
        """The loss of log-probabilities (T, N, C) and labels (N, S), or all labels in a row."""
        return F.ctc_loss(
            log_probs, targets, input_lengths, target_lengths, self.blank, self.reduction, self.zero_infinity
        )


class NLLLoss2d(NLLLoss):
    """The former name of `NLLLoss`, whose arguments it takes; FutureWarning.

    >>> import mibun as torch
    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     loss = torch.nn.NLLLoss2d()
    >>> isinstance(loss, torch.nn.NLLLoss)
    True
    """

    def __init__(
        self, weight: Tensor | None = None, size_average: bool | None = None, ignore_index: int = -100,
        reduce: bool | None = None, reduction: str = "mean",
    ) -> None:  # fmt: skip
        warnings.warn(
            "`NLLLoss2d` has been deprecated. Please use `NLLLoss` instead as a drop-in replacement.", FutureWarning,
            stacklevel=stacklevel(),
        )  # fmt: skip
        super().__init__(weight, size_average, ignore_index, reduce, reduction)
