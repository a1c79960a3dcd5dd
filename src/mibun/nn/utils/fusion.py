"""A convolution or linear map followed by a BatchNorm in evaluation, as one layer with other weights."""

from __future__ import annotations

import copy
from typing import Any

from ...ops.creation.like import zeros_like
from ..parameter import Parameter


def fuse_conv_bn_weights(
    conv_w: Any,
    conv_b: Any,
    bn_rm: Any,
    bn_rv: Any,
    bn_eps: float,
    bn_w: Any,
    bn_b: Any,
    transpose: bool = False,
) -> tuple[Parameter, Parameter]:
    """The weight and bias of a convolution that does what one followed by a BatchNorm in evaluation does.

    `W' = W scale` and `b' = (b - mean) scale + shift`, with `scale = bn_w / √(bn_rv + bn_eps)` for each output channel.

    Args:
        conv_w, conv_b: of the convolution; the bias may be None.
        bn_rm, bn_rv, bn_eps, bn_w, bn_b: running mean and variance, eps, weight and bias of the BatchNorm.
        transpose: for transposed convolutions, whose outputs are axis 1 of the weight.

    >>> import mibun as torch
    >>> one, zero = torch.ones(1), torch.zeros(1)
    >>> weight, bias = torch.nn.utils.fuse_conv_bn_weights(torch.ones(1, 1, 1), one, zero, 4 * one, 0., one, zero)
    >>> weight.item(), bias.item()
    (0.5, 0.5)
    """
    b = zeros_like(bn_rm) if conv_b is None else conv_b
    scale = (bn_rv + bn_eps).rsqrt()
    if bn_w is not None:
        scale = bn_w * scale
    shift = zeros_like(bn_rm) if bn_b is None else bn_b
    shape = [1, -1] + [1] * (conv_w.dim() - 2) if transpose else [-1, 1] + [1] * (conv_w.dim() - 2)
    weight = (conv_w * scale.reshape(shape)).to(conv_w.dtype)
    bias = ((b - bn_rm) * scale + shift).to(b.dtype)
    return Parameter(weight.detach(), conv_w.requires_grad), Parameter(bias.detach(), b.requires_grad)


def fuse_linear_bn_weights(
    linear_w: Any,
    linear_b: Any,
    bn_rm: Any,
    bn_rv: Any,
    bn_eps: float,
    bn_w: Any,
    bn_b: Any,
) -> tuple[Parameter, Parameter]:
    """The weight and bias of a linear map that does what one followed by a BatchNorm in evaluation does.

    The arguments are those of `fuse_conv_bn_weights`.

    >>> import mibun as torch
    >>> one, zero = torch.ones(1), torch.zeros(1)
    >>> weight, bias = torch.nn.utils.fuse_linear_bn_weights(torch.ones(1, 1), one, zero, 4 * one, 0., one, zero)
    >>> weight.item(), bias.item()
    (0.5, 0.5)
    """
    return fuse_conv_bn_weights(linear_w, linear_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b)


def _fused(layer: Any, bn: Any, transpose: bool) -> Any:
    fused = copy.deepcopy(layer)
    weights = (layer.weight, layer.bias, bn.running_mean, bn.running_var, bn.eps, bn.weight, bn.bias)
    fused.weight, fused.bias = fuse_conv_bn_weights(*weights, transpose)
    return fused


def fuse_conv_bn_eval(conv: Any, bn: Any, transpose: bool = False) -> Any:
    """A copy of a convolution that does what it and a BatchNorm after it do in evaluation.

    Args:
        conv, bn: both in evaluation mode, the second with running statistics; AssertionError otherwise.
        transpose: for transposed convolutions.

    >>> import mibun as torch
    >>> conv, bn = torch.nn.Conv1d(2, 3, 1).eval(), torch.nn.BatchNorm1d(3).eval()
    >>> x = torch.ones(1, 2, 4)
    >>> torch.allclose(torch.nn.utils.fuse_conv_bn_eval(conv, bn)(x), bn(conv(x)), atol=1e-6)
    True
    """
    if conv.training or bn.training:
        raise AssertionError("Fusion only for eval!")
    if bn.running_mean is None or bn.running_var is None:
        raise AssertionError("bn.running_mean and bn.running_var must not be None")
    return _fused(conv, bn, transpose)


def fuse_linear_bn_eval(linear: Any, bn: Any) -> Any:
    """A copy of a linear map that does what it and a BatchNorm after it do in evaluation.

    Args:
        linear, bn: both in evaluation mode, the second with running statistics and as many features as the first gives,
            or one; AssertionError otherwise.

    >>> import mibun as torch
    >>> linear, bn = torch.nn.Linear(2, 3).eval(), torch.nn.BatchNorm1d(3).eval()
    >>> x = torch.ones(4, 2)
    >>> torch.allclose(torch.nn.utils.fuse_linear_bn_eval(linear, bn)(x), bn(linear(x)), atol=1e-6)
    True
    """
    if linear.training or bn.training:
        raise AssertionError("Fusion only for eval!")
    if bn.running_mean is None or bn.running_var is None:
        raise AssertionError("bn.running_mean and bn.running_var must not be None")
    if linear.out_features != bn.num_features and bn.num_features != 1:
        raise AssertionError(
            "To fuse, linear.out_features == bn.num_features or bn.num_features == 1, got "
            f"linear.out_features={linear.out_features} and bn.num_features={bn.num_features}"
        )
    return _fused(linear, bn, False)
