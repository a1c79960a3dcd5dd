"""Losses of numbers: how far outputs are from targets, as one number to be made small."""

from __future__ import annotations

from ...core.tensor import Tensor
from .. import functional as F
from .loss_base import _Loss


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
        if not isinstance(delta, (float, int)):
            raise TypeError(f"delta must be a float or int, got: {type(delta)}")
        super().__init__(reduction=reduction)
        self.delta = delta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """The loss of two Tensors of the same shape."""
        return F.huber_loss(input, target, reduction=self.reduction, delta=self.delta)


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
