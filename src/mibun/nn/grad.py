"""The gradients of convolutions by themselves: of the input, and of the weight, from that of the output."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..core.gradients import grad as _grad
from ..core.mode import enable_grad
from ..core.tensor import Tensor
from . import functional as F

__all__ = ["conv1d_input", "conv1d_weight", "conv2d_input", "conv2d_weight", "conv3d_input", "conv3d_weight"]

Sizes = int | Sequence[int]
_CONVOLUTIONS: dict[int, Callable[..., Tensor]] = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}


def _input(n: int, shape: Sequence[int], weight: Tensor, gradient: Tensor, *geometry: Any) -> Tensor:
    with enable_grad():
        input = weight.new_empty(shape).requires_grad_()
        return _grad(_CONVOLUTIONS[n](input, weight.detach(), None, *geometry), input, gradient.detach())[0]


def _weight(n: int, input: Tensor, shape: Sequence[int], gradient: Tensor, *geometry: Any) -> Tensor:
    with enable_grad():
        weight = input.new_empty(shape).requires_grad_()
        return _grad(_CONVOLUTIONS[n](input.detach(), weight, None, *geometry), weight, gradient.detach())[0]


def conv1d_input(
    input_size: Sequence[int],
    weight: Tensor,
    grad_output: Tensor,
    stride: Sizes = 1,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Tensor:
    """The gradient of the input of `conv1d`, of the sizes `input_size`, from that of its output.

    weight, stride, padding, dilation, groups: as for `conv1d`. RuntimeError where sizes do not fit.

    >>> import mibun as torch
    >>> torch.nn.grad.conv1d_input((1, 1, 3), torch.ones(1, 1, 2), torch.ones(1, 1, 2)).shape
    torch.Size([1, 1, 3])
    """
    return _input(1, input_size, weight, grad_output, stride, padding, dilation, groups)


def conv1d_weight(
    input: Tensor,
    weight_size: Sequence[int],
    grad_output: Tensor,
    stride: Sizes = 1,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Tensor:
    """The gradient of the weight of `conv1d`, of the sizes `weight_size`, from that of its output.

    input, stride, padding, dilation, groups: as for `conv1d`. RuntimeError where sizes do not fit.

    >>> import mibun as torch
    >>> torch.nn.grad.conv1d_weight(torch.ones(1, 1, 3), (1, 1, 2), torch.ones(1, 1, 2)).shape
    torch.Size([1, 1, 2])
    """
    return _weight(1, input, weight_size, grad_output, stride, padding, dilation, groups)


def conv2d_input(
    input_size: Sequence[int],
    weight: Tensor,
    grad_output: Tensor,
    stride: Sizes = 1,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Tensor:
    """The gradient of the input of `conv2d`, of the sizes `input_size`, from that of its output.

    weight, stride, padding, dilation, groups: as for `conv2d`. RuntimeError where sizes do not fit.

    >>> import mibun as torch
    >>> torch.nn.grad.conv2d_input((1, 1, 2, 2), torch.ones(1, 1, 2, 2), torch.ones(1, 1, 1, 1)).shape
    torch.Size([1, 1, 2, 2])
    """
    return _input(2, input_size, weight, grad_output, stride, padding, dilation, groups)


def conv2d_weight(
    input: Tensor,
    weight_size: Sequence[int],
    grad_output: Tensor,
    stride: Sizes = 1,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Tensor:
    """The gradient of the weight of `conv2d`, of the sizes `weight_size`, from that of its output.

    input, stride, padding, dilation, groups: as for `conv2d`. RuntimeError where sizes do not fit.

    >>> import mibun as torch
    >>> torch.nn.grad.conv2d_weight(torch.ones(1, 1, 2, 2), (1, 1, 2, 2), torch.ones(1, 1, 1, 1)).shape
    torch.Size([1, 1, 2, 2])
    """
    return _weight(2, input, weight_size, grad_output, stride, padding, dilation, groups)


def conv3d_input(
    input_size: Sequence[int],
    weight: Tensor,
    grad_output: Tensor,
    stride: Sizes = 1,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Tensor:
    """The gradient of the input of `conv3d`, of the sizes `input_size`, from that of its output.

    weight, stride, padding, dilation, groups: as for `conv3d`. RuntimeError where sizes do not fit.

    >>> import mibun as torch
    >>> torch.nn.grad.conv3d_input((1, 1, 2, 2, 2), torch.ones(1, 1, 2, 2, 2), torch.ones(1, 1, 1, 1, 1)).shape
    torch.Size([1, 1, 2, 2, 2])
    """
    return _input(3, input_size, weight, grad_output, stride, padding, dilation, groups)


def conv3d_weight(
    input: Tensor,
    weight_size: Sequence[int],
    grad_output: Tensor,
    stride: Sizes = 1,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Tensor:
    """The gradient of the weight of `conv3d`, of the sizes `weight_size`, from that of its output.

    input, stride, padding, dilation, groups: as for `conv3d`. RuntimeError where sizes do not fit.

    >>> import mibun as torch
    >>> torch.nn.grad.conv3d_weight(torch.ones(1, 1, 2, 2, 2), (1, 1, 2, 2, 2), torch.ones(1, 1, 1, 1, 1)).shape
    torch.Size([1, 1, 2, 2, 2])
    """
    return _weight(3, input, weight_size, grad_output, stride, padding, dilation, groups)
