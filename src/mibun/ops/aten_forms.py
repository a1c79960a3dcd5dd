"""Operators of PyTorch's dispatcher that take other arguments than the public functions which do their work here.

Numbers for reductions (0 none, 1 mean, 2 sum), sizes in the place of modes, several results where the function gives
one; and derivatives as operators (`gelu_backward`), which are asked of the operator that they belong to.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from ..core.dtypes import dtype as dtype_
from ..core.gradients import grad as gradients
from ..core.mode import enable_grad, is_grad_enabled
from ..core.registry import FUNCTIONS
from ..core.tensor import Tensor
from .nn import (
    activation,
    adaptive_pooling,
    cross_entropy,
    fractional_pooling,
    loss,
    margin_loss,
    padding,
    pooling,
    softmax,
    unpooling,
)
from .nn.resampling import interpolate
from .nn.unfolding import fold, unfold

_WORDS = ("none", "mean", "sum")


def _reduced(function: Callable, *positional: str) -> Callable:
    """A loss with its arguments by these names, of which `reduction` is a number, and 1 unless it is given."""

    def call(self: Tensor, target: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        given = {**dict(zip(positional, args, strict=False)), **kwargs}
        given["reduction"] = _WORDS[given.get("reduction", 1)]
        return function(self, target, **given)

    return call


def _padded(mode: str) -> Callable:
    return lambda self, padding_: padding.pad(self, padding_, mode)


def _resized(mode: str, corners: bool, antialias: bool = False) -> Callable:
    """Resampling to a size; the scales, which PyTorch takes for each dimension, are those of the sizes unless given."""

    def call(self: Tensor, output_size: Sequence[int], *rest: Any, **named: Any) -> Tensor:
        align_corners = rest[0] if corners and rest else named.get("align_corners", False)
        scales = [one for one in (*rest[corners:], *(v for k, v in named.items() if k.startswith("scales"))) if one]
        options: dict[str, Any] = {"mode": mode, "antialias": antialias}
        if corners:
            options["align_corners"] = align_corners
        if len(scales) == len(output_size):
            resized = interpolate(self, scale_factor=tuple(scales), **options)
            if list(resized.shape[2:]) == list(output_size):
                return resized
        return interpolate(self, size=tuple(output_size), **options)

    return call


def _pair(value: Any) -> Any:
    return tuple(value) if isinstance(value, (list, tuple)) else value


def _softmax(self: Tensor, dim: int, half_to_float: bool) -> Tensor:
    """`softmax`; half_to_float is for GPUs."""
    return softmax.softmax(self, dim)


def _log_softmax(self: Tensor, dim: int, half_to_float: bool) -> Tensor:
    """`log_softmax`; half_to_float is for GPUs."""
    return softmax.log_softmax(self, dim)


def _safe_softmax(self: Tensor, dim: int, dtype: dtype_ | None = None) -> Tensor:
    """`softmax`, and zeros along a dimension where everything is -inf."""
    out = softmax.softmax(self, dim, dtype=dtype)
    return out.masked_fill((self == -float("inf")).all(dim, keepdim=True), 0)


def _to_copy(
    self: Tensor,
    *,
    dtype: dtype_ | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool | None = None,
    non_blocking: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """`to(..., copy=True)`."""
    options: dict[str, Any] = {} if memory_format is None else {"memory_format": memory_format}
    return self.to(device=device, dtype=dtype or self.dtype, copy=True, **options)


def _unique2(
    self: Tensor,
    sorted: bool = True,
    return_inverse: bool = False,
    return_counts: bool = False,  # noqa: A002
) -> tuple[Tensor, ...]:
    """`unique`, with empty Tensors for what is not asked for."""
    out, inverse, counts = FUNCTIONS["unique"](self, True, True, True)
    none = self.new_empty((0,), dtype=inverse.dtype)
    return out, inverse if return_inverse else none, counts if return_counts else none


def _unique(self: Tensor, sorted: bool = True, return_inverse: bool = False) -> tuple[Tensor, Tensor]:  # noqa: A002
    """The first two of `_unique2`."""
    return _unique2(self, sorted, return_inverse)[:2]  # type: ignore[return-value]


def unique_dim(
    self: Tensor,
    dim: int,
    sorted: bool = True,
    return_inverse: bool = False,
    return_counts: bool = False,  # noqa: A002
) -> tuple[Tensor, ...]:
    """`unique` along a dimension. (PyTorch computes the counts whether they are asked for or not.)"""
    return FUNCTIONS["unique"](self, True, True, True, dim)


def unique_consecutive(
    self: Tensor, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
) -> tuple[Tensor, ...]:
    """`unique_consecutive`, with empty Tensors for what is not asked for."""
    out, inverse, counts = FUNCTIONS["unique_consecutive"](self, True, True, dim)
    none = self.new_empty((0,), dtype=inverse.dtype)
    return out, inverse if return_inverse else none, counts if return_counts else none


def _local_scalar_dense(self: Tensor) -> Any:
    """`item()`."""
    return self.item()


def _fractional(function: Callable) -> Callable:
    def call(self: Tensor, kernel_size: Any, output_size: Any, random_samples: Tensor) -> Any:
        return function(self, _pair(kernel_size), _pair(output_size), _random_samples=random_samples)

    return call


def _adaptive_backward(n: int, grad_output: Tensor, self: Tensor) -> Tensor:
    """The derivative of adaptive average pooling over `n` dimensions, to the size of its result's gradient."""
    function = adaptive_pooling.adaptive_avg_pool2d if n == 2 else adaptive_pooling.adaptive_avg_pool3d
    return backward_of(function)(grad_output, self, tuple(grad_output.shape[-n:]))


def _unpooled(function: Callable) -> Callable:
    """`max_unpool2d` and its kin by the size of the result; what would say it otherwise makes no difference then."""

    def call(
        self: Tensor, indices: Tensor, output_size: Sequence[int], stride: Any = None, padding_: Any = 0
    ) -> Tensor:
        n = len(output_size)
        shape = self.shape[-n:]
        kernel = tuple([max(1, out // size) for out, size in zip(output_size, shape, strict=True)])
        return function(self, indices, kernel, kernel, 0, tuple(output_size))

    return call


def elu(self: Tensor, alpha: float = 1, scale: float = 1, input_scale: float = 1) -> Tensor:
    """`scale * nn.functional.elu`, the exponent multiplied by `input_scale`: what `celu` and `selu` are made of."""
    return activation.run_activation(activation._elu, "elu", self, _of_elu(alpha, scale, input_scale), False)


def elu_(self: Tensor, alpha: float = 1, scale: float = 1, input_scale: float = 1) -> Tensor:
    """`elu` in place."""
    return activation.run_activation(activation._elu, "elu", self, _of_elu(alpha, scale, input_scale), True)


def _of_elu(alpha: float, scale: float, input_scale: float) -> dict[str, float]:
    return {"alpha": float(alpha), "scale": float(scale), "input_scale": float(input_scale)}


def log_sigmoid_forward(self: Tensor) -> tuple[Tensor, Tensor]:
    """`logsigmoid`, and what PyTorch keeps for its derivative: exp(-|x|)."""
    return activation.logsigmoid(self), (-self.abs()).exp()


def nll_loss_forward(
    self: Tensor, target: Tensor, weight: Tensor | None, reduction: int, ignore_index: int
) -> tuple[Tensor, Tensor]:
    """`nll_loss`, and the sum of the weights of the targets that count (0 without a reduction)."""
    out = cross_entropy.nll_loss(self, target, weight, ignore_index=ignore_index, reduction=_WORDS[reduction])
    if reduction == 0:
        return out, self.new_zeros(())
    counting = target != ignore_index
    if weight is None:
        return out, counting.sum().to(self.dtype)
    return out, (weight[target.clamp(0, weight.shape[0] - 1)] * counting).sum()


def col2im(self: Tensor, output_size: Any, kernel_size: Any, dilation: Any, padding_: Any, stride: Any) -> Tensor:
    """`nn.functional.fold`."""
    return fold(self, _pair(output_size), _pair(kernel_size), _pair(dilation), _pair(padding_), _pair(stride))


def im2col(self: Tensor, kernel_size: Any, dilation: Any, padding_: Any, stride: Any) -> Tensor:
    """`nn.functional.unfold`."""
    return unfold(self, _pair(kernel_size), _pair(dilation), _pair(padding_), _pair(stride))


def _linalg_eigh(A: Tensor, UPLO: str = "L", compute_v: bool = True) -> tuple[Tensor, Tensor]:  # noqa: N803
    """`linalg.eigh`, or with no eigenvectors."""
    from .linalg.eigen import eigh, eigvalsh

    return tuple(eigh(A, UPLO)) if compute_v else (eigvalsh(A, UPLO), A.new_empty((0,)))  # type: ignore[return-value]


def _linalg_svd(
    A: Tensor,  # noqa: N803
    full_matrices: bool = False,
    compute_uv: bool = True,
    *,
    driver: str | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """`linalg.svd`, or with no singular vectors."""
    from .linalg.svd import linalg_svd, svdvals

    if compute_uv:
        return tuple(linalg_svd(A, full_matrices))  # type: ignore[return-value]
    return A.new_empty((0,)), svdvals(A), A.new_empty((0,))


FORMS: dict[str, Callable] = {
    "_adaptive_avg_pool2d": adaptive_pooling.adaptive_avg_pool2d,
    "_adaptive_avg_pool3d": adaptive_pooling.adaptive_avg_pool3d,
    "_adaptive_avg_pool2d_backward": lambda grad, self: _adaptive_backward(2, grad, self),
    "_adaptive_avg_pool3d_backward": lambda grad, self: _adaptive_backward(3, grad, self),
    "_conj": lambda self: self.conj(),
    "_conj_physical": lambda self: self.conj_physical(),
    "_pin_memory": lambda self, device=None: self.pin_memory(device) if device is not None else self.pin_memory(),
    "_linalg_eigh": _linalg_eigh,
    "_linalg_svd": _linalg_svd,
    "_local_scalar_dense": _local_scalar_dense,
    "_log_softmax": _log_softmax,
    "_safe_softmax": _safe_softmax,
    "_softmax": _softmax,
    "_to_copy": _to_copy,
    "_unique": _unique,
    "_unique2": _unique2,
    "_unsafe_view": lambda self, size: self.reshape(size),
    "_upsample_bicubic2d_aa": _resized("bicubic", True, True),
    "_upsample_bilinear2d_aa": _resized("bilinear", True, True),
    "_upsample_nearest_exact1d": _resized("nearest-exact", False),
    "_upsample_nearest_exact2d": _resized("nearest-exact", False),
    "_upsample_nearest_exact3d": _resized("nearest-exact", False),
    "adaptive_max_pool2d": lambda self, size: adaptive_pooling.adaptive_max_pool2d_with_indices(self, size),
    "adaptive_max_pool3d": lambda self, size: adaptive_pooling.adaptive_max_pool3d_with_indices(self, size),
    "binary_cross_entropy": _reduced(loss.binary_cross_entropy, "weight", "reduction"),
    "block_diag": lambda tensors: FUNCTIONS["block_diag"](*tensors),
    "col2im": col2im,
    "elu": elu,
    "elu_": elu_,
    "fractional_max_pool2d": _fractional(fractional_pooling.fractional_max_pool2d_with_indices),
    "fractional_max_pool3d": _fractional(fractional_pooling.fractional_max_pool3d_with_indices),
    "huber_loss": _reduced(loss.huber_loss, "reduction", "delta"),
    "im2col": im2col,
    "lift_fresh": lambda self: self,
    "log_sigmoid_forward": log_sigmoid_forward,
    "max_pool2d_with_indices": pooling.max_pool2d_with_indices,
    "max_pool3d_with_indices": pooling.max_pool3d_with_indices,
    "max_unpool2d": _unpooled(unpooling.max_unpool2d),
    "max_unpool3d": _unpooled(unpooling.max_unpool3d),
    "mse_loss": _reduced(loss.mse_loss, "reduction"),
    "multi_margin_loss": _reduced(margin_loss.multi_margin_loss, "p", "margin", "weight", "reduction"),
    "multilabel_margin_loss": _reduced(margin_loss.multilabel_margin_loss, "reduction"),
    "nll_loss2d_forward": nll_loss_forward,
    "nll_loss_forward": nll_loss_forward,
    "smooth_l1_loss": _reduced(loss.smooth_l1_loss, "reduction", "beta"),
    "soft_margin_loss": _reduced(margin_loss.soft_margin_loss, "reduction"),
    "sym_numel": lambda self: self.numel(),
    "sym_size": lambda self, dim=None: list(self.shape) if dim is None else self.shape[dim],
    "sym_storage_offset": lambda self: self.storage_offset(),
    "sym_stride": lambda self, dim=None: list(self.stride()) if dim is None else self.stride(dim),
    "unique_consecutive": unique_consecutive,
    "unique_dim": unique_dim,
    "upsample_bicubic2d": _resized("bicubic", True),
    "upsample_bilinear2d": _resized("bilinear", True),
    "upsample_linear1d": _resized("linear", True),
    "upsample_nearest1d": _resized("nearest", False),
    "upsample_nearest2d": _resized("nearest", False),
    "upsample_nearest3d": _resized("nearest", False),
    "upsample_trilinear3d": _resized("trilinear", True),
    **{
        f"{mode}_pad{n}d": _padded(word)
        for mode, word in (("reflection", "reflect"), ("replication", "replicate"))
        for n in (1, 2, 3)
    },
}

# Derivatives whose arguments are the gradient of the result, and then those of the operator.
BACKWARD = frozenset(
    """
    avg_pool2d avg_pool3d binary_cross_entropy gelu glu hardshrink hardsigmoid
    hardswish hardtanh huber_loss logit mish mse_loss multi_margin_loss reflection_pad1d reflection_pad2d
    reflection_pad3d replication_pad1d replication_pad2d replication_pad3d silu smooth_l1_loss soft_margin_loss softplus
    softshrink
    """.split()
)


def backward_of(function: Callable) -> Callable:
    """The derivative of a function by its first argument, as an operator: `gelu_backward(grad_output, self, ...)`."""

    @functools.wraps(function)
    def backward(grad_output: Tensor, self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        recorded = is_grad_enabled() and (self.requires_grad or grad_output.requires_grad)
        with enable_grad():
            x = self.view_as(self) if self.requires_grad else self.detach().requires_grad_()
            found = gradients(function(x, *args, **kwargs), x, grad_output, create_graph=recorded)
        return found[0]

    return backward
