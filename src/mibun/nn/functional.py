"""The functions of neural networks, with the names and signatures of torch.nn.functional. This file is an index."""

from __future__ import annotations

import importlib
from typing import Any

from ..core.missing import missing_name as _missing_name
from ..dispatch.public import publish
from ..ops.linalg.distances import pdist
from ..ops.nn.activation import (
    celu,
    celu_,
    elu,
    elu_,
    gelu,
    glu,
    logsigmoid,
    mish,
    selu,
    selu_,
    sigmoid,
    silu,
    softplus,
    softsign,
    tanh,
    tanhshrink,
)
from ..ops.nn.adaptive_pooling import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_avg_pool3d,
    adaptive_max_pool1d,
    adaptive_max_pool1d_with_indices,
    adaptive_max_pool2d,
    adaptive_max_pool2d_with_indices,
    adaptive_max_pool3d,
    adaptive_max_pool3d_with_indices,
)
from ..ops.nn.attention import scaled_dot_product_attention
from ..ops.nn.convolution import (
    conv1d,
    conv2d,
    conv3d,
    conv_tbc,
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose3d,
)
from ..ops.nn.cross_entropy import cross_entropy, nll_loss
from ..ops.nn.ctc import ctc_loss
from ..ops.nn.distance import cosine_similarity, pairwise_distance
from ..ops.nn.division_by_norm import local_response_norm, normalize
from ..ops.nn.dropout import (
    alpha_dropout,
    dropout,
    dropout1d,
    dropout2d,
    dropout3d,
    feature_alpha_dropout,
)
from ..ops.nn.embedding import embedding, embedding_bag, one_hot
from ..ops.nn.fractional_pooling import (
    fractional_max_pool2d,
    fractional_max_pool2d_with_indices,
    fractional_max_pool3d,
    fractional_max_pool3d_with_indices,
)
from ..ops.nn.grid import affine_grid, grid_sample
from ..ops.nn.grouped import grouped_mm
from ..ops.nn.linear import bilinear, linear
from ..ops.nn.loss import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    gaussian_nll_loss,
    huber_loss,
    kl_div,
    l1_loss,
    mse_loss,
    poisson_nll_loss,
    smooth_l1_loss,
)
from ..ops.nn.margin_loss import (
    cosine_embedding_loss,
    hinge_embedding_loss,
    margin_ranking_loss,
    multi_margin_loss,
    multilabel_margin_loss,
    multilabel_soft_margin_loss,
    soft_margin_loss,
    triplet_margin_loss,
    triplet_margin_with_distance_loss,
)
from ..ops.nn.multihead import multi_head_attention_forward
from ..ops.nn.normalization import (
    batch_norm,
    group_norm,
    instance_norm,
    layer_norm,
    rms_norm,
)
from ..ops.nn.padding import pad
from ..ops.nn.piecewise_linear import (
    hardshrink,
    hardsigmoid,
    hardswish,
    hardtanh,
    hardtanh_,
    leaky_relu,
    leaky_relu_,
    prelu,
    relu,
    relu6,
    rrelu,
    rrelu_,
    softshrink,
    threshold,
    threshold_,
)
from ..ops.nn.pooling import (
    avg_pool1d,
    avg_pool2d,
    avg_pool3d,
    lp_pool1d,
    lp_pool2d,
    lp_pool3d,
    max_pool1d,
    max_pool1d_with_indices,
    max_pool2d,
    max_pool2d_with_indices,
    max_pool3d,
    max_pool3d_with_indices,
)
from ..ops.nn.resampling import interpolate, upsample, upsample_bilinear, upsample_nearest
from ..ops.nn.shuffling import channel_shuffle, native_channel_shuffle, pixel_shuffle, pixel_unshuffle
from ..ops.nn.softmax import functional_log_softmax as log_softmax
from ..ops.nn.softmax import functional_softmax as softmax
from ..ops.nn.softmax import gumbel_softmax, softmin
from ..ops.nn.unfolding import fold, unfold
from ..ops.nn.unpooling import max_unpool1d, max_unpool2d, max_unpool3d
from ..ops.pointwise.clamping import relu_
from .linear_cross_entropy import linear_cross_entropy

_OTHERS = ("Any", "annotations", "importlib", "publish")
__all__ = [name for name in dir() if not name.startswith("_") and name not in _OTHERS]
publish(__name__, globals())
_threshold = threshold  # the function's own name in PyTorch, which code that torch.fx writes has


def __getattr__(name: str) -> Any:
    # What libraries take from here beside the functions: modules of layers, too, which this one is imported by.
    functional_names = importlib.import_module(".functional_names", __package__)
    if name in functional_names.NAMES:
        value = globals()[name] = getattr(functional_names, name)
        return value
    raise _missing_name(__name__, name)
