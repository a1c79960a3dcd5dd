"""Losses of classes and of probabilities: cross-entropies, divergence, and sequences of labels."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from ...core.site import stacklevel
from ...core.tensor import Tensor
from .. import functional as F
from .loss_base import _Loss, _WeightedLoss


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
        return F.nll_loss(input, target, weight=self.weight, ignore_index=self.ignore_index, reduction=self.reduction)


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
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        ignore_index: int = -100,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        warnings.warn(
            "`NLLLoss2d` has been deprecated. Please use `NLLLoss` instead as a drop-in replacement.",
            FutureWarning,
            stacklevel=stacklevel(),
        )
        super().__init__(weight, size_average, ignore_index, reduce, reduction)


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
        self,
        log_probs: Tensor,
        targets: Tensor,
        input_lengths: Tensor | Sequence[int],
        target_lengths: Tensor | Sequence[int],
    ) -> Tensor:
        """The loss of log-probabilities (T, N, C) and labels (N, S), or all labels in a row."""
        return F.ctc_loss(
            log_probs, targets, input_lengths, target_lengths, self.blank, self.reduction, self.zero_infinity
        )
