"""The functions of neural networks, with the names and signatures of torch.nn.functional. This file is an index.

This file is written by `python -m tools.stubs`: change what it reads, not this.
"""

# pyright: reportMissingModuleSource=false
from builtins import bool as _bool, complex as _complex, float as _float, int as _int, range as _range, type as _type
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import EllipsisType
from typing import Any, Literal, Self, SupportsIndex, TypeAlias, overload

import numpy as np

from mibun import Generator, Tensor, return_types
from mibun import dtype as _dtype, device as _device, layout as _layout, memory_format as _memory_format
from mibun.core.tensor_methods import Number, Device, Ints, Index

__all__ = [
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_avg_pool3d",
    "adaptive_max_pool1d",
    "adaptive_max_pool1d_with_indices",
    "adaptive_max_pool2d",
    "adaptive_max_pool2d_with_indices",
    "adaptive_max_pool3d",
    "adaptive_max_pool3d_with_indices",
    "affine_grid",
    "alpha_dropout",
    "avg_pool1d",
    "avg_pool2d",
    "avg_pool3d",
    "batch_norm",
    "bilinear",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "celu",
    "celu_",
    "channel_shuffle",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_tbc",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
    "cosine_embedding_loss",
    "cosine_similarity",
    "cross_entropy",
    "ctc_loss",
    "dropout",
    "dropout1d",
    "dropout2d",
    "dropout3d",
    "elu",
    "elu_",
    "embedding",
    "embedding_bag",
    "feature_alpha_dropout",
    "fold",
    "fractional_max_pool2d",
    "fractional_max_pool2d_with_indices",
    "fractional_max_pool3d",
    "fractional_max_pool3d_with_indices",
    "gaussian_nll_loss",
    "gelu",
    "glu",
    "grid_sample",
    "group_norm",
    "grouped_mm",
    "gumbel_softmax",
    "hardshrink",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "hardtanh_",
    "hinge_embedding_loss",
    "huber_loss",
    "instance_norm",
    "interpolate",
    "kl_div",
    "l1_loss",
    "layer_norm",
    "leaky_relu",
    "leaky_relu_",
    "linear",
    "linear_cross_entropy",
    "local_response_norm",
    "log_softmax",
    "logsigmoid",
    "lp_pool1d",
    "lp_pool2d",
    "lp_pool3d",
    "margin_ranking_loss",
    "max_pool1d",
    "max_pool1d_with_indices",
    "max_pool2d",
    "max_pool2d_with_indices",
    "max_pool3d",
    "max_pool3d_with_indices",
    "max_unpool1d",
    "max_unpool2d",
    "max_unpool3d",
    "mish",
    "mse_loss",
    "multi_head_attention_forward",
    "multi_margin_loss",
    "multilabel_margin_loss",
    "multilabel_soft_margin_loss",
    "native_channel_shuffle",
    "nll_loss",
    "normalize",
    "one_hot",
    "pad",
    "pairwise_distance",
    "pdist",
    "pixel_shuffle",
    "pixel_unshuffle",
    "poisson_nll_loss",
    "prelu",
    "relu",
    "relu6",
    "relu_",
    "rms_norm",
    "rrelu",
    "rrelu_",
    "scaled_dot_product_attention",
    "selu",
    "selu_",
    "sigmoid",
    "silu",
    "smooth_l1_loss",
    "soft_margin_loss",
    "softmax",
    "softmin",
    "softplus",
    "softshrink",
    "softsign",
    "tanh",
    "tanhshrink",
    "threshold",
    "threshold_",
    "triplet_margin_loss",
    "triplet_margin_with_distance_loss",
    "unfold",
    "upsample",
    "upsample_bilinear",
    "upsample_nearest",
]

def adaptive_avg_pool1d(input: Tensor, output_size: _int | Sequence[_int | None]) -> Tensor:
    """Means over windows that cut (N, C, L) or (C, L) into output_size parts.

    Operator adaptive_mean_2d:
        vjp: lambda xp, g, input, sizes: xp.adaptive_mean_spread(g, space=tuple(input.shape[-len(sizes) :]))
        node: AdaptiveAvgPool2DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator adaptive_mean_3d:
        vjp: lambda xp, g, input, sizes: xp.adaptive_mean_spread(g, space=tuple(input.shape[-len(sizes) :]))
        node: AdaptiveAvgPool3DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def adaptive_avg_pool2d(input: Tensor, output_size: _int | Sequence[_int | None]) -> Tensor:
    """Means over windows that cut images into a given number of parts.

    Part i of n covers the rows from floor(i * H / n) up to, not including, ceil((i + 1) * H / n).

    Args:
        input: (N, C, H, W) or (C, H, W), of a real floating dtype.
        output_size: (H', W'), the size of the result; an int for both, None for what it is.

    Raises:
        RuntimeError: for sizes that do not fit.
        NotImplementedError: for integers and complex numbers.

    >>> import mibun as torch
    >>> torch.nn.functional.adaptive_avg_pool2d(torch.arange(9.).reshape(1, 3, 3), (1, 3))
    tensor([[[3., 4., 5.]]])

    Operator adaptive_mean_2d:
        vjp: lambda xp, g, input, sizes: xp.adaptive_mean_spread(g, space=tuple(input.shape[-len(sizes) :]))
        node: AdaptiveAvgPool2DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator adaptive_mean_3d:
        vjp: lambda xp, g, input, sizes: xp.adaptive_mean_spread(g, space=tuple(input.shape[-len(sizes) :]))
        node: AdaptiveAvgPool3DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def adaptive_avg_pool3d(input: Tensor, output_size: _int | Sequence[_int | None]) -> Tensor:
    """Means over windows that cut volumes into output_size parts; see `adaptive_avg_pool2d`.

    Operator adaptive_mean_2d:
        vjp: lambda xp, g, input, sizes: xp.adaptive_mean_spread(g, space=tuple(input.shape[-len(sizes) :]))
        node: AdaptiveAvgPool2DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator adaptive_mean_3d:
        vjp: lambda xp, g, input, sizes: xp.adaptive_mean_spread(g, space=tuple(input.shape[-len(sizes) :]))
        node: AdaptiveAvgPool3DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def adaptive_max_pool1d(
    input: Tensor, output_size: _int | Sequence[_int | None], return_indices: Literal[False] = False,
) -> Tensor:
    """Maxima over windows that cut (N, C, L) or (C, L) into output_size parts.

    Operator adaptive_max_2d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool2DBackward0
        dtypes: each as it is

    Operator adaptive_max_3d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool3DBackward0
        dtypes: each as it is
    """
@overload
def adaptive_max_pool1d(
    input: Tensor, output_size: _int | Sequence[_int | None], *, return_indices: Literal[True],
) -> tuple[Tensor, Tensor]:
    """Maxima over windows that cut (N, C, L) or (C, L) into output_size parts.

    Operator adaptive_max_2d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool2DBackward0
        dtypes: each as it is

    Operator adaptive_max_3d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool3DBackward0
        dtypes: each as it is
    """
@overload
def adaptive_max_pool1d(
    input: Tensor, output_size: _int | Sequence[_int | None], return_indices: Literal[True],
) -> tuple[Tensor, Tensor]:
    """Maxima over windows that cut (N, C, L) or (C, L) into output_size parts.

    Operator adaptive_max_2d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool2DBackward0
        dtypes: each as it is

    Operator adaptive_max_3d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool3DBackward0
        dtypes: each as it is
    """

def adaptive_max_pool1d_with_indices(
    input: Tensor, output_size: _int | Sequence[_int | None], return_indices: _bool = False,
) -> tuple[Tensor, Tensor]:
    """`adaptive_max_pool1d` and the positions of the maxima, whatever `return_indices` says.

    Operator adaptive_max_2d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool2DBackward0
        dtypes: each as it is

    Operator adaptive_max_3d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool3DBackward0
        dtypes: each as it is
    """

@overload
def adaptive_max_pool2d(
    input: Tensor, output_size: _int | Sequence[_int | None], return_indices: Literal[False] = False,
) -> Tensor:
    """Maxima over windows that cut images into output_size = (H', W') parts; see `adaptive_avg_pool2d`.

    return_indices: also return their positions in the flattened H x W, int64.

    >>> import mibun as torch
    >>> torch.nn.functional.adaptive_max_pool2d(torch.arange(9.).reshape(1, 3, 3), (1, 3))
    tensor([[[6., 7., 8.]]])

    Operator adaptive_max_2d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool2DBackward0
        dtypes: each as it is

    Operator adaptive_max_3d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool3DBackward0
        dtypes: each as it is
    """
@overload
def adaptive_max_pool2d(
    input: Tensor, output_size: _int | Sequence[_int | None], *, return_indices: Literal[True],
) -> tuple[Tensor, Tensor]:
    """Maxima over windows that cut images into output_size = (H', W') parts; see `adaptive_avg_pool2d`.

    return_indices: also return their positions in the flattened H x W, int64.

    >>> import mibun as torch
    >>> torch.nn.functional.adaptive_max_pool2d(torch.arange(9.).reshape(1, 3, 3), (1, 3))
    tensor([[[6., 7., 8.]]])

    Operator adaptive_max_2d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool2DBackward0
        dtypes: each as it is

    Operator adaptive_max_3d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool3DBackward0
        dtypes: each as it is
    """
@overload
def adaptive_max_pool2d(
    input: Tensor, output_size: _int | Sequence[_int | None], return_indices: Literal[True],
) -> tuple[Tensor, Tensor]:
    """Maxima over windows that cut images into output_size = (H', W') parts; see `adaptive_avg_pool2d`.

    return_indices: also return their positions in the flattened H x W, int64.

    >>> import mibun as torch
    >>> torch.nn.functional.adaptive_max_pool2d(torch.arange(9.).reshape(1, 3, 3), (1, 3))
    tensor([[[6., 7., 8.]]])

    Operator adaptive_max_2d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool2DBackward0
        dtypes: each as it is

    Operator adaptive_max_3d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool3DBackward0
        dtypes: each as it is
    """

def adaptive_max_pool2d_with_indices(
    input: Tensor, output_size: _int | Sequence[_int | None], return_indices: _bool = False,
) -> tuple[Tensor, Tensor]:
    """`adaptive_max_pool2d` and the positions of the maxima, whatever `return_indices` says.

    Operator adaptive_max_2d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool2DBackward0
        dtypes: each as it is

    Operator adaptive_max_3d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool3DBackward0
        dtypes: each as it is
    """

@overload
def adaptive_max_pool3d(
    input: Tensor, output_size: _int | Sequence[_int | None], return_indices: Literal[False] = False,
) -> Tensor:
    """Maxima over windows that cut volumes into output_size parts; see `adaptive_avg_pool2d`.

    Operator adaptive_max_2d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool2DBackward0
        dtypes: each as it is

    Operator adaptive_max_3d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool3DBackward0
        dtypes: each as it is
    """
@overload
def adaptive_max_pool3d(
    input: Tensor, output_size: _int | Sequence[_int | None], *, return_indices: Literal[True],
) -> tuple[Tensor, Tensor]:
    """Maxima over windows that cut volumes into output_size parts; see `adaptive_avg_pool2d`.

    Operator adaptive_max_2d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool2DBackward0
        dtypes: each as it is

    Operator adaptive_max_3d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool3DBackward0
        dtypes: each as it is
    """
@overload
def adaptive_max_pool3d(
    input: Tensor, output_size: _int | Sequence[_int | None], return_indices: Literal[True],
) -> tuple[Tensor, Tensor]:
    """Maxima over windows that cut volumes into output_size parts; see `adaptive_avg_pool2d`.

    Operator adaptive_max_2d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool2DBackward0
        dtypes: each as it is

    Operator adaptive_max_3d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool3DBackward0
        dtypes: each as it is
    """

def adaptive_max_pool3d_with_indices(
    input: Tensor, output_size: _int | Sequence[_int | None], return_indices: _bool = False,
) -> tuple[Tensor, Tensor]:
    """`adaptive_max_pool3d` and the positions of the maxima, whatever `return_indices` says.

    Operator adaptive_max_2d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool2DBackward0
        dtypes: each as it is

    Operator adaptive_max_3d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool3DBackward0
        dtypes: each as it is
    """

def affine_grid(theta: Tensor, size: Sequence[_int], align_corners: _bool | None = None) -> Tensor:
    """The grid for `grid_sample` of affine maps theta: (N, 2, 3) for a size (N, C, H, W), (N, 3, 4) for volumes.

    The result is (N, H, W, 2) or (N, D, H, W, 3). align_corners: as for `grid_sample`. ValueError, NotImplementedError
    or RuntimeError where theta and size do not fit.

    >>> import mibun as torch
    >>> turn = torch.tensor([[[0., -1., 0.], [1., 0., 0.]]])
    >>> torch.nn.functional.affine_grid(turn, (1, 1, 2, 2), align_corners=True)
    tensor([[[[ 1., -1.],
              [ 1.,  1.]],
    <BLANKLINE>
             [[-1., -1.],
              [-1.,  1.]]]])

    Operator affine_grid_of:
        vjp: lambda xp, g, size, align, rounded: xp.affine_grid_transposed(g, size=size, align=align, rounded=rounded)
        node: AffineGridGeneratorBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def alpha_dropout(input: Tensor, p: _float = 0.5, training: _bool = False, inplace: _bool = False) -> Tensor:
    """Dropout for selu: keeps the mean 0 and the variance 1 of the input. Source: Klambauer et al. (2017).

    Operator sqrt:
        vjp: lambda xp, g, out: g / xp.conj(2 * out)
        node: SqrtBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools

    Operator mul:
        vjp of input: lambda xp, g, other: g * xp.conj(other)
        vjp of other: lambda xp, g, input: g * xp.conj(input)
        node: MulBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        shapes: broadcast; RuntimeError where they do not
    """

def avg_pool1d(
    input: Tensor, kernel_size: _int | Sequence[_int], stride: _int | Sequence[_int] | None = None,
    padding: _int | Sequence[_int] = 0, ceil_mode: _bool = False, count_include_pad: _bool = True,
) -> Tensor:
    """Means over windows of a sequence, (N, C, L) or (C, L); arguments and errors as for `avg_pool2d`.

    >>> import mibun as torch
    >>> torch.nn.functional.avg_pool1d(torch.tensor([[1., 3., 2., 4.]]), 2)
    tensor([[2., 3.]])

    Operator avg_pool_2d:
        vjp: lambda xp, g, input, window, stride, padding, counts, include, divisor: xp.avg_pool_spread(
            g,
            space=tuple(input.shape[-len(window) :]),
            window=window,
            stride=stride,
            padding=padding,
            include=include,
            divisor=divisor,
        )
        node: AvgPool2DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator avg_pool_3d:
        vjp: lambda xp, g, input, window, stride, padding, counts, include, divisor: xp.avg_pool_spread(
            g,
            space=tuple(input.shape[-len(window) :]),
            window=window,
            stride=stride,
            padding=padding,
            include=include,
            divisor=divisor,
        )
        node: AvgPool3DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def avg_pool2d(
    input: Tensor, kernel_size: _int | Sequence[_int], stride: _int | Sequence[_int] | None = None,
    padding: _int | Sequence[_int] = 0, ceil_mode: _bool = False, count_include_pad: _bool = True,
    divisor_override: _int | None = None,
) -> Tensor:
    """Means over windows of images (N, C, H, W) or (C, H, W).

    Args:
        input: of a real floating dtype; the result is (N, C, H', W') with
            H' = (H + 2 * padding - kernel_size) // stride + 1.
        kernel_size: the size of the windows: an int, or a pair for height and width, as stride and padding.
        stride: from window to window; by default the kernel_size.
        padding: zeros added at both ends, at most half of the window.
        ceil_mode: round H' up: windows may reach over the end.
        count_include_pad: the padding's zeros count as elements.
        divisor_override: divide by this instead of the number of elements.

    Raises:
        RuntimeError: for arguments that do not fit.
        NotImplementedError: for integers and complex numbers.

    >>> import mibun as torch
    >>> torch.nn.functional.avg_pool2d(torch.arange(16.).reshape(1, 4, 4), 2)
    tensor([[[ 2.5000,  4.5000],
             [10.5000, 12.5000]]])

    Operator avg_pool_2d:
        vjp: lambda xp, g, input, window, stride, padding, counts, include, divisor: xp.avg_pool_spread(
            g,
            space=tuple(input.shape[-len(window) :]),
            window=window,
            stride=stride,
            padding=padding,
            include=include,
            divisor=divisor,
        )
        node: AvgPool2DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator avg_pool_3d:
        vjp: lambda xp, g, input, window, stride, padding, counts, include, divisor: xp.avg_pool_spread(
            g,
            space=tuple(input.shape[-len(window) :]),
            window=window,
            stride=stride,
            padding=padding,
            include=include,
            divisor=divisor,
        )
        node: AvgPool3DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def avg_pool3d(
    input: Tensor, kernel_size: _int | Sequence[_int], stride: _int | Sequence[_int] | None = None,
    padding: _int | Sequence[_int] = 0, ceil_mode: _bool = False, count_include_pad: _bool = True,
    divisor_override: _int | None = None,
) -> Tensor:
    """Means over windows of volumes, (N, C, D, H, W) or (C, D, H, W); arguments and errors as for `avg_pool2d`.

    Operator avg_pool_2d:
        vjp: lambda xp, g, input, window, stride, padding, counts, include, divisor: xp.avg_pool_spread(
            g,
            space=tuple(input.shape[-len(window) :]),
            window=window,
            stride=stride,
            padding=padding,
            include=include,
            divisor=divisor,
        )
        node: AvgPool2DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator avg_pool_3d:
        vjp: lambda xp, g, input, window, stride, padding, counts, include, divisor: xp.avg_pool_spread(
            g,
            space=tuple(input.shape[-len(window) :]),
            window=window,
            stride=stride,
            padding=padding,
            include=include,
            divisor=divisor,
        )
        node: AvgPool3DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def batch_norm(
    input: Tensor, running_mean: Tensor | None, running_var: Tensor | None, weight: Tensor | None = None,
    bias: Tensor | None = None, training: _bool = False, momentum: _float = 0.1, eps: _float = 1e-05,
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

    Operator batch_norm_in_evaluation:
        vjp: _running_rule
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
        node: NativeBatchNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator batch_norm_in_training:
        vjp: _batch_norm_rule
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
        node: NativeBatchNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """`out[..., k] = input1[...] @ weight[k] @ input2[...] + bias[k]`: (*, in1), (*, in2), (out, in1, in2) -> (*, out).

    RuntimeError where sizes or dtypes differ.

    >>> import mibun as torch
    >>> torch.nn.functional.bilinear(torch.ones(2, 3), torch.ones(2, 4), torch.ones(5, 3, 4)).shape
    torch.Size([2, 5])

    Operator trilinear:
        vjp of input1: lambda xp, g, input2, weight: xp.einsum("no,oij,nj->ni", g, xp.conj(weight), xp.conj(input2))
        vjp of weight: lambda xp, g, input1, input2: xp.einsum("no,ni,nj->oij", g, xp.conj(input1), xp.conj(input2))
        vjp of input2: lambda xp, g, input1, weight: xp.einsum("no,oij,ni->nj", g, xp.conj(weight), xp.conj(input1))
        node: TrilinearBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is
    """

def binary_cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: _bool | None = None,
    reduce: _bool | None = None, reduction: str = 'mean',
) -> Tensor:
    """`-(target * log(input) + (1 - target) * log(1 - input))`, with logarithms not below -100.

    Args:
        input: probabilities, of any shape and a real floating dtype.
        target: of the same shape and dtype, as a rule in [0, 1].
        weight: factors of a shape that broadcasts to that of the input.
        reduction: "mean", "sum" or "none".
        size_average, reduce: what `reduction` was before, with a warning.

    Raises:
        ValueError: for a target of another shape.
        RuntimeError: for inputs outside of [0, 1], and for a target of another dtype.

    >>> import mibun as torch
    >>> torch.nn.functional.binary_cross_entropy(torch.tensor([0.5, 0.25]), torch.tensor([1., 0.]), reduction="none")
    tensor([0.6931, 0.2877])

    Operator bce:
        vjp of input: _bce_rule
            def _bce_rule(xp, g, input, target, weight, reduction):
                slope = xp.bce_slope(input, target) * mean_share(xp, g, input, reduction)
                return slope if weight is None else slope * weight
        vjp of target: _bce_target_rule
            def _bce_target_rule(xp, g, input, target, weight, reduction):
                slope = xp.log1p(-input) - xp.log(input)  # not bounded, in PyTorch either
                slope = slope * mean_share(xp, g, input, reduction)
                return slope if weight is None else slope * weight
        node: BinaryCrossEntropyBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def binary_cross_entropy_with_logits(
    input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: _bool | None = None,
    reduce: _bool | None = None, reduction: str = 'mean', pos_weight: Tensor | None = None,
) -> Tensor:
    """`binary_cross_entropy(sigmoid(input), target)`, computed without underflow.

    Args:
        input: scores (logits), of any shape and a real floating dtype.
        target: of the same shape, as a rule in [0, 1].
        weight: factors of the losses, of a shape that broadcasts.
        pos_weight: factors of the part of the loss that is for target 1, of a shape that broadcasts.
        reduction: "mean", "sum" or "none".
        size_average, reduce: what `reduction` was before, with a warning.

    Raises:
        ValueError: where input and target differ in shape.
        NotImplementedError, RuntimeError: where the input, or the target, is of integers.

    >>> import mibun as torch
    >>> torch.nn.functional.binary_cross_entropy_with_logits(torch.tensor([0., 200.]), torch.tensor([1., 0.]))
    tensor(100.3466)

    Operator bce_with_logits:
        vjp of input: _bce_logits_rule
            def _bce_logits_rule(xp, g, input, target, weight, pos_weight, reduction):
                s = xp.logistic(input)
                slope = s - target if pos_weight is None else (pos_weight * target + 1 - target) * s - pos_weight * target
                slope = slope * mean_share(xp, g, slope, reduction)
                return slope if weight is None else slope * weight
        vjp of target: _bce_logits_target_rule
            def _bce_logits_target_rule(xp, g, input, target, weight, pos_weight, reduction):
                slope = -input if pos_weight is None else (pos_weight - 1) * _softplus_of_negative(xp, input) - input
                slope = slope * mean_share(xp, g, slope * target, reduction)
                return slope if weight is None else slope * weight
        node: BinaryCrossEntropyWithLogitsBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def celu(input: Tensor, alpha: _float = 1.0, inplace: _bool = False) -> Tensor:
    """The input where positive, else `alpha * (exp(input / alpha) - 1)`: an elu whose slope at 0 is 1.

    RuntimeError for alpha = 0. Source: Barron (2017), arXiv:1704.07483.

    Operator celu:
        vjp: _elu_rule
            def _elu_rule(xp, g, input, alpha, scale, input_scale):
                # exp of what is not selected must not overflow. At 0 the first derivative is the one from below and the second the
                # one from above, 0, which is PyTorch's choice.
                below = xp.where(input < 0, input, 0.0)
                return xp.where(input <= 0, g * (xp.exp(below * input_scale) * (alpha * scale * input_scale)), g * scale)
        node: CeluBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex

    Operator celu_in_place:
        vjp: _elu_rule_of_output
            def _elu_rule_of_output(xp, g, out, alpha, scale, input_scale):
                below = xp.where(out < 0, out, 0.0)
                return xp.where(out <= 0, g * ((below + alpha * scale) * input_scale), g * scale)
        node: CeluBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def celu_(input: Tensor, alpha: _float = 1.0) -> Tensor:
    """`celu` in place.

    Operator celu:
        vjp: _elu_rule
            def _elu_rule(xp, g, input, alpha, scale, input_scale):
                # exp of what is not selected must not overflow. At 0 the first derivative is the one from below and the second the
                # one from above, 0, which is PyTorch's choice.
                below = xp.where(input < 0, input, 0.0)
                return xp.where(input <= 0, g * (xp.exp(below * input_scale) * (alpha * scale * input_scale)), g * scale)
        node: CeluBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex

    Operator celu_in_place:
        vjp: _elu_rule_of_output
            def _elu_rule_of_output(xp, g, out, alpha, scale, input_scale):
                below = xp.where(out < 0, out, 0.0)
                return xp.where(out <= 0, g * ((below + alpha * scale) * input_scale), g * scale)
        node: CeluBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def channel_shuffle(input: Tensor, groups: _int) -> Tensor:
    """Mix the channels of (N, C, *): those of `groups` groups, taken in turns. Source: Zhang et al. (2018).

    Operator shuffle_channels:
        vjp: lambda xp, g, groups, input_shape: xp.shuffle_channels(g, groups=input_shape[1] // groups)
        node: ChannelShuffleBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def conv1d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: _int | Sequence[_int] = 1,
    padding: _int | Sequence[_int] | str = 0, dilation: _int | Sequence[_int] = 1, groups: _int = 1,
) -> Tensor:
    """Cross-correlation over sequences: input (N, C, L) or (C, L), weight (O, C / groups, k), bias (O) -> (N, O, L').

    stride, padding and dilation are ints or 1-tuples; arguments and errors are else as for `conv2d`.

    >>> import mibun as torch
    >>> torch.conv1d(torch.arange(5.).reshape(1, 1, 5), torch.tensor([[[-1., 1.]]]))
    tensor([[[1., 1., 1., 1.]]])

    Operator convolve:
        vjp of input: lambda xp, g, weight, input_shape, stride, padding, dilation, groups: xp.convolve_transposed(
            g,
            xp.conj(weight),
            None,
            space=input_shape[2:],
            stride=stride,
            padding=padding,
            dilation=dilation,
            groups=groups,
        )
        vjp of weight: lambda xp, g, input, weight_shape, stride, padding, dilation, groups: xp.convolve_weights(
            g, xp.conj(input), window=weight_shape[2:], stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        vjp of bias: lambda xp, g: _sum_channels(xp, g)
        jvp of input: lambda xp, t, weight, stride, padding, dilation, groups: xp.convolve(
            t, weight, None, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of weight: lambda xp, t, input, stride, padding, dilation, groups: xp.convolve(
            input, t, None, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of bias: lambda xp, t, out_shape: _spread_bias(xp, t, out_shape)
        node: ConvolutionBackward0
        dtypes: each as it is
    """

def conv2d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: _int | Sequence[_int] = 1,
    padding: _int | Sequence[_int] | str = 0, dilation: _int | Sequence[_int] = 1, groups: _int = 1,
) -> Tensor:
    """Cross-correlation over images: `out[n, o, y, x] = bias[o] + sum over c, i, j of
    weight[o, c, i, j] * input[n, c, y * stride + i * dilation, x * stride + j * dilation]`.

    Args:
        input: (N, C, H, W) or (C, H, W), of any dtype but bool.
        weight: (O, C / groups, kH, kW), of the same dtype.
        bias: (O), of the same dtype, or None.
        stride: from window to window: an int, or a pair for height and width, as padding and dilation.
        padding: zeros added on both sides; or "valid" for none, or "same" for as many as keep the size.
        dilation: from element to element within a window.
        groups: the channels are cut into so many parts, each with its own outputs.

    Returns:
        (N, O, H', W') or (O, H', W') with H' = (H + 2 * padding - dilation * (kH - 1) - 1) // stride + 1.

    Raises:
        RuntimeError: where sizes or dtypes do not fit.

    >>> import mibun as torch
    >>> torch.nn.functional.conv2d(torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2))
    tensor([[[[4., 4.],
              [4., 4.]]]])

    Operator convolve:
        vjp of input: lambda xp, g, weight, input_shape, stride, padding, dilation, groups: xp.convolve_transposed(
            g,
            xp.conj(weight),
            None,
            space=input_shape[2:],
            stride=stride,
            padding=padding,
            dilation=dilation,
            groups=groups,
        )
        vjp of weight: lambda xp, g, input, weight_shape, stride, padding, dilation, groups: xp.convolve_weights(
            g, xp.conj(input), window=weight_shape[2:], stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        vjp of bias: lambda xp, g: _sum_channels(xp, g)
        jvp of input: lambda xp, t, weight, stride, padding, dilation, groups: xp.convolve(
            t, weight, None, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of weight: lambda xp, t, input, stride, padding, dilation, groups: xp.convolve(
            input, t, None, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of bias: lambda xp, t, out_shape: _spread_bias(xp, t, out_shape)
        node: ConvolutionBackward0
        dtypes: each as it is
    """

def conv3d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: _int | Sequence[_int] = 1,
    padding: _int | Sequence[_int] | str = 0, dilation: _int | Sequence[_int] = 1, groups: _int = 1,
) -> Tensor:
    """Cross-correlation over volumes: input (N, C, D, H, W) or (C, D, H, W), weight (O, C / groups, kD, kH, kW).

    Arguments, sizes and errors are as for conv2d, with one int more.

    Operator convolve:
        vjp of input: lambda xp, g, weight, input_shape, stride, padding, dilation, groups: xp.convolve_transposed(
            g,
            xp.conj(weight),
            None,
            space=input_shape[2:],
            stride=stride,
            padding=padding,
            dilation=dilation,
            groups=groups,
        )
        vjp of weight: lambda xp, g, input, weight_shape, stride, padding, dilation, groups: xp.convolve_weights(
            g, xp.conj(input), window=weight_shape[2:], stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        vjp of bias: lambda xp, g: _sum_channels(xp, g)
        jvp of input: lambda xp, t, weight, stride, padding, dilation, groups: xp.convolve(
            t, weight, None, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of weight: lambda xp, t, input, stride, padding, dilation, groups: xp.convolve(
            input, t, None, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of bias: lambda xp, t, out_shape: _spread_bias(xp, t, out_shape)
        node: ConvolutionBackward0
        dtypes: each as it is
    """

def conv_tbc(input: Tensor, weight: Tensor, bias: Tensor, pad: _int = 0) -> Tensor:
    """A convolution of sequences (T, B, C) with weight (k, C, D) and bias (D), to (T', B, D).

    RuntimeError where they do not fit.

    Operator convolve:
        vjp of input: lambda xp, g, weight, input_shape, stride, padding, dilation, groups: xp.convolve_transposed(
            g,
            xp.conj(weight),
            None,
            space=input_shape[2:],
            stride=stride,
            padding=padding,
            dilation=dilation,
            groups=groups,
        )
        vjp of weight: lambda xp, g, input, weight_shape, stride, padding, dilation, groups: xp.convolve_weights(
            g, xp.conj(input), window=weight_shape[2:], stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        vjp of bias: lambda xp, g: _sum_channels(xp, g)
        jvp of input: lambda xp, t, weight, stride, padding, dilation, groups: xp.convolve(
            t, weight, None, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of weight: lambda xp, t, input, stride, padding, dilation, groups: xp.convolve(
            input, t, None, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of bias: lambda xp, t, out_shape: _spread_bias(xp, t, out_shape)
        node: ConvolutionBackward0
        dtypes: each as it is
    """

def conv_transpose1d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: _int | Sequence[_int] = 1,
    padding: _int | Sequence[_int] = 0, output_padding: _int | Sequence[_int] = 0, groups: _int = 1,
    dilation: _int | Sequence[_int] = 1,
) -> Tensor:
    """The transpose of conv1d in its input: input (N, C, L) or (C, L), weight (C, O / groups, k), bias (O).

    output_padding adds to the size of the result on one side, to tell apart the inputs of a strided conv1d. The other
    arguments and the errors are as for `conv2d`.

    >>> import mibun as torch
    >>> torch.conv_transpose1d(torch.tensor([[[1., 2.]]]), torch.ones(1, 1, 2), stride=2)
    tensor([[[1., 1., 2., 2.]]])

    Operator convolve_transposed:
        vjp of input: lambda xp, g, weight, input_shape, stride, padding, dilation, groups: _first_windows(
            xp.convolve(g, xp.conj(weight), None, stride=stride, padding=padding, dilation=dilation, groups=groups),
            input_shape,
        )
        vjp of weight: lambda xp, g, input, weight_shape, stride, padding, dilation, groups: xp.convolve_weights(
            xp.conj(input), g, window=weight_shape[2:], stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        vjp of bias: lambda xp, g: _sum_channels(xp, g)
        jvp of input: lambda xp, t, weight, space, stride, padding, dilation, groups: xp.convolve_transposed(
            t, weight, None, space=space, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of weight: lambda xp, t, input, space, stride, padding, dilation, groups: xp.convolve_transposed(
            input, t, None, space=space, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of bias: lambda xp, t, out_shape: _spread_bias(xp, t, out_shape)
        node: ConvolutionBackward0
        dtypes: each as it is
    """

def conv_transpose2d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: _int | Sequence[_int] = 1,
    padding: _int | Sequence[_int] = 0, output_padding: _int | Sequence[_int] = 0, groups: _int = 1,
    dilation: _int | Sequence[_int] = 1,
) -> Tensor:
    """The transpose of conv2d in its input: input (N, C, H, W) or (C, H, W), weight (C, O / groups, kH, kW), bias (O).

    The result is (N, O, H', W') with H' = (H - 1) * stride - 2 * padding + dilation * (kH - 1) + output_padding + 1.
    RuntimeError where sizes or dtypes do not fit.

    >>> import mibun as torch
    >>> torch.conv_transpose2d(torch.tensor([[[[1., 2.]]]]), torch.ones(1, 1, 1, 2), stride=2)
    tensor([[[[1., 1., 2., 2.]]]])

    Operator convolve_transposed:
        vjp of input: lambda xp, g, weight, input_shape, stride, padding, dilation, groups: _first_windows(
            xp.convolve(g, xp.conj(weight), None, stride=stride, padding=padding, dilation=dilation, groups=groups),
            input_shape,
        )
        vjp of weight: lambda xp, g, input, weight_shape, stride, padding, dilation, groups: xp.convolve_weights(
            xp.conj(input), g, window=weight_shape[2:], stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        vjp of bias: lambda xp, g: _sum_channels(xp, g)
        jvp of input: lambda xp, t, weight, space, stride, padding, dilation, groups: xp.convolve_transposed(
            t, weight, None, space=space, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of weight: lambda xp, t, input, space, stride, padding, dilation, groups: xp.convolve_transposed(
            input, t, None, space=space, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of bias: lambda xp, t, out_shape: _spread_bias(xp, t, out_shape)
        node: ConvolutionBackward0
        dtypes: each as it is
    """

def conv_transpose3d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: _int | Sequence[_int] = 1,
    padding: _int | Sequence[_int] = 0, output_padding: _int | Sequence[_int] = 0, groups: _int = 1,
    dilation: _int | Sequence[_int] = 1,
) -> Tensor:
    """The transpose of conv3d in its input: input (N, C, D, H, W), weight (C, O / groups, kD, kH, kW), bias (O).

    Operator convolve_transposed:
        vjp of input: lambda xp, g, weight, input_shape, stride, padding, dilation, groups: _first_windows(
            xp.convolve(g, xp.conj(weight), None, stride=stride, padding=padding, dilation=dilation, groups=groups),
            input_shape,
        )
        vjp of weight: lambda xp, g, input, weight_shape, stride, padding, dilation, groups: xp.convolve_weights(
            xp.conj(input), g, window=weight_shape[2:], stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        vjp of bias: lambda xp, g: _sum_channels(xp, g)
        jvp of input: lambda xp, t, weight, space, stride, padding, dilation, groups: xp.convolve_transposed(
            t, weight, None, space=space, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of weight: lambda xp, t, input, space, stride, padding, dilation, groups: xp.convolve_transposed(
            input, t, None, space=space, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of bias: lambda xp, t, out_shape: _spread_bias(xp, t, out_shape)
        node: ConvolutionBackward0
        dtypes: each as it is
    """

def cosine_embedding_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: _float = 0, size_average: _bool | None = None,
    reduce: _bool | None = None, reduction: str = 'mean',
) -> Tensor:
    """1 - cos(input1, input2) where target is 1, max(0, cos(input1, input2) - margin) where it is -1.

    input1, input2: (N, D) or (D); target: (N) or ().

    >>> import mibun as torch
    >>> torch.nn.functional.cosine_embedding_loss(torch.tensor([[3., 4.]]), torch.tensor([[4., 3.]]), torch.ones(1))
    tensor(0.0400)

    Operator where:
        vjp of input: lambda xp, g, condition: xp.where(condition, g, 0.0)
        vjp of other: lambda xp, g, condition: xp.where(condition, 0.0, g)
        jvp of input: lambda xp, t, condition: xp.where(condition, t, 0.0)
        jvp of other: lambda xp, t, condition: xp.where(condition, 0.0, t)
        node: WhereBackward0
        dtypes: each as it is
    """

@overload
def cosine_similarity(x1: Tensor, x2: Tensor, dim: _int = 1, eps: _float = 1e-08) -> Tensor:
    """`sum(x1 * x2) / (max(|x1|, eps) * max(|x2|, eps))` over a dimension, which the result does not have.

    Args:
        x1, x2: of shapes that broadcast, with a common dtype that is floating.
        dim: the dimension of the vectors.
        eps: the least norm, against division by zero.

    Raises:
        RuntimeError: for other dtypes, and where shapes do not fit.

    >>> import mibun as torch
    >>> torch.nn.functional.cosine_similarity(torch.tensor([[3., 4.]]), torch.tensor([[4., 3.]]))
    tensor([0.9600])

    Operator clamp_min_number:
        vjp: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        node: ClampMinBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex

    Operator clamp_min_tensor:
        vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
            with outside = 'less'
        node: ClampMinBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not

    Operator sum:
        vjp: lambda xp, g, input_shape: xp.broadcast_to(g, input_shape)
        node: SumBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator sum_integers:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is

    Operator sum_dim:
        vjp: lambda xp, g, input_shape, dims: xp.broadcast_to(spread(xp, g, input_shape, dims), input_shape)
        node: SumBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def cosine_similarity(x1: Tensor, x2: Tensor, *, axis: _int, eps: _float = 1e-08) -> Tensor:
    """`sum(x1 * x2) / (max(|x1|, eps) * max(|x2|, eps))` over a dimension, which the result does not have.

    Args:
        x1, x2: of shapes that broadcast, with a common dtype that is floating.
        dim: the dimension of the vectors.
        eps: the least norm, against division by zero.

    Raises:
        RuntimeError: for other dtypes, and where shapes do not fit.

    >>> import mibun as torch
    >>> torch.nn.functional.cosine_similarity(torch.tensor([[3., 4.]]), torch.tensor([[4., 3.]]))
    tensor([0.9600])

    Operator clamp_min_number:
        vjp: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        node: ClampMinBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex

    Operator clamp_min_tensor:
        vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
            with outside = 'less'
        node: ClampMinBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not

    Operator sum:
        vjp: lambda xp, g, input_shape: xp.broadcast_to(g, input_shape)
        node: SumBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator sum_integers:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is

    Operator sum_dim:
        vjp: lambda xp, g, input_shape, dims: xp.broadcast_to(spread(xp, g, input_shape, dims), input_shape)
        node: SumBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: _bool | None = None,
    ignore_index: _int = -100, reduce: _bool | None = None, reduction: str = 'mean', label_smoothing: _float = 0.0,
) -> Tensor:
    """Cross-entropy between scores (logits) and classes: `nll_loss(log_softmax(input, 1), target)`.

    Args:
        input: scores (N, C, *) or (C), of a real floating dtype.
        target: the classes (N, *) or (), int64 or uint8; or their probabilities, of the shape of the input, for which
            the loss is `-sum(target * log_softmax(input, 1), 1)`.
        weight: of the classes, (C), of the dtype of the input.
        ignore_index: targets that do not count.
        reduction: "none", "sum", or "mean", which divides by the sum of the weights used (of probabilities: by N).
        label_smoothing: how much of each target is spread evenly over the classes, in [0, 1].
        size_average, reduce: what `reduction` was before, with a warning.

    Raises:
        RuntimeError, ValueError: where shapes or dtypes do not fit.
        IndexError: for targets out of range.

    Source of the smoothing: Szegedy et al. (2016), arXiv:1512.00567.

    >>> import mibun as torch
    >>> torch.nn.functional.cross_entropy(torch.zeros(2, 4), torch.tensor([0, 3]))
    tensor(1.3863)

    Operator class_loss:
        vjp of input: _spread_rule
            def _spread_rule(xp, g, target, weight, input_shape, reduction, ignore_index):
                return xp.class_loss_spread(g, target, weight, shape=input_shape, reduction=reduction, ignore_index=ignore_index)
        jvp of input: lambda xp, t, target, weight, reduction, ignore_index: xp.class_loss(
            t, target, weight, reduction=reduction, ignore_index=ignore_index
        )
        node: NllLossBackward0
        dtypes: each as it is

    Operator class_loss_2d:
        vjp of input: _spread_rule
            def _spread_rule(xp, g, target, weight, input_shape, reduction, ignore_index):
                return xp.class_loss_spread(g, target, weight, shape=input_shape, reduction=reduction, ignore_index=ignore_index)
        jvp of input: lambda xp, t, target, weight, reduction, ignore_index: xp.class_loss(
            t, target, weight, reduction=reduction, ignore_index=ignore_index
        )
        node: NllLoss2DBackward0
        dtypes: each as it is

    Operator log_softmax_over:
        vjp: lambda xp, g, out, dim: g - xp.exp(out) * xp.sum(g, axis=_axis(out, dim), keepdims=True)
        node: LogSoftmaxBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def ctc_loss(
    log_probs: Tensor, targets: Tensor, input_lengths: Tensor | Sequence[_int], target_lengths: Tensor | Sequence[_int],
    blank: _int = 0, reduction: str = 'mean', zero_infinity: _bool = False,
) -> Tensor:
    """Minus the log-likelihood of label sequences, over all their alignments to the times.

    The gradient is that by the scores before a log_softmax, as in PyTorch.

    Args:
        log_probs: (T, N, C) or (T, C), after log_softmax; float32 or float64.
        targets: the labels (N, S), or those of all sequences in a row; integers.
        input_lengths, target_lengths: (N), how many of the times and labels count.
        blank: the class that stands for no label.
        reduction: "none" (the result is (N)), "sum", or "mean", which divides by the target lengths, then averages.
        zero_infinity: impossible sequences count as 0, with gradient 0, not as infinity.

    Raises:
        RuntimeError: where sizes do not fit, and for labels out of range.

    Source: Graves, Fernandez, Gomez and Schmidhuber, ICML 2006.

    >>> import mibun as torch
    >>> scores = torch.zeros(4, 1, 3).log_softmax(-1)
    >>> torch.nn.functional.ctc_loss(scores, torch.tensor([[1, 2]]), (4,), (2,))
    tensor(0.8432)

    Operator ctc:
        vjp: _rule
            def _rule(xp, g, log_probs, out, alignment, zero_infinity):
                scores = _scores(xp, log_probs, alignment)
                alphas, betas = _forward(xp, scores, alignment), _backward(xp, scores, alignment)
                impossible = out == math.inf
                loss = xp.where(impossible, xp.zeros_like(out), out)
                if not alphas:
                    return xp.zeros_like(log_probs)
                reached = xp.stack(alphas, axis=0) + xp.stack(betas, axis=0)
                none = reached == _NOTHING
                likely = xp.exp(xp.where(none, xp.zeros_like(reached), reached) + xp.reshape(loss, (1, -1, 1)))
                occupancy = xp.where(none, 0.0, likely)
                index = np.broadcast_to(alignment.extended, (alignment.times, alignment.batch, alignment.width)).copy()
                zeros = xp.zeros(tuple(log_probs.shape), dtype=log_probs.dtype)
                expected = xp.scatter_sum(zeros, xp.asarray(index), occupancy, dim=2)
                # The derivative by log_probs is -expected. PyTorch adds exp(log_probs), which makes it the derivative by scores
                # before a log_softmax; through a log_softmax both give the same.
                gradient = xp.exp(log_probs) - expected
                times = np.arange(alignment.times)[:, None, None]
                running = np.broadcast_to(times < alignment.input_lengths[None, :, None], tuple(log_probs.shape)).copy()
                undefined = 0.0 if zero_infinity else math.nan
                unknown = xp.where(impossible, xp.full_like(out, undefined), xp.ones_like(out))
                factor = xp.reshape(xp.where(impossible, unknown, g), (1, -1, 1))
                return xp.where(xp.asarray(running), gradient * factor, 0.0)
        node: CtcLossBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator where:
        vjp of input: lambda xp, g, condition: xp.where(condition, g, 0.0)
        vjp of other: lambda xp, g, condition: xp.where(condition, 0.0, g)
        jvp of input: lambda xp, t, condition: xp.where(condition, t, 0.0)
        jvp of other: lambda xp, t, condition: xp.where(condition, 0.0, t)
        node: WhereBackward0
        dtypes: each as it is

    Operator batch_in:
        vjp: _together
            def _together(xp, g, dim, level, size):
                if is_batched(g) and dim == 0 and g.levels == (level,):
                    return g.array  # the whole of it
                if level not in getattr(raw(g), "levels", ()):  # the same for all examples
                    shape = tuple(g.shape)
                    return xp.broadcast_to(xp.expand_dims(g, dim), (*shape[:dim], size, *shape[dim:]))
                return xp.batch_out(g, dim=dim, level=level, size=size)
        node: BatchInBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def dropout(input: Tensor, p: _float = 0.5, training: _bool = True, inplace: _bool = False) -> Tensor:
    """In training, each element is 0 with probability p, else divided by 1 - p; otherwise the input itself.

    Args:
        input: of any shape, of a floating or complex dtype.
        p: the probability.
        training: whether anything is dropped.
        inplace: write the result into `input`.

    Raises:
        ValueError: for p outside of [0, 1].
        RuntimeError: for integers.

    Source: Srivastava et al., JMLR 15 (2014).

    >>> import mibun as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.nn.functional.dropout(torch.ones(2, 3), 0.5).shape
    torch.Size([2, 3])

    Operator mul:
        vjp of input: lambda xp, g, other: g * xp.conj(other)
        vjp of other: lambda xp, g, input: g * xp.conj(input)
        node: MulBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        shapes: broadcast; RuntimeError where they do not
    """

def dropout1d(input: Tensor, p: _float = 0.5, training: _bool = True, inplace: _bool = False) -> Tensor:
    """In training, whole channels of (N, C, L) or (C, L) are 0 with probability p; see `dropout`.

    Operator unsqueeze:
        vjp: lambda xp, g, dim: xp.squeeze(g, axis=dim)
        node: UnsqueezeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator squeeze:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: SqueezeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator squeeze_dims:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: SqueezeBackward2
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator squeeze_dim:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: SqueezeBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def dropout2d(input: Tensor, p: _float = 0.5, training: _bool = True, inplace: _bool = False) -> Tensor:
    """In training, whole channels of (N, C, H, W) are 0 with probability p; see `dropout`.

    Operator unsqueeze:
        vjp: lambda xp, g, dim: xp.squeeze(g, axis=dim)
        node: UnsqueezeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator squeeze:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: SqueezeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator squeeze_dims:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: SqueezeBackward2
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator squeeze_dim:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: SqueezeBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator mul:
        vjp of input: lambda xp, g, other: g * xp.conj(other)
        vjp of other: lambda xp, g, input: g * xp.conj(input)
        node: MulBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        shapes: broadcast; RuntimeError where they do not
    """

def dropout3d(input: Tensor, p: _float = 0.5, training: _bool = True, inplace: _bool = False) -> Tensor:
    """In training, whole channels of (N, C, D, H, W) or (C, D, H, W) are 0 with probability p; see `dropout`.

    Operator unsqueeze:
        vjp: lambda xp, g, dim: xp.squeeze(g, axis=dim)
        node: UnsqueezeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator squeeze:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: SqueezeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator squeeze_dims:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: SqueezeBackward2
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator squeeze_dim:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: SqueezeBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def elu(input: Tensor, alpha: _float = 1.0, inplace: _bool = False) -> Tensor:
    """The input where positive, else `alpha * (exp(input) - 1)`: the exponential linear unit.

    Args:
        input: of any shape, of a real floating dtype.
        alpha: minus the limit for small inputs.
        inplace: write the result into `input`.

    Source: Clevert, Unterthiner and Hochreiter (2016), arXiv:1511.07289.

    >>> import mibun as torch
    >>> torch.nn.functional.elu(torch.tensor([-1., 2.]))
    tensor([-0.6321,  2.0000])

    Operator elu:
        vjp: _elu_rule
            def _elu_rule(xp, g, input, alpha, scale, input_scale):
                # exp of what is not selected must not overflow. At 0 the first derivative is the one from below and the second the
                # one from above, 0, which is PyTorch's choice.
                below = xp.where(input < 0, input, 0.0)
                return xp.where(input <= 0, g * (xp.exp(below * input_scale) * (alpha * scale * input_scale)), g * scale)
        node: EluBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex

    Operator elu_in_place:
        vjp: _elu_rule_of_output
            def _elu_rule_of_output(xp, g, out, alpha, scale, input_scale):
                below = xp.where(out < 0, out, 0.0)
                return xp.where(out <= 0, g * ((below + alpha * scale) * input_scale), g * scale)
        node: EluBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def elu_(input: Tensor, alpha: _float = 1.0) -> Tensor:
    """`elu` in place.

    >>> import mibun as torch
    >>> torch.nn.functional.elu_(torch.tensor([-1., 2.]))
    tensor([-0.6321,  2.0000])

    Operator elu:
        vjp: _elu_rule
            def _elu_rule(xp, g, input, alpha, scale, input_scale):
                # exp of what is not selected must not overflow. At 0 the first derivative is the one from below and the second the
                # one from above, 0, which is PyTorch's choice.
                below = xp.where(input < 0, input, 0.0)
                return xp.where(input <= 0, g * (xp.exp(below * input_scale) * (alpha * scale * input_scale)), g * scale)
        node: EluBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex

    Operator elu_in_place:
        vjp: _elu_rule_of_output
            def _elu_rule_of_output(xp, g, out, alpha, scale, input_scale):
                below = xp.where(out < 0, out, 0.0)
                return xp.where(out <= 0, g * ((below + alpha * scale) * input_scale), g * scale)
        node: EluBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def embedding(
    input: Tensor, weight: Tensor, padding_idx: _int | None = None, max_norm: _float | None = None,
    norm_type: _float = 2.0, scale_grad_by_freq: _bool = False, sparse: _bool = False,
) -> Tensor:
    """Rows of a table at the given indices: `weight[input]`.

    Args:
        input: the indices (*), int64 or int32.
        weight: the table (n, d); the result is (*, d), of its dtype.
        padding_idx: a row that gets no gradient.
        max_norm: rows that are used are first scaled down, in place, to this norm_type-norm.
        scale_grad_by_freq: gradients are divided by how often their index occurs.
        sparse: the gradient of the table is sparse: a row for each index, so that its size does not depend on n.

    Raises:
        IndexError: for indices out of range.
        RuntimeError: for another dtype or shape.

    >>> import mibun as torch
    >>> table = torch.tensor([[1., 2.], [3., 4.], [5., 6.]])
    >>> torch.nn.functional.embedding(torch.tensor([2, 0]), table)
    tensor([[5., 6.],
            [1., 2.]])

    Operator embed:
        vjp of weight: lambda xp, g, indices, weight_shape, padding_idx, by_frequency, sparse: (
            _sparse_rows(xp, g, indices, weight_shape[0], padding_idx, by_frequency)
            if sparse
            else xp.embed_spread(g, indices, n=weight_shape[0], padding_idx=padding_idx, by_frequency=by_frequency)
        )
        jvp of weight: lambda xp, t, indices, padding_idx, by_frequency, sparse: xp.embed(
            t, indices, padding_idx=padding_idx, by_frequency=by_frequency, sparse=sparse
        )
        node: EmbeddingBackward0
        dtypes: each as it is
    """

def embedding_bag(
    input: Tensor, weight: Tensor, offsets: Tensor | None = None, max_norm: _float | None = None, norm_type: _float = 2,
    scale_grad_by_freq: _bool = False, mode: str = 'mean', sparse: _bool = False,
    per_sample_weights: Tensor | None = None, include_last_offset: _bool = False, padding_idx: _int | None = None,
) -> Tensor:
    """Sums, means or maxima of bags of rows of a table; empty bags give zeros.

    Args:
        input: the indices (bags, length), or (total) with `offsets`; int64 or int32.
        weight: the table (n, d); the result is (bags, d).
        offsets: (bags), where each bag starts in `input`.
        mode: "sum", "mean" or "max".
        per_sample_weights: factors of the rows, of the shape of the input, for mode="sum".
        include_last_offset: the last of the offsets is the end of the last bag.
        padding_idx: rows at this index are left out.
        max_norm, norm_type, scale_grad_by_freq, sparse: as for `embedding`.

    Raises:
        ValueError, RuntimeError: for shapes and modes that do not fit.

    >>> import mibun as torch
    >>> table = torch.tensor([[1., 2.], [3., 4.], [5., 6.]])
    >>> torch.nn.functional.embedding_bag(torch.tensor([0, 1, 2]), table, torch.tensor([0, 1]), mode="sum")
    tensor([[ 1.,  2.],
            [ 8., 10.]])

    Operator embed:
        vjp of weight: lambda xp, g, indices, weight_shape, padding_idx, by_frequency, sparse: (
            _sparse_rows(xp, g, indices, weight_shape[0], padding_idx, by_frequency)
            if sparse
            else xp.embed_spread(g, indices, n=weight_shape[0], padding_idx=padding_idx, by_frequency=by_frequency)
        )
        jvp of weight: lambda xp, t, indices, padding_idx, by_frequency, sparse: xp.embed(
            t, indices, padding_idx=padding_idx, by_frequency=by_frequency, sparse=sparse
        )
        node: EmbeddingBackward0
        dtypes: each as it is
    """

def feature_alpha_dropout(input: Tensor, p: _float = 0.5, training: _bool = False, inplace: _bool = False) -> Tensor:
    """alpha_dropout of whole channels.

    Operator sqrt:
        vjp: lambda xp, g, out: g / xp.conj(2 * out)
        node: SqrtBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools

    Operator mul:
        vjp of input: lambda xp, g, other: g * xp.conj(other)
        vjp of other: lambda xp, g, input: g * xp.conj(input)
        node: MulBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        shapes: broadcast; RuntimeError where they do not
    """

def fold(
    input: Tensor, output_size: _int | Sequence[_int], kernel_size: _int | Sequence[_int],
    dilation: _int | Sequence[_int] = 1, padding: _int | Sequence[_int] = 0, stride: _int | Sequence[_int] = 1,
) -> Tensor:
    """Columns added up as windows of images: (N, C * kH * kW, windows) -> (N, C, *output_size), unfold's transpose.

    output_size: (H, W), or an int for both; the other arguments and errors are as for `unfold`.

    >>> import mibun as torch
    >>> torch.nn.functional.fold(torch.ones(1, 4, 2), (2, 3), (2, 2))
    tensor([[[[1., 2., 1.],
              [1., 2., 1.]]]])

    Operator columns_to_image:
        vjp: lambda xp, g, window, stride, padding, dilation: xp.image_to_columns(
            g, window=window, stride=stride, padding=padding, dilation=dilation
        )
        node: Col2ImBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def fractional_max_pool2d(
    input: Tensor, kernel_size: _int | Sequence[_int], output_size: _int | Sequence[_int] | None = None,
    output_ratio: _float | Sequence[_float] | None = None, return_indices: Literal[False] = False,
    _random_samples: Tensor | None = None,
) -> Tensor:
    """Maxima over windows of images (N, C, H, W) or (C, H, W), at random distances, for any output size.

    output_size: (H', W'); or output_ratio, its part of (H, W). return_indices: also their positions in the flattened
    H x W. _random_samples: (N, C, 2) numbers in [0, 1) that decide; drawn unless given. ValueError or RuntimeError for
    sizes that do not fit.

    Operator fractional_max_2d:
        vjp of input: lambda xp, g, indices, input_shape, window: xp.spread_positions(
            g, indices, space=input_shape[-len(window) :], add=True
        )
        jvp of input: lambda xp, t, indices, window: (xp.read_positions(t, indices, n=len(window)), None)
        node: FractionalMaxPool2DBackward0
        dtypes: each as it is

    Operator fractional_max_3d:
        vjp of input: lambda xp, g, indices, input_shape, window: xp.spread_positions(
            g, indices, space=input_shape[-len(window) :], add=True
        )
        jvp of input: lambda xp, t, indices, window: (xp.read_positions(t, indices, n=len(window)), None)
        node: FractionalMaxPool3DBackward0
        dtypes: each as it is
    """
@overload
def fractional_max_pool2d(
    input: Tensor, kernel_size: _int | Sequence[_int], output_size: _int | Sequence[_int] | None = None,
    output_ratio: _float | Sequence[_float] | None = None, *, return_indices: Literal[True],
    _random_samples: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Maxima over windows of images (N, C, H, W) or (C, H, W), at random distances, for any output size.

    output_size: (H', W'); or output_ratio, its part of (H, W). return_indices: also their positions in the flattened
    H x W. _random_samples: (N, C, 2) numbers in [0, 1) that decide; drawn unless given. ValueError or RuntimeError for
    sizes that do not fit.

    Operator fractional_max_2d:
        vjp of input: lambda xp, g, indices, input_shape, window: xp.spread_positions(
            g, indices, space=input_shape[-len(window) :], add=True
        )
        jvp of input: lambda xp, t, indices, window: (xp.read_positions(t, indices, n=len(window)), None)
        node: FractionalMaxPool2DBackward0
        dtypes: each as it is

    Operator fractional_max_3d:
        vjp of input: lambda xp, g, indices, input_shape, window: xp.spread_positions(
            g, indices, space=input_shape[-len(window) :], add=True
        )
        jvp of input: lambda xp, t, indices, window: (xp.read_positions(t, indices, n=len(window)), None)
        node: FractionalMaxPool3DBackward0
        dtypes: each as it is
    """
@overload
def fractional_max_pool2d(
    input: Tensor, kernel_size: _int | Sequence[_int], output_size: _int | Sequence[_int] | None,
    output_ratio: _float | Sequence[_float] | None, return_indices: Literal[True],
    _random_samples: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Maxima over windows of images (N, C, H, W) or (C, H, W), at random distances, for any output size.

    output_size: (H', W'); or output_ratio, its part of (H, W). return_indices: also their positions in the flattened
    H x W. _random_samples: (N, C, 2) numbers in [0, 1) that decide; drawn unless given. ValueError or RuntimeError for
    sizes that do not fit.

    Operator fractional_max_2d:
        vjp of input: lambda xp, g, indices, input_shape, window: xp.spread_positions(
            g, indices, space=input_shape[-len(window) :], add=True
        )
        jvp of input: lambda xp, t, indices, window: (xp.read_positions(t, indices, n=len(window)), None)
        node: FractionalMaxPool2DBackward0
        dtypes: each as it is

    Operator fractional_max_3d:
        vjp of input: lambda xp, g, indices, input_shape, window: xp.spread_positions(
            g, indices, space=input_shape[-len(window) :], add=True
        )
        jvp of input: lambda xp, t, indices, window: (xp.read_positions(t, indices, n=len(window)), None)
        node: FractionalMaxPool3DBackward0
        dtypes: each as it is
    """

def fractional_max_pool2d_with_indices(
    input: Tensor, kernel_size: _int | Sequence[_int], output_size: _int | Sequence[_int] | None = None,
    output_ratio: _float | Sequence[_float] | None = None, return_indices: _bool = False,
    _random_samples: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """`fractional_max_pool2d` and the positions of the maxima, whatever `return_indices` says.

    Operator fractional_max_2d:
        vjp of input: lambda xp, g, indices, input_shape, window: xp.spread_positions(
            g, indices, space=input_shape[-len(window) :], add=True
        )
        jvp of input: lambda xp, t, indices, window: (xp.read_positions(t, indices, n=len(window)), None)
        node: FractionalMaxPool2DBackward0
        dtypes: each as it is

    Operator fractional_max_3d:
        vjp of input: lambda xp, g, indices, input_shape, window: xp.spread_positions(
            g, indices, space=input_shape[-len(window) :], add=True
        )
        jvp of input: lambda xp, t, indices, window: (xp.read_positions(t, indices, n=len(window)), None)
        node: FractionalMaxPool3DBackward0
        dtypes: each as it is
    """

@overload
def fractional_max_pool3d(
    input: Tensor, kernel_size: _int | Sequence[_int], output_size: _int | Sequence[_int] | None = None,
    output_ratio: _float | Sequence[_float] | None = None, return_indices: Literal[False] = False,
    _random_samples: Tensor | None = None,
) -> Tensor:
    """Maxima over windows of volumes, (N, C, T, H, W) or (C, T, H, W); see `fractional_max_pool2d`.

    Operator fractional_max_2d:
        vjp of input: lambda xp, g, indices, input_shape, window: xp.spread_positions(
            g, indices, space=input_shape[-len(window) :], add=True
        )
        jvp of input: lambda xp, t, indices, window: (xp.read_positions(t, indices, n=len(window)), None)
        node: FractionalMaxPool2DBackward0
        dtypes: each as it is

    Operator fractional_max_3d:
        vjp of input: lambda xp, g, indices, input_shape, window: xp.spread_positions(
            g, indices, space=input_shape[-len(window) :], add=True
        )
        jvp of input: lambda xp, t, indices, window: (xp.read_positions(t, indices, n=len(window)), None)
        node: FractionalMaxPool3DBackward0
        dtypes: each as it is
    """
@overload
def fractional_max_pool3d(
    input: Tensor, kernel_size: _int | Sequence[_int], output_size: _int | Sequence[_int] | None = None,
    output_ratio: _float | Sequence[_float] | None = None, *, return_indices: Literal[True],
    _random_samples: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Maxima over windows of volumes, (N, C, T, H, W) or (C, T, H, W); see `fractional_max_pool2d`.

    Operator fractional_max_2d:
        vjp of input: lambda xp, g, indices, input_shape, window: xp.spread_positions(
            g, indices, space=input_shape[-len(window) :], add=True
        )
        jvp of input: lambda xp, t, indices, window: (xp.read_positions(t, indices, n=len(window)), None)
        node: FractionalMaxPool2DBackward0
        dtypes: each as it is

    Operator fractional_max_3d:
        vjp of input: lambda xp, g, indices, input_shape, window: xp.spread_positions(
            g, indices, space=input_shape[-len(window) :], add=True
        )
        jvp of input: lambda xp, t, indices, window: (xp.read_positions(t, indices, n=len(window)), None)
        node: FractionalMaxPool3DBackward0
        dtypes: each as it is
    """
@overload
def fractional_max_pool3d(
    input: Tensor, kernel_size: _int | Sequence[_int], output_size: _int | Sequence[_int] | None,
    output_ratio: _float | Sequence[_float] | None, return_indices: Literal[True],
    _random_samples: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Maxima over windows of volumes, (N, C, T, H, W) or (C, T, H, W); see `fractional_max_pool2d`.

    Operator fractional_max_2d:
        vjp of input: lambda xp, g, indices, input_shape, window: xp.spread_positions(
            g, indices, space=input_shape[-len(window) :], add=True
        )
        jvp of input: lambda xp, t, indices, window: (xp.read_positions(t, indices, n=len(window)), None)
        node: FractionalMaxPool2DBackward0
        dtypes: each as it is

    Operator fractional_max_3d:
        vjp of input: lambda xp, g, indices, input_shape, window: xp.spread_positions(
            g, indices, space=input_shape[-len(window) :], add=True
        )
        jvp of input: lambda xp, t, indices, window: (xp.read_positions(t, indices, n=len(window)), None)
        node: FractionalMaxPool3DBackward0
        dtypes: each as it is
    """

def fractional_max_pool3d_with_indices(
    input: Tensor, kernel_size: _int | Sequence[_int], output_size: _int | Sequence[_int] | None = None,
    output_ratio: _float | Sequence[_float] | None = None, return_indices: _bool = False,
    _random_samples: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """`fractional_max_pool3d` and the positions of the maxima, whatever `return_indices` says.

    Operator fractional_max_2d:
        vjp of input: lambda xp, g, indices, input_shape, window: xp.spread_positions(
            g, indices, space=input_shape[-len(window) :], add=True
        )
        jvp of input: lambda xp, t, indices, window: (xp.read_positions(t, indices, n=len(window)), None)
        node: FractionalMaxPool2DBackward0
        dtypes: each as it is

    Operator fractional_max_3d:
        vjp of input: lambda xp, g, indices, input_shape, window: xp.spread_positions(
            g, indices, space=input_shape[-len(window) :], add=True
        )
        jvp of input: lambda xp, t, indices, window: (xp.read_positions(t, indices, n=len(window)), None)
        node: FractionalMaxPool3DBackward0
        dtypes: each as it is
    """

def gaussian_nll_loss(
    input: Tensor, target: Tensor, var: Tensor | _float, full: _bool = False, eps: _float = 1e-06,
    reduction: str = 'mean',
) -> Tensor:
    """`(log(var) + (input - target)**2 / var) / 2`, with var not below eps; full: plus `log(2 * pi) / 2`.

    var: of the shape of the input, or with one dimension less or of size 1, or a number. ValueError for negative
    variances and for shapes that do not fit.

    Operator log:
        vjp: lambda xp, g, input: g / xp.conj(input)
        node: LogBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def gelu(input: Tensor, *, approximate: str = 'none') -> Tensor:
    """`input * Phi(input)`, elementwise, with Phi the distribution function of the standard normal distribution.

    Args:
        input: of any shape, of a real floating dtype.
        approximate: "none", or "tanh" for `input / 2 * (1 + tanh(sqrt(2 / pi) * (input + 0.044715 * input**3)))`.

    Raises:
        RuntimeError: for another word, and for bools, integers and complex numbers.

    Source: Hendrycks and Gimpel, Gaussian Error Linear Units (2016), arXiv:1606.08415.

    >>> import mibun as torch
    >>> torch.nn.functional.gelu(torch.tensor([-1., 0., 1.]))
    tensor([-0.1587,  0.0000,  0.8413])

    Operator gelu_exact:
        vjp: lambda xp, g, input: g * (xp.quick_ndtr(input) + input * bell(xp, input, 0.5) * (1 / math.sqrt(2 * math.pi)))
        node: GeluBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex

    Operator gelu_tanh:
        vjp: _gelu_tanh_rule
            def _gelu_tanh_rule(xp, g, input):
                # It is constant far out, where powers of the input overflow.
                x = xp.where(input > 50, 50.0, xp.where(input < -50, -50.0, input))
                u = 2 * _GELU * (x + 0.044715 * x * x * x)
                return g * (xp.logistic(u) + input * xp.logistic_slope(u) * (2 * _GELU * (1 + 3 * 0.044715 * x * x)))
        node: GeluBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def glu(input: Tensor, dim: _int = -1) -> Tensor:
    """The first half of a dimension times the sigmoid of its second half: the gated linear unit.

    Args:
        input: (..., 2 n, ...), of a real floating dtype; the result is (..., n, ...).
        dim: the dimension that is halved.

    Raises:
        RuntimeError: where its size is odd, and for tensors without dimensions.

    Source: Dauphin, Fan, Auli and Grangier (2017), arXiv:1612.08083.

    >>> import mibun as torch
    >>> torch.nn.functional.glu(torch.tensor([1., 2., 0., 0.]))
    tensor([0.5000, 1.0000])

    Operator glu:
        vjp: _glu_rule
            def _glu_rule(xp, g, input, dim):
                value, gate = _halves(input, dim)
                s = xp.sigmoid(gate)
                return xp.concat([g * s, g * value * (s * (1 - s))], axis=dim)
        node: GluBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
        raises for: bool, signed integer, unsigned integer, complex
    """

def grid_sample(
    input: Tensor, grid: Tensor, mode: str = 'bilinear', padding_mode: str = 'zeros',
    align_corners: _bool | None = None,
) -> Tensor:
    """The values of images at given points, interpolated between their elements.

    Args:
        input: (N, C, H, W), or volumes (N, C, D, H, W), of a real floating dtype.
        grid: the points, (N, *out, 2) or (N, *out, 3); the result is (N, C, *out). A point is (x, y) or (x, y, z), -1
            and 1 being the image's edges, or with `align_corners` the middles of its outermost elements.
        mode: "bilinear" (of volumes too), "nearest" or "bicubic" (images only).
        padding_mode: what lies outside: "zeros", "border" (the nearest element) or "reflection".

    Raises:
        RuntimeError: where shapes or dtypes do not fit.
        ValueError: for unknown modes.

    >>> import mibun as torch
    >>> image = torch.tensor([[[[1., 2.], [3., 4.]]]])
    >>> torch.nn.functional.grid_sample(image, torch.zeros(1, 1, 1, 2), align_corners=False)
    tensor([[[[2.5000]]]])

    Operator grid_sample_2d:
        vjp: _rule
            def _rule(xp, g, input, grid, mode, padding, align, needs):
                table, rows = _table(xp, input), _table(xp, g)
                n = len(input.shape) - 2
                grad_table = None
                grad_points: list = [None] * n
                for row, weights, slopes in _combinations(xp, tuple(input.shape), grid, mode, padding, align):
                    if needs[0]:
                        part = xp.rows_added(rows * xp.expand_dims(_product(weights), axis=-1), row, count=table.shape[0])
                        grad_table = part if grad_table is None else grad_table + part
                    if needs[1] and mode != "nearest":
                        along = xp.sum(rows * xp.rows_at(table, row), axis=1)
                        for i in range(n):
                            part = along * _product([slopes[j] if j == i else weights[j] for j in range(n)])
                            grad_points[i] = part if grad_points[i] is None else grad_points[i] + part
                grad_input = None if grad_table is None else _image(xp, grad_table, tuple(input.shape))
                grad_grid = None
                if needs[1]:
                    shape = tuple(grid.shape)
                    if mode == "nearest":
                        grad_grid = xp.zeros(shape, dtype=grid.dtype)
                    else:
                        grad_grid = xp.reshape(xp.stack(grad_points[::-1], axis=-1), shape)
                return grad_input, grad_grid
        node: GridSampler2DBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator grid_sample_3d:
        vjp: _rule
            def _rule(xp, g, input, grid, mode, padding, align, needs):
                table, rows = _table(xp, input), _table(xp, g)
                n = len(input.shape) - 2
                grad_table = None
                grad_points: list = [None] * n
                for row, weights, slopes in _combinations(xp, tuple(input.shape), grid, mode, padding, align):
                    if needs[0]:
                        part = xp.rows_added(rows * xp.expand_dims(_product(weights), axis=-1), row, count=table.shape[0])
                        grad_table = part if grad_table is None else grad_table + part
                    if needs[1] and mode != "nearest":
                        along = xp.sum(rows * xp.rows_at(table, row), axis=1)
                        for i in range(n):
                            part = along * _product([slopes[j] if j == i else weights[j] for j in range(n)])
                            grad_points[i] = part if grad_points[i] is None else grad_points[i] + part
                grad_input = None if grad_table is None else _image(xp, grad_table, tuple(input.shape))
                grad_grid = None
                if needs[1]:
                    shape = tuple(grid.shape)
                    if mode == "nearest":
                        grad_grid = xp.zeros(shape, dtype=grid.dtype)
                    else:
                        grad_grid = xp.reshape(xp.stack(grad_points[::-1], axis=-1), shape)
                return grad_input, grad_grid
        node: GridSampler3DBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def group_norm(
    input: Tensor, num_groups: _int, weight: Tensor | None = None, bias: Tensor | None = None, eps: _float = 1e-05,
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

    Operator group_norm_over:
        vjp: _group_rule
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
        node: NativeGroupNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def grouped_mm(
    mat_a: Tensor, mat_b: Tensor, *, offs: Tensor | None = None, bias: Tensor | None = None,
    out_dtype: _dtype | None = None,
) -> Tensor:
    """One product of matrices for each group: experts of different sizes, as in mixtures of them.

    Args:
        mat_a: (groups, n, m); or (n, m), whose rows are cut into groups, or whose columns are if `mat_b` is 2-D too.
        mat_b: (groups, m, p); or (m, p), whose columns are cut into groups, or whose rows are if `mat_a` is 2-D too.
        offs: (groups), int32, where each group ends; None where both are 3-D. What is beyond the last one is left out:
            rows or columns of zeros.
        bias: has to be None, as in PyTorch.
        out_dtype: that of `mat_a`, or None.

    Returns:
        (groups, n, p) if both are 2-D or both 3-D; else (n, p).

    Raises:
        RuntimeError: for other shapes, dtypes and offsets. (PyTorch wants sizes that are multiples of 16 bytes, too.)

    >>> import mibun as torch
    >>> ends = torch.tensor([1, 3], dtype=torch.int32)
    >>> torch.nn.functional.grouped_mm(torch.ones(3, 2), torch.ones(2, 2, 1), offs=ends)
    tensor([[2.],
            [2.],
            [2.]])

    Operator stack:
        vjp: _stack_parts
            def _stack_parts(xp: Any, g: Array, dim: int, needs: tuple) -> list:
                return [g[(*(slice(None),) * dim, i, ...)] if need else None for i, need in enumerate(needs)]
        node: StackBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one

    Operator cat:
        vjp: _cat_parts
            def _cat_parts(xp: Any, g: Array, dim: int, tensors_shapes: tuple, needs: tuple) -> list:
                parts = []
                start = 0
                for shape, need in zip(tensors_shapes, needs, strict=True):
                    stop = start + shape[dim]
                    parts.append(g[(*(slice(None),) * dim, slice(start, stop), ...)] if need else None)
                    start = stop
                return parts
        node: CatBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one
    """

def gumbel_softmax(
    logits: Tensor, tau: _float | Tensor = 1, hard: _bool = False, eps: _float = 1e-10, dim: _int = -1,
) -> Tensor:
    """A sample from the relaxed categorical distribution of these logits: `softmax((logits + noise) / tau, dim)`.

    Args:
        logits: of any shape, of a real floating dtype; the result has its shape and dtype.
        tau: the temperature: the lower, the nearer to one-hot.
        hard: give the sample one-hot, with the gradient of the soft one.
        eps: has no effect.
        dim: the dimension of the categories.

    Source: Jang, Gu and Poole; Maddison, Mnih and Teh (2016): arXiv:1611.01144, arXiv:1611.00712. The noise follows the
    Gumbel distribution: minus the logarithm of exponential noise.

    >>> import mibun as torch
    >>> torch.nn.functional.gumbel_softmax(torch.zeros(2, 3), hard=True).sum(1)
    tensor([1., 1.])

    Operator softmax_over:
        vjp: lambda xp, g, out, dim: out * (g - xp.sum(g * out, axis=_axis(out, dim), keepdims=True))
        node: SoftmaxBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def hardshrink(input: Tensor, lambd: _float = 0.5) -> Tensor:
    """0 where `|input| <= lambd`, else the input, elementwise, for any shape of a real floating dtype.

    >>> import mibun as torch
    >>> torch.hardshrink(torch.tensor([-1., 0.2, 0.6]))
    tensor([-1.0000,  0.0000,  0.6000])

    Operator hardshrink:
        vjp: lambda xp, g, input, bound: xp.where((input > bound) | (input < -bound), g, 0.0)
        node: HardshrinkBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def hardsigmoid(input: Tensor, inplace: _bool = False) -> Tensor:
    """`relu6(input + 3) / 6`, elementwise, for any shape of a real floating dtype; `inplace` overwrites the input.

    >>> import mibun as torch
    >>> torch.nn.functional.hardsigmoid(torch.tensor([-4., 0., 1.5, 4.]))
    tensor([0.0000, 0.5000, 0.7500, 1.0000])

    Operator hardsigmoid:
        vjp: lambda xp, g, input: xp.where((input > -3) & (input < 3), g / 6, 0.0)
        node: HardsigmoidBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def hardswish(input: Tensor, inplace: _bool = False) -> Tensor:
    """`input * relu6(input + 3) / 6`, elementwise, for any real floating dtype; `inplace` overwrites the input.

    Source: Howard et al., Searching for MobileNetV3 (2019), arXiv:1905.02244.

    >>> import mibun as torch
    >>> torch.nn.functional.hardswish(torch.tensor([0., 1., 4.]))
    tensor([0.0000, 0.6667, 4.0000])

    Operator hardswish:
        vjp: _hardswish_rule
            def _hardswish_rule(xp, g, input):
                return xp.where(input <= -3, 0.0, xp.where(input < 3, g * (input / 3 + 0.5), g))
        node: HardswishBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def hardtanh(input: Tensor, min_val: _float = -1.0, max_val: _float = 1.0, inplace: _bool = False) -> Tensor:
    """The input limited to [min_val, max_val], elementwise; the gradient at the limits is 0.

    input: of any shape and real dtype but bool. ValueError for min_val > max_val.

    >>> import mibun as torch
    >>> torch.nn.functional.hardtanh(torch.tensor([-3., 0.5]))
    tensor([-1.0000,  0.5000])

    Operator hardtanh:
        vjp: lambda xp, g, input, low, high: xp.where((input > low) & (input < high), g, 0.0)
        node: HardtanhBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, complex
    """

def hardtanh_(input: Tensor, min_val: _float = -1.0, max_val: _float = 1.0) -> Tensor:
    """`hardtanh` in place.

    >>> import mibun as torch
    >>> torch.nn.functional.hardtanh_(torch.tensor([-3., 0.5]))
    tensor([-1.0000,  0.5000])

    Operator hardtanh:
        vjp: lambda xp, g, input, low, high: xp.where((input > low) & (input < high), g, 0.0)
        node: HardtanhBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, complex
    """

def hinge_embedding_loss(
    input: Tensor, target: Tensor, margin: _float = 1.0, size_average: _bool | None = None, reduce: _bool | None = None,
    reduction: str = 'mean',
) -> Tensor:
    """The input where target is 1, `max(0, margin - input)` where it is -1.

    input, target: of shapes that broadcast.
    reduction: "mean", "sum" or "none"; size_average, reduce: what it was before, with a warning.

    >>> import mibun as torch
    >>> distances, same = torch.tensor([0.5, 0.25]), torch.tensor([1., -1.])
    >>> torch.nn.functional.hinge_embedding_loss(distances, same, reduction="none")
    tensor([0.5000, 0.7500])

    Operator where:
        vjp of input: lambda xp, g, condition: xp.where(condition, g, 0.0)
        vjp of other: lambda xp, g, condition: xp.where(condition, 0.0, g)
        jvp of input: lambda xp, t, condition: xp.where(condition, t, 0.0)
        jvp of other: lambda xp, t, condition: xp.where(condition, 0.0, t)
        node: WhereBackward0
        dtypes: each as it is
    """

def huber_loss(
    input: Tensor, target: Tensor, reduction: str = 'mean', delta: _float = 1.0, weight: Tensor | None = None,
) -> Tensor:
    """`(input - target)**2 / 2` where `|input - target| < delta`, else `delta * (|input - target| - delta / 2)`.

    The arguments and errors are as for `mse_loss`, but for "mean", which divides by the number of elements whatever
    their weights; RuntimeError for a delta that is not positive. Source: Huber, Robust Estimation of a Location
    Parameter (1964).

    >>> import mibun as torch
    >>> torch.nn.functional.huber_loss(torch.tensor([1., 2.]), torch.tensor([0.5, 4.]), reduction="none")
    tensor([0.1250, 1.5000])

    Operator huber:
        vjp: _huber_rule
            def _huber_rule(xp, g, input, target, reduction, delta, needs):
                return _rounded_corner_rule(xp, g, input - target, reduction, delta, delta, needs)
        node: HuberLossBackward0
        forward mode: the VJP of the VJP
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def instance_norm(
    input: Tensor, running_mean: Tensor | None = None, running_var: Tensor | None = None, weight: Tensor | None = None,
    bias: Tensor | None = None, use_input_stats: _bool = True, momentum: _float = 0.1, eps: _float = 1e-05,
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

    Operator batch_norm_in_evaluation:
        vjp: _running_rule
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
        node: NativeBatchNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator batch_norm_in_training:
        vjp: _batch_norm_rule
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
        node: NativeBatchNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def interpolate(
    input: Tensor, size: _int | Sequence[_int] | None = None, scale_factor: _float | Sequence[_float] | None = None,
    mode: str = 'nearest', align_corners: _bool | None = None, recompute_scale_factor: _bool | None = None,
    antialias: _bool = False,
) -> Tensor:
    """Resample images to another size, by interpolation between their elements.

    Args:
        input: (N, C, *space), with one to three spatial dimensions, of a floating dtype, or of uint8 for the modes with
            two ("nearest": for all): in whole numbers, rounded and cut to 0 … 255 after each axis.
        size: of the result's spatial dimensions; an int for all.
        scale_factor: instead of `size`, a factor for all of them or one each; sizes are rounded down.
        mode: "nearest", "nearest-exact", "linear" (1-D), "bilinear", "bicubic", "lanczos" (2-D), "trilinear" (3-D) or
            "area" (means, as `adaptive_avg_pool2d`).
        align_corners: the corner elements stay where they are; else the image's edges do.
        recompute_scale_factor: interpolate by the ratio of the sizes, not by the given factor.
        antialias: for "bilinear" and "bicubic", filter before shrinking; "lanczos" always does, and must be told so.

    Raises:
        ValueError, NotImplementedError: for arguments that do not go together.
        RuntimeError: for empty inputs or results.

    Sources of the filters: Keys (1981), Duchon (1979); of the arithmetic of uint8: Pillow's.

    >>> import mibun as torch
    >>> torch.nn.functional.interpolate(torch.tensor([[[0., 1.]]]), scale_factor=2, mode="linear")
    tensor([[[0.0000, 0.2500, 0.7500, 1.0000]]])

    Operator resample_UpsampleNearest1DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleNearest1DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleNearest2DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleNearest2DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleNearest3DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleNearest3DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleNearestExact1DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleNearestExact1DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleNearestExact2DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleNearestExact2DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleNearestExact3DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleNearestExact3DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleLinear1DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleLinear1DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleBilinear2DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleBilinear2DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    and the operators resample_UpsampleTrilinear3DBackward0, resample_UpsampleBicubic2DBackward0, resample_UpsampleBilinear2DAaBackward0, resample_UpsampleBicubic2DAaBackward0, resample_UpsampleLanczos2DAaBackward0, resample_bytes
    """

def kl_div(
    input: Tensor, target: Tensor, size_average: _bool | None = None, reduce: _bool | None = None,
    reduction: str = 'mean', log_target: _bool = False,
) -> Tensor:
    """`target * (log(target) - input)`: the Kullback-Leibler divergence of the target from the input.

    Args:
        input: log-probabilities, of any shape.
        target: probabilities of a shape that broadcasts; with `log_target` log-probabilities too.
        reduction: "batchmean" (the sum divided by the first dimension's size, which is the divergence itself), "mean"
            (with a warning), "sum" or "none".
        size_average, reduce: what `reduction` was before, with a warning.

    Raises:
        RuntimeError: for integers and complex numbers.

    Source: Kullback and Leibler (1951).

    >>> import mibun as torch
    >>> torch.nn.functional.kl_div(torch.tensor([[0.5, 0.5]]).log(), torch.tensor([[1., 0.]]), reduction="batchmean")
    tensor(0.6931)

    Operator exp:
        vjp: lambda xp, g, out: g * xp.conj(out)
        node: ExpBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def l1_loss(
    input: Tensor, target: Tensor, size_average: _bool | None = None, reduce: _bool | None = None,
    reduction: str = 'mean', weight: Tensor | None = None,
) -> Tensor:
    """The absolute error `|input - target|`; arguments and errors as for `mse_loss`. Complex numbers are allowed.

    >>> import mibun as torch
    >>> torch.nn.functional.l1_loss(torch.tensor([1., 2.]), torch.tensor([0., 4.]))
    tensor(1.5000)

    Operator abs:
        vjp: lambda xp, g, input: g * xp.sgn(input)
        jvp: lambda xp, t, input: xp.real(t * xp.conj(xp.sgn(input)))
        node: AbsBackward0
        dtypes: the operands' common one
        raises for: bool
    """

def layer_norm(
    input: Tensor, normalized_shape: Sequence[_int], weight: Tensor | None = None, bias: Tensor | None = None,
    eps: _float = 1e-05,
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

    Operator layer_norm_over:
        vjp: _layer_norm_rule
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
        node: NativeLayerNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def leaky_relu(input: Tensor, negative_slope: _float = 0.01, inplace: _bool = False) -> Tensor:
    """The input where positive, else `negative_slope * input`, elementwise.

    Args:
        input: of any shape, of a real floating dtype.
        inplace: write the result into `input`.

    Raises:
        RuntimeError: for bools, integers and complex numbers, and for a negative slope in place.

    Source: Maas, Hannun and Ng (2013).

    >>> import mibun as torch
    >>> torch.nn.functional.leaky_relu(torch.tensor([-1., 2.]), 0.1)
    tensor([-0.1000,  2.0000])

    Operator leaky_relu:
        vjp: _leaky_rule
            def _leaky_rule(xp, g, input, slope):
                return xp.where(input > 0, g, g * slope)
        node: LeakyReluBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex

    Operator leaky_relu_in_place:
        vjp: _leaky_rule_of_output
            def _leaky_rule_of_output(xp, g, out, slope):
                return xp.where(out > 0, g, g * slope)
        node: LeakyReluBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def leaky_relu_(input: Tensor, negative_slope: _float = 0.01) -> Tensor:
    """`leaky_relu` in place.

    >>> import mibun as torch
    >>> torch.nn.functional.leaky_relu_(torch.tensor([-1., 2.]))
    tensor([-0.0100,  2.0000])

    Operator leaky_relu:
        vjp: _leaky_rule
            def _leaky_rule(xp, g, input, slope):
                return xp.where(input > 0, g, g * slope)
        node: LeakyReluBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex

    Operator leaky_relu_in_place:
        vjp: _leaky_rule_of_output
            def _leaky_rule_of_output(xp, g, out, slope):
                return xp.where(out > 0, g, g * slope)
        node: LeakyReluBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """`input @ weight.T + bias`, over the last dimension.

    Args:
        input: (*, in).
        weight: (out, in), or (in) for a result (*).
        bias: (out) or (), or None.

    Returns:
        (*, out). All are of one floating or complex dtype.

    Raises:
        RuntimeError: where shapes or dtypes do not fit.

    >>> import mibun as torch
    >>> torch.nn.functional.linear(torch.ones(2, 3), torch.ones(4, 3), torch.zeros(4)).shape
    torch.Size([2, 4])

    Operator linear_without_bias:
        vjp of input: lambda xp, g, weight: xp.matmul(g, xp.conj(weight))
        vjp of weight: lambda xp, g, input: xp.matmul(xp.matrix_transpose(g), xp.conj(input))
        node: MmBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator linear_with_bias:
        vjp of bias: lambda xp, g: xp.sum(g, axis=0)
        vjp of input: lambda xp, g, weight: xp.matmul(g, xp.conj(weight))
        vjp of weight: lambda xp, g, input: xp.matmul(xp.matrix_transpose(g), xp.conj(input))
        jvp of bias: lambda xp, t, out_shape: xp.broadcast_to(t, out_shape)
        jvp of input: lambda xp, t, weight: xp.matmul(t, xp.matrix_transpose(weight))
        jvp of weight: lambda xp, t, input: xp.matmul(input, xp.matrix_transpose(t))
        node: AddmmBackward0
        dtypes: each as it is
    """

def linear_cross_entropy(
    input: Tensor, linear_weight: Tensor, target: Tensor, *, linear_bias: Tensor | None = None,
    weight: Tensor | None = None, reduction: str = 'mean', ignore_index: _int | None = None,
    label_smoothing: _float = 0.0, options: Any = None,
) -> Tensor:
    """`cross_entropy(linear(input, linear_weight, linear_bias), target)`; in chunks of the batch with `options`.

    Args:
        input: (N, in) or (in).
        linear_weight: (C, in), or (C, d1, ..., in) for logits (N, C, d1, ...).
        target: class numbers (N, d1, ...) or (), int64; or probabilities (N, C, d1, ...) or (C).
        linear_bias: (C) or (C, d1, ...).
        weight, reduction, label_smoothing: as of `cross_entropy`.
        ignore_index: a class that does not count; -100 if left out. Only for class numbers.
        options: see `LinearCrossEntropyOptions`. Then there is no second derivative, and backward works once.

    Returns:
        () or, with reduction="none", of the shape of the class numbers.

    Raises:
        RuntimeError, ValueError: for shapes and options that do not fit.

    >>> import mibun as torch
    >>> torch.nn.functional.linear_cross_entropy(torch.ones(2, 3), torch.zeros(4, 3), torch.tensor([0, 1]))
    tensor(1.3863)
    """

def local_response_norm(
    input: Tensor, size: _int, alpha: _float | Tensor = 0.0001, beta: _float | Tensor = 0.75, k: _float | Tensor = 1.0,
) -> Tensor:
    """`input / (k + alpha * mean)**beta`, the mean being that of the squares over `size` neighbouring channels.

    input: (N, C, *), of three dimensions or more (ValueError otherwise). Source: Krizhevsky, Sutskever and Hinton
    (2012).

    Operator avg_pool_2d:
        vjp: lambda xp, g, input, window, stride, padding, counts, include, divisor: xp.avg_pool_spread(
            g,
            space=tuple(input.shape[-len(window) :]),
            window=window,
            stride=stride,
            padding=padding,
            include=include,
            divisor=divisor,
        )
        node: AvgPool2DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator avg_pool_3d:
        vjp: lambda xp, g, input, window, stride, padding, counts, include, divisor: xp.avg_pool_spread(
            g,
            space=tuple(input.shape[-len(window) :]),
            window=window,
            stride=stride,
            padding=padding,
            include=include,
            divisor=divisor,
        )
        node: AvgPool3DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator pad_constant:
        vjp: lambda xp, g, pads: xp.pad_constant(g, pads=tuple([(-a, -b) for a, b in pads]), value=0)
        jvp: lambda xp, t, pads: xp.pad_constant(t, pads=pads, value=0)
        node: ConstantPadNdBackward0
        dtypes: each as it is
    """

def log_softmax(input: Tensor, dim: _int | None = None, _stacklevel: _int = 3, dtype: _dtype | None = None) -> Tensor:
    """`log(softmax(input))` over one dimension, accurate also where softmax underflows; arguments as for `softmax`.

    >>> import mibun as torch
    >>> torch.nn.functional.log_softmax(torch.tensor([0., 1000.]), dim=0)
    tensor([-1000.,     0.])

    Operator log_softmax_over:
        vjp: lambda xp, g, out, dim: g - xp.exp(out) * xp.sum(g, axis=_axis(out, dim), keepdims=True)
        node: LogSoftmaxBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def logsigmoid(input: Tensor) -> Tensor:
    """`log(sigmoid(input))`, elementwise, without underflow, for any shape of a real floating dtype.

    >>> import mibun as torch
    >>> torch.nn.functional.logsigmoid(torch.tensor([-300., 0.]))
    tensor([-300.0000,   -0.6931])

    Operator log_sigmoid:
        vjp: lambda xp, g, input: g * xp.logistic(-input)
        node: LogSigmoidBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def lp_pool1d(
    input: Tensor, norm_type: _float | Tensor, kernel_size: _int | Sequence[_int],
    stride: _int | Sequence[_int] | None = None, ceil_mode: _bool = False,
) -> Tensor:
    """The p-norm, p = norm_type, over windows of (N, C, L) or (C, L); see `lp_pool2d`.

    Operator avg_pool_2d:
        vjp: lambda xp, g, input, window, stride, padding, counts, include, divisor: xp.avg_pool_spread(
            g,
            space=tuple(input.shape[-len(window) :]),
            window=window,
            stride=stride,
            padding=padding,
            include=include,
            divisor=divisor,
        )
        node: AvgPool2DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator avg_pool_3d:
        vjp: lambda xp, g, input, window, stride, padding, counts, include, divisor: xp.avg_pool_spread(
            g,
            space=tuple(input.shape[-len(window) :]),
            window=window,
            stride=stride,
            padding=padding,
            include=include,
            divisor=divisor,
        )
        node: AvgPool3DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def lp_pool2d(
    input: Tensor, norm_type: _float | Tensor, kernel_size: _int | Sequence[_int],
    stride: _int | Sequence[_int] | None = None, ceil_mode: _bool = False,
) -> Tensor:
    """The p-norm, p = norm_type, over windows of (N, C, H, W) or (C, H, W): `(sum of x**p)**(1 / p)`.

    kernel_size, stride, ceil_mode: as for `avg_pool2d`.

    >>> import mibun as torch
    >>> torch.nn.functional.lp_pool2d(torch.tensor([[[3., 0.], [0., 4.]]]), 2, 2)
    tensor([[[5.]]])

    Operator avg_pool_2d:
        vjp: lambda xp, g, input, window, stride, padding, counts, include, divisor: xp.avg_pool_spread(
            g,
            space=tuple(input.shape[-len(window) :]),
            window=window,
            stride=stride,
            padding=padding,
            include=include,
            divisor=divisor,
        )
        node: AvgPool2DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator avg_pool_3d:
        vjp: lambda xp, g, input, window, stride, padding, counts, include, divisor: xp.avg_pool_spread(
            g,
            space=tuple(input.shape[-len(window) :]),
            window=window,
            stride=stride,
            padding=padding,
            include=include,
            divisor=divisor,
        )
        node: AvgPool3DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def lp_pool3d(
    input: Tensor, norm_type: _float | Tensor, kernel_size: _int | Sequence[_int],
    stride: _int | Sequence[_int] | None = None, ceil_mode: _bool = False,
) -> Tensor:
    """The p-norm, p = norm_type, over windows of (N, C, D, H, W) or (C, D, H, W); see `lp_pool2d`.

    Operator avg_pool_2d:
        vjp: lambda xp, g, input, window, stride, padding, counts, include, divisor: xp.avg_pool_spread(
            g,
            space=tuple(input.shape[-len(window) :]),
            window=window,
            stride=stride,
            padding=padding,
            include=include,
            divisor=divisor,
        )
        node: AvgPool2DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator avg_pool_3d:
        vjp: lambda xp, g, input, window, stride, padding, counts, include, divisor: xp.avg_pool_spread(
            g,
            space=tuple(input.shape[-len(window) :]),
            window=window,
            stride=stride,
            padding=padding,
            include=include,
            divisor=divisor,
        )
        node: AvgPool3DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def margin_ranking_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: _float = 0, size_average: _bool | None = None,
    reduce: _bool | None = None, reduction: str = 'mean',
) -> Tensor:
    """`max(0, -target * (input1 - input2) + margin)`, with target 1 where input1 should be ranked higher, else -1.

    All of the same number of dimensions (RuntimeError otherwise), of shapes that broadcast.
    reduction: "mean", "sum" or "none"; size_average, reduce: what it was before, with a warning.

    >>> import mibun as torch
    >>> first, second = torch.tensor([2., 1.]), torch.tensor([1., 2.])
    >>> torch.nn.functional.margin_ranking_loss(first, second, torch.ones(2), margin=0.5, reduction="none")
    tensor([0.0000, 1.5000])

    Operator clamp_min_number:
        vjp: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        node: ClampMinBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex

    Operator clamp_min_tensor:
        vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
            with outside = 'less'
        node: ClampMinBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not
    """

@overload
def max_pool1d(
    input: Tensor, kernel_size: _int | Sequence[_int], stride: _int | Sequence[_int] | None = None,
    padding: _int | Sequence[_int] = 0, dilation: _int | Sequence[_int] = 1, ceil_mode: _bool = False,
    return_indices: Literal[False] = False,
) -> Tensor:
    """Maxima over windows of a sequence, (N, C, L) or (C, L); arguments and errors as for `max_pool2d`.

    >>> import mibun as torch
    >>> torch.nn.functional.max_pool1d(torch.tensor([[1., 3., 2., 4., 0., 5.]]), 2)
    tensor([[3., 4., 5.]])

    Operator max_pool_2d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_2d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is
    """
@overload
def max_pool1d(
    input: Tensor, kernel_size: _int | Sequence[_int], stride: _int | Sequence[_int] | None = None,
    padding: _int | Sequence[_int] = 0, dilation: _int | Sequence[_int] = 1, ceil_mode: _bool = False, *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]:
    """Maxima over windows of a sequence, (N, C, L) or (C, L); arguments and errors as for `max_pool2d`.

    >>> import mibun as torch
    >>> torch.nn.functional.max_pool1d(torch.tensor([[1., 3., 2., 4., 0., 5.]]), 2)
    tensor([[3., 4., 5.]])

    Operator max_pool_2d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_2d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is
    """
@overload
def max_pool1d(
    input: Tensor, kernel_size: _int | Sequence[_int], stride: _int | Sequence[_int] | None,
    padding: _int | Sequence[_int], dilation: _int | Sequence[_int], ceil_mode: _bool, return_indices: Literal[True],
) -> tuple[Tensor, Tensor]:
    """Maxima over windows of a sequence, (N, C, L) or (C, L); arguments and errors as for `max_pool2d`.

    >>> import mibun as torch
    >>> torch.nn.functional.max_pool1d(torch.tensor([[1., 3., 2., 4., 0., 5.]]), 2)
    tensor([[3., 4., 5.]])

    Operator max_pool_2d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_2d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is
    """

def max_pool1d_with_indices(
    input: Tensor, kernel_size: _int | Sequence[_int], stride: _int | Sequence[_int] | None = None,
    padding: _int | Sequence[_int] = 0, dilation: _int | Sequence[_int] = 1, ceil_mode: _bool = False,
    return_indices: _bool = False,
) -> tuple[Tensor, Tensor]:
    """`max_pool1d` and the positions of the maxima, whatever `return_indices` says.

    Operator max_pool_2d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_2d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is
    """

@overload
def max_pool2d(
    input: Tensor, kernel_size: _int | Sequence[_int], stride: _int | Sequence[_int] | None = None,
    padding: _int | Sequence[_int] = 0, dilation: _int | Sequence[_int] = 1, ceil_mode: _bool = False,
    return_indices: Literal[False] = False,
) -> Tensor:
    """Maxima over windows of images (N, C, H, W) or (C, H, W); the gradient goes to the first maximum of each window.

    Args:
        input: of any real dtype but bool; the result is (N, C, H', W'), of the same dtype, with
            H' = (H + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1. NaN wins.
        kernel_size: the size of the windows: an int, or a pair for height and width, as all that follow.
        stride: from window to window; by default the kernel_size.
        padding: elements added at both ends, which count as -inf; at most half of the window.
        dilation: from element to element within a window.
        ceil_mode: round H' up: windows may reach over the end.
        return_indices: also return their positions in the flattened H x W, int64, for `max_unpool2d`.

    Raises:
        RuntimeError: for arguments that do not fit.
        NotImplementedError: for bools and complex numbers.

    >>> import mibun as torch
    >>> torch.nn.functional.max_pool2d(torch.arange(16.).reshape(1, 4, 4), 2)
    tensor([[[ 5.,  7.],
             [13., 15.]]])

    Operator max_pool_2d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_2d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is
    """
@overload
def max_pool2d(
    input: Tensor, kernel_size: _int | Sequence[_int], stride: _int | Sequence[_int] | None = None,
    padding: _int | Sequence[_int] = 0, dilation: _int | Sequence[_int] = 1, ceil_mode: _bool = False, *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]:
    """Maxima over windows of images (N, C, H, W) or (C, H, W); the gradient goes to the first maximum of each window.

    Args:
        input: of any real dtype but bool; the result is (N, C, H', W'), of the same dtype, with
            H' = (H + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1. NaN wins.
        kernel_size: the size of the windows: an int, or a pair for height and width, as all that follow.
        stride: from window to window; by default the kernel_size.
        padding: elements added at both ends, which count as -inf; at most half of the window.
        dilation: from element to element within a window.
        ceil_mode: round H' up: windows may reach over the end.
        return_indices: also return their positions in the flattened H x W, int64, for `max_unpool2d`.

    Raises:
        RuntimeError: for arguments that do not fit.
        NotImplementedError: for bools and complex numbers.

    >>> import mibun as torch
    >>> torch.nn.functional.max_pool2d(torch.arange(16.).reshape(1, 4, 4), 2)
    tensor([[[ 5.,  7.],
             [13., 15.]]])

    Operator max_pool_2d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_2d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is
    """
@overload
def max_pool2d(
    input: Tensor, kernel_size: _int | Sequence[_int], stride: _int | Sequence[_int] | None,
    padding: _int | Sequence[_int], dilation: _int | Sequence[_int], ceil_mode: _bool, return_indices: Literal[True],
) -> tuple[Tensor, Tensor]:
    """Maxima over windows of images (N, C, H, W) or (C, H, W); the gradient goes to the first maximum of each window.

    Args:
        input: of any real dtype but bool; the result is (N, C, H', W'), of the same dtype, with
            H' = (H + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1. NaN wins.
        kernel_size: the size of the windows: an int, or a pair for height and width, as all that follow.
        stride: from window to window; by default the kernel_size.
        padding: elements added at both ends, which count as -inf; at most half of the window.
        dilation: from element to element within a window.
        ceil_mode: round H' up: windows may reach over the end.
        return_indices: also return their positions in the flattened H x W, int64, for `max_unpool2d`.

    Raises:
        RuntimeError: for arguments that do not fit.
        NotImplementedError: for bools and complex numbers.

    >>> import mibun as torch
    >>> torch.nn.functional.max_pool2d(torch.arange(16.).reshape(1, 4, 4), 2)
    tensor([[[ 5.,  7.],
             [13., 15.]]])

    Operator max_pool_2d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_2d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is
    """

def max_pool2d_with_indices(
    input: Tensor, kernel_size: _int | Sequence[_int], stride: _int | Sequence[_int] | None = None,
    padding: _int | Sequence[_int] = 0, dilation: _int | Sequence[_int] = 1, ceil_mode: _bool = False,
    return_indices: _bool = False,
) -> tuple[Tensor, Tensor]:
    """`max_pool2d` and the positions of the maxima, whatever `return_indices` says.

    Operator max_pool_2d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_2d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is
    """

@overload
def max_pool3d(
    input: Tensor, kernel_size: _int | Sequence[_int], stride: _int | Sequence[_int] | None = None,
    padding: _int | Sequence[_int] = 0, dilation: _int | Sequence[_int] = 1, ceil_mode: _bool = False,
    return_indices: Literal[False] = False,
) -> Tensor:
    """Maxima over windows of volumes, (N, C, D, H, W) or (C, D, H, W); arguments and errors as for `max_pool2d`.

    Operator max_pool_2d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_2d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is
    """
@overload
def max_pool3d(
    input: Tensor, kernel_size: _int | Sequence[_int], stride: _int | Sequence[_int] | None = None,
    padding: _int | Sequence[_int] = 0, dilation: _int | Sequence[_int] = 1, ceil_mode: _bool = False, *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]:
    """Maxima over windows of volumes, (N, C, D, H, W) or (C, D, H, W); arguments and errors as for `max_pool2d`.

    Operator max_pool_2d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_2d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is
    """
@overload
def max_pool3d(
    input: Tensor, kernel_size: _int | Sequence[_int], stride: _int | Sequence[_int] | None,
    padding: _int | Sequence[_int], dilation: _int | Sequence[_int], ceil_mode: _bool, return_indices: Literal[True],
) -> tuple[Tensor, Tensor]:
    """Maxima over windows of volumes, (N, C, D, H, W) or (C, D, H, W); arguments and errors as for `max_pool2d`.

    Operator max_pool_2d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_2d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is
    """

def max_pool3d_with_indices(
    input: Tensor, kernel_size: _int | Sequence[_int], stride: _int | Sequence[_int] | None = None,
    padding: _int | Sequence[_int] = 0, dilation: _int | Sequence[_int] = 1, ceil_mode: _bool = False,
    return_indices: _bool = False,
) -> tuple[Tensor, Tensor]:
    """`max_pool3d` and the positions of the maxima, whatever `return_indices` says.

    Operator max_pool_2d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_2d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is
    """

def max_unpool1d(
    input: Tensor, indices: Tensor, kernel_size: _int | Sequence[_int], stride: _int | Sequence[_int] | None = None,
    padding: _int | Sequence[_int] = 0, output_size: Sequence[_int] | None = None,
) -> Tensor:
    """Zeros with the values of max_pool1d put back where they were; arguments as for max_unpool2d.

    Operator max_unpool_2d:
        vjp of grad: lambda xp, g, positions, space: xp.read_positions(g, positions, n=len(space))
        jvp of grad: lambda xp, t, positions, space, add: xp.spread_positions(t, positions, space=space, add=add)
        node: MaxUnpool2DBackward0
        dtypes: each as it is

    Operator max_unpool_3d:
        vjp of grad: lambda xp, g, positions, space: xp.read_positions(g, positions, n=len(space))
        jvp of grad: lambda xp, t, positions, space, add: xp.spread_positions(t, positions, space=space, add=add)
        node: MaxUnpool3DBackward0
        dtypes: each as it is
    """

def max_unpool2d(
    input: Tensor, indices: Tensor, kernel_size: _int | Sequence[_int], stride: _int | Sequence[_int] | None = None,
    padding: _int | Sequence[_int] = 0, output_size: Sequence[_int] | None = None,
) -> Tensor:
    """Zeros with the values of max_pool2d put back where they were: (N, C, H, W) or (C, H, W) and its indices.

    output_size: which of the sizes that are pooled to (H, W) is meant. RuntimeError for indices out of range.

    >>> import mibun as torch
    >>> pooled, indices = torch.nn.functional.max_pool2d(torch.tensor([[[1., 2.], [4., 3.]]]), 2, return_indices=True)
    >>> torch.nn.functional.max_unpool2d(pooled, indices, 2)
    tensor([[[0., 0.],
             [4., 0.]]])

    Operator max_unpool_2d:
        vjp of grad: lambda xp, g, positions, space: xp.read_positions(g, positions, n=len(space))
        jvp of grad: lambda xp, t, positions, space, add: xp.spread_positions(t, positions, space=space, add=add)
        node: MaxUnpool2DBackward0
        dtypes: each as it is

    Operator max_unpool_3d:
        vjp of grad: lambda xp, g, positions, space: xp.read_positions(g, positions, n=len(space))
        jvp of grad: lambda xp, t, positions, space, add: xp.spread_positions(t, positions, space=space, add=add)
        node: MaxUnpool3DBackward0
        dtypes: each as it is
    """

def max_unpool3d(
    input: Tensor, indices: Tensor, kernel_size: _int | Sequence[_int], stride: _int | Sequence[_int] | None = None,
    padding: _int | Sequence[_int] = 0, output_size: Sequence[_int] | None = None,
) -> Tensor:
    """Zeros with the values of max_pool3d put back where they were; arguments as for max_unpool2d.

    Operator max_unpool_2d:
        vjp of grad: lambda xp, g, positions, space: xp.read_positions(g, positions, n=len(space))
        jvp of grad: lambda xp, t, positions, space, add: xp.spread_positions(t, positions, space=space, add=add)
        node: MaxUnpool2DBackward0
        dtypes: each as it is

    Operator max_unpool_3d:
        vjp of grad: lambda xp, g, positions, space: xp.read_positions(g, positions, n=len(space))
        jvp of grad: lambda xp, t, positions, space, add: xp.spread_positions(t, positions, space=space, add=add)
        node: MaxUnpool3DBackward0
        dtypes: each as it is
    """

def mish(input: Tensor, inplace: _bool = False) -> Tensor:
    """`input * tanh(softplus(input))`, elementwise, for any real floating dtype; `inplace` overwrites the input.

    Source: Misra, Mish (2019), arXiv:1908.08681.

    >>> import mibun as torch
    >>> torch.nn.functional.mish(torch.tensor([-1., 0., 1.]))
    tensor([-0.3034,  0.0000,  0.8651])

    Operator mish:
        vjp: _mish_rule
            def _mish_rule(xp, g, input):
                s, q = xp.logistic(input), xp.logistic(-input)
                square = q * q
                return g * (_mish_gate(xp, s, q) + input * (s * (4 * square / ((1 + square) * (1 + square)))))
        node: MishBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def mse_loss(
    input: Tensor, target: Tensor, size_average: _bool | None = None, reduce: _bool | None = None,
    reduction: str = 'mean', weight: Tensor | None = None,
) -> Tensor:
    """The squared error `(input - target)**2`.

    Args:
        input, target: of shapes that broadcast (with a warning where they differ), of a real floating dtype.
        reduction: "mean", "sum" or "none" (the result has the common shape).
        weight: factors of the shape of the input; "mean" then divides by their sum.
        size_average, reduce: what `reduction` was before, with a warning.

    Raises:
        ValueError: for another word, and for a weight of another shape.
        RuntimeError: where shapes or dtypes do not fit.

    >>> import mibun as torch
    >>> torch.nn.functional.mse_loss(torch.tensor([1., 2.]), torch.tensor([0., 4.]))
    tensor(2.5000)

    Operator mse:
        vjp of input: lambda xp, g, input, target, reduction: _mse_rule(xp, g, input, target, reduction)
        vjp of target: lambda xp, g, input, target, reduction: -_mse_rule(xp, g, input, target, reduction)
        node: MseLossBackward0
        forward mode: the VJP of the VJP
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def multi_head_attention_forward(
    query: Tensor, key: Tensor, value: Tensor, embed_dim_to_check: _int, num_heads: _int, in_proj_weight: Tensor | None,
    in_proj_bias: Tensor | None, bias_k: Tensor | None, bias_v: Tensor | None, add_zero_attn: _bool, dropout_p: _float,
    out_proj_weight: Tensor, out_proj_bias: Tensor, training: _bool = True, key_padding_mask: Tensor | None = None,
    need_weights: _bool = True, attn_mask: Tensor | None = None, use_separate_proj_weight: _bool = False,
    q_proj_weight: Tensor | None = None, k_proj_weight: Tensor | None = None, v_proj_weight: Tensor | None = None,
    static_k: Tensor | None = None, static_v: Tensor | None = None, average_attn_weights: _bool = True,
    is_causal: _bool = False,
) -> tuple[Tensor, Tensor | None]:
    """What `MultiheadAttention` computes, with its weights as arguments: the output, and the attention weights or None.

    query: (L, N, E) or (L, E). key, value: (S, N, Ek), (S, N, Ev), or without N. in_proj_weight: (3 E, E), or three
    separate ones with `use_separate_proj_weight`. bias_k, bias_v: one more position of key and value; add_zero_attn:
    one more, of zeros. key_padding_mask: (N, S), attn_mask: (L, S) or (N heads, L, S): True or -inf where a position
    takes no part. static_k, static_v: (N heads, S, E / heads), in the place of projections. AssertionError and
    RuntimeError where shapes do not fit. Source: Vaswani et al. (2017).

    Operator cat:
        vjp: _cat_parts
            def _cat_parts(xp: Any, g: Array, dim: int, tensors_shapes: tuple, needs: tuple) -> list:
                parts = []
                start = 0
                for shape, need in zip(tensors_shapes, needs, strict=True):
                    stop = start + shape[dim]
                    parts.append(g[(*(slice(None),) * dim, slice(start, stop), ...)] if need else None)
                    start = stop
                return parts
        node: CatBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one

    Operator softmax_over:
        vjp: lambda xp, g, out, dim: out * (g - xp.sum(g * out, axis=_axis(out, dim), keepdims=True))
        node: SoftmaxBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator linear_without_bias:
        vjp of input: lambda xp, g, weight: xp.matmul(g, xp.conj(weight))
        vjp of weight: lambda xp, g, input: xp.matmul(xp.matrix_transpose(g), xp.conj(input))
        node: MmBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator linear_with_bias:
        vjp of bias: lambda xp, g: xp.sum(g, axis=0)
        vjp of input: lambda xp, g, weight: xp.matmul(g, xp.conj(weight))
        vjp of weight: lambda xp, g, input: xp.matmul(xp.matrix_transpose(g), xp.conj(input))
        jvp of bias: lambda xp, t, out_shape: xp.broadcast_to(t, out_shape)
        jvp of input: lambda xp, t, weight: xp.matmul(t, xp.matrix_transpose(weight))
        jvp of weight: lambda xp, t, input: xp.matmul(input, xp.matrix_transpose(t))
        node: AddmmBackward0
        dtypes: each as it is

    Operator safe_softmax_over:
        vjp: lambda xp, g, out, dim: out * (g - xp.sum(g * out, axis=dim, keepdims=True))
        node: SafeSoftmaxBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def multi_margin_loss(
    input: Tensor, target: Tensor, p: _int = 1, margin: _float = 1.0, weight: Tensor | None = None,
    size_average: _bool | None = None, reduce: _bool | None = None, reduction: str = 'mean',
) -> Tensor:
    """Sum over the wrong classes j of max(0, margin - input[target] + input[j])**p * weight[target] / C.

    input: (N, C) or (C); target: class indices (N) or (). p: 1 or 2. weight: of the classes, (C).

    >>> import mibun as torch
    >>> torch.nn.functional.multi_margin_loss(torch.tensor([[0.1, 0.5, 0.4]]), torch.tensor([1]))
    tensor(0.5000)

    Operator multi_margin:
        vjp of input: _multi_margin_rule
            def _multi_margin_rule(xp, g, input, chosen, factors, p, margin, reduction):
                violation = _violations(xp, input, chosen, margin)
                share = mean_share(xp, g, violation[:, 0], reduction)
                share = xp.reshape(share, (-1, 1)) if reduction == "none" else share
                slope = xp.where(violation > 0, 1.0, xp.zeros_like(violation)) if p == 1 else violation * 2.0
                slope = slope * factors * share
                return slope - chosen * xp.sum(slope, axis=1, keepdims=True)
        node: MultiMarginLossBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def multilabel_margin_loss(
    input: Tensor, target: Tensor, size_average: _bool | None = None, reduce: _bool | None = None,
    reduction: str = 'mean',
) -> Tensor:
    """Sum over target classes k and other classes j of max(0, 1 - input[k] + input[j]) / C.

    input: (N, C), (C) or one score; target: of its shape, int64, the class indices up to the first -1.

    >>> import mibun as torch
    >>> torch.nn.functional.multilabel_margin_loss(torch.tensor([[0.1, 0.5, 0.4]]), torch.tensor([[1, -1, 0]]))
    tensor(0.5000)

    Operator multilabel_margin:
        vjp of input: _multilabel_margin_rule
            def _multilabel_margin_rule(xp, g, input, counts, reduction):
                active = xp.where(_pairs(xp, input, counts) > 0, 1.0, 0.0 * xp.expand_dims(counts, axis=2))
                active = active * xp.expand_dims(counts, axis=2) / counts.shape[1]
                slope = xp.sum(active, axis=1) - xp.sum(active, axis=2)
                share = mean_share(xp, g, input[:, 0], reduction)
                return slope * (xp.reshape(share, (-1, 1)) if reduction == "none" else share)
        node: MultilabelMarginLossBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def multilabel_soft_margin_loss(
    input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: _bool | None = None,
    reduce: _bool | None = None, reduction: str = 'mean',
) -> Tensor:
    """Mean over the classes of `binary_cross_entropy_with_logits`.

    input, target: (*, C), scores and 0 or 1. weight: of the classes, (C).
    reduction: "mean", "sum" or "none"; size_average, reduce: what it was before, with a warning.

    >>> import mibun as torch
    >>> torch.nn.functional.multilabel_soft_margin_loss(torch.zeros(1, 3), torch.tensor([[1., 0., 1.]]))
    tensor(0.6931)

    Operator log_sigmoid:
        vjp: lambda xp, g, input: g * xp.logistic(-input)
        node: LogSigmoidBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def native_channel_shuffle(input: Tensor, groups: _int) -> Tensor:
    """`nn.functional.channel_shuffle`.

    Operator shuffle_channels:
        vjp: lambda xp, g, groups, input_shape: xp.shuffle_channels(g, groups=input_shape[1] // groups)
        node: ChannelShuffleBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def nll_loss(
    input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: _bool | None = None,
    ignore_index: _int = -100, reduce: _bool | None = None, reduction: str = 'mean',
) -> Tensor:
    """Negative log-likelihood of classes: `-weight[target] * input[target]`.

    Args:
        input: log-probabilities (N, C, *) or (C), of a real floating dtype.
        target: the classes (N, *) or (), int64 or uint8.
        weight: of the classes, (C), of the dtype of the input.
        ignore_index: targets that do not count.
        reduction: "none" (the result has the shape of the target), "sum", or "mean", which divides by the sum of the
            weights used.
        size_average, reduce: what `reduction` was before, with a warning.

    Raises:
        RuntimeError, ValueError: where shapes or dtypes do not fit.
        IndexError: for targets out of range.

    >>> import mibun as torch
    >>> torch.nn.functional.nll_loss(torch.tensor([[-1., -2.], [-3., -4.]]), torch.tensor([1, 0]))
    tensor(2.5000)

    Operator class_loss:
        vjp of input: _spread_rule
            def _spread_rule(xp, g, target, weight, input_shape, reduction, ignore_index):
                return xp.class_loss_spread(g, target, weight, shape=input_shape, reduction=reduction, ignore_index=ignore_index)
        jvp of input: lambda xp, t, target, weight, reduction, ignore_index: xp.class_loss(
            t, target, weight, reduction=reduction, ignore_index=ignore_index
        )
        node: NllLossBackward0
        dtypes: each as it is

    Operator class_loss_2d:
        vjp of input: _spread_rule
            def _spread_rule(xp, g, target, weight, input_shape, reduction, ignore_index):
                return xp.class_loss_spread(g, target, weight, shape=input_shape, reduction=reduction, ignore_index=ignore_index)
        jvp of input: lambda xp, t, target, weight, reduction, ignore_index: xp.class_loss(
            t, target, weight, reduction=reduction, ignore_index=ignore_index
        )
        node: NllLoss2DBackward0
        dtypes: each as it is
    """

def normalize(
    input: Tensor, p: _float = 2.0, dim: _int | tuple[_int, ...] = 1, eps: _float | Tensor = 1e-12,
    out: Tensor | None = None,
) -> Tensor:
    """`input / max(norm, eps)`, the norm being the p-norm over one dimension or several.

    Args:
        input: of any shape, of a floating or complex dtype.
        p: which norm.
        dim: the dimension, or dimensions, that the norm is over.
        eps: the least norm, against division by zero.
        out: a Tensor for the result.

    >>> import mibun as torch
    >>> torch.nn.functional.normalize(torch.tensor([[3., 4.]]))
    tensor([[0.6000, 0.8000]])

    Operator clamp_min_number:
        vjp: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        node: ClampMinBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex

    Operator clamp_min_tensor:
        vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
            with outside = 'less'
        node: ClampMinBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not
    """

def one_hot(tensor: Tensor, num_classes: _int = -1) -> Tensor:
    """Zeros with a one at each index: int64 (*) -> int64 (*, num_classes); by default as many as needed.

    >>> import mibun as torch
    >>> torch.nn.functional.one_hot(torch.tensor([0, 2]))
    tensor([[1, 0, 0],
            [0, 0, 1]])
    """

def pad(input: Tensor, pad: Sequence[_int], mode: str = 'constant', value: _float | None = None) -> Tensor:
    """Pad the last dimensions: `pad` = (before, after) of the last one, then of the one before it, and so on.

    Args:
        input: of any shape and dtype for "constant", else (N, C, *) or (C, *) with up to three spatial dimensions, of
            which all are padded.
        pad: an even number of widths; negative ones cut.
        mode: "constant"; or "reflect" (without the edge itself), "replicate" (the edge) or "circular".
        value: the constant, by default 0.

    Raises:
        RuntimeError: for widths that do not fit.
        NotImplementedError: for modes and numbers of dimensions that do not go together.

    >>> import mibun as torch
    >>> torch.nn.functional.pad(torch.tensor([[[1., 2., 3.]]]), (2, 1), mode="reflect")
    tensor([[[3., 2., 1., 2., 3., 2.]]])

    Operator pad_constant:
        vjp: lambda xp, g, pads: xp.pad_constant(g, pads=tuple([(-a, -b) for a, b in pads]), value=0)
        jvp: lambda xp, t, pads: xp.pad_constant(t, pads=pads, value=0)
        node: ConstantPadNdBackward0
        dtypes: each as it is
    """

def pairwise_distance(x1: Tensor, x2: Tensor, p: _float = 2.0, eps: _float = 1e-06, keepdim: _bool = False) -> Tensor:
    """The p-norm of `x1 - x2 + eps` over the last dimension: (*, D), (*, D) -> (*), or (*, 1) with `keepdim`.

    >>> import mibun as torch
    >>> torch.nn.functional.pairwise_distance(torch.tensor([[0., 0.]]), torch.tensor([[3., 4.]]), eps=0)
    tensor([5.])

    Operator vector_norm:
        vjp: vector_norm_rule
            def vector_norm_rule(xp, g, input, out, ord, dims):
                \"""d|x|_p = sgn(x) |x|^(p-1) / |x|_p^(p-1), with zero wherever that divides by zero.\"""
                if ord == 0:
                    return None
                g, out = spread(xp, g, input.shape, dims), spread(xp, out, input.shape, dims)
                if ord == 1:
                    return g * xp.sgn(input)
                if ord == 2:
                    return g * xp.where(xp.equal(out, 0), 0.0, input / out)
                size = xp.abs(input)
                if math.isinf(ord):
                    met = xp.logical_or(xp.equal(size, out), xp.logical_and(xp.isnan(size), xp.isnan(out)))
                    return xp.sgn(input) * shared(xp, g, met, dims)
                if ord < 1:
                    power = xp.where(xp.equal(input, 0), 0.0, size ** (ord - 1))
                    return xp.sgn(input) * power * (g * out ** (1 - ord))
                if ord < 2:
                    scale = xp.where(xp.equal(out, 0), 0.0, out ** (1 - ord))
                    return xp.sgn(input) * size ** (ord - 1) * (g * scale)
                scale = xp.where(xp.equal(out, 0), 0.0, g / out ** (ord - 1))
                return input * size ** (ord - 2) * scale
        node: LinalgVectorNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def pdist(input: Tensor, p: _float = 2) -> Tensor:
    """The p-norm distances between all pairs of rows: of n (n - 1) / 2, in the order (0, 1), (0, 2), ..., (1, 2), ...

    Args:
        input: (n, m), of a floating dtype.
        p: the order of the norm, from 0 (the number of different elements) to inf.

    Returns:
        (n (n - 1) / 2,).

    Raises:
        RuntimeError: where it is not 2-D or not floating, and for a negative p.

    >>> import mibun as torch
    >>> torch.pdist(torch.tensor([[0., 0.], [3., 4.], [0., 1.]]))
    tensor([5.0000, 1.0000, 4.2426])

    Operator pdist:
        vjp: _pdist_rule
            def _pdist_rule(xp, g, input, out, p):
                n = input.shape[0]
                if n < 2:
                    return xp.zeros_like(input)
                if p == 2:  # (g / d) (x[i] - x[j]) summed over the other rows; 0 for a distance of 0
                    ratio = xp.where(xp.equal(out, 0), 0.0, g / xp.where(xp.equal(out, 0), 1.0, out))
                    return xp.pull_together(_square(xp, ratio, n), input)
                i, j = _pairs(xp, n)
                found = _rule(xp, g, xp.take(input, i, axis=0) - xp.take(input, j, axis=0), out, p)
                one, other = (xp.select_indices_embed(found, index, shape=tuple(input.shape), dim=0) for index in (i, j))
                return one - other
        node: PdistBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def pixel_shuffle(input: Tensor, upscale_factor: _int) -> Tensor:
    """(*, C r², H, W) -> (*, C, H r, W r), r being the factor: channels become pixels.

    RuntimeError where the number of channels is no multiple of r². Source: Shi et al. (2016), arXiv:1609.05158.

    >>> import mibun as torch
    >>> torch.pixel_shuffle(torch.arange(4.).reshape(4, 1, 1), 2)
    tensor([[[0., 1.],
             [2., 3.]]])

    Operator shuffle_pixels:
        vjp: lambda xp, g, factor: xp.unshuffle_pixels(g, factor=factor)
        node: PixelShuffleBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def pixel_unshuffle(input: Tensor, downscale_factor: _int) -> Tensor:
    """(*, C, H r, W r) -> (*, C r², H, W), r being the factor: the inverse of `pixel_shuffle`.

    Operator unshuffle_pixels:
        vjp: lambda xp, g, factor: xp.shuffle_pixels(g, factor=factor)
        node: PixelUnshuffleBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def poisson_nll_loss(
    input: Tensor, target: Tensor, log_input: _bool = True, full: _bool = False, size_average: _bool | None = None,
    eps: _float = 1e-08, reduce: _bool | None = None, reduction: str = 'mean',
) -> Tensor:
    """Negative log-likelihood of counts: `exp(input) - target * input`.

    Args:
        input: the logarithm of the expected counts; without `log_input` the counts themselves, and the loss is
            `input - target * log(input + eps)`.
        target: the counts, of a shape that broadcasts.
        full: add Stirling's approximation of log(target!) where target > 1.
        reduction: "mean", "sum" or "none".

    >>> import mibun as torch
    >>> torch.nn.functional.poisson_nll_loss(torch.tensor([0., 1.]), torch.tensor([1., 2.]), reduction="none")
    tensor([1.0000, 0.7183])

    Operator exp:
        vjp: lambda xp, g, out: g * xp.conj(out)
        node: ExpBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools

    Operator log:
        vjp: lambda xp, g, input: g / xp.conj(input)
        node: LogBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """The input where positive, else `weight * input`, with a slope that is learnt.

    Args:
        input: (N, C, *), or of any shape for a single weight.
        weight: (1), () or (C), of the dtype of the input.

    Raises:
        RuntimeError: where sizes or dtypes do not fit.

    Source: He, Zhang, Ren and Sun (2015), arXiv:1502.01852.

    >>> import mibun as torch
    >>> torch.prelu(torch.tensor([-1., 2.]), torch.tensor(0.25))
    tensor([-0.2500,  2.0000])

    Operator prelu_kernel:
        vjp of input: lambda xp, g, input, weight: xp.where(input > 0, g, g * weight)
        vjp of weight: lambda xp, g, input: xp.where(input > 0, 0.0, g * input)
        jvp of input: lambda xp, t, input, weight: xp.where(input > 0, t, t * weight)
        jvp of weight: lambda xp, t, input: xp.where(input > 0, 0.0, t * input)
        node: PreluKernelBackward0
        dtypes: each as it is
    """

def relu(input: Tensor, inplace: _bool = False) -> Tensor:
    """`max(input, 0)`, elementwise; the gradient at 0 is 0.

    Args:
        input: of any shape, of any real dtype but bool.
        inplace: write the result into `input`.

    Raises:
        RuntimeError: for bools and complex numbers.

    >>> import mibun as torch
    >>> torch.nn.functional.relu(torch.tensor([-1., 0., 2.]))
    tensor([0., 0., 2.])

    Operator relu:
        vjp: lambda xp, g, out: xp.relu_backward(g, out)
        node: ReluBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex, bool
    """

def relu6(input: Tensor, inplace: _bool = False) -> Tensor:
    """The input limited to [0, 6], elementwise; the gradient at the limits is 0. `inplace` overwrites the input.

    Operator hardtanh:
        vjp: lambda xp, g, input, low, high: xp.where((input > low) & (input < high), g, 0.0)
        node: HardtanhBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, complex
    """

def relu_(input: Tensor) -> Tensor:
    """`relu` in place.

    Operator relu:
        vjp: lambda xp, g, out: xp.relu_backward(g, out)
        node: ReluBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex, bool
    """

def rms_norm(
    input: Tensor, normalized_shape: Sequence[_int], weight: Tensor | None = None, eps: _float | None = None,
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

    Operator rsqrt:
        vjp: lambda xp, g, out: -0.5 * g * xp.conj(out * out * out)
        node: RsqrtBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def rrelu(
    input: Tensor, lower: _float = 0.125, upper: _float = 0.3333333333333333, training: _bool = False,
    inplace: _bool = False,
) -> Tensor:
    """The input where positive, else times a slope: in training drawn from [lower, upper] for each, else their mean.

    RuntimeError for lower > upper. Source: Xu, Wang, Chen and Li (2015), arXiv:1505.00853.

    Operator rrelu_mean:
        vjp: _leaky_rule
            def _leaky_rule(xp, g, input, slope):
                return xp.where(input > 0, g, g * slope)
        node: RreluWithNoiseBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex

    Operator rrelu_mean_in_place:
        vjp: _leaky_rule_of_output
            def _leaky_rule_of_output(xp, g, out, slope):
                return xp.where(out > 0, g, g * slope)
        node: RreluWithNoiseBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def rrelu_(input: Tensor, lower: _float = 0.125, upper: _float = 0.3333333333333333, training: _bool = False) -> Tensor:
    """`rrelu` in place.

    Operator rrelu_mean:
        vjp: _leaky_rule
            def _leaky_rule(xp, g, input, slope):
                return xp.where(input > 0, g, g * slope)
        node: RreluWithNoiseBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex

    Operator rrelu_mean_in_place:
        vjp: _leaky_rule_of_output
            def _leaky_rule_of_output(xp, g, out, slope):
                return xp.where(out > 0, g, g * slope)
        node: RreluWithNoiseBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def scaled_dot_product_attention(
    query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None = None, dropout_p: _float = 0.0,
    is_causal: _bool = False, scale: _float | None = None, enable_gqa: _bool = False,
) -> Tensor:
    """`softmax(query @ key.T * scale + attn_mask) @ value`; a query that sees nothing gets zeros.

    Args:
        query: (*, L, E).
        key: (*, S, E).
        value: (*, S, V); the result is (*, L, V). All three are of one floating dtype.
        attn_mask: of bools (True takes part) or of the query's dtype (added), of a shape that broadcasts to (*, L, S).
        dropout_p: the probability with which a weight is dropped.
        is_causal: position i sees positions up to i; not together with attn_mask.
        scale: by default 1 / sqrt(E).
        enable_gqa: each head of key and value (dimension -3) serves several heads of the query.

    Raises:
        RuntimeError: where shapes or dtypes do not fit.

    Source: Vaswani et al., Attention Is All You Need (2017), arXiv:1706.03762.

    >>> import mibun as torch
    >>> query, key, value = torch.zeros(1, 4), torch.ones(2, 4), torch.tensor([[1.], [3.]])
    >>> torch.nn.functional.scaled_dot_product_attention(query, key, value)
    tensor([[2.]])

    Operator safe_softmax_over:
        vjp: lambda xp, g, out, dim: out * (g - xp.sum(g * out, axis=dim, keepdims=True))
        node: SafeSoftmaxBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def selu(input: Tensor, inplace: _bool = False) -> Tensor:
    """elu, scaled so that activations keep mean 0 and variance 1: `1.0507 * elu(input, 1.6733)`.

    input: of any shape, of a real floating dtype. Source: Klambauer et al. (2017), arXiv:1706.02515.

    >>> import mibun as torch
    >>> torch.selu(torch.tensor([-1., 1.]))
    tensor([-1.1113,  1.0507])

    Operator elu:
        vjp: _elu_rule
            def _elu_rule(xp, g, input, alpha, scale, input_scale):
                # exp of what is not selected must not overflow. At 0 the first derivative is the one from below and the second the
                # one from above, 0, which is PyTorch's choice.
                below = xp.where(input < 0, input, 0.0)
                return xp.where(input <= 0, g * (xp.exp(below * input_scale) * (alpha * scale * input_scale)), g * scale)
        node: EluBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex

    Operator elu_in_place:
        vjp: _elu_rule_of_output
            def _elu_rule_of_output(xp, g, out, alpha, scale, input_scale):
                below = xp.where(out < 0, out, 0.0)
                return xp.where(out <= 0, g * ((below + alpha * scale) * input_scale), g * scale)
        node: EluBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def selu_(input: Tensor) -> Tensor:
    """`selu` in place.

    Operator elu:
        vjp: _elu_rule
            def _elu_rule(xp, g, input, alpha, scale, input_scale):
                # exp of what is not selected must not overflow. At 0 the first derivative is the one from below and the second the
                # one from above, 0, which is PyTorch's choice.
                below = xp.where(input < 0, input, 0.0)
                return xp.where(input <= 0, g * (xp.exp(below * input_scale) * (alpha * scale * input_scale)), g * scale)
        node: EluBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex

    Operator elu_in_place:
        vjp: _elu_rule_of_output
            def _elu_rule_of_output(xp, g, out, alpha, scale, input_scale):
                below = xp.where(out < 0, out, 0.0)
                return xp.where(out <= 0, g * ((below + alpha * scale) * input_scale), g * scale)
        node: EluBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def sigmoid(input: Tensor) -> Tensor:
    """`1 / (1 + exp(-input))`, elementwise, for any shape. Integers give the default dtype.

    >>> import mibun as torch
    >>> torch.nn.functional.sigmoid(torch.tensor([-1., 0., 1.]))
    tensor([0.2689, 0.5000, 0.7311])

    Operator sigmoid:
        vjp: lambda xp, g, out: g * xp.conj((1 - out) * out)
        node: SigmoidBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def silu(input: Tensor, inplace: _bool = False) -> Tensor:
    """`input * sigmoid(input)`, elementwise: the sigmoid-weighted linear unit, also called swish.

    Args:
        input: of any shape, of a floating or complex dtype.
        inplace: write the result into `input`.

    Raises:
        RuntimeError: for bools and integers.

    Source: Elfwing, Uchibe and Doya (2018), arXiv:1702.03118.

    >>> import mibun as torch
    >>> torch.nn.functional.silu(torch.tensor([-1., 0., 1.]))
    tensor([-0.2689,  0.0000,  0.7311])

    Operator silu:
        vjp: lambda xp, g, input: xp.conj(_silu_rule(xp, xp.conj(g), input))
        node: SiluBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer
    """

def smooth_l1_loss(
    input: Tensor, target: Tensor, size_average: _bool | None = None, reduce: _bool | None = None,
    reduction: str = 'mean', beta: _float = 1.0,
) -> Tensor:
    """`(input - target)**2 / (2 * beta)` where `|input - target| < beta`, else `|input - target| - beta / 2`.

    The arguments and errors are as for `mse_loss`; RuntimeError for a negative beta. Source: Girshick, Fast R-CNN
    (2015), arXiv:1504.08083.

    >>> import mibun as torch
    >>> torch.nn.functional.smooth_l1_loss(torch.tensor([1., 2.]), torch.tensor([0.5, 4.]), reduction="none")
    tensor([0.1250, 1.5000])

    Operator smooth_l1:
        vjp: _smooth_l1_rule
            def _smooth_l1_rule(xp, g, input, target, reduction, beta, needs):
                return _rounded_corner_rule(xp, g, input - target, reduction, beta, 1.0, needs)
        node: SmoothL1LossBackward0
        forward mode: the VJP of the VJP
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def soft_margin_loss(
    input: Tensor, target: Tensor, size_average: _bool | None = None, reduce: _bool | None = None,
    reduction: str = 'mean',
) -> Tensor:
    """`log(1 + exp(-target * input))`, with targets 1 and -1 of the shape of the input.

    reduction: "mean", "sum" or "none"; size_average, reduce: what it was before, with a warning.

    >>> import mibun as torch
    >>> scores, targets = torch.tensor([0., 2.]), torch.tensor([1., -1.])
    >>> torch.nn.functional.soft_margin_loss(scores, targets, reduction="none")
    tensor([0.6931, 2.1269])

    Operator soft_margin:
        vjp of input: _soft_margin_rule
            def _soft_margin_rule(xp, g, input, target, reduction):
                return -target * xp.logistic(-target * input) * mean_share(xp, g, input, reduction)
        node: SoftMarginLossBackward0
        forward mode: the VJP of the VJP
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def softmax(input: Tensor, dim: _int | None = None, _stacklevel: _int = 3, dtype: _dtype | None = None) -> Tensor:
    """`exp(input) / sum(exp(input))` over one dimension, computed without overflow.

    Args:
        input: of any shape, of a real floating dtype; the result has its shape.
        dim: the dimension that is summed over; without it a guess, and a warning, as in PyTorch.
        dtype: cast to it first.

    Raises:
        NotImplementedError: for integers and complex numbers.
        IndexError: for a dimension out of range.

    >>> import mibun as torch
    >>> torch.nn.functional.softmax(torch.zeros(4), dim=0)
    tensor([0.2500, 0.2500, 0.2500, 0.2500])

    Operator softmax_over:
        vjp: lambda xp, g, out, dim: out * (g - xp.sum(g * out, axis=_axis(out, dim), keepdims=True))
        node: SoftmaxBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def softmin(input: Tensor, dim: _int | None = None, _stacklevel: _int = 3, dtype: _dtype | None = None) -> Tensor:
    """`softmax(-input)` over one dimension; arguments as for `softmax`.

    Operator softmax_over:
        vjp: lambda xp, g, out, dim: out * (g - xp.sum(g * out, axis=_axis(out, dim), keepdims=True))
        node: SoftmaxBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def softplus(input: Tensor, beta: _float = 1, threshold: _float = 20) -> Tensor:
    """`log(1 + exp(beta * input)) / beta`, elementwise: a smooth relu, that is sharper for a larger `beta`.

    Args:
        input: of any shape, of a real floating dtype.
        threshold: where `beta * input` is greater than this, the result is the input itself.

    >>> import mibun as torch
    >>> torch.nn.functional.softplus(torch.tensor([-1., 0., 30.]))
    tensor([ 0.3133,  0.6931, 30.0000])

    Operator softplus:
        vjp: _softplus_rule
            def _softplus_rule(xp, g, input, beta, threshold):
                scaled = input * beta
                # At the threshold the higher derivatives are those from above, 0.
                below = xp.where(scaled >= threshold, threshold, scaled)
                return xp.where(scaled > threshold, g, g * xp.logistic(below))
        node: SoftplusBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def softshrink(input: Tensor, lambd: _float = 0.5) -> Tensor:
    """The input moved towards 0 by `lambd`, and 0 where it is nearer than that, elementwise.

    input: of any shape, of a real floating dtype. RuntimeError for a negative lambd.

    >>> import mibun as torch
    >>> torch.nn.functional.softshrink(torch.tensor([-1., 0.2, 0.6]))
    tensor([-0.5000,  0.0000,  0.1000])

    Operator softshrink:
        vjp: lambda xp, g, input, bound: xp.where((input > bound) | (input < -bound), g, 0.0)
        node: SoftshrinkBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def softsign(input: Tensor) -> Tensor:
    """`input / (1 + |input|)`, elementwise, for any shape.

    >>> import mibun as torch
    >>> torch.nn.functional.softsign(torch.tensor([-1., 0., 3.]))
    tensor([-0.5000,  0.0000,  0.7500])

    Operator abs:
        vjp: lambda xp, g, input: g * xp.sgn(input)
        jvp: lambda xp, t, input: xp.real(t * xp.conj(xp.sgn(input)))
        node: AbsBackward0
        dtypes: the operands' common one
        raises for: bool
    """

def tanh(input: Tensor) -> Tensor:
    """The hyperbolic tangent, elementwise, for any shape. Integers give the default dtype.

    >>> import mibun as torch
    >>> torch.nn.functional.tanh(torch.tensor([-1., 0., 1.]))
    tensor([-0.7616,  0.0000,  0.7616])

    Operator tanh:
        vjp: lambda xp, g, out: g * xp.conj(1 - out * out)
        node: TanhBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def tanhshrink(input: Tensor) -> Tensor:
    """`input - tanh(input)`, elementwise, for any shape.

    Operator tanh:
        vjp: lambda xp, g, out: g * xp.conj(1 - out * out)
        node: TanhBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def threshold(input: Tensor, threshold: _float, value: _float, inplace: _bool = False) -> Tensor:
    """The input where it is greater than `threshold`, else `value`, elementwise, for any real dtype but bool.

    Operator threshold:
        vjp: lambda xp, g, input, threshold: xp.where(input <= threshold, 0.0, g)
        node: ThresholdBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, complex
    """

def threshold_(input: Tensor, threshold: _float, value: _float) -> Tensor:
    """`threshold` in place.

    Operator threshold:
        vjp: lambda xp, g, input, threshold: xp.where(input <= threshold, 0.0, g)
        node: ThresholdBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, complex
    """

def triplet_margin_loss(
    anchor: Tensor, positive: Tensor, negative: Tensor, margin: _float = 1.0, p: _float = 2, eps: _float = 1e-06,
    swap: _bool = False, size_average: _bool | None = None, reduce: _bool | None = None, reduction: str = 'mean',
) -> Tensor:
    """`max(0, d(anchor, positive) - d(anchor, negative) + margin)`, d being the `pairwise_distance`.

    swap: the positive takes the anchor's place where it is nearer to the negative. Source: Balntas et al. (2016).

    >>> import mibun as torch
    >>> anchor, positive = torch.tensor([[0., 0.]]), torch.tensor([[3., 4.]])
    >>> torch.nn.functional.triplet_margin_loss(anchor, positive, torch.tensor([[0., 2.]]))
    tensor(4.0000)

    Operator minimum:
        vjp of input: for_input
            def for_input(xp, g, input, other):
                return xp.where(input == other, g * 0.5, xp.where(getattr(xp, better)(other, input), 0.0, g))
            with better = 'less'
        vjp of other: for_other
            def for_other(xp, g, input, other):
                return xp.where(input == other, g * 0.5, xp.where(getattr(xp, better)(input, other), 0.0, g))
            with better = 'less'
        node: MinimumBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not

    Operator clamp_min_number:
        vjp: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        node: ClampMinBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex

    Operator clamp_min_tensor:
        vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
            with outside = 'less'
        node: ClampMinBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not
    """

def triplet_margin_with_distance_loss(
    anchor: Tensor, positive: Tensor, negative: Tensor, *,
    distance_function: Callable[[Tensor, Tensor], Tensor] | None = None, margin: _float | Tensor = 1.0,
    swap: _bool = False, reduction: str = 'mean',
) -> Tensor:
    """triplet_margin_loss with any distance: a function of two Tensors (pairwise_distance by default).

    Operator minimum:
        vjp of input: for_input
            def for_input(xp, g, input, other):
                return xp.where(input == other, g * 0.5, xp.where(getattr(xp, better)(other, input), 0.0, g))
            with better = 'less'
        vjp of other: for_other
            def for_other(xp, g, input, other):
                return xp.where(input == other, g * 0.5, xp.where(getattr(xp, better)(input, other), 0.0, g))
            with better = 'less'
        node: MinimumBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not

    Operator clamp_min_number:
        vjp: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        node: ClampMinBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex

    Operator clamp_min_tensor:
        vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
            with outside = 'less'
        node: ClampMinBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not
    """

def unfold(
    input: Tensor, kernel_size: _int | Sequence[_int], dilation: _int | Sequence[_int] = 1,
    padding: _int | Sequence[_int] = 0, stride: _int | Sequence[_int] = 1,
) -> Tensor:
    """The windows of images as columns: (N, C, H, W) or (C, H, W) -> (N, C * kH * kW, windows).

    Args:
        kernel_size: (kH, kW), or an int for both, as all that follow.
        dilation: from element to element within a window.
        padding: zeros added at both ends.
        stride: from window to window.

    Raises:
        RuntimeError: for sizes that do not fit.

    >>> import mibun as torch
    >>> torch.nn.functional.unfold(torch.arange(6.).reshape(1, 1, 2, 3), (2, 2))
    tensor([[[0., 1.],
             [1., 2.],
             [3., 4.],
             [4., 5.]]])

    Operator image_to_columns:
        vjp: lambda xp, g, input_shape, window, stride, padding, dilation: xp.columns_to_image(
            g, space=input_shape[-2:], window=window, stride=stride, padding=padding, dilation=dilation
        )
        node: Im2ColBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def upsample(
    input: Tensor, size: _int | Sequence[_int] | None = None, scale_factor: _float | Sequence[_float] | None = None,
    mode: str = 'nearest', align_corners: _bool | None = None,
) -> Tensor:
    """The older name of interpolate.

    Operator resample_UpsampleNearest1DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleNearest1DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleNearest2DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleNearest2DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleNearest3DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleNearest3DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleNearestExact1DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleNearestExact1DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleNearestExact2DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleNearestExact2DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleNearestExact3DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleNearestExact3DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleLinear1DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleLinear1DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleBilinear2DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleBilinear2DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    and the operators resample_UpsampleTrilinear3DBackward0, resample_UpsampleBicubic2DBackward0, resample_UpsampleBilinear2DAaBackward0, resample_UpsampleBicubic2DAaBackward0, resample_UpsampleLanczos2DAaBackward0, resample_bytes
    """

def upsample_bilinear(
    input: Tensor, size: _int | Sequence[_int] | None = None, scale_factor: _float | Sequence[_float] | None = None,
) -> Tensor:
    """interpolate with mode="bilinear" and align_corners=True, deprecated.

    Operator resample_UpsampleNearest1DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleNearest1DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleNearest2DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleNearest2DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleNearest3DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleNearest3DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleNearestExact1DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleNearestExact1DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleNearestExact2DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleNearestExact2DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleNearestExact3DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleNearestExact3DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleLinear1DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleLinear1DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleBilinear2DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleBilinear2DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    and the operators resample_UpsampleTrilinear3DBackward0, resample_UpsampleBicubic2DBackward0, resample_UpsampleBilinear2DAaBackward0, resample_UpsampleBicubic2DAaBackward0, resample_UpsampleLanczos2DAaBackward0, resample_bytes
    """

def upsample_nearest(
    input: Tensor, size: _int | Sequence[_int] | None = None, scale_factor: _float | Sequence[_float] | None = None,
) -> Tensor:
    """interpolate with mode="nearest", deprecated.

    Operator resample_UpsampleNearest1DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleNearest1DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleNearest2DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleNearest2DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleNearest3DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleNearest3DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleNearestExact1DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleNearestExact1DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleNearestExact2DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleNearestExact2DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleNearestExact3DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleNearestExact3DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleLinear1DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleLinear1DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator resample_UpsampleBilinear2DBackward0:
        vjp: lambda xp, g, input_shape, taps: xp.resample_spread(g, shape=input_shape, taps=taps)
        node: UpsampleBilinear2DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    and the operators resample_UpsampleTrilinear3DBackward0, resample_UpsampleBicubic2DBackward0, resample_UpsampleBilinear2DAaBackward0, resample_UpsampleBicubic2DAaBackward0, resample_UpsampleLanczos2DAaBackward0, resample_bytes
    """
