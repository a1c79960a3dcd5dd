"""The losses as PyTorch's main module has them: with a number for the reduction (0 none, 1 mean, 2 sum) and without
the older arguments of those in `nn.functional`, which do the work.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...core.tensor import Tensor
from ...dispatch.public import public
from . import ctc, loss, margin_loss


def _word(name: str, reduction: int) -> str:
    if isinstance(reduction, bool) or not isinstance(reduction, int):
        raise TypeError(f"{name}(): argument 'reduction' must be int, not {type(reduction).__name__}")
    if reduction not in (0, 1, 2):
        raise ValueError(f"{reduction} is not a valid value for reduction")
    return ("none", "mean", "sum")[reduction]


@public("binary_cross_entropy_with_logits", method=False)
def binary_cross_entropy_with_logits(
    input: Tensor, target: Tensor, weight: Tensor | None = None, pos_weight: Tensor | None = None, reduction: int = 0
) -> Tensor:
    """`nn.functional.binary_cross_entropy_with_logits`."""
    return loss.binary_cross_entropy_with_logits(
        input, target, weight, reduction=_word("binary_cross_entropy_with_logits", reduction), pos_weight=pos_weight
    )


@public("cosine_embedding_loss", method=False)
def cosine_embedding_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0.0, reduction: int = 0
) -> Tensor:
    """`nn.functional.cosine_embedding_loss`."""
    return margin_loss.cosine_embedding_loss(
        input1, input2, target, margin, reduction=_word("cosine_embedding_loss", reduction)
    )


@public("hinge_embedding_loss", method=False)
def hinge_embedding_loss(input: Tensor, target: Tensor, margin: float = 1.0, reduction: int = 0) -> Tensor:
    """`nn.functional.hinge_embedding_loss`."""
    return margin_loss.hinge_embedding_loss(input, target, margin, reduction=_word("hinge_embedding_loss", reduction))


@public("kl_div", method=False)
def kl_div(input: Tensor, target: Tensor, reduction: int = 0, *, log_target: bool = False) -> Tensor:
    """`nn.functional.kl_div`; the mean is that over all elements."""
    word = _word("kl_div", reduction)
    if word == "mean":
        return loss.kl_div(input, target, reduction="none", log_target=log_target).mean()
    return loss.kl_div(input, target, reduction=word, log_target=log_target)


@public("margin_ranking_loss", method=False)
def margin_ranking_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0.0, reduction: int = 0
) -> Tensor:
    """`nn.functional.margin_ranking_loss`."""
    return margin_loss.margin_ranking_loss(
        input1, input2, target, margin, reduction=_word("margin_ranking_loss", reduction)
    )


@public("poisson_nll_loss", method=False)
def poisson_nll_loss(input: Tensor, target: Tensor, log_input: bool, full: bool, eps: float, reduction: int) -> Tensor:
    """`nn.functional.poisson_nll_loss`."""
    word = _word("poisson_nll_loss", reduction)
    return loss.poisson_nll_loss(input, target, log_input=log_input, full=full, eps=eps, reduction=word)


@public("triplet_margin_loss", method=False)
def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    reduction: int = 0,
) -> Tensor:
    """`nn.functional.triplet_margin_loss`."""
    return margin_loss.triplet_margin_loss(
        anchor, positive, negative, margin, p, eps, swap, reduction=_word("triplet_margin_loss", reduction)
    )


@public("ctc_loss", method=False)
def ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Tensor | Sequence[int],
    target_lengths: Tensor | Sequence[int],
    blank: int = 0,
    reduction: int = 1,
    zero_infinity: bool = False,
) -> Tensor:
    """`nn.functional.ctc_loss`."""
    word = ("none", "mean", "sum")[reduction]
    return ctc.ctc_loss(log_probs, targets, input_lengths, target_lengths, blank, word, zero_infinity)
