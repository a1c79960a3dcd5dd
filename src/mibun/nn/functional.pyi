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

def adaptive_avg_pool1d(input: Tensor, output_size: Ints) -> Tensor:
    """Means over windows that cut (N, C, L) or (C, L) into output_size parts."""

def adaptive_avg_pool2d(input: Tensor, output_size: _int | Sequence[_int | None]) -> Tensor:
    """Means over windows that cut images into output_size = (H', W') parts (an int: both; None: as it is).

    Part i of n covers the rows from floor(i * H / n) up to, not including, ceil((i + 1) * H / n).
    """

def adaptive_avg_pool3d(input: Tensor, output_size: _int | Sequence[_int | None]) -> Tensor:
    """Means over windows that cut volumes into output_size parts; see adaptive_avg_pool2d."""

@overload
def adaptive_max_pool1d(input: Tensor, output_size: Ints, return_indices: Literal[False] = False) -> Tensor:
    """Maxima over windows that cut (N, C, L) or (C, L) into output_size parts."""
@overload
def adaptive_max_pool1d(input: Tensor, output_size: Ints, *, return_indices: Literal[True]) -> tuple[Tensor, Tensor]:
    """Maxima over windows that cut (N, C, L) or (C, L) into output_size parts."""
@overload
def adaptive_max_pool1d(input: Tensor, output_size: Ints, return_indices: Literal[True]) -> tuple[Tensor, Tensor]:
    """Maxima over windows that cut (N, C, L) or (C, L) into output_size parts."""

def adaptive_max_pool1d_with_indices(
    input: Tensor, output_size: Ints, return_indices: _bool = False,
) -> tuple[Tensor, Tensor]:
    """`adaptive_max_pool1d` and the positions of the maxima, whatever `return_indices` says."""

@overload
def adaptive_max_pool2d(
    input: Tensor, output_size: _int | Sequence[_int | None], return_indices: Literal[False] = False,
) -> Tensor:
    """Maxima over windows that cut images into output_size = (H', W') parts; see adaptive_avg_pool2d."""
@overload
def adaptive_max_pool2d(
    input: Tensor, output_size: _int | Sequence[_int | None], *, return_indices: Literal[True],
) -> tuple[Tensor, Tensor]:
    """Maxima over windows that cut images into output_size = (H', W') parts; see adaptive_avg_pool2d."""
@overload
def adaptive_max_pool2d(
    input: Tensor, output_size: _int | Sequence[_int | None], return_indices: Literal[True],
) -> tuple[Tensor, Tensor]:
    """Maxima over windows that cut images into output_size = (H', W') parts; see adaptive_avg_pool2d."""

def adaptive_max_pool2d_with_indices(
    input: Tensor, output_size: Ints, return_indices: _bool = False,
) -> tuple[Tensor, Tensor]:
    """`adaptive_max_pool2d` and the positions of the maxima, whatever `return_indices` says."""

@overload
def adaptive_max_pool3d(
    input: Tensor, output_size: _int | Sequence[_int | None], return_indices: Literal[False] = False,
) -> Tensor:
    """Maxima over windows that cut volumes into output_size parts; see adaptive_avg_pool2d."""
@overload
def adaptive_max_pool3d(
    input: Tensor, output_size: _int | Sequence[_int | None], *, return_indices: Literal[True],
) -> tuple[Tensor, Tensor]:
    """Maxima over windows that cut volumes into output_size parts; see adaptive_avg_pool2d."""
@overload
def adaptive_max_pool3d(
    input: Tensor, output_size: _int | Sequence[_int | None], return_indices: Literal[True],
) -> tuple[Tensor, Tensor]:
    """Maxima over windows that cut volumes into output_size parts; see adaptive_avg_pool2d."""

def adaptive_max_pool3d_with_indices(
    input: Tensor, output_size: Ints, return_indices: _bool = False,
) -> tuple[Tensor, Tensor]:
    """`adaptive_max_pool3d` and the positions of the maxima, whatever `return_indices` says."""

def affine_grid(theta: Tensor, size: Ints, align_corners: _bool | None = None) -> Tensor:
    """The grid for `grid_sample` of affine maps theta: (N, 2, 3) for a size (N, C, H, W), (N, 3, 4) for volumes.

    The result is (N, H, W, 2) or (N, D, H, W, 3). ValueError, NotImplementedError or RuntimeError where theta and size
    do not fit.
    """

def alpha_dropout(input: Tensor, p: _float = 0.5, training: _bool = False, inplace: _bool = False) -> Tensor:
    """Dropout for selu: keeps the mean 0 and the variance 1 of the input. Source: Klambauer et al. (2017)."""

def avg_pool1d(
    input: Tensor, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0, ceil_mode: _bool = False,
    count_include_pad: _bool = True,
) -> Tensor:
    """Means over windows of a sequence, (N, C, L) or (C, L); arguments as for avg_pool2d."""

def avg_pool2d(
    input: Tensor, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0, ceil_mode: _bool = False,
    count_include_pad: _bool = True, divisor_override: _int | None = None,
) -> Tensor:
    """Means over windows of images (N, C, H, W) or (C, H, W).

    stride: by default the kernel_size. count_include_pad: the padding's zeros count. divisor_override: divide by this
    instead of the number of elements. RuntimeError for arguments that do not fit.
    """

def avg_pool3d(
    input: Tensor, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0, ceil_mode: _bool = False,
    count_include_pad: _bool = True, divisor_override: _int | None = None,
) -> Tensor:
    """Means over windows of volumes, (N, C, D, H, W) or (C, D, H, W); arguments as for avg_pool2d."""

def batch_norm(
    input: Tensor, running_mean: Tensor | None, running_var: Tensor | None, weight: Tensor | None = None,
    bias: Tensor | None = None, training: _bool = False, momentum: _float = 0.1, eps: _float = 1e-05,
) -> Tensor:
    """Standardise each channel of (N, C, *), then times weight (C) plus bias (C).

    training: by the mean and variance of the batch, and the running ones (C), if given, are updated in place:
    (1 - momentum) * running + momentum * batch's (variance divided by n - 1); else by the running ones. ValueError
    where there is only one value per channel, RuntimeError where sizes do not fit. Source: Ioffe and Szegedy (2015).
    """

def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """`out[..., k] = input1[...] @ weight[k] @ input2[...] + bias[k]`: (*, in1), (*, in2), (out, in1, in2) -> (*, out).

    RuntimeError where sizes or dtypes differ.
    """

def binary_cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: _bool | None = None,
    reduce: _bool | None = None, reduction: str = 'mean',
) -> Tensor:
    """-(target * log(input) + (1 - target) * log(1 - input)), with logarithms not below -100.

    input: probabilities; RuntimeError outside of [0, 1]. target: of the same shape and dtype (ValueError for another
    shape). weight: factors of a shape that broadcasts.
    """

def binary_cross_entropy_with_logits(
    input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: _bool | None = None,
    reduce: _bool | None = None, reduction: str = 'mean', pos_weight: Tensor | None = None,
) -> Tensor:
    """binary_cross_entropy(sigmoid(input), target), computed without underflow.

    weight: factors of the losses; pos_weight: factors of the part that is for target 1; both of shapes that broadcast.
    ValueError where input and target differ in shape.
    """

def celu(input: Tensor, alpha: _float = 1.0, inplace: _bool = False) -> Tensor:
    """input where positive, else alpha * (exp(input / alpha) - 1). RuntimeError for alpha = 0."""

def celu_(input: Tensor, alpha: _float = 1.0) -> Tensor:
    """`celu` in place."""

def channel_shuffle(input: Tensor, groups: _int) -> Tensor:
    """Mix the channels of (N, C, *): those of `groups` groups, taken in turns. Source: Zhang et al. (2018)."""

def conv1d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Ints = 1,
    padding: _int | Sequence[_int] | str = 0, dilation: Ints = 1, groups: _int = 1,
) -> Tensor:
    """Cross-correlation over sequences: input (N, C, L) or (C, L), weight (O, C / groups, k), bias (O) -> (N, O, L').

    stride, padding (zeros on both sides, or 'valid' or 'same') and dilation are ints or 1-tuples. RuntimeError where
    sizes or dtypes do not fit.
    """

def conv2d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Ints = 1,
    padding: _int | Sequence[_int] | str = 0, dilation: Ints = 1, groups: _int = 1,
) -> Tensor:
    """Cross-correlation over images: input (N, C, H, W) or (C, H, W), weight (O, C / groups, kH, kW), bias (O).

    The result is (N, O, H', W') with H' = (H + 2 * padding - dilation * (kH - 1) - 1) // stride + 1. stride, padding
    (zeros on both sides, or 'valid' or 'same') and dilation are ints or pairs. RuntimeError where sizes or dtypes do
    not fit.

    >>> import mibun as torch
    >>> torch.nn.functional.conv2d(torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2))
    tensor([[[[4., 4.],
              [4., 4.]]]])
    """

def conv3d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Ints = 1,
    padding: _int | Sequence[_int] | str = 0, dilation: Ints = 1, groups: _int = 1,
) -> Tensor:
    """Cross-correlation over volumes: input (N, C, D, H, W) or (C, D, H, W), weight (O, C / groups, kD, kH, kW).

    Arguments, sizes and errors are as for conv2d, with one int more.
    """

def conv_tbc(input: Tensor, weight: Tensor, bias: Tensor, pad: _int = 0) -> Tensor:
    """A convolution of sequences (T, B, C) with weight (k, C, D) and bias (D), to (T', B, D).

    RuntimeError where they do not fit.
    """

def conv_transpose1d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Ints = 1, padding: Ints = 0,
    output_padding: Ints = 0, groups: _int = 1, dilation: Ints = 1,
) -> Tensor:
    """The transpose of conv1d in its input: input (N, C, L) or (C, L), weight (C, O / groups, k), bias (O).

    output_padding adds to the size of the result on one side, to tell apart the inputs of a strided conv1d.
    """

def conv_transpose2d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Ints = 1, padding: Ints = 0,
    output_padding: Ints = 0, groups: _int = 1, dilation: Ints = 1,
) -> Tensor:
    """The transpose of conv2d in its input: input (N, C, H, W) or (C, H, W), weight (C, O / groups, kH, kW), bias (O).

    The result is (N, O, H', W') with H' = (H - 1) * stride - 2 * padding + dilation * (kH - 1) + output_padding + 1.
    RuntimeError where sizes or dtypes do not fit.
    """

def conv_transpose3d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Ints = 1, padding: Ints = 0,
    output_padding: Ints = 0, groups: _int = 1, dilation: Ints = 1,
) -> Tensor:
    """The transpose of conv3d in its input: input (N, C, D, H, W), weight (C, O / groups, kD, kH, kW), bias (O)."""

def cosine_embedding_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: _float = 0, size_average: _bool | None = None,
    reduce: _bool | None = None, reduction: str = 'mean',
) -> Tensor:
    """1 - cos(input1, input2) where target is 1, max(0, cos(input1, input2) - margin) where it is -1.

    input1, input2: (N, D) or (D); target: (N) or ().
    """

def cosine_similarity(x1: Tensor, x2: Tensor, dim: _int = 1, eps: _float = 1e-08) -> Tensor:
    """sum(x1 * x2) / (max(|x1|, eps) * max(|x2|, eps)) over a dimension, for shapes that broadcast.

    >>> import mibun as torch
    >>> torch.nn.functional.cosine_similarity(torch.tensor([[3., 4.]]), torch.tensor([[4., 3.]]))
    tensor([0.9600])
    """

def cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: _bool | None = None,
    ignore_index: _int = -100, reduce: _bool | None = None, reduction: str = 'mean', label_smoothing: _float = 0.0,
) -> Tensor:
    """Cross-entropy between scores (logits) and classes: nll_loss(log_softmax(input, 1), target).

    input: (N, C, *) or (C). target: class indices (N, *) or (), or probabilities of the shape of the input.
    label_smoothing: how much of each target is spread evenly over the classes, in [0, 1]. Errors as for nll_loss.

    >>> import mibun as torch
    >>> torch.nn.functional.cross_entropy(torch.zeros(2, 4), torch.tensor([0, 3]))
    tensor(1.3863)
    """

def ctc_loss(
    log_probs: Tensor, targets: Tensor, input_lengths: Tensor | Sequence[_int], target_lengths: Tensor | Sequence[_int],
    blank: _int = 0, reduction: str = 'mean', zero_infinity: _bool = False,
) -> Tensor:
    """Minus the log-likelihood of label sequences, over all their alignments to the times.

    log_probs: (T, N, C) or (T, C), after log_softmax; float32 or float64. targets: labels (N, S), or all in a row.
    input_lengths, target_lengths: (N). blank: the class that stands for no label. reduction: "mean" divides by the
    target lengths, then averages. zero_infinity: impossible sequences count as 0, with gradient 0. The gradient is that
    by the scores before a log_softmax, as in PyTorch. RuntimeError where sizes do not fit.

    >>> import mibun as torch
    >>> scores = torch.zeros(4, 1, 3).log_softmax(-1)
    >>> torch.nn.functional.ctc_loss(scores, torch.tensor([[1, 2]]), (4,), (2,))
    tensor(0.8439)
    """

def dropout(input: Tensor, p: _float = 0.5, training: _bool = True, inplace: _bool = False) -> Tensor:
    """In training, each element is 0 with probability p, else divided by 1 - p; otherwise the input itself.

    ValueError for p outside of [0, 1].

    >>> import mibun as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.nn.functional.dropout(torch.ones(2, 3), 0.5).shape
    torch.Size([2, 3])
    """

def dropout1d(input: Tensor, p: _float = 0.5, training: _bool = True, inplace: _bool = False) -> Tensor:
    """In training, whole channels of (N, C, L) or (C, L) are 0 with probability p; see dropout."""

def dropout2d(input: Tensor, p: _float = 0.5, training: _bool = True, inplace: _bool = False) -> Tensor:
    """In training, whole channels of (N, C, H, W) are 0 with probability p; see dropout."""

def dropout3d(input: Tensor, p: _float = 0.5, training: _bool = True, inplace: _bool = False) -> Tensor:
    """In training, whole channels of (N, C, D, H, W) or (C, D, H, W) are 0 with probability p; see dropout."""

def elu(input: Tensor, alpha: _float = 1.0, inplace: _bool = False) -> Tensor:
    """input where positive, else alpha * (exp(input) - 1)."""

def elu_(input: Tensor, alpha: _float = 1.0) -> Tensor:
    """`elu` in place.

    >>> import mibun as torch
    >>> torch.nn.functional.elu_(torch.tensor([-1., 2.]))
    tensor([-0.6321,  2.0000])
    """

def embedding(
    input: Tensor, weight: Tensor, padding_idx: _int | None = None, max_norm: _float | None = None,
    norm_type: _float = 2.0, scale_grad_by_freq: _bool = False, sparse: _bool = False,
) -> Tensor:
    """Rows of weight (n, d) at the indices input (*), int64 or int32: (*, d).

    padding_idx: a row that gets no gradient. max_norm: rows used are first scaled down, in place, to this
    norm_type-norm. scale_grad_by_freq: gradients are divided by how often their index occurs. There are no sparse
    gradients: `sparse=True` gives the same gradient, dense. IndexError for indices out of range.
    """

def embedding_bag(
    input: Tensor, weight: Tensor, offsets: Tensor | None = None, max_norm: _float | None = None, norm_type: _float = 2,
    scale_grad_by_freq: _bool = False, mode: str = 'mean', sparse: _bool = False,
    per_sample_weights: Tensor | None = None, include_last_offset: _bool = False, padding_idx: _int | None = None,
) -> Tensor:
    """Sums, means or maxima of bags of rows of weight (n, d): (bags, d).

    input: (bags, length), or (total) with `offsets` (bags), where each bag starts. per_sample_weights: factors of the
    rows, for mode="sum". Rows at padding_idx are left out. Empty bags give zeros.
    """

def feature_alpha_dropout(input: Tensor, p: _float = 0.5, training: _bool = False, inplace: _bool = False) -> Tensor:
    """alpha_dropout of whole channels."""

def fold(
    input: Tensor, output_size: Ints, kernel_size: Ints, dilation: Ints = 1, padding: Ints = 0, stride: Ints = 1,
) -> Tensor:
    """Columns added up as windows of images: (N, C * kH * kW, windows) -> (N, C, *output_size), unfold's transpose."""

@overload
def fractional_max_pool2d(
    input: Tensor, kernel_size: Ints, output_size: Ints | None = None,
    output_ratio: _float | Sequence[_float] | None = None, return_indices: Literal[False] = False,
    _random_samples: Any = None,
) -> Tensor:
    """Maxima over windows of images (N, C, H, W) or (C, H, W), at random distances, for any output size.

    output_size: (H', W'); or output_ratio, its part of (H, W). return_indices: also their positions in the flattened
    H x W. _random_samples: (N, C, 2) numbers in [0, 1) that decide; drawn unless given. ValueError or RuntimeError for
    sizes that do not fit.
    """
@overload
def fractional_max_pool2d(
    input: Tensor, kernel_size: Ints, output_size: Ints | None = None,
    output_ratio: _float | Sequence[_float] | None = None, *, return_indices: Literal[True],
    _random_samples: Any = None,
) -> tuple[Tensor, Tensor]:
    """Maxima over windows of images (N, C, H, W) or (C, H, W), at random distances, for any output size.

    output_size: (H', W'); or output_ratio, its part of (H, W). return_indices: also their positions in the flattened
    H x W. _random_samples: (N, C, 2) numbers in [0, 1) that decide; drawn unless given. ValueError or RuntimeError for
    sizes that do not fit.
    """
@overload
def fractional_max_pool2d(
    input: Tensor, kernel_size: Ints, output_size: Ints | None, output_ratio: _float | Sequence[_float] | None,
    return_indices: Literal[True], _random_samples: Any = None,
) -> tuple[Tensor, Tensor]:
    """Maxima over windows of images (N, C, H, W) or (C, H, W), at random distances, for any output size.

    output_size: (H', W'); or output_ratio, its part of (H, W). return_indices: also their positions in the flattened
    H x W. _random_samples: (N, C, 2) numbers in [0, 1) that decide; drawn unless given. ValueError or RuntimeError for
    sizes that do not fit.
    """

def fractional_max_pool2d_with_indices(
    input: Tensor, kernel_size: Ints, output_size: Ints | None = None, output_ratio: Any = None,
    return_indices: _bool = False, _random_samples: Any = None,
) -> tuple[Tensor, Tensor]:
    """`fractional_max_pool2d` and the positions of the maxima, whatever `return_indices` says."""

@overload
def fractional_max_pool3d(
    input: Tensor, kernel_size: Ints, output_size: Ints | None = None,
    output_ratio: _float | Sequence[_float] | None = None, return_indices: Literal[False] = False,
    _random_samples: Any = None,
) -> Tensor:
    """Maxima over windows of volumes, (N, C, T, H, W) or (C, T, H, W); see `fractional_max_pool2d`."""
@overload
def fractional_max_pool3d(
    input: Tensor, kernel_size: Ints, output_size: Ints | None = None,
    output_ratio: _float | Sequence[_float] | None = None, *, return_indices: Literal[True],
    _random_samples: Any = None,
) -> tuple[Tensor, Tensor]:
    """Maxima over windows of volumes, (N, C, T, H, W) or (C, T, H, W); see `fractional_max_pool2d`."""
@overload
def fractional_max_pool3d(
    input: Tensor, kernel_size: Ints, output_size: Ints | None, output_ratio: _float | Sequence[_float] | None,
    return_indices: Literal[True], _random_samples: Any = None,
) -> tuple[Tensor, Tensor]:
    """Maxima over windows of volumes, (N, C, T, H, W) or (C, T, H, W); see `fractional_max_pool2d`."""

def fractional_max_pool3d_with_indices(
    input: Tensor, kernel_size: Ints, output_size: Ints | None = None, output_ratio: Any = None,
    return_indices: _bool = False, _random_samples: Any = None,
) -> tuple[Tensor, Tensor]:
    """`fractional_max_pool3d` and the positions of the maxima, whatever `return_indices` says."""

def gaussian_nll_loss(
    input: Tensor, target: Tensor, var: Tensor | _float, full: _bool = False, eps: _float = 1e-06,
    reduction: str = 'mean',
) -> Tensor:
    """(log(var) + (input - target)**2 / var) / 2, with var not below eps; full: plus log(2 pi) / 2.

    var: of the shape of the input, or with one dimension less or of size 1, or a number. ValueError for negative
    variances and for shapes that do not fit.
    """

def gelu(input: Tensor, *, approximate: str = 'none') -> Tensor:
    """input * Phi(input), with Phi the normal distribution function; approximate="tanh": by a formula with tanh.

    Source: Hendrycks and Gimpel, Gaussian Error Linear Units (2016).
    """

def glu(input: Tensor, dim: _int = -1) -> Tensor:
    """The first half of a dimension times the sigmoid of its second half. RuntimeError where its size is odd."""

def grid_sample(
    input: Tensor, grid: Tensor, mode: str = 'bilinear', padding_mode: str = 'zeros',
    align_corners: _bool | None = None,
) -> Tensor:
    """The values of images (N, C, H, W) or (N, C, D, H, W) at points (N, *out, 2 or 3): (N, C, *out).

    A point is (x, y) or (x, y, z), -1 and 1 being the image's edges, or with `align_corners` the middles of its
    outermost
    elements. mode: "bilinear" (also of volumes), "nearest", "bicubic" (images only). padding_mode: what lies outside:
    "zeros", "border" (the nearest element) or "reflection". RuntimeError where shapes or dtypes do not fit, ValueError
    for unknown modes.

    >>> import mibun as torch
    >>> image = torch.tensor([[[[1., 2.], [3., 4.]]]])
    >>> torch.nn.functional.grid_sample(image, torch.zeros(1, 1, 1, 2), align_corners=False)
    tensor([[[[2.5000]]]])
    """

def group_norm(
    input: Tensor, num_groups: _int, weight: Tensor | None = None, bias: Tensor | None = None, eps: _float = 1e-05,
) -> Tensor:
    """Standardise each group of channels of each sample of (N, C, *), then times weight (C) plus bias (C).

    RuntimeError where C is no multiple of num_groups. Source: Wu and He, Group Normalization (2018).
    """

def gumbel_softmax(logits: Tensor, tau: _float = 1, hard: _bool = False, eps: _float = 1e-10, dim: _int = -1) -> Tensor:
    """A sample from the relaxed categorical distribution of these logits: softmax((logits + Gumbel noise) / tau).

    hard: one-hot, with the gradient of the soft sample. Source: Jang et al.; Maddison et al. (2016).
    """

def hardshrink(input: Tensor, lambd: _float = 0.5) -> Tensor:
    """0 where |input| <= lambd, else the input."""

def hardsigmoid(input: Tensor, inplace: _bool = False) -> Tensor:
    """relu6(input + 3) / 6, elementwise."""

def hardswish(input: Tensor, inplace: _bool = False) -> Tensor:
    """input * relu6(input + 3) / 6, elementwise. Source: Howard et al., MobileNetV3 (2019)."""

def hardtanh(input: Tensor, min_val: _float = -1.0, max_val: _float = 1.0, inplace: _bool = False) -> Tensor:
    """input limited to [min_val, max_val]; the gradient at the limits is 0."""

def hardtanh_(input: Tensor, min_val: _float = -1.0, max_val: _float = 1.0) -> Tensor:
    """`hardtanh` in place.

    >>> import mibun as torch
    >>> torch.nn.functional.hardtanh_(torch.tensor([-3., 0.5]))
    tensor([-1.0000,  0.5000])
    """

def hinge_embedding_loss(
    input: Tensor, target: Tensor, margin: _float = 1.0, size_average: _bool | None = None, reduce: _bool | None = None,
    reduction: str = 'mean',
) -> Tensor:
    """input where target is 1, max(0, margin - input) where it is -1."""

def huber_loss(
    input: Tensor, target: Tensor, reduction: str = 'mean', delta: _float = 1.0, weight: Tensor | None = None,
) -> Tensor:
    """(input - target)**2 / 2 where |input - target| < delta, else delta * (|input - target| - delta / 2).

    Source: Huber, Robust Estimation of a Location Parameter (1964).
    """

def instance_norm(
    input: Tensor, running_mean: Tensor | None = None, running_var: Tensor | None = None, weight: Tensor | None = None,
    bias: Tensor | None = None, use_input_stats: _bool = True, momentum: _float = 0.1, eps: _float = 1e-05,
) -> Tensor:
    """Standardise each channel of each sample of (N, C, *): batch_norm with every sample a batch of its own.

    use_input_stats: by the sample's mean and variance, whose means over the samples update the running ones; else by
    the running ones. ValueError where there is only one value per channel and sample.
    """

def interpolate(
    input: Tensor, size: Ints | None = None, scale_factor: _float | Sequence[_float] | None = None,
    mode: str = 'nearest', align_corners: _bool | None = None, recompute_scale_factor: _bool | None = None,
    antialias: _bool = False,
) -> Tensor:
    """Resample (N, C, *space), one to three spatial dimensions, to `size` or by `scale_factor`.

    mode: "nearest", "nearest-exact", "linear" (1-D), "bilinear", "bicubic" (2-D), "trilinear" (3-D), "area" (means).
    align_corners: the corner elements stay where they are, else the image's edges do. recompute_scale_factor: use the
    ratio of the sizes, not the given factor. antialias: for bilinear and bicubic, filter before shrinking. ValueError
    and NotImplementedError for arguments that do not go together.
    """

def kl_div(
    input: Tensor, target: Tensor, size_average: _bool | None = None, reduce: _bool | None = None,
    reduction: str = 'mean', log_target: _bool = False,
) -> Tensor:
    """target * (log(target) - input): the Kullback-Leibler divergence, for log-probabilities input.

    log_target: the target is of log-probabilities too. reduction: also "batchmean", the sum divided by the batch size,
    which is the divergence itself.
    """

def l1_loss(
    input: Tensor, target: Tensor, size_average: _bool | None = None, reduce: _bool | None = None,
    reduction: str = 'mean', weight: Tensor | None = None,
) -> Tensor:
    """|input - target|; arguments as for mse_loss. Complex numbers are allowed."""

def layer_norm(
    input: Tensor, normalized_shape: Ints, weight: Tensor | None = None, bias: Tensor | None = None,
    eps: _float = 1e-05,
) -> Tensor:
    """Standardise over the last dimensions, whose sizes are normalized_shape, then times weight plus bias.

    weight and bias have the shape normalized_shape. RuntimeError where shapes or dtypes do not fit.
    Source: Ba, Kiros and Hinton, Layer Normalization (2016).
    """

def leaky_relu(input: Tensor, negative_slope: _float = 0.01, inplace: _bool = False) -> Tensor:
    """input where positive, else negative_slope * input."""

def leaky_relu_(input: Tensor, negative_slope: _float = 0.01) -> Tensor:
    """`leaky_relu` in place.

    >>> import mibun as torch
    >>> torch.nn.functional.leaky_relu_(torch.tensor([-1., 2.]))
    tensor([-0.0100,  2.0000])
    """

def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """`input @ weight.T + bias`: input (*, in), weight (out, in) or (in), bias (out) or () -> (*, out) or (*).

    All of one dtype; RuntimeError where shapes or dtypes do not fit.

    >>> import mibun as torch
    >>> torch.nn.functional.linear(torch.ones(2, 3), torch.ones(4, 3), torch.zeros(4)).shape
    torch.Size([2, 4])
    """

def local_response_norm(
    input: Tensor, size: _int, alpha: _float = 0.0001, beta: _float = 0.75, k: _float = 1.0,
) -> Tensor:
    """input / (k + alpha * mean of squares over `size` neighbouring channels)**beta, for (N, C, *)."""

def log_softmax(input: Tensor, dim: _int | None = None, _stacklevel: _int = 3, dtype: _dtype | None = None) -> Tensor:
    """log(softmax(input)) over one dimension. Without `dim`, a guess and a warning, as in PyTorch."""

def logsigmoid(input: Tensor) -> Tensor:
    """log(sigmoid(input)), elementwise, without underflow."""

def lp_pool1d(
    input: Tensor, norm_type: _float, kernel_size: Ints, stride: Ints | None = None, ceil_mode: _bool = False,
) -> Tensor:
    """The p-norm, p = norm_type, over windows of (N, C, L) or (C, L)."""

def lp_pool2d(
    input: Tensor, norm_type: _float, kernel_size: Ints, stride: Ints | None = None, ceil_mode: _bool = False,
) -> Tensor:
    """The p-norm, p = norm_type, over windows of (N, C, H, W) or (C, H, W)."""

def lp_pool3d(
    input: Tensor, norm_type: _float, kernel_size: Ints, stride: Ints | None = None, ceil_mode: _bool = False,
) -> Tensor:
    """The p-norm, p = norm_type, over windows of (N, C, D, H, W) or (C, D, H, W)."""

def margin_ranking_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: _float = 0, size_average: _bool | None = None,
    reduce: _bool | None = None, reduction: str = 'mean',
) -> Tensor:
    """max(0, -target * (input1 - input2) + margin), with target 1 where input1 should be ranked higher, else -1."""

@overload
def max_pool1d(
    input: Tensor, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0, dilation: Ints = 1,
    ceil_mode: _bool = False, return_indices: Literal[False] = False,
) -> Tensor:
    """Maxima over windows of a sequence, (N, C, L) or (C, L); arguments as for max_pool2d."""
@overload
def max_pool1d(
    input: Tensor, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0, dilation: Ints = 1,
    ceil_mode: _bool = False, *, return_indices: Literal[True],
) -> tuple[Tensor, Tensor]:
    """Maxima over windows of a sequence, (N, C, L) or (C, L); arguments as for max_pool2d."""
@overload
def max_pool1d(
    input: Tensor, kernel_size: Ints, stride: Ints | None, padding: Ints, dilation: Ints, ceil_mode: _bool,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]:
    """Maxima over windows of a sequence, (N, C, L) or (C, L); arguments as for max_pool2d."""

def max_pool1d_with_indices(
    input: Tensor, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0, dilation: Ints = 1,
    ceil_mode: _bool = False, return_indices: _bool = False,
) -> tuple[Tensor, Tensor]:
    """`max_pool1d` and the positions of the maxima, whatever `return_indices` says."""

@overload
def max_pool2d(
    input: Tensor, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0, dilation: Ints = 1,
    ceil_mode: _bool = False, return_indices: Literal[False] = False,
) -> Tensor:
    """Maxima over windows of images (N, C, H, W) or (C, H, W); the gradient goes to the first maximum of each window.

    stride: by default the kernel_size. padding counts as -inf. ceil_mode: windows may reach over the end.
    return_indices: also their positions in the flattened H x W, int64. NaN wins. RuntimeError for arguments that do not
    fit.

    >>> import mibun as torch
    >>> torch.nn.functional.max_pool2d(torch.arange(16.).reshape(1, 4, 4), 2)
    tensor([[[ 5.,  7.],
             [13., 15.]]])
    """
@overload
def max_pool2d(
    input: Tensor, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0, dilation: Ints = 1,
    ceil_mode: _bool = False, *, return_indices: Literal[True],
) -> tuple[Tensor, Tensor]:
    """Maxima over windows of images (N, C, H, W) or (C, H, W); the gradient goes to the first maximum of each window.

    stride: by default the kernel_size. padding counts as -inf. ceil_mode: windows may reach over the end.
    return_indices: also their positions in the flattened H x W, int64. NaN wins. RuntimeError for arguments that do not
    fit.

    >>> import mibun as torch
    >>> torch.nn.functional.max_pool2d(torch.arange(16.).reshape(1, 4, 4), 2)
    tensor([[[ 5.,  7.],
             [13., 15.]]])
    """
@overload
def max_pool2d(
    input: Tensor, kernel_size: Ints, stride: Ints | None, padding: Ints, dilation: Ints, ceil_mode: _bool,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]:
    """Maxima over windows of images (N, C, H, W) or (C, H, W); the gradient goes to the first maximum of each window.

    stride: by default the kernel_size. padding counts as -inf. ceil_mode: windows may reach over the end.
    return_indices: also their positions in the flattened H x W, int64. NaN wins. RuntimeError for arguments that do not
    fit.

    >>> import mibun as torch
    >>> torch.nn.functional.max_pool2d(torch.arange(16.).reshape(1, 4, 4), 2)
    tensor([[[ 5.,  7.],
             [13., 15.]]])
    """

def max_pool2d_with_indices(
    input: Tensor, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0, dilation: Ints = 1,
    ceil_mode: _bool = False, return_indices: _bool = False,
) -> tuple[Tensor, Tensor]:
    """`max_pool2d` and the positions of the maxima, whatever `return_indices` says."""

@overload
def max_pool3d(
    input: Tensor, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0, dilation: Ints = 1,
    ceil_mode: _bool = False, return_indices: Literal[False] = False,
) -> Tensor:
    """Maxima over windows of volumes, (N, C, D, H, W) or (C, D, H, W); arguments as for max_pool2d."""
@overload
def max_pool3d(
    input: Tensor, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0, dilation: Ints = 1,
    ceil_mode: _bool = False, *, return_indices: Literal[True],
) -> tuple[Tensor, Tensor]:
    """Maxima over windows of volumes, (N, C, D, H, W) or (C, D, H, W); arguments as for max_pool2d."""
@overload
def max_pool3d(
    input: Tensor, kernel_size: Ints, stride: Ints | None, padding: Ints, dilation: Ints, ceil_mode: _bool,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]:
    """Maxima over windows of volumes, (N, C, D, H, W) or (C, D, H, W); arguments as for max_pool2d."""

def max_pool3d_with_indices(
    input: Tensor, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0, dilation: Ints = 1,
    ceil_mode: _bool = False, return_indices: _bool = False,
) -> tuple[Tensor, Tensor]:
    """`max_pool3d` and the positions of the maxima, whatever `return_indices` says."""

def max_unpool1d(
    input: Tensor, indices: Tensor, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0,
    output_size: Ints | None = None,
) -> Tensor:
    """Zeros with the values of max_pool1d put back where they were; arguments as for max_unpool2d."""

def max_unpool2d(
    input: Tensor, indices: Tensor, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0,
    output_size: Ints | None = None,
) -> Tensor:
    """Zeros with the values of max_pool2d put back where they were: (N, C, H, W) or (C, H, W) and its indices.

    output_size: which of the sizes that are pooled to (H, W) is meant. RuntimeError for indices out of range.
    """

def max_unpool3d(
    input: Tensor, indices: Tensor, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0,
    output_size: Ints | None = None,
) -> Tensor:
    """Zeros with the values of max_pool3d put back where they were; arguments as for max_unpool2d."""

def mish(input: Tensor, inplace: _bool = False) -> Tensor:
    """input * tanh(softplus(input)), elementwise. Source: Misra, Mish (2019)."""

def mse_loss(
    input: Tensor, target: Tensor, size_average: _bool | None = None, reduce: _bool | None = None,
    reduction: str = 'mean', weight: Tensor | None = None,
) -> Tensor:
    """(input - target)**2, for shapes that broadcast (with a warning where they differ), of one floating dtype.

    weight: factors of the shape of the input; "mean" then divides by their sum.
    """

def multi_head_attention_forward(
    query: Tensor, key: Tensor, value: Tensor, embed_dim_to_check: _int, num_heads: _int, in_proj_weight: Tensor | None,
    in_proj_bias: Tensor | None, bias_k: Tensor | None, bias_v: Tensor | None, add_zero_attn: _bool, dropout_p: _float,
    out_proj_weight: Tensor, out_proj_bias: Tensor | None, training: _bool = True,
    key_padding_mask: Tensor | None = None, need_weights: _bool = True, attn_mask: Tensor | None = None,
    use_separate_proj_weight: _bool = False, q_proj_weight: Tensor | None = None, k_proj_weight: Tensor | None = None,
    v_proj_weight: Tensor | None = None, static_k: Tensor | None = None, static_v: Tensor | None = None,
    average_attn_weights: _bool = True, is_causal: _bool = False,
) -> tuple[Tensor, Tensor]:
    """What `MultiheadAttention` computes, with its weights as arguments: the output, and the attention weights or None.

    query: (L, N, E) or (L, E). key, value: (S, N, Ek), (S, N, Ev), or without N. in_proj_weight: (3 E, E), or three
    separate ones with `use_separate_proj_weight`. bias_k, bias_v: one more position of key and value; add_zero_attn:
    one more, of zeros. key_padding_mask: (N, S), attn_mask: (L, S) or (N heads, L, S): True or -inf where a position
    takes no part. static_k, static_v: (N heads, S, E / heads), in the place of projections. AssertionError and
    RuntimeError where shapes do not fit. Source: Vaswani et al. (2017).
    """

def multi_margin_loss(
    input: Tensor, target: Tensor, p: _int = 1, margin: _float = 1.0, weight: Tensor | None = None,
    size_average: _bool | None = None, reduce: _bool | None = None, reduction: str = 'mean',
) -> Tensor:
    """Sum over the wrong classes j of max(0, margin - input[target] + input[j])**p * weight[target] / C.

    input: (N, C) or (C); target: class indices (N) or (). p: 1 or 2. weight: of the classes, (C).
    """

def multilabel_margin_loss(
    input: Tensor, target: Tensor, size_average: _bool | None = None, reduce: _bool | None = None,
    reduction: str = 'mean',
) -> Tensor:
    """Sum over target classes k and other classes j of max(0, 1 - input[k] + input[j]) / C.

    input: (N, C) or (C); target: of its shape, int64, the class indices up to the first -1.
    """

def multilabel_soft_margin_loss(
    input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: _bool | None = None,
    reduce: _bool | None = None, reduction: str = 'mean',
) -> Tensor:
    """Mean over the classes (the last dimension) of binary_cross_entropy_with_logits; weight: of the classes."""

def native_channel_shuffle(input: Tensor, groups: _int) -> Tensor:
    """`nn.functional.channel_shuffle`."""

def nll_loss(
    input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: _bool | None = None,
    ignore_index: _int = -100, reduce: _bool | None = None, reduction: str = 'mean',
) -> Tensor:
    """Negative log-likelihood: -weight[target] * input[target], for log-probabilities (N, C, *) and targets (N, *).

    weight: of the classes, (C); "mean" divides by the sum of the weights used. ignore_index: targets that do not count.
    Unbatched: input (C), target (). RuntimeError or ValueError where shapes or dtypes do not fit, IndexError for
    targets out of range.
    """

def normalize(input: Tensor, p: _float = 2.0, dim: Ints = 1, eps: _float = 1e-12, out: Tensor | None = None) -> Tensor:
    """input / max(its p-norm over dim, eps)."""

def one_hot(tensor: Tensor, num_classes: _int = -1) -> Tensor:
    """Zeros with a one at each index: int64 (*) -> int64 (*, num_classes); by default as many as needed.

    >>> import mibun as torch
    >>> torch.nn.functional.one_hot(torch.tensor([0, 2]))
    tensor([[1, 0, 0],
            [0, 0, 1]])
    """

def pad(input: Tensor, pad: Sequence[_int], mode: str = 'constant', value: _float | None = None) -> Tensor:
    """Pad the last dimensions: `pad` = (before, after) of the last one, then of the one before it, and so on.

    mode: "constant" (`value`, default 0; negative widths cut), or, for up to three spatial dimensions of (N, C, *) or
    (C, *): "reflect", "replicate", "circular". RuntimeError for widths that do not fit, NotImplementedError for modes
    and numbers of dimensions that do not go together.

    >>> import mibun as torch
    >>> torch.nn.functional.pad(torch.tensor([[[1., 2., 3.]]]), (2, 1), mode="reflect")
    tensor([[[3., 2., 1., 2., 3., 2.]]])
    """

def pairwise_distance(x1: Tensor, x2: Tensor, p: _float = 2.0, eps: _float = 1e-06, keepdim: _bool = False) -> Tensor:
    """The p-norm of x1 - x2 + eps over the last dimension: (*, D), (*, D) -> (*)."""

def pixel_shuffle(input: Tensor, upscale_factor: _int) -> Tensor:
    """(*, C r², H, W) -> (*, C, H r, W r): channels become pixels. Source: Shi et al. (2016)."""

def pixel_unshuffle(input: Tensor, downscale_factor: _int) -> Tensor:
    """(*, C, H r, W r) -> (*, C r², H, W): the inverse of pixel_shuffle."""

def poisson_nll_loss(
    input: Tensor, target: Tensor, log_input: _bool = True, full: _bool = False, size_average: _bool | None = None,
    eps: _float = 1e-08, reduce: _bool | None = None, reduction: str = 'mean',
) -> Tensor:
    """Negative log-likelihood of counts: exp(input) - target * input; input - target * log(input) without log_input.

    full: with Stirling's approximation of log(target!) where target > 1.
    """

def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """input where positive, else weight * input: one weight, or one for each channel (dimension 1)."""

def relu(input: Tensor, inplace: _bool = False) -> Tensor:
    """max(input, 0), elementwise; the gradient at 0 is 0."""

def relu6(input: Tensor, inplace: _bool = False) -> Tensor:
    """input limited to [0, 6]."""

def relu_(input: Tensor) -> Tensor:
    """`relu` in place.

    Operator relu:
        vjp: lambda xp, g, out: xp.relu_backward(g, out)
        node: ReluBackward0
        forward mode: the vjp, conjugated
        dtypes: operands are cast to their common dtype
        raises for: complex, bool
    """

def rms_norm(input: Tensor, normalized_shape: Ints, weight: Tensor | None = None, eps: _float | None = None) -> Tensor:
    """input / sqrt(mean(input**2) + eps) over the last dimensions, whose sizes are normalized_shape, times weight.

    eps: by default the machine epsilon of the dtype. Source: Zhang and Sennrich (2019).
    """

def rrelu(
    input: Tensor, lower: _float = 0.125, upper: _float = 0.3333333333333333, training: _bool = False,
    inplace: _bool = False,
) -> Tensor:
    """input where positive, else times a slope: in training drawn from [lower, upper] for each, else their mean."""

def rrelu_(input: Tensor, lower: _float = 0.125, upper: _float = 0.3333333333333333, training: _bool = False) -> Tensor:
    """`rrelu` in place."""

def scaled_dot_product_attention(
    query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None = None, dropout_p: _float = 0.0,
    is_causal: _bool = False, scale: _float | None = None, enable_gqa: _bool = False,
) -> Tensor:
    """softmax(query @ key.T * scale + mask) @ value: (*, L, E), (*, S, E), (*, S, V) -> (*, L, V).

    attn_mask: bool (True takes part) or of the query's dtype (added), of a shape that broadcasts to (*, L, S).
    is_causal: position i sees positions up to i; not together with attn_mask. scale: by default 1 / sqrt(E).
    enable_gqa: each head of key and value serves several heads of the query. A query that sees nothing gets zeros.
    Source: Vaswani et al. (2017).
    """

def selu(input: Tensor, inplace: _bool = False) -> Tensor:
    """elu, scaled so that activations keep mean 0 and variance 1. Source: Klambauer et al. (2017)."""

def selu_(input: Tensor) -> Tensor:
    """`selu` in place."""

def sigmoid(input: Tensor) -> Tensor:
    """1 / (1 + exp(-input)), elementwise."""

def silu(input: Tensor, inplace: _bool = False) -> Tensor:
    """input * sigmoid(input), elementwise (also called swish)."""

def smooth_l1_loss(
    input: Tensor, target: Tensor, size_average: _bool | None = None, reduce: _bool | None = None,
    reduction: str = 'mean', beta: _float = 1.0,
) -> Tensor:
    """(input - target)**2 / (2 beta) where |input - target| < beta, else |input - target| - beta / 2."""

def soft_margin_loss(
    input: Tensor, target: Tensor, size_average: _bool | None = None, reduce: _bool | None = None,
    reduction: str = 'mean',
) -> Tensor:
    """log(1 + exp(-target * input)), with targets 1 and -1 of the shape of the input."""

def softmax(input: Tensor, dim: _int | None = None, _stacklevel: _int = 3, dtype: _dtype | None = None) -> Tensor:
    """exp(input) / sum(exp(input)) over one dimension. Without `dim`, a guess and a warning, as in PyTorch."""

def softmin(input: Tensor, dim: _int | None = None, _stacklevel: _int = 3, dtype: _dtype | None = None) -> Tensor:
    """softmax(-input) over one dimension."""

def softplus(input: Tensor, beta: _float = 1, threshold: _float = 20) -> Tensor:
    """log(1 + exp(beta * input)) / beta, elementwise; the input itself where beta * input > threshold."""

def softshrink(input: Tensor, lambd: _float = 0.5) -> Tensor:
    """The input moved towards 0 by lambd, and 0 where it is nearer than that. RuntimeError for a negative lambd."""

def softsign(input: Tensor) -> Tensor:
    """input / (1 + |input|), elementwise."""

def tanh(input: Tensor) -> Tensor:
    """The hyperbolic tangent, elementwise."""

def tanhshrink(input: Tensor) -> Tensor:
    """input - tanh(input), elementwise."""

def threshold(input: Tensor, threshold: _float, value: _float, inplace: _bool = False) -> Tensor:
    """input where it is greater than the threshold, else the value."""

def threshold_(input: Tensor, threshold: _float, value: _float) -> Tensor:
    """`threshold` in place."""

def triplet_margin_loss(
    anchor: Tensor, positive: Tensor, negative: Tensor, margin: _float = 1.0, p: _float = 2, eps: _float = 1e-06,
    swap: _bool = False, size_average: _bool | None = None, reduce: _bool | None = None, reduction: str = 'mean',
) -> Tensor:
    """max(0, d(anchor, positive) - d(anchor, negative) + margin), d being the pairwise_distance.

    swap: the positive takes the anchor's place where it is nearer to the negative. Source: Balntas et al. (2016).
    """

def triplet_margin_with_distance_loss(
    anchor: Tensor, positive: Tensor, negative: Tensor, *,
    distance_function: Callable[[Tensor, Tensor], Tensor] | None = None, margin: _float = 1.0, swap: _bool = False,
    reduction: str = 'mean',
) -> Tensor:
    """triplet_margin_loss with any distance: a function of two Tensors (pairwise_distance by default)."""

def unfold(input: Tensor, kernel_size: Ints, dilation: Ints = 1, padding: Ints = 0, stride: Ints = 1) -> Tensor:
    """The windows of images as columns: (N, C, H, W) or (C, H, W) -> (N, C * kH * kW, windows)."""

def upsample(
    input: Tensor, size: Ints | None = None, scale_factor: _float | Sequence[_float] | None = None,
    mode: str = 'nearest', align_corners: _bool | None = None,
) -> Tensor:
    """The older name of interpolate."""

def upsample_bilinear(
    input: Tensor, size: Ints | None = None, scale_factor: _float | Sequence[_float] | None = None,
) -> Tensor:
    """interpolate with mode="bilinear" and align_corners=True, deprecated."""

def upsample_nearest(
    input: Tensor, size: Ints | None = None, scale_factor: _float | Sequence[_float] | None = None,
) -> Tensor:
    """interpolate with mode="nearest", deprecated."""
