"""The functions of neural networks, under the names and signatures of torch.nn.functional. This file is an index only."""

from __future__ import annotations

from ..ops.nn.convolution import (
    conv1d, conv2d, conv3d, conv_transpose1d, conv_transpose2d, conv_transpose3d,
)  # fmt: skip
from ..ops.nn.cross_entropy import cross_entropy, nll_loss
from ..ops.nn.linear import bilinear, linear
from ..ops.nn.loss import mse_loss
from ..ops.nn.pooling import (
    adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d, adaptive_max_pool1d, adaptive_max_pool2d,
    adaptive_max_pool3d, avg_pool1d, avg_pool2d, avg_pool3d, max_pool1d, max_pool2d, max_pool3d,
)  # fmt: skip
from ..ops.nn.softmax import functional_log_softmax as log_softmax
from ..ops.nn.softmax import functional_softmax as softmax
from ..ops.nn.softmax import softmin
