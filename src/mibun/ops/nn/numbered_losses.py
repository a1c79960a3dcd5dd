"""The losses as PyTorch's main module has them: with a number for the reduction (0 none, 1 mean, 2 sum) and no
defaults of `nn.functional`'s older arguments; and two convolutions under their other names.
"""

from __future__ import annotations

from typing import Any

from ...core.registry import FUNCTIONS
from ...dispatch.public import public
from . import convolution as _convolution
from . import loss, margin
from .padding import channel_shuffle


def _word(name: str, reduction: Any) -> str:
    if isinstance(reduction, bool) or not isinstance(reduction, int):
        raise TypeError(f"{name}(): argument 'reduction' must be int, not {type(reduction).__name__}")
    if reduction not in (0, 1, 2):
        raise ValueError(f"{reduction} is not a valid value for reduction")
    return ("none", "mean", "sum")[reduction]


@public(method=False)
def binary_cross_entropy_with_logits(
    input: Any, target: Any, weight: Any = None, pos_weight: Any = None, reduction: int = 0
) -> Any:
    """`nn.functional.binary_cross_entropy_with_logits`."""
    return loss.binary_cross_entropy_with_logits(
        input, target, weight, reduction=_word("binary_cross_entropy_with_logits", reduction), pos_weight=pos_weight
    )


@public(method=False)
def cosine_embedding_loss(input1: Any, input2: Any, target: Any, margin_: float = 0.0, reduction: int = 0) -> Any:
    """`nn.functional.cosine_embedding_loss`."""
    return margin.cosine_embedding_loss(
        input1, input2, target, margin_, reduction=_word("cosine_embedding_loss", reduction)
    )


@public(method=False)
def hinge_embedding_loss(input: Any, target: Any, margin_: float = 1.0, reduction: int = 0) -> Any:
    """`nn.functional.hinge_embedding_loss`."""
    return margin.hinge_embedding_loss(input, target, margin_, reduction=_word("hinge_embedding_loss", reduction))


@public(method=False)
def kl_div(input: Any, target: Any, reduction: int = 0, *, log_target: bool = False) -> Any:
    """`nn.functional.kl_div`; the mean is that over all elements."""
    word = _word("kl_div", reduction)
    if word == "mean":
        return loss.kl_div(input, target, reduction="none", log_target=log_target).mean()
    return loss.kl_div(input, target, reduction=word, log_target=log_target)


@public(method=False)
def margin_ranking_loss(input1: Any, input2: Any, target: Any, margin_: float = 0.0, reduction: int = 0) -> Any:
    """`nn.functional.margin_ranking_loss`."""
    return margin.margin_ranking_loss(
        input1, input2, target, margin_, reduction=_word("margin_ranking_loss", reduction)
    )


@public(method=False)
def poisson_nll_loss(input: Any, target: Any, log_input: bool, full: bool, eps: float, reduction: int) -> Any:
    """`nn.functional.poisson_nll_loss`."""
    word = _word("poisson_nll_loss", reduction)
    return loss.poisson_nll_loss(input, target, log_input=log_input, full=full, eps=eps, reduction=word)


@public(method=False)
def triplet_margin_loss(
    anchor: Any, positive: Any, negative: Any, margin_: float = 1.0, p: float = 2.0, eps: float = 1e-6,
    swap: bool = False, reduction: int = 0,
) -> Any:  # fmt: skip
    """`nn.functional.triplet_margin_loss`."""
    return margin.triplet_margin_loss(
        anchor, positive, negative, margin_, p, eps, swap, reduction=_word("triplet_margin_loss", reduction)
    )


def _margin_by_name(name: str) -> None:
    """Let `margin=` be given by name: in this file that is a module."""
    function = FUNCTIONS[name]

    def call(*args: Any, **kwargs: Any) -> Any:
        if "margin" in kwargs:
            kwargs["margin_"] = kwargs.pop("margin")
        return function(*args, **kwargs)

    call.__name__, call.__doc__ = name, function.__doc__
    FUNCTIONS[name] = call


for _name in ("cosine_embedding_loss", "hinge_embedding_loss", "margin_ranking_loss", "triplet_margin_loss"):
    _margin_by_name(_name)


@public(method=False)
def native_channel_shuffle(input: Any, groups: int) -> Any:
    """`nn.functional.channel_shuffle`."""
    return channel_shuffle(input, groups)


@public(method=False)
def conv_tbc(input: Any, weight: Any, bias: Any, pad: int = 0) -> Any:
    """A convolution of sequences (T, B, C) with weight (k, C, D) and bias (D), to (T', B, D).

    RuntimeError where they do not fit.
    """
    for name, tensor, n in (("Input", input, 3), ("Weight", weight, 3), ("Bias", bias, 1)):
        if tensor.dim() != n:
            words = "dims: time, batch, in_channel" if name == "Input" else f"{n} dims"
            raise RuntimeError(f"{name} must have {n} {words}, but got {tensor.dim()}")
    if input.shape[2] != weight.shape[1]:
        raise RuntimeError("Input dim 2 (input channels) is not == dim 1 in the weight tensor")
    if weight.shape[2] != bias.shape[0]:
        raise RuntimeError("Bias size must equal dim 2 in the weight tensor (output channels).")
    return _convolution.conv1d(input.permute(1, 2, 0), weight.permute(2, 1, 0), bias, padding=pad).permute(2, 0, 1)


@public(method=False)
def convolution(
    input: Any, weight: Any, bias: Any, stride: Any, padding: Any, dilation: Any, transposed: bool, output_padding: Any,
    groups: int,
) -> Any:  # fmt: skip
    """`conv1d` to `conv3d`, or with `transposed` their transposes, by the number of dimensions."""
    n = input.dim() - 2
    if n not in (1, 2, 3):
        raise RuntimeError(f"convolution(): expected input of 3 to 5 dimensions, but got {n + 2}")
    if transposed:
        function = getattr(_convolution, f"conv_transpose{n}d")
        return function(input, weight, bias, stride, padding, output_padding, groups, dilation)
    return getattr(_convolution, f"conv{n}d")(input, weight, bias, stride, padding, dilation, groups)
