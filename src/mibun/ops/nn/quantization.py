"""Fake quantization: values rounded to the levels that integers of a few bits would have, gradients let through.

The gradient is that of the identity within the range, zero outside it (the straight-through estimator, Bengio, Léonard
and Courville 2013; Jacob et al. 2018 for its use in training).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.dtypes import float32
from ...core.mode import is_grad_enabled
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor, wrap_dim
from ...dispatch.declare import op
from ...dispatch.public import public


def _levels(xp: Any, input: Any, scale: Any, zero_point: Any) -> Any:
    return xp.round(input * (1 / scale) + zero_point)


def _rule(xp, g, input, scale, zero_point, low, high):
    level = _levels(xp, input, scale, zero_point)
    return xp.where((level >= low) & (level <= high), g, xp.zeros_like(g))


def _kernel(xp, input, scale, zero_point, *, low, high):
    level = xp.clip(_levels(xp, input, scale, zero_point), low, high)
    return (xp.where(level == level, level, low) - zero_point) * scale


def _kernel_in_single(xp, input, scale, zero_point, *, low, high):
    # PyTorch multiplies by the one scale of a tensor in single precision, and by the scales of channels in the input's.
    level = xp.clip(_levels(xp, input, scale, zero_point), low, high)
    places = xp.astype(xp.where(level == level, level, low) - zero_point, xp.float32)
    return xp.astype(places * xp.astype(scale, xp.float32), input.dtype)


def _declare(name: str, node: str, kernel: Callable) -> Any:
    return op(name=name, node=node, dtype=None, constant=("scale", "zero_point"), vjp={"input": _rule})(kernel)


_by_tensor = _declare("fake_quantized", "FakeQuantizePerTensorAffineCachemaskBackward0", _kernel_in_single)
_by_channel = _declare("fake_quantized_channels", "FakeQuantizePerChannelAffineCachemaskBackward0", _kernel)


def _apply(operator: Any, input: Tensor, scale: Tensor, zero_point: Tensor, low: int, high: int) -> Tensor:
    """The operator, in float32 for half precision."""
    if input.dtype.itemsize < 4:
        return _apply(operator, input.float(), scale.float(), zero_point.float(), low, high).to(input.dtype)
    return apply(operator, (input, scale, zero_point), {"low": low, "high": high})


def _refuse_gradients(name: str, scale: Any, zero_point: Any) -> None:
    for role, value in (("scale", scale), ("zero_point", zero_point)):
        if isinstance(value, Tensor) and value.requires_grad and is_grad_enabled():
            raise RuntimeError(f"The function '{name}' is not differentiable with respect to argument '{role}'.")


def _check(name: str, input: Tensor, lowest: float, highest: float, quant_min: int, quant_max: int) -> None:
    if quant_min > quant_max:
        raise RuntimeError("`quant_min` should be less than or equal to `quant_max`.")
    if not quant_min <= lowest <= highest <= quant_max:
        raise RuntimeError("`zero_point` must be between `quant_min` and `quant_max`.")
    if not input.is_floating_point():
        raise NotImplementedError(f"\"{name}\" not implemented for '{input.dtype.scalar_name}'")


@public("fake_quantize_per_tensor_affine", method=False)
def fake_quantize_per_tensor_affine(
    input: Tensor, scale: float | Tensor, zero_point: int | Tensor, quant_min: int, quant_max: int
) -> Tensor:
    """`(clamp(round(input / scale + zero_point), quant_min, quant_max) - zero_point) * scale`, elementwise.

    Args:
        input: of a floating dtype.
        scale, zero_point: the distance of two levels, and which of them is 0: numbers or 0-d Tensors.
        quant_min, quant_max: the first and last level; the zero point is among them.

    The gradient goes through where nothing is clamped. RuntimeError for levels that do not fit together,
    NotImplementedError for integers.

    >>> import mibun as torch
    >>> torch.fake_quantize_per_tensor_affine(torch.tensor([0.04, 0.26, 9.0]), 0.1, 0, -5, 5)
    tensor([0.0000, 0.3000, 0.5000])
    """
    check_tensor(input, "fake_quantize_per_tensor_affine")
    given = [x for x in (scale, zero_point) if isinstance(x, Tensor)]
    lone = given[0] if len(given) == 1 else None  # it stands for a number, the zero point for an int
    if lone is not None and (lone.requires_grad or lone.dim() or (lone is zero_point and lone.is_floating_point())):
        raise TypeError(
            "fake_quantize_per_tensor_affine() received an invalid combination of arguments: scale and zero_point are "
            f"two numbers or two Tensors, but got {type(scale).__name__} and {type(zero_point).__name__}"
        )
    _refuse_gradients("_fake_quantize_per_tensor_affine_cachemask_tensor_qparams", scale, zero_point)
    step, zero = (float(x.item()) if isinstance(x, Tensor) else float(x) for x in (scale, zero_point))
    _check("fake_quantize_tensor_cachemask_kernel_type_handling", input, zero, zero, quant_min, quant_max)
    wide = input.dtype if input.dtype.itemsize >= 4 else float32
    step = float(np.float32(step))  # PyTorch has scales in single precision only
    parts = input.new_tensor(step, dtype=wide), input.new_tensor(zero, dtype=wide)
    return _apply(_by_tensor, input, *parts, quant_min, quant_max)


@public("fake_quantize_per_channel_affine", method=False)
def fake_quantize_per_channel_affine(
    input: Tensor, scale: Tensor, zero_point: Tensor, axis: int, quant_min: int, quant_max: int
) -> Tensor:
    """`fake_quantize_per_tensor_affine` with a scale and a zero point for each channel along a dimension.

    scale, zero_point: vectors, float32 and int32 (or floating), one number for each channel. RuntimeError for other
    sizes and dtypes.

    >>> import mibun as torch
    >>> scale, zero = torch.tensor([0.5, 1.0]), torch.tensor([0, 0], dtype=torch.int32)
    >>> torch.fake_quantize_per_channel_affine(torch.tensor([[0.6, 0.6]]), scale, zero, 1, -3, 3)
    tensor([[0.5000, 1.0000]])
    """
    name = "fake_quantize_per_channel_affine"
    check_tensor(input, name)
    for position, (role, value) in enumerate({"scale": scale, "zero_point": zero_point}.items(), 2):
        check_tensor(value, name, role, position)
    _refuse_gradients("fake_quantize_per_channel_affine_cachemask", scale, zero_point)
    if scale.dtype.name not in ("float32", "bfloat16"):
        raise RuntimeError(f"Scale must be Float or BFloat16, found {scale.dtype.scalar_name}")
    if zero_point.dtype.name not in ("int32", "float32", "float16"):
        raise RuntimeError(f"Zero-point must be Int32, Float or Half, found {zero_point.dtype.scalar_name}")
    if scale.dim() != 1 or zero_point.dim() != 1 or scale.numel() != zero_point.numel():
        raise RuntimeError("scale and zero-point need to be 1-d Tensors of the same size")
    axis = wrap_dim(axis, input.dim(), name)
    if scale.numel() != input.size(axis):
        raise RuntimeError("dimensions of scale and zero-point are not consistent with input tensor")
    lowest, highest = (float(zero_point.min()), float(zero_point.max())) if zero_point.numel() else (quant_min,) * 2
    _check("fake_quantize_channel_cachemask_cpu_type_handling", input, lowest, highest, quant_min, quant_max)
    shape = [-1 if d == axis else 1 for d in range(input.dim())]
    wide = input.dtype if input.dtype.itemsize >= 4 else float32
    parts = scale.detach().to(wide).view(shape), zero_point.detach().to(wide).view(shape)
    return _apply(_by_channel, input, *parts, quant_min, quant_max)
