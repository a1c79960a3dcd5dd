"""PyTorch's functions below `layer_norm`, `batch_norm`, `group_norm` and `dropout`, which return more than the result.

That is the statistics they have standardised by, and the mask of what was kept.
"""

from __future__ import annotations

import builtins
import math
from collections.abc import Sequence

from ...core.dtypes import bool
from ...core.mode import no_grad
from ...core.tensor import Tensor, wrap
from ...dispatch.arguments import check_tensor
from ...dispatch.public import public
from ..creation.filled import empty
from ..creation.like import ones_like, zeros_like
from .dropout import random_mask
from .normalization import _batch_norm, group_norm, layer_norm


def _mean_and_inverse_std(x: Tensor, dims: tuple[int, ...], eps: float) -> tuple[Tensor, Tensor]:
    mean = x.mean(dims, keepdim=True)
    return mean, ((x - mean).square().mean(dims, keepdim=True) + eps).rsqrt()


@public("native_layer_norm", method=False)
def native_layer_norm(
    input: Tensor, normalized_shape: Sequence[int], weight: Tensor | None, bias: Tensor | None, eps: float
) -> tuple[Tensor, Tensor, Tensor]:
    """`layer_norm`, and what it standardises by: (result, mean, 1 / sqrt(variance + eps)).

    Arguments and errors as for `nn.functional.layer_norm`; mean and the other have ones for the last dimensions, and no
    gradient.

    >>> import mibun as torch
    >>> torch.native_layer_norm(torch.tensor([[1.0, 3.0]]), (2,), None, None, 0.0)
    (tensor([[-1.,  1.]]), tensor([[2.]]), tensor([[1.]]))
    """
    out = layer_norm(input, normalized_shape, weight, bias, eps)
    dims = tuple(range(input.dim() - len(normalized_shape), input.dim()))
    with no_grad():
        return (out, *_mean_and_inverse_std(input.detach(), dims, eps))


@public("native_batch_norm", method=False)
def native_batch_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: builtins.bool,
    momentum: float,
    eps: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """`batch_norm`, and what it standardises by in training: (result, mean, 1 / sqrt(variance + eps)).

    Arguments and errors as for `nn.functional.batch_norm`; mean and the other are (C,), empty in evaluation, and have
    no gradient.

    >>> import mibun as torch
    >>> torch.native_batch_norm(torch.tensor([[1.0], [3.0]]), None, None, None, None, True, 0.1, 0.0)
    (tensor([[-1.],
            [ 1.]]), tensor([2.]), tensor([1.]))
    """
    out = _batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps)
    if not training:
        return out, empty(0, dtype=input.dtype), empty(0, dtype=input.dtype)
    with no_grad():
        mean, inverse = _mean_and_inverse_std(input.detach(), (0, *range(2, input.dim())), eps)
    return out, mean.flatten(), inverse.flatten()


@public("native_group_norm", method=False)
def native_group_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    N: int,
    C: int,
    HxW: int,
    group: int,
    eps: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """`group_norm`, and what it standardises by: (result, mean, 1 / sqrt(variance + eps)), the last two (N, group).

    N, C, HxW: the sizes of the input, of which HxW is all places together; RuntimeError if they are not. Others as for
    `nn.functional.group_norm`.

    >>> import mibun as torch
    >>> torch.native_group_norm(torch.tensor([[1.0, 3.0, 5.0, 7.0]]), None, None, 1, 4, 1, 2, 0.0)[1]
    tensor([[2., 6.]])
    """
    check_tensor(input, "native_group_norm")
    if input.dim() < 2 or (input.size(0), input.size(1), math.prod(input.shape[2:])) != (N, C, HxW):
        raise RuntimeError(
            f"native_group_norm(): Expected an input of size ({N}, {C}, *) with {HxW} places, but got "
            f"{list(input.shape)}"
        )
    out = group_norm(input, group, weight, bias, eps)
    mean, inverse = _mean_and_inverse_std(input.reshape(N, group, C // group * HxW), (2,), eps)
    return out, mean.squeeze(2), inverse.squeeze(2)


@public("native_dropout", method=False)
def native_dropout(input: Tensor, p: float, train: builtins.bool | None) -> tuple[Tensor, Tensor]:
    """`dropout`, and the mask of what it keeps: (result, bools). `train=None` means True.

    RuntimeError for p outside of [0, 1], and for integers.

    >>> import mibun as torch
    >>> torch.native_dropout(torch.ones(2), 0.0, True)
    (tensor([1., 1.]), tensor([True, True]))
    """
    check_tensor(input, "native_dropout")
    if train is False or p == 0 or not input.numel():
        return input.clone(), ones_like(input, dtype=bool)
    if not 0 <= p <= 1:
        raise RuntimeError(f"bernoulli_ expects p to be in [0, 1], but got p={1 - p:g}")
    if not (input.is_floating_point() or input.is_complex()):
        raise RuntimeError("result type Float can't be cast to the desired output type Long: it takes floating numbers")
    if p == 1:
        mask = zeros_like(input, dtype=bool)
        return input * mask, mask
    mask = wrap(random_mask(input, None, 1 - p) != 0)
    return input * mask * (1 / (1 - p)), mask
