"""Normalisations: over the last dimensions, over the batch, over groups of channels.

All of them standardise, x' = (x - mean) / sqrt(var + eps), over some axes, and then scale and shift. The derivative is
in `_through_standardised`; it computes the statistics anew from the input, so that it can itself be differentiated.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ...core.batching import added_onto
from ...core.dtypes import finfo
from ...core.registry import NAMESPACES, Array
from ...core.tensor import Tensor
from ...core.views import bump_version
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor, refuse_gradient
from ...dispatch.declare import op
from ...dispatch.inplace import write
from ...dispatch.public import public


def _is_half(x: Array) -> bool:
    # (NumPy takes 2 us for the name.)
    if x is None or getattr(x.dtype, "itemsize", 2) != 2:
        return False
    return getattr(x.dtype, "name", None) in ("float16", "bfloat16")


def _wide(xp: Any, *arrays: Any) -> Any:
    """The operands, those in half precision in float32, in which PyTorch computes then."""
    wide = [xp.astype(x, xp.float32) if _is_half(x) else x for x in arrays]
    return wide if len(wide) > 1 else wide[0]


def _narrow(xp: Any, out: Array, input: Array) -> Array:
    """The result in the dtype of the input, which is narrower where it has half precision."""
    return xp.astype(out, input.dtype) if _is_half(input) else out


def _statistics(xp: Any, x: Array, axes: tuple[int, ...]) -> tuple[Any, Any, Any]:
    """x - mean, mean and the variance (divided by n), with the axes kept."""
    mean = xp.mean(x, axis=axes, keepdims=True)
    centred = x - mean
    return centred, mean, xp.mean_of_products(centred, centred, axes)


def _standardised(xp: Any, x: Array, axes: tuple[int, ...], eps: float) -> tuple[Any, Any]:
    centred, _, variance = _statistics(xp, x, axes)
    scale = 1 / xp.sqrt(variance + eps)
    return centred * scale, scale


def _through_standardised(xp: Any, g: Array, standard: Array, scale: Array, axes: tuple[int, ...]) -> Array:
    """The gradient of x from that of its standardised form: mean and variance depend on every element."""
    return scale * (g - xp.mean(g, axis=axes, keepdims=True) - standard * xp.mean_of_products(g, standard, axes))


# --- layer ---


def _layer_norm_rule(xp, g, input, weight, bias, n, eps, needs):
    # PyTorch saves the bias too, and so notices its modification.
    axes = tuple(range(g.ndim - n, g.ndim))
    g, input, weight = _wide(xp, g, input, weight)
    standard, scale = _standardised(xp, input, axes, eps)
    inner = g if weight is None else g * weight
    return (
        _through_standardised(xp, inner, standard, scale, axes) if needs[0] else None,
        g * standard if needs[1] else None,
        g if needs[2] else None,
    )


@op(
    name="layer_norm_over",
    memory="contiguous",
    node="NativeLayerNormBackward0",
    traced=("input", "weight", "bias"),
    dtype=None,
    rows=lambda ndim, params: ndim - params["n"],
    shared=("weight", "bias"),
    optional=True,
    scalars=False,
    joint=_layer_norm_rule,
)
def _layer_norm(xp, input, weight, bias, *, n, eps):
    x, weight, bias = _wide(xp, input, weight, bias)
    out = _standardised(xp, x, tuple(range(input.ndim - n, input.ndim)), eps)[0]
    if weight is not None:
        out = out * weight
    if bias is not None:
        out = added_onto(out, bias)
    return _narrow(xp, out, input)


def _check_floating(name: str, input: Tensor) -> None:
    if input._array_.dtype.kind in "biuc":
        raise NotImplementedError(f"\"{name}\" not implemented for '{input.dtype.scalar_name}'")


def _check_same_dtype(name: str, input: Tensor, **others: Tensor | None) -> None:
    """RuntimeError unless parameters have the dtype of the input; all may be float32 where that has half precision."""
    given = [other for other in others.values() if other is not None]
    if _is_half(input) and given and all([other.dtype.name == "float32" for other in given]):
        return
    for role, other in others.items():
        if other is not None and other._array_.dtype != input._array_.dtype:
            raise RuntimeError(
                f"mixed dtype (CPU): expect parameter to have scalar type of {input.dtype.scalar_name}, as the input "
                f"has, but the {role} of {name} has {other.dtype.scalar_name}"
            )


def _normalized_dims(
    name: str, input: Tensor, normalized_shape: Sequence[int], weight: Tensor | None, bias: Tensor | None = None
) -> int:
    if isinstance(normalized_shape, int) or not isinstance(normalized_shape, Sequence):
        raise TypeError(
            f"{name}(): argument 'normalized_shape' (position 2) must be tuple of ints, not "
            f"{type(normalized_shape).__name__}"
        )
    shape = tuple(normalized_shape)
    if not shape:
        raise RuntimeError(
            "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got "
            "normalized_shape = []"
        )
    for role, value in (("weight", weight), ("bias", bias)):
        if value is not None and value._array_.shape != shape:
            raise RuntimeError(
                f"Expected {role} to be of same shape as normalized_shape, but got {role} of shape "
                f"{list(value._array_.shape)} and normalized_shape = {list(shape)}"
            )
    own = input._array_.shape
    if own[-len(shape) :] != shape:
        raise RuntimeError(
            f"Given normalized_shape={list(shape)}, expected input with shape [*, {', '.join(map(str, shape))}], but "
            f"got input of size{list(own)}"
        )
    return len(shape)


def layer_norm(
    input: Tensor,
    normalized_shape: Sequence[int],
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Standardise over the last dimensions: `(input - mean) / sqrt(variance + eps) * weight + bias`.

    Args:
        input: (*, *normalized_shape), of a real floating dtype; the result has its shape.
        normalized_shape: the sizes of the dimensions that mean and variance (divided by n) are over.
        weight, bias: of the shape normalized_shape and the dtype of the input, or None.
        eps: added to the variance.

    Raises:
        RuntimeError: where shapes or dtypes do not fit.
        NotImplementedError: for integers and complex numbers.

    Source: Ba, Kiros and Hinton, Layer Normalization (2016), arXiv:1607.06450.

    >>> import mibun as torch
    >>> torch.nn.functional.layer_norm(torch.tensor([[1., 2., 3.]]), (3,))
    tensor([[-1.2247,  0.0000,  1.2247]])
    """
    check_tensor(input, "layer_norm")
    n = _normalized_dims("layer_norm", input, normalized_shape, weight, bias)
    _check_floating("LayerNormKernelImpl", input)
    _check_same_dtype("layer_norm", input, weight=weight, bias=bias)
    return apply(_layer_norm, (input, weight, bias), {"n": n, "eps": float(eps)})


@public("layer_norm", method=False)
def main_layer_norm(
    input: Tensor,
    normalized_shape: Sequence[int],
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
    cudnn_enable: bool = True,
) -> Tensor:
    """Standardise over the last dimensions; see `nn.functional.layer_norm`. cudnn_enable: no meaning on the CPU."""
    return layer_norm(input, normalized_shape, weight, bias, eps)


@public("rms_norm", method=False)
def rms_norm(
    input: Tensor, normalized_shape: Sequence[int], weight: Tensor | None = None, eps: float | None = None
) -> Tensor:
    """`input / sqrt(mean(input**2) + eps) * weight`, the mean being over the last dimensions.

    Args:
        input: (*, *normalized_shape), of a floating or complex dtype; the result has its shape.
        normalized_shape: the sizes of the dimensions that the mean is over.
        weight: of the shape normalized_shape, or None.
        eps: by default the machine epsilon of the dtype that is computed in (float32 for half precision).

    Raises:
        RuntimeError: where shapes do not fit.

    Source: Zhang and Sennrich, Root Mean Square Layer Normalization (2019), arXiv:1910.07467.

    >>> import mibun as torch
    >>> torch.rms_norm(torch.tensor([[3., 4., 0., 0.]]), (4,))
    tensor([[1.2000, 1.6000, 0.0000, 0.0000]])
    """
    check_tensor(input, "rms_norm")
    n = _normalized_dims("rms_norm", input, normalized_shape, weight)
    if _is_half(input):
        x, w = input.float(), None if weight is None else weight.float()
        return rms_norm(x, normalized_shape, w, eps).to(input.dtype)
    if eps is None:
        eps = finfo(input.dtype).eps
    scale = input.pow(2).mean(tuple(range(-n, 0)), keepdim=True).add(eps).rsqrt()
    out = input * scale
    return out if weight is None else (out * weight).to(input.dtype)


# --- batch ---


def _per_channel(xp: Any, values: Array, ndim: int) -> Array:
    return xp.reshape(values, (1, -1, *[1] * (ndim - 2)))


def _batch_axes(ndim: int) -> tuple[int, ...]:
    return (0, *range(2, ndim))


def _scaled(xp: Any, scale: Array, weight: Array | None, ndim: int) -> Array:
    """The factor of each channel: what it is divided by and its weight are put together first, as they are small."""
    return scale if weight is None else scale * _per_channel(xp, weight, ndim)


def _batch_norm_rule(xp, g, input, weight, eps, needs):
    # With c = x - mean and s = 1 / sqrt(variance + eps), the gradient of x is s weight (g - mean(g) - c s² mean(g c)).
    axes = _batch_axes(g.ndim)
    g, input, weight = _wide(xp, g, input, weight)
    centred, _, variance = _statistics(xp, input, axes)
    scale = 1 / xp.sqrt(variance + eps)
    count = math.prod([g.shape[axis] for axis in axes])
    if count == 0:
        nothing = xp.sum(g, axis=axes)
        return g, nothing, nothing
    of_g, of_products = xp.mean(g, axis=axes, keepdims=True), xp.mean_of_products(g, centred, axes)
    grad = None
    if needs[0]:
        slope = -of_products * scale * scale
        grad = (centred * slope + g - of_g) * _scaled(xp, scale, weight, g.ndim)  # (NumPy reuses what comes first)
    return (
        grad,
        xp.reshape(of_products * scale * count, (-1,)) if needs[1] else None,
        xp.reshape(of_g * count, (-1,)) if needs[2] else None,
    )


@op(
    name="batch_norm_in_training",
    memory="channels",
    node="NativeBatchNormBackward0",
    traced=("input", "weight"),
    dtype=None,
    optional=True,
    scalars=False,
    outputs=("out", "batch_mean", "batch_variance"),
    n_differentiable=1,
    joint=_batch_norm_rule,
    native=True,
)
def _batch_norm_training(xp, input, weight, bias, *, eps):
    x, weight, bias = _wide(xp, input, weight, bias)
    centred, mean, variance = _statistics(xp, x, _batch_axes(input.ndim))
    out = centred * _scaled(xp, 1 / xp.sqrt(variance + eps), weight, input.ndim)
    if bias is not None:
        out = added_onto(out, _per_channel(xp, bias, input.ndim))
    return _narrow(xp, out, input), xp.reshape(mean, (-1,)), xp.reshape(variance, (-1,))


def _running_rule(xp, g, input, weight, running_mean, running_var, eps, needs):
    axes = _batch_axes(g.ndim)
    g, input, weight, running_mean, running_var = _wide(xp, g, input, weight, running_mean, running_var)
    scale = _per_channel(xp, 1 / xp.sqrt(running_var + eps), g.ndim)
    return (
        g * _scaled(xp, scale, weight, g.ndim) if needs[0] else None,
        xp.sum(g * ((input - _per_channel(xp, running_mean, g.ndim)) * scale), axis=axes) if needs[1] else None,
        xp.sum(g, axis=axes) if needs[2] else None,
        None,
        None,
    )


@op(
    name="batch_norm_in_evaluation",
    memory="channels",
    node="NativeBatchNormBackward0",
    traced=("input", "weight"),
    dtype=None,
    optional=True,
    scalars=False,
    constant=("running_mean", "running_var"),
    joint=_running_rule,
    native=True,
)
def _batch_norm_evaluation(xp, input, weight, bias, running_mean, running_var, *, eps):
    ndim = input.ndim
    x, weight, bias, running_mean, running_var = _wide(xp, input, weight, bias, running_mean, running_var)
    scale = 1 / xp.sqrt(running_var + eps)
    if weight is not None:
        scale = scale * weight
    shift = -running_mean * scale if bias is None else bias - running_mean * scale
    out = x * _per_channel(xp, scale, ndim)
    out = added_onto(out, _per_channel(xp, shift, ndim))
    return _narrow(xp, out, input)


def _update_running(running: Tensor, value: Array, momentum: float) -> None:
    array = running._array_
    if any([level not in getattr(array, "levels", ()) for level in getattr(value, "levels", ())]):
        raise RuntimeError(
            "Batch norm got a batched tensor as input while the running_mean or running_var, which will be updated in "
            "place, were not batched.\nIf you are using a module and do not need eval mode, please set "
            "`track_running_stats` to be False.If you are using a prebuilt module and do not need eval mode, please "
            "see the functorch website for resources on how to patch your module to work with vmap: "
            "replace_all_batch_norm_modules_"
        )
    write(running, array * array.dtype.type(1 - momentum) + (value * momentum).astype(array.dtype))
    bump_version(running, "batch_norm")


def _batch_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: bool,
    momentum: float,
    eps: float,
) -> Tensor:
    check_tensor(input, "batch_norm")
    for position, (name, value) in enumerate({"running_mean": running_mean, "running_var": running_var}.items(), 4):
        if value is not None:
            check_tensor(value, "batch_norm", name, position)
    x = input._array_
    if x.ndim < 2:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [-{x.ndim or 1}, {(x.ndim or 1) - 1}], but got 1): "
            f"batch_norm takes (N, C, *), but the input has shape {list(x.shape)}"
        )
    if not training and (running_mean is None or running_var is None):
        which = "running_mean" if running_mean is None else "running_var"
        raise RuntimeError(f"{which} must be defined in evaluation mode")
    if running_mean is not None or running_var is not None:
        refuse_gradient("native_batch_norm", running_mean=running_mean, running_var=running_var)
    _check_floating("batch_norm", input)
    for name, value in (
        ("running_mean", running_mean),
        ("running_var", running_var),
        ("weight", weight),
        ("bias", bias),
    ):
        if value is not None and value._array_.size != x.shape[1]:
            raise RuntimeError(f"{name} should contain {x.shape[1]} elements not {value._array_.size}")
    _check_same_dtype("batch_norm", input, weight=weight, bias=bias, running_mean=running_mean, running_var=running_var)
    if not training:
        return apply(_batch_norm_evaluation, (input, weight, bias, running_mean, running_var), {"eps": float(eps)})
    out, mean, variance = apply(_batch_norm_training, (input, weight, bias), {"eps": float(eps)})
    if running_mean is not None:
        _update_running(running_mean, mean._array_, momentum)
    if running_var is not None:
        count = x.size // x.shape[1] if x.shape[1] else 0
        unbiased = variance._array_ * (count / (count - 1)) if count > 1 else variance._array_ * math.nan
        _update_running(running_var, unbiased, momentum)
    return out


def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Standardise each channel: `(input - mean) / sqrt(variance + eps) * weight + bias`.

    Args:
        input: (N, C, *), of a real floating dtype; the result has its shape.
        running_mean, running_var: (C), or None.
        weight, bias: (C), or None.
        training: standardise by mean and variance (divided by n) of the batch, and update the running ones in place:
            `(1 - momentum) * running + momentum * batch`, with the variance divided by n - 1; else standardise by the
            running ones.
        momentum: the part of the batch in the running mean and variance.
        eps: added to the variance.

    Raises:
        ValueError: in training with only one value per channel.
        RuntimeError: where sizes or dtypes do not fit.
        IndexError: for an input of less than two dimensions.

    Source: Ioffe and Szegedy, Batch Normalization (2015), arXiv:1502.03167.

    >>> import mibun as torch
    >>> torch.nn.functional.batch_norm(torch.tensor([[1.], [2.], [3.]]), None, None, training=True)
    tensor([[-1.2247],
            [ 0.0000],
            [ 1.2247]])
    """
    if training:
        shape = input._array_.shape
        if len(shape) > 1 and shape[0] * math.prod(shape[2:]) == 1:
            raise ValueError(f"Expected more than 1 value per channel when training, got input size {input.shape}")
    return _batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps)


@public("batch_norm", method=False)
def main_batch_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool,
) -> Tensor:
    """Standardise each channel; see `nn.functional.batch_norm`. cudnn_enabled: no meaning on the CPU."""
    return _batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps)


# --- groups and instances ---


def _grouped(xp: Any, x: Array, groups: int) -> Array:
    return xp.reshape(x, (x.shape[0], groups, math.prod(x.shape[1:]) // groups))


def _group_factors(xp: Any, input: Array, weight: Array, groups: int, eps: float) -> tuple[Any, Any, Any]:
    """Mean and scale = 1 / sqrt(variance + eps) of each group, (N, groups, 1); the weight as (1, groups, width), or 1.

    All of these are small beside the input, which is why formulas put them together first.
    """
    mean, variance = xp.moments(_grouped(xp, input, groups), (2,))
    weight = 1 if weight is None else xp.reshape(weight, (1, groups, -1))
    return mean, 1 / xp.sqrt(variance + eps), weight


def _each_channel(xp: Any, factors: Array, input: Array, groups: int) -> Array:
    """Factors (N, groups, channels of a group, or 1), to be broadcast with the input."""
    each = (input.shape[0], groups, input.shape[1] // groups)
    if factors.shape != each:
        factors = xp.broadcast_to(factors, each)
    return xp.reshape(factors, (*input.shape[:2], *[1] * (input.ndim - 2)))


def _group_rule(xp, g, input, weight, groups, eps, needs):
    # With y = (x - mean) scale, and means over the group, the gradient of x is scale (h - mean(h) - y mean(h y)), where
    # h is g times the weight: a linear combination of g, x and 1 in each channel.
    g, input, weight = _wide(xp, g, input, weight)
    mean, scale, factor = _group_factors(xp, input, weight, groups, eps)
    inner = tuple(range(2, g.ndim))
    each = (g.shape[0], groups, g.shape[1] // groups)
    # The means over each channel.
    of_g = xp.reshape(xp.mean(g, axis=inner, keepdims=True) if inner else g, each)
    of_products = xp.reshape(xp.mean_of_products(g, input, inner) if inner else g * input, each)
    of_standard = (of_products - of_g * mean) * scale
    grad = None
    if needs[0]:
        first = xp.mean(of_g * factor, axis=(2,), keepdims=True) * scale
        second = xp.mean(of_standard * factor, axis=(2,), keepdims=True) * scale * scale
        of_one = _each_channel(xp, second * mean - first, input, groups)
        second = _each_channel(xp, second, input, groups)
        grad = g * _each_channel(xp, scale * factor, input, groups) - input * second + of_one
    size, channels = math.prod(g.shape[2:]), g.shape[:2]
    return (
        grad,
        xp.reshape(of_standard, channels) * size if needs[1] else None,
        xp.reshape(of_g, channels) * size if needs[2] else None,
    )


@op(
    name="group_norm_over",
    memory="channels",
    node="NativeGroupNormBackward0",
    dtype=None,
    rows=lambda ndim, params: 1,
    shared=("weight", "bias"),
    optional=True,
    scalars=False,
    joint=_group_rule,
)
def _group_norm(xp, input, weight, bias, *, groups, eps):
    x, weight, bias = _wide(xp, input, weight, bias)
    mean, scale, factor = _group_factors(xp, x, weight, groups, eps)
    scale = scale * factor
    shift = -mean * scale if bias is None else xp.reshape(bias, (1, groups, -1)) - mean * scale
    out = x * _each_channel(xp, scale, x, groups)
    out = added_onto(out, _each_channel(xp, shift, x, groups))
    return _narrow(xp, out, input)


def group_norm(
    input: Tensor, num_groups: int, weight: Tensor | None = None, bias: Tensor | None = None, eps: float = 1e-5
) -> Tensor:
    """Standardise each group of channels of each sample, then times weight plus bias.

    Args:
        input: (N, C, *), of a real floating dtype; the result has its shape.
        num_groups: how many groups the channels are cut into.
        weight, bias: (C), or None.
        eps: added to the variance.

    Raises:
        RuntimeError: where C is no multiple of num_groups, and for other sizes or dtypes.
        ValueError: where there is only one value per group.

    Source: Wu and He, Group Normalization (2018), arXiv:1803.08494.

    >>> import mibun as torch
    >>> torch.nn.functional.group_norm(torch.tensor([[1., 2., 3., 7.]]), 2)
    tensor([[-1.0000,  1.0000, -1.0000,  1.0000]])
    """
    check_tensor(input, "group_norm")
    shape = input._array_.shape
    if len(shape) < 2:
        raise RuntimeError(f"Expected at least 2 dimensions for input tensor but received {len(shape)}")
    if num_groups <= 0:
        raise RuntimeError(f"Expected num groups to be greater than 0, got {num_groups}")
    if shape[1] % num_groups:
        raise RuntimeError(
            "Expected number of channels in input to be divisible by num_groups, but got input of shape "
            f"{list(shape)} and num_groups={num_groups}"
        )
    for role, value in (("weight", weight), ("bias", bias)):
        if value is not None and value._array_.shape != (shape[1],):
            raise RuntimeError(
                f"Expected {role} to be a vector of size equal to the number of channels in input, but got {role} of "
                f"shape {list(value._array_.shape)} and input of shape {list(shape)}"
            )
    if math.prod((shape[0], *shape[2:])) * (shape[1] // num_groups) == 1:
        raise ValueError(f"Expected more than 1 value per channel when training, got input size {list(shape)}")
    _check_floating("GroupNormKernelImpl", input)
    _check_same_dtype("group_norm", input, weight=weight, bias=bias)
    return apply(_group_norm, (input, weight, bias), {"groups": num_groups, "eps": float(eps)})


@public("group_norm", method=False)
def main_group_norm(
    input: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
    cudnn_enabled: bool = True,
) -> Tensor:
    """Standardise groups of channels; see `nn.functional.group_norm`. cudnn_enabled: no meaning on the CPU."""
    return group_norm(input, num_groups, weight, bias, eps)


def instance_norm(
    input: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Standardise each channel of each sample: `batch_norm` with every sample a batch of its own.

    Args:
        input: (N, C, *), of a real floating dtype; the result has its shape.
        running_mean, running_var: (C), or None.
        weight, bias: (C), or None.
        use_input_stats: standardise by each sample's mean and variance, whose means over the samples update the running
            ones; else by the running ones.
        momentum: the part of the samples in the running mean and variance.
        eps: added to the variance.

    Raises:
        ValueError: where there is only one value per channel and sample.
        RuntimeError: where sizes or dtypes do not fit.

    Source: Ulyanov, Vedaldi and Lempitsky (2016), arXiv:1607.08022.

    >>> import mibun as torch
    >>> torch.nn.functional.instance_norm(torch.tensor([[[1., 3.], [5., 9.]]]))
    tensor([[[-1.0000,  1.0000],
             [-1.0000,  1.0000]]])
    """
    check_tensor(input, "instance_norm")
    shape = input._array_.shape
    if use_input_stats and math.prod(shape[2:]) == 1:
        raise ValueError(f"Expected more than 1 spatial element when training, got input size {input.shape}")
    if not use_input_stats and (running_mean is None or running_var is None):
        raise RuntimeError("Expected running_mean and running_var to be defined when use_input_stats is false")
    batch, channels = shape[:2]
    scale, shift = (None if v is None else v.repeat(batch) for v in (weight, bias))
    mean, var = (None if v is None else v.detach().repeat(batch) for v in (running_mean, running_var))
    flat = input.contiguous().view(1, batch * channels, *shape[2:])
    out = _batch_norm(flat, scale, shift, mean, var, use_input_stats, momentum, eps)
    if use_input_stats:
        for target, values in ((running_mean, mean), (running_var, var)):
            if target is not None and values is not None:
                means = values._array_.reshape(batch, channels)
                write(target, NAMESPACES[type(means)].mean(means, axis=0))
                bump_version(target, "instance_norm")
    return out.view(*shape)


@public("instance_norm", method=False)
def main_instance_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    use_input_stats: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool,
) -> Tensor:
    """Standardise channels of samples; see `nn.functional.instance_norm`. cudnn_enabled: no meaning on the CPU."""
    return instance_norm(input, running_mean, running_var, weight, bias, use_input_stats, momentum, eps)
