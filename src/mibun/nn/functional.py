"""The functions of neural networks, under the names and signatures of torch.nn.functional. This file is an index only."""

from __future__ import annotations

from ..ops.nn.convolution import (
    conv1d, conv2d, conv3d, conv_transpose1d, conv_transpose2d, conv_transpose3d,
)  # fmt: skip
from ..ops.nn.cross_entropy import cross_entropy, nll_loss
from ..ops.nn.linear import bilinear, linear
from ..ops.nn.loss import mse_loss
from ..ops.nn.softmax import functional_log_softmax as log_softmax
from ..ops.nn.softmax import functional_softmax as softmax
from ..ops.nn.softmax import softmin
