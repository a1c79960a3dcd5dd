"""Losses with a margin: zero where an output is right by more than it, or comparisons of distances."""

from __future__ import annotations

from collections.abc import Callable

from ...core.tensor import Tensor
from .. import functional as F
from .distance import PairwiseDistance
from .loss_base import _Loss, _WeightedLoss


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
